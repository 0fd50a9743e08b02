"""Gains over a reference arm with their intervals, the mean gain, and the shrunken gain of the leader."""

from dataclasses import dataclass

import numpy as np

from fairweather.analysis import draws
from fairweather.analysis.distributions import t_isf, t_sf
from fairweather.analysis.spread import Layout, Spread, centred


@dataclass(frozen=True)
class Gains:
    """K gains in points; every array is float64 (K,).

    `low`, `high`: 95 %; `low_simultaneous`, `high_simultaneous`: all together; `lower`, `upper`: one-sided 95 % limits.
    """

    names: tuple[str, ...]
    gain: np.ndarray
    se: np.ndarray
    dof: np.ndarray
    low: np.ndarray
    high: np.ndarray
    low_simultaneous: np.ndarray
    high_simultaneous: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    p: np.ndarray
    p_adjusted: np.ndarray
    c: np.ndarray

    def statistic(self, k: int) -> float | None:
        """Student's T of one gain; None where nothing varies."""
        T = self.gain[k] / self.se[k] if self.se[k] > 0 else np.inf
        return float(T) if np.isfinite(T) else None


@dataclass(frozen=True)
class Mean:
    """A mean over strategies with its 95 % interval, two-sided p and degrees of freedom."""

    value: float
    low: float
    high: float
    p: float
    dof: float


def gains(spread: Spread, names: tuple[str, ...], reference: str, seed: int, finding: str) -> Gains:
    """The gains of the named arms over the reference arm; p_adjusted is family-wise over them."""
    arms, base = _places(spread, names, reference)
    return _gains(spread, names, arms, base, draws.against(spread, arms, base, seed, finding))


def gains_among(spread: Spread, names: tuple[str, ...], reference: str, comparisons: int) -> Gains:
    """The same where these are some of many comparisons (domains, classes), without draws: p_adjusted and the critical value
    are Bonferroni's over `comparisons`; of one comparison they are those of a plain t."""
    arms, base = _places(spread, names, reference)
    se, nu = np.sqrt(spread.variance(arms, base)), spread.dof(arms, base)
    T = np.abs(draws.statistic(spread.mean[arms] - spread.mean[base], se))
    p = np.minimum(1.0, 2 * comparisons * t_sf(T, nu))
    return _gains(spread, names, arms, base, draws.Family(np.asarray(t_isf(0.025 / comparisons, nu)), p))


def _places(spread: Spread, names: tuple[str, ...], reference: str) -> tuple[np.ndarray, int]:
    return np.array([spread.arms.index(name) for name in names], np.int64), spread.arms.index(reference)


def _gains(spread: Spread, names: tuple[str, ...], arms: np.ndarray, base: int, family: draws.Family) -> Gains:
    gain = spread.mean[arms] - spread.mean[base]
    se, nu = np.sqrt(spread.variance(arms, base)), spread.dof(arms, base)
    two, one = t_isf(0.025, nu) * se, t_isf(0.05, nu) * se
    p: np.ndarray = np.asarray(2 * t_sf(np.abs(draws.statistic(gain, se)), nu))
    wide = family.c * se
    return Gains(
        names, gain, se, nu, gain - two, gain + two, gain - wide, gain + wide, gain - one, gain + one, p, family.p_adjusted,
        family.c,
    )  # fmt: skip


def mean_gain(spread: Spread, names: tuple[str, ...] | None = None) -> Mean:
    """The mean gain of the strategies (or of the named ones) over the baseline, from its own series over the blocks.

    Between contexts (a spread with two layouts) the series of both are independent and their variances add.
    """
    value, variance, nu = np.zeros(2), np.zeros(2), np.ones(2)
    for at, layout in enumerate(spread.layouts):
        value[at], variance[at], nu[at] = _series(layout, names or spread.arms[: spread.K])
    two = len(spread.layouts) == 2
    total = value[1] - value[0] if two else value[0]
    dof = _welch(variance, nu) if two else nu[0]
    joint = 1.0 / (1.0 / dof + 1.0 / spread.nu_lam)
    se = np.sqrt(spread.lam * variance.sum())
    half = t_isf(0.025, joint) * se
    p = 2 * t_sf(abs(float(draws.statistic(np.array(total), np.array(se)))), joint)
    return Mean(float(total), float(total - half), float(total + half), float(p), float(joint))


def _welch(variance: np.ndarray, nu: np.ndarray) -> float:
    squares = float((variance**2 / nu).sum())
    return float(variance.sum()) ** 2 / squares if squares else float(nu.min())


def _series(layout: Layout, names: tuple[str, ...]) -> tuple[float, float, float]:
    """Mean over the blocks of the mean gain, the variance of that mean, and its degrees of freedom."""
    rows = [layout.arms.index(name) for name in names]
    y = layout.y[rows]
    there = np.isfinite(y) & np.isfinite(layout.y[layout.K])
    own = np.nanmean(np.where(there, y, np.nan), axis=1, keepdims=True)
    number = there.sum(axis=0)
    use = number > 0
    # where strategies are missing in a block, their mean level must not enter as a block effect
    rest = np.where(there, y - own, 0.0).sum(axis=0)[use] / number[use]
    m = rest + own.mean() - layout.y[layout.K, use]
    r = centred(m, layout) if layout.within else m - m.mean()
    d = float(m.size - (len(layout.grid) if layout.within else 1))
    return float(m.mean()), float((r**2).sum() / d / m.size), d


def leader_shrunken(spread: Spread, gain: np.ndarray) -> tuple[float, float]:
    """The largest of the K gains shrunk towards their mean, and B = max(0, 1 - (K-3)/((K-1)F)) (James-Stein, F of the
    strategies); the gain itself, and B = 1, for K < 4, where nothing is shrunk."""
    K = gain.size
    if K < 4:
        return float(gain.max()), 1.0
    F = f_ratio(spread)
    B = max(0.0, 1 - (K - 3) / ((K - 1) * F)) if F > 0 else 0.0
    return float(gain.mean() + B * (gain.max() - gain.mean())), B


def f_ratio(spread: Spread) -> float:
    """Two-way F of the strategies: n Var_s(mean)/s^2."""
    between = spread.N * float(spread.mean[: spread.K].var(ddof=1))
    return between / spread.s2 if spread.s2 > 0 else (np.inf if between > 0 else 0.0)
