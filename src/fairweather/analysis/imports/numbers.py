"""Cells that hold numbers and times: from text, or from the types of a Parquet file."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fairweather.analysis.imports.sheet import Sheet, path_shown, shown
from fairweather.errors import InputError

NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
EXACT = 2.0**53  # the largest whole numbers a float64 holds
A_NUMBER = "a number, or an empty cell where there is no value"
A_WHOLE = "a whole number"
EPOCH = (946_684_800.0, 4_102_444_800.0)  # 2000-01-01 and 2100-01-01 in seconds
UNKNOWN = -1


@dataclass(frozen=True)
class Reals:
    """A column of numbers.

    Args:
        values: float64 (rows,), NaN where the cell is empty.
        digits: int64 (rows,), printed decimals; UNKNOWN where the cell does not say (Parquet, exponents, empty).
        percent: whether the cells carry percent signs.
    """

    values: np.ndarray = field(repr=False)
    digits: np.ndarray = field(repr=False)
    percent: bool = False


def reals(sheet: Sheet, at: int) -> Reals:
    """A column of numbers; an empty cell is a missing value.

    Raises:
        InputError: a cell that is no number, NaN or infinite; percent signs in some cells and not in others.
    """
    column = sheet.columns[at]
    if not pa.types.is_string(column.type):
        return Reals(_typed(sheet, at), np.full(sheet.lines.size, UNKNOWN))
    text = pc.replace_substring(pc.utf8_trim_whitespace(column), "−", "-")
    signed = pc.ends_with(text, "%")
    percent = bool(pc.any(signed, min_count=0).as_py())
    if percent:
        text = pc.utf8_rtrim_whitespace(pc.utf8_rtrim(text, "%"))
    text = pc.if_else(pc.equal(text, ""), None, text)
    good = pc.match_substring_regex(text, NUMBER)
    _refuse(sheet, at, ~_flags(pc.fill_null(good, True)), A_NUMBER)
    if percent:
        unsigned = ~_flags(pc.fill_null(signed, True)) & _flags(pc.is_valid(text))
        _refuse(sheet, at, unsigned, "a percent sign in every cell of the column, or in none", "has no percent sign")
    values = pc.cast(pc.utf8_ltrim(text, "+"), pa.float64()).to_numpy(zero_copy_only=False)
    _refuse(sheet, at, np.isinf(values), A_NUMBER)
    return Reals(np.asarray(values, np.float64), _digits(text), percent)


def wholes(sheet: Sheet, at: int, hint: str = "") -> np.ndarray:
    """float64 (rows,): a column of whole numbers, NaN where the cell is empty.

    Raises:
        InputError: a cell that is no whole number; `hint` says what else is allowed.
    """
    allowed = f"{A_WHOLE}{hint}"
    column = sheet.columns[at]
    if pa.types.is_string(column.type):
        text = pc.utf8_trim_whitespace(column)
        good = _flags(pc.fill_null(pc.or_(pc.equal(text, ""), pc.match_substring_regex(text, NUMBER)), True))
        _refuse(sheet, at, ~good, allowed, "is not a whole number")
    values = reals(sheet, at).values
    broken = np.isfinite(values) & ((values != np.floor(values)) | (np.abs(values) >= EXACT))
    _refuse(sheet, at, broken, allowed, "is not a whole number")
    return values


def moments(sheet: Sheet, at: int) -> pa.Array | None:
    """timestamp[us] (rows,), null where the cell is empty; None where the column does not read as dates.

    Read are ISO 8601 dates and times, 20260121_101500, and seconds or milliseconds since 1970 within 2000 to 2100.
    """
    column = sheet.columns[at]
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
        return column.cast(pa.timestamp("us"), safe=False)
    if not pa.types.is_string(column.type):
        return _epoch(column)
    text = pc.utf8_trim_whitespace(column)
    text = pc.if_else(pc.equal(text, ""), None, text)
    if _flags(pc.fill_null(pc.match_substring_regex(text, NUMBER), True)).all():
        return _epoch(pc.cast(pc.utf8_ltrim(text, "+"), pa.float64()))
    text = pc.replace_substring_regex(text, r"^(\d{4})(\d\d)(\d\d)[_T ]?(\d\d)(\d\d)(\d\d)$", r"\1-\2-\3T\4:\5:\6")
    text = pc.replace_substring(text, "/", "-")
    zoned = _flags(pc.fill_null(pc.match_substring_regex(text, r":.*(Z|[+-]\d\d:?(\d\d)?)$"), True))
    try:
        if zoned.all():
            return pc.cast(text, pa.timestamp("ns", "UTC")).cast(pa.timestamp("us", "UTC"), safe=False).cast(
                pa.timestamp("us")
            )  # fmt: skip
        return pc.cast(text, pa.timestamp("ns")).cast(pa.timestamp("us"), safe=False)
    except pa.ArrowInvalid:  # the one answer this function gives for what is no date
        return None


def numeric(sheet: Sheet, at: int) -> bool:
    """Whether a column holds numbers and nothing else."""
    column = sheet.columns[at]
    if not pa.types.is_string(column.type):
        return bool(pa.types.is_floating(column.type) or pa.types.is_integer(column.type))
    text = pc.utf8_rtrim(pc.utf8_trim_whitespace(column), "% ")
    filled = _flags(pc.fill_null(pc.not_equal(text, ""), False))
    good = _flags(pc.fill_null(pc.match_substring_regex(text, NUMBER), False))
    return bool(filled.any() and good[filled].all())


def _flags(found: Any) -> np.ndarray:
    flags: np.ndarray = found.to_numpy(zero_copy_only=False)
    return flags.astype(bool)


def _refuse(sheet: Sheet, at: int, bad: np.ndarray, allowed: str, is_wrong: str = "is not a number") -> None:
    """InputError for the first bad row, if there is one."""
    if not bad.any():
        return
    row = int(np.argmax(bad))
    cell = str(sheet.columns[at][row].as_py())
    raise InputError(f"{sheet.place(row, at)}: '{shown(cell)}' {is_wrong} (allowed: {allowed})")


def _typed(sheet: Sheet, at: int) -> np.ndarray:
    """float64 (rows,) of a column of a Parquet file."""
    column = sheet.columns[at]
    if pa.types.is_null(column.type):
        return np.full(sheet.lines.size, np.nan)
    if not (pa.types.is_floating(column.type) or pa.types.is_integer(column.type)):
        where = f"{path_shown(sheet.file)}: column {shown(sheet.header[at])}"
        raise InputError(f"{where} is {column.type} (allowed: numbers, or nulls where there is no value)")
    values = column.cast(pa.float64())
    filled = _flags(pc.is_valid(values))
    numbers = np.asarray(values.to_numpy(zero_copy_only=False), np.float64)
    _refuse(sheet, at, filled & ~np.isfinite(numbers), "a number, or null where there is no value")
    return numbers


def _digits(text: Any) -> np.ndarray:
    """int64 (rows,): decimals as printed."""
    point = pc.find_substring(text, ".")
    after = pc.subtract(pc.subtract(pc.utf8_length(text), point), 1)
    digits = pc.if_else(pc.less(point, 0), 0, after)
    plain = pc.invert(pc.match_substring_regex(text, "[eE]"))
    known = pc.fill_null(pc.if_else(plain, digits, UNKNOWN), UNKNOWN)
    return np.asarray(known.to_numpy(zero_copy_only=False), np.int64)


def _epoch(column: Any) -> pa.Array | None:
    if not (pa.types.is_floating(column.type) or pa.types.is_integer(column.type)):
        return None
    seconds = np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)
    there = np.isfinite(seconds)
    for scale in (1.0, 1e-3):
        found = seconds * scale
        if there.any() and ((found[there] >= EPOCH[0]) & (found[there] < EPOCH[1])).all():
            micros = np.where(there, found * 1e6, 0.0).round().astype(np.int64)
            return pa.array(micros, pa.timestamp("us"), mask=~there)
    return None
