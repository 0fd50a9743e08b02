"""What is asked of a comparison, the values it is asked of, and the words its sentences share."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from fairweather.analysis.finding import Estimate, Finding, Scope, Test, Verdict
from fairweather.analysis.images import FEWEST, Influence
from fairweather.analysis.spread import Layout
from fairweather.analysis.table import Scores

if TYPE_CHECKING:
    from fairweather.analysis.attributes import Attribute

DOMAIN = "domain mIoU"  # the metric of findings on one domain


@dataclass(frozen=True)
class Settings:
    """What was fixed before the study ran.

    Args:
        baseline: name of the baseline.
        contexts: none (those of the table), one, or two (first, second).
        metric: one of table.METRICS; domains: those it is restricted to, None for all.
        smallest_gain: delta, the smallest gain that matters, in points.
        label_space: the one label space that is compared; "" where a table of results does not say.
        steps: the budget of every unit; None where a table of results does not say.
        seed: of the analysis' own draws.
        domain_notes: (context, domain) -> a caveat for every finding on that domain.
        strategy_notes: (context, strategy) -> a caveat for every finding that rests on runs of the strategy there.
        context_words: context -> what training sees, for example "training sees clear_day only".
        measured: what the study measured on its own pools; None where the values are imported, and the published ones apply.
    """

    baseline: str
    contexts: tuple[str, ...]
    metric: str
    smallest_gain: float
    label_space: str
    steps: int | None
    seed: int = 0
    domain_notes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    strategy_notes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    domains: tuple[str, ...] | None = None
    context_words: Mapping[str, str] = field(default_factory=dict)
    measured: "tuple[Attribute, ...] | None" = None


@dataclass(frozen=True)
class Printed:
    """What a ready-made table of gains prints; arithmetic on it is a finding of scope `table`.

    Args:
        strategies: names; gain: float64 (contexts, strategies) as printed, NaN where missing.
        rank: float64 (contexts, strategies + 1) as printed, the baseline last; NaN where the table prints none.
        rank_change, gain_change: float64 (strategies + 1,) as printed, the baseline last; NaN where the table prints none.
        digits: decimals of the printed gains.
    """

    strategies: tuple[str, ...]
    gain: np.ndarray
    rank: np.ndarray
    rank_change: np.ndarray
    gain_change: np.ndarray
    digits: int


@dataclass(frozen=True)
class Frame:
    """The values a comparison is made of; who imports a table of results fills one of these.

    Args:
        metric: the study's metric; domains, classes: one variant each; adverse, small: contrasts within the block. All on
            the same axes.
        small_classes: names; groups: (data set, domain) -> groups of test images in a supported domain of the metric.
        influence: what each group of test images contributes, where that is known.
        entered: the domains that enter the metric.
        without: ("domain" or "class", its name) -> the metric computed without it, for the domains and classes that enter it.
        printed: what an imported table says in so many words, where it is one of gains; None otherwise.
    """

    settings: Settings
    metric: Scores
    domains: Scores
    classes: Scores
    adverse: Scores
    small: Scores
    small_classes: frozenset[str]
    groups: Mapping[tuple[str, str], int]
    influence: Influence | None
    entered: tuple[str, ...] = ()
    without: Mapping[tuple[str, str], Scores] = field(default_factory=dict)
    printed: Printed | None = None

    @property
    def contexts(self) -> tuple[str, ...]:
        return self.metric.contexts


class Ledger:
    """Findings and table rows as they are made, in order.

    Args:
        contexts: those the findings being made are about: what the study notes of a domain there belongs to every finding
            on a value that domain enters.
        standing: caveats of every finding being made.
    """

    contexts: tuple[str, ...]
    standing: tuple[str, ...]

    def __init__(self) -> None:
        self.contexts, self.standing = (), ()
        self.findings: list[Finding] = []
        self.rows: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)

    def add(
        self, frame: Frame, id: str, question: str, verdict: Verdict, statement: str, layout: Layout | None = None, *,
        evidence: str, estimate: Estimate | None = None, test: Test | None = None, metric: str = "",
        caveats: tuple[str, ...] = (), contexts: tuple[str, ...] | None = None, scope: Scope = "population",
        strategies: int | None = None, about: tuple[str, ...] | None = None,
    ) -> None:  # fmt: skip
        """One finding, with what was counted and, for evidence `tests`, its row of that table.

        Args:
            contexts: in place of the ledger's own.
            strategies: how many were counted, where it is not those of the layout (without one: of the metric).
            about: the strategies and controls whose runs it rests on, where it is not all strategies of the layout.
        """
        n = counted(layout) if layout else {"strategies": len(frame.metric.strategies), "cells": 0, "seeds": 0}
        if strategies is not None:
            n = {**n, "strategies": strategies}
        if evidence == "tests":
            self.rows["tests"].append(test_row(id, verdict, estimate, test))
        path = f"tables/{evidence}.csv"
        named = metric or frame.metric.metric
        where = self.contexts if contexts is None else contexts
        if about is None:
            about = layout.arms[: layout.K] if layout else ()
        noted = [frame.settings.strategy_notes.get((context, name)) for context in where for name in about]
        caveats = (*self.standing, *caveats, *filter(None, noted))
        if named != DOMAIN:
            caveats = tuple(dict.fromkeys([*caveats, *notes(frame, where)]))
        self.findings.append(Finding(id, question, verdict, scope, statement, estimate, test, n, named, path, caveats))


def test_row(id: str, verdict: Verdict, estimate: Estimate | None, test: Test | None) -> dict[str, Any]:
    """A row of tables/tests.csv."""
    return {
        "id": id, "verdict": verdict, "test": test.name if test else None, "statistic": test.statistic if test else None,
        "p": test.p if test else None, "p_adjusted": test.p_adjusted if test else None,
        "value": estimate.value if estimate else None, "low": estimate.low if estimate else None,
        "high": estimate.high if estimate else None, "unit": estimate.unit if estimate else None,
    }  # fmt: skip


def counted(layout: Layout) -> dict[str, int]:
    return {"strategies": layout.K, "cells": len(layout.grid), "seeds": layout.seeds}


def points(value: float, low: float | None = None, high: float | None = None, signed: bool = True) -> str:
    """ "+3.1 points [+1.2, +5.0]"; two decimals where one would hide a sign or the interval is narrower than a point."""
    numbers = [v for v in (value, low, high) if v is not None]
    span = max(numbers) - min(numbers)
    digits = 2 if span < 1 or any(0 < abs(v) < 0.05 for v in numbers) else 1
    text = [plain(v, digits, signed) for v in numbers]
    return f"{text[0]} points [{text[1]}, {text[2]}]" if len(text) == 3 else f"{text[0]} points"


def plain(value: float, digits: int = 2, signed: bool = False) -> str:
    """A number in print; never "-0.0"."""
    rounded = round(float(value), digits) + 0.0
    return f"{rounded:+.{digits}f}" if signed else f"{rounded:.{digits}f}"


def p_text(p: float) -> str:
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def listed(names: tuple[str, ...] | list[str], most: int = 6) -> str:
    """ "a, b and c"; beyond `most` the rest is counted."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else "none"


def at(frame: Frame, context: str) -> str:
    """ "when training sees clear_day only (stage1), at 300 steps": no sentence about a context without the budget."""
    words = frame.settings.context_words.get(context)
    where = f"when {words} ({context})" if words else "in the one context" if context == "all" else f"in {context}"
    return f"{where}{budget(frame)}"


def budget(frame: Frame) -> str:
    """ ", at 300 steps"; nothing where a table of results does not say how long was trained."""
    return f", at {frame.settings.steps} steps" if frame.settings.steps else ""


def from_to(frame: Frame) -> str:
    """ "from stage1 (training sees clear_day only) to stage2 (training sees all domains), at 300 steps"."""
    words = frame.settings.context_words
    named = [f"{c} ({words[c]})" if c in words else c for c in frame.contexts]
    return f"from {named[0]} to {named[1]}{budget(frame)}"


def over(layout: Layout) -> str:
    """The population, in brief: what is repeated where."""
    if len(layout.grid) == 1:
        dataset, model = layout.grid[0]
        whose = f"{f' of {model}' if model else ''}{f' on {dataset}' if dataset else ''}"  # a table may name neither
        return f"over {layout.y.shape[1]} retrainings{whose}"
    datasets, models = {d for d, _ in layout.grid}, {m for _, m in layout.grid}
    said = [number(len(datasets), "data set")] if any(datasets) else []
    said += [number(len(models), "model")] if any(models) else []
    said += [f"{layout.seeds} seeds each"] if layout.within else []
    return f"over {len(layout.grid)} cells ({', '.join(said)})"


def number(n: int, noun: str) -> str:
    """ "1 model", "3 models", "2 classes", "4 strategies"."""
    many = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{n} {noun if n == 1 else many}"


def coverage_caveats(layout: Layout) -> tuple[str, ...]:
    """What was left out, in sentences."""
    said = []
    if layout.left_out:
        said.append(
            f"Left out, with fewer than half of the baseline's runs or a single one: {listed(layout.left_out, 30)}."
        )
    if layout.dropped:
        said.append(
            f"Matched comparison: {layout.dropped} of the baseline's blocks left out because a strategy lacks them."
        )
    if not layout.matched:
        said.append("Runs are missing; the means are least-squares estimates over the runs there are.")
    return tuple(said)


def group_caveats(frame: Frame, domain: str = "") -> tuple[str, ...]:
    """Where a domain has too few groups of test images for an interval over images."""
    few = {key: n for key, n in frame.groups.items() if 0 < n < FEWEST and domain in ("", key[1])}
    if not few:
        return ()
    many = len({dataset for dataset, _ in few}) > 1
    named = [f"{number(n, 'group')} in {f'{key[0]} ' if many else ''}{key[1]}" for key, n in sorted(few.items())]
    return (f"Frames are not replicates: {listed(named)}; the interval holds the spread of retraining alone.",)


def notes(frame: Frame, contexts: tuple[str, ...], domain: str = "") -> tuple[str, ...]:
    """The caveats the study attached to a domain in these contexts; with no domain, to those that enter the metric."""
    domains = (domain,) if domain else frame.entered
    found = [frame.settings.domain_notes.get((context, name)) for context in contexts for name in domains]
    return tuple(dict.fromkeys(note for note in found if note))
