"""What the tests of the gate share: a small street with things in it, and toy generators that each do one thing wrong."""

from collections.abc import Callable

import numpy as np
import pytest

from fairweather.data.town.render import render
from fairweather.data.town.street import draw_scene
from fairweather.generators.generator import Source
from fairweather.vocabulary.labels import label_space

HEIGHT, WIDTH = 128, 256
CLASSES = label_space("cityscapes19").classes
SMALL = frozenset({"pole", "traffic light", "traffic sign", "person", "rider", "motorcycle", "bicycle"})


def scene(index: int, domain: str) -> tuple[np.ndarray, np.ndarray]:
    """Image and label of a scene of town south, which no limit was set on."""
    taken = render(draw_scene("south", "train", index), domain, None, np.uint64(index), HEIGHT, WIDTH)
    return taken.image, taken.label


@pytest.fixture(scope="session")
def street() -> Callable[[int, str], tuple[Source, np.ndarray]]:
    """(source, oracle) of a scene and a target domain."""

    def of(index: int, domain: str) -> tuple[Source, np.ndarray]:
        image, label = scene(index, "clear_day")
        return Source(image, label, classes=CLASSES), scene(index, domain)[0]

    return of


@pytest.fixture(scope="session")
def small() -> frozenset[str]:
    return SMALL
