"""Depth in levels: what a table of transmission is indexed by, read off the bits of the float32 metres.

The upper bits of a float32 (exponent, then mantissa) are a logarithmic scale with straight pieces: no logarithm is taken and
every machine finds the same level.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from fairweather.errors import InputError
from fairweather.generators.weather.picture import read_only
from fairweather.kernels import kernel

FINE_SKY, SKY = 4095, 255  # the levels of infinite depth
_NEAREST = 0x3E800000  # bits of 0.25 m, fine level 0
_SHIFT = 15  # leaves 8 bits of mantissa: 256 fine levels an octave
_FINE_METRE = 512  # fine level of 1 m, coarse level 0
_COARSE, _COARSE_SHIFT = 92, 10  # coarse levels per fine level are 92 / 1024: 23 an octave
_INFINITY, _MINUS_ZERO = np.uint32(0x7F800000), np.uint32(0x80000000)


@dataclass(frozen=True)
class Depth:
    """A depth map in levels.

    Args:
        fine: uint16 (H, W), 256 levels an octave from 0.25 m to 16 km (within 0.2 % of the depth), 4095 for infinity (sky).
        coarse: uint8 (H, W), 23 levels an octave from 1 m to 2 km (within 2.5 %), 255 for infinity (sky).
    """

    fine: np.ndarray
    coarse: np.ndarray


def quantise(depth: np.ndarray) -> Depth:
    """The levels of a depth map; worth keeping when a picture is given more than one weather.

    Args:
        depth: float32 (H, W), metres along the ray (see `ray_distance`); infinity is sky. Depths outside 0.25 m .. 16 km
            (fine) and 1 m .. 2 km (coarse) take the level at the end.

    Raises:
        ValueError: not float32 (H, W).
        InputError: a negative depth or NaN; how many pixels.
    """
    if depth.dtype != np.float32 or depth.ndim != 2 or depth.size == 0:
        raise ValueError(
            f"depth is {depth.dtype} of shape {depth.shape}; allowed is float32 (H, W), H and W at least 1"
        )
    fine, coarse = np.empty(depth.shape, np.uint16), np.empty(depth.shape, np.uint8)
    bits = read_only(np.ascontiguousarray(depth).reshape(-1).view(np.uint32))
    if _quantise(bits, fine.reshape(-1), coarse.reshape(-1)):
        nan, negative = int(np.isnan(depth).sum()), int((depth < 0).sum())
        raise InputError(
            f"depth: {negative} pixels are negative, {nan} are NaN; allowed are metres >= 0 and infinity (sky)"
        )
    return Depth(read_only(fine), read_only(coarse))


def levels_of(depth: np.ndarray | Depth, shape: tuple[int, ...]) -> Depth:
    """A depth map in levels, quantised unless it is already; `shape` is that of the picture.

    Raises:
        ValueError: another height or width than the picture's, or arrays of another kind.
        InputError: as `quantise`.
    """
    levels = depth if isinstance(depth, Depth) else quantise(depth)
    for plane, kind in ((levels.fine, np.uint16), (levels.coarse, np.uint8)):
        if plane.shape != shape[:2] or plane.dtype != kind or not plane.flags.c_contiguous:
            raise ValueError(
                f"depth levels are {plane.dtype} {plane.shape}; the picture needs {np.dtype(kind)} {shape[:2]}"
            )
    return Depth(read_only(levels.fine), read_only(levels.coarse))


@cache
def fine_metres() -> np.ndarray:
    """float64 (4096,): the depth of each fine level, infinity for the last."""
    bits = (np.arange(FINE_SKY + 1, dtype=np.uint32) << np.uint32(_SHIFT)) + np.uint32(_NEAREST)
    metres = bits.view(np.float32).astype(np.float64)
    metres[FINE_SKY] = np.inf
    return metres


@cache
def coarse_metres() -> np.ndarray:
    """float64 (256,): the middle of the depths of each coarse level, infinity for the last."""
    edges = -(-(np.arange(SKY + 1) << _COARSE_SHIFT) // _COARSE) + _FINE_METRE  # the first fine level of each
    fine = fine_metres()
    metres = np.append((fine[edges[:-1]] + fine[edges[1:] - 1]) * 0.5, np.inf)
    return metres


def coarse_level(metres: float) -> int:
    """The coarse level of one depth."""
    return int(quantise(np.full((1, 1), metres, np.float32)).coarse[0, 0])


def ray_distance(depth: np.ndarray, focal: float) -> np.ndarray:
    """Distance along the ray from z-depth, for a pinhole whose axis meets the middle of the picture.

    Light crosses the air along the ray: at the border of a picture z-depth is short of it by 10 to 25 %.

    Args:
        depth: float32 (H, W), metres along the axis; infinity is sky.
        focal: focal length in pixels.

    Returns:
        float32 (H, W): depth * sqrt(1 + (x^2 + y^2) / focal^2), x and y in pixels from the middle.
    """
    if depth.dtype != np.float32 or depth.ndim != 2:
        raise ValueError(f"depth is {depth.dtype} of shape {depth.shape}; allowed is float32 (H, W)")
    if not 0 < focal < np.inf:
        raise InputError(f"focal length {focal:g} px; allowed is a positive number")
    height, width = depth.shape
    x = (np.arange(width) - 0.5 * (width - 1)) / focal
    y = (np.arange(height) - 0.5 * (height - 1)) / focal
    stretch = np.sqrt(1.0 + (x * x)[None] + (y * y)[:, None])
    return np.asarray(depth * stretch.astype(np.float32))


@kernel(nogil=True)
def _quantise(bits: np.ndarray, fine: np.ndarray, coarse: np.ndarray) -> bool:
    """Write the levels of float32 bits; whether one of them is negative or NaN."""
    bad = np.uint32(0)
    for i in range(bits.size):
        b = bits[i]
        bad |= np.uint32(b > _INFINITY) & np.uint32(b != _MINUS_ZERO)
        level = (np.int32(b) - np.int32(_NEAREST) + np.int32(1 << (_SHIFT - 1))) >> np.int32(_SHIFT)
        level = min(max(level, np.int32(0)), np.int32(FINE_SKY - 1))
        rough = (max(level - np.int32(_FINE_METRE), np.int32(0)) * np.int32(_COARSE)) >> np.int32(_COARSE_SHIFT)
        sky = b == _INFINITY
        fine[i] = np.uint16(FINE_SKY) if sky else np.uint16(level)
        coarse[i] = np.uint8(SKY) if sky else np.uint8(min(rough, np.int32(SKY - 1)))
    return bool(bad != 0)
