"""Refereed by scipy.stats, which is too slow to load for a command line."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from fairweather.analysis.distributions import (
    average_ranks,
    benjamini_hochberg,
    chi2_sf,
    f_sf,
    nct_sf,
    t_isf,
    t_sf,
)

NU = np.array([1.0, 2.5, 8.0, 16.169, 57.0, 400.0, 1e6])


def test_t_is_that_of_scipy_far_into_the_tail() -> None:
    for T in (0.0, 0.3, 1.96, 4.13, 9.0, 30.0):
        np.testing.assert_allclose(t_sf(T, NU), stats.t.sf(T, NU), rtol=1e-8)
        np.testing.assert_allclose(t_sf(-T, NU), stats.t.sf(-T, NU), rtol=1e-8)
    for p in (0.5, 0.05, 0.025, 0.025 / 26, 0.025 / 500):
        np.testing.assert_allclose(t_isf(p, NU), stats.t.isf(p, NU), rtol=1e-8, atol=1e-12)


def test_the_others_are_those_of_scipy() -> None:
    for nu in (2.0, 8.66, 22.0, 180.5):
        for c in (2.0, 3.04, 4.13):
            for shift in (0.0, 1.5, 3.9, 6.0):
                assert nct_sf(c, nu, shift) == pytest.approx(stats.nct.sf(c, nu, shift), abs=1e-8)
    for x in (0.1, 6.867, 35.561, 80.0):
        assert chi2_sf(x, 25) == pytest.approx(stats.chi2.sf(x, 25), rel=1e-9)
        assert f_sf(x, 25, 170.3) == pytest.approx(stats.f.sf(x, 25, 170.3), rel=1e-7, abs=1e-300)


@given(hnp.arrays(float, hnp.array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.integers(0, 4).map(float)))
def test_ranks_share_ties(x: np.ndarray) -> None:
    for axis in (0, 1, -1):
        np.testing.assert_array_equal(average_ranks(x, axis), stats.rankdata(x, axis=axis))


@given(hnp.arrays(float, st.integers(1, 40), elements=st.floats(0, 1)))
def test_false_discovery_control(p: np.ndarray) -> None:
    np.testing.assert_allclose(benjamini_hochberg(p), stats.false_discovery_control(p), rtol=1e-12, atol=0)
