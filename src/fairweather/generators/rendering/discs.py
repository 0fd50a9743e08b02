"""Fog out of discs: many weak white discs at random places, as Automold and albumentations paint it.

The originals blend one disc after the other into the picture. A white disc of opacity a turns I into 255 - (1 - a)(255 - I):
the order does not matter, and n discs over a pixel leave (1 - a)^n of its darkness. So discs are counted, and the picture is
blended once. Equal to the originals up to their rounding at each disc.
"""

import cv2
import numpy as np

from fairweather.kernels import kernel


def fogged(image: np.ndarray, c: float, rng: np.random.Generator, alpha: float = 0.08, blur: int = 0) -> np.ndarray:
    """Fog as Automold's `add_fog`: `growing` discs of opacity alpha c, then a box blur.

    Args:
        image: uint8 (H, W, 3) RGB; left untouched.
        c: how much fog, 0..1. More fog means larger and stronger discs.
        alpha: opacity of a disc at c = 1.
        blur: side of the box blur in pixels; 0 or 1: none. Automold takes `unit(W, c) // 10`.

    Returns:
        uint8 (H, W, 3).
    """
    height, width = image.shape[:2]
    foggy = veiled(image, growing(height, width, c, rng), alpha * c)
    return cv2.blur(foggy, (blur, blur)) if blur > 1 else foggy


def unit(width: int, c: float) -> int:
    """hw of Automold, the diameter of its discs in pixels: W // 3 times c, but at least 10 (below that the original breaks)."""
    return max(10, int(width // 3 * c))


def growing(height: int, width: int, c: float, rng: np.random.Generator) -> np.ndarray:
    """Automold's discs: windows that grow from the centre of the picture outwards, the k-th with k times as many discs.

    Returns:
        int64 (n, 3): x and y of the centres, radius, in pixels; centres may lie outside the picture.
    """
    hw = unit(width, c)
    left, top = width // 2 - 2 * hw, height // 2 - hw
    windows: list[np.ndarray] = []
    while left > -hw or top > -hw:
        number = hw // 10 * (len(windows) + 1)
        x = rng.integers(left, width - left - hw, number)
        y = rng.integers(top, height - top - hw, number)
        windows.append(np.stack([x + hw // 2, y + hw // 2, np.full(number, hw // 2)], axis=1))
        left -= 3 * hw * width // (width + height)
        top -= 3 * hw * height // (width + height)
    return np.concatenate(windows)


def shrinking(height: int, width: int, c: float, rng: np.random.Generator) -> np.ndarray:
    """The discs of albumentations 2.0.8 (RandomFog): ten windows about the centre, each 0.9 times as wide as the one before, all
    of the same density.

    Returns:
        int64 (n, 3): x and y of the centres, radius, in pixels.
    """
    side = max(1, int(width // 3 * c))
    centre = np.array([(width - 1) // 2, (height - 1) // 2])
    across, down = width, height
    windows = []
    for _ in range(10):
        if min(across, down) <= side:
            break
        number = int(across * down / (side * side) * c * 10)
        half = np.array([across // 2, down // 2])
        windows.append(rng.integers(centre - half, centre + half + 1, (number, 2)))
        across, down = int(across * 0.9), int(down * 0.9)
    places = np.concatenate(windows) if windows else np.empty((0, 2), np.int64)
    largest = max(2, int(min(height, width) * 0.1 * c))
    radii = rng.integers(max(1, largest // 2), largest, len(places))
    return np.column_stack([places, radii])


def veiled(image: np.ndarray, discs: np.ndarray, opacity: float) -> np.ndarray:
    """The picture behind white discs: I t + 255 (1 - t), t = (1 - opacity)^n where n discs cover a pixel.

    Args:
        image: uint8 (H, W, 3) RGB; left untouched.
        discs: int64 (n, 3), x, y, radius in pixels.
        opacity: of each disc, 0..1.

    Returns:
        uint8 (H, W, 3).
    """
    height, width = image.shape[:2]
    edges = np.zeros((height, width + 1), np.int16)
    _outline(discs, edges)
    kept = np.power(1.0 - opacity, np.arange(len(discs) + 1))
    out = np.empty((height, width, 3), np.uint8)
    flat = np.ascontiguousarray(image).reshape(height, 3 * width)
    _blend(_readable(flat), edges, (kept * 65535 + 0.5).astype(np.uint16), out.reshape(height, 3 * width))
    return out


def _readable(array: np.ndarray) -> np.ndarray:
    """A read-only view: numba compiles anew for writable and read-only arrays, this way only once."""
    view = array.view()
    view.flags.writeable = False
    return view


@kernel(nogil=True)
def _outline(discs: np.ndarray, edges: np.ndarray) -> None:
    """Add 1 where a disc begins in a row and take it away where it has ended: sums along rows are counts of discs."""
    height, width = edges.shape[0], edges.shape[1] - 1
    for i in range(discs.shape[0]):
        x, y, r = discs[i]
        for row in range(max(y - r, 0), min(y + r + 1, height)):
            half = int(np.sqrt(float(r * r - (row - y) * (row - y))))
            begin, end = max(x - half, 0), min(x + half + 1, width)
            if begin < end:
                edges[row, begin] += np.int16(1)
                edges[row, end] -= np.int16(1)


@kernel(nogil=True)
def _blend(image: np.ndarray, edges: np.ndarray, kept: np.ndarray, out: np.ndarray) -> None:
    """255 - kept (255 - image) with 16 bits after the point, row by row; the second loop becomes vectors."""
    weight = np.empty(image.shape[1], np.uint16)
    for row in range(image.shape[0]):
        number = 0
        for x in range(edges.shape[1] - 1):
            number += edges[row, x]
            w = kept[number]
            weight[3 * x] = w
            weight[3 * x + 1] = w
            weight[3 * x + 2] = w
        _mix(image[row], weight, out[row])


@kernel(nogil=True)
def _mix(image: np.ndarray, weight: np.ndarray, out: np.ndarray) -> None:
    for i in range(image.size):
        dark = np.uint16(np.uint16(np.uint16(255) - np.uint16(image[i])) << np.uint16(8))
        left = np.uint16((np.uint32(dark) * np.uint32(weight[i])) >> np.uint32(16))
        out[i] = np.uint8(np.uint16(255) - np.uint16(np.uint16(left + np.uint16(128)) >> np.uint16(8)))
