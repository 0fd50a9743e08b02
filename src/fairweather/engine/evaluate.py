"""Evaluating a unit: counts per image, per (domain, group) and per domain, in the native and the harmonised label space.

Scores are computed at the training size and compared at the size of the label; counts are stored, nothing else.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from fairweather.data import pixel_hash
from fairweather.data.prepared import Prepared, PreparedRow
from fairweather.engine.loader import normalise
from fairweather.engine.train import as_module, autocast
from fairweather.errors import UnitStopped
from fairweather.scores import Counts, argmax_upsampled, class_counts, confusion_matrix, mapped_counts
from fairweather.store.files import write_table
from fairweather.study.study import Recipe
from fairweather.vocabulary.labels import LabelSpace, harmonised, label_space

if TYPE_CHECKING:
    from fairweather.models import Segmenter

BATCH = 8  # images of one size scored together; fixed, so that results do not depend on who runs them


@dataclass(frozen=True)
class Counted:
    """The confusion matrix (C, C) int64 of one test image: row = labelled class, column = predicted class."""

    row: PreparedRow
    matrix: np.ndarray


def evaluate(
    model: "Segmenter",
    test: Prepared,
    num_classes: int,
    recipe: Recipe,
    device: str,
    tick: Callable[[int], object] = lambda done: None,
) -> list[Counted]:
    """Count every test image, in the cache's order; `tick` is called with the number done.

    Raises:
        UnitStopped: an image or a label is not the one that was prepared, or the scores are not finite.
    """
    import torch

    as_module(model).eval()
    counted: list[Counted] = []
    with torch.inference_mode():
        for rows in _chunks(list(test.rows.values())):
            samples = [_checked(test, row) for row in rows]
            sizes = [row.label_size for row in rows]
            predictions = predict(model, np.stack([image for image, _ in samples]), sizes, recipe, device)
            for row, (_, label), prediction in zip(rows, samples, predictions, strict=True):
                counted.append(Counted(row, confusion_matrix(label, prediction, num_classes)))
            tick(len(counted))
    return counted


def predict(
    model: "Segmenter", images: np.ndarray, sizes: Sequence[tuple[int, int]], recipe: Recipe, device: str
) -> Iterator[np.ndarray]:
    """For each image of (N, H, W, 3) uint8 its class map (h, w) uint8 at the wanted size.

    Raises:
        UnitStopped: the scores are not finite.
    """
    import torch

    with autocast(recipe, device):
        scores = model.scores(torch.from_numpy(normalise(images)).to(device))
    stride = model.score_stride
    extent = images.shape[1] / stride, images.shape[2] / stride
    for one, size in zip(scores.float().cpu().numpy(), sizes, strict=True):
        try:
            yield argmax_upsampled(one, size, extent)
        except ValueError as error:
            raise UnitStopped("units.scores_not_finite", str(error)) from error


def _checked(test: Prepared, row: PreparedRow) -> tuple[np.ndarray, np.ndarray]:
    image, label = test.image(row.id), test.label(row.id)
    if (pixel_hash(image), pixel_hash(label)) != (row.image_hash, row.label_hash):
        raise UnitStopped("units.test_pixels", f"the test image or label {row.id} is not the one that was prepared")
    return image, label


def _chunks(rows: list[PreparedRow]) -> Iterator[list[PreparedRow]]:
    """Runs of images of equal size, at most BATCH long, in order."""
    for _, run in groupby(rows, key=lambda row: row.size):
        same = list(run)
        for start in range(0, len(same), BATCH):
            yield same[start : start + BATCH]


def write_counts(counted: Sequence[Counted], space: LabelSpace, folder: Path, images: bool) -> None:
    """Write groups.parquet and confusion.parquet into `folder`, and images.parquet where it is kept.

    Intersection, predicted and labelled stand in both label spaces; the whole matrix in the native one, from which any other
    can be computed.
    """
    rows = [count.row for count in counted]
    spaces = [(space, [class_counts(count.matrix) for count in counted])]
    if mapped := harmonised(space.name):
        target = label_space(mapped.target)
        spaces.append((target, [mapped_counts(count.matrix, mapped, target.num_classes) for count in counted]))
    if images:
        write_table(folder / "images.parquet", pa.concat_tables([_per_image(s, rows, found) for s, found in spaces]))
    write_table(folder / "groups.parquet", pa.concat_tables([_per_group(s, rows, found) for s, found in spaces]))
    write_table(folder / "confusion.parquet", _per_domain(space, counted))


def _per_image(space: LabelSpace, rows: Sequence[PreparedRow], found: Sequence[Counts]) -> pa.Table:
    keys = [{"image": row.id, "domain": row.domain, "group": row.group} for row in rows]
    return _long(space, keys, found)


def _per_group(space: LabelSpace, rows: Sequence[PreparedRow], found: Sequence[Counts]) -> pa.Table:
    sums: dict[tuple[str, str], Counts] = {}
    for row, count in zip(rows, found, strict=True):
        key = row.domain, row.group
        sums[key] = sums[key] + count if key in sums else count
    return _long(space, [{"domain": domain, "group": group} for domain, group in sums], list(sums.values()))


def _long(space: LabelSpace, keys: Sequence[dict[str, str]], found: Sequence[Counts]) -> pa.Table:
    """One row per key and class."""
    classes = space.num_classes
    columns: dict[str, pa.Array] = {
        name: pa.array(np.repeat([key[name] for key in keys], classes)).dictionary_encode() for name in keys[0]
    }
    columns["label_space"] = pa.array([space.name] * (len(keys) * classes)).dictionary_encode()
    columns["class"] = pa.array(list(space.classes) * len(keys)).dictionary_encode()
    for name in ("intersection", "predicted", "labelled"):
        columns[name] = pa.array(np.concatenate([getattr(count, name) for count in found]), pa.int64())
    return pa.table(columns)


def _per_domain(space: LabelSpace, counted: Sequence[Counted]) -> pa.Table:
    sums: dict[str, np.ndarray] = {}
    for count in counted:
        sums[count.row.domain] = sums.get(count.row.domain, 0) + count.matrix
    labelled, predicted = np.indices((space.num_classes, space.num_classes)).reshape(2, -1)
    names = np.array(space.classes)
    return pa.table(
        {
            "domain": pa.array(np.repeat(list(sums), labelled.size)),
            "label_space": pa.array([space.name] * (labelled.size * len(sums))),
            "labelled": pa.array(np.tile(names[labelled], len(sums))),
            "predicted": pa.array(np.tile(names[predicted], len(sums))),
            "pixels": pa.array(np.concatenate([matrix.ravel() for matrix in sums.values()]), pa.int64()),
        }
    )
