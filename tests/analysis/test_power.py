from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from fairweather.analysis import draws
from fairweather.analysis.power import (
    POWER,
    detectable_shift,
    planned_detectable,
    planned_gain,
    smallest_difference,
    smallest_gain,
)
from fairweather.analysis.spread import Layout, like_these, members, these


def test_the_reference_smallest_detectable_gain_and_difference(reference_layout: Layout) -> None:
    wide = like_these(reference_layout)
    assert wide is not None
    for table, gain in ((these(reference_layout), 1.57), (wide, 1.85)):
        c = draws.against(table, np.arange(26), 26, 0, "gains.stage1").c
        assert smallest_gain(table, c, "baseline") == pytest.approx(gain, abs=0.02)
    for family, difference in (("", 1.32), ("gen", 1.08), ("std", 1.33)):
        names = tuple(name for name in reference_layout.arms[:26] if name.startswith(family))
        table = these(members(reference_layout, names))
        c = draws.pair_limit(table, 0, "tiers.stage1")
        assert smallest_difference(table, c) == pytest.approx(difference, abs=0.02)


@pytest.mark.parametrize(("c", "nu"), [(2.0, 100.0), (3.04, 15.0), (6.2, 4.0), (25.5, 1.5)])
def test_the_shift_has_the_power_asked_for(c: float, nu: float) -> None:
    assert stats.nct.sf(c, nu, detectable_shift(c, nu)) == pytest.approx(POWER, abs=1e-3)


@pytest.mark.parametrize(
    ("K", "expected"), [(7, (3.95, 2.34, 1.54, 1.04)), (26, (4.42, 2.63, 1.70, 1.15))]
)  # fmt: skip
def test_planned_designs(K: int, expected: tuple[float, ...]) -> None:
    """In units of sqrt(S) at n = 3, 6, 12, 24 (facts/statistics.md); c of 10,000 draws is good to about 0.04."""
    found = [planned_gain(K, n, n - 1.0) for n in (3, 6, 12, 24)]
    np.testing.assert_allclose(found, expected, rtol=0.02)


def test_extra_runs_of_the_baseline_lower_what_can_be_seen() -> None:
    one = planned_gain(26, 12, 11.0)
    lower = [1 - planned_gain(26, 12, 11.0, runs) / one for runs in (2, 3, 5)]
    np.testing.assert_allclose(lower, (0.11, 0.15, 0.18), atol=0.015)


@pytest.mark.parametrize("design", [(26, 12, 1), (6, 1, 3), (2, 1, 3), (1, 4, 3), (6, 1, 1), (0, 1, 3)])
def test_a_plan_says_what_it_could_show(design: tuple[int, int, int]) -> None:
    lines = planned_detectable(*design)
    assert all("\n" not in line for line in lines)
    testable = design[0] > 0 and design[1] * design[2] > 1
    assert ("points" in lines[0]) == testable
    assert any("like these" in line for line in lines) == (testable and design[1] > 1)


def test_a_design_detects_the_gain_it_names_four_times_in_five(laid: Callable[..., Layout]) -> None:
    """The formula against plain simulation: K = 4, 6 blocks, all spreads 1."""
    rng = np.random.default_rng(3)
    delta, hits = planned_gain(4, 6, 5.0), []
    for study in range(150):
        y = rng.normal(size=(5, 6))
        y[0] += delta
        family = draws.against(these(laid(y, 4, 6)), np.arange(4), 4, study, "x")
        hits.append(family.p_adjusted[0] <= 0.05)
    assert 0.70 <= np.mean(hits) <= 0.90
