"""What each thing left out does to the mean gain and to the leader's."""

from dataclasses import replace

import pyarrow as pa
import pytest

from fairweather.report.charts import influence as figures_of
from fairweather.report.figures.influence import influence
from fairweather.report.palette import COLOURS
from fairweather.report.picture import picture
from fairweather.report.shape import shape_of

LEFT_OUT = (("", ""), ("dataset", "acdc"), ("dataset", "bdd10k"), ("model", "pspnet_r50"))


@pytest.fixture(scope="module")
def content(contents):
    rows = [
        {"context": c, "factor": f, "left_out": o, "blocks": 9, "strategies": 26, "mean_gain": 0.9 - 0.1 * i,
         "leader": "std_darken", "leader_gain": 1.4 + 0.1 * i, "differ_p": 0.08, "separated": 2, "flips": 3 if o == "acdc" else 0}
        for c in ("stage1", "stage2") for i, (f, o) in enumerate(LEFT_OUT)
    ]  # fmt: skip
    return replace(contents["study"], tables=contents["study"].tables | {"influence": pa.Table.from_pylist(rows)})


def test_what_is_left_out_is_named_and_turned_verdicts_are_counted(content, texts):
    svg = picture(influence, content, shape_of(content)).svg
    shown = texts(svg)
    assert all(shown.count(o) == 1 for _, o in LEFT_OUT[1:]) and shown.count("dataset") == 1
    assert shown.count("3") == 2, "one in each context"
    assert svg.count('stroke-dasharray="3,3"') == 4, "mean and leader with nothing left out, in two contexts"


def test_dots_of_mean_and_leader(content):
    svg = picture(influence, content, shape_of(content)).svg
    assert svg.count(f'stroke="{COLOURS["helps"].light}" stroke-width="1.6"') == 3 * 2


def test_the_figure_names_the_whole_only_where_it_is_given(content):
    (figure,) = figures_of(content, shape_of(content))
    assert "nothing left out" in figure.caption and figure.behind[0].source == "tables/influence.csv"
    bare = pa.Table.from_pylist([r for r in content.tables["influence"].to_pylist() if r["left_out"]])
    other = replace(content, tables=content.tables | {"influence": bare})
    assert "nothing left out" not in figures_of(other, shape_of(other))[0].caption


def test_no_table_no_figure(contents):
    assert figures_of(contents["study"], shape_of(contents["study"])) == ()
