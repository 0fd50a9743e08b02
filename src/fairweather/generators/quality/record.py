"""The record of a pool's quality: numbers, each with its recipe beside it. It is no gate, and it holds no overall score.

A composite of several measures exists only where the user defines one: weights, and two fixed anchors for each measure, so that a
score means the same whatever else is compared (a z-score over the strategies at hand, as the reference study's CQS, changes
when one of them is left out).
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from fairweather.errors import InputError, UnknownName

SCHEMA = 1

# name: (label, unit). "Over" a network: the label names it. Nothing here says which way is better: a copy has the best SSIM.
MEASURES = {
    "psnr": ("PSNR to the source", "dB"),
    "ssim": ("SSIM to the source", ""),
    "lpips": ("LPIPS to the source", ""),
    "oracle_psnr": ("PSNR to the oracle", "dB"),
    "oracle_ssim": ("SSIM to the oracle", ""),
    "oracle_lpips": ("LPIPS to the oracle", ""),
    "kid": ("KID", ""),
    "fid": ("FID", ""),
    "kernel_distance": ("Kernel distance", ""),
    "frechet_distance": ("Frechet distance", ""),
    "pixel_accuracy": ("Pixel accuracy on the generated images", "points"),
    "mean_iou": ("mIoU on the generated images", "points"),
    "frequency_weighted_iou": ("Frequency-weighted IoU on the generated images", "points"),
    "source_pixel_accuracy": ("Pixel accuracy on the sources", "points"),
    "source_mean_iou": ("mIoU on the sources", "points"),
    "source_frequency_weighted_iou": ("Frequency-weighted IoU on the sources", "points"),
    "composite": ("Composite as defined in the study", ""),
}


@dataclass(frozen=True)
class Recipe:
    """How a number came about, enough to make it again.

    Args:
        formula: what is computed, with its constants.
        source: paper and equation, or published code.
        compared: which images with which.
        colour_space: of the values compared; empty where a network sees the image.
        network: name and recipe of the network that was used; empty if none.
        needs_unit: id of the trained unit whose predictions were used; empty if none.
    """

    formula: str
    source: str
    compared: str
    colour_space: str = ""
    network: str = ""
    needs_unit: str = ""


@dataclass(frozen=True)
class Number:
    """One measured number.

    Args:
        name: one of MEASURES.
        value: finite, or None where it could not be measured; `note` then says why.
        samples: images (of each set, where two are compared) that it is computed from.
        recipe: how.
        domain: target domain of the images; empty for the whole pool.
        standard_error: of the value over images; None where it has none.
        parts: (class, value) in the order of the label space; None for a class that is not labelled.
        note: what a reader must know beside the number.

    Raises:
        InputError: an unknown name, a value that is not finite, none without a reason.
    """

    name: str
    value: float | None
    samples: int
    recipe: Recipe
    domain: str = ""
    standard_error: float | None = None
    parts: tuple[tuple[str, float | None], ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if self.name not in MEASURES:
            raise UnknownName("quality measure", self.name, MEASURES)
        values = (self.value, self.standard_error, *(value for _, value in self.parts))
        if any(value is not None and not math.isfinite(value) for value in values):
            raise InputError(f"quality measure {self.name}: a value is not finite; say why as a note and give None")
        if self.value is None and not self.note:
            raise InputError(f"quality measure {self.name}: no value and no reason; a missing number says why")
        if self.samples < 0:
            raise InputError(f"quality measure {self.name}: {self.samples} samples; allowed are 0 and more")

    @property
    def label(self) -> str:
        """The measure in words, with the network it is over."""
        label, _ = MEASURES[self.name]
        over = self.name in ("kernel_distance", "frechet_distance")
        return f"{label} over {self.recipe.network.partition(':')[0]}" if over else label

    @property
    def unit(self) -> str:
        """Of the value: "dB", "points" (0 to 100) or none."""
        return MEASURES[self.name][1]


@dataclass(frozen=True)
class Anchor:
    """What a measure counts in a composite: `worst` scores 0, `best` scores 1, linear between and no more beyond.

    Raises:
        InputError: anchors that are equal or not finite, a weight that is not positive.
    """

    name: str
    worst: float
    best: float
    weight: float

    def __post_init__(self) -> None:
        if self.name not in MEASURES or self.name == "composite":
            raise UnknownName("quality measure", self.name, [name for name in MEASURES if name != "composite"])
        if not all(map(math.isfinite, (self.worst, self.best, self.weight))) or self.worst == self.best:
            raise InputError(
                f"composite, {self.name}: worst {self.worst}, best {self.best}, weight {self.weight}; "
                "allowed are finite numbers, worst and best different"
            )
        if self.weight <= 0:
            raise InputError(f"composite, {self.name}: weight {self.weight}; allowed are numbers above 0")


@dataclass(frozen=True)
class Composite:
    """A score the user defines: the weighted mean of anchored measures, 0 to 1.

    Raises:
        InputError: no anchor, or two for one measure.
    """

    anchors: tuple[Anchor, ...]

    def __post_init__(self) -> None:
        names = [anchor.name for anchor in self.anchors]
        if not names or len(set(names)) < len(names):
            raise InputError(
                f"composite of {', '.join(names) or 'nothing'}; allowed are one or more measures, each once"
            )

    @classmethod
    def read(cls, written: object, where: str = "composite") -> "Composite":
        """The composite written as {measure: {worst: number, best: number, weight: number}}."""
        if not isinstance(written, Mapping):
            raise InputError(f"{where}: allowed is {{measure: {{worst: ..., best: ..., weight: ...}}}}")
        return cls(tuple(_anchor(name, entry, f"{where}.{name}") for name, entry in written.items()))

    def score(self, numbers: tuple[Number, ...], domain: str = "") -> Number:
        """The score from the numbers of one domain (or of the whole pool); None if any of its measures is missing."""
        given = {number.name: number for number in numbers if number.domain == domain}
        used = [given[anchor.name] for anchor in self.anchors if anchor.name in given]
        values = {number.name: number.value for number in used if number.value is not None}
        missing = [anchor.name for anchor in self.anchors if anchor.name not in values]
        recipe = Recipe(self.formula, "defined by the user", "the numbers named in the formula")
        samples = min((number.samples for number in used), default=0)
        if missing:
            note = f"not measured: {', '.join(missing)}; a composite is never taken over fewer measures"
            return Number("composite", None, samples, recipe, domain, note=note)
        total = math.fsum(anchor.weight * _placed(anchor, values[anchor.name]) for anchor in self.anchors)
        return Number("composite", total / math.fsum(a.weight for a in self.anchors), samples, recipe, domain)

    @property
    def formula(self) -> str:
        """The weights and anchors in one line."""
        terms = (f"{a.weight:g} x {a.name} ({a.worst:g} -> 0, {a.best:g} -> 1)" for a in self.anchors)
        return f"weighted mean of {', '.join(terms)}, each kept within 0 and 1"


@dataclass(frozen=True)
class Quality:
    """Everything measured on one pool: quality.json.

    Args:
        pool: id of the pool.
        numbers: each (name, domain) once.
        schema: of the record.

    Raises:
        InputError: a number twice; a record of another schema.
    """

    pool: str
    numbers: tuple[Number, ...] = field(default=())
    schema: int = SCHEMA

    def __post_init__(self) -> None:
        if self.schema != SCHEMA:
            raise InputError(f"quality record of pool {self.pool}: schema {self.schema}; this version reads {SCHEMA}")
        seen = set()
        for number in self.numbers:
            if (number.name, number.domain) in seen:
                raise InputError(f"quality of pool {self.pool}: {number.name} {number.domain} is there twice")
            seen.add((number.name, number.domain))

    def record(self) -> dict[str, Any]:
        """As plain JSON values; labels and units are written beside the names for whoever reads the file."""
        numbers = [
            asdict(n) | {"label": n.label, "unit": n.unit, "parts": list(map(list, n.parts))} for n in self.numbers
        ]
        return {"schema": self.schema, "pool": self.pool, "numbers": numbers}

    @classmethod
    def read(cls, record: Any, where: str = "quality.json") -> "Quality":
        """The value of a record; InputError if it is none."""
        try:
            numbers = tuple(_number(entry) for entry in record["numbers"])
            return cls(record["pool"], numbers, record["schema"])
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"{where}: no quality record: {type(error).__name__} {error}") from error


def _number(entry: Mapping[str, Any]) -> Number:
    given = {key: value for key, value in entry.items() if key not in ("label", "unit")}
    given["recipe"] = Recipe(**given["recipe"])
    given["parts"] = tuple((name, value) for name, value in given["parts"])
    return Number(**given)


def _anchor(name: object, entry: object, where: str) -> Anchor:
    keys = ("worst", "best", "weight")
    if not isinstance(entry, Mapping) or set(entry) != set(keys):
        raise InputError(f"{where}: allowed are exactly the keys {', '.join(keys)}")
    for key in keys:
        if isinstance(entry[key], bool) or not isinstance(entry[key], int | float):
            raise InputError(f"{where}.{key}: {entry[key]!r}; allowed are numbers")
    return Anchor(str(name), *(float(entry[key]) for key in keys))


def _placed(anchor: Anchor, value: float) -> float:
    return min(1.0, max(0.0, (value - anchor.worst) / (anchor.best - anchor.worst)))
