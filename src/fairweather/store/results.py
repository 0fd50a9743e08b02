"""Reading results: the tidy table, computed from the counts of the units the plan names, and nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fairweather.data import READERS, Row, fingerprint
from fairweather.errors import StoreError
from fairweather.scores import Support, support
from fairweather.store.claims import holder
from fairweather.store.domains import read_sheet
from fairweather.store.files import read_json
from fairweather.store.layout import Layout, claim, work
from fairweather.study import Material, Plan, PoolPlan, Unit, admitted
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
        "pools": [_pool(pool) for pool in plan.pools],
        "data": {name: _material(name, material, plan) for name, material in plan.materials.items()},
        "support": support_table(plan.materials).to_pylist(),
        "estimate": estimate,
    }


def _pool(pool: PoolPlan) -> dict[str, Any]:
    return {
        "id": pool.id,
        "dataset": pool.dataset,
        **pool.identity,
        "images": len(pool.items),
        "not_covered": pool.not_covered,
        "fitted_on": pool.fit and len(pool.fit.seen),
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
    split = plan.study.options(name).get("split", "official")
    return {
        "reader": reader.name,
        "split": split,
        "official_splits": reader.official_splits and split == "official",
        "label_space": material.manifest.label_space.name,
        "fingerprint_train": fingerprint(material.train),
        "fingerprint_test": fingerprint(material.test),
        "admitted": {c.name: fingerprint(admitted(c, material.train)) for c in plan.study.contexts},
        "groups": _groups(rows, plan),
        "overlap": material.overlap and material.overlap.record(),
        "domains": _domains(material),
        "tagger": _tagger(name, plan),
        "options": plan.study.recorded_options(name),
        "labelled": _labelled(material) if plan.study.file.evaluate.size == "label" else None,
    }


def _domains(material: Material) -> list[dict[str, Any]]:
    """Images by side, domain, and who says so."""
    counts: dict[tuple[str, str, str], int] = {}
    for side, rows in (("train", material.train), ("test", material.test)):
        for row in rows:
            key = side, row.sample.domain, row.sample.origin
            counts[key] = counts.get(key, 0) + 1
    names = ("side", "domain", "origin")
    return [dict(zip(names, key, strict=True)) | {"images": n} for key, n in sorted(counts.items())]


def _tagger(name: str, plan: Plan) -> dict[str, Any] | None:
    """What the sheet of the data set's table of domains says of its tagger; None where there is no table, or no sheet of it."""
    table = plan.study.options(name).get("domains")
    sheet = read_sheet(Path(table)) if table else None
    return sheet and {
        key: sheet[key] for key in ("tagger", "origin", "revision", "coverage", "confusion", "calibration")
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

    Text columns are dictionaries: a large study has millions of rows and few names.

    Args:
        plan: the record of plan.json.

    Raises:
        StoreError: a table of a finished unit is missing or damaged.
    """
    units = [unit for unit in plan["units"] if layout.finished(unit["id"], unit["evaluation"])]
    if not units:
        raise StoreError(f"{layout.out}: no unit is finished; run the study first")
    paths = [layout.evaluation(unit["id"], unit["evaluation"]) / "groups.parquet" for unit in units]
    tables = [_read(path) for path in paths]  # one thread: the files are small, and two are slower
    of_unit = np.repeat(np.arange(len(units), dtype=np.int32), [len(table) for table in tables])
    ids = pa.DictionaryArray.from_arrays(of_unit, pa.array([unit["id"] for unit in units]))
    groups = pa.concat_tables(tables).unify_dictionaries().combine_chunks().append_column("unit", ids)
    return _results(units, of_unit, groups, plan["support"]), groups


KEYS = ("label_space", "domain", "class")
COUNTS = ("intersection", "predicted", "labelled")
LABELS = ("dataset", "context", "strategy", "family", "control", "model", "seed", "steps", "generated_share")
HELD = ("n_images", "n_groups", "class_images", "class_groups", "domain_supported", "supported")


def _results(
    units: list[dict[str, Any]], of_unit: np.ndarray, groups: pa.Table, support: list[dict[str, Any]]
) -> pa.Table:
    """One row for every unit, label space, domain and class that was counted: the sums over groups, and what carries them."""
    named = [_codes(groups[key]) for key in KEYS]
    shape = (len(units), *(len(names) for names, _ in named))
    flat = np.ravel_multi_index((of_unit, *(codes for _, codes in named)), shape)
    size = int(np.prod(shape))
    rows = np.flatnonzero(np.bincount(flat, minlength=size))
    # sums of pixels stay below 2^53, where float64 counts exactly
    sums = {c: np.bincount(flat, groups[c].to_numpy(), minlength=size)[rows].astype(np.int64) for c in COUNTS}
    unit, *at = np.unravel_index(rows, shape)
    columns: dict[str, Any] = {"unit": _named([u["id"] for u in units], unit)}
    for label in LABELS:
        columns[label] = _named([u[label] for u in units], unit)
    for key, (names, _), code in zip(KEYS, named, at, strict=True):
        columns[key] = _named(names, code)
    kind, (space_of, class_of) = _kinds((shape[1], shape[3]), at[0], at[2])
    spaces = [(label_space(named[0][0][a]), named[2][0][c]) for a, c in zip(space_of, class_of, strict=True)]
    columns["class_index"] = np.array([space.classes.index(name) for space, name in spaces])[kind]
    columns["small"] = np.array([name in space.small for space, name in spaces])[kind]
    columns |= sums
    held = {(row["dataset"], row["label_space"], row["domain"], row["class"]): row for row in support}
    datasets = list(dict.fromkeys(u["dataset"] for u in units))
    dataset = np.array([datasets.index(u["dataset"]) for u in units])[unit]
    kind, parts = _kinds((len(datasets), *shape[1:]), dataset, *at)
    found = [
        held[datasets[d], *(names[code] for (names, _), code in zip(named, codes, strict=True))]
        for d, *codes in zip(*parts, strict=True)
    ]
    for name in HELD:
        columns[name] = np.array([row[name] for row in found])[kind]
    union = sums["predicted"] + sums["labelled"] - sums["intersection"]
    iou = 100 * sums["intersection"] / np.where(union > 0, union, 1)
    columns["iou"] = pa.array(iou, mask=sums["labelled"] == 0)
    return pa.table(columns)


def _kinds(shape: tuple[int, ...], *codes: np.ndarray) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
    """int64 (rows,) which combination of the codes each row has, and the codes of the combinations that occur."""
    flat = np.ravel_multi_index(codes, shape)
    there = np.bincount(flat, minlength=int(np.prod(shape))) > 0
    return (np.cumsum(there) - 1)[flat], np.unravel_index(np.flatnonzero(there), shape)


def _codes(column: pa.ChunkedArray) -> tuple[list[str], np.ndarray]:
    """The names of a text column, and int64 (rows,) which of them each row holds."""
    array = (
        column.combine_chunks() if pa.types.is_dictionary(column.type) else column.combine_chunks().dictionary_encode()
    )
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0)
    return array.dictionary.to_pylist(), array.indices.to_numpy().astype(np.int64)


def _named(values: Sequence[Any], codes: np.ndarray) -> pa.Array:
    """values[codes], texts as a dictionary."""
    if not isinstance(values[0], str):
        return pa.array(np.array(values)[codes])
    distinct = list(dict.fromkeys(values))
    place = {name: i for i, name in enumerate(distinct)}
    index = np.array([place[name] for name in values], np.int32)
    return pa.DictionaryArray.from_arrays(index[codes], pa.array(distinct))


def _read(path: Path) -> pa.Table:
    try:
        return pq.ParquetFile(path).read(use_threads=False)
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


@dataclass(frozen=True)
class Finished:
    """A finished unit: its entry in the plan, and the records it left (unit.json, receipt.json, evaluation.json)."""

    unit: dict[str, Any]
    record: dict[str, Any]
    receipt: dict[str, Any]
    evaluation: dict[str, Any]


def finished(layout: Layout, plan: dict[str, Any]) -> tuple[Finished, ...]:
    """The planned units that are finished, with their records.

    Raises:
        StoreError: a record is missing or damaged.
    """
    return tuple(
        Finished(
            unit,
            read_json(layout.unit(unit["id"]) / "unit.json"),
            read_json(layout.unit(unit["id"]) / "receipt.json"),
            read_json(layout.evaluation(unit["id"], unit["evaluation"]) / "evaluation.json"),
        )
        for unit in plan["units"]
        if layout.finished(unit["id"], unit["evaluation"])
    )


def stopped_reason(layout: Layout, unit: str) -> dict[str, str]:
    """The code and reason a unit was stopped with."""
    final = layout.unit(unit)
    record: dict[str, str] = read_json(work(final) / "stopped.json")
    return record


def unplanned(layout: Layout, plan: dict[str, Any]) -> list[str]:
    """Ids of finished units the plan does not name: kept, listed, left out."""
    planned = {unit["id"] for unit in plan["units"]}
    return sorted(folder.name for folder in (layout.out / "units").glob("[!.]*") if folder.name not in planned)


def labelled_pixels(results: pa.Table, space: str) -> tuple[list[str], list[str], np.ndarray]:
    """Units, domains, and int64 (units, domains, classes): labelled pixels as each evaluation counted them in one label space."""
    rows = results.filter(pc.equal(results["label_space"], space))
    (units, unit), (domains, domain) = _codes(rows["unit"]), _codes(rows["domain"])
    totals = np.zeros((len(units), len(domains), len(label_space(space).classes)), np.int64)
    totals[unit, domain, rows["class_index"].to_numpy()] = rows["labelled"].to_numpy()
    return units, domains, totals
