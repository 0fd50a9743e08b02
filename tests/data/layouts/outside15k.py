"""OUTSIDE15k: two list files, pictures of ADE20K as JPEG and frames of Cityscapes as PNG, one-channel labels."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tests.data.layouts import Layout, Scene, save

from fairweather.vocabulary.labels import IGNORE, label_map, label_space

CITIES = ("aachen", "erfurt")


def classes() -> np.ndarray:
    """The class of OUTSIDE15k for each of cityscapes19, through the ids of Cityscapes; 0 where there is none."""
    ids, mapped = label_space("cityscapes34").classes, label_map("cityscapes34", "outside24").table
    lut = np.zeros(256, np.uint8)
    for train_id, name in enumerate(label_space("cityscapes19").classes):
        lut[train_id] = mapped[ids.index(name)]
    lut[lut == IGNORE] = 0
    return lut


def name(scene: Scene) -> str:
    """Every third picture of each group is a frame of Cityscapes."""
    if scene.number // 2 % 3:
        return f"ADE_train_{scene.number:08d}.jpg"
    return f"{CITIES[scene.group]}_{scene.number:06d}_000019_leftImg8bit.png"


def write(root: Path, scenes: Sequence[Scene]) -> None:
    lut, lists = classes(), {"train": [], "val": []}
    for scene in scenes:
        image, label = f"images/{name(scene)}", f"labels/{Path(name(scene)).stem}.png"
        save(scene.image, root / image)
        save(lut[scene.label], root / label)
        height, width = scene.label.shape
        record = {"fpath_img": image, "fpath_segm": label, "width": width, "height": height}
        lists[scene.split].append(json.dumps(record))
    for split, lines in lists.items():
        (root / f"outside15k_{split}.odgt").write_text("\n".join(lines) + "\n")


LAYOUT = Layout("outside15k", write)
