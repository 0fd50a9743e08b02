"""The label's boundaries: how far a picture has edges where the label says that one thing ends and another begins."""

import numpy as np

from fairweather.generators.gate.structure import Structure
from fairweather.kernels import kernel


def along(outline: Structure, picture: Structure, dx: int, dy: int) -> float:
    """Correlation of a picture's structure with the label's, over the label's boundaries; NaN where either has none there.

    Args:
        dx, dy: pixels by which the picture lies to the right of and below the label.
    """
    product, own, other = _along(outline.cosine, outline.sine, picture.cosine, picture.sine, dx, dy)
    return product / (own * other) ** 0.5 if own > 0.0 and other > 0.0 else np.nan


@kernel(nogil=True)
def _along(
    cosine: np.ndarray, sine: np.ndarray, to_cosine: np.ndarray, to_sine: np.ndarray, dx: int, dy: int
) -> tuple[float, float, float]:
    """Sums over the boundary: scalar products, squared lengths of both."""
    height, width = cosine.shape
    product, own, other = 0.0, 0.0, 0.0
    for y in range(max(0, -dy), min(height, height - dy)):
        for x in range(max(0, -dx), min(width, width - dx)):
            a, b = cosine[y, x], sine[y, x]
            if a != 0.0 or b != 0.0:
                c, d = to_cosine[y + dy, x + dx], to_sine[y + dy, x + dx]
                product += a * c + b * d
                own += a * a + b * b
                other += c * c + d * d
    return product, own, other
