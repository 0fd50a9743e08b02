from pathlib import Path

import pytest
from PIL import Image

from fairweather.data.encoding import OneChannel, table
from fairweather.data.pairing import keyed, matched, needed_files
from fairweather.errors import DataError

ENCODING = OneChannel("toys", table("toy4"))


def picture(root: Path, *names: str, size: tuple[int, int] = (4, 3)) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", size).save(root / name)


def test_keys_hold_prefix_group_and_stem(tmp_path: Path) -> None:
    picture(tmp_path, "rgb/train/a/1_x.png", "rgb/train/b/1_x.png", "rgb/train/b/1_y.png")
    assert keyed(tmp_path, "rgb/train", ("_x.png",), "train") == {
        "train/a/1": "rgb/train/a/1_x.png",
        "train/b/1": "rgb/train/b/1_x.png",
    }


def test_a_suffix_is_the_end_of_the_name_not_a_part_of_it(tmp_path: Path) -> None:
    picture(tmp_path, "gt/a/1_gt_labelIds.png", "gt/a/2_gt_ref_labelIds.png", "gt/a/3_gt_labelTrainIds.png")
    assert keyed(tmp_path, "gt", ("_gt_labelIds.png",), "val") == {"val/a/1": "gt/a/1_gt_labelIds.png"}


def test_two_files_of_one_key_are_refused(tmp_path: Path) -> None:
    picture(tmp_path, "i/a/1.png", "i/a/1.jpg")
    with pytest.raises(DataError, match=r"i/a/1.png: a second file for val/a/1, beside .*/i/a/1.jpg"):
        keyed(tmp_path, "i", (".png", ".jpg"), "val")


@pytest.mark.parametrize("name", ["i/1.png", "i/a/b/1.png"])
def test_a_file_that_lies_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    picture(tmp_path, "i/a/0.png", name)
    with pytest.raises(DataError, match=rf"{name}: expected is {tmp_path}/i/FOLDER/1.png"):
        keyed(tmp_path, "i", (".png",), "val")


def test_files_that_are_needed_are_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"/i: no such folder; it comes in i.zip"):
        needed_files(tmp_path, "i", (".png",), "val", "i.zip")
    picture(tmp_path, "i/a/1.png")
    assert needed_files(tmp_path, "i", (".png",), "val", "i.zip") == {"val/a/1": "i/a/1.png"}
    with pytest.raises(DataError, match=r"/i: no file \*_x.png or \*_x.jpg in it; they come in i.zip"):
        needed_files(tmp_path, "i", ("_x.png", "_x.jpg"), "val", "i.zip")


def test_the_first_broken_record_is_an_error_unless_all_are_to_be_left_out(tmp_path: Path) -> None:
    images = {key: f"i/{key}.png" for key in "abcde"}
    labels = {key: f"l/{key}.png" for key in "bcdef"}
    picture(tmp_path, *images.values(), *labels.values())
    picture(tmp_path, labels["c"], size=(3, 4))
    (tmp_path / images["d"]).write_bytes(b"")
    with pytest.raises(DataError, match=r"i/a.png: image without a label \(1 of 5 are\)"):
        matched(tmp_path, images, labels, ENCODING, skip_broken=False)
    keys, skipped = matched(tmp_path, images, labels, ENCODING, skip_broken=True)
    assert keys == ("b", "e")
    said = (
        "a.png: image without a label",
        "differ in size: 4x3 and 3x4",
        "d.png: not a readable image",
        "label without an",
    )
    assert len(skipped) == 4 and all(part in line for part, line in zip(said, skipped, strict=True))


def test_whole_data_leave_nothing_out(tmp_path: Path) -> None:
    images, labels = {"b": "i/b.png", "a": "i/a.png"}, {"a": "l/a.png", "b": "l/b.png"}
    picture(tmp_path, *images.values(), *labels.values())
    for skip in (True, False):
        assert matched(tmp_path, images, labels, ENCODING, skip) == (("a", "b"), ())
