from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fairweather.data import READERS, index

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
        (("show", "."), "not a layout that a reader knows; `fairweather datasets` says what each expects"),
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
