"""Coverage marks what is missing."""

from dataclasses import replace

import pyarrow as pa

from fairweather.report.figures.coverage import coverage, missing, pairs
from fairweather.report.palette import COLOURS
from fairweather.report.picture import picture
from fairweather.report.shape import shape_of


def without(content, keep):
    cells = [r for r in content.tables["cells"].to_pylist() if keep(r)]
    return replace(content, tables=content.tables | {"cells": pa.Table.from_pylist(cells)})


def test_a_square_for_every_cell_and_a_cross_for_each_missing_one(contents, texts):
    def there(r):
        return not (r["strategy"] == "std_cutmix" and r["context"] == "stage2" and r["dataset"] == "acdc")

    content = without(contents["large"], there)
    shape = shape_of(content)
    svg = picture(coverage, content, shape).svg
    assert missing(content, shape) == 3 and texts(svg).count("×") == 3
    assert svg.count(f'fill="{COLOURS["rule"].light}"') == 29 * 12 * 2 - 3, (
        "26 strategies, two controls and the baseline"
    )


def test_a_part_of_the_seeds_is_paler_and_counted(contents, texts):
    content = without(contents["study"], lambda r: r["strategy"] != "std_mixup" or r["seed"] != 2)
    shape = shape_of(content)
    svg = picture(coverage, content, shape).svg
    assert (
        svg.count(f'fill="{COLOURS["faint"].light}"') == 2
        and texts(svg).count("2") == 2
        and missing(content, shape) == 0
    )


def test_one_data_set_alone(contents, texts, drawn_with):
    content = contents["large"]
    drawn = picture(coverage, content, shape_of(content))
    svg = drawn_with(drawn, dataset="acdc", model="pspnet_r50")
    assert svg.count(f'fill="{COLOURS["rule"].light}"') == 29 * 2
    assert texts(svg).count("acdc · pspnet_r50") == 2 and not any("bdd10k" in t for t in texts(svg))


def test_a_table_that_names_no_cell_has_none(contents):
    cells = [r | {"dataset": "", "model": ""} for r in contents["study"].tables["cells"].to_pylist()]
    content = replace(contents["study"], tables=contents["study"].tables | {"cells": pa.Table.from_pylist(cells)})
    assert pairs(content) == () and pairs(contents["study"]) == (("camvid", "pspnet_small"),)
