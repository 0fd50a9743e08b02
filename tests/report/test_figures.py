"""Figures say what their tables say."""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest

from fairweather.report import figures
from fairweather.report.palette import COLOURS
from fairweather.report.shape import shape_of

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return ["".join(t.itertext()) for t in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", ["study", "tiny", "large", "hostile"])
def test_every_strategy_is_named_once_in_the_gains(contents, reports, name):
    shape = shape_of(contents[name])
    shown = [t.replace("\n", " ") for t in texts((reports[name] / "figures/gains.svg").read_text(encoding="utf-8"))]
    for arm in shape.arms:
        assert shown.count(arm.replace("\n", " ")) == 1, arm
    assert all(c in shown for c in shape.contexts)


def test_rows_are_sorted_by_the_first_context_and_controls_come_last(contents):
    shape = shape_of(contents["study"])
    shown = [t for t in texts(figures.gains(contents["study"], shape)) if t in shape.arms]
    assert shown == [*sorted(shape.strategies, key=lambda s: -shape.gain("stage1", s).value), *shape.controls]


def test_controls_differ_in_shape(contents):
    svg = figures.gains(contents["study"], shape_of(contents["study"]))
    outlines = [mark.get("d") for mark in ElementTree.fromstring(svg).iter(f"{SVG}path") if mark.get("transform")]
    diamonds = [d for d in outlines if "A" not in d and d.endswith("Z")]
    dots = [d for d in outlines if d.startswith("M4,0A")]
    assert (len(diamonds), len(dots)) == (2 * 2, 6 * 2), "two controls and six strategies in two contexts"


def test_the_band_of_the_smallest_gain_is_drawn_when_given(contents):
    shape = shape_of(contents["study"])
    band = COLOURS["band"].light
    assert figures.gains(contents["study"], shape).count(band) == len(shape.contexts)
    assert band not in figures.gains(replace(contents["study"], smallest_gain=None), shape)


def test_moves_show_both_ranks_and_colour_what_leaves_its_band(contents):
    content = contents["study"]
    svg = figures.moves(content, shape_of(content))
    shown = texts(svg)
    for row in content.tables["moves"].to_pylist():
        assert any(t.split() == [row["strategy"], f"{row['rank_first']:.0f}"] for t in shown)
        assert any(t.split() == [f"{row['rank_second']:.0f}", row["strategy"]] for t in shown)
    assert COLOURS["hurts"].light in svg, "std_darken falls further than chance"


def test_heat_prints_each_number_and_greys_the_unsupported(contents):
    shape = shape_of(contents["large"])
    table = {("stage1", s, d): shape.gain("stage1", s, d) for s in shape.arms for d in shape.domains}
    svg = figures.heat(shape, shape.domains, [("stage1", ["foggy"])], table)
    assert len([t for t in texts(svg) if re.fullmatch(r"[+−]?\d+\.\d\d", t)]) == len(shape.arms) * len(shape.domains)
    assert svg.count(f'fill="{COLOURS["faint"].light}"') == len(shape.arms)


def test_text_stays_text_and_nothing_points_elsewhere(contents):
    svg = figures.gains(contents["study"], shape_of(contents["study"]))
    assert "<text" in svg and "<image" not in svg and "href" not in svg and " id=" not in svg
    assert set(re.findall(r"https?://[^\"' ]+", svg)) == {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
