"""From an imported table to the values that are compared."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fairweather.analysis.frame import Frame, Printed, Settings
from fairweather.analysis.imports import naming, vocabulary
from fairweather.analysis.imports.grid import Grid, lay
from fairweather.analysis.imports.imported import Imported
from fairweather.analysis.table import Scores
from fairweather.errors import UnknownName
from fairweather.vocabulary.domains import ADVERSE, NORMAL

IMAGE_WEIGHTED, DOMAIN_MEAN = "image_weighted", "domain_mean"


def metric_of(imported: Imported) -> str:
    """What is compared: "image_weighted" or "domain_mean" (the mean of the domains, weighted by their test images where
    these are known), or, in a table without domains, the metric of its values, such as "mIoU"."""
    rows = imported.rows
    if not pc.any(pc.not_equal(rows["domain"], ""), min_count=0).as_py():
        return imported.metric
    counted = pc.all(pc.or_(rows["images"].is_valid(), rows["value"].is_null()), min_count=0).as_py()
    return IMAGE_WEIGHTED if counted else DOMAIN_MEAN


def frame_of(imported: Imported, settings: Settings, without: frozenset[tuple[str, int, str]] = frozenset()) -> Frame:
    """The values of a comparison, as `analysis.table` makes them of counts.

    The IoU of classes is averaged over the classes of a domain, the domains are averaged over those of the cell (data set
    and model) with the weights of `metric_of`. What enters is one list for all strategies, contexts and seeds of a cell:
    the domains and classes that half of its runs or more have. A run that lacks one of them has no value there: never a
    mean over fewer. The test images of a domain are those that most rows of its data set give. A domain with fewer than
    50 has no value of its own; `image_weighted` counts it by its images, as published tables do.

    Args:
        settings: with the metric that `metric_of` gives, and with contexts and baseline of the import.
        without: (file, line, context) of rows to leave out: a line may hold a value of each context.

    Raises:
        InputError: two rows of one run, domain and class differ in their values.
        UnknownName: a context, baseline or domain of the settings that the table does not have.
        ValueError: `settings.metric` is not what the table holds.
    """
    if settings.metric != metric_of(imported):
        raise ValueError(f"frame_of: settings.metric is {settings.metric!r}, the table holds {metric_of(imported)!r}")
    contexts = settings.contexts or imported.contexts
    for context in contexts:
        if context not in imported.contexts:
            raise UnknownName("context", context, imported.contexts)
    whole = lay(imported, contexts, without)
    if settings.baseline not in whole.arms and imported.kind != "gains":
        raise UnknownName("baseline", settings.baseline, whole.arms)
    for domain in settings.domains or ():
        if domain not in whole.domains:
            raise UnknownName("domain", domain, whole.domains, "compare.domains")
    grid = whole if settings.domains is None else whole.only(domains=np.isin(whole.domains, settings.domains))
    maker = _Maker(settings.baseline, _families((*whole.arms, settings.baseline)), imported.kind == "gains")
    metric = maker.scores(settings.metric, grid, ("",), _metric(grid)[None])
    small = frozenset(name for name in whole.classes if vocabulary.is_small(name))
    return Frame(
        settings, metric, _domains(maker, imported, whole), _classes(maker, settings, grid), _adverse(maker, whole),
        _small(maker, settings, grid, small), small, {}, None, _entered(grid), dict(_without(maker, settings, grid)),
        _printed(imported, metric, without),
    )  # fmt: skip


class _Maker:
    """Puts values of runs on the axes of Scores.

    Args:
        zero: in a table of gains the baseline is 0, by definition, wherever a strategy has a value.
    """

    def __init__(self, baseline: str, families: Mapping[str, str], zero: bool) -> None:
        self.baseline, self.families, self.zero = baseline, families, zero

    def scores(self, metric: str, grid: Grid, variants: tuple[str, ...], values: np.ndarray) -> Scores:
        """Scores of float64 (variants, U) values."""
        # by name: draws go by position, and the order of rows in a file must not move a number
        others = sorted(name for name in grid.arms if name != self.baseline)
        strategies = tuple(name for name in others if not naming.is_control(name))
        controls = tuple(name for name in others if naming.is_control(name))
        names = (*strategies, self.baseline, *controls)
        place = {name: at for at, name in enumerate(names)}
        arm = np.array([place[name] for name in grid.arms], np.int64)[grid.arm]
        y = np.full((len(variants), len(grid.contexts), len(names), len(grid.blocks)), np.nan)
        y[:, grid.context, arm, grid.block] = values
        if self.zero:
            K = len(strategies)
            y[:, :, K] = np.where(np.isfinite(y).any(axis=2), 0.0, np.nan)
        return Scores(
            metric, grid.contexts, strategies, self.baseline, controls, self.families, grid.blocks, variants, y
        )  # fmt: skip


def _families(arms: Iterable[str]) -> dict[str, str]:
    return {name: naming.family(name) for name in arms}


def _mean(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The weighted mean over the last axis; NaN where a value of positive weight is missing or no weight is positive."""
    total = weights.sum(axis=-1)
    summed = np.where(weights > 0, values * weights, 0.0).sum(axis=-1)
    mean: np.ndarray = summed / np.where(total > 0, total, np.nan)
    return mean


def _by_domain(grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """float64 (U, D): the mean of the classes of each domain, and the weight of the domain, 0 where it does not enter."""
    wanted = grid.wanted[grid.cell]
    weights = np.where(wanted.any(axis=2), grid.weights[grid.cell], 0.0)
    return _mean(grid.values, wanted.astype(np.float64)), weights


def _by_class(grid: Grid) -> np.ndarray:
    """float64 (U, C): the mean over the domains that have the class, weighted as the metric is."""
    wanted = grid.wanted[grid.cell]
    weights = np.where(wanted, grid.weights[grid.cell][:, :, None], 0.0)
    return _mean(grid.values.transpose(0, 2, 1), weights.transpose(0, 2, 1))


def _metric(grid: Grid) -> np.ndarray:
    """float64 (U,)."""
    return _mean(*_by_domain(grid))


def _domains(maker: _Maker, imported: Imported, grid: Grid) -> Scores:
    values, weights = _by_domain(grid)
    values = np.where((weights > 0) & grid.supported[grid.cell], values, np.nan).T
    shown = [at for at, name in enumerate(grid.domains) if name and np.isfinite(values[at]).any()]
    return maker.scores(f"domain {imported.metric}", grid, tuple(grid.domains[at] for at in shown), values[shown])


def _classes(maker: _Maker, settings: Settings, grid: Grid) -> Scores:
    values = _by_class(grid).T
    shown = [at for at, name in enumerate(grid.classes) if name and np.isfinite(values[at]).any()]
    names = tuple(grid.classes[at] for at in shown)
    return maker.scores(f"{settings.metric} class IoU", grid, names, values[shown])


def _adverse(maker: _Maker, grid: Grid) -> Scores:
    """The adverse domains minus the normal ones, each half averaged as the metric is, over the classes that all domains of
    the cell have."""
    present = grid.wanted.any(axis=2, keepdims=True)
    shared = grid.wanted & (grid.wanted | ~present).all(axis=1, keepdims=True)
    values, weights = _by_domain(replace(grid, wanted=shared))
    adverse, normal = (_mean(values, np.where(np.isin(grid.domains, half), weights, 0.0)) for half in (ADVERSE, NORMAL))
    return maker.scores("adverse minus normal mIoU", grid, ("",), (adverse - normal)[None])


def _small(maker: _Maker, settings: Settings, grid: Grid, small: frozenset[str]) -> Scores:
    """The mean class IoU of the small-object classes minus that of the rest."""
    values = _by_class(grid)
    wanted: np.ndarray = np.any(grid.wanted, axis=1)[grid.cell]
    inside = np.isin(grid.classes, sorted(small)) if small else np.zeros(len(grid.classes), bool)
    one, other = (_mean(values, (wanted & half).astype(np.float64)) for half in (inside, ~inside))
    return maker.scores(f"{settings.metric} small minus other class IoU", grid, ("",), (one - other)[None])


def _entered(grid: Grid) -> tuple[str, ...]:
    inside: np.ndarray = np.any(grid.wanted, axis=(0, 2))
    return tuple(name for name, enters in zip(grid.domains, inside, strict=True) if name and enters)


def _without(maker: _Maker, settings: Settings, grid: Grid) -> Iterator[tuple[tuple[str, str], Scores]]:
    """The metric computed without each domain and each class that enters it, where there are two or more."""
    kinds = (("domain", grid.domains, (0, 2)), ("class", grid.classes, (0, 1)))
    for kind, names, axes in kinds:
        inside = np.flatnonzero(grid.wanted.any(axis=axes))
        if len(inside) < 2:
            continue
        for at in inside:
            rest = np.arange(len(names)) != at
            left = grid.only(domains=rest) if kind == "domain" else grid.only(classes=rest)
            yield (kind, names[at]), maker.scores(settings.metric, left, ("",), _metric(left)[None])


def _printed(imported: Imported, metric: Scores, without: frozenset[tuple[str, int, str]]) -> Printed | None:
    """What a table of gains with one block says in so many words."""
    one = len(metric.blocks) == 1 and not any(imported.rows[name][0].as_py() for name in ("domain", "class"))
    if imported.kind != "gains" or not one:
        return None
    K = len(metric.strategies)
    names = (*metric.strategies, metric.baseline)
    rank = np.full((len(metric.contexts), K + 1), np.nan)
    digits = 0
    for row in _said(imported.rows, without, names):
        digits = max(digits, row["digits"] or 0)
        if row["context"] in metric.contexts and row["rank"] is not None:
            rank[metric.contexts.index(row["context"]), names.index(row["strategy"])] = row["rank"]
    changes = np.full((2, K + 1), np.nan)
    for row in _said(imported.printed, without, names):
        for at, name in enumerate(("rank_change", "gain_change")):
            if row[name] is not None:
                changes[at, names.index(row["strategy"])] = row[name]
    return Printed(metric.strategies, metric.y[0, :, :K, 0], rank, changes[0], changes[1], digits)


def _said(
    table: pa.Table, without: frozenset[tuple[str, int, str]], names: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    """The rows of these strategies that are not left out, last to first: of two rows the first one's word stands."""
    lines = {(file, line) for file, line, _ in without}
    for row in reversed(table.to_pylist()):
        where = (row["file"], row["line"])
        gone = (*where, row["context"]) in without if "context" in row else where in lines
        if not gone and row["strategy"] in names:
            yield row
