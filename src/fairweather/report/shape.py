"""What the tables span: contexts, strategies by interest, controls, domains and classes, and what each finding is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from fairweather.analysis.finding import Finding
from fairweather.report.content import ReportContent
from fairweather.report.numbers import finite
from fairweather.report.verdict import Asked, decided
from fairweather.vocabulary.domains import in_order

Row = dict[str, Any]


@dataclass(frozen=True)
class Subject:
    """What a finding is about; `part` is the domain or the class, empty for the study's metric."""

    asked: Asked
    context: str = ""
    strategy: str = ""
    part: str = ""
    of: str = ""


@dataclass(frozen=True)
class Measure:
    """One number of the report with its interval and verdict."""

    value: float | None
    low: float | None
    high: float | None
    verdict: str
    asked: Asked


@lru_cache(maxsize=32)
def rows(content: ReportContent, name: str) -> list[Row]:
    """The rows of a table, not to be changed; none where the table is missing."""
    table = content.tables.get(name)
    return [] if table is None else table.to_pylist()


def _unique(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v for v in values if v is not None))


@dataclass(frozen=True)
class Shape:
    """The axes of a report and a look-up of its numbers.

    Args:
        contexts: in the order of the tables; notes: context -> its domains, in words.
        strategies: the most interesting first (decided verdicts, then the size of the gain); controls: shown apart.
        domains: canonical order; unsupported: those with too few test images in every data set.
        classes, small: the classes of the label space that are large and those that are small objects.
        first, second: the pair of contexts that is compared, empty where there is one context.
        metric: the study's metric, as the findings name it; baseline: the name of what the gains are over.
    """

    contexts: tuple[str, ...]
    notes: dict[str, str]
    strategies: tuple[str, ...]
    controls: tuple[str, ...]
    domains: tuple[str, ...]
    unsupported: frozenset[str]
    classes: tuple[str, ...]
    small: tuple[str, ...]
    first: str
    second: str
    metric: str
    baseline: str
    findings: dict[str, Finding]
    gains: dict[tuple[str, str, str], Row]
    against: tuple[Row, ...]
    changes: dict[tuple[str, str], Row]
    per_class: dict[tuple[str, str, str], Row]
    yardstick: dict[tuple[str, str], Row]
    subjects: dict[str, Subject]

    @property
    def arms(self) -> tuple[str, ...]:
        """Strategies, then controls."""
        return self.strategies + self.controls

    def gain(self, context: str, strategy: str, domain: str = "") -> Measure:
        """The gain over the baseline in one context, for the metric or for one domain."""
        row = self.gains.get((context, strategy, domain), {})
        control = strategy in self.controls
        whole = control and not domain
        id = f"control.{strategy}.{context}" if whole else _dotted("gains", context, strategy, domain)
        return _measure(row, "gain", self.findings.get(id), "control" if control else "gain")

    def change(self, strategy: str, domain: str = "") -> Measure:
        """The gain in the second context minus the gain in the first."""
        found = self.findings.get(_dotted("gain_change", strategy, domain))
        return _measure(self.changes.get((strategy, domain), {}), "change", found, "change")

    def class_gain(self, context: str, strategy: str, name: str) -> Measure:
        """The gain of one class in one context."""
        found = self.findings.get(_dotted("per_class", context, strategy, name))
        return _measure(self.per_class.get((context, strategy, name), {}), "gain", found, "gain")

    def share(self, context: str, strategy: str) -> Measure:
        """The gain over the placebo as a share of the oracle's, in one context."""
        found = self.findings.get(f"yardstick.{context}.{strategy}")
        return _measure(self.yardstick.get((context, strategy), {}), "share", found, "share")

    def about(self, finding: Finding) -> Subject:
        """What the finding is about; a claim where the tables do not name it."""
        return self.subjects.get(finding.id, Subject("claim"))


def shape_of(content: ReportContent) -> Shape:
    """Read the axes off the tables. Ids are built from the names and looked up, never taken apart: names may hold dots."""
    gains = rows(content, "gains")
    pairs = dict(content.facts).get("contexts", ())
    contexts = _unique([r["context"] for r in gains] or [r["context"] for r in rows(content, "cells")])
    contexts = contexts or _unique(key for key, _ in pairs)
    changes = rows(content, "changes")
    first, second = (changes[0]["first"], changes[0]["second"]) if changes else ("", "")
    if not changes and len(contexts) > 1:
        first, second = contexts[:2]
    per_class = rows(content, "per_class")
    support = rows(content, "support")
    baseline = _baseline(gains)
    controls = _unique(r["strategy"] for r in gains if r["control"] and r["strategy"] != baseline)
    named = [r["strategy"] for r in gains if not r["control"]]
    named = named or [r["strategy"] for r in rows(content, "cells") if not r["control"] and r["strategy"] != baseline]
    strategies = tuple(s for s in _unique(named) if s not in controls)
    domains = _unique([r["domain"] for r in gains if r["domain"]] + [r["domain"] for r in support])
    canonical = in_order(domains)
    domains = canonical + tuple(d for d in domains if d not in canonical)
    classes = _unique(r["class"] for r in per_class if not r["small"])
    small = _unique(r["class"] for r in per_class if r["small"])
    shape = Shape(
        contexts=contexts,
        notes=dict(pairs),
        strategies=strategies,
        controls=controls,
        domains=domains,
        unsupported=frozenset(r["domain"] for r in support) - {r["domain"] for r in support if r["domain_supported"]},
        classes=classes,
        small=small,
        first=first,
        second=second,
        metric=next((f.metric for f in content.findings), ""),
        baseline=baseline,
        findings={f.id: f for f in content.findings},
        gains={(r["context"], r["strategy"], r["domain"] or ""): r for r in gains if r["against"] == baseline},
        against=tuple(r for r in gains if r["against"] != baseline and not r["domain"]),
        changes={(r["strategy"], r["domain"] or ""): r for r in changes},
        per_class={(r["context"], r["strategy"], r["class"]): r for r in per_class},
        yardstick={(r["context"], r["strategy"]): r for r in rows(content, "yardstick") if not r["control"]},
        subjects=_subjects((*strategies, *controls), contexts, domains, classes + small),
    )
    return replace(shape, strategies=tuple(sorted(strategies, key=lambda s: _interest(shape, s), reverse=True)))


def _baseline(gains: Sequence[Row]) -> str:
    """What the gains are over: the name that has no gain of its own (a placebo arm, gains over which are listed too, has)."""
    arms = {r["strategy"] for r in gains}
    return next((r["against"] for r in gains if r["against"] not in arms), "baseline")


def family_of(shape: Shape, strategy: str) -> str:
    """What stands before the first underscore of a name ("gen", "std"); "control" for controls, "other" where nothing does."""
    if strategy in shape.controls or strategy == shape.baseline:
        return "control"
    prefix = strategy.split("_")[0]
    return prefix if prefix != strategy and prefix.isalnum() else "other"


def _subjects(
    arms: Iterable[str], contexts: Iterable[str], domains: tuple[str, ...], classes: tuple[str, ...]
) -> dict[str, Subject]:
    found: dict[str, Subject] = {}
    for s in arms:
        for d in ("", *domains):
            found[_dotted("gain_change", s, d)] = Subject("change", "", s, d, "domain" if d else "")
        for c in contexts:
            found[f"control.{s}.{c}"] = Subject("control", c, s)
            found[f"yardstick.{c}.{s}"] = Subject("share", c, s)
            for d in ("", *domains):
                found[_dotted("gains", c, s, d)] = Subject("gain", c, s, d, "domain" if d else "")
            for k in classes:
                found[_dotted("per_class", c, s, k)] = Subject("gain", c, s, k, "class")
    return found


def _interest(shape: Shape, strategy: str) -> tuple[int, float]:
    measures = [shape.gain(c, strategy) for c in shape.contexts]
    if shape.first:
        measures.append(shape.change(strategy))
    return sum(decided(m.verdict) for m in measures), max((abs(m.value or 0.0) for m in measures), default=0.0)


def _dotted(*parts: str) -> str:
    return ".".join(p for p in parts if p)


def _measure(row: Row, key: str, finding: Finding | None, asked: Asked) -> Measure:
    """The table's numbers and the finding's verdict; each stands in for the other where one is missing."""
    estimate = finding.estimate if finding else None
    if row:
        value, low, high = (finite(row.get(k)) for k in (key, "low", "high"))
    else:
        value, low, high = (estimate.value, estimate.low, estimate.high) if estimate else (None, None, None)
    if finding:
        return Measure(value, low, high, finding.verdict, asked)
    return Measure(value, low, high, row.get("verdict") or "", asked)
