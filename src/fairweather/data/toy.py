"""The toy twin: a small world, drawn on the fly, in which it is known by construction what brightening can do.

Classes differ by reflectance (a colour and a shape); the weather is exposure alone. clear_day frames are dim, snowy frames
bright where the world says so, and brightness says nothing about the class. A network that saw dim frames alone fails on
bright ones; one that was shown brighter copies, or real bright frames, does not. Hence the right answers:

* world `context`: snowy frames are bright in training and in test. Brightening helps if training saw clear_day alone, and
  has nothing to add once training sees all domains.
* world `both`: snowy frames are bright in test only. Brightening helps in both contexts.
* world `nothing`: snowy frames are as dim as clear_day. Brightening helps in neither.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from fairweather.data.dataset import Dataset, Option, Reader, ReaderCard, Sample
from fairweather.errors import DataError
from fairweather.vocabulary.labels import IGNORE, LabelSpace, label_space
from fairweather.vocabulary.streams import stable_hash

WORLDS = ("context", "nothing", "both")
DIM, BRIGHT = (0.42, 0.55), (1.15, 1.5)  # exposure of a frame, uniform
HEIGHT, WIDTH = 48, 64
SCENES = {"train": 24, "test": 20}  # scenes per domain; the scene is the group
FRAMES = {"train": 2, "test": 3}  # frames per scene
# Reflectance of ground, sky, block, post: at the brightest exposure 0.65 x 1.5 stays below saturation.
REFLECTANCE = np.array([[0.50, 0.50, 0.45], [0.40, 0.50, 0.65], [0.60, 0.40, 0.35], [0.35, 0.55, 0.35]], np.float32)


@dataclass(frozen=True)
class Toy(Dataset):
    """An opened toy world; pixels are drawn when asked for, the same on every machine."""

    name: str
    world: str
    samples: tuple[Sample, ...]
    label_space: LabelSpace

    def image(self, sample: Sample) -> np.ndarray:
        rng = np.random.Generator(np.random.Philox(stable_hash("toy pixels", self.world, sample.image)))
        tint = rng.uniform(0.96, 1.04, (4, 3)).astype(np.float32)
        low, high = BRIGHT if self._bright(sample) else DIM
        exposure = np.float32(rng.uniform(low, high))
        label = self.label(sample)
        light = (REFLECTANCE * tint)[np.where(label == IGNORE, 0, label)] * exposure
        light += 0.02 * rng.standard_normal(light.shape, dtype=np.float32)
        pixels: np.ndarray = np.clip(np.rint(light * 255), 0, 255).astype(np.uint8)
        return pixels

    def label(self, sample: Sample) -> np.ndarray:
        scene = np.random.Generator(np.random.Philox(stable_hash("toy scene", sample.group)))
        shift = int(sample.id.rsplit("-", 1)[1]) * 2  # the camera moves on from frame to frame
        label = np.zeros((HEIGHT, WIDTH), np.uint8)
        label[: scene.integers(16, 26)] = 1
        for _ in range(scene.integers(2, 5)):
            top, left = scene.integers(8, 26), scene.integers(0, WIDTH - 8) - shift
            label[top : top + scene.integers(8, 18), max(left, 0) : max(left + scene.integers(8, 20), 0)] = 2
        for _ in range(scene.integers(2, 5)):
            top, left = scene.integers(6, 22), scene.integers(4, WIDTH - 3) - shift
            label[top : top + scene.integers(12, 22), max(left, 0) : max(left + 3, 0)] = 3
        label[-2:] = IGNORE  # the bonnet
        return label

    def content(self, sample: Sample) -> tuple[str, str]:
        image, label = (hashlib.sha256(pixels.tobytes()) for pixels in (self.image(sample), self.label(sample)))
        return image.hexdigest(), label.hexdigest()

    def _bright(self, sample: Sample) -> bool:
        if sample.domain != "snowy" or self.world == "nothing":
            return False
        return self.world == "context" or sample.split == "test"


class ToyReader(Reader):
    """Draws the toy twin; there is no folder to point at."""

    card: ClassVar[ReaderCard] = ReaderCard(
        name="toy",
        summary="the toy twin: 4 classes, 2 domains, drawn on the fly, with a known right answer",
        source="fairweather",
        label_space="toy4",
        layout="none: embedded",
        get_it="embedded",
        options={"world": Option(WORLDS[0], WORLDS)},
    )

    def open(self, name: str, root: Path | None, splits: tuple[str, ...], options: Mapping[str, str]) -> Toy:
        if root is not None:
            raise DataError(f"data set {name!r}: reader toy is embedded and takes no root")
        samples = tuple(
            Sample(frame, split, domain, frame.rsplit("-", 1)[0], frame, frame)
            for split in splits
            if split in SCENES
            for domain in ("clear_day", "snowy")
            for scene in range(SCENES[split])
            for frame in (f"{split}/{domain}/{scene:03d}-{k}" for k in range(FRAMES[split]))
        )
        return Toy(name, options["world"], samples, label_space(self.card.label_space))
