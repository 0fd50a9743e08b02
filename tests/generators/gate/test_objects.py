"""Small objects: their outlines before and after."""

import numpy as np
import pytest

from fairweather.generators.gate.objects import FEWEST, Contrast, contrasts, kept
from fairweather.generators.gate.structure import Structure, structure_of_label, structure_of_light

CLASSES = ("road", "person", "pole")
SMALL = frozenset({"person", "pole", "unicorn"})


def drawn(person: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """Luma and label of a person and a pole on a road; the person may be left out of the picture."""
    label = np.zeros((80, 120), np.uint8)
    label[20:60, 30:45] = 1
    label[5:75, 90:94] = 2
    luma = np.full(label.shape, 150, np.uint8)
    luma[label == 2] = 60
    if person:
        luma[label == 1] = 90
    return luma, label


def found(after: Structure, dx: int = 0) -> dict[str, Contrast]:
    luma, label = drawn()
    before, outline = structure_of_light(luma), structure_of_label(label)
    return {c.name: c for c in contrasts(label, CLASSES, SMALL, outline, before, after, dx, 0)}


def test_what_stays_keeps_its_contrast() -> None:
    same = found(structure_of_light(drawn()[0]))
    assert set(same) == {"person", "pole"}
    assert same["person"].points == 2 * 40 + 2 * 15 - 4
    for contrast in same.values():
        assert contrast.before == contrast.after > 0.4
    assert kept(tuple(same.values())) == 1


def test_what_is_left_out_loses_it_and_the_other_does_not() -> None:
    left = found(structure_of_light(drawn(person=False)[0]))
    assert left["person"].after < 0.05
    assert left["pole"].after == pytest.approx(left["pole"].before, rel=0.02)
    assert kept([left["person"]]) < 0.1


def test_a_negative_is_as_clear() -> None:
    made = found(structure_of_light(255 - drawn()[0]))
    assert kept(tuple(made.values())) > 0.8


def test_objects_are_looked_for_where_the_picture_lies() -> None:
    moved = structure_of_light(np.roll(drawn()[0], 4, axis=1))
    assert kept(tuple(found(moved).values())) < 0.6
    assert kept(tuple(found(moved, 4).values())) == pytest.approx(1, abs=0.01)


def test_outlines_against_ignored_regions_do_not_count() -> None:
    luma, label = drawn()
    label[label == 0] = 255
    light = structure_of_light(luma)
    assert contrasts(label, CLASSES, SMALL, structure_of_label(label), light, light, 0, 0) == ()


def test_nothing_small_or_nothing_known_is_nothing() -> None:
    luma, label = drawn()
    light, outline = structure_of_light(luma), structure_of_label(label)
    assert contrasts(label, CLASSES, frozenset(), outline, light, light, 0, 0) == ()
    assert contrasts(label, (), SMALL, outline, light, light, 0, 0) == ()


def test_too_little_to_judge_by() -> None:
    assert np.isnan(kept([]))
    assert np.isnan(kept([Contrast("pole", FEWEST - 1, 0.5, 0.0)]))
    assert np.isnan(kept([Contrast("pole", 1000, 0.05, 0.0)]))
    assert kept([Contrast("pole", 30, 0.4, 0.4), Contrast("person", 30, 0.4, 0.0)]) == pytest.approx(0.5)
