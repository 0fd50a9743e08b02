"""What a design could have shown: the smallest gain or difference it detects with power 0.80 (noncentral t)."""

import numpy as np

from fairweather.analysis import draws
from fairweather.analysis.distributions import nct_sf, t_isf
from fairweather.analysis.spread import Spread

POWER = 0.80
# points; the spread between cells and between seeds of the reference study (0.67 together)
SIGMA_CELL, SIGMA_SEED = 0.3, 0.6


def detectable_shift(c: float, nu: float) -> float:
    """The noncentrality delta/SE at which P(t > c) = 0.80 (noncentral t)."""
    if not np.isfinite(c):
        return np.inf

    low, high = 0.0, c + 2.0
    while nct_sf(c, nu, high) < POWER:
        high *= 1.5
    for _ in range(60):  # halving leaves less than rounding does
        middle = (low + high) / 2
        low, high = (middle, high) if nct_sf(c, nu, middle) < POWER else (low, middle)
    return (low + high) / 2


def smallest_gain(spread: Spread, c: np.ndarray, reference: str) -> float:
    """The smallest gain over the reference this design shows, in points: every strategy at the pooled spread, the
    reference at its own. `c`: the critical value of the strategies."""
    arms, base = np.arange(spread.K), spread.arms.index(reference)
    return _detectable(spread, arms, np.full(spread.K, base), float(np.mean(c)))


def smallest_difference(spread: Spread, c: np.ndarray) -> float:
    """The smallest difference between two strategies this design shows, in points; `c`: float64 (K, K), its c_T."""
    s, t = np.triu_indices(spread.K, 1)
    return _detectable(spread, s, t, float(np.mean(c[s, t])))


def smallest_single(spread: Spread, arm: str, reference: str) -> float:
    """The smallest difference of two arms this design shows where no other is asked about, in points; both at their own
    spread."""
    a, b = spread.arms.index(arm), spread.arms.index(reference)
    nu = float(spread.dof(a, b))
    shift = detectable_shift(float(t_isf(0.025, nu)), nu)
    return shift * float(np.sqrt(spread.variance(a, b)))


def _detectable(spread: Spread, s: np.ndarray, t: np.ndarray, c: float) -> float:
    se = float(np.sqrt(spread.variance(s, t, typical=True)).mean())
    nu = float(spread.dof(s, t, typical=True).mean())
    return detectable_shift(c, nu) * se if se > 0 else 0.0


def planned_gain(strategies: int, blocks: int, d: float, baseline_runs: int = 1) -> float:
    """The smallest gain a planned design shows, in units of the standard deviation sqrt(S) of one block.

    Args:
        strategies: K; blocks: N; d: residual degrees of freedom per strategy; baseline_runs: runs of it in each block.
    """
    spread = _planned(strategies, blocks, d, baseline_runs)
    family = draws.against(spread, np.arange(strategies), strategies, 0, f"plan.{strategies}.{blocks}.{d:g}")
    return smallest_gain(spread, family.c, "baseline")


def _planned(K: int, N: int, d: float, baseline_runs: int) -> Spread:
    """The spread table of a complete design whose arms all have variance 1, as `spread.these` would find it."""
    A = K + 1
    arms = (*(f"strategy {k}" for k in range(K)), "baseline")
    base = np.arange(K)
    S, nu, C = np.ones(A), np.empty(A), np.zeros((A, A, A))
    S[K] = 1 / baseline_runs
    if K <= 2:  # paired: one component for each difference from the baseline
        S, nu, C = np.full(A, 1 + 1 / baseline_runs), np.full(A, d), np.zeros((A, A, A))
        C[base, K, base] = C[K, base, base] = 1 / N
    else:
        f = d * (K - 2) ** 2 / ((K - 1) ** 2 - 2 + 1 / (K - 1))
        nu[:K], nu[K] = min(6.0, (K - 2) * d / 2) + f, d * (K / (K + 1)) ** 2
        one = np.eye(A)
        C = (one[:, None] + one[None]) / N
    return Spread(
        arms, K, np.zeros(A), np.diag(S) / N, S, nu, S, C, np.eye(A) / N, 1.0, d, N, K <= 2, ()
    )  # fmt: skip


def planned_detectable(strategies: int, cells: int, seeds: int) -> tuple[str, ...]:
    """What a planned study could show, in sentences: the smallest gain for both populations, and what extra runs of the
    baseline would do; by the reference study's spreads (0.3 points between cells, 0.6 between seeds)."""
    if not strategies:
        return ("no strategy is planned, so there is no gain to detect",)
    both = float(np.hypot(SIGMA_CELL, SIGMA_SEED))
    if cells * seeds < 2:
        return ("smallest detectable gain: none, one run of each strategy cannot tell a difference from chance",)
    if seeds >= 2:
        blocks, d, sigma = cells * seeds, float(cells * (seeds - 1)), SIGMA_SEED
    else:
        blocks, d, sigma = cells, cells - 1.0, both
    here = planned_gain(strategies, blocks, d)
    whom = "retraining on these data" if cells == 1 else "these data sets and models, trained again"
    lines = [
        f"smallest detectable gain, {whom}: {here * sigma:.2f} points (power 0.80, {strategies} strategies at once)"
    ]
    if cells > 1:
        wide = planned_gain(strategies, cells, cells - 1.0) * float(np.hypot(SIGMA_CELL, SIGMA_SEED / np.sqrt(seeds)))
        lines.append(f"the same for data sets and models like these: {wide:.2f} points")
    lower = [1 - planned_gain(strategies, blocks, d, extra) / here for extra in (2, 3, 5)]
    lines.append(
        f"assumed spread: {SIGMA_CELL} points between cells, {SIGMA_SEED} between seeds, as in the reference study; "
        "small data and short training have more: take a pilot"
    )
    lines.append(f"2, 3, 5 runs of the baseline in each block would lower it by {', '.join(f'{x:.0%}' for x in lower)}")
    return tuple(lines)
