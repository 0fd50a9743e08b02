"""How numbers are written."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairweather.report.numbers import finite, interval, plain, rank, short, signed


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.346, "+1.35"), (-0.25, "−0.25"), (0.0, "0.00"), (-0.004, "0.00"), (12.3, "+12.30"), (None, "–")],
)
def test_signed(value, text):
    assert signed(value) == text


@given(st.floats(-99, 99))
def test_signed_is_the_rounded_value(value):
    assert float(signed(value).replace("−", "-")) == pytest.approx(value, abs=0.00501)


def test_interval_needs_both_sides():
    assert interval(-0.25, 1.0) == "[−0.25, +1.00]"
    assert interval(None, 1.0) == interval(1.0, None) == ""


@pytest.mark.parametrize("value", [None, math.nan, math.inf, "1.0", True])
def test_what_is_not_a_number_is_none(value):
    assert finite(value) is None


def test_rank_shows_shared_ranks():
    assert (rank(3.0), rank(2.5), rank(None)) == ("3", "2.5", "–")


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "yes"), (1234, "1234"), (123456, "123,456"), (-3, "−3"), (0.123456, "0.1235"), (math.nan, "–"), (None, "–"),
     (["a", 1], "a, 1"), (np.float64(0.5), "0.5"), ("text", "text")],
)  # fmt: skip
def test_plain(value, text):
    assert plain(value) == text


def test_only_digests_are_cut():
    assert short("9f31c2d4aa01be77c4e0915d3f2b88a6") == "9f31c2d4aa…"
    assert short("Attribute_Hallucination_with_a_long_name") == "Attribute_Hallucination_with_a_long_name"
