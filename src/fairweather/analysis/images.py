"""How far other test images would move a gain: the delta method over groups of images (one sequence, one drive).

Per image and class (I - IoU U)/sum U with U = P + L - I, mean over classes, difference of two arms, summed by group to
h: SE_img = sqrt(G/(G-1) sum (h - hbar)^2). Frames of one sequence are not independent: with fewer than 10 groups in a
domain nothing is given.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fairweather.analysis.table import METRICS, Counts, encode, entering
from fairweather.errors import InputError

FEWEST = 10


@dataclass(frozen=True)
class Influence:
    """What each group of images contributes to a unit's score, in points.

    Args:
        counts: the units, domains and classes.
        metric, use: the metric, and bool (U, D) the domains that enter it.
        h: float64 (U, D, groups), contribution to the domain's mIoU (to the pooled mIoU for `pooled`).
        seen: bool (U, D, groups), which groups the unit's data set has in the domain.
    """

    counts: Counts
    metric: str
    use: np.ndarray
    h: np.ndarray = field(repr=False)
    seen: np.ndarray = field(repr=False)


def influence(
    counts: Counts, groups: pa.Table, label_space: str, metric: str, domains: Sequence[str] | None
) -> Influence:
    """The influence of every group, from the table (unit, label_space, domain, group, class, counts).

    Raises:
        InputError: a unit of the comparison is missing from the table.
    """
    units = pa.array([arm.unit for arm in counts.arms], pa.string())
    keep = pc.and_(pc.equal(groups["label_space"], label_space), pc.is_in(groups["unit"].cast(pa.string()), units))
    rows = groups.filter(keep)
    at_unit = _positions(rows["unit"], [arm.unit for arm in counts.arms], "unit")
    at_domain = _positions(rows["domain"], counts.domains, "domain")
    at_class = _positions(rows["class"], counts.classes, "class")
    if np.unique(at_unit).size != len(counts.arms):
        lost = counts.arms[int(np.setdiff1d(np.arange(len(counts.arms)), at_unit)[0])].unit
        raise InputError(
            f"groups: no row of unit {lost} in label space {label_space} (every compared unit needs its groups)"
        )
    names, at_group = _groups(rows, counts, at_unit)
    hit, predicted, labelled = (
        rows[name].to_numpy().astype(np.float64) for name in ("intersection", "predicted", "labelled")
    )
    union = predicted + labelled - hit
    use = entering(counts, metric, domains)
    wanted = counts.supported & (use[:, :, None] if metric == "pooled" else True)
    total_I, total_U = np.zeros(counts.present.shape), np.zeros(counts.present.shape)
    np.add.at(total_I, (at_unit, at_domain, at_class), hit)
    np.add.at(total_U, (at_unit, at_domain, at_class), union)
    if metric == "pooled":
        total_I = np.broadcast_to(np.where(use[:, :, None], total_I, 0).sum(axis=1, keepdims=True), total_I.shape)
        total_U = np.broadcast_to(np.where(use[:, :, None], total_U, 0).sum(axis=1, keepdims=True), total_U.shape)
        wanted = np.broadcast_to(wanted.any(axis=1, keepdims=True), wanted.shape) & use[:, :, None]
    place = (at_unit, at_domain, at_class)
    inside = wanted[place] & (total_U[place] > 0)
    size = np.where(inside, total_U[place], 1.0)
    number = np.maximum(wanted.sum(axis=2), 1)[at_unit, at_domain]
    value = np.where(inside, 100.0 * (hit - total_I[place] / size * union) / size / number, 0.0)
    h = np.zeros((len(counts.arms), len(counts.domains), len(names)))
    np.add.at(h, (at_unit, at_domain, at_group), value)
    seen = np.zeros(h.shape, bool)
    seen[at_unit, at_domain, at_group] = True
    return Influence(counts, metric, use, h, seen)


def _positions(column: pa.ChunkedArray, known: Sequence[str], kind: str) -> np.ndarray:
    names, codes = encode(column)
    place = {name: at for at, name in enumerate(known)}
    for name in names:
        if name not in place:
            raise InputError(f"groups: {kind} {name!r} is not among the results (known: {', '.join(known)})")
    places: np.ndarray = np.array([place[name] for name in names], np.int64)
    return np.take(places, codes)


def _groups(rows: pa.Table, counts: Counts, at_unit: np.ndarray) -> tuple[list[tuple[str, str]], np.ndarray]:
    """The (data set, group) pairs, and int64 (rows,) which one each row is of: two data sets may name a group alike."""
    names, codes = encode(rows["group"])
    datasets = list(dict.fromkeys(arm.block.dataset for arm in counts.arms))
    of_unit = np.array([datasets.index(arm.block.dataset) for arm in counts.arms])
    joint = of_unit[at_unit] * len(names) + codes
    kinds, at = np.unique(joint, return_inverse=True)
    return [(datasets[k // len(names)], names[k % len(names)]) for k in kinds], at


def image_se(found: Influence, plus: Sequence[int], minus: Sequence[int], domain: str = "") -> float | None:
    """SE_img in points of the mean over the units `plus` minus that over `minus` (indices), for the metric or one domain.

    None below 10 groups in a domain that enters.
    """
    assert found.metric in METRICS
    use = found.use.copy()
    if domain:
        use[:] = np.asarray(found.counts.domains) == domain
        if found.metric == "pooled":
            return None  # the influences are those on the pooled score
    total = np.zeros(found.h.shape[2])
    for units, sign in ((plus, 1.0), (minus, -1.0)):
        for unit in units:
            inside = use[unit]
            number = found.seen[unit][inside].sum(axis=1)
            if not inside.any():
                return None
            if found.metric == "pooled":
                distinct = int(found.seen[unit][inside].any(axis=0).sum())
                if distinct < FEWEST:
                    return None
                part = found.h[unit][inside].sum(axis=0) * np.sqrt(distinct / (distinct - 1))
            else:
                if number.min() < FEWEST:
                    return None
                part = (np.sqrt(number / (number - 1))[:, None] * found.h[unit][inside]).mean(axis=0)
            total += sign / len(units) * part
    return float(np.sqrt((total**2).sum()))
