"""Records of quality as tables, grids and attributes: only what was measured alike is averaged and compared."""

from typing import Any

import pytest

from fairweather.generators.quality import Number, Quality, Recipe
from fairweather.report.content import ReportContent
from fairweather.report.quality import by_strategy, measured_attributes, quality_tables

Given = dict[str, float | None]


def number(name: str, domain: str, value: float | None, network: str = "", unit: str = "") -> Number:
    recipe = Recipe("a formula", "a paper", f"generated {domain} images", network=network, needs_unit=unit)
    return Number(name, value, 10, recipe, domain, note="" if value is not None else "it cannot be had")


def record(pool: str, network: str = "net 1: so", **ssim: float | None) -> Quality:
    numbers = [number("ssim", domain, value) for domain, value in ssim.items()]
    numbers += [number("kernel_distance", domain, 2.0, network) for domain in ssim]
    numbers += [number("mean_iou", domain, 50.0, unit="u") for domain in ssim]
    return Quality(pool, (*numbers, number("source_mean_iou", "", 60.0, unit="u")))


def plan(*units: tuple[str, str]) -> dict[str, Any]:
    """Of (strategy, pool); the data set of a pool is its first letter."""
    pools = {pool: strategy.partition("+")[0] for strategy, pool in reversed(units)}
    return {
        "settings": {"pool": {"seed": [0]}},
        "pools": [
            {"id": pool, "dataset": pool[0], "generator": {"name": pools[pool]}, "pool_seed": 0}
            for pool in dict.fromkeys(pool for _, pool in units)
        ],
        "units": [
            {"id": f"{strategy} {pool}", "strategy": strategy, "pool": pool, "control": strategy == "gen_oracle"}
            for strategy, pool in units
        ],
    }


def attributes(planned: dict[str, Any], *records: Quality) -> dict[str, dict[str, float]]:
    units = {unit["id"] for unit in planned["units"]}
    found = measured_attributes({one.pool: one for one in records}, planned, units)
    assert all(a.kind == "pools" and a.sources.keys() == a.values.keys() for a in found)
    return {a.name: dict(a.values) for a in found}


def test_a_value_is_the_mean_over_data_sets_and_over_the_domains_that_all_have() -> None:
    planned = plan(("gen_a", "d1"), ("gen_a", "e1"), ("gen_b", "d2"), ("gen_b", "e2"))
    found = attributes(
        planned,
        record("d1", foggy=0.2, night=0.4, snowy=0.9),
        record("e1", foggy=0.6),
        record("d2", foggy=0.3, night=0.5, snowy=None),
        record("e2", foggy=0.7),
    )
    assert found["ssim"] == pytest.approx({"gen_a": 0.4, "gen_b": 0.5})
    assert found["mean_iou"] == {"gen_a": 50, "gen_b": 50} and "source_mean_iou" not in found


def test_what_some_lack_or_measured_otherwise_is_no_attribute() -> None:
    planned = plan(("gen_a", "d1"), ("gen_b", "d2"))
    found = attributes(planned, record("d1", foggy=0.2), record("d2", network="net 2: so", foggy=None))
    assert set(found) == {"mean_iou"}
    assert attributes(planned, record("d1", foggy=0.2)) == {}


def test_controls_have_no_value_and_a_pool_counts_once() -> None:
    planned = plan(("gen_a+std_b", "d1"), ("gen_a", "d1"), ("gen_oracle", "d2"), ("gen_c", "d3"))
    found = attributes(planned, record("d1", foggy=0.2), record("d3", foggy=0.5))
    assert found["ssim"] == {"gen_a": 0.2, "gen_c": 0.5}


def content(planned: dict[str, Any], *records: Quality) -> ReportContent:
    tables = quality_tables({one.pool: one for one in records}, planned)
    return ReportContent("made up", "What?", (), (), tables, (), (), "")


def test_tables_hold_every_number_and_each_recipe_once() -> None:
    planned = plan(("gen_a", "d1"), ("gen_b", "d2"))
    tables = content(planned, record("d1", foggy=0.2, night=None), record("d2", foggy=0.4, night=0.5)).tables
    rows = tables["quality"].to_pylist()
    assert len(rows) == 14
    missing = next(row for row in rows if row["value"] is None)
    assert (missing["strategy"], missing["target_domain"], missing["note"]) == ("gen_a", "night", "it cannot be had")
    assert {row["over"] for row in rows} == {"", "net 1", "u"}
    recipes = tables["quality_recipes"].to_pylist()
    assert [row["measure"] for row in recipes] == ["ssim", "kernel_distance", "mean_iou", "source_mean_iou"]
    assert recipes[1]["over"] == "net 1: so" and recipes[2]["over"] == "unit u"
    assert recipes[0]["compared"] == "generated target-domain images"


def test_the_grid_averages_the_domains_that_all_have_and_shows_the_sources_below() -> None:
    planned = plan(("gen_a", "d1"), ("gen_b", "d2"))
    grid, recipes = by_strategy(content(planned, record("d1", foggy=0.2, night=None), record("d2", foggy=0.4, night=1)))
    assert [column.title for column in grid.columns] == [
        "strategy", "data set", "ssim", "kernel distance", "mean iou, points",
    ]  # fmt: skip
    assert [[cell.text for cell in line.cells] for line in grid.lines] == [
        ["gen_a", "d", "0.2", "2", "50"],
        ["gen_b", "d", "0.4", "2", "50"],
        ["the sources", "d", "–", "–", "60"],
    ]
    assert recipes.folded and len(recipes.lines) == 4


def test_pools_of_one_generator_and_data_set_are_told_apart_by_their_contexts() -> None:
    planned = plan(("gen_a", "d1"), ("gen_a", "d2"), ("gen_b", "d3"))
    for unit, context in zip(planned["units"], ("stage1", "stage2", "stage2"), strict=True):
        unit["context"] = context
    grid, _ = by_strategy(content(planned, record("d1", foggy=0.2), record("d2", foggy=0.4), record("d3", foggy=0.4)))
    assert [line.cells[0].text for line in grid.lines] == ["gen_a in stage1", "gen_a in stage2", "gen_b", "the sources"]
    assert [line.strategy for line in grid.lines] == ["gen_a", "gen_a", "gen_b", ""]  # the page's filters go by it


def test_a_study_without_a_record_has_neither_table_nor_section() -> None:
    made = content(plan(("gen_a", "d1")))
    assert made.tables == {} and by_strategy(made) == ()
