"""How far two sets of images are from each other, from one row of features per image: KID and the Frechet distance.

Both sets must have the same number of rows: the Frechet distance is biased upwards by an amount that depends on it, so that two
pools can be compared only at one count. KID is unbiased and comes first.
"""

import math
from dataclasses import dataclass

import numpy as np

from fairweather.errors import InputError

BLOCK = 1000  # rows in a block at most, the subset size of Binkowski et al.
MIN_ROWS = 3  # the jackknife leaves one row out and needs two


@dataclass(frozen=True)
class Estimate:
    """An estimate and its standard error, both in the unit of the measure."""

    value: float
    standard_error: float


def common_rows(*counts: int, seed: int = 0) -> tuple[np.ndarray, ...]:
    """Which rows of each set to take so that all have as many as the smallest: int64 indices in ascending order.

    Drawn without replacement from a stream of its own for each set.

    Args:
        counts: rows of each set, at least 1.
        seed: 0 or more.
    """
    if not counts or min(counts) < 1:
        raise InputError(f"sets of {', '.join(map(str, counts)) or 'no'} images; each needs at least one")
    return tuple(np.sort(_shuffled(count, seed, i)[: min(counts)]) for i, count in enumerate(counts))


def kid(first: np.ndarray, second: np.ndarray, seed: int = 0, block: int = BLOCK) -> Estimate:
    """Kernel inception distance (Binkowski, Sutherland, Arbel & Gretton, "Demystifying MMD GANs", ICLR 2018, section 3).

    The unbiased estimate of the squared maximum mean discrepancy (Gretton et al. 2012, eq. 3) under the kernel
    (x.y / d + 1)^3, which may be negative. The rows of each set are shuffled and cut into disjoint blocks of equal size, at most
    `block`; the value is the mean over blocks. The published code draws 100 overlapping subsets instead, and their spread is no
    standard error of the mean. Here the standard error is a delete-one jackknife over the rows of either set within
    each block; it takes images as independent, so for neighbouring frames of a film it is too small.

    Args:
        first, second: (N, D) finite features, one row per image, N the same for both and at least 3.
        seed: of the shuffle, which matters only if there is more than one block; 0 or more.
        block: rows in a block at most, at least 3 (4 and 5 rows make one block); memory is that of three block x block
            matrices of float64.

    Raises:
        InputError: features that are no such arrays, or unequal counts.
    """
    x, y = _checked(first, second)
    if block < MIN_ROWS:
        raise InputError(f"KID in blocks of {block}; allowed are {MIN_ROWS} rows and more")
    blocks = min(math.ceil(len(x) / block), len(x) // MIN_ROWS)
    if blocks > 1:
        x, y = (rows[_shuffled(len(rows), seed, i)] for i, rows in enumerate((x, y)))
    size = len(x) // blocks  # at most blocks - 1 rows of each set are left over
    parts = [_mmd(x[i * size : (i + 1) * size], y[i * size : (i + 1) * size]) for i in range(blocks)]
    return Estimate(
        math.fsum(part.value for part in parts) / blocks, math.hypot(*(part.standard_error for part in parts)) / blocks
    )


def frechet(first: np.ndarray, second: np.ndarray) -> float:
    """Squared Frechet distance of the Gaussians fitted to two sets of features (Heusel et al., NeurIPS 2017, eq. 6).

    |m1 - m2|^2 + tr(S1) + tr(S2) - 2 tr((S1 S2)^(1/2)), with sample covariances (N - 1). The last trace is the sum of the
    singular values of R1 R2^T where S = R^T R: exact for covariances without full rank, where the square root of the
    product is not.

    Args:
        first, second: (N, D) finite features, one row per image, N the same for both and at least 3.

    Raises:
        InputError: features that are no such arrays, or unequal counts.
    """
    x, y = _checked(first, second)
    mean_x, mean_y = x.mean(axis=0), y.mean(axis=0)
    roots = [_root(x - mean_x), _root(y - mean_y)]
    shared = np.linalg.svd(roots[0] @ roots[1].T, compute_uv=False).sum()
    spread = sum(float(np.square(root).sum()) for root in roots)
    shift = float(np.square(mean_x - mean_y).sum())
    return max(0.0, shift + spread - 2 * float(shared))  # equal sets: rounding may leave a negative speck


def _shuffled(count: int, seed: int, number: int) -> np.ndarray:
    """The indices of `count` rows in the order of stream `number` of a seed."""
    if seed < 0:
        raise InputError(f"seed {seed}; allowed are 0 and more")
    return np.random.Generator(np.random.Philox(key=(seed, number))).permutation(count)


def _root(centred: np.ndarray) -> np.ndarray:
    """R with R^T R = the sample covariance of centred rows (N, D): (min(N, D), D)."""
    scaled = centred / math.sqrt(len(centred) - 1)
    return scaled if len(scaled) <= scaled.shape[1] else np.asarray(np.linalg.qr(scaled, mode="r"))


def _mmd(x: np.ndarray, y: np.ndarray) -> Estimate:
    """Unbiased squared MMD of two sets of N rows, and its jackknife standard error.

    Without row i of x, the mean within x is (S - 2 r_i) / ((N - 1)(N - 2)), where S is the sum of its kernel matrix off the
    diagonal and r_i that of row i; the mean across is (T - c_i) / ((N - 1) N). So the N values of each set come from row
    sums.
    """
    n = len(x)
    across = _kernel(x, y)
    total = float(across.sum())
    within, variance = 0.0, 0.0
    for rows, sums in ((x, across.sum(axis=1)), (y, across.sum(axis=0))):
        own = _kernel(rows, rows)
        np.fill_diagonal(own, 0)
        own_sums = own.sum(axis=1)
        whole = float(own_sums.sum())
        within += whole / (n * (n - 1))
        left_out = (whole - 2 * own_sums) / ((n - 1) * (n - 2)) - 2 * (total - sums) / ((n - 1) * n)
        variance += (n - 1) * float(np.var(left_out))
    return Estimate(within - 2 * total / (n * n), math.sqrt(variance))


def _kernel(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """(x.y / d + 1)^3, (N, M)."""
    base = x @ y.T / x.shape[1] + 1
    cubes: np.ndarray = base * base * base
    return cubes


def _checked(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both sets as float64."""
    for features in (first, second):
        if features.ndim != 2 or features.dtype.kind != "f" or features.shape[1] == 0:
            raise InputError(
                f"features are {features.dtype} of shape {features.shape}; allowed are floats of shape (images, features)"
            )
        if not np.isfinite(features).all():
            raise InputError(f"features of {int((~np.isfinite(features)).any(axis=1).sum())} images are not finite")
    if first.shape[1] != second.shape[1]:
        raise InputError(f"{first.shape[1]} and {second.shape[1]} features per image; both sets need the same network")
    if len(first) != len(second):
        raise InputError(
            f"{len(first)} images against {len(second)}; allowed are equal counts only, as the distance depends on them"
        )
    if len(first) < MIN_ROWS:
        raise InputError(f"{len(first)} images in each set; at least {MIN_ROWS} are needed")
    return first.astype(np.float64), second.astype(np.float64)
