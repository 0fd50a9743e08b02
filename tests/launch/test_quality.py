"""Pools are measured when the units have run, again when the terms change, and stop nothing."""

import json
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from fairweather.cli import conduct as conducting
from fairweather.cli.conduct import conduct, write_report
from fairweather.engine import quality as room
from fairweather.launch import quality as launching
from fairweather.launch.executors import Here
from fairweather.report.sentences import violations
from fairweather.store import Layout
from fairweather.study import Study

pytest.importorskip("torch")


@contextmanager
def here(workers: int, threads: int) -> Iterator[Executor]:
    yield Here()


@pytest.fixture(autouse=True)
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conducting, "local", here)
    monkeypatch.setattr(room, "study_network", partial(room.study_network, steps=3))


COMPOSITE = "quality: {composite: {ssim: {worst: 0, best: 1, weight: 1}}}\n"


@pytest.fixture
def asked(study: Callable[..., Study]) -> Callable[..., Study]:
    def make(extra: str = "", strategies: str = "baseline, gen_automold") -> Study:
        return study(strategies, steps=2, extra="pool: {targets: [snowy]}\n" + extra)

    return make


def records(out: Path) -> dict[str, dict[str, Any]]:
    return {path.parent.name: json.loads(path.read_text()) for path in (out / "pools").glob("*/quality.json")}


def noted(record: dict[str, Any], name: str) -> set[str]:
    return {number["note"] for number in record["numbers"] if number["name"] == name}


def test_a_study_measures_its_pools_once_and_prints_them(
    asked: Callable[..., Study], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out, probe = tmp_path / "out", asked(strategies="baseline, placebo_duplicate, gen_automold")
    conduct(probe, out, 1, "cpu", force=True)
    assert "measuring quality of gen_automold on toy" in capsys.readouterr().out
    ((pool, record),) = records(out).items()  # none of the placebo, which keeps its domain
    (unit,) = {number["recipe"]["needs_unit"] for number in record["numbers"] if number["name"] == "mean_iou"}
    identity = json.loads((out / "units" / unit / "unit.json").read_text())["identity"]
    assert identity["pool"] is None and identity["seed"] == 0
    assert len(identity["context"]["domains"]) == 7
    assert violations(out / "report") == ()
    assert list((out / "report" / "figures").glob("images_*.jpg"))
    assert (
        write_report(Layout(out), Console(quiet=True), photographs=False) == 1
    )  # for automold's toy images fail the gate
    assert not list((out / "report" / "figures").glob("images_*.jpg")) and violations(out / "report") == ()
    table = (out / "report" / "tables" / "quality.csv").read_text()
    assert f'"gen_automold","toy","{pool}","snowy","mean_iou",' in table and unit in table
    assert "trained 3 steps" in (out / "report" / "tables" / "quality_recipes.csv").read_text()
    assert "| gen_automold | toy |" in (out / "report" / "report.md").read_text()
    ids = {f["id"] for f in json.loads((out / "report" / "findings.json").read_text())["findings"]}
    # One generator has nothing to be compared with; the values of the published table are of other images.
    assert not {"attributes.ssim.stage1", "attributes.fid.stage1", "attributes.fw_iou.stage1"} & ids

    path = out / "pools" / pool / "quality.json"
    before = path.read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr(launching, "look", never)
        conduct(probe, out, 1, "cpu", force=False)
    assert path.read_bytes() == before and "measuring" not in capsys.readouterr().out


def never(share: object) -> None:
    raise AssertionError("measured again")


def test_a_record_is_made_again_when_it_is_missing_and_when_there_is_a_unit_at_last(
    asked: Callable[..., Study], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    conduct(asked(), out, 1, "cpu", force=True)
    ((pool, whole),) = records(out).items()
    weights = {path: path.read_bytes() for path in (out / "units").glob("*/model.safetensors")}
    for path in (*weights, out / "pools" / pool / "quality.json"):
        path.unlink()
    conduct(asked(), out, 1, "cpu", force=False)
    bare = records(out)[pool]
    assert noted(bare, "mean_iou") == {"no finished unit of baseline on toy kept its weights (keep.weights: last)"}
    for path, content in weights.items():
        path.write_bytes(content)
    conduct(asked(), out, 1, "cpu", force=False)
    assert records(out)[pool] == whole
    conduct(asked(COMPOSITE), out, 1, "cpu", force=False)
    assert "composite" in {number["name"] for number in records(out)[pool]["numbers"]}


def test_another_network_measures_every_pool_of_the_data_set_again(
    asked: Callable[..., Study], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, both = tmp_path / "out", asked(strategies="baseline, gen_automold, gen_augmenters")
    conduct(both, out, 1, "cpu", force=True)
    first = records(out)
    next((out / "pools").glob("*/quality.json")).unlink()
    monkeypatch.setattr(room, "study_network", partial(room.study_network, steps=2))
    conduct(both, out, 1, "cpu", force=False)
    networks = {
        number["recipe"]["network"].partition(":")[0]
        for record in records(out).values()
        for number in record["numbers"]
        if number["name"] == "kernel_distance"
    }
    assert len(records(out)) == 2 and len(networks) == 1
    assert all(record not in first.values() for record in records(out).values())


def test_a_pool_that_is_no_longer_whole_is_named_and_the_report_is_written(
    asked: Callable[..., Study], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    conduct(asked(), out, 1, "cpu", force=True)
    ((pool, _),) = records(out).items()
    (out / "pools" / pool / "quality.json").unlink()
    next((out / "pools" / pool / "images").iterdir()).unlink()
    shutil.rmtree(out / "report")
    capsys.readouterr()
    conduct(asked(), out, 1, "cpu", force=False)
    assert "quality of gen_automold not measured: " in capsys.readouterr().out
    assert not records(out) and (out / "report" / "report.md").is_file()


def test_what_breaks_off_leaves_no_record(
    asked: Callable[..., Study], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"

    def interrupted(share: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(launching, "look", interrupted)
        with pytest.raises(KeyboardInterrupt):
            conduct(asked(), out, 1, "cpu", force=True)
    assert not list((out / "pools").glob("*/*quality*"))
    conduct(asked(), out, 1, "cpu", force=True)
    assert len(records(out)) == 1
