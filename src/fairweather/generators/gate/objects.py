"""Small objects: how well their outlines stand out from the surround, before and after."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fairweather.generators.gate.structure import IGNORED, Structure
from fairweather.kernels import kernel

FEWEST = 40  # points of outline below which nothing is said
FAINTEST = 0.1  # contrast before below which there is nothing to vanish


@dataclass(frozen=True)
class Contrast:
    """Of one class in one picture, or of several together.

    Args:
        name: the class.
        points: of its outlines, in pixels of the reduced picture.
        before, after: how far structure runs along those outlines in the source and in the made picture: mean scalar product
            with the outline's own direction, 1 a clear edge all along, 0 none, or any.
    """

    name: str
    points: int
    before: float
    after: float


def contrasts(
    label: np.ndarray, classes: Sequence[str], small: frozenset[str], outline: Structure, before: Structure,
    after: Structure, dx: int, dy: int,
) -> tuple[Contrast, ...]:  # fmt: skip
    """The contrast of each small class that has an outline in the label map.

    Args:
        label: uint8 (H, W) at the size of the structures; outline: its structure.
        dx, dy: where the made picture lies over the source.
    """
    wanted = np.zeros(256, np.bool_)
    wanted[[k for k, name in enumerate(classes) if name in small]] = True
    if not wanted.any():
        return ()
    counts, sums = np.zeros(256, np.int64), np.zeros((256, 2))
    planes = (outline.cosine, outline.sine, before.cosine, before.sine, after.cosine, after.sine)
    _along(label, wanted, *planes, dx, dy, counts, sums)
    found = (k for k in range(len(classes)) if counts[k])
    return tuple(Contrast(classes[k], int(counts[k]), *(float(s) / int(counts[k]) for s in sums[k])) for k in found)


def kept(found: Sequence[Contrast]) -> float:
    """Contrast after over before of all of them, each counted by its points; NaN where there is too little to judge by."""
    points = sum(c.points for c in found)
    before = sum(c.points * c.before for c in found)
    if points < FEWEST or before < FAINTEST * points:
        return float("nan")
    return sum(c.points * c.after for c in found) / before


@kernel(nogil=True)
def _along(
    label: np.ndarray, wanted: np.ndarray, cosine: np.ndarray, sine: np.ndarray, cosine_before: np.ndarray,
    sine_before: np.ndarray, cosine_after: np.ndarray, sine_after: np.ndarray, dx: int, dy: int, counts: np.ndarray,
    sums: np.ndarray,
) -> None:  # fmt: skip
    """Add up every small pixel that has another class, not ignored, to its left, right, top or bottom."""
    height, width = label.shape
    for y in range(1, height - 1):
        for x in range(1, width - 1):
            own = label[y, x]
            if not wanted[own]:
                continue
            left, right, above, below = label[y, x - 1], label[y, x + 1], label[y - 1, x], label[y + 1, x]
            if left == own and right == own and above == own and below == own:
                continue
            if left == IGNORED or right == IGNORED or above == IGNORED or below == IGNORED:
                continue
            length = (cosine[y, x] * cosine[y, x] + sine[y, x] * sine[y, x]) ** 0.5
            v, u = y + dy, x + dx
            if length <= 0.0 or not (0 <= v < height and 0 <= u < width):
                continue
            c, s = cosine[y, x] / length, sine[y, x] / length
            counts[own] += 1
            sums[own, 0] += c * cosine_before[y, x] + s * sine_before[y, x]
            sums[own, 1] += c * cosine_after[v, u] + s * sine_after[v, u]
