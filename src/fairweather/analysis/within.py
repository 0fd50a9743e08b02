"""The findings within one context: gains, families, rank sets, controls, domains, classes."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from fairweather.analysis import draws, power, ranks, rules
from fairweather.analysis.distributions import benjamini_hochberg, f_sf, t_isf
from fairweather.analysis.finding import Estimate, Test, Verdict
from fairweather.analysis.frame import (
    DOMAIN,
    Frame,
    Ledger,
    at,
    coverage_caveats,
    group_caveats,
    listed,
    notes,
    over,
    p_text,
    plain,
    points,
)
from fairweather.analysis.gains import Gains, Mean, f_ratio, gains, gains_among, leader_shrunken, mean_gain
from fairweather.analysis.images import Influence, class_se, image_se
from fairweather.analysis.spread import Layout, Spread, Untestable, arrange, cell_means, like_these, members, these
from fairweather.analysis.table import Scores

PLACEBO, ORACLE = "placebo_duplicate", "gen_oracle"


@dataclass(frozen=True)
class Part:
    """The gains of one context in one variant: the metric (""), a domain or a class.

    Args:
        gains, like: of the strategies over the baseline, for these data sets and models and for others like them.
        detectable: the smallest gain this design shows there, in points.
    """

    context: str
    variant: str
    layout: Layout
    spread: Spread
    wide: Spread | None
    gains: Gains
    like: Gains | None
    detectable: float


def part(frame: Frame, scores: Scores, context: str, variant: str) -> Part | Untestable:
    """Lay out, estimate the spread and the gains; those of a domain or class are among many, the others a family."""
    layout = arrange(scores.of(context, variant), scores.arms, len(scores.strategies), scores.blocks)
    if isinstance(layout, Untestable):
        return layout
    spread, wide = these(layout), like_these(layout)
    names, seed = layout.arms[: layout.K], frame.settings.seed
    many, key = max(1, len(scores.strategies) * len(scores.variants)), f"gains.{context}"

    def over_baseline(table: Spread, population: str) -> Gains:
        if variant:
            return gains_among(table, names, scores.baseline, many)
        return gains(table, names, scores.baseline, seed, f"{key}{population}")

    own = over_baseline(spread, "")
    other = over_baseline(wide, ":like") if wide is not None else None
    smallest = power.smallest_gain(spread, own.c, scores.baseline) if names else np.inf
    return Part(context, variant, layout, spread, wide, own, other, smallest)


def metric_findings(frame: Frame, ledger: Ledger, context: str) -> Part | Untestable:
    """Everything that is asked of the study's metric in one context."""
    found = part(frame, frame.metric, context, "")
    if isinstance(found, Untestable):
        _untestable(frame, ledger, context, found)
        return found
    verdicts = _gains(frame, ledger, found)
    _together(frame, ledger, found, verdicts)
    _differ(frame, ledger, found)
    _standing(frame, ledger, found)
    _controls(frame, ledger, found)
    return found


def single(scores: Scores, context: str, name: str, variant: str) -> float:
    """The gain as seen, in points, where nothing can be tested; NaN if there is none."""
    y = scores.of(context, variant)
    difference = y[scores.arms.index(name)] - y[len(scores.strategies)]
    difference = difference[np.isfinite(difference)]
    return float(difference.mean()) if difference.size else float("nan")


def _untestable(frame: Frame, ledger: Ledger, context: str, why: Untestable) -> None:
    where = at(frame, context)
    for name in frame.metric.strategies:
        untestable_gain(frame, ledger, context, name, why)
    asked = [
        (f"gains.{context}.all_positive", "every strategy helps", "tests"),
        (f"below_baseline.{context}", "a strategy falls below the baseline", "gains"),
        (f"strategies.differ.{context}", "the strategies differ", "omnibus"),
        (f"best.{context}", "one strategy is ahead of all others", "ranks"),
        (f"tiers.{context}", "the strategies fall into tiers", "ranks"),
        *((f"control.{name}.{context}", f"{name} has an effect of its own", "gains") for name in frame.metric.controls),
    ]
    for id, question, table in asked:
        statement = f"Whether {question} {where} is untestable: {why.reason}."
        ledger.add(frame, id, f"Is it so that {question} {where}?", "untestable", statement, evidence=table)


def untestable_gain(
    frame: Frame, ledger: Ledger, context: str, name: str, why: Untestable, variant: str = "", kind: str = "domain"
) -> None:
    """A gain that cannot be tested, with the number that was seen; `variant` is a domain or, of kind "class", a class."""
    scores = frame.metric if not variant else frame.domains if kind == "domain" else frame.classes
    value = single(scores, context, name, variant)
    seen = f" (seen: {points(value)})" if np.isfinite(value) else ""
    what = frame.metric.metric if not variant else _named(kind, variant)
    table = "gains" if kind == "domain" else "per_class"
    ledger.add(
        frame, ".".join(filter(None, [table, context, name, variant])), f"Does {name} raise {what} {at(frame, context)}?",
        "untestable", f"Whether {name} raises {what} {at(frame, context)} is untestable{seen}: {why.reason}.",
        evidence=table, estimate=Estimate(value, None, None) if np.isfinite(value) else None, metric=scores.metric,
        caveats=notes(frame, (context,), variant), about=(name,),
    )  # fmt: skip


def _named(kind: str, variant: str) -> str:
    return f"the mIoU of {variant}" if kind == "domain" else f"the IoU of class {variant}"


def gain_sentence(
    name: str, what: str, where: str, verdict: Verdict, g: tuple[float, float, float], detectable: float, many: int
) -> str:
    """One sentence on one gain; `g` is value, low, high and `what` the thing that is raised or lowered."""
    value, low, high = g
    if verdict == "yes":
        return f"{name} raises {what} by {points(value, low, high, signed=False)} {where}."
    if verdict == "no":
        return f"{name} lowers {what} by {points(-value, -high, -low, signed=False)} {where}."
    alone = low > 0 or high < 0
    multiple = f" once all {many} comparisons are allowed for" if alone else ""
    return (
        f"The effect of {name} on {what} {where} cannot be told from zero{multiple}: {points(value, low, high)}; "
        f"this design could have shown {plain(detectable, 1)} points."
    )


def wide_caveat(verdict: Verdict, other: Verdict | None, low: float, high: float) -> tuple[str, ...]:
    """The caveat of a yes or no that fails for data sets and models like these."""
    if not rules.with_others(verdict, other):
        return ()
    interval = f"[{plain(low, 2, True)}, {plain(high, 2, True)}]"
    if low > 0 or high < 0:
        return (
            f"Not shown for other data sets and models once all comparisons are allowed for; the interval there is {interval}.",
        )
    return (f"Not shown for other data sets and models, where the interval is {interval}.",)


def gain_row(found: Part, name: str, against: str, control: bool, g: Gains, k: int, verdict: str, se_img: float | None,
             p_adjusted: float | None) -> dict[str, Any]:  # fmt: skip
    """A row of tables/gains.csv; `low_images`, `high_images` hold other test images too."""
    half = half_with_images(g, k, se_img)
    like = found.like if against != PLACEBO and not control else None
    return {
        "context": found.context, "strategy": name, "control": control, "against": against, "domain": found.variant,
        "gain": g.gain[k], "low": g.low[k], "high": g.high[k], "low_simultaneous": g.low_simultaneous[k],
        "high_simultaneous": g.high_simultaneous[k], "se": g.se[k], "dof": g.dof[k], "p": g.p[k], "p_adjusted": p_adjusted,
        "verdict": verdict, "n_blocks": int(_shared(found.layout, name, against)),
        "low_images": g.gain[k] - half if half is not None else None,
        "high_images": g.gain[k] + half if half is not None else None,
        "low_like": like.low[k] if like else None, "high_like": like.high[k] if like else None,
    }  # fmt: skip


def _shared(layout: Layout, name: str, against: str) -> int:
    reference = against if against in layout.arms else layout.arms[layout.K]
    rows = [layout.arms.index(name), layout.arms.index(reference)]
    return int(np.isfinite(layout.y[rows]).all(axis=0).sum())


def half_with_images(g: Gains, k: int, se_img: float | None) -> float | None:
    """Half the interval that holds other test images too; None where they cannot be told."""
    return None if se_img is None else float(t_isf(0.025, g.dof[k]) * np.hypot(g.se[k], se_img))


def se_images(frame: Frame, context: str, name: str, reference: str, domain: str = "") -> float | None:
    """SE_img of a gain over the blocks both arms have; None where groups are unknown or too few."""
    if frame.influence is None:
        return None
    return image_se(frame.influence, *_units(frame.influence, context, name, reference), domain)


def class_images(frame: Frame, context: str, name: str, label: str) -> float | None:
    """SE_img of the gain of a class over the baseline; None where groups are unknown or too few."""
    if frame.influence is None:
        return None
    all_classes = _class_images(frame.influence, context, name, frame.metric.baseline)
    se = float(all_classes[frame.influence.counts.classes.index(label)])
    return se if np.isfinite(se) else None


@lru_cache(maxsize=1024)
def _class_images(found: Influence, context: str, name: str, reference: str) -> np.ndarray:
    return class_se(found, *_units(found, context, name, reference))


@lru_cache(maxsize=1024)
def _units(found: Influence, context: str, name: str, reference: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The units of two arms in the blocks both have, in one order."""
    units: dict[str, dict[Any, int]] = {name: {}, reference: {}}
    for position, arm in enumerate(found.counts.arms):
        if arm.context == context and arm.name in units:
            units[arm.name][arm.block] = position
    both = sorted(units[name].keys() & units[reference].keys())
    return tuple(units[name][block] for block in both), tuple(units[reference][block] for block in both)


def _gains(frame: Frame, ledger: Ledger, found: Part) -> list[Verdict]:
    g, context, layout = found.gains, found.context, found.layout
    metric, baseline = frame.metric.metric, frame.metric.baseline
    verdicts = [rules.gain(g.gain[k], g.p_adjusted[k]) for k in range(len(g.names))]
    placebo = _against_placebo(frame, ledger, found)
    for k, name in enumerate(g.names):
        verdict, like = verdicts[k], found.like
        other = rules.gain(like.gain[k], like.p_adjusted[k]) if like else None
        caveats = wide_caveat(verdict, other, like.low[k], like.high[k]) if like else ()
        where = f"{at(frame, context)}, {over(layout)}"
        ledger.add(
            frame, f"gains.{context}.{name}", f"Does {name} raise {metric} {at(frame, context)}?", verdict,
            gain_sentence(name, metric, where, verdict, (g.gain[k], g.low[k], g.high[k]), found.detectable, len(g.names)),
            layout, evidence="gains", estimate=Estimate(g.gain[k], g.low[k], g.high[k]),
            test=Test("t of the paired difference, max-T adjusted", g.statistic(k), g.p[k], g.p_adjusted[k]),
            caveats=(*caveats, *placebo.get(name, ()), *coverage_caveats(layout), *group_caveats(frame)), about=(name,),
        )  # fmt: skip
        se_img = se_images(frame, context, name, baseline)
        ledger.rows["gains"].append(gain_row(found, name, "baseline", False, g, k, verdict, se_img, g.p_adjusted[k]))
    for name in layout.left_out:
        untestable_gain(
            frame, ledger, context, name, Untestable("it has fewer than half of the baseline's runs, or a single one")
        )
    return verdicts


def _against_placebo(frame: Frame, ledger: Ledger, found: Part) -> dict[str, tuple[str, ...]]:
    """gen_* against placebo_duplicate: rows of the table, and a sentence for the finding of each."""
    layout, context = found.layout, found.context
    names = tuple(name for name in layout.arms[: layout.K] if frame.metric.families[name] == "gen")
    if not names or PLACEBO not in layout.arms:
        return {}
    g = gains(found.spread, names, PLACEBO, frame.settings.seed, f"gains.{context}:{PLACEBO}")
    said: dict[str, tuple[str, ...]] = {}
    for k, name in enumerate(names):
        verdict = rules.gain(g.gain[k], g.p_adjusted[k])
        se_img = se_images(frame, context, name, PLACEBO)
        ledger.rows["gains"].append(gain_row(found, name, PLACEBO, False, g, k, verdict, se_img, g.p_adjusted[k]))
        numbers = points(g.gain[k], g.low[k], g.high[k])
        said[name] = (f"Against {PLACEBO} instead of the baseline: {numbers}, adjusted {p_text(g.p_adjusted[k])}.",)
    return said


def _together(frame: Frame, ledger: Ledger, found: Part, verdicts: list[Verdict]) -> None:
    """All strategies help; some fall below the baseline."""
    g, context, layout = found.gains, found.context, found.layout
    if not g.names:
        return
    where, metric = f"{at(frame, context)}, {over(layout)}", frame.metric.metric
    mean = mean_gain(found.spread)
    wide = mean_gain(found.wide) if found.wide is not None else None
    estimate = Estimate(mean.value, mean.low, mean.high)
    numbers = f"the mean gain is {points(mean.value, mean.low, mean.high)}"
    worst = int(np.argmin(g.lower))
    lower = f"{g.names[worst]} has the smallest one-sided lower limit, {plain(g.lower[worst], 2, True)} points"
    downs = tuple(name for name, v in zip(g.names, verdicts, strict=True) if v == "no")
    reach = f"{int((g.lower > 0).sum())} of {len(g.names)} one-sided lower limits are above zero"
    could = f"this design could have shown {plain(found.detectable, 1)} points"
    caveats = (*coverage_caveats(layout), *group_caveats(frame))
    verdict = rules.all_positive(g.lower, verdicts)
    other = rules.all_positive(found.like.lower, _verdicts(found.like)) if found.like else None
    ledger.add(
        frame, f"gains.{context}.all_positive", f"Does every strategy raise {metric} {at(frame, context)}?", verdict,
        {
            "yes": f"Every strategy raises {metric} {where}: {lower}; {numbers}.",
            "no": f"Not every strategy raises {metric} {where}: {listed(downs)} {_verb(downs, 'lower')} it; {numbers}.",
        }.get(verdict, f"That every strategy raises {metric} {where} is not shown: {reach}; {numbers}; {could}."),
        layout, evidence="tests", estimate=estimate, test=Test("mean gain, t of its series over blocks", None, mean.p),
        caveats=(*_wide(verdict, other, wide), *caveats),
    )  # fmt: skip
    verdict = rules.below_baseline(g.lower, verdicts)
    lowest = int(np.argmin(g.gain))
    low = points(g.gain[lowest], g.low[lowest], g.high[lowest])
    ledger.add(
        frame, f"below_baseline.{context}", f"Does a strategy fall below the baseline {at(frame, context)}?", verdict,
        {
            "yes": f"{listed(downs)} {_verb(downs, 'fall')} below the baseline in {metric} {where}.",
            "no": f"No strategy falls below the baseline in {metric} {where}: {lower}.",
        }.get(verdict, f"Whether a strategy falls below the baseline in {metric} {where} cannot be told: the lowest gain is "
                       f"{low} ({g.names[lowest]}); {could}."),
        layout, evidence="gains", estimate=Estimate(g.gain[lowest], g.low[lowest], g.high[lowest]), caveats=caveats,
    )  # fmt: skip


def _verdicts(g: Gains) -> list[Verdict]:
    return [rules.gain(value, p) for value, p in zip(g.gain, g.p_adjusted, strict=True)]


def _verb(names: tuple[str, ...], verb: str) -> str:
    return verb if len(names) > 1 else f"{verb}s"


def _wide(verdict: Verdict, other: Verdict | None, wide: Mean | None) -> tuple[str, ...]:
    return wide_caveat(verdict, other, wide.low, wide.high) if wide is not None else ()


def _differ(frame: Frame, ledger: Ledger, found: Part) -> None:
    """The omnibus over all strategies, and within every family of two or more."""
    layout, context = found.layout, found.context
    _omnibus(frame, ledger, found, layout, found.spread, f"strategies.differ.{context}", "strategies")
    families: dict[str, list[str]] = {}
    for name in layout.arms[: layout.K]:
        families.setdefault(frame.metric.families[name], []).append(name)
    for family, names in families.items():
        if len(names) >= 2:
            own, id = members(layout, tuple(names)), f"family.{family}.differ.{context}"
            if isinstance(own, Untestable):
                where, noun = f"{frame.metric.metric} {at(frame, context)}", f"{family} strategies"
                statement = f"Whether the {noun} differ in {where} is untestable: {own.reason}."
                ledger.add(frame, id, f"Do the {noun} differ in {where}?", "untestable", statement, evidence="omnibus")
            else:
                _omnibus(frame, ledger, found, own, these(own), id, f"{family} strategies")


def _omnibus(frame: Frame, ledger: Ledger, found: Part, layout: Layout, spread: Spread, id: str, noun: str) -> None:
    K, where, metric = layout.K, f"{at(frame, found.context)}, {over(layout)}", frame.metric.metric
    question = f"Do the {noun} differ in {metric} {at(frame, found.context)}?"
    test = ranks.omnibus(layout.y[:K]) if K >= 2 else None
    if test is None:
        reason = (
            "there is one strategy"
            if K == 1
            else "there is no strategy"
            if K == 0
            else "no two blocks hold all of them, or their differences do not vary"
        )
        statement = f"Whether the {noun} differ in {metric} {where} is untestable: {reason}."
        ledger.add(frame, id, question, "untestable", statement, layout, evidence="omnibus")
        return
    c = draws.pair_limit(spread, frame.settings.seed, id)
    sets = ranks.rank_sets(spread, c)
    delta = frame.settings.smallest_gain
    verdict = rules.differ(test.p, sets.reach.max(), delta)
    smallest = power.smallest_difference(spread, c)
    sd, block_sd = ranks.components(layout, spread)
    p_like = ranks.omnibus_like(cell_means(layout).y[:K], layout.grid) if len(layout.grid) > 1 else None
    F = f_ratio(spread)
    ledger.rows["omnibus"].append({
        "id": id, "context": found.context, "strategies": K, "blocks": test.blocks, "test": test.name, "chi2": test.chi2,
        "p": test.p, "p_like": p_like, "F": F, "F_p": float(f_sf(F, K - 1, (K - 1) * spread.d)), "sd_strategies": sd,
        "sd_blocks": block_sd, "sd_residual": float(np.sqrt(spread.s2)), "detectable_difference": smallest, "verdict": verdict,
    })  # fmt: skip
    caveats: tuple[str, ...] = coverage_caveats(layout)
    if verdict == "yes" and p_like is not None and p_like > rules.ALPHA:
        caveats = (f"Not shown for other data sets and models, where {p_text(p_like)}.", *caveats)
    low, high = spread.mean[:K].min(), spread.mean[:K].max()
    seen = f"{test.name}, {p_text(test.p)}"
    ledger.add(
        frame, id, question, verdict,
        {
            "yes": f"The {K} {noun} differ in {metric} {where} ({seen}); their means span {plain(high - low)} points.",
            "no": f"The {K} {noun} do not differ in {metric} by more than {plain(delta)} points {where} ({seen}).",
        }.get(verdict, f"That the {K} {noun} differ in {metric} {where} is not shown ({seen}); this design could have shown a "
                       f"difference of {plain(smallest)} points between two of them."),
        layout, evidence="omnibus", test=Test(test.name, test.chi2, test.p),
        estimate=Estimate(sd, None, None, "points, sd between strategies"), caveats=caveats,
    )  # fmt: skip


def _standing(frame: Frame, ledger: Ledger, found: Part) -> None:
    """Rank sets and tiers."""
    layout, context, spread, K = found.layout, found.context, found.spread, found.layout.K
    where, metric, delta = f"{at(frame, context)}, {over(layout)}", frame.metric.metric, frame.settings.smallest_gain
    ahead = f"Is one strategy ahead of all others in {metric} {at(frame, context)}?"
    apart = f"Do the strategies fall into tiers in {metric} {at(frame, context)}?"
    if K < 2:
        number = "one strategy" if K else "no strategy"
        for id, question in ((f"best.{context}", ahead), (f"tiers.{context}", apart)):
            statement = (
                f"The strategies cannot be ranked in {metric} {where}: there is {number}, so this is untestable."
            )
            ledger.add(frame, id, question, "untestable", statement, layout, evidence="ranks")
        if K == 1:
            mean = spread.mean[0]
            ledger.rows["ranks"].append(_rank_row(context, layout.arms[0], mean, 1, 1, 1, 1))
        return
    c = draws.pair_limit(spread, frame.settings.seed, f"tiers.{context}")
    sets = ranks.rank_sets(spread, c)
    for k, name in enumerate(layout.arms[:K]):
        ledger.rows["ranks"].append(
            _rank_row(context, name, spread.mean[k], sets.rank[k], sets.low[k], sets.high[k], sets.tier[k])
        )
    leader = int(np.argmax(found.gains.gain))
    name, first = layout.arms[leader], tuple(layout.arms[k] for k in np.flatnonzero(sets.tier == 1))
    value = found.gains.gain[leader]
    shrunk, B = leader_shrunken(spread, found.gains.gain)
    picked = (
        f", or {plain(shrunk, 2, True)} once shrunken for having been picked as the largest of {K}" if B < 1 else ""
    )
    size = f"the largest gain seen is that of {name}, {plain(value, 2, True)} points{picked}"
    other: ranks.RankSets | None = None
    if found.wide is not None:
        other = ranks.rank_sets(found.wide, draws.pair_limit(found.wide, frame.settings.seed, f"tiers.{context}:like"))
    caveats, smallest = coverage_caveats(layout), power.smallest_difference(spread, c)
    verdict = rules.best(sets.low, sets.high, sets.tier, sets.reach, delta)
    wide = rules.best(other.low, other.high, other.tier, other.reach, delta) if other else None
    ledger.add(
        frame, f"best.{context}", ahead, verdict,
        {
            "yes": f"{name} is the best of the {K} strategies in {metric} {where}: its rank set is {{1}}; {size}.",
            "no": f"No strategy is ahead by more than {plain(delta)} points in {metric} {where}: the {len(first)} of the first "
                  f"tier lie that close together; {size}.",
        }.get(verdict, f"Which strategy is ahead in {metric} {where} cannot be told: {len(first)} of {K} share the first tier; "
                       f"{size}; this design could have shown a difference of {plain(smallest)} points."),
        layout, evidence="ranks", estimate=Estimate(value, found.gains.low[leader], found.gains.high[leader]),
        caveats=(*_others(verdict, wide), *caveats),
    )  # fmt: skip
    verdict = rules.tiers(sets.tier, sets.reach, delta)
    wide = rules.tiers(other.tier, other.reach, delta) if other else None
    ledger.add(
        frame, f"tiers.{context}", apart, verdict,
        {
            "yes": f"The {K} strategies fall into {sets.tier.max()} tiers in {metric} {where}; the first holds {listed(first)}.",
            "no": f"All {K} strategies lie within {plain(delta)} points of one another in {metric} {where}.",
        }.get(verdict, f"All {K} strategies share one tier in {metric} {where}: no two can be told apart, where this design "
                       f"could have shown a difference of {plain(smallest)} points."),
        layout, evidence="ranks", caveats=(*_others(verdict, wide), *caveats),
    )  # fmt: skip


def _others(verdict: Verdict, wide: Verdict | None) -> tuple[str, ...]:
    return ("Not shown for other data sets and models.",) if rules.with_others(verdict, wide) else ()


def _rank_row(context: str, name: str, mean: float, rank: int, low: int, high: int, tier: int) -> dict[str, Any]:
    return {
        "context": context, "strategy": name, "mean": float(mean), "rank": int(rank), "rank_low": int(low),
        "rank_high": int(high), "tier": int(tier),
    }  # fmt: skip


def _controls(frame: Frame, ledger: Ledger, found: Part) -> None:
    layout, context, delta = found.layout, found.context, frame.settings.smallest_gain
    metric, where = frame.metric.metric, f"{at(frame, context)}, {over(layout)}"
    for name in frame.metric.controls:
        id, question = f"control.{name}.{context}", f"Does {name} by itself change {metric} {at(frame, context)}?"
        if name not in layout.arms:
            statement = f"Whether {name} by itself changes {metric} {where} is untestable: it has too few runs there."
            ledger.add(frame, id, question, "untestable", statement, layout, evidence="gains")
            continue
        g = control_gain(frame, found, name)
        low, high, value = float(g.low[0]), float(g.high[0]), float(g.gain[0])
        verdict = rules.effect(low, high, delta)
        caveats: tuple[str, ...] = group_caveats(frame)
        if found.wide is not None and name in found.wide.arms:
            w = gains(found.wide, (name,), frame.metric.baseline, frame.settings.seed, f"{id}:like")
            other = rules.effect(float(w.low[0]), float(w.high[0]), delta)
            caveats = (*wide_caveat(verdict, other, float(w.low[0]), float(w.high[0])), *caveats)
        numbers, smallest = points(value, low, high), power.smallest_single(found.spread, name, frame.metric.baseline)
        ledger.add(
            frame, id, question, verdict,
            {
                "yes": f"The control {name} by itself changes {metric} by {numbers} {where}.",
                "no": f"The control {name} by itself changes {metric} by less than {plain(delta)} points {where}: {numbers}.",
            }.get(verdict, f"Whether the control {name} by itself changes {metric} {where} cannot be told: {numbers}; this "
                           f"design could have shown {plain(smallest, 1)} points."),
            layout, evidence="gains", estimate=Estimate(value, low, high),
            test=Test("t, own variances", g.statistic(0), float(g.p[0])), caveats=caveats, about=(name,),
        )  # fmt: skip
        se_img = se_images(frame, context, name, frame.metric.baseline)
        ledger.rows["gains"].append(gain_row(found, name, "baseline", True, g, 0, verdict, se_img, None))


def control_gain(frame: Frame, found: Part, name: str) -> Gains:
    """One control over the baseline, uncorrected: a family of its own."""
    return gains_among(found.spread, (name,), frame.metric.baseline, 1)


def part_findings(frame: Frame, ledger: Ledger, context: str, scores: Scores, kind: str) -> list[Part]:
    """Gains per domain (kind "domain") or per class ("class"), Benjamini-Hochberg over strategies x variants."""
    found: list[Part] = []
    for variant in scores.variants:
        one = part(frame, scores, context, variant)
        if isinstance(one, Untestable):
            for name in frame.metric.strategies:
                untestable_gain(frame, ledger, context, name, one, variant, kind)
        else:
            found.append(one)
    if not any(one.gains.names for one in found):
        return found
    adjusted = _adjusted([one.gains.p for one in found])
    like = [one.like for one in found if one.like is not None]
    adjusted_like = _adjusted([g.p for g in like]) if like else []
    wide = iter(adjusted_like)
    for one, p in zip(found, adjusted, strict=True):
        p_like = next(wide) if one.like is not None else None
        (_domain_part if kind == "domain" else _class_part)(frame, ledger, one, p, p_like)
    return found


def _adjusted(p: list[np.ndarray]) -> list[np.ndarray]:
    """Benjamini-Hochberg over all the p-values of the list, in its shape."""
    joined = benjamini_hochberg(np.concatenate(p))
    return np.split(joined, np.cumsum([len(part) for part in p])[:-1])


def _domain_part(frame: Frame, ledger: Ledger, one: Part, p: np.ndarray, p_like: np.ndarray | None) -> None:
    context, domain = one.context, one.variant
    for k, name in enumerate(one.gains.names):
        verdict = rules.gain_in_part(one.gains.gain[k], p[k])
        se_img = se_images(frame, context, name, frame.metric.baseline, domain)
        ledger.rows["gains"].append(gain_row(one, name, "baseline", False, one.gains, k, verdict, se_img, p[k]))
        caveats = (*notes(frame, (context,), domain), *group_caveats(frame, domain))
        id, what = f"gains.{context}.{name}.{domain}", _named("domain", domain)
        _part_finding(frame, ledger, one, k, id, what, verdict, p, p_like, "gains", DOMAIN, caveats)
    for name in one.layout.arms[one.layout.K + 1 :]:
        g = control_gain(frame, one, name)
        verdict = rules.effect(float(g.low[0]), float(g.high[0]), frame.settings.smallest_gain)
        se_img = se_images(frame, context, name, frame.metric.baseline, domain)
        ledger.rows["gains"].append(gain_row(one, name, "baseline", True, g, 0, verdict, se_img, None))


def _class_part(frame: Frame, ledger: Ledger, one: Part, p: np.ndarray, p_like: np.ndarray | None) -> None:
    g, label = one.gains, one.variant
    for k, name in enumerate(g.names):
        verdict = rules.gain_in_part(g.gain[k], p[k])
        half = half_with_images(g, k, class_images(frame, one.context, name, label))
        ledger.rows["per_class"].append({
            "context": one.context, "strategy": name, "class": label, "small": label in frame.small_classes,
            "gain": g.gain[k], "low": g.low[k], "high": g.high[k], "p": g.p[k], "p_adjusted": p[k], "verdict": verdict,
            "low_images": None if half is None else g.gain[k] - half,
            "high_images": None if half is None else g.gain[k] + half,
        })  # fmt: skip
        id, what = f"per_class.{one.context}.{name}.{label}", _named("class", label)
        metric = f"{frame.metric.metric} class IoU"
        _part_finding(frame, ledger, one, k, id, what, verdict, p, p_like, "per_class", metric, group_caveats(frame))


def _part_finding(
    frame: Frame, ledger: Ledger, one: Part, k: int, id: str, what: str, verdict: Verdict, p: np.ndarray,
    p_like: np.ndarray | None, evidence: str, metric: str, caveats: tuple[str, ...],
) -> None:  # fmt: skip
    g, like, name = one.gains, one.like, one.gains.names[k]
    if like is not None and p_like is not None:
        other = rules.gain_in_part(like.gain[k], p_like[k])
        caveats = (*wide_caveat(verdict, other, like.low[k], like.high[k]), *caveats)
    where = f"{at(frame, one.context)}, {over(one.layout)}"
    many = len(frame.metric.strategies) * len((frame.domains if evidence == "gains" else frame.classes).variants)
    numbers = (g.gain[k], g.low[k], g.high[k])
    ledger.add(
        frame, id, f"Does {name} raise {what} {at(frame, one.context)}?", verdict,
        gain_sentence(name, what, where, verdict, numbers, one.detectable, many), one.layout, evidence=evidence,
        estimate=Estimate(*numbers), test=Test("t, Benjamini-Hochberg adjusted", g.statistic(k), g.p[k], float(p[k])),
        metric=metric, caveats=caveats, about=(name,),
    )  # fmt: skip


def contrast_finding(frame: Frame, ledger: Ledger, context: str, scores: Scores, id: str, more: str, less: str) -> None:
    """Do the strategies, on average, help one half more than the other; `scores` is the contrast within the block."""
    question = f"Do the strategies, on average, help {more} more than {less} {at(frame, context)}?"
    layout = arrange(scores.of(context), scores.arms, len(scores.strategies), scores.blocks)
    if not np.isfinite(scores.of(context)).any():
        layout = Untestable(f"the supported results do not hold both {more} and {less}")
    if isinstance(layout, Untestable) or not layout.K:
        reason = layout.reason if isinstance(layout, Untestable) else "there is no strategy"
        statement = f"Whether the strategies help {more} more than {less} {at(frame, context)} is untestable: {reason}."
        ledger.add(frame, id, question, "untestable", statement, evidence="tests", metric=scores.metric)
        return
    mean = mean_gain(these(layout))
    verdict = rules.contrast(mean.low, mean.high)
    wide = like_these(layout)
    other = mean_gain(wide) if wide is not None else None
    wide_verdict = rules.contrast(other.low, other.high) if other is not None else None
    where = f"on average over {layout.K} {'strategy' if layout.K == 1 else 'strategies'} {at(frame, context)}, {over(layout)}"
    numbers = points(mean.value, mean.low, mean.high)
    domains = frame.domains.variants if scores is frame.adverse else ()
    said = tuple(note for domain in domains for note in notes(frame, (context,), domain))
    ledger.add(
        frame, id, question, verdict,
        {
            "yes": f"The gain is larger on {more} than on {less} by {points(mean.value, mean.low, mean.high, False)} {where}.",
            "no": f"The gain is smaller on {more} than on {less} by {points(-mean.value, -mean.high, -mean.low, False)} {where}.",
        }.get(verdict, f"Whether the gain differs between {more} and {less} {where} cannot be told: {numbers}; this design could "
                       f"have shown {plain(mean_detectable(mean), 1)} points."),
        layout, evidence="tests", estimate=Estimate(mean.value, mean.low, mean.high),
        test=Test("t of the mean over strategies", None, mean.p), metric=scores.metric,
        caveats=(*_wide(verdict, wide_verdict, other), *said, *coverage_caveats(layout)),
    )  # fmt: skip


def mean_detectable(mean: Mean) -> float:
    """The smallest mean this design shows with power 0.80, in points."""
    t = float(t_isf(0.025, mean.dof))
    return power.detectable_shift(t, mean.dof) * (mean.high - mean.low) / 2 / t
