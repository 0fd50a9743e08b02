import numpy as np
import pytest

from fairweather.generators import Source
from fairweather.vocabulary.labels import label_space


def made_scene(height=192, width=320, seed=0):
    """Sky over a house front over a road with a car on it, somewhat textured; every class in Cityscapes spelling."""
    image = np.empty((height, width, 3), np.uint8)
    label = np.empty((height, width), np.uint8)
    for value, rows, colour in (
        (10, slice(0, height // 3), (150, 190, 235)),
        (2, slice(height // 3, height * 5 // 9), (150, 120, 100)),
        (0, slice(height * 5 // 9, height), (95, 95, 100)),
    ):
        image[rows], label[rows] = colour, value
    box = slice(height // 2, height * 7 // 9), slice(width // 4, width // 2)
    image[box], label[box] = (120, 30, 30), 13
    noise = np.random.default_rng(seed).integers(-15, 16, image.shape)
    return Source(np.clip(image + noise, 0, 255).astype(np.uint8), label, classes=label_space("cityscapes19").classes)


def made_views(source):
    """The same scene mirrored: read-only views that are not contiguous."""
    planes = source.image[:, ::-1], source.label[:, ::-1]
    for plane in planes:
        plane.flags.writeable = False
    return Source(*planes, classes=source.classes)


@pytest.fixture
def scene():
    return made_scene


@pytest.fixture
def views():
    return made_views
