"""The prepared cache: samples decoded once, resized to the study's short side, hashed, and laid end to end in two files.

Training reads every image hundreds of times; decoding it each time costs more than the step of a small network. The files
are read into memory if they fit the limit and are memory-mapped otherwise, so a cache may be larger than memory.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from fairweather.data.dataset import Dataset
from fairweather.data.manifest import Row, pixel_hash
from fairweather.errors import DataError, StoreError

REVISION = 1  # raise it when the pixels of a prepared sample change: it is part of every unit's identity
LAYOUT = 3  # raise it when the files change: old caches are then written anew
RAM_LIMIT = 2 * 2**30  # bytes; a larger cache is memory-mapped


@dataclass(frozen=True)
class PreparedRow:
    """One prepared sample: who it is, where its pixels lie in the two files, and their hashes.

    `source_pixels` and `source_label` are the manifest's hashes of the decoded image and label it was made from.
    """

    id: str
    domain: str
    group: str
    image_offset: int
    size: tuple[int, int]
    label_offset: int
    label_size: tuple[int, int]
    image_hash: str
    label_hash: str
    source_pixels: str
    source_label: str


@dataclass(frozen=True)
class Prepared:
    """An opened cache: rows by id, and two flat uint8 buffers (in memory or memory-mapped, read-only)."""

    rows: dict[str, PreparedRow]
    images: np.ndarray
    labels: np.ndarray

    def image(self, id: str) -> np.ndarray:
        """(h, w, 3) uint8 RGB, a read-only view."""
        row = self.rows[id]
        height, width = row.size
        return self.images[row.image_offset : row.image_offset + height * width * 3].reshape(height, width, 3)

    def label(self, id: str) -> np.ndarray:
        """(h, w) uint8, a read-only view."""
        row = self.rows[id]
        height, width = row.label_size
        return self.labels[row.label_offset : row.label_offset + height * width].reshape(height, width)


def resized(image: np.ndarray, short_side: int | None) -> np.ndarray:
    """The image with its shorter side at `short_side` (None: as it is); area averaging down, bilinear up."""
    size = _target(image.shape[0], image.shape[1], short_side)
    if size == image.shape[:2]:
        return image
    down = size[0] < image.shape[0]
    result: np.ndarray = cv2.resize(image, size[::-1], interpolation=cv2.INTER_AREA if down else cv2.INTER_LINEAR)
    return result


def resized_label(label: np.ndarray, short_side: int | None) -> np.ndarray:
    """The label at the size of `resized`; nearest neighbour with pixel centres aligned."""
    size = _target(label.shape[0], label.shape[1], short_side)
    if size == label.shape:
        return label
    result: np.ndarray = cv2.resize(label, size[::-1], interpolation=cv2.INTER_NEAREST_EXACT)
    return result


def _target(height: int, width: int, short_side: int | None) -> tuple[int, int]:
    if short_side is None:
        return height, width
    scale = short_side / min(height, width)
    return max(round(height * scale), 1), max(round(width * scale), 1)


def write_prepared(
    dataset: Dataset,
    rows: Sequence[Row],
    short_side: int | None,
    native_labels: bool,
    folder: Path,
    tick: Callable[[], object] = lambda: None,
) -> None:
    """Fill an existing folder with images.bin, labels.bin and index.parquet; `tick` is called after each sample.

    Args:
        native_labels: keep labels at the size they were drawn (for scoring) instead of the image's (for training).

    Raises:
        DataError: an image or a label no longer decodes to what its manifest says.
    """
    index: list[dict[str, object]] = []
    image_offset = label_offset = 0
    with (folder / "images.bin").open("wb") as images, (folder / "labels.bin").open("wb") as labels:
        for row in rows:
            whole, drawn = dataset.image(row.sample), dataset.label(row.sample)
            hashes = pixel_hash(whole), pixel_hash(drawn)
            if hashes != (row.image_pixels, row.label_pixels):
                raise DataError(f"{dataset.name}: {row.sample.id} does not decode to the pixels of its manifest")
            image = resized(whole, short_side)
            label = drawn if native_labels else resized_label(drawn, short_side)
            images.write(np.ascontiguousarray(image).data)
            labels.write(np.ascontiguousarray(label).data)
            index.append(
                {
                    "id": row.sample.id,
                    "domain": row.sample.domain,
                    "group": row.sample.group,
                    "image_offset": image_offset,
                    "height": image.shape[0],
                    "width": image.shape[1],
                    "label_offset": label_offset,
                    "label_height": label.shape[0],
                    "label_width": label.shape[1],
                    "image_hash": pixel_hash(image),
                    "label_hash": pixel_hash(label),
                    "source_pixels": row.image_pixels,
                    "source_label": row.label_pixels,
                }
            )
            image_offset, label_offset = image_offset + image.size, label_offset + label.size
            tick()
    pq.write_table(pa.Table.from_pylist(index), folder / "index.parquet")


def open_prepared(folder: Path, ram_limit: int = RAM_LIMIT) -> Prepared:
    """The cache in `folder`, read into memory if its two files together are at most `ram_limit` bytes.

    Raises:
        StoreError: the folder does not hold a whole cache.
    """
    files = folder / "images.bin", folder / "labels.bin"
    try:
        rows = {row.id: row for row in map(_prepared_row, pq.read_table(folder / "index.parquet").to_pylist())}
        in_memory = sum(path.stat().st_size for path in files) <= ram_limit
        images, labels = (_buffer(path, in_memory) for path in files)
    except FileNotFoundError as error:
        raise StoreError(
            f"{error.filename or folder}: missing from a prepared cache; delete {folder} and run again"
        ) from error
    last = list(rows.values())[-1]
    needed = last.image_offset + last.size[0] * last.size[1] * 3, last.label_offset + int(np.prod(last.label_size))
    if (images.size, labels.size) != needed:
        raise StoreError(f"{folder}: the prepared cache is cut short; delete it and run again")
    return Prepared(rows, images, labels)


def _prepared_row(row: dict[str, object]) -> PreparedRow:
    at = {key: int(value) for key, value in row.items() if isinstance(value, int)}
    return PreparedRow(
        str(row["id"]),
        str(row["domain"]),
        str(row["group"]),
        at["image_offset"],
        (at["height"], at["width"]),
        at["label_offset"],
        (at["label_height"], at["label_width"]),
        str(row["image_hash"]),
        str(row["label_hash"]),
        str(row["source_pixels"]),
        str(row["source_label"]),
    )


def _buffer(path: Path, in_memory: bool) -> np.ndarray:
    if in_memory:
        buffer = np.fromfile(path, np.uint8)
        buffer.flags.writeable = False
        return buffer
    return np.memmap(path, np.uint8, mode="r")
