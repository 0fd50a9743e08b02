"""The verdict: which numbers break which rule, and what is made of a pool."""

from dataclasses import replace

import pytest

from fairweather.errors import UnknownName
from fairweather.generators.gate import (
    RULES,
    Contrast,
    Distance,
    ImageChecks,
    failures,
    judge,
    limits,
    worst_first,
)
from fairweather.vocabulary.domains import DOMAINS

TARGETS = [domain for domain in DOMAINS if domain != "clear_day"]
GOOD = ImageChecks(0.1, -0.1, 0.6, 0.5, 0.5, 40.0, 0.5, 50.0, (Contrast("person", 100, 0.4, 0.4),))


@pytest.mark.parametrize(
    ("broken", "rules"),
    [
        ({}, ()),
        ({"spread": 0.5, "agreement": 0.0, "difference": 0.0, "structure": 0.0}, ("constant",)),
        ({"difference": 0.0, "structure": 0.0}, ("copy",)),
        ({"difference": 0.0}, ()),
        ({"difference": 0.0, "structure": float("nan"), "agreement": float("nan")}, ("copy", "edges")),
        ({"agreement": 0.01, "dx": 5.0}, ("edges",)),
        ({"agreement": float("nan"), "dx": float("nan")}, ("edges",)),
        ({"dx": 0.8, "dy": 0.7}, ("shift",)),
        ({"dx": 0.8, "dy": 0.5}, ()),
        ({"objects": (Contrast("person", 100, 0.4, 0.0),)}, ("objects",)),
        ({"objects": (Contrast("person", 5, 0.4, 0.0),)}, ()),
        ({"dx": 3.0, "objects": (Contrast("person", 100, 0.4, 0.0),)}, ("shift", "objects")),
    ],
)
def test_rules(broken: dict[str, object], rules: tuple[str, ...]) -> None:
    for domain in TARGETS:
        assert failures(replace(GOOD, **broken), domain) == rules


def test_a_domain_that_is_no_target_is_refused() -> None:
    with pytest.raises(UnknownName, match="unknown target domain 'clear_day'"):
        failures(GOOD, "clear_day")


def test_limits_are_those_of_the_domain() -> None:
    between = 0.5 * (limits("night").agreement + limits("cloudy").agreement)
    assert failures(replace(GOOD, agreement=between), "night") == ()
    assert failures(replace(GOOD, agreement=between), "cloudy") == ("edges",)


def test_a_pool_is_delivered_unless_too_many_pictures_break_a_rule() -> None:
    bad = replace(GOOD, dx=3.0)
    fair = judge([GOOD] * 95 + [bad] * 5, "foggy", None)
    assert fair.delivered and fair.failures == ()
    assert dict(fair.broken) == {rule: 5 * (rule == "shift") for rule in RULES}
    assert judge([GOOD] * 94 + [bad] * 6, "foggy", None).failures == ("shift",)
    assert judge([], "foggy", None).failures == ("empty",)


def test_a_class_that_vanishes_from_the_pool_is_named_where_no_picture_shows_enough_of_it() -> None:
    few = (Contrast("person", 8, 0.4, 0.01), Contrast("pole", 900, 0.4, 0.4))
    found = judge([replace(GOOD, objects=few)] * 20, "rainy", None)
    assert found.vanished == ("person",)
    assert found.failures == ("objects: person",)
    assert dict(found.broken)["objects"] == 0


def test_a_pool_nearer_its_source_than_its_target_is_named() -> None:
    assert judge([GOOD], "night", Distance(0.5, 3.0)).delivered
    assert judge([GOOD], "night", Distance(3.0, 0.5)).failures == ("domain",)
    assert judge([GOOD], "night", None).distance is None


def test_the_worst_come_first() -> None:
    checks = [GOOD, replace(GOOD, agreement=0.55), replace(GOOD, dx=3.0), replace(GOOD, agreement=float("nan"))]
    assert worst_first(checks, "snowy") == (3, 2, 1, 0)
