"""From a study folder to what its report is made of: results, analysis, audit and the facts of the run."""

from typing import Any

import pyarrow as pa

from fairweather.analysis import Settings, analyse
from fairweather.audit import audit_study, domain_notes
from fairweather.errors import StoreError
from fairweather.report.content import Facts, ReportContent
from fairweather.store import Layout, collect
from fairweather.store.files import read_json, write_table
from fairweather.vocabulary.domains import DOMAINS
from fairweather.vocabulary.labels import harmonised

QUESTION = "Which data augmentation helps this model when the weather turns, given the training data it already has?"


def compose(layout: Layout) -> ReportContent:
    """Read a study folder, write results.parquet, and answer.

    Raises:
        StoreError: there is no plan or no finished unit.
    """
    if not layout.plan.is_file():
        raise StoreError(f"{layout.out}: no plan.json; this is not a study folder (run the study first)")
    plan = read_json(layout.plan)
    results, groups = collect(layout, plan)
    write_table(layout.results, results)
    analysis = analyse(results, _settings(plan), groups, _shorter(layout, plan))
    records = {unit: read_json(layout.unit(unit) / "unit.json") for unit in results["unit"].unique().to_pylist()}
    receipts = {unit: read_json(layout.unit(unit) / "receipt.json") for unit in records}
    tables = {**analysis.tables, "receipts": _receipts(plan, receipts), "units": _units(plan, records)}
    commits = sorted({record["recorded"]["commit"] for record in records.values()})
    return ReportContent(
        title=plan["study"],
        question=QUESTION,
        findings=analysis.findings,
        checks=audit_study(layout),
        tables=tables,
        facts=_facts(plan, list(records.values())),
        methods=analysis.methods,
        commit=", ".join(commits),
        smallest_gain=plan["settings"]["compare"]["smallest_gain"],
    )


def _settings(plan: dict[str, Any]) -> Settings:
    compare, evaluate = plan["settings"]["compare"], plan["settings"]["evaluate"]
    return Settings(
        baseline=plan["baseline"],
        contexts=tuple(compare["contexts"] or plan["contexts"]),
        metric=compare["metric"],
        smallest_gain=compare["smallest_gain"],
        label_space=_space(plan, evaluate["label_space"]),
        steps=plan["settings"]["budget"]["steps"],
        domain_notes=domain_notes(plan),
        domains=tuple(compare["domains"]) if compare["domains"] else None,
        context_words={name: _words(spec) for name, spec in plan["contexts"].items()},
    )


def _words(spec: dict[str, Any]) -> str:
    share = "" if spec["share"] == 1 else f" ({100 * spec['share']:g} % of it)"
    if tuple(spec["domains"]) == DOMAINS:
        return f"training sees all domains{share}"
    return f"training sees {' and '.join(spec['domains'])} only{share}"


def _space(plan: dict[str, Any], which: str) -> str:
    """The one label space the comparison is made in; data sets of different native spaces meet in the harmonised one."""
    native = {data["label_space"] for data in plan["data"].values()}
    if which == "native" and len(native) == 1:
        return str(native.pop())
    targets = {mapped.target if (mapped := harmonised(space)) else space for space in native}
    if len(targets) > 1:
        raise StoreError(
            f"evaluate.label_space: the data sets have no label space in common ({', '.join(sorted(targets))})"
        )
    return targets.pop()


def _shorter(layout: Layout, plan: dict[str, Any]) -> tuple[pa.Table, int] | None:
    """The results of the study this one is the longer version of, looked for beside this folder."""
    shorter = plan.get("shorter")
    if not shorter:
        return None
    other = Layout(layout.out.resolve().parent / shorter)
    if not other.plan.is_file():
        return None
    record = read_json(other.plan)
    return collect(other, record)[0], record["settings"]["budget"]["steps"]


def _receipts(plan: dict[str, Any], receipts: dict[str, dict[str, Any]]) -> pa.Table:
    rows = []
    for unit in plan["units"]:
        if unit["id"] in receipts:
            receipt = receipts[unit["id"]]
            acts = "; ".join(
                f"{name} {act['slots_changed']}/{act['slots_looked_at']} ({act['mean_absolute_change']:.1f} grey levels)"
                for name, act in receipt["acts"].items()
            )
            rows.append(
                {key: unit[key] for key in ("context", "strategy", "model", "seed")}
                | {
                    "samples": ", ".join(f"{kind} {count}" for kind, count in receipt["samples"].items()),
                    "distinct_real": receipt["distinct_real"],
                    "slots_hashed": receipt["slots_hashed"],
                    "changed": acts,
                    "unit": unit["id"],
                }
            )
    return pa.Table.from_pylist(rows)


def _units(plan: dict[str, Any], records: dict[str, dict[str, Any]]) -> pa.Table:
    keys = ("id", "dataset", "context", "strategy", "model", "seed", "steps", "generated_share", "pool")
    return pa.Table.from_pylist([{key: unit[key] for key in keys} for unit in plan["units"] if unit["id"] in records])


def _facts(plan: dict[str, Any], records: list[dict[str, Any]]) -> Facts:
    settings, recorded = plan["settings"], records[0]["recorded"]
    budget = {**settings["budget"], **settings["mix"]}
    contexts = tuple(
        (name, ", ".join(spec["domains"]) + ("" if spec["share"] == 1 else f", share {spec['share']:g}"))
        for name, spec in plan["contexts"].items()
    )
    data = tuple(
        (f"{name} {side}", data[f"fingerprint_{side}"][:16])
        for name, data in plan["data"].items()
        for side in ("train", "test")
    )
    estimate = plan["estimate"] or {}
    return (
        ("contexts", contexts),
        ("budget", _pairs(budget)),
        ("recipe", _pairs(settings["recipe"])),
        ("data fingerprints", data),
        ("timing", _pairs(estimate)),
        ("versions", (("python", recorded["python"]), *_pairs(recorded["versions"]), ("device", recorded["device"]))),
    )


def _pairs(section: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((key.replace("_", " "), _text(value)) for key, value in section.items())


def _text(value: Any) -> str:
    return (
        ", ".join(map(_text, value))
        if isinstance(value, list)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )
