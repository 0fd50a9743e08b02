"""The family-wise p of gains over one reference by numerical integration: what draws estimate, without their error.

With complete blocks the arms are independent: Z_a ~ N(0, v_a), W_a ~ chi2(nu_a)/nu_a, and T*_s = (Z_s - Z_0)/sqrt(v_s W_s +
v_0 W_0). Given Z_0 and W_0 so are the comparisons, and P(max_s |T*_s| < t) is the mean over both of prod_s P(|T*_s| < t).
"""

from functools import lru_cache

import numpy as np
from scipy import special

from fairweather.analysis.spread import Spread

FEWEST = 2.5  # degrees of freedom below which even the fine nodes are too few (1.9 dof: 0.0007 off at p = 0.05)
MOST = 60  # strategies beyond which drawing is quicker
COARSE, FINE = (24, 12, 8), (48, 20, 12)  # nodes for Z_0, W_0, W_s
NEAR = 0.006  # around 0.05, where the coarse nodes are not trusted, although they were 0.0001 off at most from 3 dof on


def independent(spread: Spread) -> bool:
    """Whether the estimates of the arms are independent, each with its own variance, for these data sets and models."""
    if (
        spread.K > MOST
        or spread.paired
        or np.isfinite(spread.nu_lam)
        or len(spread.S) != len(spread.arms)
        or not (spread.S > 0).all()
    ):
        return False
    off = ~np.eye(len(spread.arms), dtype=bool)
    own = spread.own[:, None] + spread.own[None]
    alone = max(np.abs(spread.cov[off]).max(), np.abs(spread.own[off]).max()) < 1e-9 * spread.cov.diagonal().min()
    return bool(alone and np.allclose(spread.C[off], own[off], 1e-9, 1e-12) and spread.nu.min() >= FEWEST)


def adjusted_p(spread: Spread, arms: np.ndarray, reference: int, T: np.ndarray) -> np.ndarray:
    """float64 (n,): P(max over `arms` of |T*| >= T) for each T (n,), where `independent(spread)`."""

    T = np.abs(T)
    p = np.array([_tail(spread, arms, reference, t, COARSE) for t in T])
    for k in np.flatnonzero(np.abs(p - 0.05) < NEAR):
        p[k] = _tail(spread, arms, reference, T[k], FINE)
    return p


def _tail(spread: Spread, arms: np.ndarray, reference: int, t: float, nodes: tuple[int, int, int]) -> float:
    v = spread.cov.diagonal()
    sd = np.sqrt(v[arms])
    z, weight = _normal(nodes[0])
    w0, weight0 = _chi2(nodes[1], float(spread.nu[reference]))
    each = np.empty((z.size, w0.size, arms.size))
    for nu in np.unique(spread.nu[arms]):
        mine = spread.nu[arms] == nu
        w, weight_s = _chi2(nodes[2], float(nu))
        reach = t * np.sqrt(w0[:, None, None] * v[reference] + w[:, None] * v[arms[mine]]) / sd[mine]
        middle = (np.sqrt(v[reference]) * z)[:, None, None, None] / sd[mine]
        inside = special.ndtr(reach - middle) - special.ndtr(-reach - middle)
        each[:, :, mine] = np.einsum("zwxs,x->zws", inside, weight_s)
    return min(max(float(1 - weight @ each.prod(axis=2) @ weight0), 1e-12), 1.0)


@lru_cache(maxsize=8)
def _normal(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Midpoints of (0, 6) and the weights of |N(0, 1)| there: all that is asked of Z_0 is symmetric."""
    z = (np.arange(n) + 0.5) * 6.0 / n
    weight = np.exp(-z * z / 2)
    return z, weight / weight.sum()


@lru_cache(maxsize=64)
def _chi2(n: int, nu: float) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of chi2(nu)/nu: Gauss-Laguerre; beyond 200 dof, where its weights overflow, Wilson and Hilferty's cube
    of a normal."""
    if nu <= 200:
        x, weight = special.roots_genlaguerre(n, nu / 2 - 1)
        return 2 * x / nu, weight / weight.sum()
    z, weight = special.roots_hermitenorm(n)
    return (1 - 2 / (9 * nu) + z * np.sqrt(2 / (9 * nu))) ** 3, weight / weight.sum()
