from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fairweather.data import READERS, SPLITS, Dataset, index
from fairweather.data.folder import write_folder
from fairweather.errors import DataError, UnknownName


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
        (lambda r: edit(r, "images/", "../images/"), r"line 2: \.\./images/.* leads out of"),
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
