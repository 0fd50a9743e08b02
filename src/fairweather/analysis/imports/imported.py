"""A table of results somebody else made, read and named, nothing left out yet."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pyarrow as pa

TEXT, REAL, WHOLE = pa.string(), pa.float64(), pa.int64()

# One row for each value of the files, whatever their shape was; "" or null where the file says nothing.
ROWS = pa.schema(
    [
        ("file", TEXT), ("line", WHOLE),  # 1-based in the file, the header is line 1
        ("context", TEXT), ("strategy", TEXT), ("spelled", TEXT), ("dataset", TEXT), ("model", TEXT), ("seed", WHOLE),
        ("domain", TEXT), ("class", TEXT), ("value", REAL),  # points; null where the file has an empty cell
        ("digits", WHOLE),  # printed decimals of the value in points; null in Parquet
        ("images", WHOLE), ("classes", WHOLE), ("time", pa.timestamp("us")), ("origin", TEXT), ("rank", REAL),
    ]
)  # fmt: skip

# Printed differences between two contexts, of strategies as ROWS names them.
PRINTED = pa.schema(
    [
        ("file", TEXT),
        ("line", WHOLE),
        ("strategy", TEXT),
        ("rank_change", REAL),
        ("gain_change", REAL),
        ("digits", WHOLE),
    ]
)


@dataclass(frozen=True)
class Source:
    """A table as it was named on the command line: PATH, or CONTEXT=PATH."""

    path: Path
    context: str = ""


@dataclass(frozen=True)
class Named:
    """What a column was taken for: `role` is a name of ROWS or PRINTED, "extra" for a metric kept aside, or "unused"."""

    file: str
    column: str
    role: str
    context: str = ""


@dataclass(frozen=True)
class Renamed:
    """A strategy that a file spells otherwise than the registry."""

    file: str
    spelled: str
    strategy: str


@dataclass(frozen=True)
class Imported:
    """The tables of one comparison.

    Args:
        kind: "values", or "gains" where the files hold differences from the baseline (whose own rows are 0).
        rows: ROWS; printed: PRINTED. Contexts are "all" where the files name none.
        baseline: as `rows.strategy` spells it; contexts: in order, at most two.
        metric: what a value is, before it is averaged: the column's name where it is a known metric, such as "mIoU".
        unit: "percent" or "fraction": what the files held (rows are in points, 0 to 100).
        declared: whether the unit was declared; if not, the report says what was seen.
        columns, renamed: what was recognised, in the order of the files.
    """

    kind: Literal["values", "gains"]
    rows: pa.Table = field(repr=False)
    printed: pa.Table = field(repr=False)
    baseline: str
    contexts: tuple[str, ...]
    metric: str
    unit: Literal["percent", "fraction"]
    declared: bool
    columns: Sequence[Named]
    renamed: Sequence[Renamed]
