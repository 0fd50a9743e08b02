from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fairweather.data import READERS, SPLITS, Dataset, index, open_dataset
from fairweather.data.folder import write_folder
from fairweather.errors import DataError, UnknownName
from fairweather.vocabulary.labels import label_map


def toy() -> Dataset:
    return READERS["toy"].open("toy", None, ("test",), {"world": "context"})


def opened(root: Path | None) -> Dataset:
    return READERS["folder"].open("mine", root, SPLITS, {"label_space": "toy4"})


@pytest.fixture
def written(tmp_path: Path) -> Path:
    write_folder(toy(), tmp_path)
    return tmp_path


def test_what_is_written_is_read_back_with_the_same_pixels(written: Path) -> None:
    ticks: list[None] = []
    back = opened(written)
    there, here = index(toy()), index(back, lambda: ticks.append(None))
    assert len(ticks) == len(there.rows) == 120
    for a, b in zip(there.rows, here.rows, strict=True):
        assert (a.image_pixels, a.label_pixels, a.histogram) == (b.image_pixels, b.label_pixels, b.histogram)
        assert (a.sample.domain, a.sample.group, a.sample.split) == (b.sample.domain, b.sample.group, b.sample.split)
    assert back.content(back.samples[0])[0] == here.rows[0].image_sha256


@pytest.fixture
def camvid(tmp_path: Path) -> Path:
    """A folder with one label that holds every class of camvid11, and ignored pixels."""
    label = np.resize(np.array([*range(11), 255], np.uint8), (24, 32))
    Image.fromarray(label).save(tmp_path / "l.png")
    Image.fromarray(np.zeros((24, 32, 3), np.uint8)).save(tmp_path / "i.png")
    (tmp_path / "frames.csv").write_text("image,label,split,domain,group\ni.png,l.png,train,night,\n")
    return tmp_path


def edit(root: Path, old: str, new: str) -> None:
    table = root / "frames.csv"
    table.write_text(table.read_text().replace(old, new, 1))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda r: (r / "frames.csv").unlink(), r"frames.csv: missing; it names each frame's image, label"),
        (lambda r: edit(r, "group", "sequence"), "no column 'group'"),
        (lambda r: edit(r, ",test,", ",exam,"), "line 2: unknown split 'exam'"),
        (lambda r: edit(r, "clear_day,", "clear_dy,"), r"line 2: unknown domain 'clear_dy'; did you mean 'clear_day'"),
        (lambda r: edit(r, "images/", "../images/"), r"line 2: \.\./images/.* leads up; write the path of the image"),
        (lambda r: next((r / "labels").rglob("*.png")).unlink(), r"line \d+: no file"),
        (lambda r: edit(r, "000-1.png", "000-0.png"), "line 3: image .*000-0.png is listed twice"),
        (lambda r: Image.new("L", (5, 4)).save(next((r / "labels").rglob("*.png"))), r"differ in size: 64x48 and 5x4"),
    ],
)
def test_a_bad_folder_is_refused_in_one_line(written: Path, spoil, message: str) -> None:  # type: ignore[no-untyped-def]
    spoil(written)
    with pytest.raises((DataError, UnknownName), match=message) as caught:
        opened(written)
    assert "\n" not in str(caught.value)


def test_a_value_that_is_no_class_is_named_with_its_count(written: Path) -> None:
    path = next((written / "labels").rglob("*.png"))
    Image.fromarray(np.full((48, 64), 4, np.uint8)).save(path)
    dataset = opened(written)
    sample = next(s for s in dataset.samples if (written / s.label) == path)
    with pytest.raises(DataError, match=r"3072 pixels of value 4; allowed are 0\.\.3 and 255 \(classes of toy4"):
        dataset.label(sample)


def test_a_root_is_needed() -> None:
    with pytest.raises(DataError, match="reader folder needs a root"):
        opened(None)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("images/a.png", "images/a.jpg"), "both are images/a"),
        (("images/a.png", "images/A.png"), "differ in case alone"),
    ],
)
def test_two_images_of_one_name_are_refused(written: Path, names: tuple[str, str], message: str) -> None:
    header, first, *_ = (written / "frames.csv").read_text().splitlines()
    image, label, *rest = first.split(",")
    for name in names:
        Image.open(written / image).save(written / name)
    lines = [",".join((name, label, *rest)) for name in names]
    (written / "frames.csv").write_text("\n".join([header, *lines]) + "\n")
    with pytest.raises(DataError, match=message):
        open_dataset(READERS["folder"], "mine", written, SPLITS, {"label_space": "toy4"})


def test_broken_files_are_left_out_by_name_if_the_user_says_so(written: Path) -> None:
    lines = (written / "frames.csv").read_text().splitlines()
    (written / lines[1].split(",")[0]).write_bytes(b"")
    (written / lines[2].split(",")[1]).unlink()
    options = {"label_space": "toy4", "skip_broken": "yes"}
    dataset = READERS["folder"].open("mine", written, SPLITS, options)
    assert len(dataset.samples) == 118 and len(dataset.skipped) == 2 and "line 3: no file" in dataset.skipped[1]


def test_who_said_so_of_a_domain_is_written_and_read_back(tmp_path: Path) -> None:
    some = toy().samples[:2]
    given = (replace(some[0], origin="heuristic", secondary="rainy"), replace(some[1], domain="undefined", origin=""))
    write_folder(toy().only(given), tmp_path)
    back = {sample.id: sample for sample in opened(tmp_path).samples}
    for sample in given:
        read = back[f"images/{sample.id}"]
        assert (read.domain, read.origin, read.secondary) == (sample.domain, sample.origin, sample.secondary)


def test_a_table_without_an_image_is_refused(written: Path) -> None:
    table = written / "frames.csv"
    table.write_text(table.read_text().splitlines()[0] + "\n")
    with pytest.raises(DataError, match=r"frames\.csv: it names no image"):
        opened(written)


def test_labels_may_be_read_to_the_cityscapes_classes(written: Path, camvid: Path) -> None:
    reader = READERS["folder"]
    with pytest.raises(DataError, match="toy4 has no map to cityscapes19; write native"):
        reader.open("mine", written, SPLITS, {"label_space": "toy4", "labels": "cityscapes19"})
    native = reader.open("mine", camvid, SPLITS, {"label_space": "camvid11", "labels": "native"})
    harmonised = reader.open("mine", camvid, SPLITS, {"label_space": "camvid11", "labels": "cityscapes19"})
    lut = label_map("camvid11", "cityscapes19").lut()
    assert harmonised.label_space.name == "cityscapes19"
    for sample in native.samples:
        assert np.array_equal(harmonised.label(sample), lut[native.label(sample)])
