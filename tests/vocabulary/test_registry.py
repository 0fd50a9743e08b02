from collections.abc import Callable
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


def test_a_name_is_registered_once_and_no_half_table_stays() -> None:
    things = make(FIRST, Thing(Card("uno", "two")))
    for _ in range(2):
        with pytest.raises(InputError, match="'uno' of fairweather is already registered"):
            list(things)
        with pytest.raises(InputError, match="'uno' of fairweather is already registered"):
            things.canonical("first")


def plugged(monkeypatch: pytest.MonkeyPatch, load: Callable[[EntryPoint], object]) -> Registry[Thing]:
    point = EntryPoint("their_thing", "theirs.things:THING", "fairweather.test_things")
    monkeypatch.setattr(EntryPoint, "load", load)
    monkeypatch.setattr(registry, "entry_points", lambda group: [point])
    return make(FIRST)


@pytest.mark.parametrize("error", [ImportError("no module\nnamed x"), NameError("y"), OSError(5, "z")], ids=repr)
def test_a_plug_in_that_cannot_be_loaded_is_named(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def load(point: EntryPoint) -> object:
        raise error

    things = plugged(monkeypatch, load)
    for _ in range(2):
        with pytest.raises(
            InputError, match=r"thing 'their_thing' of theirs.* cannot be loaded from theirs.things"
        ) as caught:
            things.canonical("first")
        assert "\n" not in str(caught.value) and type(error).__name__ in str(caught.value)


@pytest.mark.parametrize("entry", [object(), Thing("no card")], ids=["none", "text"])  # type: ignore[arg-type]
def test_a_plug_in_without_a_card_is_named(monkeypatch: pytest.MonkeyPatch, entry: object) -> None:
    with pytest.raises(InputError, match=r"of theirs.things:THING has no card"):
        list(plugged(monkeypatch, lambda point: entry))
