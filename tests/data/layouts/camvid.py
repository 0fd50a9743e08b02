"""CamVid, SegNet tutorial version: images/, labels/ by split, frames.csv; 11 classes and void."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tests.data.layouts import Layout, Scene, save

from fairweather.data.camvid import VOID
from fairweather.vocabulary.labels import label_map, label_space


def classes() -> np.ndarray:
    """The CamVid class of each Cityscapes class, VOID where there is none."""
    lut = np.full(256, VOID, np.uint8)
    for index, target in reversed(list(enumerate(label_map("camvid11", "cityscapes19").table))):
        lut[target] = index
    lut[label_space("cityscapes19").classes.index("bicycle")] = label_space("camvid11").classes.index("bicyclist")
    lut[255] = VOID
    return lut


def write(root: Path, scenes: Sequence[Scene]) -> None:
    lut, lines = classes(), ["frame,split,sequence,domain"]
    for scene in scenes:
        frame = f"0001TP_{scene.number:06d}"
        save(scene.image, root / "images" / scene.split / f"{frame}.jpg")
        save(lut[scene.label], root / "labels" / scene.split / f"{frame}.png")
        lines.append(f"{frame},{scene.split},{scene.split}-{scene.group},{scene.domain}")
    (root / "frames.csv").write_text("\n".join(lines) + "\n")


LAYOUT = Layout("camvid", write)
