"""The whole analysis: from rows of counts to findings, the tables they stand in, and what was computed, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from fairweather.analysis import rules
from fairweather.analysis.attributes import CHANGE, attribute_findings
from fairweather.analysis.between import between_findings
from fairweather.analysis.budget import budget_findings, no_budget_findings
from fairweather.analysis.finding import Estimate, Finding
from fairweather.analysis.frame import Frame, Ledger, Settings, budget, listed, plain
from fairweather.analysis.gains import Gains
from fairweather.analysis.images import influence
from fairweather.analysis.influence import influence_finding
from fairweather.analysis.methods import methods, of_counts, of_images
from fairweather.analysis.printed import printed_findings
from fairweather.analysis.spread import Untestable
from fairweather.analysis.table import (
    Counts,
    class_scores,
    domain_contrast,
    domain_scores,
    entering,
    read_counts,
    scores,
    small_contrast,
)
from fairweather.analysis.within import ORACLE, Part, contrast_finding, metric_findings, part_findings, single
from fairweather.analysis.without import without_each
from fairweather.analysis.yardstick import yardstick_findings
from fairweather.errors import InputError, UnknownName

TEXT, REAL, WHOLE, FLAG = pa.string(), pa.float64(), pa.int64(), pa.bool_()
COLUMNS: dict[str, dict[str, Any]] = {
    "gains": {
        "context": TEXT, "strategy": TEXT, "control": FLAG, "against": TEXT, "domain": TEXT, "gain": REAL, "low": REAL,
        "high": REAL, "low_simultaneous": REAL, "high_simultaneous": REAL, "se": REAL, "dof": REAL, "p": REAL,
        "p_adjusted": REAL, "verdict": TEXT, "n_blocks": WHOLE, "low_images": REAL, "high_images": REAL, "low_like": REAL,
        "high_like": REAL,
    },
    "changes": {
        "strategy": TEXT, "domain": TEXT, "first": TEXT, "second": TEXT, "gain_first": REAL, "gain_second": REAL,
        "change": REAL, "low": REAL, "high": REAL, "p": REAL, "p_adjusted": REAL, "verdict": TEXT,
    },
    "ranks": {
        "context": TEXT, "strategy": TEXT, "mean": REAL, "rank": WHOLE, "rank_low": WHOLE, "rank_high": WHOLE, "tier": WHOLE,
    },
    "moves": {
        "strategy": TEXT, "rank_first": WHOLE, "rank_second": WHOLE, "move": WHOLE, "band_low": WHOLE, "band_high": WHOLE,
        "p_adjusted": REAL,
    },
    "per_class": {
        "context": TEXT, "strategy": TEXT, "class": TEXT, "small": FLAG, "gain": REAL, "low": REAL, "high": REAL, "p": REAL,
        "p_adjusted": REAL, "verdict": TEXT, "low_images": REAL, "high_images": REAL,
    },
    "cells": {
        "context": TEXT, "strategy": TEXT, "control": FLAG, "dataset": TEXT, "model": TEXT, "seed": WHOLE, "domain": TEXT,
        "value": REAL,
    },
    "support": {
        "dataset": TEXT, "label_space": TEXT, "domain": TEXT, "n_images": WHOLE, "n_groups": WHOLE, "domain_supported": FLAG,
        "class": TEXT, "class_images": WHOLE, "class_groups": WHOLE, "supported": FLAG,
    },
    "coverage": {"context": TEXT, "strategy": TEXT, "blocks": WHOLE, "of": WHOLE},
    "omnibus": {
        "id": TEXT, "context": TEXT, "strategies": WHOLE, "blocks": WHOLE, "test": TEXT, "chi2": REAL, "p": REAL,
        "p_like": REAL, "F": REAL, "F_p": REAL, "sd_strategies": REAL, "sd_blocks": REAL, "sd_residual": REAL,
        "detectable_difference": REAL, "verdict": TEXT,
    },
    "influence": {
        "context": TEXT, "factor": TEXT, "left_out": TEXT, "blocks": WHOLE, "strategies": WHOLE, "mean_gain": REAL,
        "leader": TEXT, "leader_gain": REAL, "differ_p": REAL, "separated": WHOLE, "flips": WHOLE,
    },
    "influence_verdicts": {
        "context": TEXT, "factor": TEXT, "left_out": TEXT, "id": TEXT, "whole": TEXT, "verdict": TEXT, "whole_value": REAL,
        "value": REAL, "p": REAL, "flips": FLAG,
    },
    "attributes": {
        "context": TEXT, "attribute": TEXT, "kind": TEXT, "of": TEXT, "strategies": WHOLE, "rho": REAL, "p": REAL,
        "p_adjusted": REAL, "verdict": TEXT,
    },
    "yardstick": {
        "context": TEXT, "strategy": TEXT, "control": FLAG, "share": REAL, "low": REAL, "high": REAL, "gain": REAL,
        "gain_low": REAL, "gain_high": REAL, "se": REAL, "dof": REAL, "p": REAL, "p_adjusted": REAL, "verdict": TEXT,
        "n_blocks": WHOLE, "low_like": REAL, "high_like": REAL,
    },
    "printed": {
        "strategy": TEXT, "first": TEXT, "second": TEXT, "gain_first": REAL, "gain_second": REAL, "change": REAL,
        "rank_first": REAL, "rank_second": REAL, "rank_change": REAL,
    },
    "tests": {
        "id": TEXT, "verdict": TEXT, "test": TEXT, "statistic": REAL, "p": REAL, "p_adjusted": REAL, "value": REAL,
        "low": REAL, "high": REAL, "unit": TEXT,
    },
    "budget": {
        "strategy": TEXT, "context": TEXT, "domain": TEXT, "steps_first": WHOLE, "steps_second": WHOLE, "first": REAL,
        "second": REAL, "difference": REAL, "low": REAL, "high": REAL, "p": REAL, "p_adjusted": REAL, "verdict": TEXT,
    },
}  # fmt: skip


@dataclass(frozen=True)
class Analysis:
    """What the report prints.

    Args:
        findings: in the order they were asked.
        tables: name -> pyarrow Table with the columns COLUMNS[name], written as tables/<name>.csv.
        methods: short paragraphs on what was computed, with the numbers in force.
    """

    findings: tuple[Finding, ...]
    tables: Mapping[str, pa.Table] = field(repr=False)
    methods: tuple[str, ...]


def analyse(
    results: pa.Table,
    settings: Settings,
    groups: pa.Table | None = None,
    shorter: tuple[pa.Table, int] | None = None,
    shorter_missing: str = "",
) -> Analysis:
    """Ask every question that the results can answer.

    Args:
        results: the tidy table of counts, one row per unit x label space x domain x class.
        groups: counts per group of test images, for intervals that hold other test images too.
        shorter: the results of a study that differs in its steps, and those steps, for the findings budget.*.
        shorter_missing: why there is none although one was asked for; the findings budget.* are untestable and say it.

    Raises:
        InputError: columns missing, doubled units, another budget than `settings.steps`, no strategy and no control.
        UnknownName: a context, baseline, metric, domain or label space that is not in the results.
    """
    frame, counts = read_frame(results, settings, groups)
    other: Frame | None = None
    if shorter is not None:
        if settings.steps is None or shorter[1] >= settings.steps:
            raise InputError(
                f"the shorter study has {shorter[1]} steps (allowed: fewer than the {settings.steps} of this one)"
            )
        other, _ = read_frame(shorter[0], replace(settings, steps=shorter[1], contexts=frame.contexts), None)
    tables = {"support": support(results), **values(frame)}
    found = compare(frame, other, shorter_missing)
    return Analysis(
        found.findings, {**found.tables, **tables}, methods(frame, of_counts(frame), of_images(frame, counts))
    )


def compare(frame: Frame, shorter: Frame | None = None, shorter_missing: str = "") -> Analysis:
    """Ask every question of values that are already laid out (ours, or an imported table); its methods are empty.

    A table that prints one gain for each strategy and context (`frame.printed`, one block) is asked what its numbers say.
    """
    ledger = Ledger()
    if frame.printed is not None and len(frame.metric.blocks) == 1:
        printed_findings(frame, ledger, frame.printed)
    else:
        _findings(frame, ledger)
    if shorter is not None:
        budget_findings(frame, shorter, ledger)
    elif shorter_missing:
        no_budget_findings(frame, ledger, shorter_missing)
    others = {"support", "coverage", "cells"} | ({"yardstick"} if ORACLE not in frame.metric.controls else set())
    tables = {name: _table(name, ledger.rows[name]) for name in COLUMNS if name not in others}
    return Analysis(tuple(ledger.findings), tables, ())


def _findings(frame: Frame, ledger: Ledger) -> None:
    """Everything that is asked of values in blocks."""
    parts = []
    for context in frame.contexts:
        ledger.contexts = (context,)
        parts.append(metric_findings(frame, ledger, context))
        part_findings(frame, ledger, context, frame.domains, "domain")
        part_findings(frame, ledger, context, frame.classes, "class")
        adverse, small = f"domains.adverse_vs_normal.{context}", f"classes.small_vs_rest.{context}"
        contrast_finding(frame, ledger, context, frame.adverse, adverse, "the adverse domains", "the normal ones")
        contrast_finding(frame, ledger, context, frame.small, small, "the small-object classes", "the other classes")
        influence_finding(frame, ledger, context, parts[-1])
        attribute_findings(frame, ledger, context, *_seen(frame, context, parts[-1]))
        yardstick_findings(frame, ledger, context)
    ledger.contexts = frame.contexts
    if len(frame.contexts) == 2:
        change = between_findings(frame, ledger)
        attribute_findings(frame, ledger, CHANGE, *_change_seen(frame, change))
    _design(frame, ledger, parts)


def _seen(frame: Frame, context: str, found: Part | Untestable) -> tuple[dict[str, float], str]:
    """The gains by strategy, and why they cannot be tested, "" where they can."""
    if isinstance(found, Part):
        return dict(zip(found.gains.names, found.gains.gain.tolist(), strict=True)), ""
    return {name: single(frame.metric, context, name, "") for name in frame.metric.strategies}, found.reason


def _change_seen(frame: Frame, change: Gains | Untestable) -> tuple[dict[str, float], str]:
    """The same for the changes of the gains."""
    if isinstance(change, Gains):
        return dict(zip(change.names, change.gain.tolist(), strict=True)), ""
    first, second = (_seen(frame, context, change)[0] for context in frame.contexts)
    return {name: second[name] - value for name, value in first.items()}, change.reason


def read_frame(results: pa.Table, settings: Settings, groups: pa.Table | None) -> tuple[Frame, Counts]:
    """The values of the results under the settings."""
    if settings.steps is None:
        raise InputError("results: counts are compared at one number of steps, and none is given")
    for domain in settings.domains or ():
        known = set(results["domain"].to_pylist())
        if domain not in known:
            raise UnknownName("domain", domain, sorted(known), "compare.domains")
    counts = read_counts(
        results,
        baseline=settings.baseline,
        label_space=settings.label_space,
        steps=settings.steps,
        contexts=settings.contexts,
    )
    metric = scores(counts, settings.metric, settings.domains)
    if not metric.strategies and not metric.controls:
        raise InputError(f"results: only the baseline {settings.baseline} (needed: at least one strategy or control)")
    small = frozenset(name for name, is_small in zip(counts.classes, counts.small, strict=True) if is_small)
    shown = (
        influence(counts, groups, settings.label_space, settings.metric, settings.domains)
        if groups is not None
        else None
    )
    frame = Frame(
        settings, metric, domain_scores(counts), class_scores(counts, settings.metric, settings.domains),
        domain_contrast(counts, settings.metric), small_contrast(counts, settings.metric, settings.domains), small,
        _group_numbers(results, counts, settings), shown, _entered(counts, settings),
        without_each(counts, settings.metric, settings.domains),
    )  # fmt: skip
    return frame, counts


def _entered(counts: Counts, settings: Settings) -> tuple[str, ...]:
    """The domains that enter the metric for some unit."""
    use: np.ndarray = np.any(entering(counts, settings.metric, settings.domains), axis=0)
    return tuple(domain for domain, inside in zip(counts.domains, use, strict=True) if inside)


def _group_numbers(results: pa.Table, counts: Counts, settings: Settings) -> dict[tuple[str, str], int]:
    """(data set, domain) -> groups of test images, for the domains that enter the metric."""
    use = entering(counts, settings.metric, settings.domains)
    entered = {
        (arm.block.dataset, domain)
        for arm, line in zip(counts.arms, use, strict=True)
        for domain, inside in zip(counts.domains, line, strict=True)
        if inside
    }
    if "n_groups" not in results.column_names:
        return {}
    rows = (
        results.select(["dataset", "domain", "n_groups"])
        .group_by(["dataset", "domain"])
        .aggregate([("n_groups", "max")])
    )
    known = {(row["dataset"], row["domain"]): row["n_groups_max"] for row in rows.to_pylist()}
    return {key: int(known[key]) for key in entered if known.get(key) is not None}


def _design(frame: Frame, ledger: Ledger, parts: Sequence[Part | Untestable]) -> None:
    """design.smallest_gain: what could have been shown at all."""
    delta, metric = frame.settings.smallest_gain, frame.metric.metric
    question = f"Can this design show a gain of {plain(delta)} points in {metric}?"
    known = [part for part in parts if isinstance(part, Part) and part.gains.names]
    said = budget(frame).replace(",", "", 1)
    if len(known) < len(parts):
        reasons = [part.reason for part in parts if isinstance(part, Untestable)]
        reason = reasons[0] if reasons else "there is no strategy"
        statement = f"Which gain this design could have shown in {metric}{said} is untestable: {reason}."
        ledger.add(frame, "design.smallest_gain", question, "untestable", statement, evidence="tests")
        return
    worst = max(part.detectable for part in known)
    verdict = rules.detectable(worst, delta)
    places = ["" if part.context == "all" else f" in {part.context}" for part in known]
    each = listed([f"{plain(part.detectable)} points{place}" for part, place in zip(known, places, strict=True)])
    end = {
        "yes": f"no more than the {plain(delta)} points that matter",
        "no": f"more than the {plain(delta)} points that matter",
    }[verdict]
    statement = f"The smallest gain in {metric} this design shows four times in five{said} is {each}, {end}."
    ledger.add(
        frame, "design.smallest_gain", question, verdict, statement, known[0].layout, evidence="tests",
        estimate=Estimate(worst, None, None), about=(),
    )  # fmt: skip


def _table(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """A table with the declared columns; numpy scalars become plain ones."""
    # column by column: from_pylist would load pandas, a third of a second
    columns = {key: [_scalar(row.get(key)) for row in rows] for key in COLUMNS[name]}
    return pa.table({key: pa.array(values, COLUMNS[name][key]) for key, values in columns.items()})


def _scalar(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def values(frame: Frame) -> dict[str, pa.Table]:
    """The tables of what was compared: every value, and how many of the baseline's blocks each arm has."""
    return {"coverage": _table("coverage", coverage(frame)), "cells": _cells(frame)}


def coverage(frame: Frame) -> list[dict[str, Any]]:
    """How many of the baseline's blocks each strategy and control has, per context."""
    rows = []
    K = len(frame.metric.strategies)
    for context in frame.contexts:
        there = np.isfinite(frame.metric.of(context))
        for name, line in zip(frame.metric.arms, there, strict=True):
            rows.append(
                {
                    "context": context,
                    "strategy": name,
                    "blocks": int((line & there[K]).sum()),
                    "of": int(there[K].sum()),
                }
            )
    return rows


def _cells(frame: Frame) -> pa.Table:
    """The value of every run, in the metric (domain "") and in every domain."""
    rows: list[dict[str, Any]] = []
    for table in (frame.metric, frame.domains):
        for v, c, a, b in np.argwhere(np.isfinite(table.y)):
            block, name = table.blocks[b], table.arms[a]
            rows.append({
                "context": table.contexts[c], "strategy": name, "control": a >= len(table.strategies), "dataset": block.dataset,
                "model": block.model, "seed": block.seed, "domain": table.variants[v], "value": table.y[v, c, a, b],
            })  # fmt: skip
    return _table("cells", rows)


def support(results: pa.Table) -> pa.Table:
    """What is supported in each data set, label space and domain: decided from labels alone, the same for all units."""
    keys = list(COLUMNS["support"])
    missing = [key for key in keys if key not in results.column_names]
    if missing:
        raise InputError(f"results: missing column {', '.join(missing)} (needed for the table of support)")
    distinct = results.select(keys).group_by(keys, use_threads=False).aggregate([])
    return distinct.select(keys).cast(pa.schema(list(COLUMNS["support"].items())))
