"""Drawn weather on a ready picture, 1280x720, against the effect of albumentations 2.0.8 that it follows, with the same settings.

Ours: the foggy, rainy and snowy images of gen_albumentations_weather through `generate`; snow by each of its two methods. Peer:
RandomFog, RandomRain and RandomSnow called bare, with p=1, without the overhead of a Compose. Both arms are given the same
picture and return a new one, with new random numbers at every call; rain takes drizzle, heavy and torrential in turn.

The heaviest, gen_Weather_Effect_Generator with depth given, has a limit of its own and no peer.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from types import ModuleType

import numpy as np

from bench.frame import Arms, Row, faster, seconds
from bench.weather import albumentations, picture

RAINS = ("drizzle", "heavy", "torrential")
SNOW = {"snow_point_range": (0.2, 0.5), "p": 1}


def rows() -> list[Row]:
    return [
        Row("rendering/fog", lambda: _arms("foggy", [{}], _fog), faster(20)),
        Row("rendering/rain", lambda: _arms("rainy", [{"rain": rain} for rain in RAINS], _rain), faster(3), period=3),
        Row("rendering/snow bleach", lambda: _arms("snowy", [{"snow": "bleach"}], _bleach), faster(3)),
        Row("rendering/snow texture", lambda: _arms("snowy", [{"snow": "texture"}], _texture), faster(3)),
        *(Row(f"rendering/heaviest {d}", partial(_heaviest, d), seconds(0.060)) for d in ("foggy", "rainy", "snowy")),
    ]


def _heaviest(domain: str) -> Arms:
    from fairweather.generators.generator import Source
    from fairweather.generators.rendering.weather_effect import WeatherEffect

    image, rng = picture(), np.random.Generator(np.random.Philox(0))
    depth = np.broadcast_to(np.geomspace(200, 4, len(image), dtype=np.float32)[:, None], image.shape[:2])
    source, generator = Source(image, np.full(image.shape[:2], 255, np.uint8), depth), WeatherEffect()
    return Arms(lambda: generator.generate(source, domain, rng))


def _arms(
    domain: str, settings: list[dict[str, str]], peers: Callable[[ModuleType], list[Callable[..., object]]]
) -> Arms:
    from fairweather.generators.generator import Source
    from fairweather.generators.rendering.albumentations_weather import AlbumentationsWeather

    transforms = cycle(peers(albumentations()))
    image = picture()
    source = Source(image, np.full(image.shape[:2], 255, np.uint8))
    generators: Iterator[AlbumentationsWeather] = cycle([AlbumentationsWeather(**setting) for setting in settings])
    rng = np.random.Generator(np.random.Philox(0))
    return Arms(lambda: next(generators).generate(source, domain, rng), lambda: next(transforms)(image=image))


def _fog(peer: ModuleType) -> list[Callable[..., object]]:
    return [peer.RandomFog(fog_coef_range=(0.4, 0.8), p=1)]


def _rain(peer: ModuleType) -> list[Callable[..., object]]:
    return [peer.RandomRain(rain_type=rain, blur_value=3, p=1) for rain in RAINS]


def _bleach(peer: ModuleType) -> list[Callable[..., object]]:
    return [peer.RandomSnow(method="bleach", **SNOW)]


def _texture(peer: ModuleType) -> list[Callable[..., object]]:
    return [peer.RandomSnow(method="texture", **SNOW)]
