import numpy as np
import pyarrow as pa
import pytest

from fairweather.analysis.imports.sheet import Sheet, listing, path_shown, shown
from fairweather.errors import InputError


def test_place_and_names() -> None:
    sheet = Sheet("a.csv", ("name", "x\ny"), (pa.array(["p", "", "p"]), pa.array([[1], [2], [3]])), np.array([2, 5, 6]))
    assert sheet.place(1, 0) == "a.csv line 5, column name"
    assert sheet.place(2, 1) == r"a.csv line 6, column x\ny"
    names, codes = sheet.names(0)
    assert (names, codes.tolist()) == (("p", ""), [0, 1, 0])
    with pytest.raises(InputError, match="allowed: text"):
        sheet.names(1)


def test_names_of_numbers() -> None:
    sheet = Sheet("a.parquet", ("model",), (pa.array([50, None, 101]),), np.array([2, 3, 4]))
    assert sheet.names(0)[0] == ("50", "", "101")


def test_messages_stay_on_one_line() -> None:
    assert shown("a\nb\t🌧") == r"a\nb\t🌧"
    assert shown("n" * 300) == "n" * 80 + "..."
    assert path_shown("p" * 300 + "\n.csv") == "p" * 300 + r"\n.csv"
    assert listing(["a", "b\n"]) == r"a, b\n"
    assert listing([]) == "none"
    assert listing(["a", "b", "c"], 2) == "a, b and 1 more"
