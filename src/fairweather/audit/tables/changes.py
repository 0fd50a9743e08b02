"""Changes between two contexts that a table prints beside its values."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from fairweather.audit.check import Check
from fairweather.audit.tables.rows import Rows, many, said

CODE = "table.printed_change"
NOUNS = {"rank_change": "rank change", "gain_change": "gain change"}


@dataclass(frozen=True)
class Printed:
    """Printed changes of one kind, n of them.

    Args:
        lines: file, line and strategy of each; change: float64 (n,); step: float64 (n,), how far it may be off;
        difference: float64 (n,), the second context's number minus the first's, NaN where the line lacks one.
    """

    lines: pa.Table
    change: np.ndarray
    step: np.ndarray
    difference: np.ndarray


def check_changes(rows: Rows, printed: pa.Table, contexts: tuple[str, ...]) -> tuple[Check, ...]:
    """table.printed_change: printed changes of rank or gain that are not the difference of the printed numbers. Warning, kept.

    The numbers are those of the two contexts in the same line. A change of rank must be exact; a change of gain may be off
    by one unit of its last digit or the gains', whichever is coarser, for it was rounded after subtracting. The sign that
    holds for most lines is taken, and said: first minus second (a rank that improves has a positive change) or second
    minus first. One check for each of the two that is printed.
    """
    checks = []
    for column, noun in NOUNS.items():
        change = printed[column].combine_chunks().to_numpy(zero_copy_only=False).astype(np.float64)
        given = np.flatnonzero(np.isfinite(change))
        if given.size and len(contexts) == 2:
            checks.append(_change(noun, column, _read(rows, printed.take(pa.array(given)), column, contexts), contexts))
    return tuple(checks) or (Check(CODE, "warning", True, "The table prints no changes between two contexts."),)


def _read(rows: Rows, lines: pa.Table, column: str, contexts: tuple[str, ...]) -> Printed:
    """The printed changes of these lines and the numbers they belong to."""
    source = rows.column("rank" if column == "rank_change" else "value")
    numbers = source.to_numpy(zero_copy_only=False).astype(np.float64)
    digits = rows.column("digits").fill_null(9).to_numpy()
    own = lines["digits"].combine_chunks().fill_null(9).to_numpy()
    sides = [_row_of(rows, lines, context) for context in contexts]
    known = (sides[0] >= 0) & (sides[1] >= 0)
    first, second = (np.where(known, side, 0) for side in sides)
    coarsest = np.minimum(own, np.minimum(digits[first], digits[second]))
    change = lines[column].combine_chunks().to_numpy(zero_copy_only=False).astype(np.float64)
    step = np.zeros(len(change)) if column == "rank_change" else 10.0**-coarsest
    return Printed(lines, change, step, np.where(known, numbers[second] - numbers[first], np.nan))


def _row_of(rows: Rows, lines: pa.Table, context: str) -> np.ndarray:
    """int64: the one row of a context in each of the lines; -1 where there is none, or several."""
    names = list(rows.names["context"])
    mine = np.flatnonzero(rows.codes["context"] == (names.index(context) if context in names else -1))
    files = {name: code for code, name in enumerate(rows.names["file"])}
    file = np.array([files.get(name, -1) for name in lines["file"].to_pylist()], np.int64)
    key = (file << 40) + lines["line"].to_numpy()
    have = (rows.codes["file"][mine] << 40) + rows.column("line").to_numpy()[mine]
    order = np.argsort(have, kind="stable")
    low, high = (np.searchsorted(have[order], key, side) for side in ("left", "right"))
    out = np.full(len(key), -1, np.int64)
    one = high - low == 1
    out[one] = mine[order[low[one]]]
    return out


def _change(noun: str, column: str, read: Printed, contexts: tuple[str, ...]) -> Check:
    known = np.isfinite(read.difference)
    close = [np.abs(sign * read.change - read.difference) <= read.step + 1e-9 for sign in (1, -1)]
    back = bool((close[1] & known).sum() > (close[0] & known).sum())
    expected = np.round(-read.difference if back else read.difference, 6) + 0.0
    first, second = contexts if back else contexts[::-1]
    unread = f"; {(~known).sum()} could not be compared" if not known.all() else ""
    n, bad = int(known.sum()), np.flatnonzero(known & ~close[back])
    if not bad.size:
        statement = f"{many(n, f'printed {noun} equals', f'printed {noun}s equal')} {first} minus {second}{unread}."
        return Check(CODE, "warning", True, statement)
    lines = read.lines.select(["file", "line", "strategy"]).take(pa.array(bad)).to_pylist()
    records = [
        line | {column: float(read.change[at]), "expected": float(expected[at])}
        for line, at in zip(lines, bad, strict=True)
    ]
    statement = (
        f"{len(bad)} of {many(n, f'printed {noun}')} {'is' if len(bad) == 1 else 'are'} not {first} minus {second}, as"
        f" {read.change[bad[0]]:+g} for {said(records[0]['strategy'])}, where the printed numbers give"
        f" {expected[bad[0]]:+g}{unread}."
    )
    return Check(CODE, "warning", False, statement, tuple(records))
