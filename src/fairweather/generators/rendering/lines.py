"""Rain as straight lines of one slant, one length and one colour, as Automold and albumentations draw it."""

import cv2
import numpy as np

from fairweather.kernels import kernel


def rained(
    image: np.ndarray,
    slant: float,
    length: int,
    width: int,
    drops: int,
    colour: tuple[int, int, int],
    rng: np.random.Generator,
) -> np.ndarray:
    """The picture with lines drawn over it, as Automold's `add_rain` before its blur and its darkening.

    Args:
        image: uint8 (H, W, 3) RGB; left untouched.
        slant: pixels that a line moves to the right on its way down, 0 is upright.
        length: rows that a line spans; no more than a quarter of the height is used.
        width: of a line, in pixels.
        drops: number of lines.
        colour: R, G, B of the lines.

    Returns:
        uint8 (H, W, 3).
    """
    height, columns = image.shape[:2]
    length = min(length, height // 4)
    first, last = min(0, int(slant)), columns - max(0, int(slant))
    out = np.array(image, order="C")
    begin = rng.integers((first, 0), (max(last, first + 1), height - length), (drops, 2))
    ends = np.stack([begin, np.add(begin, (slant, length))], axis=1).astype(np.int32)
    cv2.polylines(out, list(ends), False, colour, width)
    return out


def layer(
    shape: tuple[int, int], slant: int, length: int, drops: int, grey: int, rng: np.random.Generator
) -> np.ndarray:
    """Thin lines alone on black, in 4-connected steps as in albumentations' `add_rain`; arguments as of `rained`.

    Returns:
        uint8 (H, W): `grey` on the lines, else 0.
    """
    out = np.zeros(shape, np.uint8)
    begin = rng.integers((0, 0), (shape[1], max(1, shape[0] - length)), (drops, 2), np.int32)
    _step(begin, slant, length, np.uint8(grey), out)
    return out


@kernel(nogil=True)
def _step(begin: np.ndarray, slant: int, length: int, grey: np.uint8, out: np.ndarray) -> None:
    """Draw lines from `begin` (x, y) to (x + slant, y + length): in each row as far as where the next begins."""
    height, width = out.shape
    steps = np.empty(length + 2, np.int32)
    for row in range(length + 1):
        steps[row] = np.int32((2 * slant * row + length) // (2 * length))
    steps[length + 1] = steps[length]
    for i in range(begin.shape[0]):
        x, y = begin[i]
        inside = min(x, x + slant) >= 0 and max(x, x + slant) < width
        for row in range(min(length + 1, height - y)):
            one, other = x + steps[row], x + steps[row + 1]
            if inside and -1 <= other - one <= 1:
                out[y + row, one] = grey
                out[y + row, other] = grey
                continue
            for column in range(max(min(one, other), 0), min(max(one, other) + 1, width)):
                out[y + row, column] = grey
