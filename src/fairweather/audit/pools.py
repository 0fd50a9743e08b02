"""Checks of generated images: what the gate recorded before training, and who trained on what it refused."""

from typing import Any

from fairweather.audit.check import Check
from fairweather.store.layout import Layout
from fairweather.store.pools import GateRecord, gate_records


def check_delivered(layout: Layout, plan: dict[str, Any]) -> Check:
    """What the gate recorded before training; a pool whose units never ran may have no record."""
    records = list(gate_records(layout, plan))
    bad = tuple(row for one in records for row in _broken(one))
    verdicts = [verdict for one in records for verdict in one.record["domains"].values()]
    unlike = sum(verdict["distance"] is None for verdict in verdicts)
    names = ", ".join(dict.fromkeys(row["generator"] for row in bad))
    trained = len(_forced(layout, plan, records))
    forced = f" All the same {trained} units were trained on them (--force)." if trained else ""
    good = (
        f"The gate judged {len(records)} times and found no pool undelivered; whether images look like their target domain could"
        f" not be measured in {unlike} of {len(verdicts)} cases."
        if records
        else "The gate judged no pool."
    )
    wrong = f"Not delivered, because their images are not what they claim: {names}.{forced}"
    return Check("pool.not_delivered", "error", not bad, wrong if bad else good, bad)


def _broken(one: GateRecord) -> list[dict[str, Any]]:
    """A row for each target domain and rule that stopped a pool."""
    about = {"generator": one.pool["generator"]["name"], "dataset": one.dataset, "context": one.context}
    return [
        {**about, "target": domain, "rule": rule, "images": dict(verdict["broken"]).get(rule), "of": verdict["images"]}
        for domain, verdict in one.record["domains"].items()
        for rule in verdict["failures"]
    ]


def _forced(layout: Layout, plan: dict[str, Any], records: list[GateRecord]) -> list[tuple[dict[str, Any], GateRecord]]:
    """The finished units that took from a pool that the gate had refused them, each with the refusal."""
    refused = {(one.pool["id"], one.dataset, one.context): one for one in records if _broken(one)}
    taking = [(unit, refused.get((unit["pool"], unit["dataset"], unit["context"]))) for unit in plan["units"]]
    return [(unit, one) for unit, one in taking if one and layout.finished(unit["id"], unit["evaluation"])]


def forced_notes(layout: Layout, plan: dict[str, Any]) -> dict[tuple[str, str], str]:
    """(context, strategy) -> the caveat of its figures, where units were trained on images that the gate had refused them."""
    found: dict[tuple[str, str], dict[str, dict[str, list[str]]]] = {}
    for unit, one in _forced(layout, plan, list(gate_records(layout, plan))):
        rules: dict[str, list[str]] = {}
        for row in _broken(one):
            rules.setdefault(row["target"], []).append(row["rule"])
        found.setdefault((unit["context"], unit["strategy"]), {})[unit["dataset"]] = rules
    return {
        (context, strategy): f"In {context} {strategy} was trained by --force on images that the gate refused: "
        + "; ".join(f"{_in_words(rules)} on {dataset}" for dataset, rules in refused.items())
        + "."
        for (context, strategy), refused in found.items()
    }


def _in_words(rules: dict[str, list[str]]) -> str:
    return ", ".join(f"{domain} ({', '.join(broken)})" for domain, broken in rules.items())
