"""How far a picture is from its source, and from a single colour."""

from dataclasses import dataclass

import cv2
import numpy as np

from fairweather.generators.gate.structure import Structure


@dataclass(frozen=True)
class Difference:
    """Between two pictures.

    Args:
        levels: mean absolute difference of display values, 0 to 255.
        structure: 1 less the correlation of their structures in place: 0 equal, 1 unrelated; NaN where one has none.
    """

    levels: float
    structure: float


def difference(before: np.ndarray, after: np.ndarray, structure: Structure, then: Structure) -> Difference:
    """Of two uint8 (H, W, 3) pictures and their structures."""
    levels = cv2.norm(before, after, cv2.NORM_L1) / before.size
    own, other = _product(structure, structure), _product(then, then)
    if not own > 0.0 or not other > 0.0:
        return Difference(levels, np.nan)
    return Difference(levels, 1.0 - _product(structure, then) / (own * other) ** 0.5)


def spread(luma: np.ndarray) -> float:
    """Standard deviation of uint8 (H, W) luma, in display values: near 0 where a picture is destroyed."""
    _, deviation = cv2.meanStdDev(luma)
    return float(deviation[0, 0])


def _product(one: Structure, other: Structure) -> float:
    return float(np.vdot(one.cosine, other.cosine)) + float(np.vdot(one.sine, other.sine))
