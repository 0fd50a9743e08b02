"""Rain: haze, a duller scene and streaks in front of it."""

from functools import lru_cache

import numpy as np

from fairweather.data.town.arithmetic import exp, log, seed_of
from fairweather.generators.weather.depth import Depth, levels_of
from fairweather.generators.weather.light import airlight_of
from fairweather.generators.weather.picture import contiguous, target, within
from fairweather.generators.weather.streaks import Fall, Tile, make_tile, rung
from fairweather.generators.weather.veil import hang

MOST = 0.45
SKY = 1500.0  # metres of rain before the clouds
SMALLEST = 1.0  # mm; thinner drops are haze
NEAR = 0.6


def extinction(rate: float) -> float:
    """Extinction in 1/m of rain of `rate` mm/h: pi N0 / slope^3, slope = 4.1 rate^-0.21 per mm, N0 = 8000 per m^3 and mm.

    Drops are far larger than the wavelength, so that each takes twice its cross-section from the light (van de Hulst, Light
    Scattering by Small Particles, 1957, 8.22); twice the cross-sections of Marshall & Palmer's distribution (J. Meteorology 5,
    1948) add up to this: 1.6 per km at 10 mm/h.
    """
    per_mm = _slope(rate)
    return 3.141592653589793 * 8000e-6 / (per_mm * per_mm * per_mm)


def add_rain(
    image: np.ndarray,
    depth: np.ndarray | Depth,
    rate: float,
    seed: int,
    *,
    spray: float = 3000.0,
    shutter: float = 1 / 200,
    wind: float = 1.0,
    focal: float | None = None,
    light: float = 0.85,
    airlight: tuple[float, float, float] | None = None,
    out: np.ndarray | None = None,
) -> np.ndarray:
    """The picture in rain.

    Drops are distributed as Marshall & Palmer (1948) found, fall as Atlas, Srivastava & Sekhon (1973) fitted, v = 9.65 - 10.3
    exp(-0.6 D) m/s, and leave streaks as `streaks` says, masked by depth; smaller and farther ones are haze. All is blended
    in display values (`veil.hang`): where the scene is about as dark as asphalt the haze is that of linear light.

    Args:
        image: uint8 (H, W, 3) RGB, sRGB-coded; left untouched.
        depth: float32 (H, W) metres along the ray, infinity for sky; or its levels (`quantise`).
        rate: of the rain in mm/h, 0.5 to 150. Haze follows it, streaks the nearest rung of 1, sqrt 2, 2, ...
        seed: of the picture; where the streaks are.
        spray: visual range in metres (2 %) through spray and mist alone, 50 to 100,000.
        shutter: exposure in s, 1/8000 to 1/15, streaks by the nearest rung: long makes long and faint streaks.
        wind: across the view in m/s, -15 to 15, to the nearest whole number.
        focal: focal length in pixels, 16 to 100,000; None: the width of the picture (a view of 53 degrees).
        light: factor on the scene's display values, 0.1 to 1, to the nearest 1/128: a scene under rain clouds is duller.
        airlight: R, G, B in linear light, 0..1; None: estimated from the picture.
        out: where the result goes, contiguous uint8 (H, W, 3); None: a new array.

    Returns:
        uint8 (H, W, 3), within one grey level of the formula of `veil.hang` in exact arithmetic.

    Raises:
        ValueError: arrays of another kind or size.
        InputError: a parameter that is not allowed, negative depth or NaN.
    """
    picture = contiguous(image)
    rate = within("rain", rate, 0.5, 150, " mm/h")
    spray = within("spray", spray, 50, 100_000, " m")
    shutter = within("shutter", shutter, 1 / 8000, 1 / 15, " s")
    wind = within("wind", wind, -15, 15, " m/s")
    focal = within("focal length", max(16, picture.shape[1]) if focal is None else focal, 16, 100_000, " px")
    light = within("light", light, 0.1, 1)
    levels = levels_of(depth, picture.shape)
    air = airlight_of(airlight, picture, levels, MOST)
    result = target(picture, out)
    tile = rain_tile(rung(rate), rung(shutter), float(round(wind)), float(round(focal)))
    hang(picture, levels, extinction(rate) + 3.912 / spray, SKY, air, light, tile, int(seed_of("rain", seed)), result)
    return result


@lru_cache(maxsize=8)
def rain_tile(rate: float, shutter: float, wind: float, focal: float) -> Tile:
    """The streaks of a rain; up to 8 tiles of 2 MB are kept."""
    per_mm = _slope(rate)
    fall = Fall(
        number=8000.0 / per_mm * exp(-per_mm * SMALLEST), slope=per_mm, smallest=SMALLEST, largest=6.0, swelling=1.0,
        top=9.65, rest=-0.65, rising=0.6, wind=wind, gusts=0.5, near=NEAR, far=max(NEAR + 0.5, 0.008 * focal), focal=focal,
        shutter=shutter,
    )  # fmt: skip
    return make_tile(fall, int(seed_of("rain tile", rate, shutter, wind, focal)))


def _slope(rate: float) -> float:
    """Of Marshall & Palmer's distribution, per mm."""
    return float(4.1 * exp(-0.21 * log(rate)))
