import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from fairweather.data import READERS
from fairweather.data.folder import write_folder
from fairweather.launch.materials import gather
from fairweather.launch.progress import Progress
from fairweather.store import plan_record
from fairweather.study import plan, read
from fairweather.vocabulary.domains import UNDEFINED

Door = Callable[..., tuple[int, str, str]]  # the fixture `door`


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """A folder of thirty Fairtown frames, a third of them without a domain."""
    reader = READERS["fairtown"]
    town = reader.open("t", None, ("test",), reader.card.resolved({"town": "east", "size": "64x32"}, "t"))
    chosen = town.samples[:: len(town.samples) // 30][:30]
    folder = tmp_path / "world"
    folder.mkdir()
    write_folder(town.only(chosen), folder)
    header, *lines = (folder / "frames.csv").read_text().splitlines()
    blank = [_without_domain(line) if n % 3 == 0 else line for n, line in enumerate(lines)]
    blank = [line.replace(",test,", ",train,") if n % 2 else line for n, line in enumerate(blank)]
    (folder / "frames.csv").write_text("\n".join([header, *blank]) + "\n")
    return folder


def _without_domain(line: str) -> str:
    image, label, split, _, group, *_ = line.split(",")
    return ",".join((image, label, split, UNDEFINED, group, "", ""))


def test_tag_writes_a_table_that_a_study_takes(door: Door, world: Path, tmp_path: Path) -> None:
    status, out, err = door("data", "tag", "world", "--with", "pictures", "--out", "deep/domains.csv", cwd=tmp_path)
    assert (status, err) == (0, "")
    assert "pictures (origin heuristic): 30 images" in out and "of 20 with a known domain right" in out
    rows = list(csv.DictReader((tmp_path / "deep/domains.csv").read_text().splitlines()))
    assert len(rows) == 30 and {row["origin"] for row in rows} == {"heuristic"}
    assert json.loads((tmp_path / "deep/domains.json").read_text())["confusion"]["images"] == 20
    again = door("data", "tag", "world", "--with", "pictures", "--out", "deep/domains.csv", cwd=tmp_path)
    assert again[0] == 0 and rows == list(csv.DictReader((tmp_path / "deep/domains.csv").read_text().splitlines()))
    study = tmp_path / "s.yaml"
    study.write_text(
        "name: s\ndata: {w: {reader: folder, root: world, domains: deep/domains.csv}}\nsplits: {train: [train], test: [test]}\n"
        "contexts: {all: {domains: all}}\nstrategies: [baseline, std_darken]\nmodels: [toy_fcn]\nseeds: [0]\n"
        "budget: {steps: 2, batch: 4, short_side: 32, crop: [32, 32]}\n"
    )
    record = _plan_record(study)["data"]["w"]
    tested = [row for row in record["domains"] if row["side"] == "test"]
    assert {row["origin"] for row in tested} == {"attribute", "heuristic"}
    assert record["tagger"]["tagger"] == "pictures" and record["tagger"]["confusion"]["images"] == 20
    (tmp_path / "deep/domains.json").unlink()
    assert _plan_record(study)["data"]["w"]["tagger"] is None


def _plan_record(path: Path) -> dict[str, Any]:
    progress, study = Progress(Console(quiet=True)), read(path)
    return plan_record(plan(study, gather(study, progress)), None)


def test_tag_calibrates_on_what_is_known(door: Door, world: Path, tmp_path: Path) -> None:
    status, _, err = door(
        "data", "tag", "world", "--with", "pictures", "--calibrate", "world", "--out", "d.csv", cwd=tmp_path
    )
    assert (status, err) == (0, "")
    sheet = json.loads((tmp_path / "d.json").read_text())
    assert sheet["calibration"]["images"] + sheet["confusion"]["images"] == 20
    # Fitted and judged on training images; the confusion holds test images with a known domain besides.
    assert 0 < sheet["calibration"]["judged_on"]["images"] < sheet["confusion"]["images"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("toy", "--with", "clop"), "--with: unknown tagger 'clop'; did you mean 'clip'?"),
        (("toy", "--with", "pictures", "--weights", "x"), "the tagger pictures has none"),
        (("toy", "--weights", "nowhere"), "--weights: nowhere is no folder"),
        (("toyy", "--with", "pictures"), "unknown data set 'toyy'; did you mean 'toy'?"),
        (("toy", "--with", "pictures", "--calibrate", "camvid"), "unknown data set 'camvid'"),
        ((), "Missing argument"),
    ],
)
def test_bad_input_is_status_2_and_one_line(door: Door, tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    status, _, err = door("data", "tag", *words, "--out", "d.csv", cwd=tmp_path)
    assert status == 2 and message in err and err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_without_weights_clip_says_so_in_one_line(door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "transformers", None)
    status, _, err = door("data", "tag", "toy", "--out", "d.csv", cwd=tmp_path)
    assert status == 2 and "needs the package transformers" in err and err.count("\n") == 1
