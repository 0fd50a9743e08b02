"""The quality records of a study's pools: as tables, as a section's grids, and as attributes of its strategies."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from fairweather.analysis.attributes import OF_POOLS, Attribute
from fairweather.generators.quality import Number, Quality
from fairweather.report.content import ReportContent
from fairweather.report.generated import contexts_of, named, titled
from fairweather.report.grid import Cell, Column, Grid, Line, of_rows
from fairweather.report.numbers import finite, plain
from fairweather.report.shape import rows
from fairweather.store.files import read_json
from fairweather.store.layout import Layout
from fairweather.store.pools import QUALITY

TEXT, REAL, WHOLE = pa.string(), pa.float64(), pa.int64()
COLUMNS = pa.schema([
    ("strategy", TEXT), ("dataset", TEXT), ("pool", TEXT), ("target_domain", TEXT), ("measure", TEXT), ("value", REAL),
    ("standard_error", REAL), ("scale", TEXT), ("images", WHOLE), ("over", TEXT), ("note", TEXT), ("contexts", TEXT),
])  # fmt: skip
RECIPES = pa.schema([(name, TEXT) for name in ("measure", "formula", "source", "compared", "colour_space", "over")])


def qualities(layout: Layout, plan: Mapping[str, Any]) -> dict[str, Quality]:
    """The records of the planned pools that have one, by the pool's id.

    Raises:
        InputError: a record is damaged.
    """
    paths = {pool["id"]: layout.pool(pool["id"]) / QUALITY for pool in plan["pools"]}
    return {id: Quality.read(read_json(path), str(path)) for id, path in paths.items() if path.is_file()}


def quality_tables(found: Mapping[str, Quality], plan: Mapping[str, Any]) -> dict[str, pa.Table]:
    """`quality`, a row for each number, and `quality_recipes`, a row for each way a measure was made; none without a record."""
    numbers, recipes = [], {}
    for pool in plan["pools"]:
        name, contexts = named(pool, plan), contexts_of(pool, plan)
        for n in found[pool["id"]].numbers if pool["id"] in found else ():
            over = n.recipe.needs_unit or n.recipe.network.partition(":")[0]
            numbers.append({
                "strategy": name, "dataset": pool["dataset"], "pool": pool["id"], "target_domain": n.domain,
                "measure": n.name, "value": n.value, "standard_error": n.standard_error, "scale": n.unit,
                "images": n.samples, "over": over, "note": n.note, "contexts": contexts,
            })  # fmt: skip
            if n.value is not None:
                r = n.recipe
                compared = r.compared.replace(n.domain, "target-domain") if n.domain else r.compared
                recipes[n.name, r.formula, compared, r.network or r.needs_unit] = {
                    "measure": n.name, "formula": r.formula, "source": r.source, "compared": compared,
                    "colour_space": r.colour_space, "over": r.network or (r.needs_unit and f"unit {r.needs_unit}"),
                }  # fmt: skip
    if not numbers:
        return {}
    tables = {"quality": pa.Table.from_pylist(numbers, COLUMNS)}
    return tables | {"quality_recipes": pa.Table.from_pylist(list(recipes.values()), RECIPES)}


def measured_attributes(
    found: Mapping[str, Quality], plan: Mapping[str, Any], units: set[str]
) -> tuple[Attribute, ...]:
    """What was measured on the study's own pools, as attributes of its strategies.

    A strategy's value is the mean over data sets and over the target domains in which all its rivals have one too, measured
    alike; what some of them lack altogether is no attribute. Of strategies that train on the same pools (combinations, shares)
    one counts: the plainest, and of those the first.

    Args:
        units: ids of the finished units, whose strategies are compared.
    """
    pools: dict[str, set[str]] = {}
    for unit in plan["units"]:
        if unit["id"] in units and unit["pool"] and not unit["control"]:
            pools.setdefault(unit["strategy"], set()).add(unit["pool"])
    alone: dict[frozenset[str], str] = {}
    for strategy in sorted(pools, key=lambda name: name.count("+")):
        alone.setdefault(frozenset(pools[strategy]), strategy)
    if len(alone) < 2:  # nothing to go with anything
        return ()
    datasets = {pool["id"]: pool["dataset"] for pool in plan["pools"]}
    attributes = []
    for measure in OF_POOLS:
        rivals = {s: _cells(measure, ids, datasets, found) for ids, s in alone.items()}
        shared = _shared(list(rivals.values()))
        if not shared:
            continue
        means = {s: math.fsum(value for at in shared for value, _ in cells[at]) for s, cells in rivals.items()}
        counts = {s: sum(len(cells[at]) for at in shared) for s, cells in rivals.items()}
        values = {s: means[s] / counts[s] for s in means}
        sources = {s: f"pools {', '.join(sorted(ids))}" for ids, s in alone.items()}
        attributes.append(Attribute(measure, "pools", values, sources))
    return tuple(attributes)


Cells = dict[tuple[str, str], list[tuple[float, tuple[object, ...]]]]


def _cells(measure: str, ids: frozenset[str], datasets: Mapping[str, str], found: Mapping[str, Quality]) -> Cells:
    """(data set, target domain) -> value and how it was measured, of each pool that has one."""
    cells: Cells = {}
    for id in sorted(ids):
        for n in found[id].numbers if id in found else ():
            if n.name == measure and n.value is not None:
                cells.setdefault((datasets[id], n.domain), []).append((n.value, _alike(n)))
    return cells


def _alike(n: Number) -> tuple[object, ...]:
    """What two numbers must share to be compared; an image that equals its source has no PSNR, so counts may differ there."""
    return n.recipe, n.samples if n.recipe.network else 0


def _shared(rivals: list[Cells]) -> list[tuple[str, str]]:
    """The cells that all have, measured alike."""
    if not rivals:
        return []
    common = set.intersection(*(set(cells) for cells in rivals))
    alike = [at for at in common if len({how for cells in rivals for _, how in cells[at]}) == 1]
    return sorted(alike)


def by_strategy(content: ReportContent) -> tuple[Grid, ...]:
    """One row for each strategy and data set, the measures averaged over the target domains in which all of the data set
    have a value, and below them what the same unit makes of the sources; then how each measure is made. None without a record.
    """
    found = rows(content, "quality")
    if not found:
        return ()
    values = {(r["pool"], r["measure"], r["target_domain"]): finite(r["value"]) for r in found}
    there = dict.fromkeys(m for (_, m, domain), value in values.items() if domain and value is not None)
    arms = list(dict.fromkeys((r["dataset"], r["strategy"], r["pool"]) for r in found))
    titles = {r["pool"]: titled(r["strategy"], r["contexts"]) for r in found}
    lines = []
    for dataset in dict.fromkeys(dataset for dataset, _, _ in arms):
        mine = [(strategy, pool) for of, strategy, pool in arms if of == dataset]
        means = [_means(values, measure, [pool for _, pool in mine]) for measure in there]
        for i, (strategy, pool) in enumerate(mine):
            cells = (Cell(titles[pool]), Cell(dataset), *(Cell(plain(column[i])) for column in means))
            lines.append(Line(cells, strategy=strategy, dataset=dataset))
        sources = [values.get((mine[0][1], f"source_{measure}", "")) for measure in there]
        if any(value is not None for value in sources):
            of_sources = (Cell("the sources"), Cell(dataset), *(Cell(plain(value)) for value in sources))
            lines.append(Line(of_sources, control=True, dataset=dataset))
    scale = {r["measure"]: r["scale"] for r in found}
    heads = [Column(m.replace("_", " ") + (f", {scale[m]}" if scale[m] else ""), number=True) for m in there]
    recipes = rows(content, "quality_recipes")
    return (
        Grid(
            "Quality of generated images, mean over target domains",
            (Column("strategy"), Column("data set"), *heads),
            tuple(lines),
            "tables/quality.csv",
        ),
        of_rows("Recipes of the measures", recipes, len(recipes), "tables/quality_recipes.csv", folded=True),
    )


def _means(
    values: Mapping[tuple[str, str, str], float | None], measure: str, pools: Sequence[str]
) -> list[float | None]:
    """The mean of a measure for each pool, over the domains in which all of them have a value."""
    domains = dict.fromkeys(domain for _, name, domain in values if name == measure)
    cells = [[values.get((pool, measure, domain)) for pool in pools] for domain in domains]
    shared = [[value for value in cell if value is not None] for cell in cells]
    whole = [cell for cell in shared if len(cell) == len(pools)]
    return [math.fsum(column) / len(whole) for column in zip(*whole, strict=True)] or [None] * len(pools)
