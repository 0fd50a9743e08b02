import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.conftest import SHARED
from tests.data.layouts import scenes
from tests.data.layouts.cityscapes import LAYOUT, ids, stem, write_labels

from fairweather.data import READERS, Dataset, index
from fairweather.data.files import Files
from fairweather.errors import DataError, UnknownName

READER = READERS["cityscapes"]
SPLITS = ("train", "val")


def opened(root: Path, splits: tuple[str, ...] = SPLITS, **given: str) -> Dataset:
    return READER.open("mine", root, splits, READER.card.resolved(given, "mine"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    LAYOUT.write(tmp_path / "here", scenes())
    return tmp_path / "here"


def test_ids_are_read_whatever_lies_beside_them(root: Path) -> None:
    dataset = opened(root)
    assert dataset.label_space.name == "cityscapes19" and len(dataset.samples) == len(scenes())
    drawn = {stem(scene): scene for scene in scenes()}
    for sample in dataset.samples:
        assert np.array_equal(dataset.label(sample), drawn[sample.id].label)
        assert np.array_equal(dataset.image(sample), drawn[sample.id].image)
        assert sample.domain == "undefined" and sample.secondary == ""
    assert {(s.split, s.group) for s in dataset.samples} == {
        ("train", "aachen"), ("train", "jena"), ("val", "frankfurt"), ("val", "munster"),
    }  # fmt: skip


def test_all_ids_can_be_had(root: Path) -> None:
    dataset, scene = opened(root, labels="cityscapes34"), scenes()[0]
    label = dataset.label(next(s for s in dataset.samples if s.id == stem(scene)))
    assert dataset.label_space.name == "cityscapes34"
    assert np.array_equal(label, np.where(scene.label == 255, 255, ids()[scene.label]))


def test_placeholders_of_test_are_not_read(root: Path) -> None:
    with pytest.raises(DataError, match="'mine': the labels of test are withheld by the publisher; use train or val"):
        opened(root, ("test",))


def spoil_value(root: Path) -> None:
    Image.fromarray(np.full((64, 96), 34, np.uint8)).save(first(root, "gtFine/train", "labelIds"))


def first(root: Path, folder: str, word: str) -> Path:
    return min((root / folder).rglob(f"*{word}.png"))


BROKEN: list[tuple[Callable[[Path], object], str]] = [
    (
        lambda r: first(r, "gtFine/train", "labelIds").unlink(),
        r"leftImg8bit/train/.*: image without a label \(1 of 28 are\)",
    ),
    (lambda r: first(r, "leftImg8bit/val", "").unlink(), r"gtFine/val/.*labelIds.png: label without an image"),
    (lambda r: shutil.rmtree(r / "gtFine/val"), r"gtFine/val: no such folder; it comes in gtFine_trainvaltest.zip"),
    (
        lambda r: shutil.rmtree(r / "leftImg8bit"),
        r"leftImg8bit/train: no such folder; it comes in leftImg8bit_trainvalt",
    ),
    (
        lambda r: [p.unlink() for p in (r / "gtFine/train").rglob("*labelIds.png")],
        r"gtFine/train: no file \*_gtFine_labelIds.png in it; they come in gtFine_trainvaltest.zip",
    ),
    (
        lambda r: first(r, "leftImg8bit/val", "").rename(r / "leftImg8bit/val/a_leftImg8bit.png"),
        r"leftImg8bit/val/a_leftImg8bit.png: expected is .*/leftImg8bit/val/FOLDER/a_leftImg8bit.png",
    ),
    (spoil_value, r"_labelIds.png: 6144 pixels of value 34; allowed are 0..33 \(Cityscapes ids\)"),
    (lambda r: first(r, "gtFine/val", "labelIds").write_bytes(b""), r"_labelIds.png: not a readable image"),
    (
        lambda r: first(r, "gtFine/val", "color").replace(first(r, "gtFine/val", "labelIds")),
        r"_labelIds.png: the label holds RGBA colours; one 8-bit channel",
    ),
    (
        lambda r: first(r, "gtFine/val", "instanceIds").replace(first(r, "gtFine/val", "labelIds")),
        r"_labelIds.png: the label holds mode I;16",
    ),
    (
        lambda r: Image.new("L", (5, 4)).save(first(r, "gtFine/val", "labelIds")),
        r"leftImg8bit/val/.*: image and label differ in size: 96x64 and 5x4",
    ),
]


@pytest.mark.parametrize(("spoil", "message"), BROKEN, ids=[m[:50] for _, m in BROKEN])
def test_what_is_wrong_is_one_line(root: Path, spoil: Callable[[Path], object], message: str) -> None:
    spoil(root)
    with pytest.raises(DataError, match=message) as caught:
        index(opened(root))
    assert "\n" not in str(caught.value)


def test_train_ids_under_the_name_of_ids_are_refused(root: Path) -> None:
    label = scenes()[0].label.copy()
    label[0, :3] = 255  # void, which is no id
    Image.fromarray(label).save(first(root, "gtFine/train", "labelIds"))
    with pytest.raises(DataError, match=r"pixels of value 255; allowed are 0..33 \(Cityscapes ids\)"):
        index(opened(root))


@pytest.mark.parametrize("given", [".", "here/leftImg8bit", "here/gtFine"])
def test_a_root_above_or_below_is_told_where_to_point(root: Path, given: str) -> None:
    with pytest.raises(DataError, match=rf"there is one in {root}; point at it"):
        opened(root.parent / given)


def test_what_is_broken_is_left_out_if_the_user_says_so(root: Path) -> None:
    lost, alone = first(root, "gtFine/train", "labelIds"), first(root, "leftImg8bit/val", "")
    lost.unlink()
    alone.unlink()
    first(root, "gtFine/val/munster", "labelIds").write_bytes(b"no picture")
    dataset = opened(root, skip_broken="yes")
    assert isinstance(dataset, Files) and len(dataset.skipped) == 3
    assert len(dataset.samples) == len(scenes()) - 3 and len(index(dataset).rows) == len(dataset.samples)
    told = "\n".join(dataset.skipped)
    assert "image without a label" in told and "label without an image" in told and "not a readable image" in told


def test_nothing_left_is_an_error(root: Path) -> None:
    for path in (root / "gtFine").rglob("*labelIds.png"):
        path.write_bytes(b"")
    with pytest.raises(DataError, match=r"all 28 records are broken, the first: .*not a readable image"):
        opened(root, skip_broken="yes")


def test_options_are_checked() -> None:
    with pytest.raises(UnknownName, match="unknown labels 'cityscapes18'; did you mean 'cityscapes19'"):
        READER.card.resolved({"labels": "cityscapes18"}, "mine")


def test_half_of_it_is_recognised(root: Path) -> None:
    shutil.rmtree(root / "leftImg8bit")
    assert READER.recognise(root) == {}
    (root / "leftImg8bit_foggy").mkdir()  # then the labels are those of the foggy frames
    assert READER.recognise(root) is None


def test_idd_is_not_recognised_by_its_labels(tmp_path: Path) -> None:
    path = tmp_path / "gtFine/train/12/000000_gtFine_polygons.json"
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    assert READER.recognise(tmp_path) is None and READERS["idd"].recognise(tmp_path) == {}


def test_the_real_sample() -> None:
    """Shrunk from the original (../shared/data/README.md): its ids are those of the table, its train ids those it gives."""
    root = SHARED / "data/format_samples/cityscapes"
    if not root.is_dir():
        pytest.skip("../shared/data/format_samples is not there")
    dataset = opened(root, ("val",))
    (sample,) = dataset.samples
    assert (sample.id, sample.group) == ("val/frankfurt/frankfurt_000000_000294", "frankfurt")
    assert READER.recognise(root) == {}
    label = dataset.label(sample)
    assert dataset.image(sample).shape == (128, 256, 3) and label.shape == (128, 256)
    with (SHARED / "facts/labels/cityscapes.csv").open() as lines:
        official = {int(row["id"]): int(row["trainId"]) for row in csv.DictReader(lines)}
    with Image.open(root / sample.label) as raw:
        assert np.array_equal(label, np.vectorize(official.get)(np.asarray(raw)))
    assert [np.count_nonzero(label == c) for c in (0, 2, 13, 255)] == [9740, 12744, 1802, 1890 + 987 + 764 + 233]
    with Image.open(str(root / sample.label).replace("labelIds", "labelTrainIds")) as drawn:
        # Both files were shrunk each on its own, so 77 of 32768 pixels along edges differ; a wrong table leaves few alike.
        assert np.count_nonzero(np.asarray(drawn) != label) == 77


def test_labels_of_one_scene_are_written_for_every_reader_alike(tmp_path: Path) -> None:
    write_labels(tmp_path, scenes()[:1])
    written = first(tmp_path, f"gtFine/{stem(scenes()[0]).split('/')[0]}", "labelIds")
    assert np.array_equal(np.asarray(Image.open(written)), ids()[scenes()[0].label])
