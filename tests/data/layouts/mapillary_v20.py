"""Mapillary Vistas, v2.0 package: the labels of both versions below one folder of images."""

from collections.abc import Sequence
from pathlib import Path

from tests.data.layouts import Layout, Scene, save
from tests.data.layouts.mapillary_v12 import key, write_labels

from fairweather.data.mapillary import FOLDERS, SPACES


def write(root: Path, scenes: Sequence[Scene]) -> None:
    for scene in scenes:
        folder = root / FOLDERS[scene.split]
        save(scene.image, folder / "images" / f"{key(scene)}.jpg")
        for version, space in SPACES.items():
            write_labels(folder / version, scene, space)
        polygons = folder / "v2.0" / "polygons" / f"{key(scene)}.json"
        polygons.parent.mkdir(exist_ok=True)
        polygons.write_text("{}")
    save(scenes[0].image, root / "testing" / "images" / "T000000abcDEFghiJKLmno.jpg")
    for version in SPACES:
        (root / f"config_{version}.json").write_text("{}")


LAYOUT = Layout("mapillary", write, {"version": "v2.0"})
