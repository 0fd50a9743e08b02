"""What raw label values could mean: of all encodings there are, those under which a street scene comes out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from fairweather.audit.datasets.published import published_shares
from fairweather.audit.datasets.roles import roles
from fairweather.audit.datasets.survey import mean_heights
from fairweather.data.dataset import Sample
from fairweather.data.decode import decode_one_channel, decode_palette, value_counts
from fairweather.data.encoding import OneChannel, Palette
from fairweather.data.files import Files
from fairweather.errors import DataError
from fairweather.vocabulary.labels import IGNORE, label_space, label_space_names

LOOKED_AT = 60  # label files, evenly spaced
SPACES = {
    "cityscapes19": "Cityscapes train ids",
    "cityscapes34": "Cityscapes ids",
    "bdd": "BDD ids",
    "idd": "IDD ids",
    "idd_level3": "IDD level-3 ids",
    "mapillary66": "Mapillary v1.2 indices",
    "mapillary124": "Mapillary v2.0 indices",
    "outside24": "OUTSIDE15k indices",
    "camvid11": "CamVid classes",
}
EXTRA = {"camvid11": (11,)}  # values beyond the classes that are unlabelled
# A street scene: enough sky above, enough road below, and most of the picture is what streets are made of.
LEAST_SKY, LEAST_ROAD, LEAST_STREET = 0.01, 0.08, 0.4
LIKE = 0.1  # share of pixels by which a reading may be less usual than the best
STREET = ("road", "sidewalk", "building", "vegetation", "terrain", "sky", "car")


@dataclass(frozen=True)
class Values:
    """Raw values of label files.

    Args:
        counts: int64 (256,) pixels of each value; heights: float (256,) their mean height, 0 top, 1 bottom, NaN for none.
        files: how many label files were read.
    """

    counts: np.ndarray
    heights: np.ndarray
    files: int

    def share(self, values: Sequence[int]) -> float:
        """Of all pixels."""
        return float(self.counts[list(values)].sum() / max(int(self.counts.sum()), 1))

    def height(self, values: Sequence[int]) -> float:
        """Mean height of the pixels of some values; NaN where there are none."""
        counts = self.counts[list(values)]
        return float(np.nansum(self.heights[list(values)] * counts) / counts.sum()) if counts.sum() else float("nan")


def raw_values(dataset: Files, samples: Sequence[Sample]) -> Values:
    """The values of up to LOOKED_AT of the samples' label files as they are stored; files of another format are passed over."""
    counts, sums, read = np.zeros(256, np.int64), np.zeros(256), 0
    step = max(len(samples) // LOOKED_AT, 1)
    for sample in samples[::step][:LOOKED_AT]:
        try:
            path = dataset.root / sample.label
            values = decode_palette(path)[0] if isinstance(dataset.encoding, Palette) else decode_one_channel(path)
        except DataError:
            continue  # the survey has named it
        own = value_counts(values)
        counts += own
        sums += np.nan_to_num(mean_heights(values)) * own
        read += 1
    with np.errstate(invalid="ignore"):
        return Values(counts, sums / counts, read)


def readable(dataset: object) -> bool:
    """Whether the label files hold numbers that another encoding could be read from."""
    return isinstance(dataset, Files) and isinstance(dataset.encoding, (OneChannel, Palette))


def is_street(values: Values, meaning: dict[str, tuple[int, ...]]) -> bool:
    """Whether the values make a street scene if they mean this: Cityscapes class -> values."""
    if "sky" not in meaning or "road" not in meaning:
        return False
    sky, road = meaning["sky"], meaning["road"]
    street = [value for name in STREET for value in meaning.get(name, ())]
    return (
        values.share(sky) >= LEAST_SKY
        and values.share(road) >= LEAST_ROAD
        and values.share(street) >= LEAST_STREET
        and values.height(sky) < 0.45
        and values.height(road) > 0.55
    )


def plausible(values: Values, declared: str) -> list[tuple[str, str]]:
    """(label space or "", in words) of every other reading under which all values are allowed and a street scene comes out, the
    best first; those whose class shares are clearly farther from the usual ones than the best are left out."""
    readings = [
        (name, words, roles(name)) for name, words in SPACES.items() if name != declared and _allows(values, name)
    ]
    readings += [("", words, meaning) for words, meaning in _shifted(values, declared)]
    likely = [(_usual(values, meaning), name, words) for name, words, meaning in readings if is_street(values, meaning)]
    best = max((usual for usual, _, _ in likely), default=0.0)
    return [(name, words) for usual, name, words in sorted(likely, reverse=True) if usual > best - LIKE]


def _usual(values: Values, meaning: dict[str, tuple[int, ...]]) -> float:
    """How much of the pixels is shared with the published shares of Cityscapes: 1 if each class has exactly its own."""
    usual = published_shares("cityscapes")
    return sum(min(values.share(indices), usual[name] / 100) for name, indices in meaning.items())


def _allows(values: Values, name: str) -> bool:
    allowed = {*range(label_space(name).num_classes), IGNORE, *EXTRA.get(name, ())}
    return set(np.flatnonzero(values.counts).tolist()) <= allowed


def _shifted(values: Values, declared: str) -> Iterator[tuple[str, dict[str, tuple[int, ...]]]]:
    if declared not in label_space_names():
        return
    for by, words in ((1, "one too high"), (-1, "one too low")):
        meaning = {  # what was 0 and is one too low is 255
            name: tuple((index + by) % 256 for index in indices) for name, indices in roles(declared).items()
        }
        yield f"{SPACES.get(declared, declared)}, each value {words}", meaning
