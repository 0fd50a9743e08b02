"""Haze with a layer of fog above it: what air that is thicker in some places than in others leaves of a picture.

Gupta et al., "Robust Object Detection in Challenging Weather Conditions" (WACV 2024), from the code published with it
(Weather_Effect_Generator, Apache-2.0): haze up to 34 m above the road, fog from there to 70 m, whose density is a sum of
three fields of gradient noise over column, row and depth.
"""

from functools import cache

import numpy as np

from fairweather.data.town.arithmetic import cosine, exp, sine
from fairweather.generators.rendering import perlin
from fairweather.generators.weather.picture import read_only
from fairweather.kernels import kernel

SKY = 2000.0  # metres: the depth of the sky, and of everything beyond
CAMERA = 1.8  # metres above the road
VIEW = 60.0  # degrees from the top row to the bottom row, the horizon in the middle
HAZE_TOP, FOG_TOP = 34.0, 70.0  # metres
CONTRAST = 3.912  # -ln 0.02: what is left of contrast at the visual range (Koschmieder)
FOG_RANGE = 12.0  # metres of visual range in the densest fog
NOISES = ((130, 1.0, 1.0), (60, 0.5, 0.5), (10, 1.2, 0.25))  # period in pixels and metres, offset, weight
_STEPS = 1024  # of the table of transmission, per unit of optical depth: half a step is 0.13 grey levels
_DEEPEST = 11
_ONE, _BITS = 16384, 14  # transmission 1
_RADIAN = 0.017453292519943295


def density(table: np.ndarray, depth: np.ndarray) -> np.ndarray:
    """Density of the fog at each pixel, P / 255 of the published code: P = (p1 + p2 / 2 + p3 / 4) / 3.

    Args:
        table: the field, from `perlin.shuffled`.
        depth: float32 (H, W), metres.

    Returns:
        float64 (H, W), 0 to 0.59.
    """
    result = np.empty(depth.shape)
    _densities(read_only(table), read_only(np.ascontiguousarray(depth)), result)
    return result


def transmission(depth: np.ndarray, visibility: float, table: np.ndarray) -> np.ndarray:
    """The share of light that comes through from each pixel: float64 (H, W), 0 to 1, in steps of 1 / 16384."""
    result = np.empty(depth.shape, np.uint16)
    _transmit(read_only(np.ascontiguousarray(depth)), float(visibility), read_only(table), _kept(), result)
    return result / _ONE


def hazed(
    image: np.ndarray, depth: np.ndarray, visibility: float, grey: int, table: np.ndarray, duller: float = 1.0
) -> np.ndarray:
    """The picture in haze: (I' t + grey (1 - t)), I' being duller: saturation and value of HSV both times `duller`.

    Args:
        image: uint8 (H, W, 3) RGB, contiguous.
        depth: float32 (H, W) metres along the axis; infinity and NaN count as SKY.
        visibility: of the haze, metres.
        grey: of the air, 0..255.
        table: the field of the fog's density, from `perlin.shuffled`.
        duller: 0 to 1.

    Returns:
        uint8 (H, W, 3), within one grey level of the formula.
    """
    kept = np.empty(depth.shape, np.uint16)
    _transmit(read_only(np.ascontiguousarray(depth)), float(visibility), read_only(table), _kept(), kept)
    result = np.empty_like(image)
    # In HSV, S' = f S and V' = f V: c' = f ((1 - f) max + f c), without hue or division.
    most, own = round(256 * duller * (1.0 - duller)), round(256 * duller * duller)
    _mix(read_only(image), read_only(kept), most, own, grey, result)
    return result


@cache
def _kept() -> np.ndarray:
    """uint16: _ONE exp(-i / _STEPS); the last entry is 0."""
    table = np.array([round(_ONE * exp(-i / _STEPS)) for i in range(_DEEPEST * _STEPS)] + [0], np.uint16)
    return read_only(table)


@kernel(nogil=True)
def _densities(table: np.ndarray, depth: np.ndarray, out: np.ndarray) -> None:
    for y in range(depth.shape[0]):
        for x in range(depth.shape[1]):
            metres = np.float32(SKY)
            if depth[y, x] < metres:
                metres = depth[y, x]
            _density(table, y, metres, x, out[y, x : x + 1])


@kernel(nogil=True)
def _density(table: np.ndarray, y: int, metres: float, start: int, out: np.ndarray) -> None:
    """Density at the pixels of row y from `start` on, which are all at the same depth: a segment for each cell they cross."""
    out[:] = 0.0
    for number in range(3):
        period, offset, weight = NOISES[number]
        scale, share = 1.0 / period, 128.0 / 255.0 * weight / 3.0
        top = weight / 3.0
        x = start
        while x < start + out.size:
            cell = x // period
            end = min((cell + 1) * period, start + out.size)
            near, near_slope, far, far_slope = perlin.segment(table, cell, y * scale, metres * scale)
            for i in range(x - start, end - start):
                f = (i + start - cell * period) * scale
                value = (perlin.along(near, near_slope, far, far_slope, f) + offset) * share
                out[i] += min(max(value, 0.0), top)
            x = end


@kernel(nogil=True)
def _transmit(depth: np.ndarray, visibility: float, table: np.ndarray, kept: np.ndarray, out: np.ndarray) -> None:
    """Transmission in units of 1 / _ONE. Fog is met above the haze only: the noise is asked for there and nowhere else."""
    height, width = depth.shape
    last = np.int32(kept.size - 1)
    haze = CONTRAST / visibility
    metres = np.empty(width, np.float32)
    thick = np.empty(width)
    level = np.empty(width, np.int32)
    sky, least, half = np.float32(SKY), np.float32(0.0), np.float32(0.5)
    for y in range(height):
        degrees = VIEW * (0.5 - (y / (height - 1.0) if height > 1 else 0.0))  # up is positive
        across, up = cosine(degrees * _RADIAN), sine(degrees * _RADIAN)
        per_metre = np.float32(haze / across * _STEPS)
        for x in range(width):
            metres[x] = max(depth[y, x], least) if depth[y, x] < sky else sky
            level[x] = min(np.int32(metres[x] * per_metre + half), last)
        if CAMERA + SKY / across * up > HAZE_TOP:
            limit = np.float32((HAZE_TOP - CAMERA) * across / up)
            x = 0
            while x < width:
                start = x
                x += 1
                if metres[start] > limit:
                    while x < width and metres[x] == metres[start]:
                        x += 1
                    _density(table, y, metres[start], start, thick[start:x])
                    clear, fog = _above(metres[start] / across, up, haze)
                    for i in range(start, x):
                        level[i] = min(np.int32((clear + fog * thick[i]) * _STEPS + 0.5), last)
        for x in range(width):
            out[y, x] = kept[level[x]]


@kernel(nogil=True)
def _above(distance: float, up: float, haze: float) -> tuple[float, float]:
    """Optical depth of a ray that rises by `up` per metre and ends above the haze: of the haze, and of fog of density 1."""
    top = CAMERA + distance * up
    thin = max(0.0, 1.0 - top / FOG_TOP)
    fog = CONTRAST / FOG_RANGE * thin + (1.0 - thin) * haze
    if top < FOG_TOP:
        through = (top - HAZE_TOP) / up
        return haze * (distance - through), fog * through
    return haze * (HAZE_TOP - CAMERA) / up, fog * (FOG_TOP - HAZE_TOP) / up


@kernel(nogil=True)
def _mix(image: np.ndarray, kept: np.ndarray, most: int, own: int, grey: int, out: np.ndarray) -> None:
    height, width = kept.shape
    m, o = np.uint32(most), np.uint32(own)
    air = np.uint32(grey * 256)
    half = np.uint32(1 << (_BITS + 7))
    for y in range(height):
        for x in range(width):
            r, g, b = np.uint32(image[y, x, 0]), np.uint32(image[y, x, 1]), np.uint32(image[y, x, 2])
            base = np.uint32(max(r, g, b) * m)
            t = np.uint32(kept[y, x])
            veil = np.uint32(air * np.uint32(np.uint32(_ONE) - t) + half)
            shift = np.uint32(_BITS + 8)
            out[y, x, 0] = np.uint8(np.uint32(np.uint32(np.uint32(base + r * o) * t) + veil) >> shift)
            out[y, x, 1] = np.uint8(np.uint32(np.uint32(np.uint32(base + g * o) * t) + veil) >> shift)
            out[y, x, 2] = np.uint8(np.uint32(np.uint32(np.uint32(base + b * o) * t) + veil) >> shift)
