from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fairweather.data import READERS, SPLITS, Dataset, index
from fairweather.errors import DataError, UnknownName
from fairweather.vocabulary.labels import label_map

Make = Callable[[], Path]


def opened(root: Path, splits: tuple[str, ...] = SPLITS) -> Dataset:
    return READERS["camvid"].open("camvid", root, splits, {})


def test_the_real_folder(camvid_root: Path) -> None:
    samples = opened(camvid_root).samples
    # ../shared/data/README.md: 701 frames; 62 dusk frames on each side of the official split.
    assert len(samples) == 701
    assert Counter((s.split, s.domain) for s in samples)["test", "dawn_dusk"] == 62
    assert {s.group for s in samples if s.domain == "dawn_dusk"} == {"0001TP"}
    assert {s.split for s in samples if s.group == "0016E5"} == {"train", "val"}


def test_void_is_ignored_and_both_suffixes_are_read(tiny_camvid: Make) -> None:
    root = tiny_camvid()
    dataset = opened(root)
    assert {Path(s.image).suffix for s in dataset.samples} == {".jpg", ".png"}
    sample = dataset.samples[0]
    with Image.open(root / sample.label) as file:
        raw = np.asarray(file)
    label = dataset.label(sample)
    assert np.array_equal(label == 255, raw == 11) and np.array_equal(label[raw < 11], raw[raw < 11])
    assert dataset.image(sample).shape == (30, 40, 3)


def _delete(root: Path, pattern: str) -> None:
    next(root.glob(pattern)).unlink()


def _truncate(root: Path, pattern: str) -> None:
    path = next(root.glob(pattern))
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])


def _relabel(root: Path, mode: str) -> None:
    path = root / "labels/train/0006R0_1.png"
    with Image.open(path) as image:
        image.convert(mode).save(path)


def _value(root: Path, value: int) -> None:
    path = root / "labels/train/0006R0_1.png"
    label = np.zeros((30, 40), np.uint8)
    label[0, :7] = value
    Image.fromarray(label).save(path)


def _stray(root: Path) -> None:
    Image.new("L", (40, 30)).save(root / "labels/train/alone.png")


def _resize(root: Path) -> None:
    Image.new("L", (41, 30)).save(root / "labels/train/0006R0_1.png")


def _columns(root: Path) -> None:
    (root / "frames.csv").write_text("frame,split,sequence\n")


def _twice(root: Path) -> None:
    text = (root / "frames.csv").read_text()
    (root / "frames.csv").write_text(text + text.splitlines()[1] + "\n")


def _append(root: Path, line: bytes) -> None:
    table = root / "frames.csv"
    table.write_bytes(table.read_bytes() + line)


def _turn(root: Path) -> None:
    path = root / "images/train/0006R0_1.jpg"
    exif = Image.Exif()
    exif[0x0112] = 3
    with Image.open(path) as image:
        image.save(path, exif=exif)


def _deepen(root: Path) -> None:
    Image.fromarray(np.full((30, 40), 40_000, np.uint16)).save(root / "images/train/0006R0_2.png")


BROKEN: list[tuple[Callable[[Path], None], str]] = [
    (lambda r: _delete(r, "labels/train/0006R0_1.png"), r"images/train/0006R0_1.*image without a label"),
    (lambda r: _delete(r, "images/train/0006R0_1.*"), r"0006R0_1: no image, though frames.csv names it"),
    (_stray, r"labels/train/alone.png: label without an image"),
    (_resize, r"image and label differ in size: 40x30 and 41x30"),
    (lambda r: _truncate(r, "images/train/0006R0_1.jpg"), r"0006R0_1.jpg: damaged or cut short"),
    (lambda r: _truncate(r, "images/train/0006R0_2.png"), r"0006R0_2.png: (damaged|not a readable)"),
    (lambda r: _truncate(r, "labels/train/0006R0_1.png"), r"labels/train/0006R0_1.png: (damaged|not a readable)"),
    (lambda r: _relabel(r, "P"), r"0006R0_1.png: the label holds a palette; one 8-bit channel"),
    (lambda r: _relabel(r, "RGB"), r"0006R0_1.png: the label holds RGB colours; one 8-bit channel"),
    (lambda r: _value(r, 23), r"0006R0_1.png: 7 pixels of value 23; allowed are 0..11"),
    (_columns, r"frames.csv: no column 'domain'"),
    (_twice, r"frame train/0001TP_1 is listed twice"),
    (lambda r: (r / "frames.csv").unlink(), r"frames.csv: missing"),
    (lambda r: _append(r, b"caf\xe9,train,a,night\n"), r"frames.csv: not UTF-8 text"),
    (lambda r: _append(r, b"\nframe,train\n"), r"frames.csv line 9: 2 fields; the header has 4"),
    (lambda r: _append(r, b"frame,train,a,night,b,c\n"), r"frames.csv line 8: 6 fields; the header has 4"),
    (lambda r: _append(r, b"f" * 200_000 + b",train,a,night\n"), r"frames.csv: not a CSV file: field larger"),
    (_turn, r"0006R0_1.jpg: its EXIF orientation is 3"),
    (_deepen, r"0006R0_2.png: the image holds mode I;16B"),
]


@pytest.mark.parametrize(("spoil", "message"), BROKEN, ids=[m[:40] for _, m in BROKEN])
def test_what_is_wrong_on_disk_is_one_line_naming_the_file(
    tiny_camvid: Make, spoil: Callable[[Path], None], message: str
) -> None:
    root = tiny_camvid()
    index(opened(root))  # whole before it is spoilt
    spoil(root)
    with pytest.raises(DataError, match=message) as caught:
        index(opened(root))
    assert "\n" not in str(caught.value)


def test_a_byte_order_mark_is_no_part_of_the_header(tiny_camvid: Make) -> None:
    root = tiny_camvid()
    whole = opened(root).samples
    table = root / "frames.csv"
    table.write_bytes(b"\xef\xbb\xbf" + table.read_bytes())
    assert opened(root).samples == whole


def test_a_split_that_is_not_used_may_be_broken(tiny_camvid: Make) -> None:
    root = tiny_camvid()
    _delete(root, "labels/val/*.png")
    assert len(index(opened(root, ("train", "test"))).rows) == 5


def test_names_in_frames_csv_are_checked(tiny_camvid: Make) -> None:
    root = tiny_camvid()
    table = root / "frames.csv"
    table.write_text(table.read_text().replace("dawn_dusk", "twilght"))
    with pytest.raises(UnknownName, match=r"frames.csv line 2: unknown domain 'twilght'"):
        opened(root)


def test_a_missing_root_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"root .*nowhere is not a folder"):
        opened(tmp_path / "nowhere")


def test_broken_frames_are_left_out_by_name_if_the_user_says_so(tiny_camvid: Make) -> None:
    root = tiny_camvid()
    whole = opened(root)
    (root / whole.samples[0].label).unlink()
    (root / whole.samples[1].image).write_bytes(b"")
    (root / "labels/train/alone.png").write_bytes((root / whole.samples[2].label).read_bytes())
    part = READERS["camvid"].open("camvid", root, SPLITS, {"skip_broken": "yes"})
    assert len(part.samples) == len(whole.samples) - 2 and len(part.skipped) == 3
    assert "image without a label" in part.skipped[0] and "label without an image" in part.skipped[2]


def test_labels_may_be_read_to_the_cityscapes_classes(tiny_camvid: Make) -> None:
    root = tiny_camvid()
    native, lut = opened(root), label_map("camvid11", "cityscapes19").lut()
    harmonised = READERS["camvid"].open("camvid", root, SPLITS, {"labels": "cityscapes19"})
    assert harmonised.label_space.name == "cityscapes19"
    for sample in native.samples:
        assert np.array_equal(harmonised.label(sample), lut[native.label(sample)])
