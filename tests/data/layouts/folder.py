"""The ordinary layout: frames.csv beside images and labels."""

from collections.abc import Sequence
from pathlib import Path

from tests.data.layouts import Layout, Scene, save


def write(root: Path, scenes: Sequence[Scene]) -> None:
    lines = ["image,label,split,domain,group"]
    for scene in scenes:
        image, label = f"images/{scene.number:03d}.jpg", f"labels/{scene.number:03d}.png"
        save(scene.image, root / image)
        save(scene.label, root / label)
        lines.append(f"{image},{label},{scene.split},{scene.domain},{scene.split}-{scene.group}")
    (root / "frames.csv").write_text("\n".join(lines) + "\n")


LAYOUT = Layout("folder", write)
