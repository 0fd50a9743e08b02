"""How columns are called in tables of results, and what a name says by itself.

Spellings are compared without case, spaces and punctuation (`key`). The first spelling of a role is its own name and
outranks the others.
"""

import re
from dataclasses import dataclass
from typing import Literal

Unit = Literal["percent", "fraction"]

ROLES = {
    "strategy": ("strategy", "method", "augmentation", "aug", "algorithm", "approach", "strategyname", "methodname"),
    "dataset": ("dataset", "data", "testset", "benchmark", "datasetname", "testdataset"),
    "model": ("model", "arch", "architecture", "network", "backbone", "modelname"),
    "seed": ("seed", "run", "trial", "repeat", "repetition", "replicate", "randomseed"),
    "context": ("context", "stage", "setting", "traindomains", "training", "trainingcontext", "traincontext"),
    "domain": ("domain", "condition", "weather", "testdomain", "weathercondition"),
    "class": ("class", "category", "label", "classname"),
    "images": ("images", "numimages", "nimages", "imagecount", "testimages", "ntestimages", "support"),
    "classes": ("classes", "numclasses", "nclasses", "classcount"),
    "time": ("time", "timestamp", "date", "datetime", "created", "createdat", "mtime", "finished"),
    "origin": ("origin", "baselinesource", "source", "runid"),
    "rank": ("rank", "ranking", "place"),
    "rank_change": ("rankchange", "changeinrank", "changeofrank", "rankdiff", "rankdifference", "rankdelta", "deltarank"),
    "gain_change": ("gainchange", "changeingain", "changeofgain", "gaindiff", "gaindifference", "gaindelta", "deltagain"),
}  # fmt: skip
# The value: mIoU outranks the others, which are kept aside.
METRICS = {
    "miou": "mIoU", "meaniou": "mIoU", "iou": "mIoU", "jaccard": "mIoU", "meanjaccard": "mIoU", "jaccardindex": "mIoU",
    "meanintersectionoverunion": "mIoU", "value": "value",
    "fwiou": "fwIoU", "fiou": "fwIoU", "frequencyweightediou": "fwIoU", "fwmiou": "fwIoU",
    "macc": "mAcc", "meanacc": "mAcc", "meanaccuracy": "mAcc", "classaccuracy": "mAcc",
    "aacc": "aAcc", "acc": "aAcc", "accuracy": "aAcc", "allacc": "aAcc", "pixelaccuracy": "aAcc", "pixacc": "aAcc",
    "overallaccuracy": "aAcc",
}  # fmt: skip
FIRST = ("mIoU", "value")
GAINS = (
    "gain",
    "delta",
    "improvement",
    "gainoverbaseline",
    "gainvsbaseline",
    "deltavsbaseline",
    "improvementoverbaseline",
)
SPREADS = frozenset(
    ("std", "sd", "se", "sem", "stderr", "stdev", "var", "variance", "ci", "ci95", "low", "high", "lower", "upper")
)
QUALIFIERS = frozenset(
    (
        "val",
        "valid",
        "validation",
        "test",
        "best",
        "last",
        "final",
        "mean",
        "avg",
        "average",
        "overall",
        "total",
        "max",
        "min",
    )
)
UNIT_WORDS: dict[str, Unit] = {
    "%": "percent", "percent": "percent", "pct": "percent", "points": "percent", "pp": "percent", "fraction": "fraction",
    "01": "fraction",
}  # fmt: skip

Kind = Literal["role", "metric", "gain", "rank", "aside", "unknown"]


@dataclass(frozen=True)
class Guess:
    """What a column's name says.

    Args:
        kind: "role" (`word` is one of ROLES), "metric" or "gain" (`word` is the metric), "rank" of one context, "aside" (a
            spread of a metric), "unknown".
        context: of wide tables, the context in the name; "" otherwise.
        unit: where the name declares one.
    """

    kind: Kind
    word: str = ""
    context: str = ""
    unit: Unit | None = None


def key(name: str) -> str:
    """A name without case, spaces and punctuation."""
    return re.sub(r"[^a-z0-9]", "", name.replace("Δ", "delta").lower())


def role_of(name: str) -> str | None:
    """The role of that spelling."""
    return next((role for role, spellings in ROLES.items() if key(name) in spellings), None)


def guess(name: str) -> Guess:
    """What the name of a column says of it."""
    role = role_of(name)
    if role is not None:
        return Guess("role", role)
    base, unit = _unit(name)
    kind, word = _measure(base)
    if kind != "unknown":
        return Guess(kind, word, "", unit)
    for start, end in _splits(base):
        kind, word = _measure(base[start:end])
        if kind == "unknown" or word == "value":  # p_value is no value of a context p
            continue
        sides = [_side(base[:start]), _side(base[end:])]
        if any(side is None for side in sides):
            return Guess("aside", word)
        contexts = [side for side in sides if side]
        if len(contexts) < 2:
            return Guess(kind, word, "".join(contexts), unit)
    return Guess("unknown")


def _side(text: str) -> str | None:
    """The context in what stands beside the measure, without qualifiers; None where it says that this is a spread."""
    words = [word for word in re.split(r"[\W_]+", text) if word]
    if any(word.lower() in SPREADS for word in words):
        return None
    if any(word.lower() in QUALIFIERS for word in words):
        return "_".join(word for word in words if word.lower() not in QUALIFIERS)
    return re.sub(r"^[\W_]+|[\W_]+$", "", text)


def _unit(name: str) -> tuple[str, Unit | None]:
    """The name without the unit it declares, and that unit: "mIoU (%)", "miou_percent", "mIoU%"."""
    for pattern in (r"[(\[{]\s*([^)\]}]+?)\s*[)\]}]\s*$", r"(?:[\s_.-]+|(?=%))(%|[A-Za-z]+)\s*$"):
        found = re.search(pattern, name)
        if found is not None:
            word = found.group(1).lower()
            unit = UNIT_WORDS.get(word) or UNIT_WORDS.get(key(word))
            if unit is not None:
                return name[: found.start()], unit
    return name, None


def _measure(text: str) -> tuple[Kind, str]:
    """Whether a text names a metric, a gain (and of which metric) or a rank."""
    word = key(text)
    if word in METRICS:
        return "metric", METRICS[word]
    if word in GAINS:
        return "gain", "mIoU"  # a gain that names no metric is one of mIoU, which is what this project compares
    if word == "rank":
        return "rank", "rank"
    for spelling in ("gain", "delta", "improvement"):
        for rest in (word.removeprefix(spelling), word.removesuffix(spelling)):
            if rest != word and rest.removeprefix("in") in METRICS:
                return "gain", METRICS[rest.removeprefix("in")]
    return "unknown", ""


def _splits(name: str) -> list[tuple[int, int]]:
    """(start, end) of what may be the measure in a name that joins it with a context: whole words, the longest first."""
    words = [found.span() for found in re.finditer(r"[^\W_]+", name)]
    spans = [(start, end) for at, (start, _) in enumerate(words) for _, end in words[at:] if end - start < len(name)]
    return sorted(spans, key=lambda span: span[0] - span[1])
