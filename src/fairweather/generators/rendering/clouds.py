"""Layers of clouds over the whole picture, as imgaug's CloudLayer (imgaug 0.4.0, MIT) makes them."""

from dataclasses import dataclass

import cv2
import numpy as np

from fairweather.generators.rendering import frequency
from fairweather.generators.rendering.veil import seen_through

Range = tuple[float, float]
_FINEST = 320  # the longer side of the grid on which clouds are made: what is finer than 4 of 1280 pixels is left out
_GRID = (8, 8)  # of coarse differences


@dataclass(frozen=True)
class Cloud:
    """What a layer of clouds is drawn from; pairs are ranges of uniform draws.

    Args:
        mean: grey level; exponent: of the fine differences of the grey (see `frequency.noise`); coarse: deviation of the coarse
            ones, in grey levels.
        least, more: opacity is least + more noise, before sparsity and density.
        size, opacity_exponent: of that noise; size in points of its grid.
        sparsity: an exponent on the opacity; density: a factor on it.
    """

    mean: Range
    exponent: Range
    coarse: float
    least: Range
    more: Range
    size: tuple[int, int]
    opacity_exponent: Range
    sparsity: Range
    density: Range


WIDE = Cloud(
    (196, 255), (-2.5, -2.0), 10, (0, 0), (0.25, 0.75), (2, 8), (-2.5, -2.0), (0.8, 1.0), (0.5, 1.0)
)  # fmt: skip
SMALL = Cloud(
    (196, 255), (-2.0, -1.0), 10, (0, 0), (0.5, 1.0), (64, 128), (-2.0, -1.0), (1.0, 1.4), (0.8, 1.5)
)  # fmt: skip
FOG = Cloud(
    (220, 255), (-2.0, -1.5), 2, (0.7, 0.9), (0.3, 0.3), (2, 8), (-4.0, -2.0), (0.9, 0.9), (0.4, 0.9)
)  # fmt: skip


def clouded(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Clouds: wide ones, small ones, or both, each of the three as likely as imgaug's SomeOf((1, 2)) makes it: 1/4, 1/4, 1/2."""
    both, wide = rng.random(2) < 0.5
    kinds = [kind for kind, there in ((WIDE, both or wide), (SMALL, both or not wide)) if there]
    return veiled(image, [layer(image.shape[:2], kind, rng) for kind in kinds])


def layer(shape: tuple[int, int], kind: Cloud, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Opacity 0..1 and grey 0..255 of a layer of clouds, both float32, on a grid of at most 320 points a side."""
    scale = min(1.0, _FINEST / max(shape))
    height, width = max(1, int(shape[0] * scale + 0.5)), max(1, int(shape[1] * scale + 0.5))
    mean, exponent, least, more, opacity_exponent, sparsity, density = (
        rng.uniform(*bounds)
        for bounds in (
            kind.mean, kind.exponent, kind.least, kind.more, kind.opacity_exponent, kind.sparsity, kind.density
        )
    )  # fmt: skip
    coarse = rng.normal(0, kind.coarse, _GRID).astype(np.float32)
    grey = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC) + np.float32(mean)
    fine = frequency.noise((height, width), exponent, _FINEST, rng)
    grey = (grey + np.float32(mean / 5) * (2 * fine - 1)).clip(0, 255)
    size = int(rng.integers(kind.size[0], kind.size[1] + 1))
    waves = frequency.noise((height, width), opacity_exponent, size, rng)
    steps = frequency.powers(least + more * np.arange(1, 4097) / 4096, sparsity) * density
    opacity = np.minimum(steps, 1).astype(np.float32)[(waves * 4095).astype(np.int32)]
    return opacity, grey


def veiled(image: np.ndarray, layers: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """The picture behind layers of clouds, the last in front: (1 - opacity) picture + opacity grey for each."""
    height, width = image.shape[:2]
    kept, added = np.ones_like(layers[0][0]), np.zeros_like(layers[0][1])
    for opacity, grey in layers:
        kept, added = kept * (1 - opacity), added * (1 - opacity) + opacity * grey
    planes = ((kept * 65535 + 0.5).astype(np.uint16), (added * 256 + 0.5).astype(np.uint16))
    if kept.shape != (height, width):
        planes = tuple(cv2.resize(plane, (width, height), interpolation=cv2.INTER_LINEAR) for plane in planes)
    return seen_through(image, *planes)
