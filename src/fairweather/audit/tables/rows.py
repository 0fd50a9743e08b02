"""The rows of imported tables as arrays: codes for names, groups of rows, and rows as evidence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from fairweather.analysis.imports.imported import Imported

BLOCK = ("context", "dataset", "model", "seed")  # where strategies are paired
CELL = ("context", "strategy", "dataset", "model", "seed")  # one training run
KEY = (*CELL, "domain", "class")  # one value
CODED = ("file", *KEY, "origin")

Column = Sequence[Any] | np.ndarray


@dataclass(frozen=True)
class Groups:
    """A division of n rows.

    Args:
        of: int64 (n,), the group of each row, 0 to size - 1.
        first: int64 (size,), the first row of each group.
    """

    of: np.ndarray
    first: np.ndarray

    @property
    def size(self) -> int:
        return len(self.first)

    @property
    def counts(self) -> np.ndarray:
        """int64 (size,): rows in each group."""
        return np.bincount(self.of, minlength=self.size)


@dataclass(frozen=True)
class Rows:
    """n rows of imported tables that hold a value.

    Args:
        table: all rows, as imported.
        at: int64 (n,), the place of each row in `table`.
        names: column -> its names in order of appearance; None where the file says nothing.
        codes: column -> int64 (n,), positions in names.
        value: float64 (n,), in points.
        gains: whether the values are differences from the baseline; baseline: its name.
    """

    table: pa.Table = field(repr=False)
    at: np.ndarray = field(repr=False)
    names: Mapping[str, Sequence[Any]] = field(repr=False)
    codes: Mapping[str, np.ndarray] = field(repr=False)
    value: np.ndarray = field(repr=False)
    gains: bool
    baseline: str
    _groups: dict[tuple[str, ...], Groups] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.at)

    @property
    def baseline_code(self) -> int:
        """The position of the baseline among the strategies; -1 where it has no row."""
        return list(self.names["strategy"]).index(self.baseline) if self.baseline in self.names["strategy"] else -1

    def keep(self, mask: np.ndarray) -> "Rows":
        """The rows where bool (n,) `mask` is true; these very rows where it is true for all."""
        if mask.all():
            return self
        codes = {name: column[mask] for name, column in self.codes.items()}
        return replace(self, at=self.at[mask], codes=codes, value=self.value[mask], _groups={})

    def group(self, columns: Iterable[str]) -> Groups:
        """The rows by what stands in these columns; groups are in order of appearance of the names, column by column."""
        key = tuple(columns)
        if key not in self._groups:
            self._groups[key] = grouped([(self.codes[name], len(self.names[name])) for name in key], len(self))
        return self._groups[key]

    def column(self, name: str) -> Any:
        """A column of `table` for these rows, a pyarrow array."""
        whole = self.table[name].combine_chunks()
        return whole if len(self) == len(whole) else whole.take(pa.array(self.at))

    def name(self, column: str, row: int) -> Any:
        """What stands in a coded column of one row; "" or None where the file says nothing."""
        return self.names[column][self.codes[column][row]]

    def evidence(self, rows: np.ndarray, **more: Column) -> tuple[dict[str, Any], ...]:
        """One mapping for each of the rows int64 (k,), with what names the value; `more` has k entries a column."""
        wanted = ["file", "line", *CELL, "domain", "class", "value", "spelled"]
        records = self.table.select(wanted).take(pa.array(self.at[rows])).to_pylist()
        for at, record in enumerate(records):
            spelled = record.pop("spelled")
            if spelled and spelled != record["strategy"]:
                record["spelled"] = spelled
            record |= {name: column[at] for name, column in more.items()}
        return tuple({k: plain(v) for k, v in record.items() if v is not None and v != ""} for record in records)

    def where(self, rows: np.ndarray, columns: Iterable[str], **more: Column) -> tuple[dict[str, Any], ...]:
        """As `evidence`, naming of each row no more than its file, its line and these columns."""
        kept = {"file", "line", *columns, *more}
        return tuple({k: v for k, v in record.items() if k in kept} for record in self.evidence(rows, **more))


def rows_of(imported: "Imported") -> Rows:
    """The rows of a table that hold a value, coded."""
    table = imported.rows.combine_chunks()
    names, codes = {}, {}
    for column in CODED:
        names[column], codes[column] = encoded(table[column])
    value = table["value"].to_numpy().astype(np.float64)
    rows = Rows(table, np.arange(len(value)), names, codes, value, imported.kind == "gains", imported.baseline, {})
    return rows.keep(np.isfinite(value))


def encoded(column: Any) -> tuple[list[Any], np.ndarray]:
    """The distinct entries of a column in order of appearance, null among them, and int64 (n,) their positions."""
    coded = pc.dictionary_encode(column.combine_chunks(), null_encoding="encode")
    return coded.dictionary.to_pylist(), coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def grouped(columns: Iterable[tuple[np.ndarray, int]], n: int) -> Groups:
    """The division of n rows by several columns of codes, each with the number of its names."""
    of, size = np.zeros(n, np.int64), 1
    for codes, names in columns:
        of, size = of * max(names, 1) + codes, size * max(names, 1)
        if size > 4 * n + 1024:  # else the product of the numbers of names could leave int64
            present, of = np.unique(of, return_inverse=True)
            size = len(present)
    seen = np.zeros(size, bool)
    seen[of] = True
    of = (np.cumsum(seen) - 1)[of]
    first = np.empty(int(seen.sum()), np.int64)
    first[of[::-1]] = np.arange(n)[::-1]
    return Groups(of, first)


def medians(values: np.ndarray, of: np.ndarray, size: int) -> np.ndarray:
    """float64 (size,): the median of each group of (n,) values; NaN for an empty group."""
    ordered = values[np.lexsort((values, of))]
    n = np.bincount(of, minlength=size)
    start = np.concatenate([[0], np.cumsum(n)[:-1]])
    low, high = start + (n - 1) // 2, start + n // 2
    out = np.full(size, np.nan)
    full = n > 0
    out[full] = (ordered[low[full]] + ordered[high[full]]) / 2
    return out


def plain(value: Any) -> Any:
    """A value for JSON: NumPy's scalars as Python's, real numbers without the noise of a conversion of units."""
    if isinstance(value, np.generic):
        value = value.item()
    return round(value, 6) + 0.0 if isinstance(value, float) else value


def said(name: Any) -> str:
    """A name in a sentence: on one line, cut after 60 characters; the rows of a check hold it as it is."""
    text = " ".join(str(name).split())
    return text if len(text) <= 60 else f"{text[:59]}…"


def many(n: int, noun: str, plural: str = "") -> str:
    """ "1 row", "2 rows"."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"
