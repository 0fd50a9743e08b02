"""The offline tagger: a few numbers of the picture, and five questions asked in the order of precedence.

Night? Else snow? Else fog? Else dusk? Else clear day or cloudy. Each question is a logistic regression on those cues alone that
physics ties to it, so that a cue cannot decide what it knows nothing of. The coefficients in `pictures.csv` are fitted on
Fairtown only (`python -m experiments.tagger`). Rain is never said: a wet road is not told from a dark one this way.
"""

import csv
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import cv2
import numpy as np

from fairweather.models.taggers.tagger import NEVER, Evidence, Rule, Tagger
from fairweather.vocabulary.domains import DOMAINS

REVISION = 1  # a golden test fails when cues or table change and this does not
HEIGHT = 256
CUES = (
    "sky_light", "sky_median", "bright_neutral_ground", "ground_saturation", "dark_channel", "contrast", "edges", "light",
    "clipped", "saturation", "ground_range", "sky_blue", "horizon_warm",
)  # fmt: skip
# Each question with its cues, in the order of precedence; what answers none of them is cloudy.
QUESTIONS: dict[str, tuple[str, ...]] = {
    "night": ("sky_light", "sky_median"),
    "snowy": ("bright_neutral_ground", "ground_saturation"),
    "foggy": ("dark_channel", "contrast", "edges"),
    "dawn_dusk": ("light", "clipped", "saturation", "edges", "contrast"),
    "clear_day": ("saturation", "ground_range", "sky_blue", "horizon_warm", "ground_saturation"),
}
LAST = "cloudy"
_FLOOR = 0.02  # keeps logarithms of black apart from minus infinity


def cues(image: np.ndarray) -> np.ndarray:
    """The CUES of an image (H, W, 3) uint8 RGB, float64, from a copy 256 pixels high.

    Y is the luma of Rec. 601 in 0..1; bands are thirds of the height. Light: log of the mean Y. Sky: log of the median Y of the
    brightest quarter and of all of the top band. Ground: of the bottom band, the share that is bright and colourless, the
    median saturation, and log of its 90th over its 10th percentile of Y. Dark channel (He, Sun, Tang 2009): log of the mean
    over the middle band of the least of the channels over 15 pixels. Edges: share of the middle band with a steep gradient.
    Clipped: log of the share of the upper two bands that is white. Colours: (b - r) / (r + g + b) of the brightest quarter of
    the sky, and the opposite of the brightest part of the middle band.
    """
    height, width = image.shape[:2]
    way = cv2.INTER_AREA if height > HEIGHT else cv2.INTER_LINEAR
    small = cv2.resize(np.ascontiguousarray(image), (max(3, round(width * HEIGHT / height)), HEIGHT), interpolation=way)
    rgb = small.astype(np.float32) / 255
    y = rgb @ np.array([0.299, 0.587, 0.114], np.float32)
    greatest, least = rgb.max(axis=2), rgb.min(axis=2)
    saturation = (greatest - least) / np.maximum(greatest, 1e-3)
    third = HEIGHT // 3
    sky, middle, ground = slice(0, third), slice(third, 2 * third), slice(2 * third, HEIGHT)
    bright_sky = y[sky] >= min(float(np.percentile(y[sky], 75)), 0.98)
    horizon = y[middle] >= np.percentile(y[middle], 85)
    gradient = np.hypot(cv2.Sobel(y, cv2.CV_32F, 1, 0, scale=0.25), cv2.Sobel(y, cv2.CV_32F, 0, 1, scale=0.25))
    dark = cv2.erode(least, np.ones((15, 15), np.uint8))
    low, high = np.percentile(y[ground], (10, 90))
    found = {
        "sky_light": _log(np.median(y[sky][bright_sky])),
        "sky_median": _log(np.median(y[sky])),
        "bright_neutral_ground": ((y[ground] > 0.7) & (saturation[ground] < 0.15)).mean(),
        "ground_saturation": np.median(saturation[ground]),
        "dark_channel": _log(dark[middle].mean()),
        "contrast": y.std(),
        "edges": (gradient[middle] > 0.05).mean(),
        "light": _log(y.mean()),
        "clipped": np.log((y[: ground.start] > 0.97).mean() + 0.002),
        "saturation": saturation.mean(),
        "ground_range": np.log((high + _FLOOR) / (low + _FLOOR)),
        "sky_blue": _blue(rgb[sky][bright_sky]),
        "horizon_warm": -_blue(rgb[middle][horizon]),
    }
    return np.array([found[name] for name in CUES], np.float64)


def _log(value: float) -> float:
    return float(np.log(value + _FLOOR))


def _blue(pixels: np.ndarray) -> float:
    red, _, blue = mean = pixels.mean(axis=0)
    return float((blue - red) / max(float(mean.sum()), 1e-3))


def scored(rows: np.ndarray, table: dict[str, np.ndarray]) -> np.ndarray:
    """(N, 7) log probabilities of DOMAINS, from the cues (N, 13) of images.

    Args:
        table: of each question, its intercept and the coefficients of its cues.
    """
    found = np.full((len(rows), len(DOMAINS)), -np.inf)
    still_open = np.zeros(len(rows))  # log probability that no question was answered yet
    for domain, names in QUESTIONS.items():
        logit = table[domain][0] + rows[:, [CUES.index(name) for name in names]] @ table[domain][1:]
        found[:, DOMAINS.index(domain)] = still_open - np.logaddexp(0, -logit)
        still_open = still_open - np.logaddexp(0, logit)
    found[:, DOMAINS.index(LAST)] = still_open
    return found


@cache
def _fitted() -> tuple[dict[str, np.ndarray], Rule]:
    """The coefficients and the rule in the table that `experiments.tagger` writes."""
    text = files("fairweather.models.taggers").joinpath("pictures.csv").read_text(encoding="utf-8")
    values = {(row["of"], row["name"]): float(row["value"]) for row in csv.DictReader(text.splitlines())}
    table = {d: np.array([values[d, name] for name in ("intercept", *names)]) for d, names in QUESTIONS.items()}
    thresholds = {domain: values.get(("threshold", domain), NEVER) for domain in DOMAINS}
    rule = Rule(values["rule", "temperature"], thresholds, None, values["rule", "lead"], values["rule", "second"])
    return table, rule


def pictures_tagger() -> Tagger:
    """The offline tagger with its fitted table."""
    table, rule = _fitted()
    settings = {domain: table[domain].tolist() for domain in QUESTIONS}

    def look(images: Sequence[np.ndarray]) -> list[Evidence]:
        rows = scored(np.stack([cues(image) for image in images]), table)
        return [Evidence(tuple(row.tolist())) for row in rows]

    return Tagger("pictures", "heuristic", REVISION, {"table": settings}, look, rule, ("rainy",))
