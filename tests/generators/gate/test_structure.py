"""Structure: angles, whatever the sign, nearly whatever the strength; sizes."""

import numpy as np
import pytest

from fairweather.generators.gate.structure import (
    WIDEST,
    factor,
    reduced,
    sampled,
    structure_of_label,
    structure_of_light,
)


def ramp(angle: float, size: int = 41) -> np.ndarray:
    """Light that rises in that direction, in radians from the right downwards."""
    y, x = np.mgrid[:size, :size] - size // 2
    return np.clip(120 + 2.5 * (x * np.cos(angle) + y * np.sin(angle)), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("degrees", [0, 30, 45, 90, 120, 170])
def test_the_vector_has_twice_the_angle(degrees: float) -> None:
    for angle in (np.radians(degrees), np.radians(degrees) + np.pi):
        found = structure_of_light(ramp(angle))
        got = np.degrees(np.arctan2(found.sine[20, 20], found.cosine[20, 20])) / 2 % 180
        assert min(abs(got - degrees), 180 - abs(got - degrees)) < 3


def test_length_is_below_one_and_little_the_less_for_less_contrast() -> None:
    x = np.tile(np.arange(60), (40, 1))
    edge = np.where(x < 30, 60, 180).astype(np.uint8)
    strong, faint = structure_of_light(edge), structure_of_light(np.where(x < 30, 110, 128).astype(np.uint8))
    assert 0.5 < strong.cosine[20, 29] < 1
    assert faint.cosine[20, 29] > 0.6 * strong.cosine[20, 29]
    assert not structure_of_light(np.full((9, 9), 7, np.uint8)).cosine.any()


def test_sensor_noise_in_the_dark_fades() -> None:
    dark = np.random.default_rng(0).integers(0, 3, (60, 80)).astype(np.uint8)
    found = structure_of_light(dark)
    assert np.hypot(found.cosine, found.sine).mean() < 0.3


def test_a_label_has_structure_at_its_boundaries_but_not_at_ignored_regions() -> None:
    label = np.zeros((60, 80), np.uint8)
    label[:, 40:] = 8
    label[45:] = 255
    found = structure_of_label(label)
    length = np.hypot(found.cosine, found.sine)
    assert (found.cosine[5:40, 39:41] > 0.3).all()
    assert not length[:, :30].any()
    assert not length[44:].any()


def test_every_two_classes_have_a_boundary() -> None:
    for one in range(20):
        for other in range(one):
            label = np.full((9, 40), one, np.uint8)
            label[:, 20:] = other
            assert structure_of_label(label).cosine[4, 20] > 0.8


@pytest.mark.parametrize(("width", "by"), [(32, 1), (WIDEST, 1), (WIDEST + 1, 2), (1280, 2), (2048, 4)])
def test_wide_pictures_are_reduced_by_a_whole_number(width: int, by: int) -> None:
    assert factor(width) == by
    image = np.arange(64 * width, dtype=np.uint32).astype(np.uint8).reshape(64, width)
    small = reduced(image)
    assert small.shape == (64 // by, width // by) == sampled(image).shape
    block = image[:by, :by].astype(float).mean()
    assert abs(float(small[0, 0]) - block) <= 1
