"""Does a gain depend on the budget: two studies that differ in their steps, their runs independent, so variances add."""

from dataclasses import dataclass

import numpy as np

from fairweather.analysis import power, rules
from fairweather.analysis.distributions import t_isf, t_sf
from fairweather.analysis.draws import statistic
from fairweather.analysis.finding import Estimate, Test, Verdict
from fairweather.analysis.frame import DOMAIN, Frame, Ledger, group_caveats, listed, notes, over, plain, points
from fairweather.analysis.spread import Layout, Spread, Untestable, added, arrange, select, these
from fairweather.analysis.table import Scores


@dataclass(frozen=True)
class Effect:
    """What the larger budget adds to the gain of one strategy (of the second context over the first, with no context).

    Points; `short`, `long`: the gains (or changes) at the two budgets; `seen`: gains by (context, budget) in words.
    """

    strategy: str
    context: str
    domain: str
    short: float
    long: float
    se: float
    dof: float
    p: float
    seen: str
    layout: Layout

    @property
    def value(self) -> float:
        return self.long - self.short


def budget_findings(frame: Frame, shorter: Frame, ledger: Ledger) -> None:
    """budget.<strategy>[.<context>][.<domain>] for the strategies both studies have; p adjusted by Bonferroni.

    What the shorter study lacks is untestable, and says so.
    """
    steps = shorter.settings.steps
    for name in frame.metric.strategies:
        if name not in shorter.metric.strategies:
            _untestable(frame, ledger, name, "", f"the study of {steps} steps has no run of it", steps)
    shared = [name for name in frame.metric.strategies if name in shorter.metric.strategies]
    domains = [d for d in frame.domains.variants if d in shorter.domains.variants]
    names = [("", frame.metric, shorter.metric), *((d, frame.domains, shorter.domains) for d in domains)]
    for domain, long, short in names:
        many = len(shared) * (len(domains) if domain else 1)
        tables = _tables(frame, long, short, domain, shared)
        if isinstance(tables, Untestable):
            for name in shared:
                _untestable(frame, ledger, name, domain, tables.reason, steps)
            continue
        for effect in _effects(frame, shorter, tables, shared, domain):
            _finding(frame, shorter, ledger, effect, many)
        for name in shared:
            if name not in tables[0][0].arms:
                _untestable(frame, ledger, name, domain, "it has too few runs in one of the studies", steps)


def no_budget_findings(frame: Frame, ledger: Ledger, reason: str) -> None:
    """budget.<strategy>, untestable, where the results of the shorter study cannot be compared with."""
    for name in frame.metric.strategies:
        _untestable(frame, ledger, name, "", reason)


def _tables(
    frame: Frame, long: Scores, short: Scores, domain: str, shared: list[str]
) -> list[tuple[Spread, Spread]] | Untestable:
    """Per context the spread tables at the short and the long budget, with the arms all of them have."""
    found: list[tuple[Spread, Spread]] = []
    cells = _cells(frame, long, domain) & _cells(frame, short, domain)
    if not cells:
        return Untestable("the two studies share no data set and model")
    for context in frame.contexts:
        pair = []
        for scores, budget in ((short, "shorter"), (long, "longer")):
            inside = np.array([(b.dataset, b.model) in cells for b in scores.blocks])
            y = np.where(inside, scores.of(context, domain), np.nan)
            layout = arrange(y, scores.arms, len(scores.strategies), scores.blocks)
            if isinstance(layout, Untestable):
                return Untestable(f"at the {budget} budget {layout.reason}")
            pair.append(these(layout))
        found.append((pair[0], pair[1]))
    keep = [name for name in shared if all(name in table.arms[: table.K] for pair in found for table in pair)]
    arms = (*keep, frame.metric.baseline)
    return [(select(a, arms, len(keep)), select(b, arms, len(keep))) for a, b in found]


def _cells(frame: Frame, scores: Scores, domain: str) -> set[tuple[str, str]]:
    """The (data set, model) the baseline has in every context."""
    row = len(scores.strategies)
    there = np.array([np.isfinite(scores.of(context, domain)[row]) for context in frame.contexts])
    named = [[(b.dataset, b.model) for b, has in zip(scores.blocks, line, strict=True) if has] for line in there]
    return set.intersection(*map(set, named))


def _effects(
    frame: Frame, shorter: Frame, tables: list[tuple[Spread, Spread]], shared: list[str], domain: str
) -> list[Effect]:
    steps = (shorter.settings.steps, frame.settings.steps)
    effects = []
    for k in range(tables[0][0].K):
        gain = [[float(table.mean[k] - table.mean[-1]) for table in pair] for pair in tables]
        parts = [
            f"{plain(pair[0], 1, True)} at {steps[0]} and {plain(pair[1], 1, True)} at {steps[1]} steps in {context}"
            for context, pair in zip(frame.contexts, gain, strict=True)
        ]
        if len(tables) == 2:
            change = added(added(tables[0][0], tables[1][0]), added(tables[0][1], tables[1][1]))
            effects.append(_effect(change, k, "", domain, [b - a for a, b in zip(*gain, strict=True)], listed(parts)))
        for context, pair, values, seen in zip(frame.contexts, tables, gain, parts, strict=True):
            where = context if len(tables) == 2 else ""
            effects.append(_effect(added(*pair), k, where, domain, values, seen))
    return effects


def _effect(spread: Spread, k: int, context: str, domain: str, values: list[float], seen: str) -> Effect:
    base = len(spread.arms) - 1
    se, nu = float(np.sqrt(spread.variance(k, base))), float(spread.dof(k, base))
    value = np.array(values[1] - values[0])
    p = float(2 * t_sf(abs(float(statistic(value, np.array(se)))), nu))
    return Effect(spread.arms[k], context, domain, values[0], values[1], se, nu, p, seen, spread.layouts[-1])


def _id(name: str, context: str, domain: str) -> str:
    return ".".join(filter(None, ["budget", name, context, domain]))


def _what(frame: Frame, name: str, context: str, domain: str) -> str:
    """What might depend on the budget, in words."""
    gain = f"the gain of {name} on {domain or frame.metric.metric}"
    if not context and len(frame.contexts) == 2:
        return f"the change of {gain} from {frame.contexts[0]} to {frame.contexts[1]}"
    return f"{gain} in {context or frame.contexts[0]}"


def _finding(frame: Frame, shorter: Frame, ledger: Ledger, effect: Effect, many: int) -> None:
    half = float(t_isf(0.025, effect.dof)) * effect.se
    value, low, high = effect.value, effect.value - half, effect.value + half
    p_adjusted, delta = min(1.0, many * effect.p), frame.settings.smallest_gain
    verdict: Verdict = rules.depends(p_adjusted, low, high, delta)
    what = _what(frame, effect.strategy, effect.context, effect.domain)
    span = f"between {shorter.settings.steps} and {frame.settings.steps} steps, {over(effect.layout)}"
    numbers = f"{points(value, low, high)} {span} (the gain is {effect.seen})"
    c = float(t_isf(0.025 / many, effect.dof))
    smallest = power.detectable_shift(c, effect.dof) * effect.se
    multiple = " once all comparisons are allowed for" if low > 0 or high < 0 else ""
    sentence = {
        "yes": f"{what} depends on the budget: it moves by {numbers}.",
        "no": f"{what} does not depend on the budget by more than {plain(delta)} points: it moves by {numbers}.",
    }.get(verdict, f"whether {what} depends on the budget cannot be told{multiple}: it moves by {numbers}; these designs could "
                   f"have shown {plain(smallest, 1)} points.")  # fmt: skip
    contexts = (effect.context,) if effect.context else frame.contexts
    ledger.add(
        frame, _id(effect.strategy, effect.context, effect.domain), f"Does {what} depend on the budget?", verdict,
        sentence[0].upper() + sentence[1:], effect.layout, evidence="budget", estimate=Estimate(value, low, high),
        test=Test("t of the difference, Bonferroni adjusted", value / effect.se if effect.se > 0 else None, effect.p, p_adjusted),
        metric=DOMAIN if effect.domain else "",
        caveats=(*notes(frame, contexts, effect.domain), *group_caveats(frame, effect.domain)), contexts=contexts,
        about=(effect.strategy,),
    )  # fmt: skip
    ledger.rows["budget"].append({
        "strategy": effect.strategy, "context": effect.context, "domain": effect.domain, "steps_first": shorter.settings.steps,
        "steps_second": frame.settings.steps, "first": effect.short, "second": effect.long, "difference": value, "low": low,
        "high": high, "p": effect.p, "p_adjusted": p_adjusted, "verdict": verdict,
    })  # fmt: skip


def _untestable(frame: Frame, ledger: Ledger, name: str, domain: str, reason: str, short: int | None = None) -> None:
    what = _what(frame, name, "", domain)
    span = f"between {short} and {frame.settings.steps} steps" if short else f"of {frame.settings.steps} steps"
    ledger.add(
        frame, _id(name, "", domain), f"Does {what} depend on the budget?", "untestable",
        f"Whether {what} depends on the budget {span} is untestable: {reason}.", evidence="budget",
        metric=DOMAIN if domain else "",
    )  # fmt: skip
