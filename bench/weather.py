"""Weather on a ready picture, 1280x720, against the effect of the same name of albumentations 2.0.8 at its defaults.

Both arms are given the same picture and return a new one, with new random numbers at every call. Ours is also given the
metric depth of the picture: in levels, quantised beforehand, in the required rows (a picture is given many weathers, its depth is
quantised once), as float32 metres in the rows "from metres", which are noted. Included in ours: the estimate of the airlight,
all tables; not included: the tile of streaks or flakes, which is made at the first call and kept. Peer: transforms called
bare, with p=1, without the overhead of a Compose.
"""

import os
from collections.abc import Callable
from importlib import import_module
from itertools import count
from types import ModuleType

import numpy as np

from bench.frame import Arms, Limit, Row, Skip, faster
from bench.streets import HEIGHT, WIDTH, smooth_field

Effect = Callable[[np.ndarray, object, int], np.ndarray]  # picture, depth, number of the call
PEER = "2.0.8"


def rows() -> list[Row]:
    required = [_row(name, limit) for name, limit in (("fog", faster(50)), ("rain", faster(5)), ("snow", faster(5)))]
    noted = [_row(name, None, metres=True) for name in ("fog", "rain", "snow")]
    return [*required, *noted]


def _row(name: str, limit: Limit | None, metres: bool = False) -> Row:
    return Row(f"weather/{name}{' from metres' if metres else ''}", lambda: _arms(name, metres), limit)


def _arms(name: str, metres: bool) -> Arms:
    from fairweather.generators.weather import quantise

    peer = _peer(name)
    effect, image, depth = _effect(name), picture(), street_depth()
    given = depth if metres else quantise(depth)
    numbers = count()
    return Arms(lambda: effect(image, given, next(numbers)), lambda: peer(image=image))


def _effect(name: str) -> Effect:
    from fairweather.generators.weather import add_fog, add_rain, add_snow

    effects: dict[str, Effect] = {
        "fog": lambda image, depth, _: add_fog(image, depth, 100.0),
        "rain": lambda image, depth, number: add_rain(image, depth, 20.0, number),
        "snow": lambda image, depth, number: add_snow(image, depth, 2.0, number),
    }
    return effects[name]


def albumentations() -> ModuleType:
    """The peer, of the version the rows are about.

    Raises:
        Skip: it is not installed, or another version is.
    """
    os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"  # it asks the network for a newer version when imported
    try:
        module = import_module("albumentations")
    except ImportError:
        raise Skip(f"albumentations is not installed (pip install albumentations=={PEER})") from None
    if module.__version__ != PEER:
        raise Skip(f"albumentations {module.__version__} is installed; the row is about {PEER}")
    return module


def _peer(name: str) -> Callable[..., object]:
    peer = albumentations()
    makers = {"fog": peer.RandomFog, "rain": peer.RandomRain, "snow": peer.RandomSnow}
    transform: Callable[..., object] = makers[name](p=1)
    return transform


def picture() -> np.ndarray:
    """uint8 (720, 1280, 3): coloured blobs and grain, darker below."""
    rng = np.random.default_rng(0)
    planes = [
        smooth_field(rng, (HEIGHT, WIDTH), 60) * 40 + smooth_field(rng, (HEIGHT, WIDTH), 4) * 10 for _ in range(3)
    ]
    tone = np.linspace(220, 70, HEIGHT)[:, None, None]
    return np.clip(np.stack(planes, axis=2) + tone, 0, 255).astype(np.uint8)


def street_depth() -> np.ndarray:
    """float32 (720, 1280) metres: a plane of ground, two slanting rows of houses and sky."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    ground = 1.5 * WIDTH / np.maximum(rows - 0.4 * HEIGHT, 1)
    house = 9 * WIDTH / np.maximum(np.abs(columns - WIDTH / 2), 1)
    stands = (rows > 0.4 * HEIGHT - 10 * WIDTH / house) & (house < 150)
    depth = np.minimum(np.where(rows > 0.4 * HEIGHT, ground, np.inf), np.where(stands, house, np.inf))
    return np.asarray(depth, np.float32)
