"""Imported rows on axes: one value for each run, domain and class, and which of them belong to the comparison."""

from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fairweather.analysis.imports.imported import Imported
from fairweather.analysis.imports.sheet import path_shown, shown
from fairweather.analysis.table import Block, encode
from fairweather.errors import InputError
from fairweather.vocabulary.domains import in_order

FEWEST_IMAGES = 50  # a domain with fewer test images is not supported (design)
MOST_LACK = 0.5  # a domain or class that fewer runs of a cell have, in some context, belongs to none of them


@dataclass(frozen=True)
class Grid:
    """The values of U runs over D domains and C classes; a table without domains or classes has one, called "".

    Args:
        arms: every strategy of the tables, in order of appearance, with or without values.
        arm, context, block, cell: int64 (U,), positions in `arms`, `contexts`, `blocks` and among the cells.
        values: float64 (U, D, C) in points, NaN where there is none.
        wanted: bool (cells, D, C), what enters the means of that cell, for all strategies, contexts and seeds alike.
        weights: float64 (cells, D), test images, or 1 where they are not known.
        supported: bool (cells, D), not known to have fewer than FEWEST_IMAGES test images.
    """

    contexts: tuple[str, ...]
    arms: tuple[str, ...]
    blocks: tuple[Block, ...]
    domains: tuple[str, ...]
    classes: tuple[str, ...]
    arm: np.ndarray = field(repr=False)
    context: np.ndarray = field(repr=False)
    block: np.ndarray = field(repr=False)
    cell: np.ndarray = field(repr=False)
    values: np.ndarray = field(repr=False)
    wanted: np.ndarray = field(repr=False)
    weights: np.ndarray = field(repr=False)
    supported: np.ndarray = field(repr=False)

    def only(self, domains: np.ndarray | None = None, classes: np.ndarray | None = None) -> "Grid":
        """The grid in which only some domains (bool (D,)) or classes (bool (C,)) enter the means."""
        wanted = self.wanted
        if domains is not None:
            wanted = wanted & domains[:, None]
        return replace(self, wanted=wanted if classes is None else wanted & classes)


def lay(imported: Imported, contexts: tuple[str, ...], without: frozenset[tuple[str, int, str]]) -> Grid:
    """Lay out the rows that have a value and are not left out, (file, line, context) in `without`.

    Raises:
        InputError: two rows are one run, domain and class and differ in their values (of equal ones the first counts), or
            no row is left.
    """
    rows = imported.rows.filter(pc.is_in(imported.rows["context"], pa.array(contexts, pa.string())))
    arms = encode(rows["strategy"])[0]
    rows = rows.filter(pa.array(_kept(rows, without)))
    if not rows.num_rows:
        raise InputError(
            "no row of the tables has a value that is not left out (needed: rows of a baseline and a strategy)"
        )
    arm, context = _places(rows["strategy"], arms), _places(rows["context"], contexts)
    blocks, block = _blocks(rows)
    cells = tuple(dict.fromkeys((one.dataset, one.model) for one in blocks))
    place = {name: number for number, name in enumerate(cells)}
    cell_of = np.array([place[one.dataset, one.model] for one in blocks], np.int64)
    seen = encode(rows["domain"])[0]
    domains = in_order(seen) if set(seen) - {""} else ("",)
    classes = encode(rows["class"])[0] or ("",)
    at = (_places(rows["domain"], domains), _places(rows["class"], classes))
    shape = (len(contexts), len(arms), len(blocks))
    runs, run = np.unique(np.ravel_multi_index((context, arm, block), shape), return_inverse=True)
    values = _scatter(rows, run, at, (len(runs), len(domains), len(classes)))
    of_context, of_arm, of_block = (axis.astype(np.int64) for axis in np.unravel_index(runs, shape))
    cell = cell_of[of_block]
    wanted = _wanted(values, cell, len(cells), of_context)
    counts = _images(rows, at[0], tuple(dataset for dataset, _ in cells), len(domains))
    known = np.isfinite(counts)
    weights = np.where(known, counts, 1.0)
    return Grid(
        contexts, arms, blocks, domains, classes, of_arm, of_context, of_block, cell, values,
        wanted & (weights > 0)[:, :, None], weights, ~known | (counts >= FEWEST_IMAGES),
    )  # fmt: skip


def _kept(rows: pa.Table, without: frozenset[tuple[str, int, str]]) -> np.ndarray:
    """bool (rows,): has a value and is not left out."""
    keep = np.array(rows["value"].is_valid().to_numpy(), bool)
    lines = rows["line"].to_numpy()
    files, file = encode(rows["file"])
    for at, name in enumerate(files):
        for context in {held for other, _, held in without if other == name}:
            gone = [line for other, line, held in without if (other, held) == (name, context)]
            mine = np.asarray(pc.equal(rows["context"], context).to_numpy(zero_copy_only=False), bool)
            keep &= (file != at) | ~mine | ~np.isin(lines, gone)
    return keep


def _places(column: pa.ChunkedArray, names: tuple[str, ...]) -> np.ndarray:
    """int64 (rows,): the position of each cell in `names`."""
    seen, codes = encode(column)
    place = {name: at for at, name in enumerate(names)}
    positions: np.ndarray = np.array([place[name] for name in seen], np.int64)[codes]
    return positions


def _blocks(rows: pa.Table) -> tuple[tuple[Block, ...], np.ndarray]:
    """The blocks in order, and int64 (rows,) the block of each row; a table without seeds has seed 0."""
    datasets, dataset = encode(rows["dataset"])
    models, model = encode(rows["model"])
    seeds, seed = np.unique(rows["seed"].fill_null(0).to_numpy(), return_inverse=True)
    shape = (max(len(datasets), 1), max(len(models), 1), max(len(seeds), 1))
    found, of = np.unique(np.ravel_multi_index((dataset, model, seed), shape), return_inverse=True)
    parts = zip(*np.unravel_index(found, shape), strict=True)
    named = [Block(datasets[d], models[m], int(seeds[s])) for d, m, s in parts]
    order = sorted(range(len(named)), key=named.__getitem__)
    place = np.empty(len(named), np.int64)
    place[order] = np.arange(len(named))
    return tuple(named[at] for at in order), place[of]


def _scatter(
    rows: pa.Table, run: np.ndarray, at: tuple[np.ndarray, np.ndarray], shape: tuple[int, int, int]
) -> np.ndarray:
    """float64 `shape`: the values in their places."""
    value = rows["value"].to_numpy()
    place = np.ravel_multi_index((run, *at), shape) if value.size else np.zeros(0, np.int64)
    cells, first, back = np.unique(place, return_index=True, return_inverse=True)
    differ = value != value[first][back]
    if differ.any():
        second = int(np.argmax(differ))
        raise _doubled(rows, int(first[back][second]), second)
    values = np.full(int(np.prod(shape)), np.nan)
    values[cells] = value[first]
    return values.reshape(shape)


def _doubled(rows: pa.Table, first: int, second: int) -> InputError:
    one, other = (rows.slice(row, 1).to_pylist()[0] for row in (first, second))
    parts = [other[name] for name in ("strategy", "context", "dataset", "model", "domain", "class") if other[name]]
    seed = [] if other["seed"] is None else [f"seed {other['seed']}"]
    files = (
        path_shown(one["file"]) if one["file"] == other["file"] else f"{shown(one['file'])} and {shown(other['file'])}"
    )
    return InputError(
        f"{files} lines {one['line']} and {other['line']}: two values, {one['value']:g} and {other['value']:g}, of "
        f"{', '.join([*map(shown, parts), *seed])} (allowed: one row)"
    )


def _wanted(values: np.ndarray, cell: np.ndarray, cells: int, context: np.ndarray) -> np.ndarray:
    """bool (cells, D, C): in every context that has the cell, half of its runs or more have a value there."""
    wanted = np.ones((cells, *values.shape[1:]), bool)
    for one in np.unique(context):
        mine = context == one
        count = np.zeros(wanted.shape)
        np.add.at(count, cell[mine], np.isfinite(values[mine]))
        runs = np.bincount(cell[mine], minlength=cells)[:, None, None]
        wanted &= (runs == 0) | ((count > 0) & (count >= MOST_LACK * runs))
    return wanted


def _images(rows: pa.Table, domain: np.ndarray, datasets: tuple[str, ...], domains: int) -> np.ndarray:
    """float64 (cells, D): the number of test images that most rows of the data set and domain give; NaN where none does."""
    known, dataset = encode(rows["dataset"])
    images = np.asarray(rows["images"].to_numpy(zero_copy_only=False), np.float64)
    there = np.isfinite(images)
    counts = np.full((len(known), domains), np.nan)
    place = (dataset * domains + domain)[there]
    found, number = np.unique(np.stack([place, images[there].astype(np.int64)]), axis=1, return_counts=True)
    for at in np.argsort(number, kind="stable"):
        counts.flat[found[0, at]] = found[1, at]
    return counts[[known.index(name) for name in datasets]]
