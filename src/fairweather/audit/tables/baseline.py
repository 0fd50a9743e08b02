"""The baseline's rows beside those of the strategies: are they there, and of the same origin."""

import numpy as np

from fairweather.audit.check import Check
from fairweather.audit.tables.rows import BLOCK, Rows, many, said


def check_baseline(rows: Rows) -> Check:
    """table.baseline_missing: (context, data set, model, seed) where strategies have values and the baseline has none.

    Warning, kept: they cannot enter a gain. One row for each, at its first line. A table of gains needs no baseline.
    """
    code, base = "table.baseline_missing", rows.baseline_code
    if rows.gains:
        return Check(code, "warning", True, f"The table holds gains over {rows.baseline}; no row of it is needed.")
    block = rows.group(BLOCK)
    has = np.zeros(block.size, bool)
    has[block.of[rows.codes["strategy"] == base]] = True
    bad = np.flatnonzero(~has)
    if not bad.size:
        return Check(code, "warning", True, f"The baseline has a value in each of {many(block.size, 'cell')}.")
    first = block.first[bad]
    pairs = rows.group((*BLOCK, "strategy")).first
    strategies = np.bincount(block.of[pairs], minlength=block.size)[bad]
    statement = (
        f"The baseline has no value in {bad.size} of {many(block.size, 'cell')} (context, data set, model, seed) where"
        f" strategies have one, {strategies.max()} of them at most; those values cannot enter a gain."
    )
    return Check(code, "warning", False, statement, rows.where(first, BLOCK, strategies=strategies))


def check_origin(rows: Rows) -> Check:
    """table.baseline_origin: the baseline's value comes from another origin than all those compared with it. Warning, kept.

    Judged in each (context, data set, model, seed) by the column that says where rows come from: rows of the baseline
    whose origin no strategy of the block shares; rows without an origin are not judged. One row for each row of the
    baseline, with the origin that most of the strategies' rows there have.
    """
    code, base = "table.baseline_origin", rows.baseline_code
    named = np.array([bool(name) for name in rows.names["origin"]])
    known = named[rows.codes["origin"]] if len(rows) else np.zeros(0, bool)
    if rows.gains or not known.any():
        return Check(code, "warning", True, "No column says of the baseline's rows that they come from elsewhere.")
    block = rows.group(BLOCK)
    mine = np.flatnonzero(known & (rows.codes["strategy"] == base))
    others = np.flatnonzero(known & (rows.codes["strategy"] != base))
    origins = len(rows.names["origin"])
    pair = block.of * origins + rows.codes["origin"]
    there = np.isin(block.of[mine], block.of[others])
    bad = mine[there & ~np.isin(pair[mine], pair[others])]
    if not bad.size:
        return Check(
            code,
            "warning",
            True,
            f"The baseline's {many(mine.size, 'row')} and those compared with them share an origin.",
        )
    found, count = np.unique(pair[others], return_counts=True)
    order = np.lexsort((count, found // origins))  # the last of each block is its commonest origin
    last = np.searchsorted(found[order] // origins, block.of[bad], "right") - 1
    expected = [rows.names["origin"][at] for at in found[order][last] % origins]
    origin = [rows.name("origin", int(at)) for at in bad]
    statement = (
        f"Of another origin than the strategies compared with them are {bad.size} of {many(mine.size, 'row')} of the baseline"
        f" ({said(origin[0])} beside {said(expected[0])})."
    )
    return Check(code, "warning", False, statement, rows.evidence(bad, origin=origin, expected=expected))
