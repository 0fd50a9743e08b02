"""Fairtown as a data set: four towns, rendered when asked for."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import ClassVar

import numpy as np

from fairweather.data.dataset import Dataset, Option, Reader, ReaderCard, Sample
from fairweather.data.town.series import SIZE, weather
from fairweather.data.town.size import size_problem
from fairweather.errors import DataError
from fairweather.vocabulary.labels import LabelMap, LabelSpace, label_map, label_space

TOWN_NAMES = ("north", "east", "south", "west")
FRAMES = 5  # of a sequence


@dataclass(frozen=True)
class Fairtown(Dataset):
    """One town at one size; a sequence (one street, a moving camera) is the group. Pixels are the same on every machine.

    Args:
        merged: how the 19 classes become those of `label_space`, None where they are kept.
    """

    name: str
    town: str
    height: int
    width: int
    samples: tuple[Sample, ...]
    label_space: LabelSpace
    merged: LabelMap | None
    offers: ClassVar[frozenset[str]] = frozenset({"depth", "twin"})

    def image(self, sample: Sample) -> np.ndarray:
        return self._taken(sample)[0]

    def label(self, sample: Sample) -> np.ndarray:
        label = self._taken(sample)[1]
        return label if self.merged is None else self.merged.lut()[label]

    def depth(self, sample: Sample) -> np.ndarray:
        return self._taken(sample)[2]

    def content(self, sample: Sample) -> tuple[str, str]:
        image, label = (hashlib.sha256(pixels.data) for pixels in (self.image(sample), self.label(sample)))
        return image.hexdigest(), label.hexdigest()

    def twin(self, sample: Sample, domain: str, rng: np.random.Generator) -> np.ndarray:
        from fairweather.data.town.render import render
        from fairweather.data.town.street import draw_scene

        scene = draw_scene(self.town, sample.split, int(sample.image.rsplit("/", 1)[1]))
        return render(scene, domain, None, rng.integers(2**64, dtype=np.uint64), self.height, self.width).image

    def _taken(self, sample: Sample) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        index = int(sample.image.rsplit("/", 1)[1])
        return _take(self.town, sample.split, index, sample.domain, self.height, self.width)


@lru_cache(maxsize=8)  # image, label and hashes of one sample are asked for one after the other
def _take(
    town: str, split: str, index: int, domain: str, height: int, width: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    from fairweather.data.town.arithmetic import seed_of
    from fairweather.data.town.render import render
    from fairweather.data.town.street import draw_scene

    seed = seed_of("town weather", town, split, index // FRAMES, domain)
    taken = render(draw_scene(town, split, index), domain, None, seed, height, width)
    planes = taken.image, taken.label, taken.depth
    for plane in planes:
        plane.flags.writeable = False
    return planes


def _size_problem(text: str) -> str | None:
    if not re.fullmatch(r"\d{1,5}x\d{1,5}", text):
        return "is no size; write width x height, for example 256x128"
    width, height = map(int, text.split("x"))
    return size_problem(height, width)


class FairtownReader(Reader):
    """Renders Fairtown; there is no folder to point at."""

    card: ClassVar[ReaderCard] = ReaderCard(
        name="fairtown",
        summary="Fairtown: procedural streets in seven kinds of weather, 19 classes, depth, every scene in every domain",
        source="fairweather",
        label_space="cityscapes19",
        layout="none: embedded",
        get_it="embedded",
        options={
            "town": Option(TOWN_NAMES[0], TOWN_NAMES),
            "size": Option("256x128", (), _size_problem),
            "labels": Option("cityscapes19", ("cityscapes19", "cityscapes7")),  # classes, or their seven categories
        },
    )

    def open(self, name: str, root: Path | None, splits: tuple[str, ...], options: Mapping[str, str]) -> Fairtown:
        if root is not None:
            raise DataError(f"data set {name!r}: reader fairtown is embedded and takes no root")
        town, (width, height) = options["town"], map(int, options["size"].split("x"))
        samples = tuple(
            Sample(f"{split}/{sequence:03d}-{frame}", split, domain, f"{split}/{sequence:03d}", key, key)
            for split in splits
            if split in SIZE
            for sequence, domain in enumerate(weather(town, split))
            for frame in range(FRAMES)
            for key in (f"{split}/{sequence * FRAMES + frame}",)
        )
        space = options["labels"]
        merged = None if space == self.card.label_space else label_map(self.card.label_space, space)
        return Fairtown(name, town, height, width, samples, label_space(space), merged)
