"""Which runs each strategy has beside the baseline's, and what a plain mean over unequal runs does to the ranking."""

from typing import Any

import numpy as np

from fairweather.audit.check import Check
from fairweather.audit.tables.cells import Cells
from fairweather.audit.tables.rows import Rows, many, said

DIFFERS = 0.05  # points from which a plain mean is said to differ from the matched one


def check_coverage(rows: Rows, cells: Cells) -> Check:
    """table.unequal_coverage: runs (context, data set, model, seed) the baseline has and a strategy lacks. Warning, kept.

    Without rows of the baseline, runs any strategy has. One row for each strategy and context that lacks some, at its
    first line: how many runs it has of how many, and which are missing.
    """
    of = reference(rows, cells)
    wanted = {c: np.unique(cells.block[(of >= 0) & (cells.context == c)]) for c in np.unique(cells.context).tolist()}
    records: list[dict[str, Any]] = []
    place = {int(block): int(at) for block, at in zip(cells.block[::-1], cells.run.first[::-1], strict=True)}
    pair = cells.context * len(rows.names["strategy"]) + cells.strategy
    inside = np.isin(cells.block, cells.block[of >= 0])
    has = np.bincount(pair[inside], minlength=len(rows.names["context"]) * len(rows.names["strategy"]))
    for context, blocks in wanted.items():
        for strategy in np.unique(cells.strategy).tolist():
            n = int(has[context * len(rows.names["strategy"]) + strategy])
            if n == len(blocks):
                continue
            mine = cells.of(strategy, context)
            missing = np.setdiff1d(blocks, cells.block[mine])
            first = cells.run.first[mine if mine.size else np.flatnonzero(cells.strategy == strategy)][:1]
            named = {"context": rows.names["context"][context], "strategy": rows.names["strategy"][strategy]}
            records.append(
                rows.where(first, ())[0]
                | named
                | {"cells": n, "of": len(blocks), "missing": [_block(rows, place[int(b)]) for b in missing]}
            )
    most = max((len(blocks) for blocks in wanted.values()), default=0)
    if not records:
        statement = (
            f"Every strategy has all {most} cells of the baseline."
            if len(wanted) == 1
            else "Every strategy has all cells of the baseline, in each context."
        )
        return Check("table.unequal_coverage", "warning", True, statement)
    least = min(records, key=lambda r: (r["cells"] / r["of"], r["strategy"]))
    who = len({r["strategy"] for r in records})
    statement = (
        f"{many(who, 'strategy lacks', 'strategies lack')} cells that the baseline has,"
        f" {said(least['strategy'])} the most with {least['cells']} of {least['of']}; only matched cells are compared."
    )
    return Check("table.unequal_coverage", "warning", False, statement, tuple(records))


def reference(rows: Rows, cells: Cells) -> np.ndarray:
    """int64 (U,): the run itself where it is one that strategies are measured against, else -1."""
    base = cells.strategy == rows.baseline_code
    at = np.arange(len(cells.strategy))
    return at if rows.gains or not base.any() else np.where(base, at, -1)


def check_ranking(rows: Rows, cells: Cells, clean: np.ndarray) -> Check:
    """table.plain_ranking: the ranking by plain means beside that on the runs all share, where they differ. Warning, kept.

    Plain: the mean of all a strategy's values minus the mean of all the baseline's, whatever runs each has. Matched: the
    mean difference on the runs that are whole, hold no row left out (bool (U,) `clean`), and are shared by the baseline
    and every strategy with at least half of the baseline's runs. They differ if a rank does, or a mean by 0.05 points.
    """
    records: list[dict[str, Any]] = []
    shared: dict[str, int] = {}
    if not rows.gains and rows.baseline_code < 0:
        statement = f"Without a value of {rows.baseline} there is no gain to rank strategies by."
        return Check("table.plain_ranking", "warning", True, statement)
    for context in np.unique(cells.context).tolist():
        found, n = _rankings(rows, cells, clean, context)
        name = rows.names["context"][context]
        shared[name] = n
        known = [r for r in found if r["matched_gain"] is not None]
        off = any(
            abs(r["plain_gain"] - r["matched_gain"]) >= DIFFERS or r["plain_rank"] != r["matched_rank"] for r in known
        )
        if off or len(known) < len(found):
            records += found
    counted = ", ".join(f"{n} in {c}" for c, n in shared.items()) if len(shared) > 1 else str(sum(shared.values()))
    if not records:
        statement = f"The ranking by plain means equals the ranking on the cells all strategies share ({counted})."
        return Check("table.plain_ranking", "warning", True, statement)
    known = [r for r in records if r["matched_gain"] is not None]
    if not known:
        statement = (
            "The strategies and the baseline share no cell, so that their means rank the cells each happens to have."
        )
        return Check("table.plain_ranking", "warning", False, statement, tuple(records))
    worst = max(known, key=lambda r: (round(abs(r["plain_gain"] - r["matched_gain"]), 6), r["plain_gain"]))
    moved = sum(r["plain_rank"] != r["matched_rank"] for r in known)
    statement = (
        f"A plain mean shows {worst['plain_gain']:+.2f} for {said(worst['strategy'])} where the cells all share ({counted}) give"
        f" {worst['matched_gain']:+.2f}, the largest difference; {many(moved, 'strategy changes', 'strategies change')} rank."
    )
    return Check("table.plain_ranking", "warning", False, statement, tuple(records))


def _rankings(rows: Rows, cells: Cells, clean: np.ndarray, context: int) -> tuple[list[dict[str, Any]], int]:
    """One row for each strategy of a context, best plain mean first, and how many cells all of them share.

    No row where the baseline has no value in the context.
    """
    baseline = rows.baseline_code
    mine = cells.of(baseline, context)
    if not rows.gains and not mine.size:
        return [], 0
    base, there = np.zeros(cells.blocks), np.zeros(cells.blocks, bool)
    base[cells.block[mine]] = cells.value[mine]
    there[cells.block[mine[cells.whole[mine] & clean[mine]]]] = True
    if rows.gains:
        base, there[cells.block[cells.context == context]] = np.zeros(cells.blocks), True
    names = [s for s in np.unique(cells.strategy[cells.context == context]).tolist() if s != baseline]
    runs = {s: cells.of(s, context) for s in names}
    good = {s: at[cells.whole[at] & clean[at] & there[cells.block[at]]] for s, at in runs.items()}
    enough = [s for s in names if good[s].size and 2 * good[s].size >= there.sum()]
    held = np.bincount(
        np.concatenate([cells.block[good[s]] for s in enough] or [cells.block[:0]]), minlength=cells.blocks
    )
    shared = there & (held == len(enough)) & bool(enough)
    level = float(np.mean(cells.value[mine])) if mine.size and not rows.gains else 0.0
    plainly = np.array([cells.value[runs[s]].mean() - level for s in names])
    chosen = set(enough)
    kept = {s: good[s][shared[cells.block[good[s]]]] if s in chosen else good[s][:0] for s in names}
    matched = np.array(
        [np.mean(cells.value[at] - base[cells.block[at]]) if at.size else np.nan for at in kept.values()]
    )
    order = np.argsort(-plainly, kind="stable")
    first = np.array([cells.run.first[runs[s][0]] for s in names], np.int64)
    found = rows.where(
        first[order],
        ("context", "strategy"),
        cells=np.array([runs[s].size for s in names])[order],
        plain_gain=plainly[order],
        plain_rank=_ranks(plainly)[order],
        matched_gain=matched[order],
        matched_rank=_ranks(matched)[order],
    )
    missing = {"matched_gain": None, "matched_rank": None}
    return [r | missing if np.isnan(r["matched_gain"]) else r for r in found], int(shared.sum())


def _ranks(gains: np.ndarray) -> np.ndarray:
    """int64: the rank by gain, 1 the largest; equal gains share the better rank."""
    rounded = np.round(gains, 9)
    better: np.ndarray = 1 + np.searchsorted(np.sort(-rounded[np.isfinite(rounded)]), -rounded, "left")
    return better


def _block(rows: Rows, row: int) -> str:
    """ "idd-aw, pspnet_r50, seed 1": the run of a row, without context and strategy."""
    seed = rows.name("seed", row)
    parts = [rows.name("dataset", row), rows.name("model", row), f"seed {seed}" if seed is not None else ""]
    return ", ".join(part for part in parts if part) or "the one value"
