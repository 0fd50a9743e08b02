"""The gate's verdicts and the galleries on the page, from records as the gate writes them."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fairweather.data.decode import decode_image
from fairweather.data.encode import encode
from fairweather.report.content import Gallery
from fairweather.report.folder import render
from fairweather.report.generated import (
    galleries,
    gate_table,
    read_galleries,
    reasons,
    uncovered,
    uncovered_table,
    verdicts,
)
from fairweather.report.page import assemble
from fairweather.report.sentences import violations
from fairweather.report.template import to_html, to_markdown
from fairweather.store import Layout
from fairweather.store.files import write_json
from fairweather.store.pools import gate_name

CONTEXTS = {
    "stage1": {"domains": ["clear_day"], "share": 1.0},
    "stage2": {"domains": ["clear_day", "foggy"], "share": 1.0},
}
REAL = "0123456789abcdef"  # fingerprint of what a context admits
UNASKED, UNABLE = "not asked for by pool.targets", "not supported by the card of gen_x"
PICTURE = encode(np.full((20, 30, 3), 90, np.uint8), "jpeg", 85)


def verdict(failures: list[str], nearness: float | None) -> dict[str, object]:
    return {
        "images": 40,
        "broken": [["copy", 0], ["edges", 9]],
        "failures": failures,
        "delivered": not failures,
        "distance": None if nearness is None else {"nearness": nearness},
    }


def plan_of(*seeds: int) -> dict[str, object]:
    common = {"dataset": "a/b", "generator": {"name": "gen_x"}, "not_covered": {"rainy": UNASKED, "night": UNABLE}}
    pools = [{"id": f"p{s}", **common, "pool_seed": s} for s in seeds]
    units = [{"pool": f"p{s}", "dataset": "a/b", "context": context} for s in seeds for context in CONTEXTS]
    data = {"a/b": {"admitted": dict.fromkeys(CONTEXTS, REAL)}}
    return {
        "pools": pools, "units": units, "data": data, "contexts": CONTEXTS, "settings": {"pool": {"seed": list(seeds)}}
    }  # fmt: skip


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    found = Layout(tmp_path)
    (found.pool("p0") / "gallery").mkdir(parents=True)
    (found.pool("p0") / "gallery" / "snowy.jpg").write_bytes(PICTURE)
    (found.pool("p0") / "gallery" / "foggy.jpg").write_bytes(PICTURE)
    seen = {"stage1": verdict(["edges"], None), "stage2": verdict(["edges", "domain"], 0.25)}
    for context, foggy in seen.items():
        spec = CONTEXTS[context]
        record = {"domains": {"foggy": foggy, "snowy": verdict([], foggy["distance"] and 0.75)}}
        write_json(found.pool("p0") / gate_name(spec["domains"], spec["share"], REAL), record)
    return found


def test_every_rule_that_stopped_a_pool_has_its_row(layout: Layout) -> None:
    rows = gate_table(layout, plan_of(0)).to_pylist()
    assert [(r["context"], r["domain"], r["rule"], r["broken"], r["delivered"]) for r in rows] == [
        ("stage1", "foggy", "edges", 9, False),
        ("stage1", "snowy", None, None, True),
        ("stage2", "foggy", "edges", 9, False),
        ("stage2", "foggy", "domain", None, False),
        ("stage2", "snowy", None, None, True),
    ]
    assert gate_table(layout, plan_of(7)).num_rows == 0  # not judged yet
    other = plan_of(0)
    other["data"]["a/b"]["admitted"]["stage1"] = "of other images"  # as after a change of the data
    assert {row["context"] for row in gate_table(layout, other).to_pylist()} == {"stage2"}


@pytest.mark.parametrize("planned", ["before", "again"])
def test_records_from_before_data_sets_could_share_a_pool_are_kept(layout: Layout, planned: str) -> None:
    found = gate_table(layout, plan_of(0))
    for path in layout.pool("p0").glob("gate-*.json"):
        path.rename(path.with_name(path.name.replace(f"-{REAL[:12]}", "")))
    old = plan_of(0)
    if planned == "before":
        del old["data"]["a/b"]["admitted"]
    assert gate_table(layout, old).equals(found) and found.num_rows
    old["pools"][0]["dataset"] = "another"  # they are about the pool's first data set and no other
    assert not gate_table(layout, old).num_rows


def test_what_could_not_be_measured_does_not_read_like_a_pass(contents, layout: Layout) -> None:
    tables = {**contents["study"].tables, "gate": gate_table(layout, plan_of(0))}
    lines = verdicts(replace(contents["study"], tables=tables)).lines
    assert [[cell.text for cell in line.cells[2:]] for line in lines] == [
        ["foggy", "edges in 9 of 40, domain not measurable", "edges in 9 of 40, domain, nearness 0.25"],
        ["snowy", "images pass, domain not measurable", "delivered, nearness 0.75"],
    ]


def test_domains_that_no_image_covers_stand_with_their_reason(contents, tmp_path: Path) -> None:
    plan = plan_of(0)
    plan["pools"] *= 2  # of two contexts: one line serves both
    tables = {**contents["bare"].tables, "not_covered": uncovered_table(plan)}
    content = replace(contents["bare"], tables=tables)
    assert [[cell.text for cell in line.cells] for line in uncovered(content).lines] == [
        ["gen_x", "a/b", "rainy", UNASKED],
        ["gen_x", "a/b", "night", UNABLE],
    ]
    render(content, tmp_path / "report")
    assert violations(tmp_path / "report") == ()
    assert f"| {UNABLE} |" in (tmp_path / "report/report.md").read_text()
    assert (tmp_path / "report/tables/not_covered.csv").read_text().count('"gen_x",') == 2
    plan["pools"][0]["not_covered"] = ["night"]  # as plans were recorded once
    assert reasons(plan["pools"][0]) == {"night": UNABLE}


def test_pools_of_several_seeds_are_told_apart(layout: Layout) -> None:
    assert {row["strategy"] for row in gate_table(layout, plan_of(0, 1)).to_pylist()} == {"gen_x#0"}
    assert [one.strategy for one in read_galleries(layout, plan_of(0))] == ["gen_x", "gen_x"]


def test_pools_of_contexts_of_different_shares_are_told_apart_by_their_contexts(
    contents, layout: Layout, tmp_path: Path
) -> None:
    (layout.pool("p1") / "gallery").mkdir(parents=True)
    (layout.pool("p1") / "gallery" / "foggy.jpg").write_bytes(PICTURE)
    plan = plan_of(0, 1)
    plan["settings"]["pool"]["seed"] = [0]  # so it is not the seed that they differ in
    plan["units"] = [
        unit for unit in plan["units"] if (unit["pool"], unit["context"]) in (("p0", "stage1"), ("p1", "stage2"))
    ]
    found = read_galleries(layout, plan)
    assert [(one.domain, one.contexts) for one in found] == [
        ("foggy", "stage1"),
        ("snowy", "stage1"),
        ("foggy", "stage2"),
    ]
    blocks = galleries(replace(contents["bare"], galleries=found))
    assert [block.title for block in blocks] == ["Images of gen_x in stage1 on a/b", "Images of gen_x in stage2 on a/b"]
    assert blocks[1].items[0].title == "gen_x in stage2, a/b, foggy: worst first"
    render(replace(contents["bare"], galleries=found), tmp_path / "report")
    assert violations(tmp_path / "report") == ()
    assert {one.contexts for one in read_galleries(layout, plan_of(0))} == {""}


def test_galleries_stand_in_the_page_and_beside_it(contents, layout: Layout, tmp_path: Path) -> None:
    found = read_galleries(layout, plan_of(0))
    assert [one.domain for one in found] == ["foggy", "snowy"]  # domains in their usual order
    content = replace(contents["bare"], galleries=found)
    page = assemble(content)
    text = to_html(page)
    assert text.count('<img src="data:image/jpeg;base64,') == 2 and "img-src data:;" in text
    linked = re.findall(r"\]\((figures/[^)]*)\)", to_markdown(page))
    render(content, tmp_path / "report")
    assert [(tmp_path / "report" / name).read_bytes() for name in linked] == [PICTURE, PICTURE]
    assert violations(tmp_path / "report") == ()


def test_a_data_set_may_have_any_name(contents, tmp_path: Path) -> None:
    found = (Gallery("gen_x", "../ä b", "foggy", PICTURE), Gallery("gen_x", "..-- b", "foggy", PICTURE))
    render(replace(contents["bare"], galleries=found), tmp_path / "report")
    files = sorted(p.name for p in (tmp_path / "report/figures").iterdir())
    assert len(files) == 2 and all(re.fullmatch(r"[A-Za-z0-9_.-]+", name) for name in files)
    assert decode_image(tmp_path / "report/figures" / files[0]).shape == (20, 30, 3)
