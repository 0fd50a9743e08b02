"""The generated images of a study: what the gate found, and galleries of what to look at first."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from fairweather.report.blocks import Photograph, Photographs
from fairweather.report.content import Gallery, ReportContent
from fairweather.report.grid import Cell, Column, Grid, Line
from fairweather.report.numbers import ABSENT
from fairweather.report.shape import Row, rows
from fairweather.store import Layout
from fairweather.store.pools import GALLERY, gate_records
from fairweather.study import by_reason
from fairweather.vocabulary.domains import in_order

SHOWN = 40  # rows of the table that stands open
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")  # in a file name, for the names of data sets are the user's

COLUMNS = pa.schema(
    [
        ("strategy", pa.string()), ("dataset", pa.string()), ("context", pa.string()), ("domain", pa.string()),
        ("delivered", pa.bool_()), ("images", pa.int64()), ("rule", pa.string()), ("broken", pa.int64()),
        ("nearness", pa.float64()),
    ]
)  # fmt: skip
NOT_COVERED = pa.schema([(name, pa.string()) for name in ("strategy", "dataset", "domain", "reason")])


def gate_table(layout: Layout, plan: dict[str, Any]) -> pa.Table:
    """What the gate recorded: a row for each pool, data set and context that takes from it, target domain and rule
    that stopped it, or one with none.

    `nearness` is that of the pool to its target domain (1 there, 0 at the source), null where the context has too few real
    images to tell; a rule without a number of broken images is one of the pool as a whole.
    """
    found: list[dict[str, Any]] = []
    for one in gate_records(layout, plan):
        found += _rows(named(one.pool, plan), one.dataset, one.context, one.record)
    return pa.Table.from_pylist(found, COLUMNS)


def uncovered_table(plan: dict[str, Any]) -> pa.Table:
    """A row for each pool and target domain of which it holds no image, with why; pools that differ in neither have one."""
    found = [
        {"strategy": named(pool, plan), "dataset": pool["dataset"], "domain": domain, "reason": why}
        for pool in plan["pools"]
        for domain, why in reasons(pool).items()
    ]
    distinct = [dict(row) for row in dict.fromkeys(tuple(row.items()) for row in found)]
    return pa.Table.from_pylist(distinct, NOT_COVERED)


def reasons(pool: Mapping[str, Any]) -> dict[str, str]:
    """Target domain -> why a planned pool does not cover it."""
    found: list[str] | dict[str, str] = pool["not_covered"]
    if isinstance(found, list):  # of a plan from before there were reasons: then there was this one alone
        return dict.fromkeys(found, f"not supported by the card of {pool['generator']['name']}")
    return found


def named(pool: Mapping[str, Any], plan: Mapping[str, Any]) -> str:
    """The generator, with the pool's seed where the study has several."""
    name: str = pool["generator"]["name"]
    return name if len(plan["settings"]["pool"]["seed"]) == 1 else f"{name}#{pool['pool_seed']}"


def contexts_of(pool: Mapping[str, Any], plan: Mapping[str, Any]) -> str:
    """The contexts that take from a pool, where another one has the same name and data set; else ""."""
    alike = [p for p in plan["pools"] if (named(p, plan), p["dataset"]) == (named(pool, plan), pool["dataset"])]
    if len(alike) < 2:
        return ""
    return ", ".join(dict.fromkeys(unit["context"] for unit in plan["units"] if unit["pool"] == pool["id"]))


def titled(strategy: str, contexts: str) -> str:
    """A pool's name in a title: its strategy, with its contexts where there are any to be named."""
    return f"{strategy} in {contexts}" if contexts else strategy


def _rows(strategy: str, dataset: str, context: str, record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for domain, verdict in record["domains"].items():
        broken, apart = dict(verdict["broken"]), verdict["distance"]
        for rule in verdict["failures"] or [None]:
            yield {
                "strategy": strategy,
                "dataset": dataset,
                "context": context,
                "domain": domain,
                "delivered": verdict["delivered"],
                "images": verdict["images"],
                "rule": rule,
                "broken": broken.get(rule),
                "nearness": apart and apart["nearness"],
            }


def read_galleries(layout: Layout, plan: dict[str, Any]) -> tuple[Gallery, ...]:
    """The galleries beside the pools, domains in their usual order."""
    found = []
    for pool in plan["pools"]:
        there = {path.stem: path for path in (layout.pool(pool["id"]) / GALLERY).glob("*.jpg")}
        for domain in in_order(there):
            jpeg, contexts = there[domain].read_bytes(), contexts_of(pool, plan)
            found.append(Gallery(named(pool, plan), pool["dataset"], domain, jpeg, contexts))
    return tuple(found)


def verdicts(content: ReportContent) -> Grid:
    """Strategy, data set and target domain x context: delivered, or the rules that stopped it; and how near it came."""
    found: dict[tuple[str, str, str], dict[str, list[Row]]] = {}
    for row in rows(content, "gate"):
        key = (row["strategy"], row["dataset"], row["domain"])
        found.setdefault(key, {}).setdefault(row["context"], []).append(row)
    contexts = tuple(dict.fromkeys(context for one in found.values() for context in one))
    lines = [
        Line((*map(Cell, key), *(_cell(one.get(context, [])) for context in contexts)), strategy=key[0], dataset=key[1])
        for key, one in found.items()
    ]
    columns = (Column("strategy"), Column("data set"), Column("target domain"), *map(Column, contexts))
    return Grid("The gate by target domain", columns, tuple(lines), "tables/gate.csv", folded=len(lines) > SHOWN)


def uncovered(content: ReportContent) -> Grid:
    """Strategy and data set: the target domains that are not covered, and why."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows(content, "not_covered"):
        found.setdefault((row["strategy"], row["dataset"]), {})[row["domain"]] = row["reason"]
    lines = [
        Line(tuple(map(Cell, (*key, domains, why))), strategy=key[0], dataset=key[1])
        for key, one in found.items()
        for why, domains in by_reason(one).items()
    ]
    columns = tuple(map(Column, ("strategy", "data set", "target domains", "reason")))
    return Grid(
        "Target domains that no image covers",
        columns,
        tuple(lines),
        "tables/not_covered.csv",
        folded=len(lines) > SHOWN,
    )


def _cell(found: list[Row]) -> Cell:
    if not found:
        return Cell(ABSENT)
    # What could not be measured is no pass, and must not read like one.
    measurable = found[0]["nearness"] is not None
    near = f", nearness {found[0]['nearness']:.2f}" if measurable else ", domain not measurable"
    if found[0]["delivered"]:
        return Cell(f"{'delivered' if measurable else 'images pass'}{near}")
    rules = ", ".join(
        r["rule"] if r["broken"] is None else f"{r['rule']} in {r['broken']} of {r['images']}" for r in found
    )
    return Cell(f"{rules}{near}", mark="✕", tone="hurts")


def galleries(content: ReportContent) -> tuple[Photographs, ...]:
    """The galleries of each pool."""
    found: dict[tuple[str, str], list[Photograph]] = {}
    for number, one in enumerate(content.galleries, 1):
        name = f"images_{number:03d}_{_UNSAFE.sub('-', f'{one.strategy}_{one.dataset}_{one.domain}')}"
        pool = titled(one.strategy, one.contexts)
        title = f"{pool}, {one.dataset}, {one.domain}: worst first"
        found.setdefault((pool, one.dataset), []).append(Photograph(name, title, one.jpeg))
    return tuple(Photographs(f"Images of {pool} on {d}", tuple(items)) for (pool, d), items in found.items())
