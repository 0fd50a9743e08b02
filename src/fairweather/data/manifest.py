"""The manifest: one row per sample with what its pixels are, and the fingerprint of the whole."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from fairweather.data.dataset import Dataset, Sample
from fairweather.errors import DataError
from fairweather.vocabulary.labels import LabelSpace


@dataclass(frozen=True)
class Row:
    """A sample and its content.

    Args:
        image_sha256, label_sha256: of what is stored.
        image_pixels, label_pixels: pixel_hash of what it decodes to, which everything made from it is checked against.
        size: (height, width) in pixels.
        histogram: labelled pixels of each class; ignored pixels are counted nowhere.
    """

    sample: Sample
    image_sha256: str
    label_sha256: str
    image_pixels: str
    label_pixels: str
    size: tuple[int, int]
    histogram: tuple[int, ...]


@dataclass(frozen=True)
class Manifest:
    """The rows of the used splits of one data set, in the order of their ids: which sample a slot gets depends on it."""

    name: str
    label_space: LabelSpace
    rows: tuple[Row, ...]

    def split(self, *names: str) -> tuple[Row, ...]:
        """The rows of those splits."""
        return tuple(row for row in self.rows if row.sample.split in names)


def pixel_hash(pixels: np.ndarray) -> str:
    """sha256 of shape and pixels: what manifests store and receipts compare."""
    digest = hashlib.sha256(repr(pixels.shape).encode())
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()


def index(dataset: Dataset, tick: Callable[[], object] = lambda: None) -> Manifest:
    """Decode every sample once and describe it; `tick` is called after each.

    Raises:
        DataError: a file is damaged, image and label differ in size, or a label value is not allowed.
    """
    rows = []
    for sample in dataset.samples:
        rows.append(_row(dataset, sample))
        tick()
    return Manifest(dataset.name, dataset.label_space, tuple(sorted(rows, key=lambda row: row.sample.id)))


def _row(dataset: Dataset, sample: Sample) -> Row:
    image, label = dataset.image(sample), dataset.label(sample)
    if image.shape[:2] != label.shape:
        raise DataError(f"{sample.image}: image is {image.shape[:2]}, its label {label.shape} (height, width)")
    counts = np.bincount(label.ravel(), minlength=256)[: dataset.label_space.num_classes]
    pixels = pixel_hash(image), pixel_hash(label)
    return Row(
        sample, *dataset.content(sample), *pixels, (label.shape[0], label.shape[1]), tuple(int(n) for n in counts)
    )


def fingerprint(rows: Sequence[Row]) -> str:
    """sha256 over identity and content of the rows, whatever their order or their paths."""
    lines = sorted(
        json.dumps([s.id, s.split, s.domain, s.group, row.image_sha256, row.label_sha256])
        for row in rows
        for s in (row.sample,)
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
