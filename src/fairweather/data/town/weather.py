"""The conditions of a picture, drawn from a stream of their own: the strength of the weather, the sun, the camera.

Severity multiplies the quantity that drives a domain, 1 being its typical strength: fog its extinction, rain its
rate, snow its rate and cover, night its darkness, dusk how low the sun stands, cloud its cover, a clear day its haze.
Where none is given it is log-uniform over the domain's range in SEVERITY. At 0 the driving quantity is 0 and nothing
is in the air.

Visibility is stated in one of two conventions, and each use says which: V2 is the distance at which a contrast falls
to 2 % (visual range, Koschmieder 1924: extinction = 3.912 / V2), V5 to 5 % (meteorological optical range, WMO:
extinction = 2.996 / V5).
"""

from collections.abc import Callable
from itertools import count
from math import isfinite

import numpy as np

from fairweather.data.town import rain, snowfall
from fairweather.data.town.air import veil
from fairweather.data.town.arithmetic import cosine, exp, log, seed_of, sine, uniform
from fairweather.data.town.conditions import Conditions
from fairweather.data.town.form import Formed
from fairweather.data.town.mirror import reflect
from fairweather.data.town.scene import Scene
from fairweather.data.town.streak import blend
from fairweather.errors import InputError
from fairweather.vocabulary.domains import canonical_domain

Draw = Callable[[float, float], float]

# Strength against the typical one. Fog: V5 from 400 to 62 m, for in denser fog little is left to be learnt from. Rain: 2
# to 50 mm/h. Snow: from a dusting to 4.5 mm/h of water. Dusk: a sun from 7 degrees above to 4 below the horizon. Clear: V2
# from 32 to 8 km. Night: an ambient light of 0.8 to 0.13 % of a cloudy noon.
SEVERITY = {
    "clear_day": (0.5, 2.0), "cloudy": (0.5, 2.0), "dawn_dusk": (0.35, 2.2), "foggy": (0.25, 1.6),
    "night": (0.4, 2.5), "rainy": (0.2, 5.0), "snowy": (0.18, 4.5),
}  # fmt: skip

FOG_V5 = 100.0  # m, typical fog
RAIN_RATE = 10.0  # mm/h, typical rain
SNOW_RATE = 1.0  # mm/h of water, typical snowfall
CLEAR_V2 = 16000.0  # m, a typical clear day
NO_FALLOFF = 1.0e9
NEVER_DENSER = 0.6  # extinction at V5 = 5 m, beyond which nothing is left to be seen
NEVER_WETTER = 150.0  # mm/h, a cloudburst
_DEGREE = 0.017453292519943295


def draw_conditions(town: str, domain: str, severity: float | None, seed: object) -> Conditions:
    """Draw the light, the air and the camera of one picture.

    Args:
        town: names the camera (its lens, its JPEG quality); any name.
        domain: one of the seven domains, or an alias.
        severity: 0 or more, 1 is typical; None draws it log-uniformly from SEVERITY[domain].
        seed: names the stream, together with town and domain; anything with a stable `str`.

    Returns:
        Conditions, all finite. Equal arguments give equal conditions in every process.

    Raises:
        UnknownName: the domain is not known.
        InputError: a severity below 0, NaN or infinite.
    """
    domain = canonical_domain(domain)
    low, high = SEVERITY[domain]
    stream = seed_of("weather", town, domain, seed)
    counter = count()

    def draw(a: float, b: float) -> float:
        return a + (b - a) * float(uniform(stream, next(counter)))

    drawn = exp(draw(log(low), log(high)))
    if severity is None:
        severity = drawn
    elif not (isfinite(severity) and severity >= 0):
        raise InputError(f"severity is {severity}; allowed are finite numbers from 0 (1 is the typical strength)")
    values = CALM | _camera(town, draw) | _DOMAINS[domain](min(float(severity), 1.0e6), draw)
    return Conditions(**{name: float(value) for name, value in values.items()})


# A cloudy noon without anything in the air.
CALM: dict[str, float] = {
    "sun_x": 0.0, "sun_y": 1.0, "sun_z": 0.0, "sun_r": 0.0, "sun_g": 0.0, "sun_b": 0.0,
    "sky_r": 0.93, "sky_g": 0.98, "sky_b": 1.05,
    "horizon_r": 0.8, "horizon_g": 0.82, "horizon_b": 0.85, "zenith_r": 1.1, "zenith_g": 1.14, "zenith_b": 1.2,
    "overcast": 1.0, "cloud": 1.0, "aureole": 0.0, "lamps": 0.0, "windows": 0.0, "drive": 0.0, "beam": 0.0,
    "wet": 0.0, "puddles": 0.0, "porous": 1.0, "snow": 0.0, "road_snow": 0.0, "snow_albedo": 0.8,
    "beta": 0.0, "scale_height": NO_FALLOFF, "air_r": 0.8, "air_g": 0.82, "air_b": 0.85,
    "rain": 0.0, "snowfall": 0.0, "shutter": 0.004, "speed": 8.0, "drops": 0.0,
    "meter": 0.13, "gain": 1.0, "glow": 0.12, "blur": 0.45, "vignette": 0.15, "quality": 90.0,
}  # fmt: skip


def through_air(formed: Formed, scene: Scene, conditions: Conditions, seed: np.uint64) -> np.ndarray:
    """The light that reaches the lens: surfaces seen through haze, fog and spray, mirrored on wet ground, behind rain and snow.

    Args:
        formed: what `form` made of the scene under the same conditions; it is left as it is.
        seed: of this moment's drops and flakes.

    Returns:
        float32 (H, W, 3), linear radiance as in Conditions, a new array.
    """
    height, width = formed.depth.shape
    camera, light = scene.camera, (conditions.air_r, conditions.air_g, conditions.air_b)
    seen = veil(
        formed.radiance, formed.depth, camera, conditions.beta, conditions.scale_height, rain.spray(conditions), light
    )
    if conditions.wet > 0:
        reflect(seen, formed.depth, formed.film, camera, seed_of("ripples", seed))
    if conditions.rain > 0:
        drops = rain.streaks(camera, conditions, height, width, seed_of("rain", seed))
        blend(seen, formed.depth, drops, rain.light(conditions))
    if conditions.snowfall > 0:
        flakes = snowfall.flakes(camera, conditions, height, width, seed_of("snowfall", seed))
        blend(seen, formed.depth, flakes, snowfall.light(conditions))
    return seen


def _camera(town: str, draw: Draw) -> dict[str, float]:
    """A town has one camera; a picture moves its settings a little."""
    make = seed_of("camera make", town)

    def own(number: int, a: float, b: float) -> float:
        return a + (b - a) * float(uniform(make, number))

    return {
        "blur": own(0, 0.05, 0.35) + draw(-0.03, 0.03),
        "vignette": own(1, 0.07, 0.2) + draw(-0.02, 0.02),
        "quality": round(own(2, 83.0, 93.0) + draw(-2.0, 2.0)),
        "speed": draw(2.0, 14.0),
        "shutter": 1.0 / draw(250.0, 800.0),
        "meter": draw(0.10, 0.16),
    }


def air_mass(elevation: float) -> float:
    """Relative optical air mass under a sun h degrees high: 1 / (sin h + 0.50572 (h + 6.07995)^-1.6364).

    Kasten & Young, Applied Optics 28, 1989.
    """
    h = max(elevation, 0.0)
    return float(1.0 / (sine(h * _DEGREE) + 0.50572 * exp(-1.6364 * log(h + 6.07995))))


# Optical depth of the air in red, green, blue: white at 40 degrees, orange at 3 (turbidity 2 to 4).
_TAU = (0.10, 0.16, 0.30)


def _sun(elevation: float, azimuth: float, strength: float) -> dict[str, float]:
    """A sun so many degrees high and from the street's direction; Beer-Lambert, exp(-tau m), `strength` at 40 degrees."""
    level = cosine(elevation * _DEGREE)
    extra = air_mass(elevation) - air_mass(40.0)
    r, g, b = (strength * exp(-tau * extra) if elevation > 0 else 0.0 for tau in _TAU)
    return {
        "sun_x": level * sine(azimuth * _DEGREE), "sun_y": sine(elevation * _DEGREE), "sun_z": level * cosine(azimuth * _DEGREE),
        "sun_r": r, "sun_g": 0.95 * g, "sun_b": 0.85 * b,
    }  # fmt: skip


def _colour(name: str, rgb: tuple[float, float, float], scale: float) -> dict[str, float]:
    return {f"{name}_{channel}": scale * value for channel, value in zip("rgb", rgb, strict=True)}


def _between(a: tuple[float, float, float], b: tuple[float, float, float], t: float) -> tuple[float, float, float]:
    return (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t)


def _air(horizon: tuple[float, float, float], scale: float, beta: float, height: float) -> dict[str, float]:
    """Airlight is the radiance of the horizon: the light a black body fades into (Koschmieder 1924)."""
    return _colour("air", horizon, scale) | {"beta": min(beta, NEVER_DENSER), "scale_height": height}


def _clear_day(s: float, draw: Draw) -> dict[str, float]:
    elevation, anywhere, along = draw(12.0, 50.0), draw(-180.0, 180.0), draw(-50.0, 50.0)
    # A sun along the street lights its road; one across it leaves most streets in the shade, as grey as under cloud.
    azimuth = anywhere if draw(0.0, 1.0) < 0.4 else along + (180.0 if anywhere > 0 else 0.0)
    light = 0.35 + 0.65 * sine(elevation * _DEGREE) / sine(45.0 * _DEGREE)
    horizon, bright = (0.82, 0.96, 1.10), draw(2.1, 3.3) * light
    return (
        _sun(elevation, azimuth, 3.9)
        | _colour("sky", (0.62, 0.74, 0.95), 0.8 * light)
        | _colour("horizon", horizon, bright)
        | _colour("zenith", (0.32, 0.54, 1.0), 1.1 * light)
        | _air(horizon, bright, s * 3.912 / CLEAR_V2, draw(600.0, 1500.0))
        | {
            "overcast": 0.0,
            "cloud": draw(0.0, 0.7) * draw(0.3, 1.0),
            "aureole": draw(0.5, 1.0),
            "shutter": 1.0 / draw(500.0, 2000.0),
        }
        | {"meter": draw(0.085, 0.135), "drive": 1.5 if draw(0.0, 1.0) < 0.2 else 0.0}
    )


def _cloudy(s: float, draw: Draw) -> dict[str, float]:
    azimuth, elevation = draw(-180.0, 180.0), draw(20.0, 50.0)
    cover = 1.0 - exp(-2.5 * s)
    light = draw(0.8, 1.25)
    horizon, bright = _between((0.90, 0.97, 1.02), (0.93, 0.97, 1.0), cover), light * draw(0.75, 1.0)
    return (
        _sun(elevation, azimuth, 4.2 * max(0.0, 1.0 - 2.0 * s))
        | _colour("sky", (0.93, 0.98, 1.05), light)
        | _colour("horizon", horizon, bright)
        | _colour("zenith", _between((0.34, 0.54, 0.95), (0.95, 0.99, 1.04), cover), light * 1.25)
        | _air(horizon, bright, min(s, 1.5) * 3.912 / draw(4000.0, 15000.0), draw(400.0, 1000.0))
        | {"overcast": cover, "cloud": cover, "meter": draw(0.10, 0.18), "drive": 2.0 if draw(0.0, 1.0) < 0.3 else 0.0}
        | {"windows": 0.04}
    )


def _dawn_dusk(s: float, draw: Draw) -> dict[str, float]:
    elevation = max(9.0 - 6.0 * s, -6.0)
    ahead = draw(0.0, 1.0) < 0.55
    azimuth = draw(-38.0, 38.0) if ahead else draw(40.0, 320.0)
    violet, bright = draw(0.0, 1.0), draw(0.55, 0.95)
    below = min(elevation, 0.0)
    fading = exp(0.42 * below)  # 1.5 per degree; nature loses 2.3, but then this is night
    horizon = _between((1.0, 0.58, 0.28), (0.98, 0.52, 0.46), violet if below < 0 else 0.5 * violet)
    zenith = _between((0.17, 0.24, 0.44), (0.25, 0.21, 0.44), violet)
    lit = draw(0.0, 1.0) < (0.35 if elevation > 2 else 0.7 if elevation > -1 else 1.0)
    dim = 0.35 + 0.65 * max(elevation, 0.0) / 9.0
    return (
        _sun(elevation, azimuth, 4.2)
        | _colour("sky", _between((0.36, 0.37, 0.50), (0.40, 0.34, 0.50), violet), (0.6 + 0.4 * dim) * fading)
        | _colour("horizon", horizon, bright * fading * (0.8 + 0.5 * dim))
        | _colour("zenith", zenith, fading * (0.8 + 0.4 * dim))
        | _air(horizon, 0.8 * bright * fading, min(s, 1.5) * 3.912 / draw(3000.0, 15000.0), draw(150.0, 500.0))
        | {"overcast": 0.0, "cloud": draw(0.1, 0.8), "aureole": draw(0.7, 1.3), "shutter": 1.0 / draw(60.0, 250.0)}
        | {"lamps": 0.25 * draw(0.8, 1.2) if lit else 0.0, "windows": draw(0.05, 0.22), "drive": 2.5 if lit else 0.0}
        | {
            "beam": 0.25 if lit else 0.0,
            "meter": draw(0.045, 0.085),
            "gain": draw(1.8, 3.2) / max(fading, 0.5),
            "glow": 0.25,
        }
    )


def _foggy(s: float, draw: Draw) -> dict[str, float]:
    beta = s * 2.996 / FOG_V5
    cold = draw(0.0, 1.0)
    grey, light = _between((1.0, 0.995, 0.98), (0.95, 0.99, 1.02), cold), draw(0.6, 1.0)
    lit = draw(0.0, 1.0) < 0.65
    return (
        _colour("sky", grey, light)
        | _colour("horizon", grey, 0.9 * light)
        | _colour("zenith", grey, 1.15 * light)
        | _air(grey, 0.9 * light, beta, draw(15.0, 60.0))
        | {
            "meter": draw(0.30, 0.54) * (0.25 + 0.75 * s / (s + 1.0)),
            "drive": 3.0 if lit else 0.0,
            "windows": draw(0.02, 0.10),
            "gain": 1.4,
            "glow": 0.35,
        }
        | {"wet": 0.0, "shutter": 1.0 / draw(125.0, 500.0)}
    )


def _night(s: float, draw: Draw) -> dict[str, float]:
    ambient = 1.0 / (1.0 + 300.0 * s)
    town_glow = draw(0.5, 1.8)
    horizon = _between((0.55, 0.6, 0.8), (1.2, 0.82, 0.55), min(town_glow / 1.5, 1.0))
    # Above a lit town the sky is a few per cent to a fifth as bright as its roads; most of `sky` is lamplight off the houses
    dark = exp(0.5 * log(max(s, 0.05)))
    return (
        _colour("sky", (0.60, 0.70, 1.0), ambient)
        | _colour("horizon", horizon, ambient * 0.4 * town_glow)
        | _colour("zenith", (0.40, 0.46, 0.72), ambient * 0.25)
        | _air(horizon, ambient * 0.4 * town_glow, min(s, 1.0) * 3.912 / draw(4000.0, 15000.0), draw(100.0, 400.0))
        | {"overcast": 0.0, "cloud": draw(0.0, 1.0), "lamps": draw(0.7, 1.2) / dark, "windows": draw(0.08, 0.35)}
        | {"drive": draw(5.0, 8.0), "beam": draw(1.0, 1.5), "shutter": 1.0 / draw(30.0, 60.0)}
        | {
            "meter": 0.085 * draw(0.55, 1.0) / exp(0.35 * log(min(max(s, 0.3), 100.0))),
            "gain": min(7.0 * dark * draw(0.6, 1.4), 16.0),
            "glow": 0.45,
        }
    )


def _rainy(s: float, draw: Draw) -> dict[str, float]:
    rate = min(RAIN_RATE * s, NEVER_WETTER)
    wet, cold = s / (s + 0.22), draw(0.0, 1.0)
    grey, light = _between((0.95, 0.97, 0.98), (0.86, 0.95, 1.05), cold), draw(0.45, 0.75) / (1.0 + 0.15 * min(s, 5.0))
    lit = draw(0.0, 1.0) < 0.4 + 0.2 * s
    drops = int(draw(0.0, 1.999 + 2.5 * min(s, 2.4))) if s > 0 else 0
    return (
        _colour("sky", grey, light)
        | _colour("horizon", grey, 0.9 * light)
        | _colour("zenith", grey, 1.2 * light)
        | _air(grey, 0.9 * light, rain.extinction(rate), draw(300.0, 800.0))
        | {
            "rain": rate,
            "wet": wet,
            "puddles": min(0.45, 0.16 * wet * (0.5 + s) * draw(0.6, 1.4)),
            "porous": 1.0 - wet * draw(0.25, 0.42),
        }
        | {
            "drops": drops,
            "shutter": exp(draw(log(1.0 / 125.0), log(1.0 / 30.0))),
            "meter": draw(0.08, 0.14),
            "gain": draw(1.4, 2.2),
        }
        | {"drive": 3.0 if lit else 0.0, "windows": draw(0.03, 0.14), "glow": 0.25}
    )


def _snowy(s: float, draw: Draw) -> dict[str, float]:
    """Extinction in dB/km is 5.5 S^1.38 in dry snow and 3.8 S^0.72 in wet, S in mm/h of water; 4343 dB/km are 1/m.

    Coefficients as quoted from ITU-R P.1814 for visible light (not compared with its text).
    """
    fall = min(SNOW_RATE * s * draw(0.7, 1.4), 8.0)
    decibel = draw(0.0, 1.0)
    dry, wet = (a * exp(b * log(fall)) if fall > 0 else 0.0 for a, b in ((5.5, 1.38), (3.8, 0.72)))
    cover = 1.0 - exp(-2.8 * s)
    road = 1.0 - exp(-0.75 * s * draw(0.4, 1.5))
    grey, light = (0.96, 0.98, 1.0), draw(0.75, 1.1)
    return (
        _colour("sky", grey, light)
        | _colour("horizon", grey, 0.92 * light)
        | _colour("zenith", grey, 1.05 * light)
        | _air(grey, 0.92 * light, (wet + (dry - wet) * decibel) / 4343.0, draw(300.0, 1000.0))
        | {"snow": cover, "road_snow": road, "snow_albedo": draw(0.70, 0.84), "snowfall": fall}
        | {"meter": 0.11 + (0.5 * cover * road + 0.10 * cover) * draw(0.6, 0.75), "shutter": 1.0 / draw(60.0, 400.0)}
        | {"drive": 2.5 if draw(0.0, 1.0) < 0.5 else 0.0, "windows": draw(0.02, 0.12), "gain": 1.2}
    )


_DOMAINS: dict[str, Callable[[float, Draw], dict[str, float]]] = {
    "clear_day": _clear_day, "cloudy": _cloudy, "dawn_dusk": _dawn_dusk, "foggy": _foggy,
    "night": _night, "rainy": _rainy, "snowy": _snowy,
}  # fmt: skip
