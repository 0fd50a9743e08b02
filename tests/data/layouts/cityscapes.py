"""Cityscapes: leftImg8bit and gtFine by split and city; all label files of the download, train ids besides, test placeholders."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from tests.data.layouts import Layout, Scene, save

from fairweather.vocabulary.labels import label_map, label_space

CITIES = {"train": ("aachen", "jena"), "val": ("frankfurt", "munster")}


def ids() -> np.ndarray:
    """The Cityscapes id of each train id; what is ignored is unlabeled."""
    lut = np.zeros(256, np.uint8)
    for index, target in reversed(list(enumerate(label_map("cityscapes34", "cityscapes19").table))):
        lut[target] = index
    lut[255] = 0
    return lut


def colours(label: np.ndarray) -> Image.Image:
    """(H, W) train ids as the RGBA picture that comes beside them."""
    lut = np.zeros((256, 3), np.uint8)
    lut[:19] = label_space("cityscapes19").colours
    return Image.fromarray(lut[label]).convert("RGBA")


def stem(scene: Scene) -> str:
    city = CITIES[scene.split][scene.group]
    return f"{scene.split}/{city}/{city}_{scene.number:06d}_000019"


def write_labels(root: Path, scenes: Sequence[Scene]) -> None:
    """gtFine: what is declared and everything that lies beside it."""
    for scene in scenes:
        fine = f"{root}/gtFine/{stem(scene)}_gtFine"
        numbers = ids()[scene.label]
        save(numbers, Path(f"{fine}_labelIds.png"))
        save(colours(scene.label), Path(f"{fine}_color.png"))
        save(numbers.astype(np.uint16), Path(f"{fine}_instanceIds.png"))
        save(scene.label, Path(f"{fine}_labelTrainIds.png"))  # not in the download: the user drew them
        height, width = scene.label.shape
        Path(f"{fine}_polygons.json").write_text(json.dumps({"imgHeight": height, "imgWidth": width, "objects": []}))
    placeholder = np.full(scenes[0].label.shape, 3, np.uint8)
    placeholder[-4:] = 1
    save(placeholder, root / "gtFine/test/berlin/berlin_000000_000019_gtFine_labelIds.png")


def write(root: Path, scenes: Sequence[Scene]) -> None:
    for scene in scenes:
        save(scene.image, root / f"leftImg8bit/{stem(scene)}_leftImg8bit.png")
    save(scenes[0].image, root / "leftImg8bit/test/berlin/berlin_000000_000019_leftImg8bit.png")
    write_labels(root, scenes)


LAYOUT = Layout("cityscapes", write)
