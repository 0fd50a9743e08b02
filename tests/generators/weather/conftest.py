"""What the tests of ready-picture weather share: pictures, depths, and the formulas in ordinary floating point."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest


def decode(value: np.ndarray) -> np.ndarray:
    """Linear light of display values 0..255 (IEC 61966-2-1)."""
    v = np.asarray(value, np.float64) / 255
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


def encode(light: np.ndarray) -> np.ndarray:
    """Display values 0..255 of linear light, not rounded."""
    x = np.asarray(light, np.float64)
    return 255 * np.where(x <= 0.0031308, 12.92 * x, 1.055 * np.maximum(x, 1e-9) ** (1 / 2.4) - 0.055)


def draw_street(height: int, width: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """A picture of random grain and a depth of 0.3 m to 3 km with some sky."""
    rng = np.random.default_rng(seed)
    image = rng.integers(0, 256, (height, width, 3), np.uint8)
    depth = (0.3 * 10.0 ** rng.uniform(0, 4, (height, width))).astype(np.float32)
    depth[rng.random((height, width)) < 0.1] = np.inf
    return image, depth


@dataclass(frozen=True)
class Plain:
    """The fixture `plain`: functions of this file."""

    decode: Callable[[np.ndarray], np.ndarray] = decode
    encode: Callable[[np.ndarray], np.ndarray] = encode
    street: Callable[..., tuple[np.ndarray, np.ndarray]] = draw_street


@pytest.fixture(scope="session")
def plain() -> Plain:
    return Plain()
