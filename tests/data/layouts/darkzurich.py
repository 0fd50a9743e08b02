"""Dark Zurich: train without labels by time of day, val at night with labels, its references by day without."""

from collections.abc import Sequence
from pathlib import Path

from tests.data.layouts import Layout, Scene, save
from tests.data.layouts.acdc import write_labels

TRAIN = {"night": "night", "dawn_dusk": "twilight", "clear_day": "day"}


def write(root: Path, scenes: Sequence[Scene]) -> None:
    for scene in scenes:
        name = f"GP{scene.group:06d}"
        frame = f"{name}/{name}_frame_{scene.number:06d}"
        if scene.split == "train" and scene.domain in TRAIN:
            save(scene.image, root / f"rgb_anon/train/{TRAIN[scene.domain]}/{frame}_rgb_anon.png")
        if scene.split == "val" and scene.domain == "night":
            save(scene.image, root / f"rgb_anon/val/night/{frame}_rgb_anon.png")
            write_labels(f"{root}/gt/val/night/{frame}_gt", scene.label)
        if scene.split == "val" and scene.domain == "clear_day":
            ref = frame.replace("/", "_ref/")
            save(scene.image, root / f"rgb_anon/val_ref/day/{ref}_ref_rgb_anon.png")


LAYOUT = Layout("darkzurich", write, splits=("val",))
