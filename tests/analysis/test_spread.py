from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from fairweather.analysis.spread import (
    Layout,
    Untestable,
    added,
    arrange,
    like_these,
    mean_squares,
    members,
    residuals,
    select,
    these,
)
from fairweather.analysis.table import Block

RNG = np.random.default_rng(11)


def test_the_reference_spread_table(reference_layout: Layout) -> None:
    table = these(reference_layout)
    assert table.s2 == pytest.approx(0.41174, abs=5e-6)
    assert table.S[26] == pytest.approx(1.47597, abs=6e-6)
    assert table.nu[26] == pytest.approx(10.200, abs=5e-4)
    np.testing.assert_allclose(table.nu[:26], 16.169, atol=5e-4)
    assert (table.N, table.d, table.K) == (12, 11, 26)


def test_the_reference_inflation_to_other_data_sets_and_models(reference_layout: Layout) -> None:
    squares = mean_squares(reference_layout.y[:26], reference_layout.grid)
    assert squares is not None
    assert squares[0] == pytest.approx((0.43858, 0.46404, 0.38088), abs=6e-6)
    assert squares[1] == (75, 50, 150)
    wide = like_these(reference_layout)
    assert wide is not None
    assert wide.lam == pytest.approx(1.26716, abs=6e-6)
    assert wide.nu_lam == pytest.approx(34.727, abs=5e-4)


def test_least_squares_on_a_complete_table_is_the_plain_mean(laid: Callable[..., Layout]) -> None:
    y = RNG.normal(size=(7, 9))
    table = these(laid(y, 5, 9))
    np.testing.assert_allclose(table.mean, y.mean(axis=1), atol=1e-12)
    np.testing.assert_allclose(table.variance(0, 5), (table.S[0] + table.S[5]) / 9)
    np.testing.assert_allclose(table.cov, np.diag(table.S) / 9, atol=1e-12)
    nu = (table.S[0] + table.S[6]) ** 2 / (table.S[0] ** 2 / table.nu[0] + table.S[6] ** 2 / table.nu[6])
    np.testing.assert_allclose(table.dof(0, 6), nu)


def test_own_variances_are_unbiased_and_the_baseline_keeps_its_own(laid: Callable[..., Layout]) -> None:
    sd = np.array([0.5, 1.0, 1.5, 1.0, 2.0])
    found = np.mean([these(laid(RNG.normal(size=(5, 6)) * sd[:, None], 4, 6)).S for _ in range(3000)], axis=0)
    assert found[4] == pytest.approx(4.0, rel=0.06)  # not shrunk
    assert found[0] > 0.25 and found[2] < 2.25  # shrunk to the pool of 1.125
    assert found[:4].mean() == pytest.approx(1.125, rel=0.06)


def test_with_seeds_the_residual_is_taken_within_the_cell(laid: Callable[..., Layout]) -> None:
    y = RNG.normal(size=(5, 12))
    interaction = np.repeat(RNG.normal(size=(5, 4)) * 10, 3, axis=1)
    layout = laid(y, 4, 4, 3)
    moved = laid(y + interaction, 4, 4, 3)
    assert layout.within and layout.seeds == 3 and these(layout).d == 8
    np.testing.assert_allclose(these(moved).S, these(layout).S)
    np.testing.assert_allclose(residuals(layout).reshape(4, 4, 3).sum(axis=2), 0, atol=1e-12)


def test_seeds_are_never_blocks_for_other_data_sets_and_models(laid: Callable[..., Layout]) -> None:
    y = RNG.normal(size=(5, 12))
    wide = like_these(laid(y, 4, 4, 3))
    assert wide is not None and wide.N == 4 and wide.d == 3
    assert like_these(laid(y, 4, 1, 12)) is None


def test_two_strategies_are_a_paired_t(laid: Callable[..., Layout]) -> None:
    y = RNG.normal(size=(4, 5))
    table = these(laid(y, 2, 1, 5))
    assert table.paired
    for a, b in ((0, 2), (1, 2), (3, 2), (0, 1)):
        peer = stats.ttest_rel(y[a], y[b])
        T = (table.mean[a] - table.mean[b]) / np.sqrt(table.variance(a, b))
        assert pytest.approx(peer.statistic) == T and table.dof(a, b) == pytest.approx(4)


def test_tables_of_independent_runs_add(laid: Callable[..., Layout]) -> None:
    first, second = (these(laid(RNG.normal(size=(5, 3)), 4, 1, 3)) for _ in range(2))
    table = added(first, second)
    np.testing.assert_allclose(table.mean, second.mean - first.mean)
    np.testing.assert_allclose(table.variance(1, 4), first.variance(1, 4) + second.variance(1, 4))
    with pytest.raises(ValueError, match="not of the same arms"):
        added(first, select(second, ("s0", "s1", "baseline"), 2))


def test_a_family_is_laid_out_on_its_own(laid: Callable[..., Layout]) -> None:
    y = RNG.normal(size=(6, 8))
    own = members(laid(y, 5, 8), ("s1", "s3", "s4"))
    whole = these(laid(y[[1, 3, 4, 5]], 3, 8))
    np.testing.assert_allclose(these(own).S, whole.S)


def test_missing_cells_are_bridged_not_averaged_over(laid: Callable[..., Layout]) -> None:
    """The trap of unequal coverage: a strategy that lacks the hard cells looks better in a plain mean."""
    level = np.array([0.0, -30.0, 0.0, -30.0, 0.0, -30.0])
    effect = np.array([1.0, 2.0, 3.0, 0.0])
    y = effect[:, None] + level + RNG.normal(0, 0.01, (4, 6))
    y[0, 1] = y[1, 3] = y[2, 5] = np.nan
    layout = laid(y, 3, 6)
    assert not layout.matched
    table = these(layout)
    np.testing.assert_allclose(table.mean[:3] - table.mean[3], effect[:3], atol=0.05)
    assert np.nanmean(y[0]) - y[3].mean() > 3  # what a plain mean would have said of a gain of 1


def test_strategies_with_few_runs_are_left_out_and_the_rest_is_matched(laid: Callable[..., Layout]) -> None:
    y = RNG.normal(size=(5, 9))
    y[1, :5] = np.nan
    y[2, 0] = np.nan
    layout = laid(y, 4, 9)
    assert layout.left_out == ("s1",) and layout.arms[: layout.K] == ("s0", "s2", "s3")
    assert layout.dropped == 1 and layout.matched


def test_a_control_that_lacks_runs_costs_the_strategies_none(laid: Callable[..., Layout]) -> None:
    y = RNG.normal(size=(6, 3))
    y[5, 0] = np.nan
    layout = laid(y, 4, 1, 3)
    assert layout.y.shape[1] == 3 and layout.arms[-1] == "placebo_0"
    y[5, 1] = np.nan
    assert laid(y, 4, 1, 3).arms[-1] == "baseline"  # one run has no spread


def test_what_has_no_replicates_is_untestable() -> None:
    arms, seeds = ("s0", "s1", "s2", "baseline"), tuple(Block("d", "m", s) for s in range(3))
    assert isinstance(arrange(np.ones((4, 1)), arms, 3, seeds[:1]), Untestable)
    assert isinstance(arrange(np.full((4, 3), np.nan), arms, 3, seeds), Untestable)
    apart = np.full((4, 4), np.nan)
    apart[3], apart[0, :2], apart[1, 2:], apart[2, :2] = 0.0, 1.0, 2.0, 3.0
    found = arrange(apart, arms, 3, tuple(Block(d, "m", 0) for d in "abcd"))
    assert isinstance(found, Untestable) and "share too few" in found.reason


def test_crossings_that_do_not_vary_together_inflate_nothing() -> None:
    grid = tuple((f"d{i}", f"m{j}") for i in range(3) for j in range(3))
    y = RNG.normal(size=(4, 9))
    assert mean_squares(y, grid[:3]) is None  # one data set
    assert mean_squares(y[:, :8], grid[:8]) is not None  # the largest complete part, 2 x 3
    assert mean_squares(y[:1], grid) is None


def blocks(*cells: str, seeds: int) -> tuple[Block, ...]:
    return tuple(Block(cell, "m", seed) for cell in cells for seed in range(seeds))


def test_a_strategy_with_a_single_value_is_left_out_where_runs_are_missing() -> None:
    y = RNG.normal(size=(4, 2))
    y[0, 0] = np.nan
    layout = arrange(y, ("s0", "s1", "s2", "baseline"), 3, blocks("a", "b", seeds=1))
    assert isinstance(layout, Layout) and layout.left_out == ("s0",) and layout.matched
    y = RNG.normal(size=(5, 4))  # two seeds of one cell are one value, where the cells are what is compared
    y[0, 2:] = y[1, 3] = y[2, 1] = np.nan
    layout = arrange(y, ("s0", "s1", "s2", "s3", "baseline"), 4, blocks("a", "b", seeds=2))
    assert isinstance(layout, Layout) and layout.left_out == ("s0",)


def test_without_a_degree_of_freedom_left_nothing_is_tested() -> None:
    y = np.full((4, 4), np.nan)
    y[3] = RNG.normal(size=4)
    for s, two in enumerate(((0, 1), (1, 2), (2, 3))):  # a chain: every value is spent on a strategy or a block
        y[s, two] = 1.0
    found = arrange(y, ("s0", "s1", "s2", "baseline"), 3, blocks("a", "b", "c", "d", seeds=1))
    assert isinstance(found, Untestable) and "so many runs are missing" in found.reason


def test_two_strategies_that_share_no_run_are_untestable() -> None:
    y = RNG.normal(size=(3, 4))
    y[0, :2] = y[1, 2:] = np.nan
    found = arrange(y, ("s0", "s1", "baseline"), 2, blocks("a", seeds=4))
    assert isinstance(found, Untestable) and "no run of the baseline is matched" in found.reason


def test_a_control_with_one_cell_left_is_left_out_of_cell_means() -> None:
    y = RNG.normal(size=(6, 4))
    y[0, 0] = y[1, 2] = np.nan
    y[4, 2:] = np.nan
    layout = arrange(y, ("s0", "s1", "s2", "baseline", "one", "both"), 3, blocks("a", "b", seeds=2))
    assert isinstance(layout, Layout) and layout.seeds == 1 and "one" not in layout.arms and "both" in layout.arms
    assert np.isfinite(these(layout).nu).all() and (these(layout).nu > 0).all()


def test_missing_seeds_of_one_cell_cost_degrees_of_freedom() -> None:
    """statistics.md, missing cells: d = n_s - 1 of each strategy; with none missing it is the formula within the cell."""
    y = RNG.normal(size=(4, 6))
    whole = these(laid_out(y))
    y[0, :3] = y[1, 4] = np.nan
    table = these(laid_out(y))
    assert table.nu[0] < table.nu[2] < whole.nu[2] + 1e-9 and table.d == 2.0
    assert whole.d == 5.0


def laid_out(y: np.ndarray) -> Layout:
    layout = arrange(y, ("s0", "s1", "s2", "baseline"), 3, blocks("a", seeds=y.shape[1]))
    assert isinstance(layout, Layout) and layout.within
    return layout


def test_a_family_whose_bridge_is_missing_is_untestable() -> None:
    y = RNG.normal(size=(4, 4))
    y[0, :2] = y[1, 2:] = np.nan
    layout = arrange(y, ("s0", "s1", "s2", "baseline"), 3, blocks("a", "b", "c", "d", seeds=1))
    assert isinstance(layout, Layout) and not layout.matched
    assert isinstance(members(layout, ("s0", "s1")), Untestable)
