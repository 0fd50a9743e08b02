import pytest

from fairweather.analysis.imports.vocabulary import domain, is_class, is_domain, is_small, is_summary
from fairweather.errors import UnknownName


def test_domains_in_usual_spellings() -> None:
    spelled = ["Clear Day", "clear-day", " fog ", "RAIN", "dawn_dusk", "sunny"]
    assert [domain(name, "") for name in spelled] == [
        "clear_day",
        "clear_day",
        "foggy",
        "rainy",
        "dawn_dusk",
        "clear_day",
    ]
    with pytest.raises(UnknownName, match=r"^a.csv line 2: unknown domain 'foggyy'; did you mean 'foggy'"):
        domain("foggyy", "a.csv line 2")


def test_kinds_of_names() -> None:
    assert is_domain("Night")
    assert not is_domain("stage1")
    assert is_class("Traffic_Light")
    assert not is_class("stage1")
    assert is_small("traffic light")
    assert is_small("TrafficSign")
    assert is_small("bicyclist")
    assert not is_small("road")
    assert is_summary("Overall")
    assert not is_summary("road")
