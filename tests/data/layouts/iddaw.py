"""IDD-AW: split, weather, kind, sequence; a near-infrared image beside each; sequences and frame numbers repeat."""

from collections.abc import Sequence
from pathlib import Path

from tests.data.layouts import Layout, Scene, save
from tests.data.layouts.idd import write_polygons

FOLDERS = {"foggy": "FOG", "night": "LOWLIGHT", "rainy": "RAIN", "snowy": "SNOW"}


def place(root: Path, scene: Scene, kind: str) -> str:
    sequence = 10 * (scene.split == "val") + scene.group
    return f"{root}/{scene.split}/{FOLDERS[scene.domain]}/{kind}/{sequence:03d}/{7:08d}"


def write(root: Path, scenes: Sequence[Scene]) -> None:
    for scene in scenes:
        if scene.domain in FOLDERS:
            save(scene.image, Path(place(root, scene, "rgb") + "_rgb.png"))
            save(255 - scene.image[..., 0], Path(place(root, scene, "nir") + "_nir.png"))
            write_polygons(Path(place(root, scene, "gtSeg") + "_mask.json"), scene.label)
            if scene.split == "val":  # labels of test are withheld
                test = place(root, scene, "rgb").replace("/val/", "/test/")
                save(scene.image, Path(test + "_rgb.png"))


LAYOUT = Layout("iddaw", write)
