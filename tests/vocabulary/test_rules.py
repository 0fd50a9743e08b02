import csv
from importlib.resources import files

import pytest

from fairweather.errors import UnknownName
from fairweather.vocabulary.rules import domain_rules, ruled


def bdd(partly_cloudy_as: str = "clear_day", **facts: str) -> tuple[str, str]:
    return ruled("bdd10k", facts, {"partly_cloudy_as": partly_cloudy_as})


@pytest.mark.parametrize(
    ("facts", "domain", "secondary"),
    [
        ({"record": "none"}, "undefined", ""),
        ({"scene": "tunnel", "timeofday": "daytime", "weather": "clear"}, "undefined", "clear_day"),
        ({"scene": "highway", "timeofday": "undefined", "weather": "rainy"}, "undefined", "rainy"),
        ({"scene": "highway", "timeofday": "night", "weather": "rainy"}, "night", "rainy"),
        ({"scene": "highway", "timeofday": "night", "weather": "undefined"}, "night", ""),
        ({"scene": "highway", "timeofday": "dawn/dusk", "weather": "snowy"}, "snowy", "dawn_dusk"),
        ({"scene": "highway", "timeofday": "dawn/dusk", "weather": "overcast"}, "dawn_dusk", "cloudy"),
        ({"scene": "highway", "timeofday": "daytime", "weather": "overcast"}, "cloudy", ""),
        ({"scene": "highway", "timeofday": "daytime", "weather": "undefined"}, "undefined", ""),
    ],
)
def test_the_first_rule_decides_and_the_second_condition_is_kept(
    facts: dict[str, str], domain: str, secondary: str
) -> None:
    assert bdd(**facts) == (domain, secondary)


@pytest.mark.parametrize("choice", ["clear_day", "cloudy", "undefined"])
def test_partly_cloudy_is_a_setting(choice: str) -> None:
    assert bdd(choice, timeofday="daytime", weather="partly cloudy")[0] == choice
    with pytest.raises(UnknownName, match="unknown setting 'partly_cloudy_as'"):
        ruled("bdd10k", {"timeofday": "daytime", "weather": "partly cloudy"})


def test_a_reference_image_shows_the_normal_condition_whatever_folder_it_lies_in() -> None:
    assert ruled("acdc", {"folder": "fog"})[0] == "foggy"
    assert ruled("acdc", {"folder": "fog", "reference": "yes"})[0] == "clear_day"


def test_every_row_says_where_it_comes_from() -> None:
    text = files("fairweather.vocabulary").joinpath("domain_rules.csv").read_text()
    rows = list(csv.DictReader(text.splitlines()))
    assert rows and all(row["source"] for row in rows)
    assert {row["dataset"] for row in rows} == {"bdd10k", "iddaw", "acdc", "darkzurich", "foggy_cityscapes"}
    with pytest.raises(UnknownName, match="did you mean 'bdd10k'"):
        domain_rules("bdd10")
