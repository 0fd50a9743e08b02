"""The findings between two contexts: do gains change, is the order kept, do ranks move more than chance."""

import numpy as np

from fairweather.analysis import contexts, draws, power, ranks, rules
from fairweather.analysis.contexts import Between, Moves, Order
from fairweather.analysis.distributions import benjamini_hochberg
from fairweather.analysis.finding import Estimate, Test, Verdict
from fairweather.analysis.frame import (
    DOMAIN,
    Frame,
    Ledger,
    from_to,
    group_caveats,
    listed,
    notes,
    over,
    p_text,
    plain,
    points,
)
from fairweather.analysis.gains import Gains, gains, gains_among, mean_gain
from fairweather.analysis.spread import Layout, Spread, Untestable
from fairweather.analysis.table import Scores
from fairweather.analysis.within import mean_detectable, single, wide_caveat

ASKED = {
    "context.mean_gain_change": "the mean gain changes",
    "context.all_gains_smaller": "every gain becomes smaller",
    "context.order_kept": "the order of the strategies is kept",
    "context.interaction": "the context changes what the strategies do",
    "context.rank_moves": "ranks move more than chance",
}


def between_findings(frame: Frame, ledger: Ledger) -> Gains | Untestable:
    """All findings context.* and gain_change.*, from the first context to the second; returns the changes of the gains."""
    pair = _pair(frame, frame.metric, "")
    if isinstance(pair, Untestable):
        for id, what in ASKED.items():
            _refuse(frame, ledger, id, what, pair.reason)
        for name in frame.metric.strategies:
            _untestable_change(frame, ledger, name, "", pair)
        _domain_changes(frame, ledger)
        return pair
    if pair.apart:
        ledger.standing = (
            "The contexts share no data set and model: what changes between them holds the difference between these too.",
        )
    change = _gains(frame, pair, pair.change, "gain_change")
    limit = draws.pair_limit(pair.change, frame.settings.seed, "context.interaction")
    verdicts = _changes(frame, ledger, pair, change)
    _mean(frame, ledger, pair)
    _all_smaller(frame, ledger, pair, change, verdicts)
    _interaction(frame, ledger, pair, limit)
    _order_and_moves(frame, ledger, pair, limit)
    _domain_changes(frame, ledger)
    ledger.standing = ()
    return change


def _pair(frame: Frame, scores: Scores, variant: str) -> Between | Untestable:
    first, second = frame.contexts
    y1, y2 = scores.of(first, variant), scores.of(second, variant)
    return contexts.between(y1, y2, scores.arms, len(scores.strategies), scores.blocks)


def _refuse(frame: Frame, ledger: Ledger, id: str, what: str, reason: str, layout: Layout | None = None) -> None:
    where = from_to(frame)
    statement = f"Whether {what} {where} is untestable: {reason}."
    ledger.add(frame, id, f"Is it so that {what} {where}?", "untestable", statement, layout, evidence="tests")


def _layout(pair: Between) -> Layout:
    return pair.first.layouts[0]


def _where(frame: Frame, pair: Between) -> str:
    """Where and over what: retrainings in each context, or cells."""
    return f"{from_to(frame)}, {over(_layout(pair))}{' in each' if pair.summed else ''}"


def _gains(frame: Frame, pair: Between, spread: Spread, key: str) -> Gains:
    return gains(spread, spread.arms[: spread.K], frame.metric.baseline, frame.settings.seed, key)


def _in_part(frame: Frame, pair: Between) -> Gains:
    names = pair.change.arms[: pair.change.K]
    many = max(1, len(frame.metric.strategies) * len(frame.domains.variants))
    return gains_among(pair.change, names, frame.metric.baseline, many)


def _changes(frame: Frame, ledger: Ledger, pair: Between, change: Gains) -> list[Verdict]:
    """gain_change.<strategy>, and the rows of tables/changes.csv."""
    like = _gains(frame, pair, pair.like, "gain_change:like") if pair.like is not None else None
    smallest = power.smallest_gain(pair.change, change.c, frame.metric.baseline) if change.names else np.inf
    verdicts = []
    for k in range(len(change.names)):
        verdict = rules.gain(change.gain[k], change.p_adjusted[k])
        verdicts.append(verdict)
        other = rules.gain(like.gain[k], like.p_adjusted[k]) if like else None
        caveats = wide_caveat(verdict, other, like.low[k], like.high[k]) if like else ()
        _change(
            frame, ledger, pair, change, k, verdict, change.p_adjusted, "", smallest, (*caveats, *group_caveats(frame))
        )
    for name in frame.metric.strategies:
        if name not in change.names:
            reason = "it has too few runs in one of the contexts"
            _untestable_change(frame, ledger, name, "", Untestable(reason))
    return verdicts


def _change(
    frame: Frame, ledger: Ledger, pair: Between, change: Gains, k: int, verdict: Verdict, p: np.ndarray, domain: str,
    smallest: float, caveats: tuple[str, ...],
) -> None:  # fmt: skip
    name, (first, second) = change.names[k], frame.contexts
    value, low, high = change.gain[k], change.low[k], change.high[k]
    what = f"the gain of {name} on {domain or frame.metric.metric}"
    where = _where(frame, pair)
    each = [table.mean[table.arms.index(name)] - table.mean[table.K] for table in (pair.first, pair.second)]
    from_gain = f"(gains {plain(each[0], 2, True)} and {plain(each[1], 2, True)})"
    multiple = " once all comparisons are allowed for" if low > 0 or high < 0 else ""
    sentence = {
        "yes": f"{what} rises by {points(value, low, high, False)} {from_gain} {where}.",
        "no": f"{what} falls by {points(-value, -high, -low, False)} {from_gain} {where}.",
    }.get(
        verdict,
        f"whether {what} changes {where} cannot be told{multiple}: "
        f"{points(value, low, high)} {from_gain}; this design could have shown {plain(smallest, 1)} points.",
    )
    test = Test(
        "t of the change, " + ("Benjamini-Hochberg" if domain else "max-T") + " adjusted", None, change.p[k], p[k]
    )
    ledger.add(
        frame, ".".join(filter(None, ["gain_change", name, domain])), f"Does {what} grow {from_to(frame)}?", verdict,
        sentence[0].upper() + sentence[1:], _layout(pair), evidence="changes", estimate=Estimate(value, low, high), test=test,
        metric=DOMAIN if domain else "", caveats=(*notes(frame, frame.contexts, domain), *caveats), about=(name,),
    )  # fmt: skip
    ledger.rows["changes"].append({
        "strategy": name, "domain": domain, "first": first, "second": second, "gain_first": each[0], "gain_second": each[1],
        "change": value, "low": low, "high": high, "p": change.p[k], "p_adjusted": p[k], "verdict": verdict,
    })  # fmt: skip


def _untestable_change(frame: Frame, ledger: Ledger, name: str, domain: str, why: Untestable) -> None:
    what = f"the gain of {name} on {domain or frame.metric.metric}"
    first, second = (
        single(frame.domains if domain else frame.metric, context, name, domain) for context in frame.contexts
    )
    value = second - first
    seen = f" (seen: {points(value)})" if np.isfinite(value) else ""
    ledger.add(
        frame, ".".join(filter(None, ["gain_change", name, domain])), f"Does {what} grow {from_to(frame)}?", "untestable",
        f"Whether {what} changes {from_to(frame)} is untestable{seen}: {why.reason}.", evidence="changes",
        estimate=Estimate(value, None, None) if np.isfinite(value) else None, metric=DOMAIN if domain else "",
        about=(name,),
    )  # fmt: skip


def _domain_changes(frame: Frame, ledger: Ledger) -> None:
    """gain_change.<strategy>.<domain>: Benjamini-Hochberg over all strategies x domains."""
    found: list[tuple[str, Between, Gains]] = []
    for domain in frame.domains.variants:
        pair = _pair(frame, frame.domains, domain)
        if isinstance(pair, Untestable):
            for name in frame.metric.strategies:
                _untestable_change(frame, ledger, name, domain, pair)
        elif pair.change.K:
            found.append((domain, pair, _in_part(frame, pair)))
    if not found:
        return
    joined = benjamini_hochberg(np.concatenate([g.p for _, _, g in found]))
    adjusted = np.split(joined, np.cumsum([len(g.p) for _, _, g in found])[:-1])
    for (domain, pair, g), p in zip(found, adjusted, strict=True):
        smallest = power.smallest_gain(pair.change, g.c, frame.metric.baseline)
        for k in range(len(g.names)):
            verdict = rules.gain_in_part(g.gain[k], p[k])
            _change(frame, ledger, pair, g, k, verdict, p, domain, smallest, group_caveats(frame, domain))


def _mean(frame: Frame, ledger: Ledger, pair: Between) -> None:
    id, where = "context.mean_gain_change", _where(frame, pair)
    K = pair.change.K
    if not K:
        _refuse(frame, ledger, id, ASKED[id], "there is no strategy in both contexts", _layout(pair))
        return
    mean, delta = mean_gain(pair.change), frame.settings.smallest_gain
    verdict = rules.effect(mean.low, mean.high, delta)
    caveats = group_caveats(frame)
    if pair.like is not None:
        wide = mean_gain(pair.like)
        caveats = (*wide_caveat(verdict, rules.effect(wide.low, wide.high, delta), wide.low, wide.high), *caveats)
    numbers = points(mean.value, mean.low, mean.high)
    whose = f"the mean gain of the {K} strategies" if K > 1 else f"the gain of the one strategy, {pair.change.arms[0]},"
    whose = f"{whose} on {frame.metric.metric}"
    moved = "rises" if mean.value > 0 else "falls"
    size = (
        points(mean.value, mean.low, mean.high, False)
        if mean.value > 0
        else points(-mean.value, -mean.high, -mean.low, False)
    )
    sentence = {
        "yes": f"{whose} {moved} by {size} {where}.",
        "no": f"{whose} changes by less than {plain(delta)} points {where}: {numbers}.",
    }.get(verdict, f"whether {whose} changes {where} cannot be told: {numbers}; this design could have shown "
                   f"{plain(mean_detectable(mean), 1)} points.")  # fmt: skip
    ledger.add(
        frame, id, f"Does the mean gain change {from_to(frame)}?", verdict, sentence[0].upper() + sentence[1:], _layout(pair),
        evidence="tests", estimate=Estimate(mean.value, mean.low, mean.high),
        test=Test("t of the mean over strategies", None, mean.p), caveats=caveats,
    )  # fmt: skip


def _all_smaller(frame: Frame, ledger: Ledger, pair: Between, g: Gains, verdicts: list[Verdict]) -> None:
    id, where, metric = "context.all_gains_smaller", _where(frame, pair), frame.metric.metric
    if not pair.change.K:
        _refuse(frame, ledger, id, ASKED[id], "there is no strategy in both contexts", _layout(pair))
        return
    verdict = rules.all_smaller(g.upper, verdicts)
    top, ups = int(np.argmax(g.upper)), [name for name, v in zip(g.names, verdicts, strict=True) if v == "yes"]
    highest = int(np.argmax(g.gain))
    number = f"{int((g.upper < 0).sum())} of {len(g.names)} one-sided upper limits are below zero"
    smallest = power.smallest_gain(pair.change, g.c, frame.metric.baseline)
    ledger.add(
        frame, id, f"Does every gain become smaller {from_to(frame)}?", verdict,
        {
            "yes": f"Every gain on {metric} becomes smaller {where}: {g.names[top]} has the largest one-sided upper limit of the "
                   f"change, {plain(g.upper[top], 2, True)} points.",
            "no": f"Not every gain on {metric} becomes smaller {where}: that of {listed(ups)} grows.",
        }.get(verdict, f"That every gain on {metric} becomes smaller {where} is not shown: {number}, and the gain of "
                       f"{g.names[highest]} changes by {plain(g.gain[highest], 2, True)} points; this design could have shown a "
                       f"change of {plain(smallest, 1)} points."),
        _layout(pair), evidence="changes", estimate=Estimate(g.gain[top], g.low[top], g.high[top]), caveats=group_caveats(frame),
    )  # fmt: skip


def _interaction(frame: Frame, ledger: Ledger, pair: Between, c: np.ndarray) -> None:
    id, where, K = "context.interaction", _where(frame, pair), pair.change.K
    test = ranks.omnibus(pair.y2 - pair.y1) if K >= 2 else None
    if test is None:
        reason = (
            "fewer than two strategies are in both contexts"
            if K < 2
            else "no two blocks hold all strategies in both contexts"
        )
        _refuse(frame, ledger, id, ASKED[id], reason, _layout(pair))
        return
    sets = ranks.rank_sets(pair.change, c)
    verdict = rules.differ(test.p, sets.reach.max(), frame.settings.smallest_gain)
    smallest = power.smallest_difference(pair.change, c)
    seen, delta = f"{test.name} of the differences between the contexts, {p_text(test.p)}", frame.settings.smallest_gain
    changes = f"The context changes what the {K} strategies do"
    caveats: tuple[str, ...] = ()
    if pair.like is not None:
        like = pair.like.layouts[0]
        rows = [like.arms.index(name) for name in pair.change.arms[:K]]
        p_like = ranks.omnibus_like(like.y[rows], like.grid)
        if verdict == "yes" and p_like > rules.ALPHA:
            caveats = (f"Not shown for other data sets and models, where {p_text(p_like)}.",)
    ledger.add(
        frame, id, f"Does the context change what the strategies do relative to one another {from_to(frame)}?", verdict,
        {
            "yes": f"{changes} relative to one another {where} ({seen}).",
            "no": f"The context changes no difference between the {K} strategies by more than {plain(delta)} points "
                  f"{where} ({seen}).",
        }.get(verdict, f"That {changes[0].lower()}{changes[1:]} relative to one another {where} is not shown ({seen}); this "
                       f"design could have shown a change of {plain(smallest)} points between two of them."),
        _layout(pair), evidence="tests", test=Test(test.name, test.chi2, test.p), caveats=caveats,
    )  # fmt: skip


def _order_and_moves(frame: Frame, ledger: Ledger, pair: Between, limit: np.ndarray) -> None:
    if pair.change.K < 2:
        for id in ("context.order_kept", "context.rank_moves"):
            _refuse(frame, ledger, id, ASKED[id], "fewer than two strategies are in both contexts", _layout(pair))
        return
    seed = frame.settings.seed
    c1, c2 = (
        draws.pair_limit(table, seed, f"tiers.{name}")
        for table, name in zip((pair.first, pair.second), frame.contexts, strict=True)
    )
    order = contexts.order_kept(pair, c1, c2, seed, "context.order_kept")
    verdict = rules.order_kept(order.p, len(order.reversed_pairs))
    _order(frame, ledger, pair, order, verdict, limit)
    moved = contexts.moves(pair, pair.change, seed, "context.rank_moves")
    _moves(frame, ledger, pair, moved, order, verdict)
    for k, name in enumerate(pair.change.arms[: pair.change.K]):
        ledger.rows["moves"].append({
            "strategy": name, "rank_first": int(moved.first[k]), "rank_second": int(moved.second[k]), "move": int(moved.move[k]),
            "band_low": int(moved.low[k]), "band_high": int(moved.high[k]), "p_adjusted": float(moved.p_adjusted[k]),
        })  # fmt: skip


def _reversed(order: Order) -> str:
    s, t = order.reversed_pairs[0]
    more = f" ({len(order.reversed_pairs) - 1} more such)" if len(order.reversed_pairs) > 1 else ""
    return f"{s} is better than {t} in the first context and worse in the second{more}"


def _order(frame: Frame, ledger: Ledger, pair: Between, order: Order, verdict: Verdict, c: np.ndarray) -> None:
    where, K = _where(frame, pair), pair.change.K
    tau = f"Kendall's tau {plain(order.tau, 2, True)}, one-sided {p_text(order.p)}"
    least = f"; with {K} strategies even the same order has p = {_least_p(K):.3f}" if _least_p(K) > rules.ALPHA else ""
    smallest = power.smallest_difference(pair.change, c)
    ledger.add(
        frame, "context.order_kept", f"Is the order of the strategies kept {from_to(frame)}?", verdict,
        {
            "yes": f"The order of the {K} strategies is kept {where} ({tau}, no pair reversed).",
            "no": f"The order of the {K} strategies is not kept {where}: {_reversed(order) if order.reversed_pairs else ''}.",
        }.get(verdict, f"Whether the order of the {K} strategies is kept {where} cannot be told ({tau}{least}); this design "
                       f"could have shown a change of {plain(smallest)} points between two of them."),
        _layout(pair), evidence="moves", estimate=Estimate(order.tau, None, None, "Kendall tau-b"),
        test=Test("Kendall tau-b, one-sided permutation", order.tau, order.p),
    )  # fmt: skip


def _least_p(K: int) -> float:
    return 1.0 / float(np.prod(np.arange(1.0, K + 1)))


def _moves(frame: Frame, ledger: Ledger, pair: Between, moved: Moves, order: Order, kept: Verdict) -> None:
    where, K, metric = _where(frame, pair), pair.change.K, frame.metric.metric
    proportional = contexts.proportional_p(pair)
    verdict = rules.rank_moves(moved.p_band, proportional, len(order.reversed_pairs), kept)
    caveats = _wide_moves(frame, pair, verdict, order)
    far = (
        f"{moved.far} of {K} move {moved.places} places or more, where chance alone gives {plain(moved.far_expected, 1)} "
        f"(at most {moved.far_high} in 95 %)"
    )
    by = f"{_reversed(order)}; {far}" if order.reversed_pairs else far
    ledger.add(
        frame, "context.rank_moves", f"Do the ranks move more than chance {from_to(frame)}?", verdict,
        {
            "yes": f"The ranks in {metric} move more than chance {where}: {by}.",
            "no": f"The ranks in {metric} move no more than chance {where}: {far}, and the order is kept.",
        }.get(verdict, f"Whether the ranks in {metric} move more than chance {where} cannot be told: {far}."),
        _layout(pair), evidence="moves", estimate=Estimate(float(moved.footrule), None, None, "places in all"),
        test=Test("footrule against the null band", float(moved.footrule), moved.p_band, max(moved.p_band, proportional)),
        caveats=caveats,
    )  # fmt: skip


def _wide_moves(frame: Frame, pair: Between, verdict: Verdict, order: Order) -> tuple[str, ...]:
    """Whether a yes or no on rank moves holds for other data sets and models too (the band alone, at lambda)."""
    if pair.like is None or verdict not in ("yes", "no"):
        return ()
    p_like = contexts.moves(pair, pair.like, frame.settings.seed, "context.rank_moves:like").p_band
    holds = p_like <= rules.ALPHA if verdict == "yes" else p_like > rules.ALPHA
    return () if holds else (f"Not shown for other data sets and models, where the footrule has {p_text(p_like)}.",)
