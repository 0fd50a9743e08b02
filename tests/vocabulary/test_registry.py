from dataclasses import dataclass
from importlib.metadata import EntryPoint

import pytest

from fairweather.errors import InputError, UnknownName
from fairweather.vocabulary import registry
from fairweather.vocabulary.registry import Card, Registry


@dataclass(frozen=True)
class Thing:
    card: Card


FIRST = Thing(Card("first", "one", aliases=("uno",)))
OUTSIDER = Thing(Card("outsider", "from elsewhere"))


def make(*entries: Thing) -> Registry[Thing]:
    return Registry("thing", "fairweather.test_things", entries)


def test_aliases_lead_to_the_canonical_entry() -> None:
    things = make(FIRST)
    assert (
        things["uno"] is FIRST and things.canonical("uno") == "first" and list(things) == ["first"] and "uno" in things
    )


def test_an_unknown_name_lists_the_known_and_the_nearest() -> None:
    with pytest.raises(
        UnknownName, match=r"study.yaml: unknown thing 'frist'; did you mean 'first'\? \(known: first\)"
    ):
        make(FIRST).canonical("frist", "study.yaml")


def test_outsiders_come_through_the_entry_point_group(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("outsider", f"{__name__}:OUTSIDER", "fairweather.test_things")
    monkeypatch.setattr(EntryPoint, "load", lambda self: OUTSIDER)
    monkeypatch.setattr(registry, "entry_points", lambda group: [point] if group == "fairweather.test_things" else [])
    things = make(FIRST)
    assert (
        things["outsider"] is OUTSIDER
        and things.origin("first") == "fairweather"
        and things.origin("outsider") != "fairweather"
    )


def test_a_name_is_registered_once() -> None:
    with pytest.raises(InputError, match="'uno' of fairweather is already registered"):
        list(make(FIRST, Thing(Card("uno", "two"))))
