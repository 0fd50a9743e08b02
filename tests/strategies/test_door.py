"""The door of the room: names, aliases, profiles, and what it must not pull in."""

import json
import subprocess
import sys
from dataclasses import FrozenInstanceError, fields

import pytest

from fairweather.errors import UnknownName
from fairweather.strategies import STRATEGIES, build, parameters

NAMES = (
    "baseline",
    "std_photometric_distort",
    "std_autoaugment",
    "std_randaugment",
    "std_cutmix",
    "std_mixup",
    "std_darken",
    "std_brighten",
)


def test_our_strategies_are_registered_once_under_their_canonical_names():
    assert tuple(name for name in STRATEGIES if STRATEGIES.origin(name) == "fairweather") == NAMES


@pytest.mark.parametrize("alias", ["std_std_photometric_distort", "photometric_distort"])
def test_aliases_lead_to_the_canonical_entry(alias):
    assert STRATEGIES.canonical(alias) == "std_photometric_distort"
    assert build(alias) == build("std_photometric_distort")


@pytest.mark.parametrize("name", NAMES)
def test_cards_are_complete_and_the_family_is_the_prefix(name):
    card = STRATEGIES[name].card
    assert card.summary
    assert card.source
    assert card.revision >= 1
    assert card.family == ("none" if name == "baseline" else "std")
    assert card.control == (name == "baseline")


@pytest.mark.parametrize("name", NAMES[1:])
def test_probability_is_1_and_a_half_only_under_prove(name):
    assert build(name).probability == 1
    assert build(name, "prove").probability == 0.5


def test_unknown_names_stop_at_the_door_with_the_nearest_known_one():
    with pytest.raises(UnknownName, match=r"study.yaml: unknown strategy 'std_cutmx'; did you mean 'std_cutmix'\?"):
        build("std_cutmx", where="study.yaml")
    with pytest.raises(UnknownName, match=r"unknown profile of std_cutmix 'prov'; did you mean 'prove'\?"):
        build("std_cutmix", "prov")
    with pytest.raises(UnknownName, match=r"unknown profile of baseline 'prove' \(known: none\)"):
        build("baseline", "prove")


@pytest.mark.parametrize("name", NAMES)
def test_a_strategy_is_a_frozen_value_whose_parameters_tell_it_apart(name):
    strategy = build(name)
    assert strategy == build(name)
    found = parameters(strategy)
    assert json.loads(json.dumps(found)) == found
    assert set(found) == {field.name for field in fields(strategy)}
    assert name == "baseline" or parameters(build(name, "prove")) != found
    with pytest.raises(FrozenInstanceError):
        strategy.probability = 0.3


def test_the_room_needs_no_torch():
    code = "import sys, fairweather.strategies, fairweather.generators; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
