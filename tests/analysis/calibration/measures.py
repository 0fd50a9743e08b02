"""What the analysis says of a simulated study, as numbers between 0 and 1 whose mean over studies is promised.

Each measure is called with a generator for the simulation and the seed of the analysis' own draws; a number that a study
does not have (a share of nothing) is left out of its answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from tests.analysis.calibration.studies import Design, Generator, crossed, in_parts, pair, study, without

from fairweather.analysis import contexts, draws, power, ranks, rules
from fairweather.analysis.frame import Frame, Ledger, Settings
from fairweather.analysis.gains import Gains, gains, gains_among, mean_gain
from fairweather.analysis.spread import Layout, Spread, arrange, like_these, these
from fairweather.analysis.table import Block, Scores
from fairweather.analysis.within import ORACLE, PLACEBO, part_findings
from fairweather.analysis.yardstick import share

Answer = Mapping[str, float]
MOST_SHARES = 7  # of a study; those of its other strategies are as good


def names(K: int) -> tuple[str, ...]:
    return (*(f"s{k}" for k in range(K)), "baseline")


def blocks(cells: int, seeds: int = 1) -> tuple[Block, ...]:
    """Cells that differ in their data set."""
    return tuple(Block(f"d{c}", "m", s) for c in range(cells) for s in range(seeds))


def laid_out(y: np.ndarray, where: tuple[Block, ...]) -> Layout:
    layout = arrange(y, names(len(y) - 1), len(y) - 1, where)
    assert isinstance(layout, Layout), layout
    return layout


def gains_of(spread: Spread, seed: int) -> Gains:
    """With family-wise p-values."""
    return gains(spread, spread.arms[: spread.K], "baseline", seed, "calibration")


def limits_of(spread: Spread) -> Gains:
    """Gains and their intervals, without the draws that family-wise p-values need."""
    return gains_among(spread, spread.arms[: spread.K], "baseline", spread.K)


def covered(g: Gains, truth: np.ndarray) -> float:
    return float(((g.low <= truth) & (truth <= g.high)).mean())


def claims(g: Gains, among: np.ndarray | slice = slice(None)) -> float:
    """Whether there is any yes or no among these strategies."""
    verdicts = [rules.gain(value, p) for value, p in zip(g.gain[among], g.p_adjusted[among], strict=True)]
    return float(any(verdict in ("yes", "no") for verdict in verdicts))


def all_help(g: Gains) -> float:
    verdicts = [rules.gain(value, p) for value, p in zip(g.gain, g.p_adjusted, strict=True)]
    return float(rules.all_positive(g.lower, verdicts) == "yes")


@dataclass(frozen=True)
class OneContext:
    """Gains where nothing helps, where half do, and where all but one do."""

    design: Design

    def __call__(self, rng: Generator, seed: int) -> Answer:
        design, K = self.design, self.design.K
        found, where, place = study(design, rng), blocks(design.cells, design.seeds), np.arange(self.design.K + 1)
        spread = these(laid_out(found.y, where))
        g, mean = gains_of(spread, seed), mean_gain(spread)
        half = found.y + 4 * design.se * (place < K // 2)[:, None]
        most = found.y + 12 * design.se * (place < K - 1)[:, None]
        return {
            "coverage": covered(g, found.here),
            "mean": float(mean.low <= found.here.mean() <= mean.high),
            "nothing helps": claims(g),
            "half help": claims(gains_of(these(laid_out(half, where)), seed), slice(K // 2, K)),
            "all help, nothing does": all_help(g),
            "all help, all but one do": all_help(limits_of(these(laid_out(most, where)))),
        }


@dataclass(frozen=True)
class BothPopulations:
    """Coverage with seeds: of the gains on these cells, and on cells like these."""

    design: Design

    def __call__(self, rng: Generator, seed: int) -> Answer:
        found = study(self.design, rng)
        layout = laid_out(found.y, blocks(self.design.cells, self.design.seeds))
        wide = like_these(layout)
        assert wide is not None
        return {
            "these": covered(limits_of(these(layout)), found.here),
            "like these": covered(limits_of(wide), found.anywhere),
        }


@dataclass(frozen=True)
class MissingCells:
    """Coverage where that share of the runs of the strategies (and of the baseline) is missing."""

    design: Design
    share: float
    baseline_too: bool

    def __call__(self, rng: Generator, seed: int) -> Answer:
        design = self.design
        found = study(design, rng)
        y = without(found.y, rng, self.share, design.K + self.baseline_too)
        layout = arrange(y, names(design.K), design.K, blocks(design.cells, design.seeds))
        if not isinstance(layout, Layout):
            return {}  # so few runs are left that the analysis refuses
        kept = [names(design.K).index(name) for name in layout.arms[: layout.K]]
        return {"coverage": covered(limits_of(these(layout)), found.here[kept])}


@dataclass(frozen=True)
class Crossing:
    """Other data sets and models, where data sets and models are crossed: equal strategies with interactions."""

    K: int
    datasets: int
    models: int
    parts: tuple[float, float, float]
    baseline: float

    def __call__(self, rng: Generator, seed: int) -> Answer:
        y = crossed(rng, self.K, self.datasets, self.models, self.parts, self.baseline)
        where = tuple(Block(f"d{d}", f"m{m}", 0) for d in range(self.datasets) for m in range(self.models))
        layout = laid_out(y, where)
        wide = like_these(layout)
        assert wide is not None
        return {
            "coverage": covered(limits_of(wide), np.zeros(self.K)),
            "omnibus": float(ranks.omnibus_like(layout.y[: self.K], layout.grid) <= rules.ALPHA),
        }


@dataclass(frozen=True)
class Ranking:
    """Whether every rank set holds every rank that is true; strategies of one group share all ranks of the group."""

    design: Design
    groups: int

    def __call__(self, rng: Generator, seed: int) -> Answer:
        design = self.design
        effect = 4 * design.se * np.sort(np.arange(design.K) % self.groups)[::-1]
        spread = these(laid_out(study(design, rng, effect).y, blocks(design.cells, design.seeds)))
        sets = ranks.rank_sets(spread, draws.pair_limit(spread, seed, "calibration"))
        top = 1 + (effect[:, None] < effect).sum(axis=1)
        bottom = design.K - (effect[:, None] > effect).sum(axis=1)
        return {"held": float((sets.low <= top).all() and (sets.high >= bottom).all())}


def carried(kind: str, size: float, z: np.ndarray, rng: Generator) -> tuple[np.ndarray, np.ndarray]:
    """The effects in both contexts; z (K,) is standard normal, and the effects of the first are size * z."""
    effect = size * z
    if kind == "bent":  # the order is kept
        return effect, size * np.sign(z) * z**2
    if kind == "bent, of one size":  # the same, where the effects of both contexts have one root mean square
        return effect, size * np.sign(z) * z**2 * np.sqrt((z**2).mean() / (z**4).mean())
    if kind == "unrelated":
        return effect, rng.permutation(effect)
    if kind == "none before":
        return 0.0 * effect, effect
    return effect, {"equal": 1.0, "x0.3": 0.3, "x0.1": 0.1, "x0": 0.0}[kind] * effect


@dataclass(frozen=True)
class TwoContexts:
    """Everything between two contexts; effects are normal with sd `size` standard errors of a mean."""

    design: Design
    kind: str = "equal"
    size: float = 0.0

    def __call__(self, rng: Generator, seed: int) -> Answer:
        design, K = self.design, self.design.K
        first, second = carried(self.kind, self.size * design.se, rng.standard_normal(K), rng)
        one, two = pair(design, rng, first, second)
        found = contexts.between(one.y, two.y, names(K), K, blocks(design.cells, design.seeds))
        assert isinstance(found, contexts.Between), found
        test = ranks.omnibus(found.y2 - found.y1)
        assert test is not None
        order = contexts.order_kept(found, *_pair_limits(found, seed), seed, "order")
        turned = len(order.reversed_pairs)
        band = contexts.moves(found, found.change, seed, "moves", rows=2000)
        kept = rules.order_kept(order.p, turned)
        moved = rules.rank_moves(band.p_band, contexts.proportional_p(found), turned, kept)
        return {
            "change": covered(limits_of(found.change), two.here - one.here),
            "interaction": float(test.p <= rules.ALPHA),
            "moved": float(moved == "yes"),
            "outside the band": float(band.p_band <= rules.ALPHA),
            "reversed": float(turned > 0),
        }


def _pair_limits(found: contexts.Between, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """c_T of both contexts; it is never below the limit of a single pair, so where no pair is reversed even by that, it is
    taken as infinite and the draws are saved."""
    first, second = ranks.studentised(found.first), ranks.studentised(found.second)
    if not ((first > 1.95) & (second < -1.95)).any():
        return np.full_like(first, np.inf), np.full_like(first, np.inf)
    return draws.pair_limit(found.first, seed, "one"), draws.pair_limit(found.second, seed, "two")


@dataclass(frozen=True)
class Power:
    """How often a gain of the smallest detectable size is shown, by the plan or by the data of studies like it."""

    design: Design
    from_data: bool

    def __call__(self, rng: Generator, seed: int) -> Answer:
        design, K = self.design, self.design.K
        gain = _detectable(design) if self.from_data else _planned(design)
        spread = these(laid_out(study(design, rng, gain).y, blocks(design.cells, design.seeds)))
        g = gains_of(spread, seed)
        shown = [rules.gain(g.gain[k], g.p_adjusted[k]) == "yes" for k in range(K)]
        return {"shown": float(np.mean(shown))}


@cache
def _planned(design: Design) -> float:
    d = float(design.cells * (design.seeds - 1) if design.seeds > 1 else design.cells - 1)
    return design.noise * power.planned_gain(design.K, design.blocks, d)


@cache
def _detectable(design: Design, pilots: int = 100) -> float:
    """The mean over pilot studies of what each calls its smallest detectable gain."""
    rng, found = np.random.default_rng(71), []
    for seed in range(pilots):
        spread = these(laid_out(study(design, rng).y, blocks(design.cells, design.seeds)))
        found.append(power.smallest_gain(spread, gains_of(spread, seed).c, "baseline"))
    return float(np.mean(found))


@dataclass(frozen=True)
class Collapsed:
    """One run has collapsed (60 spreads below what it should be) and was left in."""

    design: Design
    baseline: bool

    def __call__(self, rng: Generator, seed: int) -> Answer:
        design, K = self.design, self.design.K
        y = study(design, rng).y
        y[K if self.baseline else 0, 0] -= 60 * design.noise
        spread = these(laid_out(y, blocks(design.cells, design.seeds)))
        g = gains_of(spread, seed)
        claim = bool(claims(g))
        if not self.baseline:  # that of the baseline is in no comparison of two strategies
            claim |= bool(ranks.rank_sets(spread, draws.pair_limit(spread, seed, "calibration")).better.any())
        others = slice(0 if self.baseline else 1, K)
        held = (g.low[others] <= 0) & (g.high[others] >= 0)
        return {"claim": float(claim), "others": float(held.mean())}


@dataclass(frozen=True)
class Parts:
    """The false share of what is claimed over strategies x domains (or classes), where every fourth gain is real."""

    design: Design
    number: int
    kind: str  # "domain" or "class"
    shared: float

    def __call__(self, rng: Generator, seed: int) -> Answer:
        design, K = self.design, self.design.K
        real = rng.random((self.number, K)) < 0.25
        y = in_parts(design, rng, 5 * design.se * real, self.shared)
        ledger = Ledger()
        part_findings(_frame(y, design, seed), ledger, "all", _scores(y, design), self.kind)
        table = ledger.rows["gains" if self.kind == "domain" else "per_class"]
        key = self.kind
        claimed = [(int(row[key][1:]), int(row["strategy"][1:])) for row in table if row["verdict"] in ("yes", "no")]
        assert len(table) == self.number * K
        false = sum(not real[at] for at in claimed)
        return {"false share": false / max(1, len(claimed))}


@dataclass(frozen=True)
class Shares:
    """Coverage of the gains over the placebo as shares of the oracle's, in the studies that show any.

    The design's last two strategies are the placebo and the oracle, which lies `strength` standard errors of a difference
    above it; the others' shares go from -0.5 to 1.5. `missing`: that share of their runs and of these is missing.
    """

    design: Design
    strength: float
    missing: float = 0.0

    def __call__(self, rng: Generator, seed: int) -> Answer:
        design, K = self.design, self.design.K - 2
        shares = np.array([*(np.linspace(-0.5, 1.5, K) if K > 1 else [0.5]), 0.0, 1.0])
        found = study(design, rng, self.strength * np.sqrt(2) * design.se * shares)
        arms = (*names(K), PLACEBO, ORACLE)
        y = without(found.y, rng, self.missing, design.K)[[*range(K), K + 2, K, K + 1]]
        y[:, ~np.isfinite(y[-2:]).all(axis=0)] = np.nan
        layout = arrange(y, arms, K, blocks(design.cells, design.seeds))
        if not isinstance(layout, Layout):
            return {}
        spread, gain = these(layout), found.here - found.here[K]
        held = []
        for at in np.linspace(0, layout.K - 1, min(layout.K, MOST_SHARES)).round().astype(int):
            own, truth = share(spread, layout.arms[at]), gain[arms.index(layout.arms[at])] / gain[K + 1]
            if own is None:
                return {}
            held.append(own.low <= truth <= own.high)
        return {"covered": float(np.mean(held))}


def _scores(y: np.ndarray, design: Design) -> Scores:
    strategies = names(design.K)[:-1]
    return Scores(
        "mIoU", ("all",), strategies, "baseline", (), dict.fromkeys(strategies, "std"), blocks(design.cells, design.seeds),
        tuple(f"v{v}" for v in range(len(y))), y[:, None],
    )  # fmt: skip


def _frame(y: np.ndarray, design: Design, seed: int) -> Frame:
    parts, none = _scores(y, design), _scores(y[:0], design)
    settings = Settings("baseline", ("all",), "mIoU", 0.3, "", None, seed)
    return Frame(settings, none, parts, parts, none, none, frozenset(), {}, None)
