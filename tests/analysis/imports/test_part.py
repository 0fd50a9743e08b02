from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from fairweather.analysis.imports import Source
from fairweather.analysis.imports.delimited import read_delimited
from fairweather.analysis.imports.imported import PRINTED, ROWS, Renamed
from fairweather.analysis.imports.part import Part, in_points, read_part, seen_unit
from fairweather.analysis.imports.sheet import Sheet
from fairweather.errors import InputError


def part(text: str, context: str = "", **mapping: str) -> Part:
    return read_part(read_delimited("t.csv", text.encode()), Source(Path("t.csv"), context), mapping, None)


def test_all_columns_of_a_row() -> None:
    found = part(
        "method,data,arch,run,weather,category,mIoU,support,num_classes,timestamp,source,rank,stage\n"
        "photometric_distort,bdd,r50,3,Fog,pole,41.90,120,19,2026-01-21 10:15:00,runs/7,2,s1\n"
        "baseline,bdd,r50,3,night,pole,,,,,,,s2\n"
    )
    assert found.rows.schema == ROWS
    assert found.rows.to_pylist() == [
        {
            "file": "t.csv", "line": 2, "context": "s1", "strategy": "std_photometric_distort", "spelled": "photometric_distort",
            "dataset": "bdd", "model": "r50", "seed": 3, "domain": "foggy", "class": "pole", "value": 41.9, "digits": 2,
            "images": 120, "classes": 19, "time": datetime(2026, 1, 21, 10, 15), "origin": "runs/7", "rank": 2.0,
        },
        {
            "file": "t.csv", "line": 3, "context": "s2", "strategy": "baseline", "spelled": "baseline", "dataset": "bdd",
            "model": "r50", "seed": 3, "domain": "night", "class": "pole", "value": None, "digits": None, "images": None,
            "classes": None, "time": None, "origin": "", "rank": None,
        },
    ]  # fmt: skip
    assert found.renamed == (Renamed("t.csv", "photometric_distort", "std_photometric_distort"),)
    assert found.printed.schema == PRINTED


def test_a_file_that_says_little() -> None:
    found = part("strategy,mIoU\nbaseline,40\n")
    assert {key: value for key, value in found.rows.to_pylist()[0].items() if value not in ("", None)} == {
        "file": "t.csv", "line": 2, "context": "all", "strategy": "baseline", "spelled": "baseline", "value": 40.0, "digits": 0,
    }  # fmt: skip
    assert found.declared is None


def test_contexts_as_columns() -> None:
    found = part(
        "strategy,a_gain,a_rank,b_gain,b_rank,rank_change,gain_change\nx,+1.5,1,,2,-1,-1.25\nbaseline,0,2,0,1,,\n"
    )
    assert [(row["line"], row["context"], row["value"], row["rank"]) for row in found.rows.to_pylist()] == [
        (2, "a", 1.5, 1), (2, "b", None, 2), (3, "a", 0, 2), (3, "b", 0, 1),
    ]  # fmt: skip
    assert found.printed.to_pylist() == [
        {"file": "t.csv", "line": 2, "strategy": "x", "rank_change": -1.0, "gain_change": -1.25, "digits": 2},
        {"file": "t.csv", "line": 3, "strategy": "baseline", "rank_change": None, "gain_change": None, "digits": None},
    ]


def test_contexts_of_the_command_line() -> None:
    assert set(part("strategy,mIoU\nx,40\n", "s").rows["context"].to_pylist()) == {"s"}
    assert set(part("strategy,stage,mIoU\nx,1,40\n", "s").rows["context"].to_pylist()) == {"s"}
    assert set(part("strategy,stage1_mIoU\nx,40\n", "s").rows["context"].to_pylist()) == {"s"}


def test_a_time_in_hours_is_no_date() -> None:
    found = part("strategy,mIoU,time\nbaseline,40,3.5\n")
    assert found.rows["time"].null_count == 1
    assert [one.role for one in found.named] == ["strategy", "value"]
    with pytest.raises(InputError, match="column time does not read as dates"):
        part("strategy,mIoU,time\nbaseline,40,3.5\n", time="time")


def test_fractions_become_points() -> None:
    rows, printed = in_points(part("strategy,mIoU,gain_change\nx,0.4199,0.012\ny,,\nz,0.5,1\n"), "fraction")
    assert rows["value"].to_pylist() == [pytest.approx(41.99), None, 50.0]
    assert rows["digits"].to_pylist() == [2, None, 0]
    assert printed["gain_change"].to_pylist() == [pytest.approx(1.2), None, 100.0]
    assert printed["digits"].to_pylist() == [1, None, 0]
    assert rows.schema == ROWS
    assert printed.schema == PRINTED


def test_units_declared_and_seen() -> None:
    assert part("strategy,mIoU (%)\nx,0.4\n").declared == "percent"
    assert part("strategy,mIoU\nx,0.4%\n").declared == "percent"
    assert seen_unit(part("strategy,mIoU\nx,0.4\n")) == "fraction"
    assert seen_unit(part("strategy,gain\nx,0.4\n")) == "percent"


def test_a_group_is_one_data_set_model_domain_and_class() -> None:
    """0.2 beside 21 of another domain is collapsed; beside 21 of its own it may be a fraction."""
    text = "strategy,dataset,domain,mIoU\na,d,night,{}\nb,d,night,{}\na,d,foggy,60\nb,d,foggy,0.2\n"
    assert seen_unit(part(text.format(21, 22))) == "percent"
    with pytest.raises(InputError, match=r"line 5: 0.2 may be a fraction"):
        seen_unit(part(text.format(21, 22).replace("60", "20")))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("strategy,mIoU\nx,40\n,41\n", "t.csv line 3, column strategy: an empty cell (allowed: a name in every row)"),
        ("strategy,dataset,mIoU\nx,d,40\ny,,41\n", "t.csv line 3, column dataset: an empty cell"),
        ("strategy,seed,mIoU\nx,1,40\ny,,41\n", "t.csv line 3, column seed: an empty cell (allowed: a whole number in every row; "
                                                "--columns seed= if this column is something else)"),
        ("strategy,run,mIoU\nx,run_1,40\n", "t.csv line 2, column run: 'run_1' is not a whole number (allowed: a whole number; "
                                            "--columns seed="),
        ("strategy,domain,mIoU\nx,overall,40\n", "t.csv line 2, column domain: 'overall' is a summary of the other rows"),
        ("strategy,domain,mIoU\nx,night,40\nx,rainyy,40\n", "t.csv line 3, column domain: unknown domain 'rainyy'; did you mean "
                                                            "'rainy'"),
        ("strategy,class,IoU\nx,mean,40\n", "t.csv line 2, column class: 'mean' is a summary of the other rows"),
        ("strategy,domain,mIoU,images\nx,night,40,-3\n", "t.csv line 2, column images: -3 is negative"),
        ("strategy,domain,mIoU,images\nx,night,40,\ny,night,41,3\n", "t.csv line 2, column images: an empty cell (allowed: a "
                                                                     "whole number wherever there is a value; --columns images="),
        ("strategy,context,a_mIoU,b_mIoU\nx,c,1,2\n", "t.csv: contexts are named by a column's cells and by columns' names"),
        ("strategy,mIoU\nx,\ny,\n", "t.csv: column mIoU has no value in any row"),
    ],
)  # fmt: skip
def test_refused(text: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        part(text)
    assert str(error.value).startswith(message)


def test_a_file_of_two_contexts_given_as_one() -> None:
    for text in ("strategy,context,mIoU\nx,a,40\nx,b,41\n", "strategy,a_mIoU,b_mIoU\nx,40,41\n"):
        with pytest.raises(InputError, match=r"^t.csv holds 2 contexts \(a, b\) and is given as context s"):
            part(text, "s")


def test_names_of_numbers_in_parquet() -> None:
    columns = (pa.array(["baseline", "x"]), pa.array([50, 101]), pa.array([1, 2]), pa.array([40.0, 41.0]))
    sheet = Sheet("t.parquet", ("strategy", "model", "seed", "mIoU"), columns, np.array([2, 3]))
    rows = read_part(sheet, Source(Path("t.parquet")), {}, None).rows
    assert rows["model"].to_pylist() == ["50", "101"]
    assert rows["seed"].to_pylist() == [1, 2]
    assert rows["digits"].null_count == 2
