"""Delimited text (RFC 4180, UTF-8; comma, semicolon or tab) as a sheet.

pyarrow reads the cells; the lines come from the positions of line ends, or, where quoted cells hold line ends, from
Python's csv module, which also says which line is ragged once pyarrow has refused a file.
"""

import csv
import io
import re
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from fairweather.analysis.imports.sheet import Sheet, path_shown, shown
from fairweather.errors import InputError

DELIMITERS = (",", ";", "\t")
BOM = b"\xef\xbb\xbf"
LF, CR = 10, 13
LONGEST = 1 << 24  # characters of a cell; Python's csv module stops at 131,072 unless told


def read_delimited(file: str, data: bytes) -> Sheet:
    """The cells of a text file, all as strings.

    Raises:
        InputError: not UTF-8, empty, a header without rows, a column named twice, a row with more or fewer cells than
            the header, quotes that do not close.
    """
    data = data.removeprefix(BOM)
    _check_text(file, data)
    if not data.strip():
        raise InputError(f"{path_shown(file)}: the file is empty (needed: a header line and a row for each result)")
    delimiter = _delimiter(data)
    header = tuple(name.strip() for name in next(_records(file, data, delimiter))[1])
    _check_header(file, header)
    table = _cells(file, data, delimiter, header)
    lines = _lines(file, data, delimiter, table.num_rows)[1:]
    columns = [column.slice(1) for column in table.columns]
    if pc.any(pc.equal(columns[0], "")).as_py():  # a spreadsheet's empty rows are written as delimiters alone
        columns, lines = _without_empty_rows(columns, lines)
    if not lines.size:
        raise InputError(f"{path_shown(file)}: a header line and no rows (needed: a row for each result)")
    return Sheet(file, header, tuple(columns), lines)


def _check_text(file: str, data: bytes) -> None:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(f"{path_shown(file)}: UTF-16 text (allowed: UTF-8; save it again as such)")
    zero = data.find(b"\0")
    if zero >= 0:
        line = _line_of(data, zero)
        raise InputError(
            f"{path_shown(file)} line {line}: byte 0x00, so this is no text (allowed: UTF-8 text, or .parquet)"
        )
    if data.isascii():
        return
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, byte = _line_of(data, error.start), data[error.start]
        raise InputError(
            f"{path_shown(file)} line {line}: byte 0x{byte:02x} is not UTF-8 (allowed: UTF-8; save it again as such)"
        ) from error


def _line_of(data: bytes, position: int) -> int:
    return 1 + len(re.findall(rb"\r\n|\n|\r", data[:position]))


def _delimiter(data: bytes) -> str:
    """The delimiter that is most frequent in the header outside quotes; a comma where there is none."""
    head = re.sub(r'"[^"]*"', "", data[: 1 << 16].decode("utf-8", "ignore")).lstrip("\r\n")
    line = re.split(r"[\r\n]", head, maxsplit=1)[0]
    return max(DELIMITERS, key=line.count)


def _records(file: str, data: bytes, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line where it begins, cells) of every record that is not an empty line."""
    limit = csv.field_size_limit(LONGEST)
    try:
        reader = csv.reader(io.TextIOWrapper(io.BytesIO(data), "utf-8", newline=""), delimiter=delimiter)
        line = 1
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            f"{path_shown(file)} line {line}: {error} (allowed: delimited text with cells in double quotes)"
        ) from error
    finally:
        csv.field_size_limit(limit)


def _check_header(file: str, header: tuple[str, ...]) -> None:
    seen = set[str]()
    for name in header:
        if name and name in seen:
            raise InputError(f"{path_shown(file)}: column {shown(name)} is there twice (allowed: each name once)")
        seen.add(name)


def _cells(file: str, data: bytes, delimiter: str, header: tuple[str, ...]) -> pa.Table:
    """All records, the header first, as strings."""
    names = [str(at) for at in range(len(header))]
    try:
        return pcsv.read_csv(
            pa.BufferReader(data),
            read_options=pcsv.ReadOptions(column_names=names, block_size=LONGEST),
            parse_options=pcsv.ParseOptions(delimiter=delimiter, newlines_in_values=b'"' in data),
            convert_options=pcsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
            ),
        )
    except pa.ArrowInvalid as error:
        raise _ragged(file, data, delimiter, len(header), str(error)) from error


def _ragged(file: str, data: bytes, delimiter: str, width: int, reason: str) -> InputError:
    for line, cells in _records(file, data, delimiter):
        if len(cells) != width:
            unclosed = " (a double quote that is not closed?)" if any("\n" in cell for cell in cells) else ""
            return InputError(
                f"{path_shown(file)} line {line}: {_number(len(cells))} where the header has {width}{unclosed} "
                "(allowed: as many as the header)"
            )
    return InputError(f"{path_shown(file)}: not readable as delimited text: {shown(' '.join(reason.split()), 200)}")


def _number(cells: int) -> str:
    return f"{cells} cell{'' if cells == 1 else 's'}"


def _lines(file: str, data: bytes, delimiter: str, records: int) -> np.ndarray:
    """int64 (records,): the line where each record begins, the header's first."""
    lines = _filled_lines(data)
    if lines.size != records:  # some cells hold line ends: every such record takes more than one filled line
        lines = np.array([line for line, _ in _records(file, data, delimiter)], np.int64)
    if lines.size != records:
        raise InputError(
            f'{path_shown(file)}: its quotes do not pair up (allowed: cells in double quotes, "" for a quote inside)'
        )
    return lines


def _filled_lines(data: bytes) -> np.ndarray:
    """int64: the numbers of the lines that are not empty."""
    text = np.frombuffer(data, np.uint8)
    ends = text == LF
    if CR in data:
        returns = text == CR
        followed = np.zeros_like(returns)
        followed[:-1] = ends[1:]
        ends |= returns & ~followed
    at = np.append(np.flatnonzero(ends), text.size)
    starts = np.concatenate([[0], at[:-1] + 1])
    length = at - starts
    length -= (length > 0) & (text[at - 1] == CR)
    return np.flatnonzero(length > 0) + 1


def _without_empty_rows(columns: list[pa.ChunkedArray], lines: np.ndarray) -> tuple[list[pa.ChunkedArray], np.ndarray]:
    filled = np.zeros(lines.size, bool)
    for column in columns:
        filled |= pc.not_equal(column, "").to_numpy(zero_copy_only=False)
    keep = pa.array(filled)
    return [column.filter(keep) for column in columns], lines[filled]
