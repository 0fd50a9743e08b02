"""How far a run lies from what the same data set and model give the others, by medians."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fairweather.audit.tables.rows import CELL, Groups, Rows, grouped, medians

ENOUGH = 5  # values in a block, the judged one among them, from which the block's own context is enough
SD = 1.4826  # sd of a normal sample over its median absolute deviation
BORROWED = 10  # how many values the spread of the data set counts for beside a block's own
LEAST = 0.3  # points: the sd of retraining is not smaller in published studies, a rounded table may look so


@dataclass(frozen=True)
class Deviations:
    """U units (runs, or domains of runs) and how far each lies from the others of its block.

    Args:
        unit: the rows by unit.
        expected: float64 (n,), for every row the median of its data set, model, domain and class.
        level: float64 (U,), the mean of `expected` over the unit's rows.
        shift: float64 (U,), the mean of value - expected over the unit's rows.
        rest: float64 (U,), `shift` without what is usual for the strategy: the two-way residual.
        sd: float64 (U,), robust standard deviation of `rest` in the unit's block.
        others: int64 (U,), other units in the block.
        block, strategy, data: int64 (U,), the block of each unit, its strategy (of one context), its data set.
    """

    unit: Groups
    expected: np.ndarray
    level: np.ndarray
    shift: np.ndarray
    rest: np.ndarray
    sd: np.ndarray
    others: np.ndarray
    block: np.ndarray
    strategy: np.ndarray
    data: np.ndarray


def deviations(rows: Rows, by_domain: bool, expected: np.ndarray | None = None) -> Deviations:
    """The deviations of runs, or of the domains of runs; `expected` where it is known of these very rows.

    A block is (context, data set, model); where some context has fewer than 5 runs of a data set and model, its
    contexts are one block. Seeds of a block are compared with one another. expected = median over the block's runs, for
    each domain and class (so a run that lacks some is not blamed for it). rest = shift - the median shift of the same
    strategy elsewhere in the context (of two middle ones that nearer 0; 0 with fewer than two elsewhere). sd = 1.4826 x
    median |rest - its median in the block|, drawn to that of the data set by sqrt((n sd^2 + 10 sd_data^2)/(n + 10)), which
    is drawn to that of the table in the same way; at least 0.3 points.
    """
    context = _context(rows)
    axes = [context, *((rows.codes[c], len(rows.names[c])) for c in ("dataset", "model"))]
    domain = [(rows.codes["domain"], len(rows.names["domain"]))]
    if expected is None:
        element = grouped([*axes, *domain, (rows.codes["class"], len(rows.names["class"]))], len(rows))
        expected = medians(rows.value, element.of, element.size)[element.of]
    unit = rows.group((*CELL, "domain") if by_domain else CELL)
    n = unit.counts
    level = np.bincount(unit.of, expected, unit.size) / n
    shift = np.bincount(unit.of, rows.value - expected, unit.size) / n
    block = grouped([*axes, *(domain if by_domain else [])], len(rows)).of[unit.first]
    strategy = rows.group(("context", "strategy", "domain") if by_domain else ("context", "strategy")).of[unit.first]
    rest = shift - usual(shift, strategy)
    sizes = np.bincount(block) if len(block) else np.zeros(0, np.int64)
    data = rows.codes["dataset"][unit.first]
    centred = np.abs(rest - medians(rest, block, len(sizes))[block])
    sd = borrowed(centred, block, data, _mad)[block]
    return Deviations(unit, expected, level, shift, rest, sd, sizes[block] - 1, block, strategy, data)


def _mad(away: np.ndarray, of: np.ndarray, size: int) -> np.ndarray:
    """float64 (size,): 1.4826 x the median of each group."""
    return SD * medians(away, of, size)


def borrowed(
    away: np.ndarray, block: np.ndarray, data: np.ndarray, scale: Callable[[np.ndarray, np.ndarray, int], np.ndarray]
) -> np.ndarray:
    """float64 (blocks,): the standard deviation of each block, drawn to that of its data set, and that to the table's.

    Args:
        away: float64 (U,), distances from the centre; block, data: int64 (U,).
        scale: (away, groups, number of groups) -> the standard deviation of each group.
    """
    outer = np.zeros(len(block), np.int64)
    sd = scale(away, outer, 1)
    for inner in (data, block):
        n = np.bincount(inner, minlength=int(inner.max()) + 1 if len(inner) else 0)
        around = np.zeros(len(n))
        around[inner] = sd[outer]
        own = np.nan_to_num(scale(away, inner, len(n)))
        sd, outer = np.sqrt((n * own**2 + BORROWED * around**2) / (n + BORROWED)), inner
    least: np.ndarray = np.maximum(sd, LEAST)
    return least


def _context(rows: Rows) -> tuple[np.ndarray, int]:
    """The context of each row and how many there are; 0 for all rows of a data set and model with too few runs in one."""
    codes, size = rows.codes["context"], len(rows.names["context"])
    if size == 1:
        return codes, size
    runs = rows.group(CELL).first
    block, pair = rows.group(("context", "dataset", "model")), rows.group(("dataset", "model"))
    few = np.bincount(block.of[runs], minlength=block.size) < ENOUGH
    joined = np.zeros(pair.size, bool)
    joined[pair.of[block.first[few]]] = True
    return np.where(joined[pair.of], 0, codes), size


def usual(shift: np.ndarray, of: np.ndarray) -> np.ndarray:
    """float64 (U,): the median of the other members of each unit's group; of two middle ones that nearer 0; 0 below two."""
    n = np.bincount(of) if len(of) else np.zeros(0, np.int64)
    order = np.lexsort((shift, of))
    ordered, start = shift[order], np.concatenate([[0], np.cumsum(n)])[of[order]]
    rank, others = np.arange(len(shift)) - start, n[of[order]] - 1

    def other(place: np.ndarray) -> np.ndarray:
        """The `place`-th smallest of the others."""
        place = np.clip(place, 0, np.maximum(others - 1, 0))
        found: np.ndarray = ordered[np.minimum(start + place + (place >= rank), len(shift) - 1)]
        return found

    low, high = other((others - 1) // 2), other(others // 2)
    out = np.empty(len(shift))
    out[order] = np.where(others < 2, 0.0, np.where(np.abs(low) < np.abs(high), low, high))
    return out
