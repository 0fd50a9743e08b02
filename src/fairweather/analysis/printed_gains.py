"""What a table of printed gains says of one context."""

from collections.abc import Mapping

import numpy as np

from fairweather.analysis import rules
from fairweather.analysis.finding import Estimate, Verdict
from fairweather.analysis.frame import Frame, Ledger, Printed, at, listed, plain
from fairweather.analysis.within import ORACLE, PLACEBO, single

REASON = "the table has no cells and no seeds that could tell it from chance"
ARITHMETIC = "Arithmetic on the printed numbers: no test and no interval, for the table has no cells and no seeds."
ALL = 1000  # names a sentence may list: of those printed below zero, every one


def context_findings(frame: Frame, ledger: Ledger, printed: Printed, context: str, gains: Mapping[str, float]) -> None:
    """Every finding on one context; `gains`: strategy -> gain as printed, NaN where there is none."""
    _gains(frame, ledger, printed, context, gains)
    _signs(frame, ledger, printed, context, gains)
    _strategies(frame, ledger, printed, context, gains)


def untestable(
    frame: Frame, ledger: Ledger, id: str, question: str, whether: str, seen: str = "", reason: str = REASON,
    estimate: Estimate | None = None,
) -> None:  # fmt: skip
    """A question about other runs; `seen` is what the table prints of it."""
    shown = f" (printed: {seen})" if seen else ""
    ledger.add(
        frame, id, question, "untestable", f"{whether} is untestable{shown}: {reason}.", evidence="printed", estimate=estimate
    )  # fmt: skip


def of_table(
    frame: Frame, ledger: Ledger, id: str, question: str, verdict: Verdict, statement: str, value: float | None = None,
    caveats: tuple[str, ...] = (),
) -> None:  # fmt: skip
    """A finding of scope `table`."""
    estimate = Estimate(value, None, None) if value is not None else None
    ledger.add(
        frame, id, question, verdict, statement, evidence="printed", estimate=estimate, caveats=(*caveats, ARITHMETIC),
        scope="table",
    )  # fmt: skip


def _gains(frame: Frame, ledger: Ledger, printed: Printed, context: str, gains: Mapping[str, float]) -> None:
    metric, where = frame.metric.metric, at(frame, context)
    for name in frame.metric.strategies:
        value = gains.get(name, np.nan)
        known = bool(np.isfinite(value))
        untestable(
            frame, ledger, f"gains.{context}.{name}", f"Does {name} raise {metric} {where}?",
            f"Whether {name} raises {metric} {where}", f"{plain(value, printed.digits, True)} points" if known else "",
            REASON if known else "the table prints no gain for it there", Estimate(value, None, None) if known else None,
        )  # fmt: skip
    for name in frame.metric.controls:
        value = single(frame.metric, context, name, "")
        seen = f"{plain(value, printed.digits, True)} points" if np.isfinite(value) else ""
        untestable(
            frame, ledger, f"control.{name}.{context}", f"Does {name} by itself change {metric} {where}?",
            f"Whether {name} by itself changes {metric} {where}", seen,
        )  # fmt: skip
    if ORACLE in frame.metric.controls:
        untestable(
            frame, ledger, f"yardstick.{context}", f"Does {ORACLE} move {metric} from {PLACEBO} {where}?",
            f"Whether {ORACLE} moves {metric} from {PLACEBO} {where}",
        )  # fmt: skip


def _signs(frame: Frame, ledger: Ledger, printed: Printed, context: str, gains: Mapping[str, float]) -> None:
    """Are all printed gains above zero, and which are below; what is printed as 0 is neither."""
    where, metric, digits = at(frame, context), frame.metric.metric, printed.digits
    there = {name: value for name, value in gains.items() if np.isfinite(value)}
    every, some = f"Does every strategy raise {metric} {where}?", f"Does a strategy fall below the baseline {where}?"
    if not there:
        for id, question, whether in (
            (f"gains.{context}.all_positive", every, f"Whether every strategy raises {metric} {where}"),
            (f"below_baseline.{context}", some, f"Whether a strategy falls below the baseline in {metric} {where}"),
        ):
            untestable(frame, ledger, id, question, whether, reason="the table prints no gain there")
        return
    values = np.array(list(there.values()))
    verdicts: list[Verdict] = ["no" if value < 0 else "yes" if value > 0 else "undecided" for value in values]
    below = [name for name, value in there.items() if value < 0]
    zero = [name for name, value in there.items() if value == 0]
    lowest = min(there, key=lambda name: there[name])
    least = f"the lowest is {plain(there[lowest], digits, True)} points ({lowest})"
    open = f"{listed(zero, ALL)} {'is' if len(zero) == 1 else 'are'} printed as {plain(0, digits)}"
    named = listed([f"{name} ({plain(there[name], digits, True)})" for name in below], ALL)
    of = f"{len(values)} printed gains in {metric} {where}"
    of_table(
        frame, ledger, f"gains.{context}.all_positive", every, verdict := rules.all_positive(values, verdicts),
        {
            "yes": f"All {of} are above zero; {least}.",
            "no": f"Not all {of} are above zero: {len(below)} {'lies' if len(below) == 1 else 'lie'} below it; {least}.",
        }.get(verdict, f"Whether all {of} are above zero cannot be told: {open}."),
        float(values.mean()),
    )  # fmt: skip
    of_table(
        frame, ledger, f"below_baseline.{context}", some, verdict := rules.below_baseline(values, verdicts),
        {
            "yes": f"Printed below the baseline in {metric} {where}: {named}.",
            "no": f"No strategy is printed below the baseline in {metric} {where}; {least}.",
        }.get(verdict, f"Whether a strategy lies below the baseline in {metric} {where} cannot be told: {open}."),
        float(values.min()),
    )  # fmt: skip


def _strategies(frame: Frame, ledger: Ledger, printed: Printed, context: str, gains: Mapping[str, float]) -> None:
    """What is asked of the strategies together."""
    where, metric = at(frame, context), frame.metric.metric
    there = {name: value for name, value in gains.items() if np.isfinite(value)}
    untestable(
        frame, ledger, f"strategies.differ.{context}", f"Do the strategies differ in {metric} {where}?",
        f"Whether the {len(there)} strategies differ in {metric} {where}", span(there, printed.digits),
    )  # fmt: skip
    families: dict[str, list[str]] = {}
    for name in there:
        families.setdefault(frame.metric.families[name], []).append(name)
    for family, names in families.items():
        if len(names) >= 2:
            untestable(
                frame, ledger, f"family.{family}.differ.{context}", f"Do the {family} strategies differ in {metric} {where}?",
                f"Whether the {len(names)} {family} strategies differ in {metric} {where}",
                span({name: there[name] for name in names}, printed.digits),
            )  # fmt: skip
    top = max(there, key=lambda name: there[name]) if there else ""
    largest = f"the largest gain is {plain(there[top], printed.digits, True)} points, {top}" if there else ""
    untestable(
        frame, ledger, f"best.{context}", f"Is one strategy ahead of all others in {metric} {where}?",
        f"Whether one strategy is ahead of all others in {metric} {where}", largest,
        estimate=Estimate(there[top], None, None) if there else None,
    )  # fmt: skip
    untestable(
        frame, ledger, f"tiers.{context}", f"Do the strategies fall into tiers in {metric} {where}?",
        f"Whether the strategies fall into tiers in {metric} {where}", span(there, printed.digits),
    )  # fmt: skip
    for id, more, less, lacks in (
        ("domains.adverse_vs_normal", "the adverse domains", "the normal ones", "no domains"),
        ("classes.small_vs_rest", "the small-object classes", "the other classes", "no classes"),
    ):
        untestable(
            frame, ledger, f"{id}.{context}", f"Do the strategies, on average, help {more} more than {less} {where}?",
            f"Whether the strategies help {more} more than {less} {where}",
            reason=f"the table has {lacks}, no cells and no seeds",
        )  # fmt: skip
    untestable(
        frame, ledger, f"influence.{context}", f"Does one data set, model, seed, domain or class decide a verdict {where}?",
        f"Whether one data set, model, seed, domain or class decides a verdict {where}",
        reason="the table has no cells and no seeds, so nothing can be left out",
    )  # fmt: skip


def span(gains: Mapping[str, float], digits: int) -> str:
    if not gains:
        return ""
    low, high = (pick(gains, key=lambda name: gains[name]) for pick in (min, max))
    return f"gains from {plain(gains[low], digits, True)} points, {low}, to {plain(gains[high], digits, True)} points, {high}"
