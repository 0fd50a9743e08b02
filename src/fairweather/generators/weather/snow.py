"""Falling snow: extinction, flat light, and flakes in front of the scene."""

from functools import lru_cache

import numpy as np

from fairweather.data.town.arithmetic import exp, log, seed_of
from fairweather.generators.weather.depth import Depth, levels_of
from fairweather.generators.weather.light import airlight_of
from fairweather.generators.weather.picture import contiguous, target, within
from fairweather.generators.weather.streaks import Fall, Tile, make_tile, rung
from fairweather.generators.weather.veil import hang

MOST = 0.65
SKY = 1500.0
SMALLEST = 0.6  # mm of melted diameter; smaller flakes are haze
SWELLING = 2.15  # a flake of 0.1 g/cm^3 is 10^(1/3) times as wide as the drop it melts to
NEAR = 1.0
_DECIBEL_PER_KM = 4342.944819  # 1/m are this many dB/km


def extinction(rate: float, wet: bool = False) -> float:
    """Extinction in 1/m of snow of `rate` mm/h of water: a rate^b dB/km, ITU-R P.1814 (2007), at 550 nm.

    Dry snow: a = 5.42e-5 * 550 + 5.4958776, b = 1.38; wet: a = 1.023e-4 * 550 + 3.7855466, b = 0.72.
    """
    a, b = (1.023e-4 * 550 + 3.7855466, 0.72) if wet else (5.42e-5 * 550 + 5.4958776, 1.38)
    return float(a * exp(b * log(rate)) / _DECIBEL_PER_KM)


def add_snow(
    image: np.ndarray,
    depth: np.ndarray | Depth,
    rate: float,
    seed: int,
    *,
    wet: bool = False,
    shutter: float = 1 / 200,
    wind: float = 1.0,
    focal: float | None = None,
    light: float = 0.95,
    airlight: tuple[float, float, float] | None = None,
    out: np.ndarray | None = None,
) -> np.ndarray:
    """The picture in falling snow.

    Flakes are distributed as Sekhon & Srivastava (J. Atmos. Sci. 27, 1970) found for melted diameters, N0 = 2500 rate^-0.94 per
    m^3 and mm, slope = 2.29 rate^-0.45 per mm; they are wider than what they melt to, fall at 1 m/s and drift, and are
    blurred and masked by depth as `streaks` says. Snow that lies is not made: it needs labels.

    Args:
        image: uint8 (H, W, 3) RGB, sRGB-coded; left untouched.
        depth: float32 (H, W) metres along the ray, infinity for sky; or its levels (`quantise`).
        rate: of the snow in mm of water an hour, 0.05 to 10. Extinction follows it, flakes the nearest rung of 1, sqrt 2, 2, ...
        seed: of the picture; where the flakes are.
        wet: wet snow takes less light per mm than dry.
        shutter: exposure in s, 1/8000 to 1/15, flakes by the nearest rung.
        wind: across the view in m/s, -15 to 15, to the nearest whole number.
        focal: focal length in pixels, 16 to 100,000; None: the width of the picture (a view of 53 degrees).
        light: factor on the scene's display values, 0.1 to 1, to the nearest 1/128.
        airlight: R, G, B in linear light, 0..1; None: estimated from the picture.
        out: where the result goes, contiguous uint8 (H, W, 3); None: a new array.

    Returns:
        uint8 (H, W, 3), within one grey level of the formula of `veil.hang` in exact arithmetic.

    Raises:
        ValueError: arrays of another kind or size.
        InputError: a parameter that is not allowed, negative depth or NaN.
    """
    picture = contiguous(image)
    rate = within("snow", rate, 0.05, 10, " mm/h")
    shutter = within("shutter", shutter, 1 / 8000, 1 / 15, " s")
    wind = within("wind", wind, -15, 15, " m/s")
    focal = within("focal length", max(16, picture.shape[1]) if focal is None else focal, 16, 100_000, " px")
    light = within("light", light, 0.1, 1)
    levels = levels_of(depth, picture.shape)
    air = airlight_of(airlight, picture, levels, MOST)
    result = target(picture, out)
    tile = snow_tile(rung(rate), rung(shutter), float(round(wind)), float(round(focal)))
    hang(picture, levels, extinction(rate, wet), SKY, air, light, tile, int(seed_of("snow", seed)), result)
    return result


@lru_cache(maxsize=8)
def snow_tile(rate: float, shutter: float, wind: float, focal: float) -> Tile:
    """The flakes of a snowfall; up to 8 tiles of 2 MB are kept."""
    slope = 2.29 * exp(-0.45 * log(rate))
    intercept = 2500.0 * exp(-0.94 * log(rate))
    fall = Fall(
        number=intercept / slope * exp(-slope * SMALLEST), slope=slope, smallest=SMALLEST, largest=5.0, swelling=SWELLING,
        top=1.2, rest=0.6, rising=0.8, wind=wind, gusts=0.8, near=NEAR, far=max(NEAR + 0.5, 0.01 * focal), focal=focal,
        shutter=shutter,
    )  # fmt: skip
    return make_tile(fall, int(seed_of("snow tile", rate, shutter, wind, focal)))
