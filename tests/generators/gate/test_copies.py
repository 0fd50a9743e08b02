"""Copies and single colours."""

import numpy as np
import pytest

from fairweather.generators.gate.copies import difference, spread
from fairweather.generators.gate.structure import grey, structure_of_light


def test_difference_of_pictures() -> None:
    rng = np.random.default_rng(0)
    one = rng.integers(0, 200, (40, 60, 3), np.uint8)
    two = rng.integers(0, 200, (40, 60, 3), np.uint8)
    before, after = (structure_of_light(grey(image)) for image in (one, two))
    same = difference(one, one, before, before)
    assert same.levels == 0
    assert same.structure == pytest.approx(0, abs=1e-6)
    assert difference(one, one + np.uint8(7), before, before).levels == 7
    unlike = difference(one, two, before, after)
    assert unlike.levels == pytest.approx(np.abs(one.astype(int) - two).mean())
    assert unlike.structure == pytest.approx(1, abs=0.1)


def test_structure_is_not_measurable_without_any() -> None:
    flat = np.full((20, 20, 3), 50, np.uint8)
    none = structure_of_light(grey(flat))
    assert np.isnan(difference(flat, flat, none, none).structure)


def test_spread_is_the_standard_deviation() -> None:
    luma = np.random.default_rng(0).integers(0, 256, (30, 50), np.uint8)
    assert spread(luma) == pytest.approx(luma.std())
    assert spread(np.full((8, 8), 3, np.uint8)) == 0
