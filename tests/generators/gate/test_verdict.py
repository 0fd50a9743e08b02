"""The verdict: each way to go wrong is named by its rule, and by no other."""

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
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
    look,
    worst_first,
)
from fairweather.generators.generator import Source
from fairweather.vocabulary.domains import DOMAINS

Street = Callable[[int, str], tuple[Source, np.ndarray]]
TARGETS = [domain for domain in DOMAINS if domain != "clear_day"]
SCENES = range(3, 500, 124)
GOOD = ImageChecks(0.1, -0.1, 0.6, 0.5, 0.5, 40.0, 0.5, 50.0, (Contrast("person", 100, 0.4, 0.4),))


def painted_over(made: np.ndarray, source: Source, small: frozenset[str]) -> np.ndarray:
    there = np.isin(source.label, [source.classes.index(name) for name in small]).astype(np.uint8)
    return np.asarray(cv2.inpaint(made, cv2.dilate(there, np.ones((5, 5), np.uint8)), 3, cv2.INPAINT_TELEA))


def toy(what: str, source: Source, oracle: np.ndarray, other: np.ndarray, small: frozenset[str]) -> np.ndarray:
    """The picture that a broken generator makes."""
    if what == "identity":
        return source.image.copy()
    if what == "shift":
        return np.pad(oracle, ((0, 0), (3, 0), (0, 0)), mode="edge")[:, :-3]
    if what == "flip":
        return oracle[:, ::-1]
    if what == "noise":
        return np.random.default_rng(1).integers(0, 256, oracle.shape, np.uint8)
    if what == "another":
        return other
    if what == "constant":
        return np.full_like(oracle, 117)
    assert what == "vanished"
    return painted_over(oracle, source, small)


@pytest.mark.parametrize("domain", TARGETS)
def test_the_oracle_breaks_no_rule(street: Street, small: frozenset[str], domain: str) -> None:
    for index in SCENES:
        source, oracle = street(index, domain)
        assert failures(look(source, oracle, small), domain) == ()


@pytest.mark.parametrize("domain", TARGETS)
@pytest.mark.parametrize(
    ("what", "rule"),
    [
        ("identity", "copy"),
        ("shift", "shift"),
        ("flip", "edges"),
        ("noise", "edges"),
        ("another", "edges"),
        ("constant", "constant"),
        ("vanished", "objects"),
    ],
)
def test_a_toy_generator_is_named_by_the_rule_it_breaks(
    street: Street, small: frozenset[str], domain: str, what: str, rule: str
) -> None:
    source, oracle = street(127, domain)
    made = toy(what, source, oracle, street(375, domain)[1], small)
    assert failures(look(source, made, small), domain) == (rule,)


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
