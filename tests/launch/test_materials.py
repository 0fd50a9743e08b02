"""A pool that cannot be made stops its own arm and no other; the run ends with status 1 and says why."""

import json
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from tests.data.layouts import layouts, scenes

from fairweather.audit.splits import check_splits
from fairweather.cli import conduct as conducting
from fairweather.cli.conduct import conduct
from fairweather.errors import DataError
from fairweather.generators.noise import Noise
from fairweather.launch.executors import Here
from fairweather.launch.materials import gather
from fairweather.launch.progress import Progress
from fairweather.store import plan_record
from fairweather.strategies.darken import Darken
from fairweather.study import Plan, Study, parse, plan


@contextmanager
def here(workers: int, threads: int) -> Iterator[Executor]:
    yield Here()


@pytest.fixture(autouse=True)
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conducting, "local", here)


def checks(out: Path) -> dict[str, dict[str, object]]:
    return {check["code"]: check for check in json.loads((out / "report" / "audit.json").read_text())["checks"]}


def test_a_generator_that_fails(study: Callable[..., Study], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Noise, image: np.ndarray, label: np.ndarray, domain: str, rng: np.random.Generator) -> np.ndarray:
        raise RuntimeError("out of noise")

    monkeypatch.setattr(Noise, "generate", fail)
    asked = study("baseline, std_darken, placebo_noise", seeds="0, 1")
    assert conduct(asked, tmp_path / "out", 1, "cpu", force=False) == 1
    stopped = checks(tmp_path / "out")["units.stopped"]
    assert len(stopped["rows"]) == 4  # type: ignore[arg-type]
    assert {row["code"] for row in stopped["rows"]} == {"pool.generator_failed"}  # type: ignore[attr-defined]
    assert len(list((tmp_path / "out" / "units").glob("[!.]*"))) == 8


def test_an_inert_strategy_stops_its_units_in_a_run_and_no_other(
    study: Callable[..., Study], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Darken, "on_sample", lambda self, image, label, rng: (image, label))
    asked = study("baseline, std_darken, std_mixup", seeds="0, 1")
    assert conduct(asked, tmp_path / "out", 1, "cpu", force=False) == 1
    stopped = checks(tmp_path / "out")["units.stopped"]
    assert {row["code"] for row in stopped["rows"]} == {"receipt.inert_act"}  # type: ignore[attr-defined]
    assert len(stopped["rows"]) == 4  # type: ignore[arg-type]
    monkeypatch.undo()
    monkeypatch.setattr(conducting, "local", here)
    assert (
        conduct(asked, tmp_path / "out", 1, "cpu", force=False) == 1
    )  # stopped units are not tried again by themselves
    assert conduct(asked, tmp_path / "out", 1, "cpu", force=True) == 0


def run_at_the_door(asked: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """The exit status of `fairweather run` on the study."""
    from fairweather.cli.main import main

    (tmp_path / "probe.yaml").write_text(asked.text)
    words = ["fairweather", "run", str(tmp_path / "probe.yaml"), "--out", str(tmp_path / "out"), "--device", "cpu"]
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as end:
        main()
    assert isinstance(end.value.code, int)
    return end.value.code


def test_a_disk_that_fills_up_mid_unit_is_status_2_and_one_line(
    study: Callable[..., Study],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    import errno

    from fairweather.store import files

    def full(path: Path, data: bytes) -> None:
        with files.on_disk(path):
            raise OSError(errno.ENOSPC, "No space left on device")

    asked = study("baseline, std_mixup")
    with monkeypatch.context() as patch:
        patch.setattr("fairweather.engine.checkpoint.write_bytes", full)
        assert run_at_the_door(asked, tmp_path, monkeypatch) == 2
    said = capsys.readouterr().err
    assert "the disk is full" in said and said.count("\n") == 1
    assert not list((tmp_path / "out" / "units").glob("[!.]*"))
    assert run_at_the_door(asked, tmp_path, monkeypatch) == 0  # nothing was lost: the same command goes on


def test_a_worker_killed_by_the_system_is_status_2_and_one_line(
    study: Callable[..., Study],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    import os
    import signal

    from fairweather.launch import executors
    from fairweather.launch.probe import Estimate

    def killed(jobs: object, executor: Executor, *rest: object) -> None:
        executor.submit(os.kill, executor.submit(os.getpid).result(), signal.SIGKILL).result()

    monkeypatch.setattr(conducting, "local", executors.local)
    monkeypatch.setattr(conducting, "estimate", lambda jobs, executor, workers, tests: Estimate({}, workers))
    monkeypatch.setattr(conducting, "run_jobs", killed)
    assert run_at_the_door(study("baseline, std_mixup"), tmp_path, monkeypatch) == 2
    said = capsys.readouterr().err
    assert "worker process was killed by the system" in said and said.splitlines()[-1].startswith("fairweather: ")


def town(folder: Path, layout: str, extra: str = "", few: int = 0) -> Study:
    """A study of a layout in miniature, of its first few scenes if so many are wanted."""
    root = folder / layout
    if not root.is_dir():
        root.mkdir()
        layouts()[layout].write(root, scenes()[: few or None])
        for empty in ("images/test", "labels/test"):  # all splits of the publisher are read to be divided
            (root / empty).mkdir(exist_ok=True)
    text = f"""
name: town
data: {{town: {{reader: {layout}, root: {root}{extra}}}}}
splits: {{train: [train], test: [{"test" if extra else "val"}]}}
contexts: {{all: {{domains: all}}}}
strategies: [baseline]
models: [toy_fcn]
seeds: [0]
budget: {{steps: 2, batch: 2, short_side: 32, crop: [32, 32]}}
"""
    return parse(text, folder / "town.yaml")


def planned(study: Study) -> Plan:
    return plan(study, gather(study, Progress(Console(quiet=True))))


@pytest.mark.parametrize("layout", ("folder", "camvid"))
def test_a_grouped_study_trains_and_tests_on_whole_groups_of_all_labelled_splits(tmp_path: Path, layout: str) -> None:
    grouped, official = planned(town(tmp_path, layout, ", split: grouped")), planned(town(tmp_path, layout))
    material = grouped.materials["town"]
    sides = [{row.sample.group for row in rows} for rows in (material.train, material.test)]
    assert sides[0] | sides[1] == {"train-0", "train-1", "val-0", "val-1"} and not sides[0] & sides[1]
    assert len(material.train) + len(material.test) == 28 and len(material.test) == 7
    # pools and caches read by the samples of the data set, results by those of the manifest
    assert set(material.dataset.samples) == {row.sample for row in material.manifest.rows}
    assert all(material.dataset.image(row.sample).shape[:2] == row.size for row in material.test)
    assert grouped.units[0].id != official.units[0].id
    assert grouped.units[0].evaluation != official.units[0].evaluation


def test_the_plan_says_that_a_grouped_split_is_not_the_publishers(tmp_path: Path) -> None:
    for extra, official in (("", True), (", split: grouped", False)):
        record = plan_record(planned(town(tmp_path, "camvid", extra)), None)["data"]["town"]
        assert (record["official_splits"], record["split"]) == (official, "official" if official else "grouped")
        assert len(json.dumps(record["overlap"])) < 2000
        both = next(c for c in check_splits({"data": {"town": record}}) if c.code == "split.group_on_both_sides")
        assert both.holds and both.severity == ("warning" if official else "error")


def test_images_that_training_has_seen_are_told_when_the_data_are_read(tmp_path: Path) -> None:
    """One test image is a copy; the numbers of frames run on from training 0 .. 13 to test 14 .. 27, as one drive."""
    study = town(tmp_path, "folder")
    root = tmp_path / "folder"
    for file in ("images/{}.jpg", "labels/{}.png"):
        shutil.copy(root / file.format("000"), root / file.format("027"))
    head, *lines = (root / "frames.csv").read_text().splitlines()
    lines = [line.rsplit(",", 1)[0] + ",drive" for line in lines]
    (root / "frames.csv").write_text("\n".join([head, *lines, ""]))
    told = Console(record=True, width=200)
    gather(study, Progress(told))
    line = "town: of 14 test images 1 trained on to the pixel, 14 within 30 frames of a training frame"
    assert line in told.export_text()
    text = study.text.replace("}}", ", close_frames: 3}}", 1)
    found = gather(parse(text, study.path), Progress(Console(quiet=True)))["town"].overlap
    assert found is not None and sum(near.close for near in found.near.values()) == 3


def test_a_grouped_study_runs_to_its_report(tmp_path: Path) -> None:
    study = town(tmp_path, "folder", ", split: grouped")
    text = study.text.replace("[baseline]", "[baseline, std_darken]")
    assert conduct(parse(text, study.path), tmp_path / "out", 1, "cpu", force=False) == 0
    found = {code: check["holds"] for code, check in checks(tmp_path / "out").items() if code.startswith("split.")}
    assert found == {
        "split.group_on_both_sides": True,
        "split.few_groups": False,
        "split.same_image_on_both_sides": True,
        "split.near_duplicates": True,
        "split.frames_close_in_time": True,
        "split.heuristic_domains": True,
    }
    assert not checks(tmp_path / "out")["labels.unsupported_domain"]["holds"]


def test_one_group_cannot_be_divided(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="town: split: grouped: no domain has two groups, so none can be divided"):
        gather(town(tmp_path, "folder", ", split: grouped", few=1), Progress(Console(quiet=True)))
