"""What a design could have shown: the smallest gain or difference it detects with power 0.80 (noncentral t)."""

import numpy as np
from scipy import optimize, stats

from fairweather.analysis.spread import Spread

POWER = 0.80


def detectable_shift(c: float, nu: float) -> float:
    """The noncentrality delta/SE at which nct.sf(c, nu, .) = 0.80."""
    if not np.isfinite(c):
        return np.inf

    def short(shift: float) -> float:
        return float(stats.nct.sf(c, nu, shift)) - POWER

    high = c + 2.0
    while short(high) < 0:
        high *= 1.5
    return float(optimize.brentq(short, 0.0, high, xtol=1e-6))


def smallest_gain(spread: Spread, c: np.ndarray, reference: str) -> float:
    """The smallest gain over the reference this design shows, in points: every strategy at the pooled spread, the
    reference at its own. `c`: the critical value of the strategies."""
    arms, base = np.arange(spread.K), spread.arms.index(reference)
    return _detectable(spread, arms, np.full(spread.K, base), float(np.mean(c)))


def smallest_difference(spread: Spread, c: np.ndarray) -> float:
    """The smallest difference between two strategies this design shows, in points; `c`: float64 (K, K), its c_T."""
    s, t = np.triu_indices(spread.K, 1)
    return _detectable(spread, s, t, float(np.mean(c[s, t])))


def _detectable(spread: Spread, s: np.ndarray, t: np.ndarray, c: float) -> float:
    se = float(np.sqrt(spread.variance(s, t, typical=True)).mean())
    nu = float(spread.dof(s, t, typical=True).mean())
    return detectable_shift(c, nu) * se if se > 0 else 0.0
