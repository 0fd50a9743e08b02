from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from fairweather.analysis import draws
from fairweather.analysis.spread import Layout, like_these, these

RNG = np.random.default_rng(12)


def test_the_reference_critical_values(reference_layout: Layout) -> None:
    wide = like_these(reference_layout)
    assert wide is not None
    for table, c_D, c_T in ((these(reference_layout), 3.04, 4.13), (wide, 3.20, 4.43)):
        family = draws.against(table, np.arange(26), 26, 0, "gains.stage1")
        np.testing.assert_allclose(family.c, c_D, atol=0.04)
        np.testing.assert_allclose(draws.pair_limit(table, 0, "tiers.stage1"), c_T, atol=0.04)


def test_a_stream_is_keyed_by_seed_and_finding() -> None:
    def first(seed: int, finding: str) -> float:
        return float(draws.generator(seed, finding).random())

    assert first(0, "gains.stage1") == first(0, "gains.stage1")
    assert len({first(0, "gains.stage1"), first(1, "gains.stage1"), first(0, "gains.stage2")}) == 3


def test_with_many_degrees_of_freedom_the_draws_meet_dunnett(laid: Callable[..., Layout]) -> None:
    y = RNG.normal(size=(6, 400))
    y -= y.mean(axis=1, keepdims=True)
    y[0] += 0.12
    family = draws.against(these(laid(y, 5, 1, 400)), np.arange(5), 5, 0, "x")
    peer = stats.dunnett(*y[:5], control=y[5], rng=np.random.default_rng(0))
    assert family.p_adjusted[0] == pytest.approx(peer.pvalue[0], abs=0.03)
    wide = draws.pair_limit(these(laid(y, 5, 1, 400)), 0, "x")[0, 1] * np.sqrt(2)
    assert wide == pytest.approx(stats.studentized_range.ppf(0.95, 5, 1600), abs=0.08)


def test_two_strategies_are_corrected_by_bonferroni(laid: Callable[..., Layout]) -> None:
    y = RNG.normal(size=(3, 6))
    family = draws.against(these(laid(y, 2, 1, 6)), np.arange(2), 2, 0, "x")
    p = [min(1.0, 2 * stats.ttest_rel(y[k], y[2]).pvalue) for k in range(2)]
    np.testing.assert_allclose(family.p_adjusted, p)
    np.testing.assert_allclose(family.c, stats.t.isf(0.0125, 5))


def test_close_calls_are_drawn_more_often(laid: Callable[..., Layout], monkeypatch: pytest.MonkeyPatch) -> None:
    table = these(laid(RNG.normal(size=(4, 6)), 3, 6))
    seen: list[int] = []
    real = draws.estimates
    monkeypatch.setattr(draws, "estimates", lambda s, g, rows: seen.append(rows) or real(s, g, rows))
    draws.against(table, np.arange(3), 3, 0, "x")
    assert seen == [draws.R]
    monkeypatch.setattr(draws, "CLOSE", 1.0)
    draws.against(table, np.arange(3), 3, 0, "x")
    assert seen == [draws.R] * 2, "with complete blocks the p carry no error of drawing"
    monkeypatch.setattr(draws.quadrature, "independent", lambda spread: False)
    draws.against(table, np.arange(3), 3, 0, "x")
    assert seen == [draws.R] * 3 + [draws.R_CLOSE]


def test_where_nothing_varies_a_difference_is_certain_and_equality_is_none() -> None:
    np.testing.assert_array_equal(
        draws.statistic(np.array([0.0, 2.0, -1.0, 3.0]), np.array([0.0, 0.0, 0.0, 1.5])), [0, np.inf, -np.inf, 2]
    )
