"""From one training context to another: changes of gains, whether the order is kept, and whether ranks move more than chance."""

from dataclasses import dataclass, field, replace
from itertools import permutations

import numpy as np

from fairweather.analysis import draws
from fairweather.analysis.ranks import omnibus, order, studentised
from fairweather.analysis.spread import (
    Layout,
    Spread,
    Untestable,
    added,
    arrange,
    like_these,
    residuals,
    select,
    these,
)
from fairweather.analysis.table import Block

PHI = np.deg2rad(np.arange(0, 91, 5))


@dataclass(frozen=True)
class Between:
    """Two contexts over the cells and strategies both have, second minus first.

    Args:
        first, second: spread tables of the two contexts over those cells and strategies.
        change: the spread table of D = y2 - y1 (`these`), from D itself with one seed, the added tables with more.
        like: the same for data sets and models like these; None with one cell.
        y1, y2: float64 (K, blocks) of the strategies on the blocks both have, without NaN.
        summed: whether `change` is made of added tables (independent runs); apart: whether no cell is in both contexts.
    """

    first: Spread
    second: Spread
    change: Spread
    like: Spread | None
    y1: np.ndarray = field(repr=False)
    y2: np.ndarray = field(repr=False)
    summed: bool = True
    apart: bool = False


@dataclass(frozen=True)
class Moves:
    """Ranks in the two contexts and the null band of their moves (first rank - second rank: up is positive).

    int64 (K,): first, second, move, and low, high: the 95 % band; p_adjusted float64 (K,). p_band: of the footrule.
    far: how many strategies move `places` or more; far_expected and far_high: mean and 95 % limit of that by chance.
    """

    first: np.ndarray
    second: np.ndarray
    move: np.ndarray
    low: np.ndarray
    high: np.ndarray
    p_adjusted: np.ndarray
    footrule: int
    p_band: float
    places: int
    far: int
    far_expected: float
    far_high: int


@dataclass(frozen=True)
class Order:
    """Kendall's tau-b between the strategies' means in two contexts, one-sided permutation p, and the reversed pairs."""

    tau: float
    p: float
    reversed_pairs: tuple[tuple[str, str], ...]


def between(
    y1: np.ndarray, y2: np.ndarray, arms: tuple[str, ...], K: int, blocks: tuple[Block, ...]
) -> Between | Untestable:
    """Compare two contexts; y1 and y2 are float64 (arms, blocks) on the same axes, NaN where missing."""
    y1, y2, names, K, apart = _shared(y1, y2, arms, K, blocks)
    one, two = arrange(y1, names, K, blocks), arrange(y2, names, K, blocks)
    if isinstance(one, Untestable):
        return Untestable(f"in the first context {one.reason}")
    if isinstance(two, Untestable):
        return Untestable(f"in the second context {two.reason}")
    if apart and not (one.within and two.within):
        return Untestable(
            "the contexts share no data set and model, and one run of each in a context is no measure of noise"
        )
    m1, cells = _cell_means(y1, blocks)
    m2, _ = _cell_means(y2, blocks)
    D = arrange(m2 - m1, names, K, cells)
    if one.within and two.within:
        like = None if isinstance(D, Untestable) else like_these(D)
        return replace(_summed(one, two, like, y1, y2, names), apart=apart)
    if isinstance(D, Untestable):
        return D
    where = [[(b.dataset, b.model) for b in cells].index(cell) for cell in D.grid]
    rows = [names.index(name) for name in D.arms]
    one, two = replace(D, y=m1[rows][:, where]), replace(D, y=m2[rows][:, where])
    whole = np.isfinite(D.y[: D.K]).all(axis=0)
    return Between(
        these(one), these(two), these(D), like_these(D), one.y[: D.K, whole], two.y[: D.K, whole], False
    )  # fmt: skip


def _summed(
    one: Layout, two: Layout, like: Spread | None, y1: np.ndarray, y2: np.ndarray, names: tuple[str, ...]
) -> Between:
    """Seeds in both contexts: independent runs, the spread tables add."""
    tables = [these(one), these(two)]
    keep = [name for name in names if all(name in table.arms for table in (*tables, like) if table is not None)]
    strategies = [name for name in keep if names.index(name) < names.index(one.arms[one.K])]
    first, second = (select(table, tuple(keep), len(strategies)) for table in tables)
    rows = [names.index(name) for name in strategies]
    both = np.isfinite(y1[rows]).all(axis=0) & np.isfinite(y2[rows]).all(axis=0)
    wide = None if like is None else select(like, tuple(keep), len(strategies))
    return Between(first, second, added(first, second), wide, y1[rows][:, both], y2[rows][:, both], True)


def _shared(
    y1: np.ndarray, y2: np.ndarray, arms: tuple[str, ...], K: int, blocks: tuple[Block, ...]
) -> tuple[np.ndarray, np.ndarray, tuple[str, ...], int, bool]:
    """Keep the arms that both contexts have, and the cells both have (all cells where they share none)."""
    there = np.isfinite(y1).any(axis=1) & np.isfinite(y2).any(axis=1)
    there[K] = True
    rows = np.flatnonzero(there)
    y1, y2 = y1[rows], y2[rows]
    base = int((rows < K).sum())
    cell = [(b.dataset, b.model) for b in blocks]
    cells1 = {c for c, has in zip(cell, np.isfinite(y1[base]), strict=True) if has}
    cells2 = {c for c, has in zip(cell, np.isfinite(y2[base]), strict=True) if has}
    shared = np.array([c in cells1 & cells2 for c in cell])
    if shared.any():
        y1, y2 = np.where(shared, y1, np.nan), np.where(shared, y2, np.nan)
    return y1, y2, tuple(arms[r] for r in rows), base, not shared.any()


def _cell_means(y: np.ndarray, blocks: tuple[Block, ...]) -> tuple[np.ndarray, tuple[Block, ...]]:
    """float64 (arms, cells): the mean over the seeds each arm has in a cell, and the cells as blocks."""
    cells = tuple(dict.fromkeys(Block(b.dataset, b.model, 0) for b in blocks))
    member = np.array([[Block(b.dataset, b.model, 0) == cell for cell in cells] for b in blocks], float)
    there = np.isfinite(y)
    number = there.astype(float) @ member
    means = np.where(there, y, 0.0) @ member / np.where(number > 0, number, np.nan)
    return means, cells


def moves(pair: Between, spread: Spread, seed: int, finding: str, rows: int = draws.R) -> Moves:
    """The null band of rank moves under equal effects in both contexts; `spread` is that of the change.

    The estimate of the common effect is held fixed and only the difference is redrawn: w = sum r2 rD / sum rD^2 clipped to
    [0, 1], M = ybar2 - w Dbar, D* = Z sqrt(lambda S/(N W X)), move* = rank(M - (1-w) D*) - rank(M + w D*).
    """
    K = spread.K
    w = _weight(pair, spread)
    ybar2 = pair.second.mean[:K] - pair.second.mean[:K].mean()
    Dbar = spread.mean[:K] - spread.mean[:K].mean()
    M = ybar2 - w * Dbar
    D = _null_differences(spread, draws.generator(seed, finding), rows)
    null = order(M - (1 - w) * D) - order(M + w * D)
    first, second = order(ybar2 - Dbar), order(ybar2)
    move = first - second
    footrule = int(np.abs(move).sum())
    sd = np.maximum(null.std(axis=0), 0.5)
    most = (np.abs(null) / sd).max(axis=1)
    seen = np.abs(move) / sd
    places = max(2, round(0.37 * K))
    far = (np.abs(null) >= places).sum(axis=1)
    low, high = np.quantile(null, [0.025, 0.975], axis=0, method="nearest")
    return Moves(
        first, second, move, low.astype(np.int64), high.astype(np.int64),
        (1 + (most[:, None] >= seen).sum(axis=0)) / (rows + 1), footrule,
        float((1 + (np.abs(null).sum(axis=1) >= footrule).sum()) / (rows + 1)), places,
        int((np.abs(move) >= places).sum()), float(far.mean()), int(np.quantile(far, 0.95, method="higher")),
    )  # fmt: skip


def _weight(pair: Between, spread: Spread) -> float:
    if pair.summed:
        s1, s2 = pair.first.s2 / pair.first.N, pair.second.s2 / pair.second.N
        return s2 / (s1 + s2) if s1 + s2 > 0 else 0.5
    r2, rD = residuals(pair.second.layouts[0]), residuals(spread.layouts[0])
    total = float((rD**2).sum())
    return float(np.clip((r2 * rD).sum() / total, 0, 1)) if total > 0 else 0.5


def _null_differences(spread: Spread, rng: np.random.Generator, rows: int) -> np.ndarray:
    """float64 (rows, K): differences between the contexts where there is none, t-distributed with each strategy's dof."""
    K = spread.K
    values, vectors = np.linalg.eigh(spread.cov[:K, :K])
    Z = rng.standard_normal((rows, K)) @ (vectors * np.sqrt(np.maximum(values, 0))).T
    parts = spread.own[:K] * spread.S
    squares = (parts**2 / spread.nu).sum(axis=1)
    nu = np.where(squares > 0, parts.sum(axis=1) ** 2 / np.where(squares > 0, squares, 1.0), 1.0)
    W = rng.chisquare(nu, (rows, K)) / nu
    X = rng.chisquare(spread.nu_lam, (rows, 1)) / spread.nu_lam if np.isfinite(spread.nu_lam) else 1.0
    D: np.ndarray = Z * np.sqrt(spread.lam / (W * X))
    return D


def proportional_p(pair: Between) -> float:
    """Largest omnibus p of cos(phi) y2 - sin(phi) y1 over phi = 0, 5 .. 90 degrees: gains that merely shrink are no moves."""
    results = [omnibus(np.cos(phi) * pair.y2 - np.sin(phi) * pair.y1) for phi in PHI]
    return max(1.0 if result is None else result.p for result in results)


def order_kept(pair: Between, c1: np.ndarray, c2: np.ndarray, seed: int, finding: str) -> Order:
    """Kendall's tau-b of the strategies' means; c1, c2: c_T of each context, float64 (K, K), for the reversed pairs."""
    K = pair.first.K
    a, b = pair.first.mean[:K], pair.second.mean[:K]
    T1, T2 = studentised(pair.first), studentised(pair.second)
    turned = np.greater(T1, c1) & np.less(T2, -c2)
    names = pair.first.arms
    pairs = tuple((names[s], names[t]) for s, t in zip(*np.nonzero(turned), strict=True))
    tau = kendall(a, b[None])[0]
    if K <= 8:
        null = kendall(a, b[np.array(list(permutations(range(K))))])
        p = float((null >= tau - 1e-12).mean())
    else:
        null = kendall(a, draws.generator(seed, finding).permuted(np.tile(b, (draws.R, 1)), axis=1))
        p = float((1 + (null >= tau - 1e-12).sum()) / (draws.R + 1))
    return Order(float(tau), p, pairs)


def kendall(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """float64 (rows,): tau-b between a (K,) and every row of b (rows, K); 0 where either is constant."""
    s, t = np.triu_indices(a.size, 1)
    left = np.sign(a[s] - a[t])
    total, there = np.zeros(len(b)), np.zeros(len(b))
    for at, sign in enumerate(left):  # by pair: rows x K(K-1)/2 at once would be 36 million numbers for K = 28
        right = np.sign(b[:, s[at]] - b[:, t[at]])
        total += sign * right
        there += right != 0
    scale = np.sqrt(np.abs(left).sum() * there)
    tau: np.ndarray = np.where(scale > 0, total / np.where(scale > 0, scale, 1.0), 0.0)
    return tau
