"""BDD10K, the newer packages: images/10k, labels/sem_seg beside its colormaps, det_20 records; root holds bdd100k/.

One training image has no record; half of the others have theirs in the file of the other split, as in the original.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tests.data.layouts import Layout, Scene, save

from fairweather.vocabulary.labels import label_space

WEATHER = {
    "clear_day": "clear", "cloudy": "overcast", "dawn_dusk": "partly cloudy", "foggy": "foggy", "night": "rainy",
    "rainy": "rainy", "snowy": "snowy",
}  # fmt: skip
HOUR = {"night": "night", "dawn_dusk": "dawn/dusk"}


def name(scene: Scene) -> str:
    """Scenes of one group share the first half, as frames of one video do."""
    return f"{0x10000000 * (scene.split == 'val') + scene.group:08x}-{scene.number:08x}"


def nameless(scenes: Sequence[Scene]) -> Scene:
    """The scene that has no record: the first cloudy one."""
    return next(scene for scene in scenes if scene.domain == "cloudy")


def records(scenes: Sequence[Scene]) -> dict[str, list[dict[str, object]]]:
    """The records of the two files, with one in each of an image that is not in 10K."""
    found: dict[str, list[dict[str, object]]] = {"train": [], "val": []}
    for key, file in found.items():
        facts = {"weather": "clear", "timeofday": "daytime", "scene": "highway"}
        file.append({"name": f"ffffffff-0000000{'01'[key == 'val']}.jpg", "attributes": facts, "labels": []})
    for scene in scenes:
        if scene is not nameless(scenes):
            facts = {
                "weather": WEATHER[scene.domain],
                "timeofday": HOUR.get(scene.domain, "daytime"),
                "scene": "highway",
            }
            box = {"category": "car", "box2d": {"x1": 1.0, "y1": 2.0, "x2": 3.0, "y2": 4.0}}
            file = found["train" if scene.number // 2 % 2 else "val"]
            file.append({"name": f"{name(scene)}.jpg", "attributes": facts, "labels": [box]})
    return found


def colours(label: np.ndarray) -> np.ndarray:
    """The publisher's colours, in which wall and fence are swapped against Cityscapes."""
    lut = np.zeros((256, 3), np.uint8)
    lut[:19] = label_space("cityscapes19").colours
    lut[[3, 4]] = lut[[4, 3]]
    return lut[label]


def write(root: Path, scenes: Sequence[Scene]) -> None:
    base = root / "bdd100k"
    for scene in scenes:
        save(scene.image, base / "images" / "10k" / scene.split / f"{name(scene)}.jpg")
        save(scene.label, base / "labels" / "sem_seg" / "masks" / scene.split / f"{name(scene)}.png")
        colormap = base / "labels" / "sem_seg" / "colormaps" / scene.split / f"{name(scene)}.png"
        save(colours(scene.label), colormap)
    save(scenes[0].image, base / "images" / "10k" / "test" / "fe000000-00000000.jpg")
    (base / "labels" / "det_20").mkdir()
    for split, file in records(scenes).items():
        (base / "labels" / "det_20" / f"det_{split}.json").write_text(json.dumps(file))
        rles = base / "labels" / "sem_seg" / "rles" / f"sem_seg_{split}.json"
        rles.parent.mkdir(exist_ok=True)
        rles.write_text("[]")


LAYOUT = Layout("bdd10k", write)
