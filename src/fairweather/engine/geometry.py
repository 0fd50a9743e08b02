"""The geometric base every arm shares: a random scale, a crop and a flip, drawn once and applied to image and label alike."""

from dataclasses import dataclass

import cv2
import numpy as np

from fairweather.vocabulary.labels import IGNORE

IMAGE_FILL = (124, 116, 104)  # ImageNet's channel mean, RGB


@dataclass(frozen=True)
class Window:
    """The part of a prepared sample that becomes one crop.

    Args:
        top, left, height, width: in pixels of the prepared sample; may reach beyond it, which becomes fill and 255.
        flip: mirrored left to right.
    """

    top: int
    left: int
    height: int
    width: int
    flip: bool


def draw_window(
    rng: np.random.Generator, size: tuple[int, int], crop: tuple[int, int], scale: tuple[float, float]
) -> Window:
    """A window for a sample of `size` (height, width): its `crop` shows the sample scaled by U(scale)."""
    factor = rng.uniform(*scale)
    height, width = max(round(crop[0] / factor), 1), max(round(crop[1] / factor), 1)
    top, left = _offset(rng, size[0], height), _offset(rng, size[1], width)
    return Window(top, left, height, width, bool(rng.random() < 0.5))


def _offset(rng: np.random.Generator, length: int, window: int) -> int:
    low, high = min(0, length - window), max(0, length - window)
    return int(rng.integers(low, high, endpoint=True))


def cut(image: np.ndarray, label: np.ndarray, window: Window, crop: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """The crop (h, w, 3) uint8 and its label (h, w) uint8; both new arrays."""
    rows, above, below = _span(window.top, window.height, label.shape[0])
    columns, before, after = _span(window.left, window.width, label.shape[1])
    image, label = image[rows, columns], label[rows, columns]
    if above or below or before or after:
        image = cv2.copyMakeBorder(image, above, below, before, after, cv2.BORDER_CONSTANT, value=IMAGE_FILL)
        label = cv2.copyMakeBorder(label, above, below, before, after, cv2.BORDER_CONSTANT, value=IGNORE)
    size = crop[1], crop[0]
    image = cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)
    label = cv2.resize(label, size, interpolation=cv2.INTER_NEAREST_EXACT)
    return (cv2.flip(image, 1), cv2.flip(label, 1)) if window.flip else (image, label)


def _span(start: int, length: int, limit: int) -> tuple[slice, int, int]:
    stop = start + length
    inside = slice(max(start, 0), min(stop, limit))
    return inside, max(-start, 0), max(stop - limit, 0)
