"""From rows of counts to the values that are compared: one number per strategy, context and block.

IoU_c = sum I_c / sum (P_c + L_c - I_c) over the pixels of all images of the set (the Cityscapes convention). What is
supported was decided from labels alone when the rows were written; here it is only obeyed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fairweather.errors import InputError, UnknownName
from fairweather.vocabulary.domains import ADVERSE, NORMAL, in_order

METRICS = ("domain_mean", "pooled", "adverse")
NEEDED = (
    "unit", "dataset", "context", "strategy", "family", "model", "control", "seed", "steps", "generated_share",
    "label_space", "domain", "class", "class_index", "small", "intersection", "predicted", "labelled",
    "domain_supported", "supported",
)  # fmt: skip


class Block(NamedTuple):
    """Where strategies are paired: one data set, one model, one seed."""

    dataset: str
    model: str
    seed: int


class Arm(NamedTuple):
    """One trained unit, as the comparison sees it; `name` is the strategy, with its share where the share is an axis."""

    unit: str
    context: str
    name: str
    family: str
    control: bool
    block: Block


@dataclass(frozen=True)
class Counts:
    """The counts of U units over D domains and C classes in one label space.

    Args:
        arms: U units; domains, classes: the names of the axes (domains in canonical order, classes by index).
        small: bool (C,), the small-object classes.
        pixels: int64 (U, D, C, 3), intersection, predicted and labelled; 0 where a row is missing.
        present: bool (U, D, C), where there is a row.
        supported: bool (U, D, C), the class is supported in the domain of the unit's data set.
        domain_supported: bool (U, D).
    """

    arms: tuple[Arm, ...]
    contexts: tuple[str, ...]
    baseline: str
    domains: tuple[str, ...]
    classes: tuple[str, ...]
    small: np.ndarray
    pixels: np.ndarray
    present: np.ndarray
    supported: np.ndarray
    domain_supported: np.ndarray


@dataclass(frozen=True)
class Scores:
    """Values to be compared, in points; imported tables become this too.

    Args:
        metric: what `y` measures.
        contexts, blocks, variants: the names of the axes of `y`; variants are ("",), domains or classes.
        strategies: K names, controls apart; controls: other controls than the baseline.
        families: strategy -> family.
        y: float64 (variants, contexts, arms, blocks) in points, NaN where a value is missing; the arms are the K
            strategies, then the baseline, then the controls.
    """

    metric: str
    contexts: tuple[str, ...]
    strategies: tuple[str, ...]
    baseline: str
    controls: tuple[str, ...]
    families: Mapping[str, str]
    blocks: tuple[Block, ...]
    variants: tuple[str, ...]
    y: np.ndarray = field(repr=False)

    @property
    def arms(self) -> tuple[str, ...]:
        return (*self.strategies, self.baseline, *self.controls)

    def of(self, context: str, variant: str = "") -> np.ndarray:
        """float64 (arms, blocks): the values of one context and variant."""
        values: np.ndarray = self.y[self.variants.index(variant), self.contexts.index(context)]
        return values


def encode(column: Any) -> tuple[tuple[str, ...], np.ndarray]:
    """The distinct strings of a column in order of appearance, and int64 (rows,) their positions."""
    if not pa.types.is_dictionary(column.type):
        column = pc.dictionary_encode(column.cast(pa.string()))
    if isinstance(column, pa.ChunkedArray):
        column = column.unify_dictionaries().combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = column.chunk(0) if column.num_chunks else pa.array([], pa.string()).dictionary_encode()
    codes = column.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    names = column.dictionary.to_pylist()
    first = np.full(len(names), codes.size)
    first[codes[::-1]] = np.arange(codes.size)[::-1]
    order = np.argsort(first, kind="stable")[: int((first < codes.size).sum())]
    place = np.empty(len(names), np.int64)
    place[order] = np.arange(order.size)
    return tuple(names[at] for at in order), place[codes]


def iou(pixels: np.ndarray) -> np.ndarray:
    """float64 (...): IoU in points of int64 (..., 3) intersection, predicted, labelled; NaN where nothing is labelled."""
    hit, predicted, labelled = np.moveaxis(pixels.astype(np.float64), -1, 0)
    union = np.where(labelled > 0, predicted + labelled - hit, np.nan)
    ratio: np.ndarray = 100.0 * hit / union
    return ratio


def read_counts(
    results: pa.Table, *, baseline: str, label_space: str, steps: int, contexts: Sequence[str] = ()
) -> Counts:
    """The counts of the rows of one label space and of the named contexts (all of them, at most two, if none is named).

    Raises:
        InputError: a column is missing, there is no row, two units are one (dataset, context, strategy, model, seed),
            another number of steps, or support that differs between units of one data set.
        UnknownName: a label space, context or baseline that the table does not have.
    """
    missing = [name for name in NEEDED if name not in results.column_names]
    if missing:
        raise InputError(f"results: missing column {', '.join(missing)} (needed: {', '.join(NEEDED)})")
    rows = _chosen(results, label_space, tuple(contexts), steps)
    arms, unit_of = _arms(rows)
    names = {arm.name for arm in arms}
    if baseline not in names:
        raise UnknownName("baseline", baseline, sorted(names), "results")
    domains, domain_of = encode(rows["domain"])
    classes, class_of = encode(rows["class"])
    domains, domain_of = _reorder(domains, domain_of, in_order(domains))
    index = rows["class_index"].to_numpy()
    by_index = tuple(classes[c] for c in dict.fromkeys(class_of[np.argsort(index, kind="stable")].tolist()))
    classes, class_of = _reorder(classes, class_of, by_index)
    shape = (len(arms), len(domains), len(classes))
    at = (unit_of, domain_of, class_of)
    present = np.zeros(shape, bool)
    present[at] = True
    if int(present.sum()) != rows.num_rows:
        raise InputError("results: a unit has two rows for one domain and class (allowed: one)")
    pixels = np.zeros((*shape, 3), np.int64)
    for axis, name in enumerate(("intersection", "predicted", "labelled")):
        pixels[(*at, axis)] = rows[name].to_numpy()
    small = np.zeros(len(classes), bool)
    small[class_of] = rows["small"].to_numpy(zero_copy_only=False)
    supported = _by_dataset(arms, at, rows["supported"].to_numpy(zero_copy_only=False), present)
    whole = rows["domain_supported"].to_numpy(zero_copy_only=False)
    domain_supported: np.ndarray = np.any(_by_dataset(arms, at, whole, present), axis=2)
    order = tuple(contexts) or encode(rows["context"])[0]
    return Counts(
        arms, order, baseline, domains, classes, small, pixels, present, supported, domain_supported
    )  # fmt: skip


def _chosen(results: pa.Table, label_space: str, contexts: tuple[str, ...], steps: int) -> pa.Table:
    spaces = encode(results["label_space"])[0]
    if label_space not in spaces:
        raise UnknownName("label space", label_space, spaces, "results")
    column = pc.fill_null(results["context"].cast(pa.string()), "all")
    results = results.set_column(results.column_names.index("context"), "context", column)
    known = encode(results["context"])[0]
    for context in contexts:
        if context not in known:
            raise UnknownName("context", context, known, "results")
    if not contexts and len(known) > 2:
        raise InputError(f"results: {len(known)} contexts ({', '.join(known)}); name the one or two to compare")
    keep = pc.equal(results["label_space"], label_space)
    rows = results.filter(pc.and_(keep, pc.is_in(results["context"], pa.array(contexts or known, pa.string()))))
    other = sorted(set(rows["steps"].to_pylist()) - {steps})
    if other:
        raise InputError(
            f"results: units of {other[0]} steps among units of {steps} (allowed: one budget in a comparison)"
        )
    return rows


def _arms(rows: pa.Table) -> tuple[tuple[Arm, ...], np.ndarray]:
    """The units in order of appearance, and int64 (rows,) the unit of each row."""
    units, unit_of = encode(rows["unit"])
    first = np.full(len(units), rows.num_rows, np.int64)
    np.minimum.at(first, unit_of, np.arange(rows.num_rows))
    wanted = ["context", "strategy", "family", "control", "generated_share", "dataset", "model", "seed"]
    heads = rows.select(wanted).take(pa.array(first)).to_pylist()
    shares: dict[str, set[float]] = {}
    for head in heads:
        shares.setdefault(head["strategy"], set()).add(head["generated_share"])
    arms, seen = [], dict[tuple[str, str, Block], str]()
    for unit, head in zip(units, heads, strict=True):
        name = head["strategy"]
        if len(shares[name]) > 1:  # `mix.generated_share` is an axis: every share is a strategy of its own
            name = f"{name}@{head['generated_share']:g}"
        block = Block(head["dataset"], head["model"], head["seed"])
        other = seen.setdefault((head["context"], name, block), unit)
        if other != unit:
            where = f"{name} on {block.dataset}, {block.model}, seed {block.seed}, {head['context']}"
            raise InputError(f"results: units {other} and {unit} are both {where} (allowed: one)")
        arms.append(Arm(unit, head["context"], name, head["family"], head["control"], block))
    return tuple(arms), unit_of


def _reorder(names: tuple[str, ...], codes: np.ndarray, order: tuple[str, ...]) -> tuple[tuple[str, ...], np.ndarray]:
    rest = tuple(name for name in names if name not in order)
    order = (*order, *rest)
    return order, np.array([order.index(name) for name in names], np.int64)[codes]


def _by_dataset(
    arms: tuple[Arm, ...], at: tuple[np.ndarray, ...], flags: np.ndarray, present: np.ndarray
) -> np.ndarray:
    """bool (U, D, C): the flag of a data set's domain and class, which every unit of that data set must share."""
    own = np.zeros(present.shape, bool)
    own[at] = flags
    for dataset in dict.fromkeys(arm.block.dataset for arm in arms):
        members = np.array([arm.block.dataset == dataset for arm in arms])
        joint = own[members].any(axis=0)
        if (present[members] & (own[members] != joint)).any():
            raise InputError(
                f"results: support differs between units of data set {dataset} (allowed: one table for all)"
            )
        own[members] = joint
    return own


def scores(counts: Counts, metric: str, domains: Sequence[str] | None = None) -> Scores:
    """The study's metric (METRICS) per unit, over `domains` or all.

    `domain_mean`: mean over the supported domains of the mIoU of the classes supported there. `adverse`: the same over
    the adverse domains. `pooled`: counts summed over the domains, mIoU over the classes supported in at least one.
    """
    use = entering(counts, metric, domains)
    if metric == "pooled":
        values = mean_over(*pooled_iou(counts, use), axis=1)
    else:
        values = mean_over(*_domain_miou(counts, counts.supported, use), axis=1)
    return gather(counts, metric, ("",), values[None])


def domain_scores(counts: Counts) -> Scores:
    """The mIoU of the supported classes in every domain that is supported for some data set."""
    use = counts.domain_supported
    values, wanted = _domain_miou(counts, counts.supported, use)
    rows = np.where(wanted, values, np.nan).T
    shown = [d for d in range(len(counts.domains)) if use[:, d].any()]
    return gather(counts, "domain mIoU", tuple(counts.domains[d] for d in shown), rows[shown])


def class_scores(counts: Counts, metric: str, domains: Sequence[str] | None = None) -> Scores:
    """The class IoU, averaged over domains (or pooled) as the metric does, for every class that is supported somewhere."""
    values, shown = _class_values(counts, metric, domains)
    return gather(counts, f"{metric} class IoU", tuple(counts.classes[c] for c in shown), values.T[shown])


def domain_contrast(counts: Counts, metric: str) -> Scores:
    """mIoU of the supported adverse domains minus that of the normal ones, each half averaged (or pooled) as the metric does,
    over the classes supported in all of these domains (pooled: in both halves)."""
    use = counts.domain_supported
    halves = [use & np.isin(counts.domains, half) for half in (ADVERSE, NORMAL)]
    if metric == "pooled":
        parts = [pooled_iou(counts, half) for half in halves]
        both = parts[0][1] & parts[1][1]
        adverse, normal = (mean_over(values, both, axis=1) for values, _ in parts)
    else:
        classes = (counts.supported | ~use[:, :, None]).all(axis=1, keepdims=True) & counts.supported
        values, _ = _domain_miou(counts, classes, use)
        adverse, normal = (mean_over(values, half, axis=1) for half in halves)
    return gather(counts, "adverse minus normal mIoU", ("",), (adverse - normal)[None])


def small_contrast(counts: Counts, metric: str, domains: Sequence[str] | None = None) -> Scores:
    """Mean class IoU of the small-object classes minus that of the rest."""
    values, _ = _class_values(counts, metric, domains)
    there = np.isfinite(values)
    wanted = np.zeros_like(there)
    for dataset in {arm.block.dataset for arm in counts.arms}:
        members = np.array([arm.block.dataset == dataset for arm in counts.arms])
        wanted[members] = there[members].any(axis=0)
    contrast = mean_over(values, wanted & counts.small, axis=1) - mean_over(values, wanted & ~counts.small, axis=1)
    return gather(counts, f"{metric} small minus other class IoU", ("",), contrast[None])


def gather(counts: Counts, metric: str, variants: tuple[str, ...], values: np.ndarray) -> Scores:
    """Scores from float64 (variants, U) values of the units."""
    strategies, controls, families = dict[str, None](), dict[str, None](), dict[str, str]()
    for arm in counts.arms:
        families[arm.name] = arm.family
        if arm.name != counts.baseline:
            (controls if arm.control else strategies)[arm.name] = None
    names = (*strategies, counts.baseline, *controls)
    blocks = tuple(sorted({arm.block for arm in counts.arms}))
    y = np.full((len(variants), len(counts.contexts), len(names), len(blocks)), np.nan)
    place = {name: at for at, name in enumerate(names)}
    column = {block: at for at, block in enumerate(blocks)}
    for at, arm in enumerate(counts.arms):
        y[:, counts.contexts.index(arm.context), place[arm.name], column[arm.block]] = values[:, at]
    return Scores(
        metric, counts.contexts, tuple(strategies), counts.baseline, tuple(controls), families, blocks, variants, y
    )  # fmt: skip


def entering(counts: Counts, metric: str, domains: Sequence[str] | None) -> np.ndarray:
    """bool (U, D): the domains that enter the metric.

    Raises:
        UnknownName: a metric that is not one of METRICS, or a domain the results do not have.
    """
    if metric not in METRICS:
        raise UnknownName("metric", metric, METRICS)
    for name in domains or ():
        if name not in counts.domains:
            raise UnknownName("domain", name, counts.domains, "compare.domains")
    chosen = np.isin(counts.domains, counts.domains if domains is None else tuple(domains))
    if metric == "pooled":  # the convention of the field: every test image counts
        use: np.ndarray = chosen & (counts.supported.any(axis=2) | counts.domain_supported)
        return use
    if metric == "adverse":
        chosen &= np.isin(counts.domains, ADVERSE)
    return counts.domain_supported & chosen


def mean_over(values: np.ndarray, wanted: np.ndarray, axis: int) -> np.ndarray:
    """The mean over the wanted entries; NaN where one of them is NaN (never a mean over fewer) or none is wanted."""
    total = np.where(wanted, values, 0.0).sum(axis=axis)
    number = wanted.sum(axis=axis)
    mean: np.ndarray = total / np.where(number > 0, number, np.nan)
    return mean


def _domain_miou(counts: Counts, classes: np.ndarray, use: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """float64 (U, D) mIoU over the wanted classes (U, D or 1, C), and bool (U, D) the domains wanted."""
    values = np.where(counts.present, iou(counts.pixels), np.nan)
    return mean_over(values, np.broadcast_to(classes, values.shape), axis=2), use


def pooled_iou(counts: Counts, use: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """float64 (U, C) IoU of the counts summed over the wanted domains, and bool (U, C) the classes wanted."""
    pooled = np.where(use[:, :, None, None], counts.pixels, 0).sum(axis=1)
    wanted = counts.supported & use[:, :, None]
    whole = (counts.present | ~wanted).all(axis=1)
    return np.where(whole, iou(pooled), np.nan), wanted.any(axis=1)


def _class_values(counts: Counts, metric: str, domains: Sequence[str] | None) -> tuple[np.ndarray, list[int]]:
    """float64 (U, C) class IoU as the metric averages it, and the classes with a value."""
    use = entering(counts, metric, domains)
    if metric == "pooled":
        values, wanted = pooled_iou(counts, use)
        values = np.where(wanted, values, np.nan)
    else:
        table = np.where(counts.present, iou(counts.pixels), np.nan)
        values = mean_over(table, counts.supported & use[:, :, None], axis=1)
    return values, [c for c in range(len(counts.classes)) if np.isfinite(values[:, c]).any()]
