"""Tone and colour of a picture in whole numbers: lightness, saturation, contrast, gamma."""

import cv2
import numpy as np

from fairweather.data.town.arithmetic import exp, log
from fairweather.generators.weather.picture import contiguous, read_only
from fairweather.kernels import kernel

_BITS = 12


def lightness(image: np.ndarray, gain: float, below: float | None = None) -> np.ndarray:
    """The lightness of HLS times a gain, clipped at white; hue and saturation (of HLS) stay.

    L = (max + min) / 2 lies in the middle of a pixel's channels, and its chroma is S (1 - |2 L / 255 - 1|): with S kept, every
    channel moves to L' + (v - L) C' / C. That is linear in v with two numbers that depend on max + min alone: a table. OpenCV's
    8-bit HLS there and back, which Automold uses, rounds hue and saturation on the way and is off by some grey levels.

    Args:
        image: uint8 (H, W, 3) RGB; left untouched.
        gain: 0 or more.
        below: only pixels of a lightness under this, 0..255, are changed; None: all.

    Returns:
        uint8 (H, W, 3), within one grey level of the formula.
    """
    picture = contiguous(image)
    height, width = picture.shape[:2]
    out = np.empty_like(picture)
    table = _shifts(gain, 256.0 if below is None else below)
    _shift(picture.reshape(height, 3 * width), table, out.reshape(height, 3 * width))
    return out


def saturated(image: np.ndarray, share: float) -> np.ndarray:
    """Every channel's distance from the pixel's luma (Rec. 601) times a share, 0..1.

    Returns:
        uint8 (H, W, 3).
    """
    picture = contiguous(image)
    grey = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    out = np.empty_like(picture)
    _towards(read_only(grey).reshape(-1), picture.reshape(-1), np.uint16(share * 256 + 0.5), out.reshape(-1))
    return out


def through(image: np.ndarray, *curves: np.ndarray) -> np.ndarray:
    """The picture through one curve, or one for each of R, G and B.

    Args:
        curves: uint8 (256,) each.

    Returns:
        uint8 (H, W, 3).
    """
    table = curves[0] if len(curves) == 1 else np.ascontiguousarray(np.stack(curves, axis=1)[None])
    out: np.ndarray = cv2.LUT(np.ascontiguousarray(image), table)
    return out


@kernel()
def curve(gain: float, contrast: float, centre: float, gamma: float) -> np.ndarray:
    """The display values that 0..255 become: gain, contrast about a centre (0..255), then 255 (v / 255)^gamma.

    Returns:
        uint8 (256,).
    """
    out = np.empty(256, np.uint8)
    for v in range(256):
        value = min(max(centre + (gain * v - centre) * contrast, 0.0), 255.0)
        if gamma != 1.0 and value > 0.0:
            value = 255.0 * exp(gamma * log(value / 255.0))
        out[v] = np.uint8(min(value + 0.5, 255.0))
    return out


@kernel()
def _shifts(gain: float, below: float) -> np.ndarray:
    """int32 (2, 511): for every max + min, a and k of v' = (a + k v) >> _BITS."""
    one = 1 << _BITS
    table = np.empty((2, 511), np.int32)
    for total in range(511):
        old = total / 2.0
        room = min(old, 255.0 - old)  # half of the chroma of a fully saturated colour
        if old >= below:
            table[0, total], table[1, total] = one >> 1, one
        else:
            new = min(old * gain, 255.0)
            factor = int(min(new, 255.0 - new) / room * one + 0.5) if room > 0.0 else 0
            table[0, total], table[1, total] = int(np.floor(new * one - old * factor + 0.5)) + (one >> 1), factor
    return table


@kernel(nogil=True)
def _shift(image: np.ndarray, table: np.ndarray, out: np.ndarray) -> None:
    """Row by row in three loops, of which only the middle one, the look-up, does not become vectors."""
    width = image.shape[1] // 3
    total = np.empty(width, np.uint16)
    added, factor = np.empty(width, np.int32), np.empty(width, np.int32)
    for row in range(image.shape[0]):
        line, moved = image[row], out[row]
        for x in range(width):
            r, g, b = np.uint16(line[3 * x]), np.uint16(line[3 * x + 1]), np.uint16(line[3 * x + 2])
            total[x] = np.uint16(max(max(r, g), b) + min(min(r, g), b))
        for x in range(width):
            added[x], factor[x] = table[0, total[x]], table[1, total[x]]
        for x in range(width):
            for c in range(3):
                v = (added[x] + factor[x] * np.int32(line[3 * x + c])) >> np.int32(_BITS)
                moved[3 * x + c] = np.uint8(min(max(v, np.int32(0)), np.int32(255)))


@kernel(nogil=True)
def _towards(start: np.ndarray, goal: np.ndarray, share: int, out: np.ndarray) -> None:
    """start + (goal - start) share / 256, within 16 bits."""
    rest = np.uint16(np.uint16(256) - share)
    for i in range(start.size):
        sum_ = np.uint16(np.uint16(np.uint16(start[i]) * rest) + np.uint16(np.uint16(goal[i]) * share))
        out[i] = np.uint8(np.uint16(sum_ + np.uint16(128)) >> np.uint16(8))
