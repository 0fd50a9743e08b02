import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image

from fairweather.data import READERS, fingerprint, index

Door = Callable[..., tuple[int, str, str]]  # the fixture `door`


def test_show_writes_a_contact_sheet(door: Door, tmp_path: Path) -> None:
    status, out, err = door("data", "show", "toy:both", "--out", "deep/sheet.png", "--scenes", 2, cwd=tmp_path)
    assert (status, err) == (0, "")
    with Image.open(tmp_path / "deep/sheet.png") as sheet:
        assert f"{sheet.width} x {sheet.height} pixels" in out
        assert np.asarray(sheet).std() > 10


def test_index_writes_a_folder_that_the_folder_reader_reads(door: Door, tmp_path: Path) -> None:
    status, out, err = door("data", "index", "toy", "--out", "world", cwd=tmp_path)
    assert (status, err) == (0, "") and "reader: folder" in out
    read = READERS["folder"].open("x", tmp_path / "world", ("train", "test"), {"label_space": "toy4"})
    drawn = READERS["toy"].open("x", None, ("train", "test"), {"world": "context"})
    assert [r.image_pixels for r in index(read).rows] == [r.image_pixels for r in index(drawn).rows]
    assert not list(tmp_path.glob(".*"))
    status, _, err = door("data", "index", "toy", "--out", "world", cwd=tmp_path)
    assert status == 2 and "is there already" in err


@pytest.fixture
def folder(door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The toy twin on disk, and an index folder of the test's own."""
    monkeypatch.setenv("FAIRWEATHER_INDEX_DIR", str(tmp_path / "indexes"))
    assert door("data", "index", "toy", "--out", "world", cwd=tmp_path)[0] == 0
    return tmp_path


def test_index_says_what_is_there_and_what_changed(door: Door, folder: Path) -> None:
    words = ("data", "index", "world", "--set", "label_space=toy4")
    status, out, err = door(*words, "--json", cwd=folder)
    first = json.loads(out)
    rows = index(READERS["folder"].open("x", folder / "world", ("train", "test"), {"label_space": "toy4"})).rows
    assert status == 0 and (first["reader"], first["images"], first["new"]) == ("folder", len(rows), len(rows))
    assert first["fingerprint"] == fingerprint(rows) and first["origins"] == {"attribute": len(rows)}
    assert sum(first["splits"]["test"].values()) == sum(row.sample.split == "test" for row in rows)
    assert Path(first["manifest"]).parent == folder / "indexes"
    next((folder / "world/images").rglob("*.png")).touch()
    status, out, err = door(*words, "--manifest", "m.parquet", cwd=folder)
    assert (status, err) == (0, "") and "0 new, 1 changed, 0 vanished, 0 left out" in out and "m.parquet" in out
    assert pq.read_table(folder / "m.parquet")["image_pixels"].to_pylist() == [row.image_pixels for row in rows]


def test_index_names_what_is_broken_and_goes_on_only_if_told(door: Door, folder: Path) -> None:
    path = sorted((folder / "world/labels").rglob("*.png"))[0]
    path.write_bytes(path.read_bytes()[:70])
    words = ("data", "index", "folder:world", "--set", "label_space=toy4")
    status, _, err = door(*words, cwd=folder)
    assert status == 2 and f"{path.name}: damaged or cut short" in err and err.count("\n") == 1
    status, out, err = door(*words, "--skip-broken", cwd=folder)
    assert status == 0 and f"left out: {path}: damaged or cut short" in out and "1 left out" in out
    status, out, err = door(*words, "--skip-broken", "--out", "rest", cwd=folder)
    assert (status, err) == (0, "") and "label_space: toy4" in out
    lines = (folder / "rest/frames.csv").read_text().splitlines()
    assert len(lines) == len((folder / "world/frames.csv").read_text().splitlines()) - 1


def test_a_folder_that_two_readers_know_is_asked_about(door: Door, folder: Path) -> None:
    (folder / "world/frames.csv").write_text("image,label,split,domain,group,frame,sequence\n")
    status, _, err = door("data", "show", "world", cwd=folder)
    assert status == 2 and "world: could be folder or camvid; say which, as READER:world" in err


def test_images_without_a_domain_are_shown_too(door: Door, folder: Path) -> None:
    table = folder / "world/frames.csv"
    table.write_text(table.read_text().replace(",clear_day,", ",undefined,"))
    status, out, err = door("data", "show", "world", "--out", "sheet.png", cwd=folder)
    assert (status, err) == (0, "") and "sheet.png: " in out
    status, _, err = door("data", "show", "world", "--out", "world", cwd=folder)
    assert status == 2 and err == "fairweather: --out: world is a folder; name a file\n"
    status, _, err = door("data", "show", "world", "--set", "split=grouped", cwd=folder)
    assert status == 2 and "split: grouped is for a study" in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("show", "fairtown:nort"), "unknown town 'nort'; did you mean 'north'?"),
        (("show", "fairtown:north:60x30"), "'60x30' is too small; the smallest is 64x32"),
        (("show", "fairtown:north:250x130"), "multiples of 32"),
        (("show", "fairtown:north:256x128:cityscapes7:x"), "too many options; write FAIRTOWN:TOWN:SIZE:LABELS"),
        (("show", "fairtwn"), "no such folder: unknown data set 'fairtwn'; did you mean 'fairtown'?"),
        (("show", "camvid"), "no such folder: unknown data set 'camvid'"),
        (("show", "toy", "--split", "exam"), "--split: unknown split 'exam'"),
        (("show", "."), "not the layout of any reader (folder, acdc, bdd10k"),
        (("show", "folder:."), "frames.csv: missing"),
        (("show", "folder:.", "--set", "label_space"), "--set label_space: write KEY=VALUE; keys of folder are"),
        (("show", "folder:.", "--set", "labelspace=x"), "unknown key 'labelspace'; did you mean 'label_space'?"),
        (("index", "toy", "--out", "x", "--json"), "--out writes a folder"),
        (("index", "toy", "--manifest", "."), "--manifest: . is a folder"),
        (("index", "toy", "--skip-broken"), "unknown key 'skip_broken'"),
    ],
)
def test_bad_input_is_status_2_and_one_line(door: Door, tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    status, _, err = door("data", *words, cwd=tmp_path)
    assert status == 2 and message in err and err.count("\n") == 1
    assert not list(tmp_path.iterdir())
