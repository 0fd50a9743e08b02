import csv
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from fairweather.errors import UnknownName
from fairweather.vocabulary.labels import IGNORE, harmonised, label_map, label_space, label_space_names

FACTS = Path(__file__).parents[3] / "shared" / "facts" / "labels"
TABLES = Path(str(files("fairweather.vocabulary") / "labels"))
NINETEEN = label_space("cityscapes19").classes

# Each table of the facts: the space it lists, the column of the index, and whether a row is a class that is evaluated.
LISTED: dict[str, tuple[str, str, Callable[[dict[str, str]], bool]]] = {
    "cityscapes": ("cityscapes34", "id", lambda row: row["category"] != "void"),
    "bdd100k": ("bdd", "id", lambda row: row["category"] != "void"),
    "idd_to_cityscapes19": ("idd", "id", lambda row: row["level3Id"] != "255"),
    "mapillary_v12_to_cityscapes19": ("mapillary66", "index", lambda row: row["evaluate"] == "1"),
    "mapillary_v20_to_cityscapes19": ("mapillary124", "index", lambda row: row["evaluate"] == "1"),
    "outside15k_to_cityscapes19": ("outside24", "index", lambda row: row["name"] != "unlabeled"),
}
with_facts = pytest.mark.skipif(not FACTS.is_dir(), reason="../shared is not there")


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def listed(name: str) -> list[dict[str, str]]:
    """The rows of a table of the facts in the order of their index; an id of -1 is no pixel value."""
    key = LISTED[name][1]
    return sorted((row for row in rows(FACTS / f"{name}.csv") if int(row[key]) >= 0), key=lambda row: int(row[key]))


def colour(row: dict[str, str]) -> tuple[int, ...]:
    return tuple(int(row[channel]) for channel in "rgb")


@pytest.mark.parametrize("name", label_space_names())
def test_a_label_space_is_ordered_and_named_once(name: str) -> None:
    space = label_space(name)
    assert len(set(space.classes)) == space.num_classes == len(space.colours) < IGNORE
    assert space.small < set(space.classes)


@with_facts
def test_cityscapes19_is_the_official_train_id_table() -> None:
    official = {int(row["trainId"]): row for row in listed("cityscapes") if int(row["trainId"]) < 19}
    space = label_space("cityscapes19")
    assert space.classes == tuple(official[i]["name"] for i in range(19))
    assert space.colours == tuple(colour(official[i]) for i in range(19))


@with_facts
@pytest.mark.parametrize("name", LISTED)
def test_a_space_equals_the_table_of_the_facts_row_by_row(name: str) -> None:
    space, facts = label_space(LISTED[name][0]), listed(name)
    assert [int(row[LISTED[name][1]]) for row in facts] == list(range(space.num_classes))
    for index, row in enumerate(facts):
        assert (space.classes[index], space.colours[index]) == (row["name"], colour(row)), index
        assert (row["name"] not in space.unevaluated) == LISTED[name][2](row), row["name"]


@with_facts
@pytest.mark.parametrize("name", LISTED)
def test_a_map_equals_the_train_ids_of_the_facts_row_by_row(name: str) -> None:
    mapped = label_map(LISTED[name][0], "cityscapes19")
    for index, row in enumerate(listed(name)):
        expected = int(row["trainId"])
        if (mapped.source, row["name"]) == ("outside24", "vehicle"):
            assert expected == NINETEEN.index("car")  # the facts: 255 in a strict 19-class table, which ours is
            expected = IGNORE
        assert mapped.table[index] == expected, row["name"]


@with_facts
def test_outside24_from_cityscapes_ids_equals_the_facts() -> None:
    mapped, target = label_map("cityscapes34", "outside24"), label_space("outside24")
    facts = {int(row["cityscapes_id"]): row for row in rows(FACTS / "cityscapes_to_outside15k24.csv")}
    for index, value in enumerate(mapped.table):
        assert label_space("cityscapes34").classes[index] == facts[index]["cityscapes_name"]
        assert target.classes[int(facts[index]["outside_index"])] == facts[index]["outside_name"]
        assert value == (int(facts[index]["outside_index"]) or IGNORE)


@with_facts
def test_level3_groups_of_idd_are_those_of_the_facts() -> None:
    to_level3, to_train = label_map("idd", "idd_level3").table, label_map("idd_level3", "cityscapes19")
    members: dict[int, set[int]] = {}
    for row in listed("idd_to_cityscapes19"):
        assert to_level3[int(row["id"])] == int(row["level3Id"]), row["name"]
        members.setdefault(int(row["level3Id"]), set()).add(int(row["trainId"]))
    mixed = {3: IGNORE, 12: IGNORE, 4: 11, 20: 5, 25: 10}  # the facts, 3.5
    assert {group for group, train in members.items() if len(train) > 1} - {IGNORE} == set(mixed)
    for group, train in members.items():
        if group != IGNORE:
            assert to_train.table[group] == mixed.get(group, next(iter(train)))
    assert to_train.lost.count("mixes ") == len(mixed)


@with_facts
def test_small_objects_are_those_of_the_facts_in_every_space_that_has_a_map() -> None:
    facts = {row["name"] for row in rows(FACTS / "small_objects.csv") if row["small_object"] == "1"}
    assert label_space("cityscapes19").small == facts
    for source, _, _ in LISTED.values():
        space, mapped = label_space(source), label_map(source, "cityscapes19").table
        for name, target in zip(space.classes, mapped, strict=True):
            assert (name in space.small) == (target != IGNORE and NINETEEN[target] in facts), (source, name)


@pytest.mark.parametrize("table", sorted(TABLES.glob("*.csv")), ids=lambda path: path.stem)
def test_every_row_says_where_it_comes_from(table: Path) -> None:
    column = "origin" if "_to_" in table.stem else "source"
    assert all(row[column] for row in rows(table)), table


@with_facts
def test_mapillary66_differs_from_prove_in_nine_rows_and_names_them() -> None:
    mapped = label_map("mapillary66", "cityscapes19")
    differing = {
        int(row["index"]): (int(row["trainId_prove"]), mapped.table[int(row["index"])])
        for row in listed("mapillary_v12_to_cityscapes19")
        if int(row["trainId_prove"]) != mapped.table[int(row["index"])]
    }
    assert differing == {
        4: (4, IGNORE), 5: (3, IGNORE), 8: (1, 0), 16: (2, IGNORE), 18: (2, IGNORE), 25: (9, IGNORE), 44: (5, IGNORE),
        46: (5, IGNORE), 49: (7, IGNORE),
    }  # fmt: skip
    for index, (prove, _) in differing.items():
        assert f"{label_space('mapillary66').classes[index]}: PROVE: {NINETEEN[prove]}" in mapped.lost.split("; ")
    assert mapped.lost.count("PROVE: ") == len(differing)


def test_what_a_map_drops_is_what_is_evaluated_and_has_no_target() -> None:
    bdd, vistas, outside = (label_map(name, "cityscapes19") for name in ("bdd", "mapillary66", "outside24"))
    assert "parking sign" in bdd.dropped and "dynamic" not in bdd.dropped and "road" not in bdd.dropped
    assert {"Guard Rail", "Bridge", "Phone Booth", "Caravan"} < set(vistas.dropped)
    assert not {"Unlabeled", "Road", "Car"} & set(vistas.dropped)
    assert {"barrier", "vehicle", "mountain", "tunnel", "water"} < set(outside.dropped)
    assert "unlabeled" not in outside.dropped
    for told in ("rider and person merged", "cannot be split", "the Cityscapes part puts bicycles into vehicle"):
        assert told in outside.lost
    never = {name for index, name in enumerate(NINETEEN) if index not in outside.table}
    assert never == {"wall", "fence", "rider", "car", "truck", "bus", "train", "motorcycle"}


def test_a_red_blue_swap_leaves_23_classes_of_mapillary66_and_turns_cars_into_phone_booths() -> None:
    space = label_space("mapillary66")
    by_colour = dict(zip(space.colours, space.classes, strict=True))
    assert len(by_colour) == 66
    survive = {name: by_colour[b, g, r] for (r, g, b), name in by_colour.items() if (b, g, r) in by_colour}
    assert len(survive) == 23
    turned = {name: other for name, other in survive.items() if name != other}
    assert turned == {"Barrier": "Tunnel", "Tunnel": "Barrier", "Car": "Phone Booth", "Phone Booth": "Car"}
    assert sum(r == b for r, _, b in space.colours) == 19


def test_mapillary124_cannot_be_decoded_by_colour() -> None:
    colours = label_space("mapillary124").colours
    assert len(set(colours)) < len(colours)
    times = {colour: colours.count(colour) for colour in set(colours)}
    assert (times[255, 255, 255], times[250, 170, 30], times[192, 192, 192], times[220, 220, 0]) == (9, 6, 4, 3)
    outside = label_space("outside24")
    same = [name for name, colour in zip(outside.classes, outside.colours, strict=True) if colour == (100, 170, 30)]
    assert same == ["street light", "vegetation"]


def test_versions_of_mapillary_do_not_agree_on_what_an_index_is() -> None:
    assert (label_space("mapillary66").classes[13], label_space("mapillary124").classes[13]) == ("Road", "Bike Lane")
    assert len(label_space("mapillary124").unevaluated) == 8


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
