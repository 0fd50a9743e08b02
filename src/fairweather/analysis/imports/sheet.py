"""A sheet: the columns of one file under their names, with the line of every row."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fairweather.analysis.table import encode
from fairweather.errors import InputError


@dataclass(frozen=True)
class Sheet:
    """One file, nothing interpreted yet.

    Args:
        file: as it was named.
        header: names of the columns as written, "" for columns without a name.
        columns: one pyarrow array each: strings for text files, strings or numbers or times for Parquet.
        lines: int64 (rows,), where each row begins in the file, 1-based; in Parquet row number + 1.
    """

    file: str
    header: tuple[str, ...]
    columns: tuple[Any, ...] = field(repr=False)
    lines: np.ndarray = field(repr=False)

    def place(self, row: int, at: int) -> str:
        """ "results.csv line 17, column mIoU"."""
        return f"{path_shown(self.file)} line {self.lines[row]}, column {shown(self.header[at])}"

    def names(self, at: int) -> tuple[tuple[str, ...], np.ndarray]:
        """A column of names: the distinct ones in order of appearance ("" for empty cells), and int64 (rows,) positions."""
        column = self.columns[at]
        if not castable_to_text(column.type):
            raise InputError(
                f"{path_shown(self.file)}: column {shown(self.header[at])} is {column.type} (allowed: text)"
            )
        return encode(pc.fill_null(column.cast(pa.string()), ""))


def castable_to_text(kind: Any) -> bool:
    """Whether values of a pyarrow type can stand for names."""
    types = pa.types
    return bool(types.is_string(kind) or types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind))


def shown(text: str, most: int = 80) -> str:
    """A name from a file as a message prints it: on one line, and not for ever."""
    line = text if text.isprintable() else repr(text)[1:-1]
    return line if len(line) <= most else f"{line[:most]}..."


def path_shown(file: str) -> str:
    """A file as a message prints it: on one line, and whole, for its end says which it is."""
    return shown(file, len(file) * 10)


def listing(names: tuple[str, ...] | list[str], most: int = 40) -> str:
    """Names from a file, separated by commas; beyond `most` the rest is counted."""
    said = [shown(name) for name in names[:most]]
    return ", ".join(said) + (f" and {len(names) - most} more" if len(names) > most else "") or "none"
