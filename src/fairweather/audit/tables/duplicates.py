"""Several rows for one value: copies, and rows that contradict one another."""

import numpy as np

from fairweather.audit.check import Check
from fairweather.audit.tables.rows import KEY, Groups, Rows, many

CODE = "table.duplicate_row"
SAME = 1e-9  # points


def check_duplicates(rows: Rows) -> tuple[tuple[Check, ...], np.ndarray]:
    """table.duplicate_row: several rows for one (context, strategy, data set, model, seed, domain, class). Error.

    Rows that agree within 1e-9 points are copies: all but the first are left out. Rows that do not are left out all
    together, for nobody knows which is right. One check for each of the two kinds that occurs, so that what a failed
    check lists is what is left out.

    Returns:
        The checks, and bool (n,) the rows that stay.
    """
    key = rows.group(KEY)
    low, high = np.full(key.size, np.inf), np.full(key.size, -np.inf)
    several = np.flatnonzero(key.counts[key.of] > 1)
    np.minimum.at(low, key.of[several], rows.value[several])
    np.maximum.at(high, key.of[several], rows.value[several])
    spread = high - low
    fought = several[spread[key.of[several]] > SAME]
    copied = several[(spread[key.of[several]] <= SAME) & (key.first[key.of[several]] != several)]
    stays = np.ones(len(rows), bool)
    stays[fought] = stays[copied] = False
    checks = [*_copies(rows, key, copied), *_contradictions(rows, key, fought, spread)]
    if not checks:
        statement = (
            f"No two of {len(rows):,} rows hold the same context, strategy, data set, model, seed, domain and class."
        )
        checks = [Check(CODE, "error", True, statement)]
    return tuple(checks), stays


def _copies(rows: Rows, key: Groups, copied: np.ndarray) -> list[Check]:
    if not copied.size:
        return []
    kept = rows.evidence(key.first[key.of[copied]])
    same = [f"{row['file']} line {row['line']}" for row in kept]
    cells = len(np.unique(key.of[copied]))
    statement = (
        f"{many(cells, 'value stands', 'values stand')} in the table more than once; the"
        f" {many(copied.size, 'later copy is', 'later copies are')} left out."
    )
    return [Check(CODE, "error", False, statement, rows.evidence(copied, copy_of=same), "left out")]


def _contradictions(rows: Rows, key: Groups, fought: np.ndarray, spread: np.ndarray) -> list[Check]:
    if not fought.size:
        return []
    cells = np.unique(key.of[fought])
    statement = (
        f"{many(cells.size, 'value has', 'values have')} {many(fought.size, 'row')} that contradict one another by up to"
        f" {spread[cells].max():.2f} points, all left out because nothing says which is right"
        " (repeated runs need a seed column)."
    )
    fought = fought[np.argsort(key.of[fought], kind="stable")]
    return [Check(CODE, "error", False, statement, rows.evidence(fought), "left out")]
