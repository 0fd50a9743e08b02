"""Reading results: the tidy table, computed from the counts of the units the plan names, and nothing else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from fairweather.data import READERS, Row, fingerprint
from fairweather.errors import StoreError
from fairweather.scores import Support, support
from fairweather.store.claims import holder
from fairweather.store.files import read_json
from fairweather.store.layout import Layout, claim, work
from fairweather.study import Material, Plan, Unit
from fairweather.vocabulary.domains import in_order
from fairweather.vocabulary.labels import LabelSpace, harmonised, label_space


def support_table(materials: dict[str, Material]) -> pa.Table:
    """One row per data set, label space, domain and class: what the test labels can carry, decided from labels alone."""
    rows: list[dict[str, Any]] = []
    for name, material in materials.items():
        native = material.manifest.label_space
        for space, histogram in _histograms(native):
            for domain in in_order(row.sample.domain for row in material.test):
                tested = [row for row in material.test if row.sample.domain == domain]
                rows += _support_rows(
                    name, space, domain, tested, np.array([row.histogram for row in tested]) @ histogram
                )
    return pa.Table.from_pylist(rows)


def _histograms(native: LabelSpace) -> Iterator[tuple[LabelSpace, np.ndarray]]:
    """Each label space results are counted in, with the matrix that turns a native histogram into one of that space."""
    yield native, np.eye(native.num_classes, dtype=np.int64)
    if mapped := harmonised(native.name):
        target = label_space(mapped.target)
        yield target, (np.array(mapped.table)[:, None] == np.arange(target.num_classes)).astype(np.int64)


def _support_rows(
    name: str, space: LabelSpace, domain: str, tested: list[Row], labelled: np.ndarray
) -> Iterator[dict[str, Any]]:
    groups = [row.sample.group for row in tested]
    found: Support = support(labelled, groups if all(groups) else None)
    for index, label in enumerate(space.classes):
        yield {
            "dataset": name,
            "label_space": space.name,
            "domain": domain,
            "n_images": found.n_images,
            "n_groups": found.n_groups,
            "domain_supported": bool(found.domain),
            "class": label,
            "class_images": int(found.class_images[index]),
            "class_groups": int(found.class_groups[index]),
            "supported": bool(found.classes[index]),
        }


def plan_record(plan: Plan, estimate: dict[str, Any] | None) -> dict[str, Any]:
    """What plan.json holds: all a report needs to know of the plan, without the data."""
    return {
        "schema": 1,
        "study": plan.study.name,
        "settings": plan.study.file.model_dump(mode="json"),
        "baseline": plan.study.baseline,
        "shorter": plan.study.shorter,
        "contexts": {c.name: {"domains": list(c.domains), "share": c.share} for c in plan.study.contexts},
        "units": [_unit(unit, plan) for unit in plan.units],
        "pools": [{"id": pool.id, **pool.identity, "images": len(pool.items)} for pool in plan.pools],
        "data": {name: _material(name, material, plan) for name, material in plan.materials.items()},
        "support": support_table(plan.materials).to_pylist(),
        "estimate": estimate,
    }


def _unit(unit: Unit, plan: Plan) -> dict[str, Any]:
    return {
        "id": unit.id,
        "evaluation": unit.evaluation,
        "dataset": unit.dataset,
        "context": unit.context,
        "strategy": unit.strategy,
        "family": unit.family,
        "control": unit.control,
        "model": unit.model,
        "seed": unit.seed,
        "steps": plan.study.file.budget.steps,
        "generated_share": unit.generated_share,
        "pool": unit.pool,
    }


def _material(name: str, material: Material, plan: Plan) -> dict[str, Any]:
    """Who is in which split: counts, domains and groups, from which the audit of splits is made."""
    rows = [*material.train, *material.test]
    reader = READERS[plan.study.file.data[name].reader].card
    return {
        "reader": reader.name,
        "official_splits": reader.official_splits,
        "label_space": material.manifest.label_space.name,
        "fingerprint_train": fingerprint(material.train),
        "fingerprint_test": fingerprint(material.test),
        "groups": _groups(rows, plan),
        "labelled": _labelled(material) if plan.study.file.evaluate.size == "label" else None,
    }


def _labelled(material: Material) -> dict[str, list[int]]:
    """Labelled pixels of each class by tested domain: what every evaluation at label size must have counted."""
    totals: dict[str, np.ndarray] = {}
    for row in material.test:
        totals[row.sample.domain] = totals.get(row.sample.domain, 0) + np.array(row.histogram)
    return {domain: [int(n) for n in total] for domain, total in totals.items()}


def _groups(rows: list[Row], plan: Plan) -> list[dict[str, Any]]:
    counts: dict[tuple[str, str, str, str], int] = {}
    for row in rows:
        side = "train" if row.sample.split in plan.study.file.splits.train else "test"
        key = side, row.sample.split, row.sample.domain, row.sample.group
        counts[key] = counts.get(key, 0) + 1
    names = ("side", "split", "domain", "group")
    return [dict(zip(names, key, strict=True)) | {"images": count} for key, count in counts.items()]


def collect(layout: Layout, plan: dict[str, Any]) -> tuple[pa.Table, pa.Table]:
    """The results table and the table of counts by group, of the planned units that are finished.

    Args:
        plan: the record of plan.json.

    Raises:
        StoreError: a table of a finished unit is missing or damaged.
    """
    support_of = {(row["dataset"], row["label_space"], row["domain"], row["class"]): row for row in plan["support"]}
    results: list[dict[str, Any]] = []
    groups: list[pa.Table] = []
    for unit in plan["units"]:
        if layout.finished(unit["id"], unit["evaluation"]):
            table = _read(layout.evaluation(unit["id"], unit["evaluation"]) / "groups.parquet")
            groups.append(table.append_column("unit", pa.array([unit["id"]] * len(table))))
            results += _unit_rows(unit, table, support_of)
    if not results:
        raise StoreError(f"{layout.out}: no unit is finished; run the study first")
    return pa.Table.from_pylist(results), pa.concat_tables(groups).unify_dictionaries()


def _unit_rows(
    unit: dict[str, Any], table: pa.Table, support_of: dict[tuple[str, str, str, str], dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    keys = ("label_space", "domain", "class")
    sums = table.group_by(list(keys), use_threads=False).aggregate(
        [(name, "sum") for name in ("intersection", "predicted", "labelled")]
    )
    labels = {
        k: unit[k]
        for k in ("dataset", "context", "strategy", "family", "control", "model", "seed", "steps", "generated_share")
    }
    for row in sums.to_pylist():
        space = label_space(row["label_space"])
        index = space.classes.index(row["class"])
        counts = {name: row[f"{name}_sum"] for name in ("intersection", "predicted", "labelled")}
        union = counts["predicted"] + counts["labelled"] - counts["intersection"]
        held = support_of[unit["dataset"], row["label_space"], row["domain"], row["class"]]
        yield {
            "unit": unit["id"],
            **labels,
            **{key: row[key] for key in keys},
            "class_index": index,
            "small": row["class"] in space.small,
            **counts,
            "n_images": held["n_images"],
            "n_groups": held["n_groups"],
            "class_images": held["class_images"],
            "class_groups": held["class_groups"],
            "domain_supported": held["domain_supported"],
            "supported": held["supported"],
            "iou": 100 * counts["intersection"] / union if counts["labelled"] else None,
        }


def _read(path: Path) -> pa.Table:
    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise StoreError(f"{path}: missing or damaged ({error}); delete its unit's folder and run again") from error


def unit_states(layout: Layout, plan: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Each planned unit with its state, read from the folders: finished, running, stopped, begun or waiting."""
    for unit in plan["units"]:
        final = layout.unit(unit["id"])
        hidden = work(final)
        if layout.finished(unit["id"], unit["evaluation"]):
            yield unit, "finished"
        elif holder(claim(final)):
            yield unit, "running"
        elif (hidden / "stopped.json").is_file():
            yield unit, "stopped"
        else:
            yield unit, "begun" if hidden.is_dir() else "waiting"


def stopped_reason(layout: Layout, unit: str) -> dict[str, str]:
    """The code and reason a unit was stopped with."""
    final = layout.unit(unit)
    record: dict[str, str] = read_json(work(final) / "stopped.json")
    return record


def unplanned(layout: Layout, plan: dict[str, Any]) -> list[str]:
    """Ids of finished units the plan does not name: kept, listed, left out."""
    planned = {unit["id"] for unit in plan["units"]}
    return sorted(folder.name for folder in (layout.out / "units").glob("[!.]*") if folder.name not in planned)


def labelled_pixels(evaluation: Path, space: str) -> dict[str, list[int]]:
    """Labelled pixels of each class by domain, as an evaluation counted them in one label space."""
    table = _read(evaluation / "groups.parquet")
    classes = label_space(space).classes
    totals: dict[str, list[int]] = {}
    for row in table.to_pylist():
        if row["label_space"] == space:
            totals.setdefault(row["domain"], [0] * len(classes))[classes.index(row["class"])] += row["labelled"]
    return totals
