"""BDD10K, the older package: seg/images, seg/labels beside seg/color_labels, records of 2018; root is bdd100k itself."""

import json
from collections.abc import Sequence
from pathlib import Path

from tests.data.layouts import Layout, Scene, save
from tests.data.layouts.bdd10k import colours, name, records


def write(root: Path, scenes: Sequence[Scene]) -> None:
    for scene in scenes:
        save(scene.image, root / "seg" / "images" / scene.split / f"{name(scene)}.jpg")
        save(scene.label, root / "seg" / "labels" / scene.split / f"{name(scene)}_train_id.png")
        save(colours(scene.label), root / "seg" / "color_labels" / scene.split / f"{name(scene)}_train_color.png")
    save(scenes[0].image, root / "seg" / "images" / "test" / "fe000000-00000000.jpg")
    (root / "labels").mkdir()
    for split, file in records(scenes).items():
        (root / "labels" / f"bdd100k_labels_images_{split}.json").write_text(json.dumps(file, indent=4))


LAYOUT = Layout("bdd10k", write)
