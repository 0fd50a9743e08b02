"""Do strategies differ at all (Friedman), between which ranks does each lie, and which tiers are there."""

from dataclasses import dataclass
from itertools import permutations
from math import factorial

import numpy as np

from fairweather.analysis import draws
from fairweather.analysis.distributions import average_ranks, chi2_sf, f_sf, t_sf
from fairweather.analysis.spread import Layout, Spread, inflation

EXACT = 20_000
ROUNDING = 1e-9  # of the values: below it a difference does not vary


@dataclass(frozen=True)
class Omnibus:
    """Friedman's test over the blocks all strategies share."""

    name: str
    chi2: float
    p: float
    blocks: int


@dataclass(frozen=True)
class RankSets:
    """Ranks 1 = highest mean. int64 (K,): rank, low, high, tier; `reach` float64 (K, K): |difference| + c_T SE in points;
    `better` bool (K, K)."""

    rank: np.ndarray
    low: np.ndarray
    high: np.ndarray
    tier: np.ndarray
    reach: np.ndarray
    better: np.ndarray


def friedman_chi2(y: np.ndarray) -> float:
    """Friedman's chi-square with the correction for ties; y is float64 (K, blocks) without NaN."""
    K, n = y.shape
    r = average_ranks(y, axis=0) - (K + 1) / 2
    total = float((r**2).sum())
    return (K - 1) * n**2 * float((r.mean(axis=1) ** 2).sum()) / total if total > 0 else 0.0


def omnibus(y: np.ndarray) -> Omnibus | None:
    """Whether K >= 2 strategies differ over blocks; y is float64 (K, blocks), blocks with a NaN are left out.

    n >= 6: chi2 on K-1. n < 6: Iman-Davenport F on K-1, (K-1)(n-1), and, where all orders can be counted (few strategies),
    not below the exact permutation p, which it undercuts there (K = 3, n = 3: 0.049 for 0.19). K = 2: paired t.
    None where fewer than two blocks are complete.
    """
    y = y[:, np.isfinite(y).all(axis=0)]
    K, n = y.shape
    if n < 2 or K < 2:
        return None
    if K == 2:
        difference = y[0] - y[1]
        se = difference.std(ddof=1) / np.sqrt(n)
        if se <= ROUNDING * np.abs(y).max():
            return None  # equal in every block, as rounded values may be: no measure of noise
        T = float(draws.statistic(difference.mean(), se))
        return Omnibus("paired t", T, float(2 * t_sf(abs(T), n - 1)), n)
    chi2 = friedman_chi2(y)
    if n >= 6:
        return Omnibus("Friedman", chi2, float(chi2_sf(chi2, K - 1)), n)
    p = _iman_davenport(chi2, K, n, 1.0, np.inf)
    exact = exact_friedman_p(y) if factorial(K) ** (n - 1) <= EXACT else 0.0
    return Omnibus("Friedman (Iman-Davenport F)", chi2, max(p, exact), n)


def omnibus_like(y: np.ndarray, grid: tuple[tuple[str, str], ...]) -> float:
    """p for data sets and models like these: F_ID/lambda_R on K-1, min(nu_R, (K-1)(n-1)); y is float64 (K, cells)."""
    there = np.isfinite(y).all(axis=0)
    y, grid = y[:, there], tuple(cell for cell, has in zip(grid, there, strict=True) if has)
    K, n = y.shape
    if K == 2:
        lam, nu_lam = inflation(y, grid)
        difference = y[0] - y[1]
        T = float(draws.statistic(difference.mean(), np.sqrt(lam) * difference.std(ddof=1) / np.sqrt(n)))
        return float(2 * t_sf(abs(T), 1 / (1 / (n - 1) + 1 / nu_lam)))
    lam, nu = inflation(average_ranks(y, axis=0), grid)
    return _iman_davenport(friedman_chi2(y), K, n, lam, nu)


def _iman_davenport(chi2: float, K: int, n: int, lam: float, nu: float) -> float:
    rest = n * (K - 1) - chi2
    F = (n - 1) * chi2 / rest if rest > 1e-9 * n * K else np.inf
    return float(f_sf(F / lam, K - 1, min(nu, (K - 1) * (n - 1))))


def exact_friedman_p(y: np.ndarray) -> float:
    """The exact permutation p of Friedman's statistic: every order of every block but the first, (K!)^(n-1) of them."""
    r = average_ranks(y, axis=0)
    K, n = r.shape
    orders = np.array(list(permutations(range(K))))
    sums = [r[:, 0][None]]
    for b in range(1, n):
        columns = r[:, b][orders]
        sums.append((sums[-1][:, None] + columns[None]).reshape(-1, K))
    spread = (sums[-1] ** 2).sum(axis=1)
    return float((spread >= (r.sum(axis=1) ** 2).sum() - 1e-9).mean())


def rank_sets(spread: Spread, c: np.ndarray) -> RankSets:
    """Rank sets and tiers of the K strategies; c is c_T, float64 (K, K)."""
    K = spread.K
    mean = spread.mean[:K]
    T = studentised(spread)
    better = c < T  # better[s, t]: s is better than t
    s, t = np.indices((K, K))
    half = np.where(s == t, 0.0, np.where(np.isfinite(c), c, 0.0) * np.sqrt(spread.variance(s, t)))
    reach = np.abs(mean[:, None] - mean) + half
    low, high = 1 + better.sum(axis=0), K - better.sum(axis=1)
    return RankSets(order(mean), low, high, _tiers(better), reach, better)


def studentised(spread: Spread) -> np.ndarray:
    """float64 (K, K): T of strategy s minus strategy t; 0 on the diagonal."""
    K = spread.K
    s, t = np.indices((K, K))
    return draws.statistic(spread.mean[s] - spread.mean[t], np.sqrt(spread.variance(s, t)))


def order(mean: np.ndarray) -> np.ndarray:
    """int64 (..., K): ranks, 1 for the highest value; equal values in the order of the strategies."""
    at = np.argsort(-mean, axis=-1, kind="stable")
    rank = np.empty(mean.shape, np.int64)
    np.put_along_axis(rank, at, np.broadcast_to(np.arange(1, mean.shape[-1] + 1), mean.shape), axis=-1)
    return rank


def _tiers(better: np.ndarray) -> np.ndarray:
    """Peeling: tier 1 = those none is better than; take them away, repeat."""
    tier = np.zeros(len(better), np.int64)
    level = 0
    while (tier == 0).any():
        level += 1
        rest = tier == 0
        top = rest & ~better[rest].any(axis=0)
        tier[top] = level
    return tier


def components(layout: Layout, spread: Spread) -> tuple[float, float]:
    """(strategy sd, block sd) in points: sqrt(max(0, Var_s(mean) - s^2/n)) and the sd of the block effects."""
    strategies = max(0.0, float(spread.mean[: spread.K].var(ddof=1)) - spread.s2 / spread.N) if spread.K > 1 else 0.0
    blocks = np.nanmean(layout.y[: spread.K], axis=0) if spread.K else layout.y[0]
    return float(np.sqrt(strategies)), float(blocks.std(ddof=1))
