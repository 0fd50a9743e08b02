"""Deviations by medians, and the two-way residual."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairweather.audit.tables.deviation import deviations, usual
from fairweather.audit.tables.residual import residuals
from fairweather.audit.tables.rows import grouped, medians, rows_of

Make = Callable[..., Any]
GROUPS = st.lists(st.tuples(st.integers(0, 4), st.floats(-50, 50)), min_size=1, max_size=40)


@given(GROUPS)
def test_medians_are_those_of_numpy(pairs: list[tuple[int, float]]) -> None:
    of, values = np.array([g for g, _ in pairs]), np.array([v for _, v in pairs])
    found = medians(values, of, 5)
    for group in range(5):
        mine = values[of == group]
        assert np.isnan(found[group]) if not mine.size else found[group] == pytest.approx(np.median(mine))


@given(GROUPS)
def test_the_usual_shift_is_the_median_of_the_others(pairs: list[tuple[int, float]]) -> None:
    of, values = np.array([g for g, _ in pairs]), np.array([v for _, v in pairs])
    found = usual(values, of)
    for at in range(len(values)):
        others = np.sort(np.delete(values, at)[np.delete(of, at) == of[at]])
        middle = [others[(others.size - 1) // 2], others[others.size // 2]] if others.size > 1 else [0.0]
        assert abs(found[at]) == min(map(abs, middle)) and found[at] in middle


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 10**6)), min_size=1, max_size=60))
def test_groups_are_the_distinct_tuples(pairs: list[tuple[int, int]]) -> None:
    columns = [np.array(column) for column in zip(*pairs, strict=True)]
    found = grouped([(columns[0], 10), (columns[1], 10**6 + 1)], len(pairs))
    assert found.size == len(set(pairs)) and found.counts.sum() == len(pairs)
    assert [pairs[at] for at in found.first[found.of]] == pairs
    assert all(pairs.index(pairs[at]) == at for at in found.first.tolist())


def test_a_run_that_lacks_a_hard_domain_is_not_ahead(by_domain: Any, imported: Make) -> None:
    rows = rows_of(imported([row for at, row in enumerate(by_domain) if at != 10]))
    found = deviations(rows, by_domain=False)
    whole = deviations(rows_of(imported(by_domain)), by_domain=False)
    assert abs(found.shift[found.unit.of[9]] - whole.shift[whole.unit.of[9]]) < 1.0


def test_residuals_of_an_additive_table_are_zero_but_for_what_was_planted(imported: Make) -> None:
    rows = [
        {"strategy": f"s{k}x", "dataset": f"d{d}", "model": f"m{m}", "value": 40.0 + k * 0.7 + 5 * d - 3 * m}
        for k in range(9)
        for d in range(3)
        for m in range(2)
    ]
    rows[8]["value"] += 6
    found = deviations(rows_of(imported(rows)), by_domain=False)
    rest, sd = residuals(found)
    planted = found.unit.of[8]
    assert rest[planted] == pytest.approx(6, abs=0.01) and np.abs(np.delete(rest, planted)).max() < 0.05
    assert (sd == 0.3).all()


def test_the_residual_spread_is_that_of_the_noise(simulated: Make, imported: Make) -> None:
    spreads = []
    for seed in range(20):
        rest, sd = residuals(deviations(rows_of(imported(simulated(seed, 20, 3, 2, 2))), by_domain=False))
        assert len(rest) == 252
        spreads.append(float(np.median(sd)))
    assert np.mean(spreads) == pytest.approx(0.7, abs=0.05)
