"""Distribution functions and ranks, from scipy.special: `scipy.stats` holds the same, and takes half a second to load.

Everything is float64 and broadcasts; NaN in, NaN out.
"""

import numpy as np
from scipy import special


def t_sf(T: np.ndarray | float, nu: np.ndarray | float) -> np.ndarray:
    """P(t > T) of Student's t with nu degrees of freedom."""
    p: np.ndarray = np.asarray(special.stdtr(nu, -np.asarray(T, float)))
    return p


def t_isf(p: np.ndarray | float, nu: np.ndarray | float) -> np.ndarray:
    """The T for which P(t > T) = p."""
    T: np.ndarray = np.asarray(-special.stdtrit(nu, p))
    return T


def nct_sf(T: float, nu: float, shift: float) -> float:
    """P(t > T) of the noncentral t with noncentrality `shift`."""
    return float(1.0 - special.nctdtr(nu, shift, T))


def chi2_sf(x: float, df: float) -> float:
    """P(chi2 > x)."""
    return float(special.chdtrc(df, x))


def f_sf(x: float, numerator: float, denominator: float) -> float:
    """P(F > x)."""
    return float(special.fdtrc(numerator, denominator, x))


def average_ranks(x: np.ndarray, axis: int = -1) -> np.ndarray:
    """float64, as x: ranks along the axis, 1 for the smallest; equal values share the mean of their ranks."""
    x = np.moveaxis(np.asarray(x, float), axis, -1)
    n = x.shape[-1]
    order = np.argsort(x, axis=-1, kind="stable")
    held = np.take_along_axis(x, order, -1)
    new = np.ones(held.shape, bool)
    new[..., 1:] = held[..., 1:] != held[..., :-1]
    at = np.broadcast_to(np.arange(n), held.shape)
    first = np.maximum.accumulate(np.where(new, at, 0), axis=-1)
    last_new = np.ones(held.shape, bool)
    last_new[..., :-1] = new[..., 1:]
    backwards = np.where(last_new, at, n - 1)[..., ::-1]
    last = np.minimum.accumulate(backwards, axis=-1)[..., ::-1]
    ranks = np.empty(held.shape)
    np.put_along_axis(ranks, order, (first + last) / 2 + 1, -1)
    return np.moveaxis(ranks, -1, axis)


def benjamini_hochberg(p: np.ndarray) -> np.ndarray:
    """float64 (n,): p-values adjusted for the false discovery rate (Benjamini and Hochberg 1995)."""
    p = np.asarray(p, float)
    n = p.size
    order = np.argsort(p, kind="stable")
    scaled = p[order] * n / np.arange(1, n + 1)
    adjusted = np.empty(n)
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return adjusted
