import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.conftest import SHARED

from fairweather.data.encoding import Polygons
from fairweather.data.idd_labels import LABELS, MASKS, idd_encoding
from fairweather.errors import InputError
from fairweather.vocabulary.labels import label_space


def encoding(masks: str, labels: str):  # type: ignore[no-untyped-def]
    return idd_encoding("mine", {"masks": masks, "labels": labels})


def test_every_label_has_a_value_in_every_space() -> None:
    for labels in LABELS.allowed:
        polygons = encoding("polygons", labels)
        assert isinstance(polygons, Polygons)
        assert [name for name, _ in polygons.classes] == list(label_space("idd").classes)
        assert all(value == 255 or 0 <= value < label_space(labels).num_classes for _, value in polygons.classes)


def test_train_ids_are_those_of_the_official_table() -> None:
    path = SHARED / "facts/labels/idd_to_cityscapes19.csv"
    if not path.is_file():
        pytest.skip("../shared/facts is not there")
    with path.open() as lines:
        official = {row["name"]: int(row["trainId"]) for row in csv.DictReader(lines)}
    assert dict(encoding("polygons", "cityscapes19").classes) == official


@pytest.mark.parametrize("masks", MASKS.allowed)
def test_masks_are_read_to_what_they_hold_and_refused_otherwise(masks: str) -> None:
    can = {"polygons": 3, "ids": 3, "level3": 2, "trainids": 1}
    refused = 0
    for labels in LABELS.allowed:
        try:
            encoding(masks, labels)
        except InputError as error:
            refused += 1
            assert f"masks: {masks} do not hold the classes of {labels}; use labels: " in str(error)
    assert refused == 3 - can[masks]


def test_the_same_numbers_mean_what_is_declared(tmp_path: Path) -> None:
    path = tmp_path / "mask.png"
    Image.fromarray(np.array([[3, 4, 6, 12, 17]], np.uint8)).save(path)
    assert encoding("trainids", "cityscapes19").decode(path).tolist() == [[3, 4, 6, 12, 17]]
    assert encoding("ids", "cityscapes19").decode(path).tolist() == [[1, 255, 11, 13, 16]]
    assert encoding("level3", "cityscapes19").decode(path).tolist() == [[255, 11, 17, 255, 255]]
    assert encoding("ids", "idd_level3").decode(path).tolist() == [[2, 3, 4, 9, 12]]


def test_what_level_3_mixes_is_told_apart_by_polygons(tmp_path: Path) -> None:
    """The five mixed groups of ../shared/facts/datasets.md 3.5."""
    members = {"rail track": 255, "non-drivable fallback": 9, "person": 11, "animal": 255, "train": 16, "trailer": 255}
    members |= {
        "caravan": 255,
        "vehicle fallback": 255,
        "pole": 5,
        "polegroup": 255,
        "sky": 10,
        "fallback background": 255,
    }
    objects = [{"label": name, "polygon": [[x, 0]] * 3} for x, name in enumerate(members)]
    path = tmp_path / "polygons.json"
    path.write_text(json.dumps({"imgHeight": 1, "imgWidth": len(members), "objects": objects}))
    assert encoding("polygons", "cityscapes19").decode(path).tolist() == [list(members.values())]
    assert encoding("polygons", "idd_level3").decode(path).tolist() == [[3, 3, 4, 4, 12, 12, 12, 12, 20, 20, 25, 25]]
