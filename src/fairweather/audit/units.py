"""Checks of a study folder: are all units there, made alike, and did each consume what it declares."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from fairweather.audit.check import Check, Severity
from fairweather.audit.pools import check_delivered
from fairweather.audit.splits import check_splits
from fairweather.store.files import read_json
from fairweather.store.layout import Layout
from fairweather.store.pools import pool_problems
from fairweather.store.results import (
    Finished,
    collect,
    finished,
    labelled_pixels,
    stopped_reason,
    unit_states,
    unplanned,
)
from fairweather.study import digest


def audit_study(
    layout: Layout, results: pa.Table | None = None, done: Sequence[Finished] | None = None
) -> tuple[Check, ...]:
    """Every check of a study folder, in the order the report prints them.

    Args:
        results, done: what `collect` and `finished` return, where they are at hand; read from the folder otherwise.

    Raises:
        StoreError: there is no plan, or a record is damaged.
    """
    plan = read_json(layout.plan)
    done = finished(layout, plan) if done is None else done
    units = [each.unit for each in done]
    receipts = [(each.unit, each.receipt) for each in done]
    records = [(each.unit, each.record) for each in done]
    records += [(each.unit, {**each.record, **each.evaluation}) for each in done]
    return (
        *_presence(layout, plan),
        _same_samples(receipts),
        _acts_changed(receipts),
        _declared_share(receipts),
        _context_kept(receipts, plan),
        _identities(records),
        _one_environment(records),
        _same_test(plan, units, collect(layout, plan)[0] if results is None and units else results),
        _pools_whole(layout, plan),
        check_delivered(layout, plan),
        *check_splits(plan),
        *_classes(plan),
    )


def _check(code: str, severity: Severity, bad: Sequence[dict[str, Any]], good: str, wrong: str) -> Check:
    return Check(code, severity, not bad, wrong if bad else good, tuple(bad))


def _presence(layout: Layout, plan: dict[str, Any]) -> Iterator[Check]:
    states = list(unit_states(layout, plan))
    stopped = [label(unit) | stopped_reason(layout, unit["id"]) for unit, state in states if state == "stopped"]
    yield _check(
        "units.stopped",
        "error",
        stopped,
        "No unit was stopped.",
        f"Stopped were {len(stopped)} of {len(states)} units, because their measurement cannot be trusted.",
    )
    missing = [label(unit) | {"state": state} for unit, state in states if state not in ("finished", "stopped")]
    yield _check(
        "units.missing",
        "warning",
        missing,
        f"All {len(states)} planned units are finished." if not stopped else "No unit waits to be run.",
        f"Not finished are {len(missing)} of {len(states)} planned units; the comparison uses those that are.",
    )
    extra = [{"unit": id} for id in unplanned(layout, plan)]
    yield _check(
        "units.unplanned",
        "note",
        extra,
        "No finished unit is left out.",
        f"Finished units that the study no longer names were kept and left out: {len(extra)}.",
    )


def _same_samples(receipts: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> Check:
    """Every arm of a (data set, context, model, seed) must have met the same real samples and geometry in shared slots."""
    first: dict[tuple[str, ...], tuple[dict[str, Any], dict[str, Any]]] = {}
    bad = []
    for unit, receipt in receipts:
        key = unit["dataset"], unit["context"], unit["model"], str(unit["seed"])
        other, reference = first.setdefault(key, (unit, receipt))
        for name in ("order", "geometry"):
            # Geometry is drawn for generated samples too; which sample a slot held is shared by real slots alone.
            both = min(_real_slots(unit, receipt), _real_slots(other, reference))
            if receipt[name][:both] != reference[name][:both]:
                bad.append(label(unit) | {"differs_from": other["strategy"], "in": name})
    return _check(
        "receipt.same_samples",
        "error",
        bad,
        "Within a context, model and seed all arms met the same real samples in the slots they share, with the same geometry.",
        f"Units met other samples or another geometry than the arm they are compared with: {len(bad)}.",
    )


def _real_slots(unit: dict[str, Any], receipt: dict[str, Any]) -> int:
    batch = int(receipt["batch"])
    return batch - round(float(unit["generated_share"]) * batch)


def _acts_changed(receipts: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> Check:
    bad = [
        label(unit) | {"act": act}
        for unit, receipt in receipts
        for act, seen in receipt["acts"].items()
        if seen["slots_changed"] == 0
    ]
    return _check(
        "receipt.acts",
        "error",
        bad,
        "Every act of every arm changed the pixels or labels it was given, measured on what the optimiser took.",
        f"Acts that changed nothing: {len(bad)}.",
    )


def _declared_share(receipts: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> Check:
    bad = []
    for unit, receipt in receipts:
        taken = sum(n for kind, n in receipt["samples"].items() if kind.startswith("generated "))
        declared = round(unit["generated_share"] * receipt["batch"]) * receipt["steps"]
        if taken != declared:
            bad.append(label(unit) | {"generated_taken": taken, "declared": declared})
    return _check(
        "receipt.generated_share",
        "error",
        bad,
        "Every unit took real and generated samples in exactly the declared share.",
        f"Units that took another share of generated samples than declared: {len(bad)}.",
    )


def _context_kept(receipts: Sequence[tuple[dict[str, Any], dict[str, Any]]], plan: dict[str, Any]) -> Check:
    bad = []
    for unit, receipt in receipts:
        allowed = plan["contexts"][unit["context"]]["domains"]
        seen = [kind.removeprefix("real ") for kind in receipt["samples"] if kind.startswith("real ")]
        bad += [label(unit) | {"domain": domain} for domain in seen if domain not in allowed]
    return _check(
        "receipt.context",
        "error",
        bad,
        "Every unit took real samples of its context's domains alone.",
        f"Units that took real samples of domains their context leaves out: {len(bad)}.",
    )


def _identities(records: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> Check:
    bad = [label(unit) | {"unit": unit["id"]} for unit, record in records if digest(record["identity"]) != unit["id"]]
    return _check(
        "units.identity",
        "error",
        bad,
        "Every unit's record hashes to its id.",
        f"Units whose record does not hash to their id: {len(bad)}.",
    )


def _one_environment(records: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> Check:
    """Device type, precision and major versions must not differ between units that are compared."""
    kinds: dict[str, list[str]] = {}
    for unit, record in records:
        recorded = record["recorded"]
        majors = [f"{name} {version.split('.')[0]}" for name, version in sorted(recorded["versions"].items())]
        precision = record["identity"]["recipe"]["precision"]
        kinds.setdefault(", ".join([recorded["device"], precision, *majors]), []).append(unit["id"])
    rows = [{"environment": kind, "units": len(ids)} for kind, ids in kinds.items()] if len(kinds) > 1 else []
    return _check(
        "units.mixed_environment",
        "error",
        rows,
        "All units were made with one device type, precision and set of major versions.",
        f"Units of one comparison were made in {len(kinds)} different environments.",
    )


def _same_test(plan: dict[str, Any], units: Sequence[dict[str, Any]], results: pa.Table | None) -> Check:
    """Every unit must have been scored on the same labels: those of the test manifest, pixel for pixel in sum."""
    first: dict[str, np.ndarray] = {}
    spaces = {plan["data"][unit["dataset"]]["label_space"] for unit in units}
    found = {space: labelled_pixels(results, space) for space in spaces} if results is not None else {}
    row = {id: at for ids, _, _ in found.values() for at, id in enumerate(ids)}
    bad = []
    for unit in units:
        data = plan["data"][unit["dataset"]]
        _, domains, totals = found[data["label_space"]]
        counted = totals[row[unit["id"]]] if unit["id"] in row else np.zeros_like(totals[0])
        if unit["dataset"] not in first:
            labelled = data["labelled"]
            absent = sorted(set(labelled or ()) - set(domains))
            bad += [label(unit) | {"domain": domain} for domain in absent]
            nothing = [0] * counted.shape[1]
            wanted = counted if labelled is None else np.array([labelled.get(domain, nothing) for domain in domains])
            first[unit["dataset"]] = wanted
        differs = (counted != first[unit["dataset"]]).any(axis=1)
        bad += [label(unit) | {"domain": domains[at]} for at in np.flatnonzero(differs)]
    return _check(
        "units.same_test",
        "error",
        bad,
        "Every unit was scored on the same test labels, which are those of the manifest.",
        f"Evaluations that did not count the labels of the test manifest: {len(bad)}.",
    )


def _pools_whole(layout: Layout, plan: dict[str, Any]) -> Check:
    bad = [row for pool in plan["pools"] for row in pool_problems(layout.pool(pool["id"]))]
    return _check(
        "pool.files",
        "error",
        bad,
        f"Every image of the {len(plan['pools'])} pools is the one its manifest names.",
        f"Images of pools are missing or are not those of their manifests: {len(bad)}.",
    )


def _classes(plan: dict[str, Any]) -> Iterator[Check]:
    for name, data in plan["data"].items():
        rows = [r for r in plan["support"] if (r["dataset"], r["label_space"]) == (name, data["label_space"])]
        pairs = [
            {"domain": r["domain"], "class": r["class"]} for r in rows if r["domain_supported"] and not r["supported"]
        ]
        yield _check(
            "labels.unsupported_class",
            "note",
            pairs,
            f"Every class of {name} is labelled often enough in every supported domain.",
            f"Classes of {name} labelled too rarely in a supported domain are left out of its means, for all arms alike:"
            f" {len(pairs)}.",
        )
        weak = sorted({r["domain"] for r in rows if not r["domain_supported"]})
        yield _check(
            "labels.unsupported_domain",
            "note",
            [{"domain": domain} for domain in weak],
            f"Every tested domain of {name} has at least 50 test images.",
            f"Domains of {name} with fewer than 50 test images are shown and never ranked: {', '.join(weak)}.",
        )


def label(unit: dict[str, Any]) -> dict[str, Any]:
    """What names a unit in the rows of a check."""
    return {key: unit[key] for key in ("dataset", "context", "strategy", "model", "seed")}


def study_folder(path: Path) -> Layout | None:
    """The layout of a path that is a study folder; None if it is something else."""
    layout = Layout(path)
    return layout if layout.plan.is_file() else None
