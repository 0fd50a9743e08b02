"""The metric without one domain, or without one class."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from fairweather.analysis.table import Counts, Scores, entering, gather, iou, mean_over, pooled_iou


def without_each(counts: Counts, metric: str, domains: Sequence[str] | None = None) -> dict[tuple[str, str], Scores]:
    """("domain" or "class", its name) -> the metric without it, for each that enters the metric beside another one.

    A unit in whose data set nothing else remains has no value.

    Raises:
        UnknownName: a metric that is not one of table.METRICS, or a domain the results do not have.
    """
    use = entering(counts, metric, domains)
    wanted = counts.supported & use[:, :, None]
    inside = [d for d in range(len(counts.domains)) if use[:, d].any()]
    classes = [c for c in range(len(counts.classes)) if wanted[:, :, c].any()]
    names = [("domain", counts.domains[d]) for d in inside if len(inside) > 1]
    names += [("class", counts.classes[c]) for c in classes if len(classes) > 1]
    if not names:
        return {}
    each = _pooled if metric == "pooled" else _averaged
    values = each(counts, use, inside, classes)
    kept = values["domain"] * (len(inside) > 1) + values["class"] * (len(classes) > 1)
    table = gather(counts, metric, tuple(name for _, name in names), np.array(kept))
    return {key: replace(table, variants=("",), y=table.y[v : v + 1]) for v, key in enumerate(names)}


def _averaged(counts: Counts, use: np.ndarray, inside: list[int], classes: list[int]) -> dict[str, list[np.ndarray]]:
    """float64 (U,) each: means over domains of the mIoU of the classes supported there."""
    values = np.where(counts.present, iou(counts.pixels), np.nan)
    whole = mean_over(values, counts.supported, axis=2)
    shorter = []
    for c in classes:
        rest = counts.supported & _all_but(c, len(counts.classes))
        shorter.append(mean_over(mean_over(values, rest, axis=2), use & rest.any(axis=2), axis=1))
    return {
        "domain": [mean_over(whole, use & _all_but(d, len(counts.domains)), axis=1) for d in inside],
        "class": shorter,
    }


def _pooled(counts: Counts, use: np.ndarray, inside: list[int], classes: list[int]) -> dict[str, list[np.ndarray]]:
    """float64 (U,) each: mIoU of the counts summed over the domains."""
    values, wanted = pooled_iou(counts, use)
    fewer = [pooled_iou(counts, use & _all_but(d, len(counts.domains))) for d in inside]
    return {
        "domain": [mean_over(*pair, axis=1) for pair in fewer],
        "class": [mean_over(values, wanted & _all_but(c, len(counts.classes)), axis=1) for c in classes],
    }


def _all_but(one: int, number: int) -> np.ndarray:
    keep: np.ndarray = np.arange(number) != one
    return keep
