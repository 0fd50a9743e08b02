"""Structure: in which direction light changes at every place, whatever its sign and, nearly, whatever its strength.

A gradient of angle a becomes the vector (cos 2a, sin 2a), the same for dark on bright and bright on dark (structure tensor;
Bigun & Granlund, ICCV 1987), with a length of 0 to 1: its energy over that of its surroundings. So a road that turns white,
a night that leaves lamps and outlines, and a fog that leaves a tenth of the contrast keep their structure.
"""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from fairweather.kernels import kernel

WIDEST = 640  # columns that are looked at: wider pictures are reduced by a whole number
IGNORED = 255
_SURROUND = 15  # side of the surroundings, in pixels
_DARKEST, _STEP = 16.0, 3840.0  # light is judged by the logarithm of the display value + 16, in steps of 1/3840
_SHARE = 0.5  # of the surroundings' energy, added to the own: what is alone is worth 1, what is amid a texture less
_FLOOR = 1.6e-3  # of squared log light a pixel: the energy of sensor noise at 12 of 255, that fades rather than counts
_FLOOR_OF_SHADES = 0.02  # of squared steps of shade a pixel: a boundary between two shades that are one apart counts
_SHADES = 13  # between classes in the picture of a label: 19 classes are as far apart as they can be


@dataclass(frozen=True)
class Structure:
    """float32 (H, W) each: cosine and sine of twice the angle, times the length."""

    cosine: np.ndarray
    sine: np.ndarray


def factor(width: int) -> int:
    """By how much a picture is reduced before its structure is taken."""
    return -(-width // WIDEST)


def reduced(image: np.ndarray) -> np.ndarray:
    """uint8 picture with `factor` pixels averaged each way; rows and columns that are left over are cut off."""
    by = factor(image.shape[1])
    if by == 1:
        return np.ascontiguousarray(image)
    height, width = max(image.shape[0] // by, 1), image.shape[1] // by
    whole = np.ascontiguousarray(image[: height * by, : width * by])
    small: np.ndarray = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)
    return small


def grey(image: np.ndarray) -> np.ndarray:
    """uint8 (H, W) luma of an RGB picture."""
    luma: np.ndarray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    return luma


def structure_of_light(luma: np.ndarray) -> Structure:
    """The structure of uint8 (H, W) luma."""
    return _structure(cv2.LUT(luma, _logarithm()), _FLOOR * _STEP * _STEP)


def structure_of_label(label: np.ndarray) -> Structure:
    """The structure of a label map's boundaries; those of ignored regions are none.

    Args:
        label: uint8 (H, W) at the size of the picture; it is reduced as the picture is.
    """
    shades = reduced(cv2.LUT(np.ascontiguousarray(label), _shades()))
    found = _structure(shades, _FLOOR_OF_SHADES)
    known = cv2.erode(cv2.LUT(sampled(label), _known()), np.ones((5, 5), np.uint8))
    _hide(known.ravel(), found.cosine.ravel(), found.sine.ravel())
    return found


def sampled(label: np.ndarray) -> np.ndarray:
    """uint8 (h, w): a label map at the size of the reduced picture, one pixel out of each block."""
    by = factor(label.shape[1])
    height, width = max(label.shape[0] // by, 1), label.shape[1] // by
    return np.ascontiguousarray(label[by // 2 :: by, by // 2 :: by][:height, :width])


def _structure(light: np.ndarray, floor: float) -> Structure:
    wide = cv2.copyMakeBorder(
        light, 2, 2, 2, 2, cv2.BORDER_REFLECT_101 if min(light.shape) > 2 else cv2.BORDER_REPLICATE
    )
    across, down, energy = (np.empty(light.shape, np.float32) for _ in range(3))
    _gradient(wide, across, down, energy, np.empty((2, wide.shape[1]), np.float32))
    around = cv2.blur(energy, (_SURROUND, _SURROUND))
    _normalise(across.ravel(), down.ravel(), energy.ravel(), around.ravel(), np.float32(floor))
    return Structure(across, down)


@cache
def _logarithm() -> np.ndarray:
    return np.asarray(np.round(_STEP * np.log(np.arange(256) + _DARKEST)), np.uint16)


@cache
def _shades() -> np.ndarray:
    """All 256 ids different."""
    return (np.arange(256) * _SHADES % 256).astype(np.uint8)


@cache
def _known() -> np.ndarray:
    return np.where(np.arange(256) == IGNORED, 0, 255).astype(np.uint8)


@kernel(nogil=True)
def _gradient(wide: np.ndarray, across: np.ndarray, down: np.ndarray, energy: np.ndarray, row: np.ndarray) -> None:
    """Gradients a pixel and their squared length: a binomial 1 2 1 and Scharr's operator in one, 5x5.

    Args:
        wide: whole numbers (H + 4, W + 4); all sums are exact.
        row: buffer (2, W + 4).
    """
    unit = np.float32(1.0 / 512.0)
    for y in range(across.shape[0]):
        for x in range(wide.shape[1]):
            a, b, c = np.float32(wide[y, x]), np.float32(wide[y + 1, x]), np.float32(wide[y + 2, x])
            d, e = np.float32(wide[y + 3, x]), np.float32(wide[y + 4, x])
            row[0, x] = np.float32(3.0) * (a + e) + np.float32(16.0) * (b + d) + np.float32(26.0) * c
            row[1, x] = (e - a) + np.float32(2.0) * (d - b)
        s, t = row[0], row[1]
        for x in range(across.shape[1]):
            gx = ((s[x + 4] - s[x]) + np.float32(2.0) * (s[x + 3] - s[x + 1])) * unit
            gy = (
                np.float32(3.0) * (t[x] + t[x + 4]) + np.float32(16.0) * (t[x + 1] + t[x + 3])
                + np.float32(26.0) * t[x + 2]
            ) * unit  # fmt: skip
            across[y, x] = gx
            down[y, x] = gy
            energy[y, x] = gx * gx + gy * gy


@kernel(nogil=True)
def _normalise(across: np.ndarray, down: np.ndarray, energy: np.ndarray, around: np.ndarray, floor: np.float32) -> None:
    """From gradients to structure, in place."""
    share, two = np.float32(_SHARE), np.float32(2.0)
    for i in range(energy.size):
        gx, gy = across[i], down[i]
        weight = np.float32(1.0) / (energy[i] + share * around[i] + floor)
        across[i] = (gx * gx - gy * gy) * weight
        down[i] = two * gx * gy * weight


@kernel(nogil=True)
def _hide(known: np.ndarray, cosine: np.ndarray, sine: np.ndarray) -> None:
    for i in range(known.size):
        if known[i] < 255:
            cosine[i] = 0.0
            sine[i] = 0.0
