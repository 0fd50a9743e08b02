"""The runs of a table as the analysis averages them: one value for each cell and strategy, whole or with parts missing."""

from dataclasses import dataclass

import numpy as np

from fairweather.analysis.imports.grid import MOST_LACK
from fairweather.audit.tables.rows import BLOCK, CELL, Groups, Rows


@dataclass(frozen=True)
class Cells:
    """U runs.

    Args:
        run: the rows by run.
        strategy, context, block: int64 (U,); a block is (context, data set, model, seed).
        blocks: how many blocks there are; value: float64 (U,), the mean over domains, weighted by their test images where
            every row has their number, of the means over classes.
        whole: bool (U,), no domain or class is missing that belongs to the data set and model.
        order: int64 (U,), the runs by context and strategy; keys: int64 (U,), (context, strategy) in that order.
    """

    run: Groups
    strategy: np.ndarray
    context: np.ndarray
    block: np.ndarray
    blocks: int
    value: np.ndarray
    whole: np.ndarray
    order: np.ndarray
    keys: np.ndarray

    def of(self, strategy: int, context: int) -> np.ndarray:
        """int64: the runs of one strategy in one context."""
        key = _key(np.array([context]), np.array([strategy]))
        start, end = np.searchsorted(self.keys, key, "left")[0], np.searchsorted(self.keys, key, "right")[0]
        return self.order[start:end]


def belongs(rows: Rows) -> np.ndarray:
    """bool (n,): rows of a domain and class that at least half of the runs of its data set and model have, in every context that
    has the data set and model."""
    cell, here = rows.group(("dataset", "model")), rows.group(("context", "dataset", "model"))
    part, own = (
        rows.group(("dataset", "model", "domain", "class")),
        rows.group(("context", "dataset", "model", "domain", "class")),
    )
    runs = np.bincount(here.of[rows.group(CELL).first], minlength=here.size)
    enough = own.counts >= MOST_LACK * runs[here.of[own.first]]
    contexts = np.bincount(cell.of[here.first], minlength=cell.size)
    holding = np.bincount(part.of[own.first], enough, part.size)
    enters: np.ndarray = (holding == contexts[cell.of[part.first]])[part.of]
    return enters


def cells_of(rows: Rows) -> Cells:
    """The runs of a table without duplicates."""
    inside = belongs(rows)
    run, part = rows.group(CELL), rows.group((*CELL, "domain"))
    mean = _mean(np.where(inside, rows.value, 0.0), inside, part.of, part.size)
    images = rows.column("images")
    weight = np.ones(part.size)
    if images.null_count == 0 and len(images):
        given = images.to_numpy().astype(np.float64)[part.first]
        weight = given if (given > 0).all() else weight
    weight = np.where(np.isfinite(mean), weight, 0.0)
    value = _mean(np.where(weight > 0, mean, 0.0) * weight, weight, run.of[part.first], run.size)
    place, block = rows.group(("dataset", "model")), rows.group(BLOCK)
    parts = np.bincount(run.of, inside, run.size)
    wanted = rows.keep(inside).group(("dataset", "model", "domain", "class")).first
    most = np.bincount(place.of[inside][wanted], minlength=place.size)
    whole = parts == most[place.of[run.first]]
    strategy, context = rows.codes["strategy"][run.first], rows.codes["context"][run.first]
    keys = _key(context, strategy)
    order = np.argsort(keys, kind="stable")
    return Cells(run, strategy, context, block.of[run.first], block.size, value, whole, order, keys[order])


def _mean(total: np.ndarray, weight: np.ndarray, of: np.ndarray, size: int) -> np.ndarray:
    """float64 (size,): the sums of each group over its weights; NaN where it has none."""
    weights = np.bincount(of, weight, size)
    mean: np.ndarray = np.bincount(of, total, size) / np.where(weights > 0, weights, np.nan)
    return mean


def _key(context: np.ndarray, strategy: np.ndarray) -> np.ndarray:
    key: np.ndarray = (context << 32) + strategy + 1  # -1, a baseline without rows, stays in its context
    return key
