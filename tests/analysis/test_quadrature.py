"""Integration against draws, which share nothing with it but the spread table."""

from collections.abc import Callable

import numpy as np
import pytest

from fairweather.analysis import draws, quadrature
from fairweather.analysis.spread import Layout, arrange, like_these, these
from fairweather.analysis.table import Block


def values(K: int, blocks: int, baseline: float) -> np.ndarray:
    rng = np.random.default_rng([K, blocks, 11])
    y = rng.normal(0, 1, (K + 1, blocks)) * np.append(rng.lognormal(0, 0.4, K), baseline)[:, None]
    return y + rng.normal(0, 5, blocks)


@pytest.mark.parametrize(
    ("K", "cells", "seeds", "baseline"),
    [(26, 12, 1, 1.9), (26, 4, 3, 1.0), (26, 9, 1, 6.0), (5, 12, 1, 0.4), (4, 40, 8, 2.0), (12, 8, 1, 0.2)],
)
def test_the_integral_is_what_many_draws_give(
    laid: Callable[..., Layout], K: int, cells: int, seeds: int, baseline: float
) -> None:
    spread = these(laid(values(K, cells * seeds, baseline), K, cells, seeds))
    assert quadrature.independent(spread)
    arms, rows = np.arange(K), 200_000
    most = draws.Largest(spread, draws.generator(0, "referee"), rows).over(K, arms)
    T = np.quantile(most, [0.5, 0.8, 0.9, 0.94, 0.95, 0.96, 0.99])
    seen = np.array([(most >= t).mean() for t in T])
    error = 4 * np.sqrt(seen * (1 - seen) / rows)
    for some in (slice(None), slice(3, 6)):  # many are interpolated, few are not
        p = quadrature.adjusted_p(spread, arms, K, T[some])
        close = np.where(
            np.abs(seen[some] - 0.05) < 0.004, 0.0003, 0.06 * seen[some]
        )  # fine nodes where a decision is near
        assert (np.abs(p - seen[some]) < error[some] + close).all()


def test_a_larger_difference_never_has_a_larger_p(laid: Callable[..., Layout]) -> None:
    spread = these(laid(values(26, 12, 2.0), 26, 12))
    p = quadrature.adjusted_p(spread, np.arange(26), 26, np.linspace(2.0, 4.0, 20))
    assert (np.diff(p) < 0).all()
    np.testing.assert_allclose(p, quadrature.adjusted_p(spread, np.arange(26), 26, -np.linspace(2.0, 4.0, 20)))


def test_the_reference_adjusted_p(reference_layout: Layout) -> None:
    spread = these(reference_layout)
    T = (spread.mean[:26] - spread.mean[26]) / np.sqrt(spread.variance(np.arange(26), 26))
    p = dict(zip(spread.arms, quadrature.adjusted_p(spread, np.arange(26), 26, T), strict=False))
    expected = {
        "gen_Attribute_Hallucination": 0.022,
        "gen_Img2Img": 0.041,
        "gen_cyclediffusion": 0.058,
        "std_cutmix": 0.996,
    }
    assert {name: p[name] for name in expected} == pytest.approx(expected, abs=0.006)


def test_what_cannot_be_integrated_is_not(laid: Callable[..., Layout]) -> None:
    y = values(5, 12, 1.0)
    assert not quadrature.independent(these(laid(y[[0, 1, 5]], 2, 12)))  # paired
    assert not quadrature.independent(these(laid(y[:, :3], 5, 3)))  # too few degrees of freedom
    gap = y.copy()
    gap[[0, 1, 2], [0, 1, 2]] = np.nan
    gap[[3, 4], [3, 4]] = np.nan
    assert not quadrature.independent(these(laid(gap, 5, 12)))  # least squares: the estimates are correlated
    wide = like_these(laid(y, 5, 12))
    assert wide is not None and quadrature.independent(wide) == (not np.isfinite(wide.nu_lam))
    constant = np.broadcast_to(np.arange(12.0), (6, 12))
    assert not quadrature.independent(these(laid(constant.copy(), 5, 12)))  # nothing varies


@pytest.mark.parametrize(("K", "n", "m"), [(4, 6, 1), (7, 12, 1), (26, 12, 1), (26, 4, 3)])
def test_every_p_is_a_probability_near_the_draws_however_far_the_gains_lie_apart(K: int, n: int, m: int) -> None:
    rng = np.random.default_rng([K, n, m])
    blocks = tuple(Block(f"d{i}", "m", s) for i in range(n) for s in range(m))
    y = rng.normal(size=(K + 1, n * m))
    y[: K // 2] += 3.0
    layout = arrange(y, (*(f"s{k}" for k in range(K)), "b"), K, blocks)
    assert isinstance(layout, Layout)
    spread, arms = these(layout), np.arange(K)
    assert quadrature.independent(spread)
    T = np.abs(spread.mean[:K] - spread.mean[K]) / np.sqrt(spread.variance(arms, K))
    p = quadrature.adjusted_p(spread, arms, K, T)
    most = draws.Largest(spread, draws.generator(1, "x"), 100_000).over(K, arms)
    drawn = (most[:, None] >= T).mean(axis=0)
    assert (p > 0).all() and (p <= 1).all()
    np.testing.assert_allclose(p, drawn, atol=0.008)
