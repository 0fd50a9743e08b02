"""frames.csv: the table beside a data set that names its frames."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from fairweather.errors import DataError


def frame_rows(table: Path, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """The rows of a frames.csv with their line numbers.

    Raises:
        DataError: not UTF-8, not CSV, without one of the columns, or a row with more or fewer fields than the header.
    """
    try:
        with table.open(newline="", encoding="utf-8-sig") as lines:
            reader = csv.DictReader(lines)
            missing = [column for column in columns if column not in (reader.fieldnames or ())]
            if missing:
                raise DataError(f"{table}: no column {missing[0]!r}; needed are {', '.join(columns)}")
            rows = [(reader.line_num, row) for row in reader]
    except UnicodeDecodeError as error:
        raise DataError(f"{table}: not UTF-8 text; save it as UTF-8") from error
    except csv.Error as error:
        raise DataError(f"{table}: not a CSV file: {error}") from error
    for line, row in rows:
        if None in row or None in row.values():  # how csv marks fields that are too many and too few
            raise DataError(
                f"{table} line {line}: {_fields(row)} fields; the header has {len(reader.fieldnames or ())}"
            )
    return rows


def header(table: Path, columns: Sequence[str]) -> bool:
    """Whether a frames.csv is there whose header has those columns."""
    try:
        with table.open(newline="", encoding="utf-8-sig") as lines:
            return set(columns) <= set(next(csv.reader(lines), ()))
    except (OSError, UnicodeDecodeError, csv.Error):
        return False


def _fields(row: Mapping[str | None, object]) -> int:
    extra = row.get(None)
    return sum(value is not None for key, value in row.items() if key) + (len(extra) if isinstance(extra, list) else 0)
