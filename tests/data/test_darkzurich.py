import shutil
from pathlib import Path

import numpy as np
import pytest
from tests.data.layouts import scenes
from tests.data.layouts.darkzurich import LAYOUT

from fairweather.data import READERS, Dataset
from fairweather.errors import DataError

READER = READERS["darkzurich"]


def opened(root: Path, splits: tuple[str, ...] = ("val",), **given: str) -> Dataset:
    return READER.open("mine", root, splits, READER.card.resolved(given, "mine"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    LAYOUT.write(tmp_path, scenes())
    return tmp_path


def test_only_the_nights_of_val_are_read(root: Path) -> None:
    dataset = opened(root)
    nights = [scene for scene in scenes() if (scene.domain, scene.split) == ("night", "val")]
    assert len(dataset.samples) == len(nights)
    for sample, scene in zip(dataset.samples, nights, strict=True):
        assert (sample.domain, sample.origin, sample.split) == ("night", "folder", "val")
        assert sample.group == f"GP{scene.group:06d}"
        assert np.array_equal(dataset.image(sample), scene.image) and np.array_equal(dataset.label(sample), scene.label)


def test_ids_are_read_where_only_those_are(root: Path) -> None:
    whole = opened(root)
    labels = [whole.label(sample) for sample in whole.samples]
    for path in list(root.rglob("*_labelTrainIds.png")):
        path.unlink()
    dataset = opened(root)
    assert all(sample.label.endswith("_gt_labelIds.png") for sample in dataset.samples)
    assert all(np.array_equal(dataset.label(s), label) for s, label in zip(dataset.samples, labels, strict=True))


@pytest.mark.parametrize(
    ("split", "message"),
    [
        ("train", "'mine': there are no labels of train from the publisher; use val"),
        ("test", "'mine': the labels of test are withheld by the publisher; use val"),
    ],
)
def test_a_split_without_labels_is_refused(root: Path, split: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        opened(root, (split,))


def test_half_unpacked(root: Path) -> None:
    shutil.rmtree(root / "gt")
    with pytest.raises(DataError, match=r"gt/val/night: no such folder; it comes in Dark_Zurich_val_anon.zip"):
        opened(root)
    shutil.rmtree(root / "rgb_anon/val")
    assert READER.recognise(root) == {}  # by its training images
    with pytest.raises(DataError, match=r"rgb_anon/val/night: no such folder"):
        opened(root)
    assert READERS["acdc"].recognise(root) is None


def test_a_reference_among_the_nights_has_no_label(root: Path) -> None:
    found = min((root / "rgb_anon/val_ref").rglob("*.png"))
    (root / "rgb_anon/val/night/GP000000_ref").mkdir()
    shutil.copy(found, root / "rgb_anon/val/night/GP000000_ref" / found.name)
    with pytest.raises(DataError, match=r"_ref_rgb_anon.png: image without a label"):
        opened(root)
