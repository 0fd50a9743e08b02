from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.audit.datasets.conftest import Findings, frames, labelled, surveyed, values_of
from tests.data.layouts import layouts, scenes

from fairweather.audit.datasets import check_dataset
from fairweather.audit.datasets.encodings import survivors
from fairweather.vocabulary.labels import IGNORE, label_map, label_space

Checked = Callable[..., Findings]
ENCODED = {"labels.id_table_twice", "labels.red_blue_swapped", "labels.other_encoding"}


def test_a_table_of_ids_applied_to_train_ids_is_named(checked: Checked) -> None:
    found = checked(labelled(label_map("cityscapes34", "cityscapes19").lut()))
    twice = found.of("labels.id_table_twice")
    assert twice.severity == "error" and "already are train ids" in twice.statement
    assert {"class": "fence", "really": "car"}.items() <= next(r for r in twice.rows if r["class"] == "fence").items()
    assert "labels.id_table_twice" not in checked(frames()).codes


def test_cityscapes_ids_read_as_train_ids_are_named(checked: Checked) -> None:
    found = checked(labelled(values_of("cityscapes34")))
    assert len(found.of("labels.not_as_declared").rows) == len(scenes())
    other = found.of("labels.other_encoding")
    assert other.severity == "error" and other.rows == ({"could be": "Cityscapes ids", "label_space": "cityscapes34"},)


@pytest.mark.parametrize(
    ("written", "declared", "named"),
    [
        ("idd", "idd_level3", "IDD ids"),
        ("cityscapes34", "idd", "Cityscapes ids"),  # no value is out of range: only the picture tells
        ("bdd", "cityscapes34", "BDD ids"),
        ("mapillary66", "mapillary124", "Mapillary v1.2 indices"),
        ("idd_level3", "idd", "IDD level-3 ids"),
    ],
)
def test_one_encoding_read_as_another_is_named(checked: Checked, written: str, declared: str, named: str) -> None:
    found = checked(labelled(values_of(written)), declared).of("labels.other_encoding")
    assert named in {row["could be"] for row in found.rows} and found.severity == "error"


@pytest.mark.parametrize(("by", "words"), [(1, "each value one too high"), (-1, "each value one too low")])
def test_indices_shifted_by_one_are_named(checked: Checked, by: int, words: str) -> None:
    lut = np.array([value if value == IGNORE else (value + by) % 256 for value in range(256)], np.uint8)
    found = checked(labelled(lut)).of("labels.other_encoding")
    assert any(words in row["could be"] for row in found.rows)


def test_exactly_23_of_66_classes_survive_a_swap_of_red_and_blue() -> None:
    """datasets.md 3.6: 19 with R = B, Barrier and Tunnel, Car and Phone Booth."""
    space = label_space("mapillary66")
    become = survivors(space)
    assert len(become) == 23 and sum(index == after for index, after in become.items()) == 19
    pairs = {frozenset((space.classes[a], space.classes[b])) for a, b in become.items() if a != b}
    assert pairs == {frozenset(("Barrier", "Tunnel")), frozenset(("Car", "Phone Booth"))}


def swapped() -> np.ndarray:
    """What each Mapillary index becomes in the published decoder."""
    lut = np.full(256, IGNORE, np.uint8)
    for index, after in survivors(label_space("mapillary66")).items():
        lut[index] = after
    return lut


def test_red_and_blue_swapped_when_a_palette_was_decoded_is_named(checked: Checked) -> None:
    found = checked(labelled(swapped()[values_of("mapillary66")]), "mapillary66").of("labels.red_blue_swapped")
    assert found.severity == "error" and "all of the 23 that survive" in found.statement
    assert "Car (0.0 %) swapped with Phone Booth" in found.statement
    assert "labels.red_blue_swapped" not in checked(labelled(values_of("mapillary66")), "mapillary66").codes


@pytest.mark.parametrize("name", [n for n, layout in layouts().items() if layout.reader == "mapillary"])
def test_a_swap_in_the_original_layout_is_named(name: str, tmp_path: Path) -> None:
    layout = layouts()[name]
    layout.write(tmp_path, scenes())
    clean = surveyed(tmp_path, "mapillary", layout.options, layout.splits)
    if clean.dataset.label_space.name != "mapillary66":
        pytest.skip("colours of v2.0 are not unique; nobody can decode them by colour")
    assert not ENCODED & Findings(check_dataset(clean)).codes
    for sample in clean.dataset.samples:
        path = tmp_path / sample.label
        with Image.open(path) as picture:
            palette, values = picture.getpalette(), np.asarray(picture)
        spoilt = Image.fromarray(np.where(swapped()[values] == IGNORE, 65, swapped()[values]).astype(np.uint8))
        spoilt.putpalette(palette)
        spoilt.save(path)
    found = Findings(check_dataset(surveyed(tmp_path, "mapillary", layout.options, layout.splits)))
    assert found.of("labels.red_blue_swapped").severity == "error"
