"""Draws of the studentised estimates under no difference: the critical values and family-wise p-values.

Z ~ N(0, cov), W_q ~ chi2(nu_q)/nu_q, X ~ chi2(nu_l)/nu_l; T*_st = (Z_s - Z_t)/sqrt(sum_q C_st,q S_q W_q X). For these
data sets and models, and for lambda = 1, X = 1; lambda itself cancels.
"""

from dataclasses import dataclass

import numpy as np

from fairweather.analysis import quadrature
from fairweather.analysis.distributions import t_isf, t_sf
from fairweather.analysis.spread import Spread
from fairweather.vocabulary.streams import stable_hash

R = 10_000
R_CLOSE = 100_000
CLOSE = 0.006


@dataclass(frozen=True)
class Family:
    """K comparisons with one reference: critical value float64 (K,) (of the draws, the same for all; of Bonferroni, each
    its own) and family-wise p-value float64 (K,)."""

    c: np.ndarray
    p_adjusted: np.ndarray


def generator(seed: int, finding: str) -> np.random.Generator:
    """The stream of one finding: Philox keyed by (analysis seed, finding id), so that a new finding changes no other."""
    key = np.array([seed, stable_hash("analysis", finding)], np.uint64)
    return np.random.Generator(np.random.Philox(key=key))


def estimates(spread: Spread, rng: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """float64 (rows, arms) estimates drawn under no difference, and (rows, Q) components SW X with lambda left out."""
    own = np.diagonal(spread.cov)
    Z = rng.standard_normal((rows, len(own)))
    if (spread.cov == np.diag(own)).all():
        Z *= np.sqrt(own)
    else:  # it may be singular (an arm that is another's copy), where Cholesky fails
        values, vectors = np.linalg.eigh(spread.cov)
        Z = Z @ (vectors * np.sqrt(np.maximum(values, 0.0))).T
    W = spread.S * rng.chisquare(spread.nu, (rows, spread.nu.size)) / spread.nu
    if np.isfinite(spread.nu_lam):
        W *= rng.chisquare(spread.nu_lam, (rows, 1)) / spread.nu_lam
    return Z, W


def statistic(value: np.ndarray, se: np.ndarray) -> np.ndarray:
    """value / se; where nothing varies, 0 for no difference and infinite for one."""
    exact = np.where(value == 0, 0.0, np.copysign(np.inf, value))
    T: np.ndarray = np.where(se > 0, value / np.where(se > 0, se, 1.0), exact)
    return T


def against(spread: Spread, arms: np.ndarray, reference: int, seed: int, finding: str) -> Family:
    """Comparisons of `arms` (indices) with one reference arm, family-wise at 0.05.

    10,000 draws, 100,000 where an adjusted p lies within 0.006 of 0.05; where blocks are complete the p are integrated, and
    the draws give the critical value alone. Bonferroni where the spread is paired.
    """
    value = spread.mean[arms] - spread.mean[reference]
    T = np.abs(statistic(value, np.sqrt(spread.variance(arms, reference))))
    if spread.paired:
        nu = spread.dof(arms, reference)
        limit: np.ndarray = np.asarray(t_isf(0.025 / max(arms.size, 1), nu))
        return Family(limit, np.minimum(1.0, 2 * arms.size * t_sf(T, nu)))
    for rows in (R, R_CLOSE):
        most = Largest(spread, generator(seed, finding), rows).over(reference, arms)
        most.sort()
        c = np.full(arms.size, np.quantile(most, 0.95))
        if quadrature.independent(spread):  # the same probability without the error of drawing
            return Family(c, quadrature.adjusted_p(spread, arms, reference, T))
        p = (1 + rows - np.searchsorted(most, T, side="left")) / (rows + 1)
        if not (np.abs(p - 0.05) < CLOSE).any():
            break
    return Family(c, p)


def pair_limit(spread: Spread, seed: int, finding: str) -> np.ndarray:
    """float64 (K, K): the 95 % quantile c_T of the maximum over all pairs of strategies; t where the spread is paired."""
    K = spread.K
    if K < 2:
        return np.full((K, K), np.inf)
    pairs = np.triu_indices(K, 1)
    if spread.paired:
        c = np.full((K, K), np.inf)
        c[pairs] = c[pairs[::-1]] = t_isf(0.025 / pairs[0].size, spread.dof(*pairs))
        return c
    for rows in (R, R_CLOSE):
        drawn = Largest(spread, generator(seed, finding), rows)
        most = np.zeros(rows)
        for s in range(K - 1):
            np.maximum(most, drawn.over(s, np.arange(s + 1, K)), out=most)
        value = float(np.quantile(most, 0.95))
        T = np.abs(statistic(spread.mean[pairs[0]] - spread.mean[pairs[1]], np.sqrt(spread.variance(*pairs))))
        p = (1 + (most >= T.max()).sum()) / (rows + 1)
        if abs(p - 0.05) >= CLOSE:
            break
    return np.full((K, K), value)


class Largest:
    """Draws of all arms, of which the largest |T*| over some comparisons is asked; (rows, arms) numbers are held."""

    def __init__(self, spread: Spread, rng: np.random.Generator, rows: int) -> None:
        Z, W = estimates(spread, rng, rows)
        self._C = spread.C
        self._Z, self._W = np.ascontiguousarray(Z.T), W
        # With complete blocks the variance of a difference is the sum of two: an array the smaller, and ten times faster.
        own = spread.own[:, None] + spread.own[None]
        pairs = ~np.eye(len(spread.arms), dtype=bool)
        additive = np.allclose(spread.C[pairs], own[pairs], 1e-9, 0)
        self._V = _variances(W, spread.own) if additive else None

    def over(self, one: int, others: np.ndarray) -> np.ndarray:
        """float64 (rows,): max over `others` of |T*| of arm `one` against them."""
        if not others.size:
            return np.zeros(self._Z.shape[1])
        square = self._Z[one] - self._Z[others]
        square *= square
        se2 = self._V[one] + self._V[others] if self._V is not None else self._C[one, others] @ self._W.T
        if se2.min() > 0:
            square /= se2
        else:
            square = statistic(square, se2)
        most: np.ndarray = np.sqrt(square.max(axis=0))
        return most


def _variances(W: np.ndarray, own: np.ndarray) -> np.ndarray:
    """float64 (arms, rows): the drawn variance of every estimate."""
    A = len(own)
    if own.shape == (A, A) and (own == np.diag(np.diagonal(own))).all():
        V: np.ndarray = np.ascontiguousarray(W.T) * np.diagonal(own)[:, None]
        return V
    return np.ascontiguousarray((W @ own.T).T)
