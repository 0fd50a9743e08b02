"""The verdicts of one context once more, on part of its results; nothing is drawn where a bound already decides."""

from dataclasses import dataclass, field

import numpy as np

from fairweather.analysis import draws, quadrature, ranks, rules
from fairweather.analysis.distributions import t_sf
from fairweather.analysis.finding import Verdict
from fairweather.analysis.frame import Frame
from fairweather.analysis.gains import Gains, gains_among, mean_gain
from fairweather.analysis.ranks import RankSets
from fairweather.analysis.spread import Layout, Spread, Untestable, arrange, members, these
from fairweather.analysis.table import Block

ROWS = (2_000, 10_000)  # draws for the pairs: the second number where the first leaves the decision open


@dataclass(frozen=True)
class Answers:
    """What the results of one context say without one thing.

    Args:
        verdict, value, p: by finding id; `value` is the estimate behind the verdict, NaN where there is none. The p of a gain
            is adjusted, and NaN where the plain p is above 0.05, for then the adjusted is too.
        layout: what was left; leader, leader_gain, mean_gain, differ_p, separated: of the strategies in it.
    """

    layout: Layout
    verdict: dict[str, Verdict] = field(repr=False)
    value: dict[str, float] = field(repr=False)
    p: dict[str, float] = field(repr=False)
    mean_gain: float
    leader: str
    leader_gain: float
    differ_p: float
    separated: int


def answers(
    frame: Frame, context: str, y: np.ndarray, blocks: tuple[Block, ...], leader: str, asked: tuple[str, ...]
) -> Answers | Untestable:
    """Every verdict within the context on float64 (arms, blocks) values; `leader`: whose gain stands behind `best`."""
    metric, delta = frame.metric, frame.settings.smallest_gain
    layout = arrange(y, metric.arms, len(metric.strategies), blocks)
    if isinstance(layout, Untestable):
        return layout
    if not layout.K:
        return Untestable("no strategy has enough runs there")
    spread, names = these(layout), layout.arms[: layout.K]
    g = gains_among(spread, names, metric.baseline, layout.K)
    p = _adjusted(frame, spread, g, f"influence.{context}")
    each = [rules.gain(value, own) for value, own in zip(g.gain, p, strict=True)]
    mean, top = mean_gain(spread).value, int(np.argmax(g.gain))
    verdict: dict[str, Verdict] = {f"gains.{context}.{s}": v for s, v in zip(names, each, strict=True)}
    value = {f"gains.{context}.{s}": float(v) for s, v in zip(names, g.gain, strict=True)}
    ps = {f"gains.{context}.{s}": float(v) for s, v in zip(names, p, strict=True)}
    verdict[f"gains.{context}.all_positive"] = rules.all_positive(g.lower, each)
    value[f"gains.{context}.all_positive"] = mean
    verdict[f"below_baseline.{context}"] = rules.below_baseline(g.lower, each)
    value[f"below_baseline.{context}"] = float(g.gain.min())
    if layout.K > 1:
        sets = _standing(frame, spread, f"tiers.{context}")
        verdict[f"best.{context}"] = rules.best(sets.low, sets.high, sets.tier, sets.reach, delta)
        value[f"best.{context}"] = float(g.gain[names.index(leader)]) if leader in names else np.nan
        verdict[f"tiers.{context}"] = rules.tiers(sets.tier, sets.reach, delta)
        for id in (id for id in asked if ".differ." in id):
            _differ(frame, layout, spread, id, verdict, value, ps)
    return Answers(
        layout, verdict, value, ps, mean, names[top], float(g.gain[top]),
        ps.get(f"strategies.differ.{context}", np.nan), int((p <= rules.ALPHA).sum()),
    )  # fmt: skip


def _adjusted(frame: Frame, spread: Spread, g: Gains, key: str) -> np.ndarray:
    """float64 (K,): the family-wise p; NaN where the plain one exceeds 0.05, Bonferroni's where that decides."""
    p = np.where(g.p > rules.ALPHA, np.nan, g.p_adjusted)
    open = (g.p <= rules.ALPHA) & (g.p_adjusted > rules.ALPHA)
    if spread.paired or not open.any():
        return p
    arms = np.arange(spread.K)
    if quadrature.independent(spread):
        p[open] = quadrature.adjusted_p(spread, arms, spread.K, g.gain[open] / g.se[open])
    else:
        p[open] = draws.against(spread, arms, spread.K, frame.settings.seed, key).p_adjusted[open]
    return p


def _standing(frame: Frame, spread: Spread, key: str) -> RankSets:
    """Rank sets and tiers; nothing is drawn where a plain t tells that no two strategies are separated and the span of the means
    that they do not all lie within delta."""
    K, mean = spread.K, spread.mean[: spread.K]
    T, pairs = ranks.studentised(spread), np.triu_indices(K, 1)
    largest, first = float(T.max()), int(np.argmax(mean))
    alone = float(np.max(2 * t_sf(largest, spread.dof(*pairs))))
    if alone > rules.ALPHA and np.ptp(mean) > frame.settings.smallest_gain:
        return ranks.rank_sets(spread, np.full((K, K), np.inf))
    lead = float(np.delete(T[first], first).min())
    return ranks.rank_sets(spread, _pair_limit(frame, spread, np.array([largest, lead]), key))


def _pair_limit(frame: Frame, spread: Spread, decisive: np.ndarray, key: str) -> np.ndarray:
    """float64 (K, K): c_T; with more draws where one of the `decisive` T (the largest, the leader's smallest) is near it."""
    if spread.paired:
        return draws.pair_limit(spread, frame.settings.seed, key)
    K, alpha = spread.K, rules.ALPHA
    for rows in ROWS:
        drawn, most = draws.Largest(spread, draws.generator(frame.settings.seed, key), rows), np.zeros(rows)
        for s in range(K - 1):
            np.maximum(most, drawn.over(s, np.arange(s + 1, K)), out=most)
        p = (most >= decisive[:, None]).mean(axis=1)
        if (np.abs(p - alpha) > 3 * np.sqrt(alpha * (1 - alpha) / rows)).all():
            break
    return np.full((K, K), np.quantile(most, 1 - alpha))


def _differ(
    frame: Frame, layout: Layout, spread: Spread, id: str, verdict: dict[str, Verdict], value: dict[str, float],
    p: dict[str, float],
) -> None:  # fmt: skip
    """strategies.differ and family.<family>.differ; where the question cannot be asked, nothing is entered."""
    own, table = layout, spread
    if id.startswith("family."):
        family = id.removeprefix("family.").split(".differ.")[0]
        names = tuple(name for name in layout.arms[: layout.K] if frame.metric.families[name] == family)
        found: Layout | Untestable = members(layout, names) if len(names) > 1 else Untestable("")
        if isinstance(found, Untestable):
            return
        own, table = found, these(found)
    test = ranks.omnibus(own.y[: own.K])
    if test is None:
        return
    delta, span = frame.settings.smallest_gain, float(np.ptp(table.mean[: own.K]))
    near = test.p > rules.ALPHA and span <= delta
    reach = float(_standing(frame, table, id).reach.max()) if near else np.inf
    verdict[id], p[id] = rules.differ(test.p, reach, delta), test.p
    value[id] = ranks.components(own, table)[0]
