"""Gains say what their table says, in the order and under the filters the reader asks for."""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pyarrow as pa
import pytest

from fairweather.report.figures import gains as module
from fairweather.report.figures.gains import cell_gains, gains
from fairweather.report.palette import COLOURS
from fairweather.report.picture import picture
from fairweather.report.shape import shape_of

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def study(contents):
    shape = shape_of(contents["study"])
    return shape, picture(gains, contents["study"], shape)


def names(texts, shape, svg):
    return [t for t in texts(svg) if t in shape.arms]


@pytest.mark.parametrize("name", ["study", "tiny", "large", "hostile"])
def test_every_strategy_is_named_once(contents, reports, texts, name):
    shape = shape_of(contents[name])
    shown = [t.replace("\n", " ") for t in texts((reports[name] / "figures/gains.svg").read_text(encoding="utf-8"))]
    for arm in shape.arms:
        assert shown.count(arm.replace("\n", " ")) == 1, arm
    assert all(c in shown for c in shape.contexts)


def test_each_piece_passes_altairs_check_of_its_schema(contents):
    assert gains(contents["study"], shape_of(contents["study"]))["hconcat"], "described with the check on"


def test_orders(study, texts, drawn_with):
    shape, drawn = study
    for sort, key in (
        ("gain-1", lambda s: -shape.gain("stage1", s).value), ("gain-2", lambda s: -shape.gain("stage2", s).value),
        ("name", lambda s: s),
    ):  # fmt: skip
        expected = [*sorted(shape.strategies, key=key), *sorted(shape.controls, key=key)]
        svg = drawn_with(drawn, sort=sort)
        shown = [t for t in ElementTree.fromstring(svg).iter(f"{SVG}text") if t.text in shape.arms]
        rows = {t.text: float(re.search(r",([\d.]+)\)", t.get("transform"))[1]) for t in shown}
        assert sorted(rows, key=rows.get) == expected, sort


def test_a_family_alone(contents, texts, drawn_with):
    shape = shape_of(contents["large"])
    svg = drawn_with(picture(gains, contents["large"], shape), family="std")
    assert set(names(texts, shape, svg)) == {s for s in shape.strategies if s.startswith("std_")}


def test_a_data_set_alone_keeps_the_intervals_and_marks_the_mean_of_its_cells(contents, drawn_with):
    shape = shape_of(contents["large"])
    drawn = picture(gains, contents["large"], shape)
    ticks = f'fill="{COLOURS["ink"].light}"'

    def dots(svg):
        return svg.count('opacity="0.5"')

    def means(svg):
        return sum(ticks in p for p in re.findall(r"<path [^>]*>", svg))

    def thick(svg):
        return svg.count('stroke-width="3"')

    whole, part = drawn.svg, drawn_with(drawn, dataset="acdc")
    assert dots(whole) == 4 * dots(part) > 0, "one of four data sets"
    assert thick(whole) == thick(part) == 2 * len(shape.arms)
    assert means(whole) == 0 and means(part) == 2 * len(shape.arms)


def test_controls_differ_in_shape(study):
    outlines = [m.get("d") for m in ElementTree.fromstring(study[1].svg).iter(f"{SVG}path") if m.get("transform")]
    diamonds = [
        d for d in outlines if "A" not in d and d.endswith("Z") and d.count("L") == 3 and not d.startswith("M0,0")
    ]
    dots = [d for d in outlines if d.startswith("M4,0A")]
    assert (len(diamonds), len(dots)) == (2 * 2, 6 * 2), "two controls and six strategies in two contexts"


def test_the_band_of_the_smallest_gain_is_drawn_when_given(contents, study):
    shape, drawn = study
    band = COLOURS["band"].light
    assert drawn.svg.count(band) == len(shape.contexts)
    assert band not in picture(gains, replace(contents["study"], smallest_gain=None), shape).svg


def test_the_first_tier_is_shaded(contents, study):
    ranks = contents["study"].tables["ranks"].to_pylist()
    assert study[1].svg.count(f'fill="{COLOURS["tier"].light}"') == sum(r["tier"] == 1 for r in ranks)


def test_too_many_dots_become_means_over_seeds_and_then_none(contents, monkeypatch):
    content, shape = contents["study"], shape_of(contents["study"])
    every, what = cell_gains(content, shape)
    assert len(every) == 2 * 8 * 3 and what == "single runs"
    monkeypatch.setattr(module, "MOST_DOTS", 20)
    means, what = cell_gains(content, shape)
    assert len(means) == 2 * 8 and what == "means over seeds"
    first = means[0]
    own = [r["x"] for r in every if (r["context"], r["strategy"]) == (first["context"], first["strategy"])]
    assert first["x"] == pytest.approx(sum(own) / 3, abs=1e-3)
    monkeypatch.setattr(module, "MOST_DOTS", 10)
    assert cell_gains(content, shape) == ([], "")


def test_a_baseline_of_another_name(contents):
    def renamed(name):
        found = [
            {k: "none" if v == "baseline" else v for k, v in r.items()}
            for r in contents["study"].tables[name].to_pylist()
        ]
        return pa.Table.from_pylist(found)

    content = replace(contents["study"], tables=contents["study"].tables | {n: renamed(n) for n in ("gains", "cells")})
    shape = shape_of(content)
    assert shape.baseline == "none" and len(cell_gains(content, shape)[0]) == 48


def test_text_stays_text_and_nothing_points_elsewhere(study):
    svg = study[1].svg
    assert "<text" in svg and "<image" not in svg and "href" not in svg and " id=" not in svg
    assert set(re.findall(r"https?://[^\"' ]+", svg)) == {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
