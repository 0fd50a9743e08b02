"""A tiny CamVid-shaped folder, written by the test."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

FRAMES = [
    ("0001TP_1", "train", "0001TP", "dawn_dusk"),
    ("0006R0_1", "train", "0006R0", "clear_day"),
    ("0006R0_2", "train", "0006R0", "clear_day"),
    ("0016E5_1", "val", "0016E5", "clear_day"),
    ("0001TP_9", "test", "0001TP", "dawn_dusk"),
    ("Seq05VD_1", "test", "Seq05VD", "clear_day"),
]


@pytest.fixture
def tiny_camvid(tmp_path: Path) -> Callable[[], Path]:
    """Makes the folder anew at each call: six frames of 40x30, half of them .png."""

    def make() -> Path:
        root = tmp_path / "camvid"
        rng = np.random.default_rng(0)
        lines = ["frame,split,sequence,domain"]
        for number, (frame, split, sequence, domain) in enumerate(FRAMES):
            lines.append(",".join((frame, split, sequence, domain)))
            for kind in ("images", "labels"):
                (root / kind / split).mkdir(parents=True, exist_ok=True)
            image = rng.integers(0, 256, (30, 40, 3), np.uint8)
            suffix = "jpg" if number % 2 else "png"
            Image.fromarray(image).save(root / "images" / split / f"{frame}.{suffix}")
            Image.fromarray(rng.integers(0, 12, (30, 40), np.uint8)).save(root / "labels" / split / f"{frame}.png")
        (root / "frames.csv").write_text("\n".join(lines) + "\n")
        return root

    return make
