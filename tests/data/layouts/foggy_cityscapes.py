"""Foggy Cityscapes: each foggy scene three times, by density; gtFine of Cityscapes beside it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tests.data.layouts import Layout, Scene, save
from tests.data.layouts.cityscapes import stem, write_labels

BETAS = ("0.005", "0.01", "0.02")


def veiled(image: np.ndarray, beta: str) -> np.ndarray:
    """(H, W, 3) the same picture, another for each density."""
    share = 20 * float(beta)
    return np.rint(image * (1 - share) + 220 * share).astype(np.uint8)


def write(root: Path, scenes: Sequence[Scene]) -> None:
    foggy = [scene for scene in scenes if scene.domain == "foggy"]
    for scene in foggy:
        for beta in BETAS:
            path = root / f"leftImg8bit_foggy/{stem(scene)}_leftImg8bit_foggy_beta_{beta}.png"
            save(veiled(scene.image, beta), path)
    write_labels(root, foggy)


LAYOUT = Layout("foggy_cityscapes", write, {"beta": "0.01"})
