from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fairweather.data.cityscapes_labels import TRAIN_IDS, ids, labels_by_suffix
from fairweather.errors import DataError

PLACES = [("gt/fog", "fog"), ("gt/rain", "rain")]


def write(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (2, 2)).save(root / name)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path, "gt/fog/a/1_gt_labelIds.png", "gt/fog/a/1_gt_invIds.png", "gt/rain/b/2_gt_labelIds.png")
    return tmp_path


def test_train_ids_are_taken_where_they_are_wanted_and_there(root: Path) -> None:
    found, encoding = labels_by_suffix(root, PLACES, "_gt", "cityscapes19", "gt.zip")
    assert encoding == ids("cityscapes19")
    assert found == {"fog/a/1": "gt/fog/a/1_gt_labelIds.png", "rain/b/2": "gt/rain/b/2_gt_labelIds.png"}
    write(root, "gt/fog/a/1_gt_labelTrainIds.png", "gt/rain/b/2_gt_labelTrainIds.png")
    found, encoding = labels_by_suffix(root, PLACES, "_gt", "cityscapes19", "gt.zip")
    assert encoding == TRAIN_IDS and all(path.endswith("_labelTrainIds.png") for path in found.values())
    found, encoding = labels_by_suffix(root, PLACES, "_gt", "cityscapes34", "gt.zip")
    assert encoding == ids("cityscapes34") and all(path.endswith("_labelIds.png") for path in found.values())


def test_the_two_are_never_mixed(root: Path) -> None:
    write(root, "gt/fog/a/1_gt_labelTrainIds.png")
    found, encoding = labels_by_suffix(root, PLACES, "_gt", "cityscapes19", "gt.zip")
    assert encoding == TRAIN_IDS and set(found) == {
        "fog/a/1"
    }  # the image of rain/b/2 has no label then, which is an error


def test_nothing_of_either_kind_is_named(root: Path) -> None:
    with pytest.raises(
        DataError, match=r"no file \*_gt_ref_labelTrainIds.png or \*_gt_ref_labelIds.png in it; they come in g"
    ):
        labels_by_suffix(root, PLACES, "_gt_ref", "cityscapes19", "gt.zip")
    with pytest.raises(DataError, match=r"gt/snow: no such folder; it comes in gt.zip"):
        labels_by_suffix(root, [("gt/snow", "snow")], "_gt", "cityscapes19", "gt.zip")


def test_train_ids_and_ids_are_read_by_their_own_tables(tmp_path: Path) -> None:
    path = tmp_path / "label.png"
    Image.fromarray(np.array([[7, 8, 18, 0]], np.uint8)).save(path)
    assert TRAIN_IDS.decode(path).tolist() == [[7, 8, 18, 0]]
    assert ids("cityscapes19").decode(path).tolist() == [[0, 1, 255, 255]]
    assert ids("cityscapes34").decode(path).tolist() == [[7, 8, 18, 255]]
