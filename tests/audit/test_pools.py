"""What the gate refused, as the audit reads it: the failed check, and the caveat of who trained on it all the same."""

from pathlib import Path
from typing import Any

import pytest

from fairweather.audit.pools import check_delivered, forced_notes
from fairweather.store import Layout
from fairweather.store.files import write_json
from fairweather.store.pools import gate_name

CONTEXTS = {"stage1": {"domains": ["clear_day"], "share": 1.0}, "stage2": {"domains": ["clear_day"], "share": 0.5}}


def verdict(*failures: str) -> dict[str, Any]:
    return {"images": 40, "broken": [["edges", 9]], "failures": list(failures), "distance": None}


@pytest.fixture
def plan(tmp_path: Path) -> dict[str, Any]:
    """Two data sets that share a pool: refused in stage1, of `a` for snow and fog, of `b` for fog; delivered in stage2."""
    layout = Layout(tmp_path)
    layout.pool("p").mkdir(parents=True)
    for dataset, snowy in (("a", verdict("edges", "domain")), ("b", verdict())):
        refused = {"foggy": verdict("edges"), "snowy": snowy}
        write_json(layout.pool("p") / gate_name(["clear_day"], 1.0, dataset), {"domains": refused})
        write_json(layout.pool("p") / gate_name(["clear_day"], 0.5, dataset), {"domains": {"foggy": verdict()}})
    units = [
        {"id": f"{d}-{c}-{s}", "dataset": d, "context": c, "strategy": s, "pool": pool, "evaluation": "e"}
        for d in ("a", "b")
        for c in CONTEXTS
        for s, pool in (("baseline", None), ("gen_x", "p"), ("gen_x+std_y", "p"))
    ]
    return {
        "pools": [{"id": "p", "dataset": "a", "generator": {"name": "gen_x"}}],
        "units": units,
        "contexts": CONTEXTS,
        "data": {dataset: {"admitted": dict.fromkeys(CONTEXTS, dataset)} for dataset in ("a", "b")},
    }


def finish(layout: Layout, plan: dict[str, Any], *ids: str) -> None:
    for id in ids:
        layout.evaluation(id, "e").mkdir(parents=True)


def test_what_is_refused_is_an_error_with_a_row_for_each_data_set_domain_and_rule(
    plan: dict[str, Any], tmp_path: Path
) -> None:
    check = check_delivered(Layout(tmp_path), plan)
    assert not check.holds and check.statement.endswith("they claim: gen_x.")
    assert [(r["dataset"], r["context"], r["target"], r["rule"], r["images"]) for r in check.rows] == [
        ("a", "stage1", "foggy", "edges", 9),
        ("a", "stage1", "snowy", "edges", 9),
        ("a", "stage1", "snowy", "domain", None),
        ("b", "stage1", "foggy", "edges", 9),
    ]


def test_nobody_is_said_to_be_forced_who_was_not_trained_or_not_refused(plan: dict[str, Any], tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    finish(layout, plan, "a-stage1-baseline", "a-stage2-gen_x", "b-stage2-gen_x+std_y")
    assert forced_notes(layout, plan) == {}
    assert "--force" not in check_delivered(layout, plan).statement


def test_who_was_trained_all_the_same_is_named_with_what_was_refused(plan: dict[str, Any], tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    finish(layout, plan, "a-stage1-gen_x", "b-stage1-gen_x", "b-stage1-gen_x+std_y")
    said = "was trained by --force on images that the gate refused:"
    assert forced_notes(layout, plan) == {
        ("stage1", "gen_x"): f"In stage1 gen_x {said} foggy (edges), snowy (edges, domain) on a; foggy (edges) on b.",
        ("stage1", "gen_x+std_y"): f"In stage1 gen_x+std_y {said} foggy (edges) on b.",
    }
    assert check_delivered(layout, plan).statement.endswith("All the same 3 units were trained on them (--force).")


def test_a_study_without_a_judged_pool_says_so(plan: dict[str, Any], tmp_path: Path) -> None:
    check = check_delivered(Layout(tmp_path), plan | {"pools": []})
    assert check.holds and check.statement == "The gate judged no pool."
