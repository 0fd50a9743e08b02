"""The manifest: one row per sample with what its pixels are, and the fingerprint of the whole."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from fairweather.data.dataset import Dataset, Sample
from fairweather.data.decode import value_counts
from fairweather.errors import DataError
from fairweather.vocabulary.labels import LabelSpace

DETAIL_CELLS = 16
DETAIL_BYTES = DETAIL_CELLS**2 // 8


@dataclass(frozen=True)
class Row:
    """A sample and its content.

    Args:
        image_sha256, label_sha256: of what is stored.
        image_pixels, label_pixels: pixel_hash of what it decodes to, which everything made from it is checked against.
        size: (height, width) in pixels.
        histogram: labelled pixels of each class; ignored pixels are counted nowhere.
        dhash: difference_hash of the image; detail: its detail_hash. Both tell near-duplicates (data/duplicates.py).
    """

    sample: Sample
    image_sha256: str
    label_sha256: str
    image_pixels: str
    label_pixels: str
    size: tuple[int, int]
    histogram: tuple[int, ...]
    dhash: int = 0
    detail: bytes = b""


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


def difference_hash(image: np.ndarray) -> int:
    """64 bits that stay nearly the same when a picture is recompressed, resized or slightly moved: whether each of 8 x 8 cells
    is brighter than its right neighbour, after averaging down to 8 x 9 (Krawetz, "Kind of like that", 2013).

    Args:
        image: (H, W, 3) uint8 RGB.
    """
    small = cv2.resize(image, (9, 8), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.int16)
    return int.from_bytes(np.packbits(grey[:, 1:] > grey[:, :-1]).tobytes(), "big")


def detail_hash(image: np.ndarray) -> bytes:
    """256 bits: whether each of 16 x 16 cells is brighter than the mean of the 5 x 5 cells around it.

    What all pictures of a kind share (a bright sky, a dark road, fog) changes slowly and falls out; what is left is the place.

    Args:
        image: (H, W, 3) uint8 RGB.
    """
    small = cv2.resize(image, (DETAIL_CELLS, DETAIL_CELLS), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small.astype(np.float32), cv2.COLOR_RGB2GRAY)
    return np.packbits(grey > cv2.blur(grey, (5, 5), borderType=cv2.BORDER_REFLECT)).tobytes()


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
    counts = value_counts(label)[: dataset.label_space.num_classes]
    pixels = pixel_hash(image), pixel_hash(label)
    size = (label.shape[0], label.shape[1])
    hashes = difference_hash(image), detail_hash(image)
    return Row(sample, *dataset.content(sample), *pixels, size, tuple(int(n) for n in counts), *hashes)


def fingerprint(rows: Sequence[Row]) -> str:
    """sha256 over identity and content of the rows, whatever their order or their paths."""
    lines = sorted(
        json.dumps([s.id, s.split, s.domain, s.group, row.image_sha256, row.label_sha256])
        for row in rows
        for s in (row.sample,)
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
