"""Values that no table of this kind can hold."""

import numpy as np

from fairweather.audit.check import Check
from fairweather.audit.tables.rows import Rows, many

CODE = "table.out_of_range"


def check_range(rows: Rows) -> tuple[Check, np.ndarray]:
    """table.out_of_range: a value below 0 or above 100 points; a gain below -100 or above +100. Error, left out.

    Returns:
        The check, and bool (n,) the rows that are in range.
    """
    low = -100.0 if rows.gains else 0.0
    good = (rows.value >= low) & (rows.value <= 100.0)
    noun, span = ("gain", "-100 and +100") if rows.gains else ("value", "0 and 100")
    bad = np.flatnonzero(~good)
    if not bad.size:
        return Check(CODE, "error", True, f"Every {noun} of {len(rows):,} lies between {span} points."), good
    worst = rows.value[bad[np.argmax(np.abs(rows.value[bad]))]]
    statement = (
        f"Outside {span} points {'lies' if bad.size == 1 else 'lie'} {many(bad.size, noun)} of {len(rows):,}"
        f" ({worst:g} {'' if bad.size == 1 else 'the farthest'}".rstrip()
        + "); left out."
    )
    expected = [f"{span.replace(' and ', ' to ')}"] * bad.size
    return Check(CODE, "error", False, statement, rows.evidence(bad, expected=expected), "left out"), good
