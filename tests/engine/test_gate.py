"""The gate before training: what it records of a pool, for which context, and when it looks again."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from fairweather.cli import conduct as conducting
from fairweather.data import Row
from fairweather.data.decode import decode_image
from fairweather.engine import gate as gating
from fairweather.engine.gate import gate_pool, judged, tones, why_not
from fairweather.errors import StoreError
from fairweather.generators.gate import PoolVerdict
from fairweather.generators.oracle import Oracle
from fairweather.launch.executors import Here
from fairweather.launch.materials import gate, gather, make_ready
from fairweather.launch.progress import Progress
from fairweather.report.generated import gate_table
from fairweather.report.sentences import violations
from fairweather.store import Layout, bind, plan_record
from fairweather.store.files import read_json, write_json
from fairweather.store.pools import CHECKS, GALLERY, gate_records
from fairweather.store.results import unit_states
from fairweather.study import Context, Plan, admitted, parse, plan

STUDY = """
name: gated
data: {north: {reader: fairtown, town: north, size: 192x96, labels: cityscapes7}}
contexts: {stage1: {domains: [clear_day], share: 0.5}, stage2: {domains: all, share: 0.5}}
strategies: [baseline, placebo_duplicate, gen_oracle]
models: [toy_fcn]
seeds: [0]
budget: {steps: 2, batch: 8, short_side: 48, crop: [48, 64]}
pool: {targets: [foggy]}
"""
QUIET = Progress(Console(quiet=True))


@pytest.fixture(scope="module")
def planned() -> Plan:
    study = parse(STUDY, Path("gated.yaml"))
    return plan(study, gather(study, QUIET))


def made(planned: Plan, out: Path) -> tuple[Layout, dict]:
    layout = bind(out, planned.study)
    pools, failures = make_ready(replace(planned, caches=()), layout, QUIET)
    assert not failures
    return layout, pools


@pytest.fixture(scope="module")
def whole(planned: Plan, tmp_path_factory: pytest.TempPathFactory) -> tuple[Layout, dict]:
    return made(planned, tmp_path_factory.mktemp("gated") / "out")


def seen(planned: Plan, context: Context) -> tuple[Row, ...]:
    return admitted(context, planned.materials["north"].train)


def test_perfect_images_are_delivered_and_what_a_context_may_not_see_is_not_measured(
    planned: Plan, whole: tuple[Layout, dict]
) -> None:
    layout, pools = whole
    assert gate(planned, layout, pools, QUIET) == {}
    oracle = next(p for p in planned.pools if p.generator.card.name == "gen_oracle")
    first, second = (judged(layout.pool(oracle.id), c, seen(planned, c)) for c in planned.study.contexts)
    assert first["delivered"] and second["delivered"]
    assert first["domains"]["foggy"]["distance"] is None  # stage1 sees no fog
    assert second["domains"]["foggy"]["distance"]["nearness"] > 0.5
    assert first["domains"]["foggy"]["images"] == len(oracle.items)
    checks = pq.read_table(layout.pool(oracle.id) / CHECKS).to_pylist()
    assert [row["target_domain"] for row in checks] == ["foggy"] * len(oracle.items)
    shown = decode_image(layout.pool(oracle.id) / GALLERY / "foggy.jpg")
    assert shown.shape[1] == 4 * (192 + 2)


def test_a_placebo_is_a_copy_and_means_to_be(planned: Plan, whole: tuple[Layout, dict]) -> None:
    layout, pools = whole
    placebo = next(p for p in planned.pools if p.generator.card.name == "placebo_duplicate")
    gate(planned, layout, pools, QUIET)
    assert sorted(p.name for p in layout.pool(placebo.id).iterdir()) == ["images", "manifest.parquet", "pool.json"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda record: record["domains"]["foggy"]["limits"].update(shift=99.0),
        lambda record: record.update(revision=0),
        lambda record: record.update(real="of other images"),
    ],
    ids=["limits", "rules", "real images"],
)
def test_a_record_of_other_limits_rules_or_real_images_is_made_again(
    planned: Plan, whole: tuple[Layout, dict], spoil: Callable[[dict], None]
) -> None:
    layout, pools = whole
    gate(planned, layout, pools, QUIET)
    context = planned.study.contexts[0]
    path = next(layout.out.glob("pools/*/gate-clear_day-0.5-*.json"))
    record = read_json(path)
    spoil(record)
    write_json(path, record)
    assert judged(path.parent, context, seen(planned, context)) is None
    gate(planned, layout, pools, QUIET)
    assert judged(path.parent, context, seen(planned, context)) is not None


@pytest.mark.parametrize("spoil", ["missing", "cut", "rows", "revision"])
def test_checks_that_are_not_of_these_images_are_refused_in_one_line(
    planned: Plan, whole: tuple[Layout, dict], tmp_path: Path, spoil: str
) -> None:
    layout, pools = whole
    found = next(layout.out.glob("pools/*/checks.parquet")).parent
    shutil.copytree(found, tmp_path / "pool")
    checks, table = tmp_path / "pool" / CHECKS, pq.read_table(found / CHECKS)
    if spoil == "missing":
        checks.unlink()
    elif spoil == "cut":
        checks.write_bytes(checks.read_bytes()[:100])
    elif spoil == "rows":
        pq.write_table(table.slice(1), checks)
    else:
        pq.write_table(
            table.set_column(table.column_names.index("revision"), "revision", pa.array([0] * len(table))), checks
        )
    oracle, context = next(p for p in planned.pools if p.id == found.name), planned.study.contexts[0]
    pool = replace(pools[oracle.id], folder=tmp_path / "pool")
    with pytest.raises(StoreError, match=r"checks\.parquet: .*; delete .* and run again"):
        gate_pool(oracle, pool, context, (), lambda domain: np.zeros((0, 0)))


SHARED = """
name: shared
data: {rich: {reader: toy, world: context}, poor: {reader: toy, world: context}}
contexts: {all: {domains: all}}
strategies: [baseline, gen_automold]
models: [toy_fcn]
seeds: [0]
budget: {steps: 2, batch: 8, short_side: 48, crop: [48, 64]}
pool: {targets: [snowy]}
"""


def test_a_pool_of_two_data_sets_is_judged_by_the_real_images_of_each(tmp_path: Path) -> None:
    """Both have the same clear days; one has too little snow to say what snow looks like."""
    study = parse(SHARED, Path("shared.yaml"))
    materials = gather(study, QUIET)
    snow = [row for row in materials["poor"].train if row.sample.domain == "snowy"]
    fewer = tuple(row for row in materials["poor"].train if row not in snow[5:])
    materials["poor"] = replace(materials["poor"], train=fewer)
    both = plan(study, materials)
    layout, pools = made(both, tmp_path / "out")
    assert len(both.pools) == 1 and {u.dataset for u in both.units if u.pool} == {"rich", "poor"}
    refused = gate(both, layout, pools, QUIET)
    record = plan_record(both, None)
    found = {one.dataset: one for one in gate_records(layout, record)}
    assert list(found) == ["rich", "poor"]
    assert found["rich"].record["domains"]["snowy"]["distance"] is not None
    assert found["poor"].record["domains"]["snowy"]["distance"] is None
    undelivered = {dataset for dataset, one in found.items() if not one.record["delivered"]}
    assert {dataset for _, dataset, _ in refused} == undelivered
    assert {row["dataset"] for row in gate_table(layout, record).to_pylist()} == {"rich", "poor"}


def test_tones_are_those_of_the_rows_that_are_given(planned: Plan) -> None:
    material = planned.materials["north"]
    stage1, stage2 = (admitted(context, material.train) for context in planned.study.contexts)
    assert len(tones(stage1, "foggy", material.dataset, None)) == 0
    assert len(tones(stage2, "foggy", material.dataset, None)) == sum(r.sample.domain == "foggy" for r in stage2) > 10


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        ("copy", lambda source, image: source.image.copy()),
        ("constant", lambda source, image: np.full_like(image, 128)),
        ("edges", lambda source, image: np.ascontiguousarray(image[:, ::-1])),
        ("shift", lambda source, image: np.roll(image, 3, axis=1)),
    ],
)
def test_what_is_broken_is_not_delivered_and_says_why(
    planned: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rule: str, broken
) -> None:
    true = Oracle.generate
    monkeypatch.setattr(Oracle, "generate", lambda self, s, d, rng: broken(s, true(self, s, d, rng)))
    layout, pools = made(planned, tmp_path / "out")
    found = gate(planned, layout, pools, QUIET)
    assert {(dataset, context) for _, dataset, context in found} == {("north", "stage1"), ("north", "stage2")}
    for stop in found.values():
        assert stop.code == "pool.not_delivered" and f"gen_oracle: foggy: {rule} (" in str(stop)
    record = read_json(next(layout.out.glob("pools/*/gate-clear_day-0.5-*.json")))
    assert not record["delivered"] and why_not(record).startswith(f"foggy: {rule} (")


def test_a_run_leaves_out_what_is_not_delivered_until_it_is_or_is_forced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the whole command's inside, in one process; the gate is asked again at every run."""
    monkeypatch.setattr(conducting, "local", lambda *_: Here())
    true, text = gating.judge, STUDY.replace("placebo_duplicate, gen_oracle", "gen_automold")
    text = re.sub(r"north: {.*}", "toy: {reader: toy, world: context}}", text).replace("[foggy]", "[snowy]")
    study = parse(text, Path("gated.yaml"))

    def ran(**how: bool) -> tuple[int, list[str]]:
        status = conducting.conduct(study, tmp_path / "out", 1, "cpu", force=how.get("force", False))
        plan = read_json(tmp_path / "out" / "plan.json")
        return status, sorted(state for _, state in unit_states(Layout(tmp_path / "out"), plan))

    def refuse(*seen: object) -> PoolVerdict:
        return replace(true(*seen), failures=("edges",))  # type: ignore[arg-type]

    def deliver(*seen: object) -> PoolVerdict:
        return replace(true(*seen), failures=())  # type: ignore[arg-type]

    monkeypatch.setattr(gating, "judge", refuse)
    assert ran() == (1, ["finished", "finished", "stopped", "stopped"])
    audit = {check["code"]: check for check in read_json(tmp_path / "out/report/audit.json")["checks"]}
    assert not audit["pool.not_delivered"]["holds"]
    monkeypatch.setattr(gating, "judge", deliver)
    for record in tmp_path.glob("out/pools/*/gate-*.json"):
        record.unlink()
    assert ran() == (0, ["finished"] * 4)

    shutil.rmtree(tmp_path / "out")
    monkeypatch.setattr(gating, "judge", refuse)
    assert ran(force=True) == (1, ["finished"] * 4)
    audit = {check["code"]: check for check in read_json(tmp_path / "out/report/audit.json")["checks"]}
    assert audit["pool.not_delivered"]["statement"].endswith("All the same 2 units were trained on them (--force).")
    said = "gen_automold was trained by --force on images that the gate refused: snowy (edges) on toy."
    told = {f["id"]: f["caveats"] for f in read_json(tmp_path / "out/report/findings.json")["findings"]}
    assert f"In stage1 {said}" in told["gains.stage1.gen_automold"]
    assert f"In stage2 {said}" in told["gains.stage2.gen_automold.snowy"]
    assert violations(tmp_path / "out/report") == ()
    assert ran() == (1, ["finished"] * 4)  # what was forced is kept, and so is the failed check
