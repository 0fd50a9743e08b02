import csv
from pathlib import Path

import numpy as np
import pytest

from fairweather.errors import UnknownName
from fairweather.vocabulary.labels import IGNORE, harmonised, label_map, label_space, label_space_names

FACTS = Path(__file__).parents[3] / "shared" / "facts" / "labels" / "cityscapes.csv"


@pytest.mark.parametrize("name", label_space_names())
def test_a_label_space_is_ordered_and_named_once(name: str) -> None:
    space = label_space(name)
    assert len(set(space.classes)) == space.num_classes == len(space.colours) < IGNORE
    assert space.small < set(space.classes)


@pytest.mark.skipif(not FACTS.is_file(), reason="../shared is not there")
def test_cityscapes19_is_the_official_train_id_table() -> None:
    rows = {int(r["trainId"]): r for r in csv.DictReader(FACTS.read_text().splitlines()) if 0 <= int(r["trainId"]) < 19}
    space = label_space("cityscapes19")
    assert space.classes == tuple(rows[i]["name"] for i in range(19))
    assert space.colours == tuple(tuple(int(rows[i][c]) for c in "rgb") for i in range(19))


def test_camvid11_maps_to_cityscapes19_and_says_what_is_lost() -> None:
    mapped = label_map("camvid11", "cityscapes19")
    source, target = label_space("camvid11"), label_space("cityscapes19")
    names = {source.classes[i]: target.classes[t] if t != IGNORE else None for i, t in enumerate(mapped.table)}
    assert names["pavement"] == "sidewalk" and names["tree"] == "vegetation" and names["bicyclist"] is None
    assert "bicyclist" in mapped.lost
    lut = mapped.lut()
    assert lut.dtype == np.uint8 and lut[IGNORE] == IGNORE and lut[3] == target.classes.index("road")


def test_a_space_without_a_map_has_no_harmonised_form() -> None:
    assert harmonised("toy4") is None
    with pytest.raises(UnknownName, match="did you mean 'camvid11'"):
        label_space("camvid1")
