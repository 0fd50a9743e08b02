"""Moves of printed ranks and what two unrelated orders would give."""

from itertools import permutations

import numpy as np
import pytest

from fairweather.analysis.frame import Printed
from fairweather.analysis.printed_change import moved, ranks_of


@pytest.mark.parametrize("n", [4, 6, 7])
def test_chance_is_that_of_all_orders(n: int) -> None:
    order = np.arange(n)
    every = np.abs(np.array(list(permutations(range(n)))) - order)
    found = moved(order.astype(float), order[::-1].astype(float), tuple(map(str, order)), 0)
    assert found.places == max(2, round(0.37 * n))
    far = (every >= found.places).sum(axis=1)
    assert found.footrule_expected == pytest.approx(every.sum(axis=1).mean())
    assert found.far_expected == pytest.approx(far.mean())
    low, high = np.quantile(far, [0.025, 0.975], method="inverted_cdf")
    assert abs(found.far_low - low) <= 1 and abs(found.far_high - high) <= 1
    assert found.footrule == np.abs(order - order[::-1]).sum()
    assert found.far == (np.abs(order - order[::-1]) >= found.places).sum()


def test_up_is_positive() -> None:
    found = moved(np.array([3.0, 1.0, 2.0]), np.array([1.0, 2.0, 3.0]), ("a", "b", "c"), 0)
    assert found.move.tolist() == [2.0, -1.0, -1.0] and found.footrule == 4


def test_printed_ranks_go_before_those_of_the_gains() -> None:
    nan = np.nan
    rank = np.array([[2.0, 1.0, 3.0], [nan, nan, nan]])
    printed = Printed(("a", "b"), np.array([[0.5, 0.5], [-0.1, 0.2]]), rank, np.full(3, nan), np.full(3, nan), 2)
    np.testing.assert_array_equal(ranks_of(printed, 0), [2.0, 1.0, 3.0])
    np.testing.assert_array_equal(ranks_of(printed, 1), [3.0, 1.0, 2.0])


def test_ties_share_their_rank_and_what_is_missing_has_none() -> None:
    nan = np.nan
    printed = Printed(
        ("a", "b", "c"), np.array([[0.5, nan, 0.5]]), np.full((1, 4), nan), np.full(4, nan), np.full(4, nan), 2
    )
    np.testing.assert_array_equal(ranks_of(printed, 0), [1.5, nan, 1.5, 3.0])
