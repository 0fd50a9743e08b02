"""The manifest: one row per sample with what its pixels are, and the fingerprint of the whole."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import cv2
import numpy as np

from fairweather.data.dataset import Dataset, Sample, Stamp
from fairweather.errors import DataError
from fairweather.vocabulary.labels import LabelSpace

DETAIL_CELLS = 16
DETAIL_BYTES = DETAIL_CELLS**2 // 8
STRIPE = 32  # bytes of a round of `stir`
_GREY = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True)
class Row:
    """A sample and its content.

    Args:
        image_sha256, label_sha256: of what is stored.
        image_pixels, label_pixels: pixel_hash of what it decodes to, which everything made from it is checked against.
        size: (height, width) in pixels.
        histogram: labelled pixels of each class; ignored pixels are counted nowhere.
        dhash: difference_hash of the image; detail: its detail_hash. Both tell near-duplicates (data/duplicates.py).
        image_stamp, label_stamp: of the files, as they were read; None for embedded data.
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
    image_stamp: Stamp | None = None
    label_stamp: Stamp | None = None


@dataclass(frozen=True)
class Manifest:
    """The rows of the used splits of one data set, in the order of their ids: which sample a slot gets depends on it."""

    name: str
    label_space: LabelSpace
    rows: tuple[Row, ...]

    def split(self, *names: str) -> tuple[Row, ...]:
        """The rows of those splits."""
        return tuple(row for row in self.rows if row.sample.split in names)


@dataclass(frozen=True)
class Described:
    """What is known of some samples: rows of those that could be read, and of the others (id, what is wrong)."""

    rows: tuple[Row, ...]
    broken: tuple[tuple[str, str], ...]


def pixel_hash(pixels: np.ndarray) -> str:
    """32 hexadecimal digits over shape and pixels: what manifests store and receipts compare.

    The pixels go through the rounds of XXH64, and what these leave, 256 bits, through sha256: indexing then costs little more
    than decoding. It tells every accidental change (2**-64 at worst); whoever forges pixels is stopped by the sha256 of the file.
    """
    flat = np.ascontiguousarray(pixels).reshape(-1).view(np.uint8)
    digest = hashlib.sha256(repr(pixels.shape).encode())
    from fairweather.data.lanes import stir  # numba, which only those who hash should wait for

    whole = len(flat) // STRIPE * STRIPE
    lanes = np.arange(1, 5, dtype=np.uint64)
    stir(np.require(flat[:whole].view(np.uint64), requirements="A"), lanes)
    digest.update(lanes.tobytes())
    digest.update(flat[whole:].data)
    return digest.hexdigest()[:32]


def difference_hash(image: np.ndarray) -> int:
    """64 bits that stay nearly the same when a picture is recompressed, resized or slightly moved: whether each of 8 x 8 cells
    is brighter than its right neighbour, after averaging down to 8 x 9 (Krawetz, "Kind of like that", 2013).

    Args:
        image: (H, W, 3) uint8 RGB.
    """
    return _difference_hash(_bands(image))


def detail_hash(image: np.ndarray) -> bytes:
    """256 bits: whether each of 16 x 16 cells is brighter than the mean of the 5 x 5 cells around it.

    What all pictures of a kind share (a bright sky, a dark road, fog) changes slowly and falls out; what is left is the place.

    Args:
        image: (H, W, 3) uint8 RGB.
    """
    return _detail_hash(_bands(image))


def _difference_hash(bands: np.ndarray) -> int:
    grey = _cells(bands.reshape(8, 2, -1).sum(axis=1), 9)
    return int.from_bytes(np.packbits(grey[:, 1:] > grey[:, :-1]).tobytes(), "big")


def _detail_hash(bands: np.ndarray) -> bytes:
    grey = _cells(bands, DETAIL_CELLS).astype(np.float32)
    return np.packbits(grey > cv2.blur(grey, (5, 5), borderType=cv2.BORDER_REFLECT)).tobytes()


def _bands(image: np.ndarray) -> np.ndarray:
    """(16, W) float64: the grey of a picture summed over 16 bands of rows; an edge inside a row divides it.

    The rows are summed first, which OpenCV does ten times as fast as it averages areas.
    """
    height, width = image.shape[:2]
    if height < DETAIL_CELLS:
        image = cv2.resize(image, (width, DETAIL_CELLS), interpolation=cv2.INTER_NEAREST)
        height = DETAIL_CELLS
    edges = np.linspace(0, height, DETAIL_CELLS + 1)[:-1]
    whole = edges.astype(int)
    sums = [cv2.reduce(image[a:b], 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[0] for a, b in pairwise((*whole, height))]
    bands = np.stack(sums).astype(np.float32) @ _GREY
    if (edges != whole).any():
        above = (
            image[whole].astype(np.float32) @ _GREY * (edges - whole)[:, None]
        )  # of each edge's row, the band before's
        bands = bands - above
        bands[:-1] += above[1:]
    return bands.astype(np.float64)


def _cells(bands: np.ndarray, columns: int) -> np.ndarray:
    """(rows, columns) float64: bands (rows, W) summed over columns of equal width, in units of their area."""
    width = bands.shape[1]
    sums = np.pad(np.cumsum(bands, axis=1), ((0, 0), (1, 0)))
    edges = np.linspace(0, width, columns + 1)
    left = np.minimum(edges.astype(int), width - 1)
    upto = sums[:, left] + (edges - left) * (sums[:, left + 1] - sums[:, left])
    cells: np.ndarray = np.diff(upto, axis=1)
    return cells


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


def describe(dataset: Dataset, skip_broken: bool) -> Described:
    """The samples in their order; the first that cannot be read is the last one looked at, unless it is to be skipped."""
    _keep_pages()
    rows, broken = [], []
    for sample in dataset.samples:
        try:
            rows.append(_row(dataset, sample))
        except DataError as error:
            broken.append((sample.id, str(error)))
            if not skip_broken:
                break
    return Described(tuple(rows), tuple(broken))


@cache
def _keep_pages() -> None:
    """Once one block of this size was freed, glibc keeps the memory of the next ones (its limits follow, mallopt(3)); pages that
    are handed back and asked for again at every image can cost as much as hashing does."""
    np.empty(31 * 2**20, np.uint8)


def _row(dataset: Dataset, sample: Sample) -> Row:
    read = dataset.read(sample)
    if read.image.shape[:2] != read.label.shape:
        raise DataError(
            f"{sample.image}: image is {read.image.shape[:2]}, its label {read.label.shape} (height, width)"
        )
    bands = _bands(read.image)
    return Row(
        sample,
        *read.content,
        pixel_hash(read.image),
        pixel_hash(read.label),
        (read.label.shape[0], read.label.shape[1]),
        tuple(read.counts[: dataset.label_space.num_classes].tolist()),
        _difference_hash(bands),
        _detail_hash(bands),
        *read.stamps,
    )


def fingerprint(rows: Sequence[Row]) -> str:
    """sha256 over identity and content of the rows, whatever their order or their paths: the files, and what they decode to,
    for one label file holds other classes under another encoding or label space."""
    lines = sorted(
        json.dumps(
            [s.id, s.split, s.domain, s.group, row.image_sha256, row.label_sha256, row.image_pixels, row.label_pixels]
        )
        for row in rows
        for s in (row.sample,)
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
