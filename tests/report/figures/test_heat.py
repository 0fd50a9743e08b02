"""Heat prints each number and greys what is not supported."""

import re

from fairweather.report.figures.heat import Panel, heat
from fairweather.report.palette import COLOURS
from fairweather.report.picture import picture
from fairweather.report.shape import shape_of

NUMBER = re.compile(r"[+−]?\d+\.\d\d")


def table_of(shape):
    return {(c, s, d): shape.gain(c, s, d) for c in shape.contexts for s in shape.arms for d in shape.domains}


def test_each_number_is_printed_and_the_unsupported_are_grey(contents, texts):
    shape = shape_of(contents["large"])
    drawn = picture(heat, shape, [Panel("stage1", "stage1", shape.domains, frozenset({"foggy"}))], table_of(shape))
    assert len([t for t in texts(drawn.svg) if NUMBER.fullmatch(t)]) == len(shape.arms) * len(shape.domains)
    assert drawn.svg.count(f'fill="{COLOURS["faint"].light}"') == len(shape.arms)


def test_strategies_without_a_value_are_left_out(contents, texts):
    shape = shape_of(contents["study"])
    table = {("stage1", s, k): shape.class_gain("stage1", s, k) for s in shape.arms for k in shape.small}
    shown = texts(picture(heat, shape, [Panel("small", "stage1", shape.small)], table).svg)
    assert set(shape.strategies) <= set(shown) and not set(shape.controls) & set(shown)


def test_many_columns_put_the_contexts_below_one_another(contents):
    shape = shape_of(contents["large"])
    names = shape.classes + shape.small
    table = {(c, s, k): shape.class_gain(c, s, k) for c in shape.contexts for s in shape.arms for k in names}
    assert len(heat(shape, [Panel(c, c, names) for c in shape.contexts], table)["vconcat"]) == 2
    few = heat(shape, [Panel(c, c, shape.domains) for c in shape.contexts], table_of(shape))
    assert len(few["vconcat"]) == 1 and len(few["vconcat"][0]["hconcat"]) == 3, "the names and two contexts"


def test_a_family_alone(contents, texts, drawn_with):
    shape = shape_of(contents["large"])
    drawn = picture(heat, shape, [Panel("stage1", "stage1", shape.domains)], table_of(shape))
    shown = texts(drawn_with(drawn, family="std"))
    assert len([t for t in shown if NUMBER.fullmatch(t)]) == 5 * len(shape.domains)
