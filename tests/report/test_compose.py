"""A study folder in every state gives a report: what is there is answered, what is missing or stopped is said."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from fairweather.audit import failed
from fairweather.engine.execute import execute
from fairweather.errors import StoreError
from fairweather.launch.materials import gather, job, make_ready
from fairweather.launch.progress import Progress
from fairweather.report.compose import compose
from fairweather.report.content import ReportContent
from fairweather.report.folder import render
from fairweather.report.sentences import violations
from fairweather.report.terminal import summary
from fairweather.store import Layout, bind, plan_record
from fairweather.store.files import read_json, write_json
from fairweather.study import parse, plan

STUDY = """
name: probe
data: {toy: {reader: toy, world: context}}
contexts: {stage1: {domains: [clear_day]}, stage2: {domains: all}}
strategies: [baseline, std_darken, std_brighten]
models: [toy_fcn]
seeds: [0, 1]
recipe: {lr: 1e-2}
budget: {steps: 8, batch: 8, short_side: 48, crop: [48, 64]}
compare: {contexts: [stage1, stage2]}
"""

Unit = dict[str, Any]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study folder of twelve toy units, all finished."""
    study, progress = parse(STUDY, Path("probe.yaml")), Progress(Console(quiet=True))
    planned = plan(study, gather(study, progress))
    layout = bind(tmp_path_factory.mktemp("whole") / "probe", study)
    write_json(layout.plan, plan_record(planned, None))
    pools, _ = make_ready(planned, layout, progress)
    for unit in planned.units:
        assert execute(job(planned, layout, pools, unit, "cpu", "test")).state == "done"
    shutil.rmtree(layout.out / "cache")
    return layout.out


Copy = Callable[..., Layout]


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Copy:
    """Makes a copy of the folder that holds only the units that are kept."""

    def make(keep: Callable[[Unit], bool] = lambda unit: True, name: str = "probe", **changes: Any) -> Layout:
        layout = Layout(tmp_path / "runs" / name)
        shutil.copytree(whole, layout.out)
        record = read_json(layout.plan)
        for unit in record["units"]:
            if not keep(unit):
                shutil.rmtree(layout.unit(unit["id"]))
        write_json(layout.plan, record | changes)
        return layout

    return make


def units(layout: Layout) -> Iterator[Unit]:
    yield from read_json(layout.plan)["units"]


def stop(layout: Layout, unit: Unit) -> None:
    """As the engine leaves a unit that it stopped."""
    final = layout.unit(unit["id"])
    shutil.rmtree(final, ignore_errors=True)
    hidden = final.with_name(f".{final.name}.work")
    hidden.mkdir()
    (hidden / "stopped.json").write_text(json.dumps({"code": "receipt.inert_act", "reason": "it did nothing"}))


def written(layout: Layout) -> ReportContent:
    """The content, after it was written and said, and its law holds."""
    content = compose(layout)
    render(content, layout.report)
    assert violations(layout.report) == ()
    summary(content, Console(quiet=True), layout.report)
    return content


def ids(content: ReportContent) -> set[str]:
    return {finding.id for finding in content.findings}


def test_a_context_without_a_finished_unit_is_left_out(copy: Copy) -> None:
    for kept, left in (("stage1", "stage2"), ("stage2", "stage1")):
        layout = copy(lambda unit, kept=kept: unit["context"] == kept)
        content = written(layout)
        assert f"gains.{kept}.std_darken" in ids(content) and "context.rank_moves" not in ids(content)
        assert not [id for id in ids(content) if left in id.split(".")]
        missing = next(check for check in content.checks if check.code == "units.missing")
        assert len(missing.rows) == 6
        shutil.rmtree(layout.out)


def test_a_strategy_without_a_finished_unit_is_left_out(copy: Copy) -> None:
    content = written(copy(lambda unit: unit["strategy"] != "std_brighten"))
    assert "gains.stage1.std_darken" in ids(content)
    assert not [id for id in ids(content) if "std_brighten" in id]


def test_a_context_without_its_baseline_is_untestable_and_said(copy: Copy) -> None:
    content = written(copy(lambda unit: (unit["context"], unit["strategy"]) != ("stage2", "baseline")))
    found = {finding.id: finding for finding in content.findings}
    assert found["gains.stage2.std_darken"].verdict == "untestable"
    assert found["gain_change.std_darken"].verdict == "untestable"
    assert found["gains.stage1.std_darken"].verdict != "untestable"


@pytest.mark.parametrize("kept", ["baseline", "std_darken"])
def test_units_that_answer_nothing_leave_the_checks(copy: Copy, kept: str) -> None:
    content = written(copy(lambda unit: unit["strategy"] == kept))
    assert content.findings == () and content.tables["units"].num_rows == 4
    assert next(check for check in content.checks if check.code == "units.missing").rows


def test_stopped_units_are_reported_where_none_is_finished(copy: Copy) -> None:
    layout = copy()
    for unit in units(layout):
        stop(layout, unit)
    content = written(layout)
    assert content.findings == () and failed(content.checks)
    record = json.loads((layout.report / "audit.json").read_text())
    stopped = next(check for check in record["checks"] if check["code"] == "units.stopped")
    assert len(stopped["rows"]) == 12 and stopped["rows"][0]["reason"] == "it did nothing"
    assert "it did nothing" in (layout.report / "report.md").read_text()
    assert "it did nothing" in (layout.report / "index.html").read_text()


def test_a_folder_in_which_nothing_happened_is_refused(copy: Copy) -> None:
    with pytest.raises(StoreError, match="no unit is finished"):
        compose(copy(lambda unit: False))


def budget(content: ReportContent) -> dict[str, str]:
    return {f.id: f.statement for f in content.findings if f.id.startswith("budget.")}


def shortened(layout: Layout) -> None:
    """The plan of a folder as that of a study of four steps."""
    record = read_json(layout.plan)
    record["settings"]["budget"]["steps"] = 4
    write_json(layout.plan, record | {"units": [unit | {"steps": 4} for unit in record["units"]]})


def test_a_shorter_study_is_compared_with(copy: Copy) -> None:
    assert budget(written(copy())) == {}
    shortened(copy(name="short"))
    found = budget(written(copy(name="long", shorter="short")))
    assert "between 4 and 8 steps" in found["budget.std_darken"] and "budget.std_brighten.stage1" in found
    assert "untestable" not in found["budget.std_darken"]


def _recipe(record: dict[str, Any]) -> None:
    record["settings"]["recipe"]["lr"] = 0.5


def _batch(record: dict[str, Any]) -> None:
    record["settings"]["budget"]["batch"] = 4


def _data(record: dict[str, Any]) -> None:
    record["data"]["toy"]["fingerprint_train"] = "0" * 64


def _test(record: dict[str, Any]) -> None:
    record["data"]["toy"]["fingerprint_test"] = "0" * 64


def _space(record: dict[str, Any]) -> None:
    record["data"]["toy"]["label_space"] = "camvid11"


def _context(record: dict[str, Any]) -> None:
    record["contexts"]["stage2"]["share"] = 0.5


def _checkpoint(record: dict[str, Any]) -> None:
    record["settings"]["budget"]["checkpoint"] = 1


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (_recipe, "recipe.lr"),
        (_batch, "budget.batch"),
        (_data, "fingerprint train of toy"),
        (_test, "fingerprint test of toy"),
        (_space, "label space of toy"),
        (_context, "context stage2"),
    ],
    ids=lambda change: getattr(change, "__name__", ""),
)
def test_a_study_that_differs_in_more_than_steps_is_not_compared_with(
    copy: Copy, change: Callable[[dict[str, Any]], None], what: str
) -> None:
    short = copy(name="short")
    shortened(short)
    record = read_json(short.plan)
    change(record)
    write_json(short.plan, record)
    found = budget(compose(copy(name="long", shorter="short")))
    assert set(found) == {"budget.std_darken", "budget.std_brighten"}
    for statement in found.values():
        assert statement.endswith(f"is untestable: the shorter study short differs in more than its steps ({what}).")


def test_what_changes_no_result_may_differ(copy: Copy) -> None:
    short = copy(name="short")
    shortened(short)
    record = read_json(short.plan)
    _checkpoint(record)
    write_json(short.plan, record)
    assert "untestable" not in budget(compose(copy(name="long", shorter="short")))["budget.std_darken"]


def test_a_shorter_study_that_is_not_there_or_not_done_is_said(copy: Copy) -> None:
    long = copy(name="long", shorter="short")

    def reasons() -> set[str]:
        found = budget(compose(long))
        assert set(found) == {"budget.std_darken", "budget.std_brighten"}
        return {statement.partition(" is untestable: ")[2] for statement in found.values()}

    assert reasons() == {"no results of the shorter study short lie beside this folder."}
    for keep, reason in (
        (lambda unit: False, "the shorter study short has no finished unit."),
        (lambda unit: unit["context"] == "stage1", "the shorter study short has no finished unit in stage2."),
        (lambda unit: unit["strategy"] != "baseline", "the shorter study short has no finished unit of baseline."),
    ):
        short = copy(keep, name="short")
        shortened(short)
        assert reasons() == {reason}
        shutil.rmtree(short.out)
    copy(name="short")
    assert reasons() == {"the study short beside this folder has 8 steps, which is not fewer."}


def test_the_note_of_a_domain_stands_on_both_pages_beside_the_metric(copy: Copy) -> None:
    layout = copy()
    record = read_json(layout.plan)
    for row in record["data"]["toy"]["groups"]:
        row["group"] = "one" if row["domain"] == "snowy" else row["group"]
    write_json(layout.plan, record)
    content = written(layout)
    note = "In stage2 the snowy figure of toy is within one sequence (one): training and test frames come from it."
    noted = {finding.id for finding in content.findings if note in finding.caveats}
    assert {"gains.stage2.std_darken", "gains.stage2.std_darken.snowy", "gain_change.std_darken"} <= noted
    assert not [id for id in noted if "stage1" in id]
    for page in ("report.md", "index.html"):
        assert note in (layout.report / page).read_text()


def test_guessed_domains_are_told_beside_the_figures_that_rest_on_them(copy: Copy) -> None:
    layout = copy()
    record = read_json(layout.plan)
    data = record["data"]["toy"]
    (snowy,) = [row for row in data["domains"] if (row["side"], row["domain"]) == ("test", "snowy")]
    guessed = {**snowy, "origin": "heuristic", "images": 2}
    data["domains"] += [guessed]
    data["tagger"] = {
        "tagger": "pictures", "origin": "heuristic", "revision": 1, "coverage": 0.5, "calibration": None,
        "confusion": {"images": 3, "decided": 2, "right": 1, "counts": [{"domain": "night", "said": "snowy", "images": 1}]},
    }  # fmt: skip
    write_json(layout.plan, record)
    content = written(layout)
    note = f"2 of {snowy['images'] + 2} snowy test images of toy have a domain guessed from image statistics."
    noted = {finding.id for finding in content.findings if note in finding.caveats}
    assert {"gains.stage1.std_darken.snowy", "gains.stage2.std_darken.snowy"} <= noted
    assert [c.code for c in content.checks if not c.holds and c.code == "split.heuristic_domains"]
    for page in ("report.md", "index.html"):
        text = (layout.report / page).read_text()
        assert note in text and "Where the domains come from" in text and "Taggers on images of known domain" in text
    assert (layout.report / "tables" / "domain_origins.csv").is_file()
