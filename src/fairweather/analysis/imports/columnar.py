"""A Parquet file as a sheet."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from fairweather.analysis.imports.sheet import Sheet, path_shown, shown
from fairweather.errors import InputError


def read_columnar(file: str, data: bytes) -> Sheet:
    """The columns of a Parquet file: text as strings, numbers and times as they are, the lines as in a CSV of it.

    Raises:
        InputError: damaged, without rows, or a column named twice.
    """
    try:
        table = pq.ParquetFile(pa.BufferReader(data)).read()
    except (pa.ArrowInvalid, OSError) as error:
        reason = shown(" ".join(str(error).split()), 200)
        raise InputError(
            f"{path_shown(file)}: a Parquet file that cannot be read ({reason}); write it again"
        ) from error
    names = table.column_names
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"{path_shown(file)}: column {shown(name)} is there twice (allowed: each name once)")
    if not table.num_rows:
        raise InputError(f"{path_shown(file)}: columns and no rows (needed: a row for each result)")
    lines = np.arange(2, table.num_rows + 2, dtype=np.int64)
    return Sheet(file, tuple(names), tuple(_plain(column) for column in table.columns), lines)


def _plain(column: Any) -> Any:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _plain(column.cast(kind.value_type))
    if pa.types.is_large_string(kind):
        return column.cast(pa.string())
    if pa.types.is_decimal(kind) or pa.types.is_float16(kind):
        return column.cast(pa.float64())
    return column
