import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.data.layouts import scenes
from tests.data.layouts.acdc import FOLDERS, LAYOUT, key, reference, sequence
from tests.data.layouts.cityscapes import ids

from fairweather.data import READERS, Dataset, index
from fairweather.errors import DataError

READER = READERS["acdc"]
ADVERSE = [scene for scene in scenes() if scene.domain in FOLDERS]


def opened(root: Path, splits: tuple[str, ...] = ("train", "val"), **given: str) -> Dataset:
    return READER.open("mine", root, splits, READER.card.resolved(given, "mine"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    LAYOUT.write(tmp_path, scenes())
    return tmp_path


def remove(root: Path, pattern: str) -> None:
    paths = list(root.rglob(pattern))
    assert paths
    for path in paths:
        path.unlink()


def test_the_folder_is_the_domain(root: Path) -> None:
    dataset = opened(root)
    drawn = {key(scene, scene.split): scene for scene in ADVERSE}
    assert {sample.id for sample in dataset.samples} == set(drawn)
    for sample in dataset.samples:
        scene = drawn[sample.id]
        told = sample.split, sample.domain, sample.origin, sample.secondary, sample.group
        assert told == (scene.split, scene.domain, "folder", "", sequence(scene))
        assert np.array_equal(dataset.label(sample), scene.label)


@pytest.mark.parametrize("gone", ["*_labelTrainIds.png", "*_labelIds.png"])
def test_train_ids_and_ids_give_the_same_labels(root: Path, gone: str) -> None:
    remove(root, gone)
    dataset = opened(root, references="yes")
    drawn = {key(scene, scene.split): scene for scene in ADVERSE}
    adverse = [sample for sample in dataset.samples if sample.id in drawn]
    assert len(adverse) == len(ADVERSE) < len(dataset.samples)
    assert all(np.array_equal(dataset.label(sample), drawn[sample.id].label) for sample in adverse)


def test_all_ids_come_from_the_files_of_ids(root: Path) -> None:
    dataset = opened(root, labels="cityscapes34")
    scene = ADVERSE[0]
    label = dataset.label(next(s for s in dataset.samples if s.id == key(scene, scene.split)))
    assert np.array_equal(label, np.where(scene.label == 255, 255, ids()[scene.label]))
    remove(root, "*_labelIds.png")
    with pytest.raises(
        DataError, match=r"gt/fog/train: no file \*_gt_labelIds.png in it; they come in gt_trainval.zip"
    ):
        opened(root, labels="cityscapes34")


def test_a_reference_is_read_with_its_own_label_or_not_at_all(root: Path) -> None:
    dataset = opened(root, references="yes")
    owned = {key(s, f"{s.split}_ref"): s for s in ADVERSE if s.group == 0}  # those the layout gives a gt_ref
    found = {sample.id: sample for sample in dataset.samples if "_ref/" in sample.id}
    assert set(found) == set(owned)
    for id, sample in found.items():
        adverse, calm = owned[id], reference(owned[id], scenes())
        assert np.array_equal(dataset.image(sample), calm.image)
        assert np.array_equal(dataset.label(sample), calm.label)
        assert not np.array_equal(calm.label, adverse.label)  # or the pairing would not be told from the wrong one
        told = sample.split, sample.domain, sample.origin, sample.secondary, sample.group
        assert told == (adverse.split, "clear_day", "folder", "", sequence(adverse))


def test_a_reference_whose_label_is_gone_is_not_given_another(root: Path) -> None:
    shutil.rmtree(root / "gt/fog/train_ref")
    ids = {sample.id for sample in opened(root, references="yes").samples}
    assert not any(id.startswith("fog/train_ref") for id in ids) and any(id.startswith("fog/val_ref") for id in ids)


BROKEN: list[tuple[Callable[[Path], object], str]] = [
    (
        lambda r: shutil.rmtree(r / "rgb_anon/snow"),
        r"rgb_anon/snow/train: no such folder; it comes in rgb_anon_trainvaltest",
    ),
    (lambda r: shutil.rmtree(r / "gt"), r"gt/fog/train: no such folder; it comes in gt_trainval.zip, unpacked in"),
    (
        lambda r: [shutil.rmtree(path) for path in list((r / "gt").glob("*/*_ref"))],
        r"gt/fog/train_ref: no such folder; labels of references come in the newer gt_trainval.zip, or references: no",
    ),
    (
        lambda r: remove(r / "gt/fog/val", "*_labelTrainIds.png"),
        r"rgb_anon/fog/val/.*: image without a label \(2 of 24 are\)",
    ),
    (
        lambda r: remove(r / "gt", "*_gt_labelTrainIds.png"),
        r"references hold Cityscapes train ids.*, the others Cityscapes ids; one data set holds one kind",
    ),
    (
        lambda r: remove(r / "rgb_anon/rain/val_ref", "*.png"),
        r"rgb_anon/rain/val_ref: no file \*_rgb_ref_anon.png in it",
    ),
]


@pytest.mark.parametrize(("spoil", "message"), BROKEN, ids=[m[:50] for _, m in BROKEN])
def test_what_is_wrong_is_one_line(root: Path, spoil: Callable[[Path], object], message: str) -> None:
    spoil(root)
    with pytest.raises(DataError, match=message) as caught:
        index(opened(root, references="yes"))
    assert "\n" not in str(caught.value)


def test_masks_of_uncertainty_are_no_labels(root: Path) -> None:
    remove(root, "*_labelTrainIds.png")
    remove(root, "*_labelIds.png")
    with pytest.raises(DataError, match=r"no file \*_gt_labelTrainIds.png or \*_gt_labelIds.png in it"):
        opened(root)


def test_an_id_table_is_never_laid_over_train_ids(root: Path) -> None:
    remove(root, "*_labelTrainIds.png")
    for path in list((root / "gt").rglob("*_labelIds.png")):  # train ids under the wrong name
        scene = next(s for s in ADVERSE if sequence(s) in path.name)
        Image.fromarray(np.where(scene.label == 0, 255, scene.label).astype(np.uint8)).save(path)
    with pytest.raises(DataError, match=r"pixels of value 255; allowed are 0..33 \(Cityscapes ids\)"):
        index(opened(root))


def test_test_is_withheld(root: Path) -> None:
    with pytest.raises(DataError, match="the labels of test are withheld by the publisher; use train or val"):
        opened(root, ("val", "test"))


def test_a_root_below_is_told_where_to_point(root: Path) -> None:
    with pytest.raises(DataError, match=rf"there is one in {root}; point at it"):
        opened(root / "rgb_anon")


def test_what_is_broken_is_left_out_if_the_user_says_so(root: Path) -> None:
    remove(root / "gt/fog/val", "*_labelTrainIds.png")
    dataset = opened(root, skip_broken="yes")
    assert len(dataset.samples) == len(ADVERSE) - 2 and len(dataset.skipped) == 2
    assert all("fog/val" in line and line.endswith("image without a label") for line in dataset.skipped)
