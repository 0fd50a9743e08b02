"""Slopes say the ranks, and colour what leaves its band of chance."""

from dataclasses import replace

import pyarrow as pa
import pytest

from fairweather.report.charts import moves as figures_of
from fairweather.report.figures.moves import Line, far, moves, with_bands
from fairweather.report.palette import COLOURS
from fairweather.report.picture import picture
from fairweather.report.shape import shape_of


@pytest.fixture(scope="module")
def study(contents):
    return picture(moves, with_bands(contents["study"]), shape_of(contents["study"]))


def test_both_ranks_are_shown_and_what_leaves_its_band_is_coloured(contents, study, texts):
    shown = texts(study.svg)
    for row in contents["study"].tables["moves"].to_pylist():
        assert any(t.split() == [row["strategy"], f"{row['rank_first']:.0f}"] for t in shown)
        assert any(t.split() == [f"{row['rank_second']:.0f}", row["strategy"]] for t in shown)
    assert COLOURS["hurts"].light in study.svg, "std_darken falls further than chance"


def test_within_the_band_nothing_is_coloured(contents):
    lines = [replace(line, low=-10.0, high=10.0) for line in with_bands(contents["study"])]
    svg = picture(moves, lines, shape_of(contents["study"])).svg
    assert COLOURS["hurts"].light not in svg and COLOURS["helps"].light not in svg


def test_a_family_alone_keeps_its_ranks(contents, texts, drawn_with):
    content = contents["large"]
    svg = drawn_with(picture(moves, with_bands(content), shape_of(content)), family="std")
    shown = [t for t in texts(svg) if "std_" in t or "gen_" in t]
    assert len(shown) == 2 * 5 and not any("gen_" in t for t in shown)
    ranks = {r["strategy"]: r["rank_first"] for r in content.tables["moves"].to_pylist()}
    assert any(t.split() == ["std_cutmix", f"{ranks['std_cutmix']:.0f}"] for t in shown)


def printed(contents):
    rows = [
        {"strategy": s, "first": "stage1", "second": "stage2", "gain_first": 1.0 - i / 10, "gain_second": i / 10, "change": 0.0,
         "rank_first": i + 1.0, "rank_second": 6.0 - i, "rank_change": 2.0 * i - 5}
        for i, s in enumerate(shape_of(contents["study"]).strategies)
    ]  # fmt: skip
    tables = contents["study"].tables
    empty = {"moves": tables["moves"].slice(0, 0), "printed": pa.Table.from_pylist(rows)}
    return replace(contents["study"], tables=tables | empty)


def test_printed_ranks_have_no_band_and_say_so(contents, texts):
    content = printed(contents)
    (figure,) = figures_of(content, shape_of(content))
    assert "as printed" in figure.title and "no band of chance: no cells, no seeds" in figure.caption
    assert COLOURS["chance"].light not in figure.picture.svg and "move and its band of chance" not in texts(
        figure.picture.svg
    )
    assert figure.picture.svg.count(COLOURS["helps"].light) > 0, "up by five places"


def test_far_is_ten_of_26():
    lines = [Line(str(i), 1.0, 2.0) for i in range(26)]
    assert far(lines) == 10 and far(lines[:3]) == 2


def test_one_rank_is_no_slope(contents):
    content = contents["tiny"]
    assert figures_of(content, shape_of(content)) == ()
