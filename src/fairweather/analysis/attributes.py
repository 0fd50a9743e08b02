"""Whether what is known of the strategies goes with their gains: attributes.csv, written before the first comparison, and what a
study measured on its own pools.

Kind "pools": the quality measures of the study's own generated images, in the place of kind "measured". Kind "measured": FID,
LPIPS, SSIM, pixel accuracy and frequency-weighted IoU of generated images in the reference study, one value a generator, for
tables of its strategies. Kind "labelled": 0 or 1, given by hand, each by the source named beside it and only where that
source supports it; a strategy without a value is left out. What a label means:

* diffusion: a diffusion or flow model makes the image.
* weather_specific: the method was made for weather, or for adverse conditions of driving, and for nothing else.
* structure_preserving: the look changes and things stay where they are in the image (drawn over or recoloured; not moved, cut,
  mixed or made anew).
* simple: a few elementary operations on the training images; 0 where a trained network makes the image. The weather renderers
  have no value: they are elementary, and draw the weather that the reference analysis' word excludes.
* high_fidelity: as the reference analysis names four generators; the measured FID says more.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from fairweather.analysis import draws, rules
from fairweather.analysis.distributions import average_ranks, benjamini_hochberg
from fairweather.analysis.finding import Estimate, Test, Verdict
from fairweather.analysis.frame import Frame, Ledger, at, from_to, listed, number, p_text, plain

FEWEST = 5
SEEN = 3  # strategies below which a rank correlation is not even shown
CHANGE = "gain_change"

# What a name means in a sentence, and how its sign is read.
READ = {
    "fid": ("the FID to the target domain", "a lower FID is a higher fidelity"),
    "lpips": ("the LPIPS distance to the source image", "a lower LPIPS is nearer to the source"),
    "ssim": ("the SSIM to the source image", "a higher SSIM keeps more of the source's structure"),
    "pixel_accuracy": (
        "the pixel accuracy of a segmenter between source and generated image", "a higher one keeps more of what is seen",
    ),
    "fw_iou": (
        "the frequency-weighted IoU of a segmenter between source and generated image", "a higher one keeps more of what is seen",
    ),
    "diffusion": ("diffusion", "1 is a diffusion or flow model, 0 is none"),
    "weather_specific": ("weather_specific", "1 was made for weather or adverse conditions alone, 0 for more"),
    "structure_preserving": ("structure_preserving", "1 leaves things where they are in the image, 0 does not"),
    "simple": ("simple", "1 is a few elementary operations, 0 needs a trained network"),
    "high_fidelity": ("high_fidelity", "1 was named a high-fidelity generator, 0 a lower-fidelity one"),
}  # fmt: skip

# The same for what a study measures on its own pools; these names are those of the measures in quality.json.
_REAL = "to real images of the target domain over"
_UNIT = "of a baseline unit's predictions on the generated images"
OF_POOLS = {
    "psnr": ("the PSNR to the source image", "a higher PSNR is nearer to the source"),
    "ssim": ("the SSIM to the source image", "a higher SSIM keeps more of the source's structure"),
    "lpips": ("the LPIPS distance to the source image", "a lower LPIPS is nearer to the source"),
    "oracle_psnr": ("the PSNR to the oracle's image", "a higher PSNR is nearer to the same scene rendered in that weather"),
    "oracle_ssim": ("the SSIM to the oracle's image", "a higher SSIM is nearer to the same scene rendered in that weather"),
    "oracle_lpips": ("the LPIPS to the oracle's image", "a lower LPIPS is nearer to the same scene rendered in that weather"),
    "kid": (f"the KID {_REAL} Inception v3", "a lower KID is nearer to them"),
    "fid": (f"the FID {_REAL} Inception v3", "a lower FID is nearer to them"),
    "kernel_distance": (
        f"the kernel distance {_REAL} a network trained on the study's real images", "a lower one is nearer to them",
    ),
    "frechet_distance": (
        f"the Frechet distance {_REAL} a network trained on the study's real images", "a lower one is nearer to them",
    ),
    "pixel_accuracy": (f"the pixel accuracy {_UNIT}", "a higher one keeps more of what the labels say"),
    "mean_iou": (f"the mIoU {_UNIT}", "a higher one keeps more of what the labels say"),
    "frequency_weighted_iou": (
        f"the frequency-weighted IoU {_UNIT}", "a higher one keeps more of what the labels say",
    ),
    "composite": ("the composite quality score that the study defines", "1 is the best anchor of every measure, 0 the worst"),
}  # fmt: skip


@dataclass(frozen=True)
class Attribute:
    """One attribute of kind "measured", "pools" or "labelled"; `values`: strategy -> value, higher is more of what `READ[name]`
    (of kind "pools" `OF_POOLS[name]`) says."""

    name: str
    kind: str
    values: Mapping[str, float]
    sources: Mapping[str, str]


@dataclass(frozen=True)
class Association:
    """Spearman's rho of one attribute with the gains of n strategies, two-sided permutation p, and the smallest |rho| that
    has p <= 0.05 by itself (NaN where none has); p and critical are NaN where nothing was tested, for the reason given."""

    attribute: Attribute
    n: int
    rho: float
    p: float
    critical: float
    reason: str = ""


@cache
def attributes() -> tuple[Attribute, ...]:
    """The attributes of attributes.csv, in its order."""
    values: dict[tuple[str, str], dict[str, float]] = {}
    sources: dict[str, dict[str, str]] = {}
    text = files("fairweather.analysis").joinpath("attributes.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        name = row["attribute"]
        values.setdefault((name, row["kind"]), {})[row["strategy"]] = float(row["value"])
        sources.setdefault(name, {})[row["strategy"]] = row["source"]
    return tuple(Attribute(name, kind, own, sources[name]) for (name, kind), own in values.items())


def spearman(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """float64 (...): Spearman's rho of x (n,) with y (..., n); NaN where either is constant."""
    rho: np.ndarray = _unit_ranks(y) @ _unit_ranks(x)
    return rho


def _unit_ranks(x: np.ndarray) -> np.ndarray:
    """float64 (..., n): ranks along the last axis (ties share theirs) about their mean, of length 1; NaN where x is constant."""
    ranks = average_ranks(x, axis=-1) - (x.shape[-1] + 1) / 2
    length = np.sqrt((ranks**2).sum(axis=-1, keepdims=True))
    unit: np.ndarray = ranks / np.where(length > 0, length, np.nan)
    return unit


def associate(attribute: Attribute, gains: Mapping[str, float], untestable: str, seed: int, id: str) -> Association:
    """One attribute against the gains of the strategies that have both.

    Args:
        gains: strategy -> gain (or its change), NaN where there is none.
        untestable: why these gains cannot be tested; "" where they can.
        seed, id: key of the 10,000 permutations of the labels over the strategies.
    """
    names = [name for name in gains if name in attribute.values and np.isfinite(gains[name])]
    x = np.array([attribute.values[name] for name in names])
    y = np.array([gains[name] for name in names])
    n, reason = len(names), untestable
    rho = float(spearman(x, y)) if n >= SEEN else np.nan
    if not reason and n < FEWEST:
        having = "no strategy has" if not n else f"{number(n, 'strategy')} {'has' if n == 1 else 'have'}"
        reason = f"{having} both a value and a gain, where at least {FEWEST} are needed"
    elif not reason and not np.isfinite(rho):
        reason = f"the {'value' if np.ptp(x) == 0 else 'gain'} is the same for all of them"
    if reason:
        return Association(attribute, n, rho, np.nan, np.nan, reason)
    shuffled = draws.generator(seed, id).permuted(np.tile(_unit_ranks(y), (draws.R, 1)), axis=1)
    null = np.abs(shuffled @ _unit_ranks(x))
    p = float((1 + (null >= abs(rho) - 1e-12).sum()) / (draws.R + 1))
    return Association(attribute, n, rho, p, _critical(null))


def _critical(null: np.ndarray) -> float:
    """The smallest |rho| that occurs whose own p is <= 0.05; NaN where there is none."""
    value, count = np.unique(null.round(9), return_counts=True)
    tail = (1 + np.cumsum(count[::-1])[::-1]) / (null.size + 1)
    enough = value[tail <= rules.ALPHA]
    return float(enough[0]) if enough.size else np.nan


def attribute_findings(
    frame: Frame, ledger: Ledger, context: str, gains: Mapping[str, float], untestable: str = ""
) -> None:
    """attributes.<name>.<context>, or attributes.<name>.gain_change for the change of the gain (`context` is CHANGE).

    Asked of every attribute at least one strategy of the study has; Benjamini-Hochberg over those that can be tested.
    """
    asked = [a for a in _known(frame) if any(name in a.values for name in frame.metric.strategies)]
    seed = frame.settings.seed
    found = [associate(a, gains, untestable, seed, f"attributes.{a.name}.{context}") for a in asked]
    tested = [f.p for f in found if not f.reason]
    adjusted = iter(benjamini_hochberg(np.array(tested)) if tested else ())
    for one in found:
        _finding(frame, ledger, context, one, float(next(adjusted)) if not one.reason else np.nan, len(tested))


def _known(frame: Frame) -> tuple[Attribute, ...]:
    """What is known of the strategies: of a study of ours what it measured itself, not what others measured on other images."""
    own = frame.settings.measured
    return attributes() if own is None else (*own, *(a for a in attributes() if a.kind == "labelled"))


def _finding(frame: Frame, ledger: Ledger, context: str, one: Association, p: float, tested: int) -> None:
    a, change = one.attribute, context == CHANGE
    verdict: Verdict = "untestable" if one.reason else rules.attribute(p)
    what, reading = (OF_POOLS if a.kind == "pools" else READ)[a.name]
    what = f"the hand-given label {what} ({reading})" if a.kind == "labelled" else f"{what} ({reading})"
    metric = frame.metric.metric
    gain = (
        f"the change of the gain on {metric} {from_to(frame)}"
        if change
        else f"the gain on {metric} {at(frame, context)}"
    )
    rho = f"Spearman's rho {plain(one.rho, 2, True)}"
    over = f"over {number(one.n, 'strategy')}"
    adjusted = f"adjusted {p_text(p)} over {number(tested, 'attribute')}"
    seen = f" (seen: {rho} {over})" if np.isfinite(one.rho) else ""
    if verdict == "yes":
        more = "rises" if one.rho > 0 else "falls"
        statement = f"{gain} {more} with {what}: {rho} {over}, {adjusted}."
    elif verdict == "undecided":
        could = (
            f"the smallest rho that has p <= 0.05 by itself there is {plain(one.critical)} either way"
            if np.isfinite(one.critical)
            else "no rho has p <= 0.05 there, the values being what they are"
        )
        statement = f"whether {gain} goes with {what} cannot be told: {rho} {over}, {adjusted}; {could}."
    else:
        statement = f"whether {gain} goes with {what} is untestable{seen}: {one.reason}."
    ones = [name for name in frame.metric.strategies if a.values.get(name) == 1.0]
    cause = (
        ()
        if one.reason
        else ("Strategies are counted, not runs, and what goes together need not be cause and effect.",)
    )
    labelled = (f"Labelled 1: {listed(ones, len(ones))}.",) if a.kind == "labelled" else ()
    ledger.add(
        frame, f"attributes.{a.name}.{context}", f"Does {gain} go with {what}?", verdict, statement[0].upper() + statement[1:],
        evidence="attributes", strategies=one.n,
        estimate=Estimate(one.rho, None, None, "Spearman rho") if np.isfinite(one.rho) else None,
        test=None if one.reason else Test("Spearman, labels permuted over strategies", one.rho, one.p, p),
        caveats=(*cause, *labelled), about=frame.metric.strategies,
    )  # fmt: skip
    ledger.rows["attributes"].append({
        "context": "" if change else context, "attribute": a.name, "kind": a.kind, "of": CHANGE if change else "gain",
        "strategies": one.n, "rho": one.rho if np.isfinite(one.rho) else None, "p": None if one.reason else one.p,
        "p_adjusted": None if one.reason else p, "verdict": verdict,
    })  # fmt: skip
