"""ACDC: four conditions, every label file side by side, a reference for each frame, some of them with a label of their own."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tests.data.layouts import Layout, Scene, save
from tests.data.layouts.cityscapes import colours, ids

FOLDERS = {"foggy": "fog", "night": "night", "rainy": "rain", "snowy": "snow"}


def sequence(scene: Scene) -> str:
    return f"GOPR{10 * (scene.split == 'val') + scene.group:04d}"


def key(scene: Scene, part: str) -> str:
    """condition/part/sequence/frame of an adverse scene; its reference has the same numbers in another part."""
    return f"{FOLDERS[scene.domain]}/{part}/{sequence(scene)}/{sequence(scene)}_frame_{scene.number:06d}"


def reference(scene: Scene, scenes: Sequence[Scene]) -> Scene:
    """The scene in fair weather that is filmed where an adverse one was."""
    return next(s for s in scenes if (s.domain, s.split, s.group) == ("clear_day", scene.split, scene.group))


def write_labels(stem: str, label: np.ndarray) -> None:
    """All files that lie beside each other; the last two say how sure the annotator was."""
    save(ids()[label], Path(f"{stem}_labelIds.png"))
    save(label, Path(f"{stem}_labelTrainIds.png"))
    save(colours(label), Path(f"{stem}_labelColor.png"))
    save(np.where(label == 255, 255, 0).astype(np.uint8), Path(f"{stem}_invIds.png"))
    save(np.where(label == 255, 128, 0).astype(np.uint8), Path(f"{stem}_invGray.png"))


def write(root: Path, scenes: Sequence[Scene]) -> None:
    for scene in scenes:
        if scene.domain in FOLDERS:
            calm, ref = reference(scene, scenes), key(scene, f"{scene.split}_ref")
            save(scene.image, root / f"rgb_anon/{key(scene, scene.split)}_rgb_anon.png")
            save(calm.image, root / f"rgb_anon/{ref}_rgb_ref_anon.png")
            write_labels(f"{root}/gt/{key(scene, scene.split)}_gt", scene.label)
            if scene.group == 0:
                write_labels(f"{root}/gt/{ref}_gt_ref", calm.label)
            if scene.split == "val":  # labels of test are withheld
                save(scene.image, root / f"rgb_anon/{key(scene, 'test')}_rgb_anon.png")
                save(calm.image, root / f"rgb_anon/{key(scene, 'test_ref')}_rgb_ref_anon.png")


LAYOUT = Layout("acdc", write, {"references": "yes"})
