"""The spread table: the one estimate of noise that every interval, test and band of the analysis uses.

Strategies are compared within blocks. Two populations: *these* (on these data sets and models, if everything were
trained again) and *like these* (on data sets and models of which these are a sample). One code path: least squares
y = mu_s + beta_b on the strategies' rows, which in a complete table are plain means.
"""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import combinations

import numpy as np

from fairweather.analysis.table import Block


@dataclass(frozen=True)
class Untestable:
    """Why a question cannot be asked of these results; a clause without a full stop."""

    reason: str


@dataclass(frozen=True)
class Layout:
    """The observations that enter a comparison within one context.

    Args:
        arms: names; the first K are strategies, then the baseline, then the controls.
        K: number of strategies.
        y: float64 (arms, blocks) in points; NaN only for controls, or where least squares are used.
        cells: int64 (blocks,), the (data set, model) of each block; grid: its names.
        seeds: blocks per cell (the smallest number).
        left_out: strategies with fewer than half of the baseline's blocks, or with a single value.
        dropped: number of blocks left out to match.
    """

    arms: tuple[str, ...]
    K: int
    y: np.ndarray = field(repr=False)
    cells: np.ndarray
    grid: tuple[tuple[str, str], ...]
    seeds: int
    left_out: tuple[str, ...] = ()
    dropped: int = 0

    @property
    def within(self) -> bool:
        """Whether the residual is taken within the cell (two or more seeds)."""
        return self.seeds >= 2

    @property
    def matched(self) -> bool:
        """Whether every strategy and the baseline have every block."""
        return bool(np.isfinite(self.y[: self.K + 1]).all())


@dataclass(frozen=True)
class Spread:
    """Estimates and their noise.

    The variance of a difference of two arms is a sum of independent components: SE^2(a - b) = lam * sum_q C[a, b, q] S[q],
    with nu[q] degrees of freedom each (Welch-Satterthwaite). Between contexts the components of both are listed.

    Args:
        mean: float64 (arms,), points; cov: float64 (arms, arms), their covariance.
        S, nu: float64 (Q,); typical: S with the strategies' own variances replaced by the pooled one.
        C: float64 (arms, arms, Q); own: float64 (arms, Q), the variance of one estimate is own[a] @ S.
        s2: residual variance of the two-way layout; d: its degrees of freedom per strategy; N: number of blocks.
        lam, nu_lam: inflation to data sets and models like these, and its degrees of freedom (1 and inf for these).
        paired: K <= 2, paired t on the differences and Bonferroni instead of max-T.
        layouts: the observations behind it (two between contexts: first, second).
    """

    arms: tuple[str, ...]
    K: int
    mean: np.ndarray
    cov: np.ndarray
    S: np.ndarray
    nu: np.ndarray
    typical: np.ndarray
    C: np.ndarray
    own: np.ndarray
    s2: float
    d: float
    N: int
    paired: bool
    layouts: tuple[Layout, ...] = field(repr=False)
    lam: float = 1.0
    nu_lam: float = np.inf

    def variance(self, a: np.ndarray | int, b: np.ndarray | int, typical: bool = False) -> np.ndarray:
        """SE^2 of the differences a - b in points^2."""
        se2: np.ndarray = self.lam * (self.C[a, b] @ (self.typical if typical else self.S))
        return se2

    def dof(self, a: np.ndarray | int, b: np.ndarray | int, typical: bool = False) -> np.ndarray:
        """Welch degrees of freedom of the differences a - b."""
        return self._welch(self.C[a, b] * (self.typical if typical else self.S))

    def contrast(self, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """SE^2 in points^2 and Welch degrees of freedom of contrasts, both float64 (...,).

        Args:
            weights: float64 (..., arms) that sum to 0, so that the variances of the differences say everything:
                Var(sum w_a m_a) = -1/2 sum w_a w_b Var(m_a - m_b). Of two arms it is `variance` and `dof`.
        """
        pairs = np.einsum("...a,...b->...ab", weights, weights)
        parts: np.ndarray = -0.5 * np.einsum("...ab,abq->...q", pairs, self.C) * self.S
        total = np.maximum(parts.sum(axis=-1), 0.0)
        if self.paired:  # the parts of pairs are no independent components, but one series has given them all
            asked = (pairs != 0).reshape(-1, *pairs.shape[-2:]).any(axis=0)
            nu = self.nu[(self.C[asked] > 0).any(axis=0)]
            joint = 1.0 / (1.0 / (nu.min() if nu.size else np.nan) + 1.0 / self.nu_lam)
            return self.lam * total, np.full(total.shape, joint)
        return self.lam * total, self._welch(np.maximum(parts, 0.0))

    def _welch(self, parts: np.ndarray) -> np.ndarray:
        """Degrees of freedom of sums over the last axis of independent components of a variance."""
        squares = (parts**2 / self.nu).sum(axis=-1)
        total = parts.sum(axis=-1) ** 2
        fewest = float(self.nu.min()) if self.nu.size else np.nan
        nu = np.where(squares > 0, total / np.where(squares > 0, squares, 1.0), fewest)
        joint: np.ndarray = 1.0 / (1.0 / nu + 1.0 / self.nu_lam)
        return joint


def arrange(y: np.ndarray, arms: tuple[str, ...], K: int, blocks: tuple[Block, ...]) -> Layout | Untestable:
    """Choose strategies and blocks: those with fewer than half of the baseline's paired blocks go, then match if 2/3 are shared.

    Where it is not matched, a strategy with a single value goes too: nothing tells how far that value may be trusted.

    Args:
        y: float64 (arms, blocks), NaN where missing; arms are K strategies, the baseline, controls.
    """
    has = np.isfinite(y)
    base = has[K]
    if not base.any():
        return Untestable(f"{arms[K]} has no value there (no run, or too few test images)")
    paired = base & has[:K].any(axis=0)
    base = paired if paired.any() else base  # further runs of the baseline alone are paired with nothing
    enough = has[:K][:, base].sum(axis=1) * 2 >= base.sum()
    left_out = tuple(arms[s] for s in range(K) if not enough[s])
    keep = [s for s in range(K) if enough[s]]
    shared = has[[*keep, K]].all(axis=0)
    n, most = int(shared.sum()), int(base.sum())
    # K <= 2 is a paired t: only blocks that all have can enter
    match = n == most or (n * 3 >= most * 2 and n >= 3) or (len(keep) <= 2 and n >= 1)
    chosen = shared if match else base & has[keep].any(axis=0)
    if len(keep) in (1, 2) and not n:
        return Untestable("no run of the baseline is matched by runs of all strategies")
    controls = [c for c in range(K + 1, len(arms)) if _replicated(has[c] & chosen, blocks)]
    rows = [*keep, K, *controls]
    names, where = tuple(arms[a] for a in rows), np.flatnonzero(chosen)
    layout = _layout(
        y[rows][:, where], names, len(keep), [blocks[b] for b in where], left_out, int(has[K].sum()) - len(where)
    )
    if isinstance(layout, Layout) and not layout.matched:
        single = [s for s, count in zip(keep, np.isfinite(layout.y[: layout.K]).sum(axis=1), strict=True) if count < 2]
        if single:
            y = y.copy()
            y[single] = np.nan
            return arrange(y, arms, K, blocks)
    return layout


def _replicated(there: np.ndarray, blocks: tuple[Block, ...]) -> bool:
    """Whether a control has two seeds of one cell, or, where no cell has two, two cells."""
    mine = [(b.dataset, b.model) for b, has in zip(blocks, there, strict=True) if has]
    seeds = len(set(mine)) < len(mine)
    return seeds or (len(mine) >= 2 and len({(b.dataset, b.model) for b in blocks}) == len(blocks))


def _layout(
    y: np.ndarray, arms: tuple[str, ...], K: int, blocks: list[Block], left_out: tuple[str, ...], dropped: int
) -> Layout | Untestable:
    grid = tuple(dict.fromkeys((b.dataset, b.model) for b in blocks))
    place = {cell: at for at, cell in enumerate(grid)}
    cells = np.array([place[b.dataset, b.model] for b in blocks], np.int64)
    seeds = int(np.bincount(cells).min())
    layout = Layout(arms, K, y, cells, grid, seeds, left_out, dropped)
    if len(blocks) == 1:
        return Untestable("there is one run of each strategy, and one run cannot tell a difference from chance")
    if len(grid) > 1 and (seeds < 2 or not layout.matched):
        layout = _replicated_controls(cell_means(layout))
    if K > 2 and not _solved(*_mask(layout)).connected:
        return Untestable("the strategies share too few data sets and models to be compared with one another")
    values = int(np.isfinite(layout.y[:K]).sum())
    if K > 2 and not layout.matched and values <= K + layout.y.shape[1] - 1:
        return Untestable("so many runs are missing that those left cannot tell a difference from chance")
    return layout


def _replicated_controls(layout: Layout) -> Layout:
    """The layout without the controls that have one value left."""
    counts = np.isfinite(layout.y).sum(axis=1)
    rows = [a for a in range(len(layout.arms)) if a <= layout.K or counts[a] >= 2]
    return replace(layout, arms=tuple(layout.arms[a] for a in rows), y=layout.y[rows])


def cell_means(layout: Layout) -> Layout:
    """The layout whose blocks are the cells: the mean over the seeds each arm has."""
    there = np.isfinite(layout.y)
    number = by_cell(there.astype(float), layout)
    y = by_cell(np.where(there, layout.y, 0.0), layout) / np.where(number > 0, number, np.nan)
    return replace(layout, y=y, cells=np.arange(len(layout.grid)), seeds=1)


def by_cell(y: np.ndarray, layout: Layout) -> np.ndarray:
    """float64 (..., cells): the sum of `y` (..., blocks) over the blocks of each cell."""
    sums = np.zeros((*y.shape[:-1], len(layout.grid)))
    np.add.at(sums.T, layout.cells, y.T)
    return sums


def these(layout: Layout) -> Spread:
    """The spread table for *these* data sets and models, if everything were trained again."""
    return _paired(layout) if layout.K <= 2 else _shrunk(layout)


def like_these(layout: Layout) -> Spread | None:
    """The spread table for data sets and models of which these are a sample; None with one cell."""
    if len(layout.grid) < 2:
        return None
    means = _replicated_controls(cell_means(layout))
    base = these(means)
    lam, nu_lam = crossing_inflation(means)
    return replace(base, lam=lam, nu_lam=nu_lam)


def added(first: Spread, second: Spread) -> Spread:
    """Second minus first for independent runs: the spread tables add, S/N = S_1/N_1 + S_2/N_2.

    Both are for *these* and have the same arms in the same order; one may be paired and the other shrunk.
    """
    if (first.arms, first.K, first.lam) != (second.arms, second.K, second.lam):
        raise ValueError("added: the two spread tables are not of the same arms and population")
    return Spread(
        first.arms,
        first.K,
        second.mean - first.mean,
        first.cov + second.cov,
        np.concatenate([first.S, second.S]),
        np.concatenate([first.nu, second.nu]),
        np.concatenate([first.typical, second.typical]),
        np.concatenate([first.C, second.C], axis=-1),
        np.concatenate([first.own, second.own], axis=-1),
        first.s2 + second.s2,
        min(first.d, second.d),
        min(first.N, second.N),
        first.paired or second.paired,
        (*first.layouts, *second.layouts),
    )


def select(spread: Spread, arms: tuple[str, ...], K: int) -> Spread:
    """The same spread table for some of its arms, K of them strategies."""
    rows = np.array([spread.arms.index(name) for name in arms])
    two = np.ix_(rows, rows)
    return replace(
        spread, arms=arms, K=K, mean=spread.mean[rows], cov=spread.cov[two], C=spread.C[two], own=spread.own[rows]
    )


def members(layout: Layout, names: tuple[str, ...]) -> Layout | Untestable:
    """The layout of some of the strategies and the baseline, for a family; where runs are missing it is arranged anew, for the
    strategies that held it together may be gone."""
    rows = [*(layout.arms.index(name) for name in names), layout.K]
    if not layout.matched:
        named = [layout.grid[cell] for cell in layout.cells]
        blocks = tuple(Block(dataset, model, at) for at, (dataset, model) in enumerate(named))
        return arrange(layout.y[rows], tuple(layout.arms[r] for r in rows), len(names), blocks)
    return replace(layout, arms=tuple(layout.arms[r] for r in rows), K=len(names), y=layout.y[rows])


def residuals(layout: Layout) -> np.ndarray:
    """float64 (K, blocks): two-way residuals of the strategies, within the cell where there are seeds; 0 where missing."""
    there, y = _filled(layout)
    mean, beta = _fit(layout)
    K = layout.K
    return centred(np.where(there[:K], y[:K] - mean[:K, None] - beta, 0.0), layout)


def centred(r: np.ndarray, layout: Layout) -> np.ndarray:
    """`r` (..., blocks) minus its mean within the cell where there are seeds, else as it is minus its mean."""
    if not layout.within:
        return r
    means = by_cell(r, layout) / np.bincount(layout.cells, minlength=len(layout.grid))
    result: np.ndarray = r - means[..., layout.cells]
    return result


def _filled(layout: Layout) -> tuple[np.ndarray, np.ndarray]:
    there = np.isfinite(layout.y)
    return there, np.where(there, layout.y, 0.0)


def _mask(layout: Layout) -> tuple[bytes, tuple[int, int], int]:
    return np.isfinite(layout.y).tobytes(), layout.y.shape, layout.K


@dataclass(frozen=True)
class _Solved:
    """Least squares of one pattern of missing values.

    Args:
        inverse: float64 (K, K), of the normal equations once the block effects are eliminated.
        G: float64 (arms, arms, arms); G[q, a, c] S_q summed over q is the covariance of the estimates of a and c.
        connected: whether every strategy can be compared with every other.
    """

    inverse: np.ndarray
    G: np.ndarray
    connected: bool


@lru_cache(maxsize=256)
def _solved(mask: bytes, shape: tuple[int, int], K: int) -> _Solved:
    A, B = shape
    there = np.frombuffer(mask, bool).reshape(shape)
    has = there[:K].astype(float)
    n_b = np.maximum(has.sum(axis=0), 1.0)
    normal = np.diag(has.sum(axis=1)) - (has / n_b) @ has.T
    eigen = np.linalg.eigvalsh(normal)
    connected = bool((eigen > 1e-9 * max(B, 1)).sum() == K - 1)
    inverse = np.linalg.pinv(normal, hermitian=True)
    # the estimate of strategy s is the sum over t, b of maps[s, t, b] y[t, b]; block effects sum to 0
    maps = np.zeros((A, A, B))
    maps[:K, :K] = (inverse[:, :, None] - ((inverse @ has) / n_b)[:, None]) * has

    def mean_effect(weight: np.ndarray) -> np.ndarray:
        """The mean block effect under weights (B,), as a function of y: float64 (K, B)."""
        share = weight / n_b
        part: np.ndarray = has * share - np.tensordot(has @ share, maps[:K, :K], 1)
        return part

    shift = mean_effect(np.full(B, 1 / B))
    effects = [mean_effect(there[a] / there[a].sum()) for a in range(K, A)]
    maps[:K, :K] += shift
    for a, effect in zip(range(K, A), effects, strict=True):
        maps[a, :K] = shift - effect
        maps[a, a] = there[a] / there[a].sum()
    G = np.einsum("aqb,cqb->qac", maps, maps, optimize=True)
    G[np.abs(G) < 1e-13 * np.abs(G).max()] = 0.0  # rounding must not turn the axes of the draws
    return _Solved(inverse, G, connected)


def _fit(layout: Layout) -> tuple[np.ndarray, np.ndarray]:
    """float64 (arms,) estimates and (blocks,) block effects, which sum to 0."""
    there, y = _filled(layout)
    K = layout.K
    has = there[:K].astype(float)
    n_b = np.maximum(has.sum(axis=0), 1.0)
    level = y[:K].sum(axis=0) / n_b
    mu = _solved(*_mask(layout)).inverse @ (y[:K] - has * level).sum(axis=1)
    beta = level - (mu @ has) / n_b
    shift = float(beta.mean())
    beta -= shift
    controls = [(y[a] - beta)[there[a]].mean() for a in range(K, len(y))]
    return np.concatenate([mu + shift, controls]), beta


def _shrunk(layout: Layout) -> Spread:
    """K >= 3: every strategy's own variance, shrunk to the pool; controls keep their own."""
    there, y = _filled(layout)
    mean, block = _fit(layout)
    K, A = layout.K, len(layout.arms)
    r = residuals(layout)
    n_s, N_obs, B = there[:K].sum(axis=1), int(there[:K].sum()), layout.y.shape[1]
    if layout.within and layout.matched:
        d = np.full(K, float(B - len(layout.grid)))
        q = (r**2).sum(axis=1) / d
    else:
        d = n_s - 1.0
        q = (r**2).sum(axis=1) / n_s * N_obs / (N_obs - K - B + 1) * (K - 1) / K
    s2 = float(q.sum() / (K - 1))
    u = (K * q - s2) / (K - 2)
    f = d * (K - 2) ** 2 / ((K - 1) ** 2 - 2 + 1 / (K - 1))
    d0 = np.minimum(6.0, (K - 2) * d / 2)
    S, nu = np.empty(A), np.empty(A)
    S[:K] = np.maximum((d0 * s2 + f * u) / (d0 + f), 0.05 * s2)
    nu[:K] = d0 + f
    for a in range(K, A):
        S[a], nu[a] = _control(np.where(there[a], y[a] - block, np.nan), layout, K, s2)
    typical = S.copy()
    typical[:K] = s2
    G = _solved(*_mask(layout)).G
    own = np.diagonal(G, axis1=1, axis2=2).T
    C = np.maximum(own[:, None] + own[None] - 2 * G.transpose(1, 2, 0), 0.0)
    cov = np.tensordot(S, G, 1)
    return Spread(layout.arms, K, mean, cov, S, nu, typical, C, own, s2, float(d.min()), B, False, (layout,))


def _control(r: np.ndarray, layout: Layout, K: int, s2: float) -> tuple[float, float]:
    """A control's own variance and degrees of freedom."""
    value, d = _variance(r, layout)
    return max(value - s2 / K, 0.05 * s2), d * (K / (K + 1)) ** 2


def _variance(r: np.ndarray, layout: Layout) -> tuple[float, float]:
    """Variance of one row (NaN = missing) about its mean, or about its cell means where there are seeds; and its dof."""
    total, d = 0.0, 0.0
    groups = [layout.cells == c for c in range(len(layout.grid))] if layout.within else [np.ones(r.size, bool)]
    for group in groups:
        values = r[group & np.isfinite(r)]
        if values.size:
            total += float(((values - values.mean()) ** 2).sum())
            d += values.size - 1
    return (total / d if d else 0.0), d


def _paired(layout: Layout) -> Spread:
    """K <= 2: one component for every pair of arms, the variance of their differences."""
    A, K, y = len(layout.arms), layout.K, layout.y
    pairs = list(combinations(range(A), 2))
    S, nu, C = np.zeros(len(pairs)), np.ones(len(pairs)), np.zeros((A, A, len(pairs)))
    for at, (a, b) in enumerate(pairs):
        difference = y[a] - y[b]
        S[at], d = _variance(difference, layout)
        nu[at] = max(d, 1.0)  # two controls may share one block; nothing compares them
        C[a, b, at] = C[b, a, at] = 1.0 / max(int(np.isfinite(difference).sum()), 1)
    mean = np.empty(A)
    mean[: K + 1] = y[: K + 1].mean(axis=1)
    for c in range(K + 1, A):
        difference = y[c] - y[K]
        mean[c] = mean[K] + difference[np.isfinite(difference)].mean()
    typical, B = S.copy(), y.shape[1]
    to_base = [at for at, (a, b) in enumerate(pairs) if a < K and b == K]
    if to_base:
        typical[to_base] = S[to_base].mean()
    s2 = float(S[pairs.index((0, 1))]) / 2 if K else 0.0
    own = np.zeros((A, len(pairs)))
    if pairs and K:
        own[:, pairs.index((0, 1))] = 1 / (2 * B)  # half the variance of the difference for each of the two
    d = float(B - (len(layout.grid) if layout.within else 1))
    return Spread(layout.arms, K, mean, np.diag(own @ S), S, nu, typical, C, own, s2, d, B, True, (layout,))


def crossing_inflation(layout: Layout) -> tuple[float, float]:
    """lambda and nu_l of the cell means of a layout (its strategies alone; with one strategy, it and the baseline)."""
    rows = layout.y[: max(layout.K, 2)]
    return inflation(rows, layout.grid)


def inflation(y: np.ndarray, grid: tuple[tuple[str, str], ...]) -> tuple[float, float]:
    """lambda and nu_l of (K, cells) values on the largest complete crossing; (1, inf) where a factor has one level."""
    squares = mean_squares(y, grid)
    if squares is None:
        return 1.0, np.inf
    (MS_d, MS_m, MS_e), (f_d, f_m, f_e) = squares
    s2 = (MS_d * f_d + MS_m * f_m + MS_e * f_e) / (f_d + f_m + f_e)
    a = MS_d + MS_m - MS_e
    if s2 <= 0 or a <= s2:
        return 1.0, np.inf
    return a / s2, a**2 / (MS_d**2 / f_d + MS_m**2 / f_m + MS_e**2 / f_e)


def mean_squares(
    y: np.ndarray, grid: tuple[tuple[str, str], ...]
) -> tuple[tuple[float, float, float], tuple[int, int, int]] | None:
    """Mean squares strategy x data set, strategy x model, rest, and their degrees of freedom; None without a crossing."""
    part = _complete(y, grid)
    if part is None or len(y) < 2:
        return None
    K, D, M = part.shape
    data, model = part.mean(axis=2), part.mean(axis=1)
    two_d = data - data.mean(axis=1, keepdims=True) - data.mean(axis=0) + data.mean()
    two_m = model - model.mean(axis=1, keepdims=True) - model.mean(axis=0) + model.mean()
    block = part - part.mean(axis=0)
    block = block - block.mean(axis=(1, 2), keepdims=True)
    f = ((K - 1) * (D - 1), (K - 1) * (M - 1), (K - 1) * (D - 1) * (M - 1))
    ss_d, ss_m = M * float((two_d**2).sum()), D * float((two_m**2).sum())
    rest = float((block**2).sum()) - ss_d - ss_m
    return (ss_d / f[0], ss_m / f[1], max(rest, 0.0) / f[2]), f


def _complete(y: np.ndarray, grid: tuple[tuple[str, str], ...]) -> np.ndarray | None:
    """float64 (K, data sets, models): the largest complete crossing of at least 2 x 2; None if there is none."""
    whole = np.isfinite(y).all(axis=0)
    full = {cell: at for at, cell in enumerate(grid) if whole[at]}
    of_data: dict[str, set[str]] = {}
    for d, m in full:
        of_data.setdefault(d, set()).add(m)
    models = {d: frozenset(names) for d, names in of_data.items()}
    # the models of a largest crossing are an intersection of what some data sets have; complete tables have one such set
    closed: set[frozenset[str]] = set()
    for pattern in set(models.values()):
        closed |= {pattern, *(pattern & other for other in closed)}
    best: list[list[int]] = []
    for chosen in sorted(closed, key=sorted):
        inside = sorted(d for d, own in models.items() if chosen <= own)
        if len(chosen) >= 2 and len(inside) >= 2 and len(chosen) * len(inside) > sum(map(len, best)):
            best = [[full[d, m] for m in sorted(chosen)] for d in inside]
    return y[:, np.array(best)] if best else None
