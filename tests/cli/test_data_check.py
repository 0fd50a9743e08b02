import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.audit.datasets.conftest import frames, labelled, values_of, write

Door = Callable[..., tuple[int, str, str]]  # the fixture `door`


def test_a_clean_folder_is_status_0_and_all_that_was_looked_at_is_said(door: Door, tmp_path: Path) -> None:
    write(tmp_path / "town", frames())
    status, out, err = door("data", "check", "town", cwd=tmp_path)
    assert (status, err) == (0, "")
    assert "town (folder): 28 images (train 14, val 14), labels cityscapes19" in out
    assert "ok       data.unreadable_file, " in out and "0 errors, 0 warnings" in out


def test_a_warning_is_status_0_and_an_error_status_1_with_files_and_what_to_do(door: Door, tmp_path: Path) -> None:
    some = frames()
    write(tmp_path / "twice", [*some, replace(some[0], image_name="again", label_name="again")])
    status, out, _ = door("data", "check", "twice", cwd=tmp_path)
    assert status == 0 and "warning  data.same_image_twice" in out and "0 errors, 1 warnings" in out
    root = write(tmp_path / "empty", some)
    for number in (1, 2, 3, 4, 5, 6):
        (root / "images" / f"frame_{number:06d}_rgb.png").write_bytes(b"")
    status, out, _ = door("data", "check", "empty", cwd=tmp_path)
    assert status == 1 and "error    data.empty_file" in out and "6 of 28 files hold no byte." in out
    assert "file images/frame_000004_rgb.png, problem 0 bytes" in out and "frame_000005" not in out
    assert "and 2 more (--json has all)" in out and "Unpack or download these files again" in out


def test_json_is_the_object_of_audit_json_with_all_rows(door: Door, tmp_path: Path) -> None:
    write(tmp_path / "ids", labelled(values_of("cityscapes34")))
    status, out, _ = door("data", "check", "ids", "--json", cwd=tmp_path)
    record = json.loads(out)
    assert status == 1 and record["schema"] == 1
    found = {check["code"]: check for check in record["checks"]}
    assert set(found["data.empty_file"]) == {"code", "severity", "holds", "statement", "rows", "action"}
    assert (
        len(found["labels.not_as_declared"]["rows"]) == 28
        and "Name the encoding" in found["labels.not_as_declared"]["advice"]
    )
    status, out, _ = door("data", "check", "ids", "--set", "label_space=cityscapes34", "--json", cwd=tmp_path)
    assert status == 0 and json.loads(out)["checks"]


def test_other_data_sets_are_named_beside_it(door: Door, tmp_path: Path) -> None:
    write(tmp_path / "one", frames()[:14])
    write(tmp_path / "two", frames()[10:])
    write(tmp_path / "three", frames()[20:])
    words = ("data", "check", "one", "--beside", "two", "--beside", "folder:three", "--json")
    status, out, _ = door(*words, cwd=tmp_path)
    inside = [check for check in json.loads(out)["checks"] if check["code"] == "data.inside_another"]
    assert status == 0 and [check["holds"] for check in inside] == [False, True] and len(inside[0]["rows"]) == 4


def test_a_sheet_is_written_of_what_can_be_read(door: Door, tmp_path: Path) -> None:
    root = write(tmp_path / "town", frames())
    (root / "images" / "frame_000003_rgb.png").write_bytes(b"")
    status, out, _ = door("data", "check", "town", "--sheet", "deep/sheet.png", cwd=tmp_path)
    assert status == 1
    with Image.open(tmp_path / "deep/sheet.png") as sheet:
        assert f"{sheet.width} x {sheet.height} pixels" in out and np.asarray(sheet).std() > 10


def test_an_embedded_data_set_is_checked_too(door: Door, tmp_path: Path) -> None:
    status, out, _ = door("data", "check", "toy:both", cwd=tmp_path)
    assert status == 0 and "toy:both (toy)" in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nowhere",), "unknown data set 'nowhere'"),
        (("camvid:nowhere",), "nowhere is no folder"),
        ((".",), "not the layout of any reader"),
        (("toy", "--set", "world=bath"), "did you mean 'both'?"),
        (("town", "--set", "label_space"), "write KEY=VALUE"),
        (("town", "--set", "label_space=cityscapes91"), "did you mean 'cityscapes19'?"),
        (("town", "--set", "label=x"), "unknown key 'label'"),
        (("town", "--beside", "nowhere"), "unknown data set 'nowhere'"),
        (("half",), "no file"),
    ],
)
def test_bad_input_is_status_2_and_one_line(door: Door, tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    write(tmp_path / "town", frames()[:2])
    half = write(tmp_path / "half", frames()[:4])
    (half / "labels" / "frame_000002_gt.png").unlink()
    status, _, err = door("data", "check", *words, cwd=tmp_path)
    assert status == 2 and message in err and err.count("\n") == 1
