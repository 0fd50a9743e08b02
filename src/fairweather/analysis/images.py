"""How far other test images would move a gain: the delta method over groups of images (one sequence, one drive).

Per image and class (I - IoU U)/sum U with U = P + L - I, mean over classes, difference of two arms, summed by group to
h: SE_img = sqrt(G/(G-1) sum (h - hbar)^2). Frames of one sequence are not independent: with fewer than 10 groups in a
domain nothing is given.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from fairweather.analysis.table import METRICS, Counts, encode, entering
from fairweather.errors import InputError

FEWEST = 10


@dataclass(frozen=True, eq=False)
class Influence:
    """What each group of images contributes to a unit's score, in points.

    Args:
        counts: the units, domains and classes.
        metric, use: the metric, and bool (U, D) the domains that enter it.
        h: float64 (U, D, groups), contribution to the domain's mIoU (to the pooled mIoU for `pooled`).
        h_class: float64 (U, C, groups), contribution to the class IoU as the metric averages it over domains; it holds the
            factors sqrt(G/(G-1)) already.
        seen: int64 (U, D), how many groups the unit's data set has in the domain; distinct: (U,), in all that enter.
    """

    counts: Counts
    metric: str
    use: np.ndarray
    h: np.ndarray = field(repr=False)
    h_class: np.ndarray = field(repr=False)
    seen: np.ndarray
    distinct: np.ndarray


def influence(
    counts: Counts, groups: pa.Table, label_space: str, metric: str, domains: Sequence[str] | None
) -> Influence:
    """The influence of every group, from the table (unit, label_space, domain, group, class, counts).

    Raises:
        InputError: a unit of the comparison is missing from the table.
    """
    rows = _compared(groups, counts, label_space)
    at_unit = _positions(rows["unit"], [arm.unit for arm in counts.arms], "unit")
    at_domain = _positions(rows["domain"], counts.domains, "domain")
    at_class = _positions(rows["class"], counts.classes, "class")
    number, at_group = _groups(rows, counts, at_unit)
    U, D, C = counts.present.shape
    hit, predicted, labelled = (
        rows[name].to_numpy().astype(np.float64) for name in ("intersection", "predicted", "labelled")
    )
    union = predicted + labelled - hit
    use = entering(counts, metric, domains)
    wanted = counts.supported & (use[:, :, None] if metric == "pooled" else True)
    place = np.ravel_multi_index((at_unit, at_domain, at_class), (U, D, C))
    total_I, total_U = (np.bincount(place, values, U * D * C).reshape(U, D, C) for values in (hit, union))
    if metric == "pooled":
        total_I = np.broadcast_to(np.where(use[:, :, None], total_I, 0).sum(axis=1, keepdims=True), total_I.shape)
        total_U = np.broadcast_to(np.where(use[:, :, None], total_U, 0).sum(axis=1, keepdims=True), total_U.shape)
        wanted = np.broadcast_to(wanted.any(axis=1, keepdims=True), wanted.shape) & use[:, :, None]
    inside = wanted & (total_U > 0)
    size = np.where(inside, total_U, 1.0)
    share = np.where(inside, 100.0 / size, 0.0).ravel()[place]
    value = share * (hit - (total_I / size).ravel()[place] * union)
    classes = np.maximum(wanted.sum(axis=2), 1)
    spot = np.ravel_multi_index((at_unit, at_domain, at_group), (U, D, number))
    seen = np.bincount(spot, minlength=U * D * number).reshape(U, D, number) > 0
    h = np.bincount(spot, value / classes.ravel()[spot // number], U * D * number).reshape(U, D, number)
    counted = seen.sum(axis=2)
    distinct = (seen & use[:, :, None]).any(axis=1).sum(axis=1)
    weight = _class_weights(metric, wanted & use[:, :, None], counted, distinct).ravel()[place]
    spot = np.ravel_multi_index((at_unit, at_class, at_group), (U, C, number))
    h_class = np.bincount(spot, value * weight, U * C * number).reshape(U, C, number)
    return Influence(counts, metric, use, h, h_class, counted, distinct)


def _class_weights(metric: str, wanted: np.ndarray, seen: np.ndarray, distinct: np.ndarray) -> np.ndarray:
    """float64 (U, D, C): the weight of a domain in a class' value times sqrt(G/(G-1)); NaN where a domain that enters has
    fewer than FEWEST groups."""
    if metric == "pooled":
        factor = np.where(distinct >= FEWEST, np.sqrt(distinct / np.maximum(distinct - 1, 1)), np.nan)
        return np.broadcast_to(factor[:, None, None], wanted.shape)
    factor = np.where(seen >= FEWEST, np.sqrt(seen / np.maximum(seen - 1, 1)), np.nan)
    domains = np.maximum(wanted.sum(axis=1, keepdims=True), 1)
    weight: np.ndarray = np.where(wanted, factor[:, :, None] / domains, 0.0)
    return weight


def _compared(groups: pa.Table, counts: Counts, label_space: str) -> pa.Table:
    """The rows of the compared units in one label space."""
    spaces, space_of = encode(groups["label_space"])
    units, unit_of = encode(groups["unit"])
    known = {arm.unit for arm in counts.arms}
    keep = np.isin(space_of, [at for at, name in enumerate(spaces) if name == label_space])
    keep &= np.array([unit in known for unit in units])[unit_of]
    there = {units[at] for at in np.unique(unit_of[keep])}
    for arm in counts.arms:
        if arm.unit not in there:
            raise InputError(
                f"groups: no row of unit {arm.unit} in label space {label_space} (every compared unit needs its groups)"
            )
    return groups if keep.all() else groups.filter(pa.array(keep))


def _positions(column: pa.ChunkedArray, known: Sequence[str], kind: str) -> np.ndarray:
    names, codes = encode(column)
    place = {name: at for at, name in enumerate(known)}
    for name in names:
        if name not in place:
            raise InputError(f"groups: {kind} {name!r} is not among the results (known: {', '.join(known)})")
    places: np.ndarray = np.array([place[name] for name in names], np.int64)
    return np.take(places, codes)


def _groups(rows: pa.Table, counts: Counts, at_unit: np.ndarray) -> tuple[int, np.ndarray]:
    """How many (data set, group) pairs there are, and int64 (rows,) which one each row is of: two data sets may name a group
    alike."""
    names, codes = encode(rows["group"])
    datasets = list(dict.fromkeys(arm.block.dataset for arm in counts.arms))
    of_unit = np.array([datasets.index(arm.block.dataset) for arm in counts.arms])
    joint = of_unit[at_unit] * len(names) + codes
    there = np.bincount(joint, minlength=len(datasets) * len(names)) > 0
    return int(there.sum()), (np.cumsum(there) - 1)[joint]


def image_se(found: Influence, plus: Sequence[int], minus: Sequence[int], domain: str = "") -> float | None:
    """SE_img in points of the mean over the units `plus` minus that over `minus` (indices), for the metric or one domain.

    None below 10 groups in a domain that enters.
    """
    assert found.metric in METRICS
    if found.metric == "pooled":
        if domain:
            return None  # the influences are those on the pooled score
        one, two = (_pooled(found, np.asarray(units)) for units in (plus, minus))
    else:
        use = found.use if not domain else np.broadcast_to(np.asarray(found.counts.domains) == domain, found.use.shape)
        one, two = (_by_domain(found, np.asarray(units), use) for units in (plus, minus))
    if one is None or two is None:
        return None
    return float(np.sqrt(((one - two) ** 2).sum()))


def _pooled(found: Influence, units: np.ndarray) -> np.ndarray | None:
    """float64 (groups,): the mean contribution to the pooled score over the units."""
    n = found.distinct[units]
    if not found.use[units].any(axis=1).all() or n.min() < FEWEST:
        return None
    scaled = np.where(found.use[units][:, :, None], found.h[units], 0).sum(axis=1) * np.sqrt(n / (n - 1))[:, None]
    part: np.ndarray = scaled.mean(axis=0)
    return part


def _by_domain(found: Influence, units: np.ndarray, use: np.ndarray) -> np.ndarray | None:
    """float64 (groups,): the mean contribution to the mean of the used domains over the units."""
    inside, n = use[units], found.seen[units]
    if not inside.any(axis=1).all() or n[inside].min() < FEWEST:
        return None
    factor = np.where(inside, np.sqrt(n / np.maximum(n - 1, 1)) / inside.sum(axis=1, keepdims=True), 0.0)
    part: np.ndarray = np.einsum("ud,udg->g", factor, found.h[units]) / units.size
    return part


def class_se(found: Influence, plus: Sequence[int], minus: Sequence[int]) -> np.ndarray:
    """float64 (C,): SE_img in points of every class, as `image_se`; NaN below 10 groups in a domain that enters."""
    difference = found.h_class[np.asarray(plus)].mean(axis=0) - found.h_class[np.asarray(minus)].mean(axis=0)
    se: np.ndarray = np.sqrt((difference**2).sum(axis=1))
    return se
