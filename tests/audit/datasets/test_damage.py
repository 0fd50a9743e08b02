"""Every damaged file is named, not the first one only, and the others are still looked at."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.audit.datasets.conftest import Findings, frames

from fairweather.audit.datasets import Survey
from fairweather.audit.datasets.damage import check_remarks

Checked = Callable[..., Findings]
SPOILT = (2, 9, 11)


def files(root: Path, kind: str) -> list[Path]:
    found = sorted((root / kind).iterdir())
    return [found[number] for number in SPOILT]


def turned(path: Path) -> None:
    with Image.open(path) as image:
        exif = image.getexif()
        exif[0x0112] = 6
        image.save(path, exif=exif)


def smaller(path: Path) -> None:
    with Image.open(path) as image:
        image.crop((0, 0, image.width - 1, image.height)).save(path)


def deep(path: Path) -> None:
    Image.fromarray(np.full((64, 96), 300, np.uint16)).save(path)


def see_through(path: Path) -> None:
    with Image.open(path) as image:
        image.putalpha(100)
        image.save(path)


@pytest.mark.parametrize(
    ("code", "kind", "spoil", "said"),
    [
        ("data.other_size", "labels", smaller, "image 96x64, label 95x64"),
        ("data.turned_image", "images", turned, "EXIF orientation is 6"),
        (
            "data.unreadable_file",
            "images",
            lambda path: path.write_bytes(path.read_bytes()[:700]),
            "damaged or cut short",
        ),
        (
            "data.unreadable_file",
            "labels",
            lambda path: path.write_bytes(path.read_bytes()[:90]),
            "damaged or cut short",
        ),
        ("data.unreadable_file", "images", lambda path: path.write_text("<html>login</html>"), "damaged or cut short"),
        ("data.empty_file", "images", lambda path: path.write_bytes(b""), "0 bytes"),
        ("data.empty_file", "labels", lambda path: path.write_bytes(b""), "0 bytes"),
        ("data.pixel_format", "images", deep, "I;16"),
        ("data.pixel_format", "images", see_through, "transparent"),
        ("labels.not_as_declared", "labels", deep, "I;16"),
        ("labels.not_as_declared", "labels", see_through, "one 8-bit channel of class indices is declared"),
    ],
)
def test_all_spoilt_files_are_named(
    checked: Checked, code: str, kind: str, spoil: Callable[[Path], object], said: str
) -> None:
    found = checked(frames(), spoil=lambda root: [spoil(path) for path in files(root, kind)])
    check = found.of(code)
    assert check.severity == "error" and found.codes == {code}
    folder = "images" if code in ("data.other_size", "data.turned_image", "data.pixel_format") else kind
    suffix = "_rgb" if folder == "images" else "_gt"
    assert [row["file"] for row in check.rows] == [f"{folder}/frame_{n:06d}{suffix}.png" for n in SPOILT]
    assert all(said in row["problem"] and "\n" not in row["problem"] for row in check.rows)


def test_records_that_were_skipped_and_remarks_of_the_reader_are_passed_on(town: Survey) -> None:
    assert all(check.holds for check in check_remarks(town))
    object.__setattr__(town.dataset, "skipped", ("a.json record 3: no name", "a.json record 9: no name"))
    object.__setattr__(town.dataset, "notes", ("Two labels are known to be of another picture.",))
    skipped, said = check_remarks(town)
    assert (skipped.holds, skipped.severity, len(skipped.rows)) == (False, "warning", 2) and "2." in skipped.statement
    assert (said.holds, said.severity) == (False, "note") and said.rows[0]["remark"].startswith("Two labels")
