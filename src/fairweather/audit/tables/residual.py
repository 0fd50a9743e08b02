"""The two-way residual of runs, fitted to those that are not off."""

import numpy as np

from fairweather.audit.tables.deviation import Deviations, borrowed

OFF = 2.5  # standard deviations beyond which a run has no say in the fit
KEPT = 0.9112  # variance of a normal sample cut off there, over its whole variance
ROUNDS, SWEEPS = 5, 8


def residuals(found: Deviations) -> tuple[np.ndarray, np.ndarray]:
    """float64 (U,) each: what strategy and block leave of the runs' deviations, and its standard deviation in the block.

    Least squares (alternating means) on the runs within 2.5 standard deviations, five times over, from the medians of
    `deviations` on. The standard deviation is that of those runs, for the degrees of freedom of the fit and for the tails
    it cut off, drawn to the data set's and the table's as in `deviations`; at least 0.3 points.
    """
    rest, sd = found.rest, found.sd
    block, strategy = found.block, found.strategy
    for _ in range(ROUNDS):
        trusted = np.abs(rest) <= OFF * sd
        of_block, of_strategy = np.zeros(len(rest)), np.zeros(len(rest))
        for _ in range(SWEEPS):
            of_block = _means(found.shift - of_strategy, trusted, block)
            of_strategy = _means(found.shift - of_block, trusted, strategy)
        rest = found.shift - of_block - of_strategy
        fitted = len(np.unique(block)) + len(np.unique(strategy)) - 1
        share = max(1.0 - fitted / max(int(trusted.sum()), 1), 0.1)
        sd = borrowed(np.where(trusted, rest / np.sqrt(share * KEPT), np.nan), block, found.data, _sd)[block]
    return rest, sd


def _means(values: np.ndarray, trusted: np.ndarray, of: np.ndarray) -> np.ndarray:
    """float64 (U,): for each run the mean of the trusted ones of its group; 0 where there is none."""
    n = np.bincount(of, trusted)
    mean: np.ndarray = (np.bincount(of, np.where(trusted, values, 0.0)) / np.maximum(n, 1))[of]
    return mean


def _sd(away: np.ndarray, of: np.ndarray, size: int) -> np.ndarray:
    """float64 (size,): the root mean square of each group, NaN left out."""
    known = np.isfinite(away)
    n = np.bincount(of, known, size)
    rms: np.ndarray = np.sqrt(np.bincount(of, np.where(known, away, 0.0) ** 2, size) / np.maximum(n, 1))
    return rms
