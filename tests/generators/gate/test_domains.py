"""Distance of a pool to both domains."""

from collections.abc import Callable

import numpy as np
import pytest

from fairweather.generators.gate.domains import FEWEST, MOST, distance, tone
from fairweather.generators.generator import Source

Street = Callable[[int, str], tuple[Source, np.ndarray]]


@pytest.mark.parametrize("domain", ["foggy", "night", "snowy"])
def test_oracles_are_nearer_the_target_and_copies_the_source(street: Street, domain: str) -> None:
    pairs = [street(index, domain) for index in range(0, 500, 20)]
    made, target = np.stack([tone(o) for _, o in pairs[::2]]), np.stack([tone(o) for _, o in pairs[1::2]])
    copies, source = (np.stack([tone(s.image) for s, _ in pairs[first::2]]) for first in (0, 1))
    good, bad = distance(made, target, source), distance(copies, target, source)
    assert good is not None and good.nearness > 0.8
    assert bad is not None and bad.nearness < 0.2


def test_it_is_the_unbiased_energy_distance() -> None:
    rng = np.random.default_rng(0)
    real, source = rng.normal(0, 1, (300, 22)), rng.normal(1, 1, (300, 22))
    values = []
    for _ in range(20):
        found = distance(rng.normal(0, 1, (40, 22)), real, source)
        assert found is not None
        values.append((found.to_target, found.to_source))
    same, other = np.mean(values, axis=0)
    assert abs(same) < 0.05 < 1.0 < other


@pytest.mark.parametrize("few", [0, 1, 2])
def test_too_few_are_not_measurable(few: int) -> None:
    sets = [np.random.default_rng(k).normal(0, 1, (FEWEST - (k == few), 22)) for k in range(3)]
    assert distance(*sets) is None
    assert distance(sets[0], None, sets[2]) is None


def test_many_are_thinned_out() -> None:
    rng = np.random.default_rng(0)
    made, target, source = (rng.normal(k, 1, (3 * MOST, 22)) for k in range(3))
    assert distance(made, target, source) == distance(made[::3], target[::3], source[::3])


def test_pictures_without_any_difference_have_no_distance() -> None:
    same = np.ones((FEWEST, 22))
    found = distance(same, same, same)
    assert found is not None
    assert (found.to_target, found.to_source, found.nearness) == (0, 0, 0.5)


@pytest.mark.parametrize("shape", [(32, 32), (90, 131), (720, 1280)])
def test_tone_of_any_size(shape: tuple[int, int]) -> None:
    grey, dark = tone(np.full((*shape, 3), 128, np.uint8)), tone(np.zeros((*shape, 3), np.uint8))
    assert grey.shape == (22,)
    assert np.isfinite(grey).all()
    assert (grey[20], dark[20], dark[21]) == (0, 1, 0)
