"""Mapillary Vistas, v1.x package: images, labels, and beside them instances and panoptic files of the same names."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from tests.data.layouts import Layout, Scene, inverse, save

from fairweather.data.mapillary import FOLDERS
from fairweather.vocabulary.labels import label_space


def key(scene: Scene) -> str:
    """22 characters, some beginning with - or _."""
    return f"{'-_K'[scene.number % 3]}{scene.number:06d}abcDEFghiJKLmno"


def native(scene: Scene, space: str) -> Image.Image:
    """The label as a palette picture; what has no class of its own is the last class, Unlabeled."""
    classes = label_space(space)
    picture = Image.fromarray(inverse(space, classes.num_classes - 1)[scene.label])
    picture.putpalette(
        [value for colour in classes.colours for value in colour] + [0] * 3 * (256 - classes.num_classes)
    )
    return picture


def write_labels(folder: Path, scene: Scene, space: str) -> None:
    """labels/, and beside it what is not to be read."""
    save(native(scene, space), folder / "labels" / f"{key(scene)}.png")
    save(np.asarray(native(scene, space)).astype(np.uint16) * 256, folder / "instances" / f"{key(scene)}.png")
    save(scene.image, folder / "panoptic" / f"{key(scene)}.png")


def write(root: Path, scenes: Sequence[Scene]) -> None:
    for scene in scenes:
        folder = root / FOLDERS[scene.split]
        save(scene.image, folder / "images" / f"{key(scene)}.jpg")
        write_labels(folder, scene, "mapillary66")
    save(scenes[0].image, root / "testing" / "images" / "T000000abcDEFghiJKLmno.jpg")
    (root / "config.json").write_text("{}")


LAYOUT = Layout("mapillary", write)
