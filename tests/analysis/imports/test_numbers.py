from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairweather.analysis.imports.numbers import UNKNOWN, moments, numeric, reals, wholes
from fairweather.analysis.imports.sheet import Sheet
from fairweather.errors import InputError


def sheet(*cells: object, kind: pa.DataType | None = None) -> Sheet:
    column = pa.array(cells, kind or (pa.string() if all(isinstance(cell, str) for cell in cells) else None))
    return Sheet("file.csv", ("mIoU",), (pa.chunked_array([column]),), np.arange(2, len(cells) + 2))


def test_text_as_numbers() -> None:
    found = reals(sheet("+1.97", " 41 ", "", "-.5", "2.", "1e-3", "−0.03", "007"), 0)
    assert found.values.tolist() == pytest.approx([1.97, 41, np.nan, -0.5, 2, 0.001, -0.03, 7], nan_ok=True)
    assert found.digits.tolist() == [2, 0, UNKNOWN, 1, 0, UNKNOWN, 2, 0]
    assert not found.percent


def test_percent_signs() -> None:
    found = reals(sheet("41.90%", "", "40 %"), 0)
    assert found.values.tolist() == pytest.approx([41.9, np.nan, 40], nan_ok=True)
    assert found.digits.tolist() == [2, UNKNOWN, 0]
    assert found.percent
    with pytest.raises(InputError, match="line 3, column mIoU: '42' has no percent sign"):
        reals(sheet("41%", "42"), 0)


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=5))
def test_numbers_come_back_exactly(values: list[float]) -> None:
    assert reals(sheet(*map(repr, values)), 0).values.tolist() == values


@given(st.lists(st.decimals(-1000, 1000, places=3, allow_nan=False), min_size=1, max_size=5))
def test_printed_digits(values: list[object]) -> None:
    assert reals(sheet(*(f"{value:+}" for value in values)), 0).digits.tolist() == [3] * len(values)


@pytest.mark.parametrize(
    "cell", ["n/a", "nan", "NaN", "inf", "-inf", "1,5", "1 000", "0x10", "1e999", "--1", "%", "41.9 points"]
)
def test_text_in_a_number_column(cell: str) -> None:
    if cell == "%":
        assert np.isnan(reals(sheet("1%", "%"), 0).values[1])
        return
    with pytest.raises(InputError) as error:
        reals(sheet("1", "", cell), 0)
    assert str(error.value) == (
        f"file.csv line 4, column mIoU: '{cell}' is not a number (allowed: a number, or an empty cell where there is no value)"
    )


def test_parquet_numbers() -> None:
    found = reals(sheet(1, None, 3), 0)
    assert found.values.tolist() == pytest.approx([1, np.nan, 3], nan_ok=True)
    assert (found.digits == UNKNOWN).all()
    assert np.isnan(reals(sheet(None, None), 0).values).all()
    with pytest.raises(InputError, match="line 3, column mIoU: 'nan' is not a number"):
        reals(sheet(1.0, float("nan"), None), 0)
    with pytest.raises(InputError, match="line 2, column mIoU: 'inf' is not a number"):
        reals(sheet(float("inf")), 0)
    with pytest.raises(InputError, match="column mIoU is bool"):
        reals(sheet(True), 0)


def test_wholes() -> None:
    assert wholes(sheet("3", "", "4.0", "-1"), 0).tolist() == pytest.approx([3, np.nan, 4, -1], nan_ok=True)
    assert wholes(sheet(3, None), 0).tolist() == pytest.approx([3, np.nan], nan_ok=True)
    for cell in ("1.5", "run1", "1e300", "nan"):
        with pytest.raises(InputError) as error:
            wholes(sheet("3", cell), 0, "; or else")
        assert str(error.value) == (
            f"file.csv line 3, column mIoU: '{cell}' is not a whole number (allowed: a whole number; or else)"
        )


@pytest.mark.parametrize(
    "cells",
    [
        ("2026-01-21T10:15:00", ""), ("2026-01-21 10:15", ""), ("2026/01/21 10:15:00", ""), ("20260121_101500", ""),
        ("2026-01-21T10:15:00.000000000Z", ""), ("2026-01-21T12:15:00+02:00", ""), ("1768990500", ""), ("1768990500000.0", ""),
        (1768990500, None), (datetime(2026, 1, 21, 10, 15), None),
    ],
    ids=str,
)  # fmt: skip
def test_moments(cells: tuple[object, object]) -> None:
    found = moments(sheet(*cells), 0)
    assert found is not None
    assert found.type == pa.timestamp("us")
    assert found.to_pylist() == [datetime(2026, 1, 21, 10, 15), None]


def test_dates_alone_and_what_is_no_date() -> None:
    found = moments(sheet(date(2026, 1, 21)), 0)
    assert found is not None
    assert found.to_pylist() == [datetime(2026, 1, 21)]
    assert moments(sheet("3.5 h", "2026-01-21"), 0) is None
    assert moments(sheet("5321.2"), 0) is None
    assert moments(sheet(5321.2), 0) is None
    assert moments(sheet(True), 0) is None


def test_numeric() -> None:
    assert numeric(sheet("1", "", "2%"), 0)
    assert numeric(sheet(1.0), 0)
    assert not numeric(sheet("1", "a"), 0)
    assert not numeric(sheet("", ""), 0)
    assert not numeric(sheet(True), 0)
