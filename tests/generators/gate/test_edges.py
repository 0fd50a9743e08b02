"""Edges along the label's boundaries."""

import numpy as np
import pytest

from fairweather.generators.gate.edges import along
from fairweather.generators.gate.structure import Structure, structure_of_label, structure_of_light


def drawn(at: int) -> tuple[np.ndarray, np.ndarray]:
    """A dark box on bright ground, and its label."""
    label = np.zeros((60, 80), np.uint8)
    label[20:40, at : at + 20] = 1
    return np.where(label == 1, 40, 190).astype(np.uint8), label


def test_edges_on_the_boundary_agree_and_others_do_not() -> None:
    luma, label = drawn(30)
    outline, light = structure_of_label(label), structure_of_light(luma)
    assert along(outline, light, 0, 0) > 0.85
    moved = structure_of_light(drawn(36)[0])
    assert along(outline, moved, 0, 0) < 0.6
    assert along(outline, moved, 6, 0) == pytest.approx(along(outline, light, 0, 0), abs=0.01)


def test_crossing_edges_count_against() -> None:
    luma, label = drawn(30)
    outline, light = structure_of_label(label), structure_of_light(luma)
    assert along(outline, Structure(-light.cosine, -light.sine), 0, 0) < -0.8


def test_no_boundary_is_no_number() -> None:
    luma, label = drawn(30)
    assert np.isnan(along(structure_of_label(np.zeros_like(label)), structure_of_light(luma), 0, 0))
    assert np.isnan(along(structure_of_label(label), structure_of_light(np.full_like(luma, 9)), 0, 0))
