"""How a table was read: what its columns were taken for, and in which unit its values stand."""

from typing import TYPE_CHECKING

import numpy as np

from fairweather.audit.check import Check
from fairweather.audit.tables.rows import Rows, many, plain, said

if TYPE_CHECKING:
    from fairweather.analysis.imports.imported import Imported


def check_columns(imported: "Imported") -> Check:
    """table.columns: what each column was taken for, extras included. Note; one row for each, at the header's line."""
    rows = tuple(
        {"file": c.file, "line": 1, "column": c.column, "role": c.role} | ({"context": c.context} if c.context else {})
        for c in imported.columns
    )
    extras = list(dict.fromkeys(c.column for c in imported.columns if c.role == "extra"))
    aside = f"; kept aside {'is' if len(extras) == 1 else 'are'} {', '.join(map(said, extras))}" if extras else ""
    others = list(dict.fromkeys(c.column for c in imported.columns if c.role == "unused"))
    unused = f"; not used {'is' if len(others) == 1 else 'are'} {', '.join(map(said, others))}" if others else ""
    used = dict.fromkeys(f"{said(c.column)} as {c.role}" for c in imported.columns if c.role not in ("extra", "unused"))
    statement = f"Of {many(len(imported.columns), 'column')} read, used are {', '.join(used)}{aside}{unused}."
    return Check("table.columns", "note", True, statement, rows)


def check_unit(imported: "Imported", rows: Rows) -> Check:
    """table.unit: whether the unit of the values was declared or seen, and their span in points. Note.

    One row for each file, at the line of its largest value.
    """
    file = rows.group(("file",))
    low, high = np.full(file.size, np.inf), np.full(file.size, -np.inf)
    np.minimum.at(low, file.of, rows.value)
    order = np.lexsort((rows.value, file.of))
    last = order[np.cumsum(file.counts) - 1] if len(rows) else np.zeros(0, np.int64)
    high = rows.value[last]
    records = rows.where(last, (), unit=[imported.unit] * len(last), lowest=low.tolist(), highest=high.tolist())
    how = "declared" if imported.declared else "not declared, and seen from the values"
    if rows.gains and not imported.declared:
        how = "not declared, and taken for points, which no gain by itself can tell"
    noun = "gains" if rows.gains else said(imported.metric) or "values"
    span = f", from {plain(float(low.min()))} to {plain(float(high.max()))} points" if len(rows) else ""
    return Check("table.unit", "note", True, f"The unit of {noun} is {imported.unit}, {how}{span}.", records)
