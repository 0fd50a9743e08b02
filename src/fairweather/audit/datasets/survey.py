"""Looking at every image and label of a data set once, and going on after damaged ones."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

import numpy as np

from fairweather.audit.datasets.roles import roles
from fairweather.data.dataset import SPLITS, Dataset, ReaderCard, Sample
from fairweather.data.decode import value_counts
from fairweather.data.files import Files
from fairweather.data.manifest import Row, detail_hash, difference_hash, pixel_hash
from fairweather.errors import DataError
from fairweather.generators.gate.edges import along
from fairweather.generators.gate.structure import (
    Structure,
    grey,
    reduced,
    sampled,
    structure_of_label,
    structure_of_light,
)

BATCH = 32
WINDOW = 2  # pictures before and after it that a label is compared with besides its own


@dataclass(frozen=True)
class Look:
    """A sample and what its pixels are.

    Args:
        row: what the manifest says of it; ignored: pixels of no class.
        heights: float (C,): mean height of each class's pixels, 0 at the top and 1 at the bottom; NaN where there are none.
        light: mean luma, 0 to 1; sky_light: median luma of the pixels labelled sky, NaN where they are under 1 %.
        own: how far the label's edges are those of its picture (a correlation); others: those of other pictures, by id.
    """

    row: Row
    ignored: int
    heights: np.ndarray
    light: float
    sky_light: float
    own: float
    others: tuple[tuple[str, float], ...] = ()

    @property
    def sample(self) -> Sample:
        return self.row.sample

    @property
    def histogram(self) -> tuple[int, ...]:
        return self.row.histogram


@dataclass(frozen=True)
class Fault:
    """A sample that could not be looked at.

    Args:
        file: relative to the root; code: of the check that it fails; problem: one line.
    """

    sample: Sample
    file: str
    code: str
    problem: str


@dataclass(frozen=True)
class Survey:
    """A data set as it was found: a Look or a Fault for every sample, in the order of the samples."""

    dataset: Dataset
    card: ReaderCard
    looks: tuple[Look, ...]
    faults: tuple[Fault, ...]

    @cached_property
    def tested(self) -> str:
        """The split that is tested on where a study says nothing else: the last that is there, if there are two or more."""
        there = [split for split in SPLITS if any(sample.split == split for sample in self.dataset.samples)]
        return there[-1] if len(there) > 1 else ""

    def side(self, sample: Sample) -> str:
        """ "test" or "train"."""
        return "test" if sample.split == self.tested else "train"


@dataclass(frozen=True)
class _Seen:
    look: Look
    outline: Structure
    picture: Structure


def survey(dataset: Dataset, card: ReaderCard, workers: int = 1, tick: Callable[[], object] = lambda: None) -> Survey:
    """Decode every sample once; nothing stops at a damaged file."""
    faults: list[Fault] = []
    looks = tuple(_compared(_seen(dataset, workers, faults, tick)))
    return Survey(dataset, card, looks, tuple(faults))


def _seen(dataset: Dataset, workers: int, faults: list[Fault], tick: Callable[[], object]) -> Iterator[_Seen]:
    with ThreadPoolExecutor(workers) as pool:
        for start in range(0, len(dataset.samples), BATCH):  # so that no more than these are held at once
            for found in pool.map(partial(_look, dataset), dataset.samples[start : start + BATCH]):
                tick()
                if isinstance(found, Fault):
                    faults.append(found)
                else:
                    yield found


def _look(dataset: Dataset, sample: Sample) -> _Seen | Fault:
    file = sample.image
    try:
        image = dataset.image(sample)
        file = sample.label
        label = dataset.label(sample)
        content = dataset.content(sample)
    except DataError as error:
        return _fault(dataset, sample, file, str(error))
    if image.shape[:2] != label.shape:
        (height, width), (rows, columns) = image.shape[:2], label.shape
        return Fault(sample, sample.image, "data.other_size", f"image {width}x{height}, label {columns}x{rows}")
    small, classes = grey(reduced(image)), sampled(label)
    counts = value_counts(label)
    size = dataset.label_space.num_classes
    row = Row(
        sample=sample,
        image_sha256=content[0],
        label_sha256=content[1],
        image_pixels=pixel_hash(image),
        label_pixels=pixel_hash(label),
        size=(label.shape[0], label.shape[1]),
        histogram=tuple(int(n) for n in counts[:size]),
        dhash=difference_hash(image),
        detail=detail_hash(image),
    )
    look = Look(
        row=row,
        ignored=int(counts[size:].sum()),
        heights=mean_heights(classes)[:size],
        light=float(small.mean()) / 255,
        sky_light=_sky_light(small, classes, roles(dataset.label_space.name).get("sky", ())),
        own=float("nan"),
    )
    return _Seen(look, structure_of_label(label), structure_of_light(small))


def mean_heights(values: np.ndarray) -> np.ndarray:
    """float (256,): how far down the pixels of each value lie on average, 0 at the top and 1 at the bottom; NaN for none."""
    rows = values.shape[0]
    index = np.arange(rows, dtype=np.int32)[:, None] * 256 + values
    table = np.bincount(index.ravel(), minlength=rows * 256).reshape(rows, 256)
    counts = table.sum(0)
    with np.errstate(invalid="ignore"):
        heights: np.ndarray = ((np.arange(rows) + 0.5) / rows @ table) / counts
    return heights


def _sky_light(luma: np.ndarray, classes: np.ndarray, sky: tuple[int, ...]) -> float:
    found = luma[np.isin(classes, sky)]
    return float(np.median(found)) / 255 if found.size >= 0.01 * luma.size else float("nan")


# What the errors of `data/decode.py` and `data/encoding.py` say of a file that cannot be read, and which check that is.
_DAMAGE = (
    "damaged or cut short",
    "no such file",
    "cannot be read",
    "too large to be decoded",
    "not a readable",
    "not JSON",
)


def _fault(dataset: Dataset, sample: Sample, file: str, problem: str) -> Fault:
    path = dataset.root / file if isinstance(dataset, Files) else Path(file)
    short = problem.removeprefix(f"{path}: ")
    if path.is_file() and path.stat().st_size == 0:
        return Fault(sample, file, "data.empty_file", "0 bytes")
    if any(words in short for words in _DAMAGE):
        return Fault(sample, file, "data.unreadable_file", short)
    if "EXIF orientation" in short:
        return Fault(sample, file, "data.turned_image", short.split(",")[0])
    return Fault(sample, file, "data.pixel_format" if file == sample.image else "labels.not_as_declared", short)


def _compared(seen: Iterator[_Seen]) -> Iterator[Look]:
    """The looks in order, each label held against its own picture and against those around it."""
    window: deque[_Seen] = deque()
    others: dict[str, list[tuple[str, float]]] = {}
    for new in seen:
        id = new.look.sample.id
        others[id] = []
        for old in window:
            if old.outline.cosine.shape == new.outline.cosine.shape:
                others[old.look.sample.id].append((id, along(old.outline, new.picture, 0, 0)))
                others[id].append((old.look.sample.id, along(new.outline, old.picture, 0, 0)))
        window.append(new)
        if len(window) > WINDOW:
            yield _finished(window.popleft(), others)
    while window:
        yield _finished(window.popleft(), others)


def _finished(seen: _Seen, others: dict[str, list[tuple[str, float]]]) -> Look:
    look = seen.look
    found = tuple((id, value) for id, value in others.pop(look.sample.id) if np.isfinite(value))
    return replace(look, own=along(seen.outline, seen.picture, 0, 0), others=found)


def shares(looks: Sequence[Look]) -> np.ndarray:
    """float (C + 1,): the share of all pixels that each class has, and last the ignored ones."""
    counts = np.array([[*look.histogram, look.ignored] for look in looks], np.int64).sum(0)
    total: np.ndarray = counts / max(int(counts.sum()), 1)
    return total


def heights(looks: Sequence[Look]) -> np.ndarray:
    """float (C,): the mean height of each class's pixels over all looks; NaN for a class without any."""
    counts = np.array([look.histogram for look in looks], np.int64)
    each = np.array([look.heights for look in looks])
    with np.errstate(invalid="ignore"):
        mean: np.ndarray = np.nansum(each * counts, 0) / np.where(np.isnan(each), 0, counts).sum(0)
    return mean
