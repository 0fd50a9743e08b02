"""KID and the Frechet distance: numbers by hand, closed forms, brute force and simulation."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import sqrtm

from fairweather.errors import InputError
from fairweather.generators.quality.distances import common_rows, frechet, kid


def normal(seed: int, rows: int = 20, width: int = 8, shift: float = 0.0) -> np.ndarray:
    return np.random.default_rng(seed).normal(shift, 1, (rows, width))


def white(seed: int, rows: int, width: int) -> np.ndarray:
    """Rows whose sample mean is 0 and whose sample covariance is the identity."""
    rows_ = normal(seed, rows, width)
    rows_ -= rows_.mean(axis=0)
    return np.asarray(np.linalg.qr(rows_)[0] * math.sqrt(rows - 1))


def mmd_by_definition(x: np.ndarray, y: np.ndarray) -> float:
    """Gretton et al. 2012, eq. 3, pair by pair."""

    def k(a: np.ndarray, b: np.ndarray) -> float:
        return float((a @ b / len(a) + 1) ** 3)

    within = [np.mean([k(a, b) for i, a in enumerate(z) for j, b in enumerate(z) if i != j]) for z in (x, y)]
    return float(sum(within) - 2 * np.mean([k(a, b) for a in x for b in y]))


def biased_mmd(x: np.ndarray, y: np.ndarray) -> float:
    """With each row against itself as well, as what KID was made to replace."""
    means = [((a @ b.T / x.shape[1] + 1) ** 3).mean() for a, b in ((x, x), (y, y), (x, y))]
    return float(means[0] + means[1] - 2 * means[2])


def test_kid_by_hand() -> None:
    """x = 0, 1, 2 and y = 1, 1, 1: pairs within x give 1, 1, 27, within y 8, across 1, 8, 27: 29/3 + 8 - 2 x 12."""
    assert kid(np.array([[0.0], [1], [2]]), np.ones((3, 1))).value == pytest.approx(29 / 3 + 8 - 24, abs=1e-12)


def test_kid_is_that_of_the_definition_and_its_error_a_jackknife() -> None:
    x, y = normal(0, 7, 3), normal(1, 7, 3, 0.5)
    found = kid(x, y)
    assert found.value == pytest.approx(mmd_by_definition(x, y), abs=1e-12)

    def without(z: np.ndarray, i: int) -> np.ndarray:
        return np.delete(z, i, axis=0)

    each = [
        [mmd_by_definition(without(x, i), y) for i in range(7)],
        [mmd_by_definition(x, without(y, i)) for i in range(7)],
    ]
    variance = sum(6 / 7 * np.square(np.array(v) - np.mean(v)).sum() for v in each)
    assert found.standard_error == pytest.approx(math.sqrt(variance), rel=1e-9)


def test_kid_in_blocks_is_the_mean_over_disjoint_blocks() -> None:
    x, y = normal(2, 40, 5), normal(3, 40, 5, 0.3)
    blocks = kid(x, y, block=10)
    whole = kid(x, y)
    assert blocks.value != whole.value
    assert abs(blocks.value - whole.value) < 3 * blocks.standard_error
    assert kid(x, y, block=10) == blocks
    assert kid(x, y, seed=1, block=10) != blocks
    assert kid(x, y, seed=1) == whole  # one block: no seed
    assert math.isfinite(kid(x[:4], y[:4], block=3).standard_error)  # never a block of two


@pytest.mark.parametrize("block", [1000, 8])
def test_kid_is_unbiased(block: int) -> None:
    """400 pairs of sets from one distribution: the mean lies within 4 standard errors of 0, half of them are negative."""
    values = [kid(normal(2 * i, 24), normal(2 * i + 1, 24), block=block).value for i in range(400)]
    assert abs(np.mean(values)) < 4 * np.std(values) / math.sqrt(len(values))
    assert 0.3 < np.mean(np.array(values) < 0) < 0.75
    assert biased_mmd(normal(0, 24), normal(1, 24)) > 10 * abs(np.mean(values))


@pytest.mark.parametrize("block", [1000, 12])
def test_the_standard_error_is_the_spread_over_repetitions(block: int) -> None:
    found = [kid(normal(2 * i, 48), normal(2 * i + 1, 48, shift=0.6), block=block) for i in range(300)]
    spread = np.std([estimate.value for estimate in found], ddof=1)
    assert math.sqrt(np.mean([estimate.standard_error**2 for estimate in found])) == pytest.approx(spread, rel=0.2)


def test_kid_grows_with_the_shift() -> None:
    values = [kid(normal(0, 100), normal(1, 100, shift=s)).value for s in (0, 0.3, 0.6, 1.2)]
    assert values == sorted(values)


def test_torchmetrics_gives_the_same_kid() -> None:
    pytest.importorskip("torchmetrics")
    import torch
    from torchmetrics.image.kid import poly_mmd

    x, y = normal(5, 30, 16), normal(6, 30, 16, 0.4)
    assert kid(x, y).value == pytest.approx(poly_mmd(torch.from_numpy(x), torch.from_numpy(y)).item(), rel=1e-9)


def test_frechet_by_hand() -> None:
    """0, 1, 2 has mean 1 and deviation 1; 3, 5, 7 has 5 and 2: (5 - 1)^2 + (2 - 1)^2."""
    assert frechet(np.array([[0.0], [1], [2]]), np.array([[3.0], [5], [7]])) == pytest.approx(17, abs=1e-12)


def test_frechet_of_gaussians_whose_covariances_commute() -> None:
    """|m1 - m2|^2 + sum of (s1 - s2)^2 over the common axes."""
    shift, first, second = np.array([1.0, -2, 0.5]), np.array([1.0, 2, 3]), np.array([0.5, 2, 5])
    axes = np.linalg.qr(normal(3, 3, 3))[0]
    x, y = white(1, 50, 3) * first @ axes.T, white(2, 50, 3) * second @ axes.T + shift
    assert frechet(x, y) == pytest.approx((shift**2).sum() + ((first - second) ** 2).sum(), abs=1e-10)


@pytest.mark.parametrize(("rows", "width"), [(60, 5), (12, 5), (5, 5), (6, 20)])
def test_frechet_is_that_of_the_formula(rows: int, width: int) -> None:
    x, y = normal(1, rows, width) @ normal(2, width, width), normal(3, rows, width, 0.5) @ normal(4, width, width)
    s1, s2 = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    cross = np.trace(sqrtm(s1 @ s2)).real
    expected = np.square(x.mean(0) - y.mean(0)).sum() + np.trace(s1) + np.trace(s2) - 2 * cross
    # Without full rank it is the square root of the product that loses digits.
    assert frechet(x, y) == pytest.approx(expected, rel=1e-8 if rows > width else 1e-5)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(3, 30), st.integers(1, 12))
def test_identity_symmetry_and_order(seed: int, rows: int, width: int) -> None:
    x, y = normal(seed, rows, width), normal(seed + 1, rows, width, 0.5)
    turn = np.random.default_rng(seed).permutation(rows)
    assert 0 <= frechet(x, x) < 1e-9
    assert frechet(x, y) == pytest.approx(frechet(y, x), rel=1e-9, abs=1e-9)
    assert frechet(x[turn], y) == pytest.approx(frechet(x, y), rel=1e-9, abs=1e-9)
    assert kid(x, y).value == pytest.approx(kid(y, x).value, rel=1e-9, abs=1e-9)
    assert kid(x, y[turn]).value == pytest.approx(kid(x, y).value, rel=1e-9, abs=1e-9)


def test_features_that_are_all_alike() -> None:
    still = np.full((6, 4), 2.5)
    assert frechet(still, still) == 0
    assert frechet(still, still + 1) == pytest.approx(4)
    assert kid(still, still).value == pytest.approx(0, abs=1e-9)
    assert kid(still, still).standard_error == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("measure", [kid, frechet])
def test_what_cannot_be_compared_is_refused_in_one_line(measure: object) -> None:
    x = normal(0, 6, 4)
    holes = x.copy()
    holes[2, 1] = np.nan
    for first, second, words in [
        (x, x[:5], "6 images against 5; allowed are equal counts only"),
        (x[:1], x[:1], "1 images in each set; at least 3"),
        (x, x[:, :3], "4 and 3 features per image"),
        (x, holes, "features of 1 images are not finite"),
        (x[0], x[0], r"allowed are floats of shape \(images, features\)"),
        (x.astype(int), x, "int64"),
    ]:
        with pytest.raises(InputError, match=words) as caught:
            measure(first, second)  # type: ignore[operator]
        assert "\n" not in str(caught.value)


def test_a_block_has_three_rows_at_least() -> None:
    with pytest.raises(InputError, match="KID in blocks of 2"):
        kid(normal(0), normal(1), block=2)


def test_common_rows_are_as_many_as_the_smallest_set_has() -> None:
    first, second = common_rows(10, 4)
    assert len(first) == len(second) == 4
    assert (np.diff(first) > 0).all() and first.max() < 10
    np.testing.assert_array_equal(second, np.arange(4))
    np.testing.assert_array_equal(common_rows(10, 4)[0], first)
    assert any((common_rows(10, 4, seed=s)[0] != first).any() for s in range(1, 4))
    with pytest.raises(InputError, match="each needs at least one"):
        common_rows(3, 0)
    with pytest.raises(InputError, match="seed -1"):
        common_rows(3, 2, seed=-1)
