"""IDD Segmentation: leftImg8bit and gtFine by split and drive; labels are polygons, and everything the drawing rules are about
is in them: objects that cover others, a deleted one, one of two points, a group."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tests.data.layouts import Layout, Scene, save

from fairweather.vocabulary.labels import label_map, label_space

GROUND = "drivable fallback"  # the label under all others: what stays of it is no class of Cityscapes


def names() -> dict[int, str]:
    """A label of IDD for each Cityscapes class."""
    space, table = label_space("idd"), label_map("idd", "cityscapes19").table
    return {value: space.classes[index] for index, value in reversed(list(enumerate(table))) if value != 255}


def rectangle(x: int, y: int, right: int, bottom: int) -> list[list[int]]:
    """The polygon of the pixels from (x, y) to (right, bottom), both inside."""
    return [[x, y], [right, y], [right, bottom], [x, bottom]]


def polygons(label: np.ndarray) -> dict[str, Any]:
    """The file whose drawing gives a (H, W) label of train ids back: one object for each run of pixels of a row."""
    height, width = label.shape
    whole = rectangle(0, 0, width - 1, height - 1)
    objects: list[dict[str, Any]] = [{"label": "sky", "polygon": whole}, {"label": GROUND, "polygon": whole}]
    for y, row in enumerate(label):
        edges = np.flatnonzero(np.diff(row.astype(int))) + 1
        for x, end in zip([0, *edges], [*edges, width], strict=True):
            if row[x] != 255:
                name = names()[int(row[x])]
                name += "group" if name == "person" and y % 2 else ""
                objects.append({"label": name, "polygon": rectangle(int(x), y, int(end) - 1, y)})
    objects.append({"label": "car", "polygon": whole, "deleted": 1})
    objects.append({"label": "car", "polygon": [[0, 0], [width - 1, height - 1]], "deleted": 0})
    return {"imgHeight": height, "imgWidth": width, "objects": [{"id": i, **o} for i, o in enumerate(objects)]}


def write_polygons(path: Path, label: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(polygons(label)))


def key(scene: Scene) -> str:
    """split/drive/frame; frame numbers repeat between drives."""
    return f"{scene.split}/{10 * (scene.split == 'val') + scene.group}/{scene.number % 14:06d}"


def write(root: Path, scenes: Sequence[Scene]) -> None:
    for scene in scenes:
        suffix = "png" if scene.group else "jpg"  # the second part of the data set is JPEG
        save(scene.image, root / f"leftImg8bit/{key(scene)}_leftImg8bit.{suffix}")
        write_polygons(root / f"gtFine/{key(scene)}_gtFine_polygons.json", scene.label)
    save(scenes[0].image, root / "leftImg8bit/test/99/000000_leftImg8bit.png")


LAYOUT = Layout("idd", write)
