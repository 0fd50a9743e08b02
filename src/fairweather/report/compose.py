"""From a study folder to what its report is made of: results, analysis, audit and the facts of the run."""

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from fairweather.analysis import Analysis, Settings, analyse
from fairweather.analysis.frame import listed
from fairweather.audit import audit_study, domain_notes, forced_notes
from fairweather.errors import InputError, StoreError, UnknownName
from fairweather.generators.quality import Quality
from fairweather.report.content import Facts, ReportContent
from fairweather.report.domains import domain_tables, origins_in_words
from fairweather.report.generated import contexts_of, gate_table, read_galleries, reasons, titled, uncovered_table
from fairweather.report.quality import measured_attributes, qualities, quality_tables
from fairweather.store import Layout, collect
from fairweather.store.files import read_json, write_table
from fairweather.store.results import finished, unit_states
from fairweather.study import by_reason
from fairweather.vocabulary.domains import DOMAINS
from fairweather.vocabulary.labels import harmonised

QUESTION = "Which data augmentation helps this model when the weather turns, given the training data it already has?"

NOTHING = Analysis((), {}, ())  # of units that answer no question


def compose(
    layout: Layout, keep: bool = True, baseline: str | None = None, contexts: tuple[str, ...] = (),
    smallest_gain: float | None = None,
) -> ReportContent:  # fmt: skip
    """Read a study folder, write results.parquet, and answer.

    What is not finished is left out: contexts and strategies without a unit are not asked about. Where no question can be
    asked (no unit is finished, or none to compare with another), the content holds the checks and no finding.

    Args:
        keep: whether results.parquet is written; without it nothing in the folder is touched.
        baseline, contexts, smallest_gain: other than those the study names, where they are given.

    Raises:
        StoreError: there is no plan, or no unit is finished and none was stopped.
        InputError: a record of a pool's quality is damaged.
    """
    if not layout.plan.is_file():
        raise StoreError(f"{layout.out}: no plan.json; this is not a study folder (run the study first)")
    plan = _asked(read_json(layout.plan), baseline, contexts, smallest_gain)
    quality = qualities(layout, plan)
    states = [(unit["id"], state) for unit, state in unit_states(layout, plan)]
    if all(state != "finished" for _, state in states) and any(state == "stopped" for _, state in states):
        analysis, results = NOTHING, None
    else:
        results, groups = collect(layout, plan)
        if keep:
            write_table(layout.results, results)
        analysis = _analysis(layout, plan, results, groups, quality)
    done = finished(layout, plan)
    records = {each.unit["id"]: each.record for each in done}
    receipts = {each.unit["id"]: each.receipt for each in done}
    tables = {**analysis.tables, **quality_tables(quality, plan)}
    if records:
        tables |= {"receipts": _receipts(plan, receipts), "units": _units(plan, records)}
    gate = gate_table(layout, plan)
    if gate.num_rows:
        tables["gate"] = gate
    if (uncovered := uncovered_table(plan)).num_rows:
        tables["not_covered"] = uncovered
    tables |= domain_tables(plan)
    commits = sorted({record["recorded"]["commit"] for record in records.values()})
    return ReportContent(
        title=plan["study"],
        question=QUESTION,
        findings=analysis.findings,
        checks=audit_study(layout, results, done),
        tables=tables,
        facts=_facts(plan, list(records.values())),
        methods=(*analysis.methods, *_pools_in_words(plan), *origins_in_words(plan)),
        commit=", ".join(commits),
        smallest_gain=plan["settings"]["compare"]["smallest_gain"],
        galleries=read_galleries(layout, plan),
    )


def _asked(
    plan: dict[str, Any], baseline: str | None, contexts: tuple[str, ...], smallest_gain: float | None
) -> dict[str, Any]:
    """The plan with another baseline, other contexts to compare or another smallest gain.

    Raises:
        UnknownName: one that the study does not have.
        InputError: more than two contexts.
    """
    known = dict.fromkeys(unit["strategy"] for unit in plan["units"])
    if baseline is not None and baseline not in known:
        raise UnknownName("baseline", baseline, known, "--baseline")
    for name in contexts:
        if name not in plan["contexts"]:
            raise UnknownName("context", name, plan["contexts"], "--contexts")
    if len(contexts) > 2:
        raise InputError(f"--contexts {','.join(contexts)}: one or two contexts are compared at a time")
    settings = plan["settings"]
    chosen = {**settings["compare"], "contexts": list(contexts) or settings["compare"]["contexts"]}
    if smallest_gain is not None:
        chosen["smallest_gain"] = smallest_gain
    return {**plan, "baseline": baseline or plan["baseline"], "settings": {**settings, "compare": chosen}}


def _analysis(
    layout: Layout, plan: dict[str, Any], results: pa.Table, groups: pa.Table, quality: dict[str, Quality]
) -> Analysis:
    """The analysis of the finished units."""
    contexts = _contexts(plan, results)
    if _incomparable(plan, results, contexts):
        return NOTHING
    measured = measured_attributes(quality, plan, set(results["unit"].unique().to_pylist()))
    forced = forced_notes(layout, plan)
    settings = replace(_settings(plan, contexts), measured=measured, strategy_notes=forced)
    shorter = _shorter(layout, plan, contexts)
    if isinstance(shorter, str):
        return analyse(results, settings, groups, shorter_missing=shorter)
    return analyse(results, settings, groups, shorter)


def _contexts(plan: dict[str, Any], results: pa.Table) -> tuple[str, ...]:
    """The contexts the study compares, or has, of which some unit is finished."""
    there = set(results["context"].unique().to_pylist())
    return tuple(c for c in plan["settings"]["compare"]["contexts"] or plan["contexts"] if c in there)


def _incomparable(plan: dict[str, Any], results: pa.Table, contexts: tuple[str, ...]) -> str:
    """Why the units of these contexts cannot be compared with one another; "" if they can."""
    rows = results.filter(pc.is_in(results["context"], pa.array(contexts, pa.string())))
    strategies = set(rows["strategy"].unique().to_pylist())
    if plan["baseline"] not in strategies:
        return f"has no finished unit of {plan['baseline']}"
    return "" if len(strategies) > 1 else f"has no finished unit but those of {plan['baseline']}"


def _settings(plan: dict[str, Any], contexts: tuple[str, ...]) -> Settings:
    compare, evaluate = plan["settings"]["compare"], plan["settings"]["evaluate"]
    return Settings(
        baseline=plan["baseline"],
        contexts=contexts,
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


def _shorter(layout: Layout, plan: dict[str, Any], contexts: tuple[str, ...]) -> tuple[pa.Table, int] | str | None:
    """The results of the study this one is the longer version of, looked for beside this folder; or why there are none."""
    name = plan.get("shorter")
    if not name:
        return None
    other = Layout(layout.out.resolve().parent / name)
    if not other.plan.is_file():
        return f"no results of the shorter study {name} lie beside this folder"
    record = read_json(other.plan)
    if different := _differences(plan, record, contexts):
        return f"the shorter study {name} differs in more than its steps ({listed(different)})"
    steps = int(record["settings"]["budget"]["steps"])
    if steps >= plan["settings"]["budget"]["steps"]:
        return f"the study {name} beside this folder has {steps} steps, which is not fewer"
    if all(state != "finished" for _, state in unit_states(other, record)):
        return f"the shorter study {name} has no finished unit"
    results = collect(other, record)[0]
    if waiting := [c for c in contexts if c not in _contexts(record, results)]:
        return f"the shorter study {name} has no finished unit in {listed(waiting)}"
    if why := _incomparable(plan, results, contexts):
        return f"the shorter study {name} {why}"
    return results, steps


def _differences(plan: dict[str, Any], other: dict[str, Any], contexts: tuple[str, ...]) -> list[str]:
    """What two plans must share for their gains to differ by the steps alone, and do not."""
    shared = [name for name in plan["data"] if name in other["data"]]
    mine, theirs = (_determinants(record, contexts, shared) for record in (plan, other))
    return [key.replace("_", " ") for key in mine if mine[key] != theirs[key]]


def _determinants(plan: dict[str, Any], contexts: tuple[str, ...], data: list[str]) -> dict[str, Any]:
    """What determines the gains of a plan, but its steps, by name."""
    found = {"profile": plan["settings"]["profile"]}
    for section in ("recipe", "budget", "mix", "pool", "evaluate"):
        found |= {f"{section}.{key}": value for key, value in plan["settings"][section].items()}
    del found["budget.steps"], found["budget.checkpoint"]
    found |= {f"context {name}": plan["contexts"].get(name) for name in contexts}
    for name in data:
        for key in ("label_space", "fingerprint_train", "fingerprint_test"):
            found[f"{key} of {name}"] = plan["data"][name][key]
    return found


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
    settings = plan["settings"]
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
    versions: tuple[tuple[str, str], ...] = ()
    if records:
        recorded = records[0]["recorded"]
        versions = ("python", recorded["python"]), *_pairs(recorded["versions"]), ("device", recorded["device"])
    return (
        ("contexts", contexts),
        ("budget", _pairs(budget)),
        ("recipe", _pairs(settings["recipe"])),
        ("generated images", tuple(_pool(pool, plan) for pool in plan["pools"])),
        ("data fingerprints", data),
        ("timing", _pairs(estimate)),
        ("versions", versions),
    )


def _pool(pool: dict[str, Any], plan: dict[str, Any]) -> tuple[str, str]:
    """A pool in one line of the record."""
    parts = [f"{pool['images']} images of {', '.join(pool['targets'])}", f"pool seed {pool['pool_seed']}"]
    parts += [f"not covered: {domains} ({why})" for why, domains in by_reason(reasons(pool)).items()]
    if pool["fitted_on"] is not None:
        parts.append(f"fitted on {pool['fitted_on']} real images")
    return f"{titled(pool['generator']['name'], contexts_of(pool, plan))} on {pool['dataset']}", "; ".join(parts)


def _pools_in_words(plan: dict[str, Any]) -> tuple[str, ...]:
    """What must be known of the generated images to read the intervals and the gains of the first context."""
    if not plan["pools"]:
        return ()
    spec = plan["settings"]["pool"]
    words = [
        "Generated images were made before training, each from a clear_day training image of the unit's own context, and the"
        " same images serve all seeds of training."
    ]
    if len(spec["seed"]) == 1:
        words.append("They were made with one pool seed: the chance in making them is in no interval of this report.")
    if any(pool["fitted_on"] is not None for pool in plan["pools"]):
        saw = {
            "context": "only real images their training context admits",
            "training": "the clear_day images of their context and all other weather of the training split, unlabelled",
        }
        words.append(f"Generators that are fitted first saw {saw[spec['generator_sees']]}.")
    return (" ".join(words),)


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
