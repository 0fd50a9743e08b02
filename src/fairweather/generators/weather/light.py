"""Display values and linear light, and the light of the air estimated from a picture."""

from functools import cache

import numpy as np

from fairweather.data.town.arithmetic import exp, log
from fairweather.errors import InputError
from fairweather.generators.weather.depth import FINE_SKY, Depth
from fairweather.generators.weather.picture import read_only
from fairweather.kernels import kernel

ONE = 65535  # linear light of display value 255
_TINT = 1.0 / 3.0
_SAMPLES = 48  # rows and columns looked at, at most about twice as many
_SKY_SHARE, _BRIGHT_SHARE = 0.01, 0.02


@kernel()
def decode(value: float) -> float:
    """Linear light 0..1 of a display value 0..1 (sRGB, IEC 61966-2-1)."""
    if value <= 0.04045:
        return value / 12.92
    return float(exp(2.4 * log((value + 0.055) / 1.055)))


@kernel()
def encode(light: float) -> float:
    """Display value 0..1 of linear light 0..1: the inverse of `decode`."""
    if light <= 0.0031308:
        return 12.92 * light
    return float(1.055 * exp(log(light) / 2.4) - 0.055)


@cache
def linear() -> np.ndarray:
    """uint16 (256,): linear light of each display value, ONE for 255."""
    return np.array([int(decode(v / 255.0) * ONE + 0.5) for v in range(256)], np.uint16)


@cache
def display() -> np.ndarray:
    """uint8 (65536,): the display value nearest to each linear light."""
    borders = [decode((v + 0.5) / 255.0) * ONE for v in range(255)]
    return np.searchsorted(np.array(borders), np.arange(ONE + 1), side="right").astype(np.uint8)


def estimate_airlight(image: np.ndarray, depth: Depth, most: float) -> tuple[float, float, float]:
    """The light scattered into the view by droplets or flakes, guessed from the picture: R, G, B in linear light, 0..1.

    Droplets scatter all wavelengths alike and are lit from everywhere: their light is that of the sky by the horizon, greyer
    than it. The guess is the mean of the sky's pixels (where there is hardly any sky: of the brightest fiftieth of the picture,
    as He, Sun & Tang, CVPR 2009, take the airlight from the haziest thousandth), with a third of its tint left. About 5,000
    pixels on a grid are read.

    Args:
        image: uint8 (H, W, 3) RGB, contiguous.
        depth: its levels.
        most: the luminance of the result is at most this: a camera exposes for the bright air, but the picture was exposed
            for a darker one, whose sky is often burnt out.
    """
    red, green, blue = _estimate(read_only(image), read_only(depth.fine), linear(), most)
    return red, green, blue


def airlight_of(
    given: tuple[float, float, float] | None, image: np.ndarray, depth: Depth, most: float
) -> tuple[float, float, float]:
    """The airlight as given, or estimated.

    Raises:
        InputError: not three numbers from 0 to 1.
    """
    if given is None:
        return estimate_airlight(image, depth, most)
    if len(given) != 3 or not all(0 <= c <= 1 for c in given):
        raise InputError(f"airlight {tuple(given)}; allowed are three numbers from 0 to 1 (linear light)")
    return given


@kernel(nogil=True)
def _estimate(image: np.ndarray, fine: np.ndarray, lin: np.ndarray, most: float) -> tuple[float, float, float]:
    """`estimate_airlight` on arrays. Sums are of integers, so that their order does not matter."""
    height, width = fine.shape
    step_y, step_x = max(1, height // _SAMPLES), max(1, width // (2 * _SAMPLES))
    sums = np.zeros(
        (257, 4), np.int64
    )  # linear R, G, B and number of pixels: by brightness without the sky, then the sky
    seen = 0
    for y in range(step_y // 2, height, step_y):
        for x in range(step_x // 2, width, step_x):
            r, g, b = image[y, x, 0], image[y, x, 1], image[y, x, 2]
            row = 256 if fine[y, x] == FINE_SKY else (np.int64(r) + 2 * np.int64(g) + np.int64(b)) >> 2
            sums[row, 0] += lin[r]
            sums[row, 1] += lin[g]
            sums[row, 2] += lin[b]
            sums[row, 3] += 1
            seen += 1
    low, high = 256, 257
    if sums[256, 3] <= _SKY_SHARE * seen:
        low, high = 256, 256
        taken = 0
        while taken < _BRIGHT_SHARE * seen and low > 0:
            low -= 1
            taken += sums[low, 3]
    red, green, blue, number = 0.0, 0.0, 0.0, 0.0
    for row in range(low, high):  # whole numbers below 2^53: exact
        red += sums[row, 0]
        green += sums[row, 1]
        blue += sums[row, 2]
        number += sums[row, 3]
    red, green, blue = red / (number * ONE), green / (number * ONE), blue / (number * ONE)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    scale = min(1.0, most / luminance) if luminance > 0.0 else 1.0
    return (
        min(1.0, scale * (luminance + _TINT * (red - luminance))),
        min(1.0, scale * (luminance + _TINT * (green - luminance))),
        min(1.0, scale * (luminance + _TINT * (blue - luminance))),
    )
