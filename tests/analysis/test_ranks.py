from collections.abc import Callable
from itertools import permutations

import numpy as np
import pytest
from scipy import stats

from fairweather.analysis import draws
from fairweather.analysis.gains import f_ratio
from fairweather.analysis.ranks import (
    components,
    exact_friedman_p,
    friedman_chi2,
    omnibus,
    omnibus_like,
    order,
    rank_sets,
    studentised,
)
from fairweather.analysis.spread import Layout, like_these, members, these

RNG = np.random.default_rng(14)


@pytest.mark.parametrize(
    ("family", "chi2", "p", "p_like", "F", "F_p", "s", "sd"),
    [
        ("", 35.561, 0.0785, 0.451, 1.921, 0.0063, 0.642, 0.178),
        ("gen", 21.429, 0.3723, 0.651, 1.386, 0.1308, 0.538, 0.097),
        ("std", 6.867, 0.1431, 0.404, 1.102, 0.3676, 0.846, 0.078),
    ],
)
def test_the_reference_omnibus(
    reference_layout: Layout,
    family: str,
    chi2: float,
    p: float,
    p_like: float,
    F: float,
    F_p: float,
    s: float,
    sd: float,
) -> None:
    names = tuple(name for name in reference_layout.arms[:26] if name.startswith(family))
    layout = members(reference_layout, names)
    K, table, test = len(names), these(layout), omnibus(layout.y[: len(names)])
    assert test is not None and test.blocks == 12
    assert (test.chi2, test.p) == pytest.approx((chi2, p), abs=6e-4)
    assert omnibus_like(layout.y[:K], layout.grid) == pytest.approx(p_like, abs=6e-4)
    assert f_ratio(table) == pytest.approx(F, abs=6e-4)
    assert stats.f.sf(f_ratio(table), K - 1, (K - 1) * 11) == pytest.approx(F_p, abs=6e-5)
    assert np.sqrt(table.s2) == pytest.approx(s, abs=6e-4)
    assert components(layout, table)[0] == pytest.approx(sd, abs=6e-4)


def test_the_reference_with_the_baseline_counted_in(reference_layout: Layout) -> None:
    """Only to check the code: a baseline is never counted among the strategies."""
    test = omnibus(reference_layout.y)
    assert test is not None and (test.chi2, test.p) == pytest.approx((46.487, 0.0080), abs=6e-4)


def test_the_reference_rank_sets(reference_layout: Layout) -> None:
    wide = like_these(reference_layout)
    assert wide is not None
    for table in (these(reference_layout), wide):
        sets = rank_sets(table, draws.pair_limit(table, 0, "tiers.stage1"))
        assert (sets.low == 1).all() and (sets.high == 26).all() and (sets.tier == 1).all()
    T = studentised(these(reference_layout))
    s, t = np.unravel_index(T.argmax(), T.shape)
    assert T.max() == pytest.approx(3.908, abs=6e-4)
    assert (reference_layout.arms[s], reference_layout.arms[t]) == ("gen_Attribute_Hallucination", "std_cutmix")


def test_friedman_agrees_with_scipy() -> None:
    y = RNG.integers(0, 6, size=(5, 9)).astype(float)  # with ties
    peer = stats.friedmanchisquare(*y)
    test = omnibus(y)
    assert test is not None and (test.chi2, test.p) == pytest.approx((peer.statistic, peer.pvalue))
    assert friedman_chi2(np.ones((4, 5))) == 0


def test_iman_davenport_below_six_blocks() -> None:
    y = RNG.normal(size=(7, 4))
    chi2, test = stats.friedmanchisquare(*y).statistic, omnibus(y)
    F = 3 * chi2 / (4 * 6 - chi2)
    assert test is not None and test.p == pytest.approx(stats.f.sf(F, 6, 18))


def test_the_exact_p_counts_every_order() -> None:
    y = RNG.normal(size=(3, 3))
    seen = friedman_chi2(y)
    ranks = stats.rankdata(y, axis=0)
    every = [
        friedman_chi2(np.array([ranks[:, 0], ranks[list(one), 1], ranks[list(two), 2]]).T)
        for one in permutations(range(3))
        for two in permutations(range(3))
    ]
    assert exact_friedman_p(y) == pytest.approx(np.mean(np.array(every) >= seen - 1e-9))


def test_three_strategies_and_three_seeds_do_not_differ_too_easily() -> None:
    """Iman-Davenport alone says yes in 19 % of such studies without a difference."""
    said = [test.p <= 0.05 for _ in range(400) if (test := omnibus(RNG.normal(size=(3, 3))))]
    assert np.mean(said) <= 0.06


def test_two_strategies_are_a_paired_t_and_fewer_are_no_question() -> None:
    y = RNG.normal(size=(2, 5))
    test = omnibus(y)
    assert test is not None and test.p == pytest.approx(stats.ttest_rel(*y).pvalue)
    assert omnibus(y[:1]) is None and omnibus(y[:, :1]) is None


def test_rank_sets_and_tiers_of_clear_groups(laid: Callable[..., Layout]) -> None:
    effect = np.array([20.0, 20.1, 10.0, 0.0, 10.1, -5.0])
    table = these(laid(effect[:, None] + RNG.normal(0, 0.3, (6, 8)), 5, 8))
    sets = rank_sets(table, draws.pair_limit(table, 0, "x"))
    np.testing.assert_array_equal(sets.tier, [1, 1, 2, 3, 2])
    np.testing.assert_array_equal(sets.low, [1, 1, 3, 5, 3])
    np.testing.assert_array_equal(sets.high, [2, 2, 4, 5, 4])
    assert sets.reach[0, 1] < 1.5 < 9 < sets.reach[0, 2]


def test_ranks_count_from_the_highest() -> None:
    np.testing.assert_array_equal(order(np.array([[3.0, 9.0, 5.0], [1.0, 1.0, 0.0]])), [[3, 1, 2], [1, 2, 3]])
