"""Correlations stand on one axis, with the number of strategies beside each attribute."""

from dataclasses import replace

import pyarrow as pa
import pytest

from fairweather.report.charts import attributes as figures_of
from fairweather.report.figures.attributes import attributes
from fairweather.report.palette import COLOURS
from fairweather.report.picture import picture
from fairweather.report.shape import shape_of


@pytest.fixture(scope="module")
def content(contents):
    rows = [
        {"context": c, "attribute": a, "kind": k, "of": "gain", "strategies": n, "rho": rho, "p": 0.01, "p_adjusted": 0.04,
         "verdict": v}
        for c in ("stage1", "stage2")
        for a, k, n, rho, v in (("fid", "measured", 18, -0.6, "yes"), ("simple", "labelled", 26, 0.1, "undecided"),
                                ("odd", "labelled", 2, None, "untestable"))
    ]  # fmt: skip
    return replace(contents["study"], tables=contents["study"].tables | {"attributes": pa.Table.from_pylist(rows)})


def test_decided_ones_are_coloured_and_those_without_a_number_left_out(content, texts):
    svg = picture(attributes, content, shape_of(content)).svg
    shown = texts(svg)
    assert "fid · measured, n = 18" in shown and "simple · labelled, n = 26" in shown
    assert not any("odd" in t for t in shown) and {"gain · stage1", "gain · stage2"} <= set(shown)
    assert svg.count(f'fill="{COLOURS["hurts"].light}"') == 2


def test_no_table_no_figure(contents, content):
    assert figures_of(contents["study"], shape_of(contents["study"])) == ()
    assert figures_of(content, shape_of(content))[0].behind[0].source == "tables/attributes.csv"
