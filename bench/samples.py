"""Synthetic street-like samples in a prepared cache, as `run` writes one, for the rows that train and evaluate."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from fairweather.data import Dataset, Sample, index
from fairweather.data.prepared import Prepared, open_prepared, write_prepared
from fairweather.vocabulary.labels import LabelSpace, label_space


@dataclass(frozen=True)
class Synthetic(Dataset):
    """Smooth random images with smooth random labels of `classes` classes: cheap to draw, real to every kernel."""

    name: str
    size: tuple[int, int]
    label_space: LabelSpace
    samples: tuple[Sample, ...]

    def image(self, sample: Sample) -> np.ndarray:
        coarse = _rng(sample).integers(0, 256, (24, 32, 3), np.uint8)
        image: np.ndarray = cv2.resize(coarse, self.size[::-1], interpolation=cv2.INTER_CUBIC)
        return image

    def label(self, sample: Sample) -> np.ndarray:
        coarse = _rng(sample).integers(0, self.label_space.num_classes, (12, 16), np.uint8)
        label: np.ndarray = cv2.resize(coarse, self.size[::-1], interpolation=cv2.INTER_NEAREST_EXACT)
        return label

    def content(self, sample: Sample) -> tuple[str, str]:
        return sample.id, sample.id


def _rng(sample: Sample) -> np.random.Generator:
    return np.random.default_rng(int(sample.id))


def prepared(
    folder: Path, count: int, size: tuple[int, int], short_side: int, space: str, native: bool, ram_limit: int
) -> Prepared:
    """A cache of `count` samples drawn at `size`, opened under a memory limit in bytes."""
    samples = tuple(Sample(str(i), "train", "clear_day", "", "", "") for i in range(count))
    dataset = Synthetic("synthetic", size, label_space(space), samples)
    write_prepared(dataset, index(dataset).rows, short_side, native, folder)
    return open_prepared(folder, ram_limit)
