"""Ranks that a table prints beside its values."""

import numpy as np

from fairweather.audit.check import Check
from fairweather.audit.tables.rows import BLOCK, Rows, many, said

RANK, TIE = "table.printed_rank", "table.printed_tie"


def check_ranks(rows: Rows) -> tuple[Check, Check]:
    """table.printed_rank (warning) and table.printed_tie (note): printed ranks against printed values. Kept.

    Ranks are compared within one (context, data set, model, seed, domain, class), 1 the best, larger values the better;
    their order counts, not their level, for a table may be part of a longer one. Rows are listed that must go for the
    rest to agree: again and again those that contradict the most others. Expected is the place by value of those there.
    Different ranks for values that are equal as printed are a tie beyond the printed digits, which is no contradiction.
    """
    rank = rows.column("rank").to_numpy(zero_copy_only=False).astype(np.float64)
    ranked = np.flatnonzero(np.isfinite(rank))
    place = rows.group((*BLOCK, "domain", "class")).of
    if not ranked.size:
        none = "The table prints no ranks."
        return Check(RANK, "warning", True, none), Check(TIE, "note", True, none)
    ordered = ranked[np.lexsort((rank[ranked], -rows.value[ranked], place[ranked]))]
    starts = np.flatnonzero(np.concatenate([[True], np.diff(place[ordered]) != 0]))
    bad, expected = _contradicting(rows, rank, ordered, np.append(starts, len(ordered)))
    tied = _tied(rows, rank, ordered, place)
    return _rank_check(rows, rank, bad, expected, len(ranked)), _tie_check(rows, rank, tied)


def _contradicting(
    rows: Rows, rank: np.ndarray, ordered: np.ndarray, bounds: np.ndarray
) -> tuple[np.ndarray, list[str]]:
    """The rows at odds, in file order, and for each its place by value; places that agree as they stand cost nothing."""
    found: dict[int, str] = {}
    falls = np.flatnonzero(np.diff(rank[ordered]) < 0)
    for start in np.unique(bounds[np.searchsorted(bounds, falls, "right") - 1]).tolist():
        group = ordered[start : bounds[np.searchsorted(bounds, start, "right")]]
        value, printed = rows.value[group], rank[group]
        odds = (value[:, None] > value) & (printed[:, None] > printed)
        odds |= odds.T
        while odds.any():
            count = odds.sum(axis=1)
            for at in np.flatnonzero(count == count.max()).tolist():
                best, worst = 1 + int((value > value[at]).sum()), int((value >= value[at]).sum())
                found[int(group[at])] = str(best) if best == worst else f"{best} to {worst}"
                odds[at] = odds[:, at] = False
    bad = np.array(sorted(found), np.int64)
    return bad, [found[int(at)] for at in bad]


def _tied(rows: Rows, rank: np.ndarray, ordered: np.ndarray, place: np.ndarray) -> np.ndarray:
    """int64: rows that share place and printed value with another row of another rank."""
    value = rows.value[ordered]
    same = (np.diff(value) == 0) & (np.diff(place[ordered]) == 0) & (np.diff(rank[ordered]) != 0)
    tied = np.zeros(len(ordered), bool)
    tied[:-1] |= same
    tied[1:] |= same
    return np.sort(ordered[tied])


def _rank_check(rows: Rows, rank: np.ndarray, bad: np.ndarray, expected: list[str], n: int) -> Check:
    if not bad.size:
        return Check(
            RANK, "warning", True, f"{many(n, 'printed rank agrees', 'printed ranks agree')} with the printed values."
        )
    first = int(bad[0])
    statement = (
        f"{len(bad)} of {many(n, 'printed rank')} {'contradicts' if len(bad) == 1 else 'contradict'} the printed values, as"
        f" {rank[first]:g} does for {said(rows.name('strategy', first))}, whose value {rows.value[first]:g} is in place"
        f" {expected[0]}."
    )
    return Check(RANK, "warning", False, statement, rows.evidence(bad, rank=rank[bad], expected=expected))


def _tie_check(rows: Rows, rank: np.ndarray, tied: np.ndarray) -> Check:
    if not tied.size:
        return Check(TIE, "note", True, "No two equal printed values have different printed ranks.")
    values = len(np.unique(np.column_stack([rows.codes["context"][tied], rows.value[tied]]), axis=0))
    statement = (
        f"{many(len(tied), 'row')} with {many(values, 'value')} printed more than once {'has' if len(tied) == 1 else 'have'}"
        " ranks that rest on digits the table does not print."
    )
    return Check(TIE, "note", False, statement, rows.evidence(tied, rank=rank[tied]))
