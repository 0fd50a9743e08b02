"""Runs, and domains of runs, that lie far from what the same data set and model give others."""

from dataclasses import dataclass

import numpy as np

from fairweather.audit.check import Check
from fairweather.audit.tables.deviation import ENOUGH, Deviations, deviations
from fairweather.audit.tables.rows import CELL, Rows, many, said

SDS, LEAST, MOST_SDS, MOST, SHARE = 6.0, 5.0, 16.0, 9.0, 0.35
HALF, FEW = 0.5, 3
NEAR_PERFECT, ORDINARY = 99.5, 95.0


@dataclass(frozen=True)
class Outliers:
    """Rows that lie far off.

    Args:
        low, high: bool (n,), rows of what is far below, far above; expected: float64 (n,), the medians beside them.
        runs: how many runs were looked at; unjudged: how many of them had fewer than 2 others to be compared with.
    """

    low: np.ndarray
    high: np.ndarray
    expected: np.ndarray
    runs: int
    unjudged: int

    @property
    def none(self) -> np.ndarray:
        """bool (n,): rows that are neither."""
        none: np.ndarray = ~(self.low | self.high)
        return none


def find_outliers(rows: Rows) -> Outliers:
    """Domains first, then whole runs on what is left of them; a run half of whose domains are off is off as a whole.

    Single classes are not judged: 0 IoU of a rare class is no collapse. The baseline's own zeros in a table of gains are
    not judged either.
    """
    judged = rows.codes["strategy"] != rows.baseline_code if rows.gains else np.ones(len(rows), bool)
    low, high, expected = np.zeros(len(rows), bool), np.zeros(len(rows), bool), np.full(len(rows), np.nan)
    part, run = rows.keep(judged), rows.group(CELL)
    if len(np.unique(part.codes["domain"])) > 1:
        found = deviations(part, by_domain=True)
        expected[judged] = found.expected
        for mask, units in zip((low, high), judge(found, rows.gains), strict=True):
            mask[judged] = _half(part, found, units)
    rest = judged & ~low & ~high
    known = np.array_equal(rest, judged) and bool(np.isfinite(expected[rest]).all())
    found = deviations(rows.keep(rest), by_domain=False, expected=expected[rest] if known else None)
    expected[rest] = np.where(np.isfinite(expected[rest]), expected[rest], found.expected)
    at = np.flatnonzero(rest)[found.unit.first]
    for mask, units in zip((low, high), judge(found, rows.gains), strict=True):
        whole = np.zeros(run.size, bool)
        whole[run.of[at[units]]] = True
        mask |= whole[run.of] & rest
    return Outliers(low, high, expected, found.unit.size, int((found.others < FEW - 1).sum()))


def judge(found: Deviations, gains: bool) -> tuple[np.ndarray, np.ndarray]:
    """Which units are far below, and far above: bool (U,) each.

    With t = max(6 sd, 5 points, min(16 sd, 9 points, 35 % of the block's median; no such share for gains)) a unit is off
    if its two-way residual is beyond t and its plain deviation from the block's median beyond t/2 on the same side, in
    blocks of at least 5; or, so that a strategy off everywhere is seen too, and in blocks of at least 3: a value off by
    more than half of the median and by more than max(6 sd, 5 points). Above also: a value over 99.5 where the median is
    below 95. A strategy 3 to 5 points below the others is never off: it is weak.
    """
    share = np.full(len(found.level), np.inf) if gains else np.maximum(found.level, 0.0)
    least = np.maximum(SDS * found.sd, LEAST)
    t = np.maximum(least, np.minimum(np.minimum(MOST_SDS * found.sd, MOST), SHARE * share))
    enough, few = found.others >= ENOUGH - 1, found.others >= FEW - 1
    sides = []
    for sign in (-1, 1):
        shift, rest = sign * found.shift, sign * found.rest
        off = enough & (rest > t) & (shift > t / 2)
        sides.append(off | (few & (shift > HALF * share) & (shift > least)))
    value = found.level + found.shift
    perfect = few & (value > NEAR_PERFECT) & (found.level < ORDINARY) & (not gains)
    return sides[0], sides[1] | perfect


def _half(part: Rows, found: Deviations, units: np.ndarray) -> np.ndarray:
    """bool (n,): the rows of the units, and of every run at least half of whose units (of two or more) they are."""
    run = part.group(CELL)
    of = run.of[found.unit.first]
    n, bad = np.bincount(of, minlength=run.size), np.bincount(of[units], minlength=run.size)
    whole = (n > 1) & (2 * bad >= n)
    rows: np.ndarray = units[found.unit.of] | whole[run.of]
    return rows


def check_collapsed(rows: Rows, found: Outliers) -> Check:
    """table.collapsed_value: runs or domains of runs far below the others, by the rule of `judge`. Error, left out."""
    return _check(rows, found, found.low, "table.collapsed_value", "below")


def check_too_good(rows: Rows, found: Outliers) -> Check:
    """table.too_good_value: runs or domains of runs far above the others, by the rule of `judge`. Error, left out."""
    return _check(rows, found, found.high, "table.too_good_value", "above")


def _check(rows: Rows, found: Outliers, mask: np.ndarray, code: str, side: str) -> Check:
    bad = np.flatnonzero(mask)
    unjudged = (
        f"; not judged, with fewer than {FEW} values of one data set and model, {'was' if found.unjudged == 1 else 'were'}"
        f" {many(found.unjudged, 'cell value')}"
        if found.unjudged
        else ""
    )
    if not bad.size:
        statement = f"None of {many(found.runs, 'cell value')} lies far {side} what its data set and model give others{unjudged}."
        return Check(code, "error", True, statement)
    away = rows.value[bad] - found.expected[bad]
    most = bad[np.argmin(away) if side == "below" else np.argmax(away)]
    runs = len(np.unique(rows.group(CELL).of[bad]))
    statement = (
        f"Far {side} what the same data set and model give others {'lies' if bad.size == 1 else 'lie'}"
        f" {many(bad.size, 'row')} of {many(runs, 'cell value')}, {rows.value[most]:.2f} for {said(rows.name('strategy', most))}"
        f" where {found.expected[most]:.2f} is the median the farthest, and left out{unjudged}."
    )
    expected = [round(float(v), 4) for v in found.expected[bad]]
    return Check(code, "error", False, statement, rows.evidence(bad, expected=expected), "left out")
