"""One picture laid over another."""

import numpy as np

from fairweather.generators.weather.picture import contiguous, read_only
from fairweather.kernels import kernel


def blended(image: np.ndarray, layer: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """image + (layer - image) weight / 255, rounded.

    Args:
        image, layer: uint8 (H, W, 3); left untouched.
        weight: uint8 (H, W).

    Returns:
        uint8 (H, W, 3).
    """
    height, width = weight.shape
    out = np.empty((height, width, 3), np.uint8)
    lower, upper = contiguous(image).reshape(height, -1), contiguous(layer).reshape(height, -1)
    _blend(lower, upper, read_only(np.ascontiguousarray(weight)), out.reshape(height, -1))
    return out


@kernel(nogil=True)
def _blend(lower: np.ndarray, upper: np.ndarray, weight: np.ndarray, out: np.ndarray) -> None:
    share = np.empty(lower.shape[1], np.uint8)
    for row in range(weight.shape[0]):
        most = np.uint8(0)
        for x in range(weight.shape[1]):
            most = max(most, weight[row, x])
        if most == 0:
            out[row] = lower[row]
        else:
            for x in range(weight.shape[1]):
                share[3 * x] = weight[row, x]
                share[3 * x + 1] = weight[row, x]
                share[3 * x + 2] = weight[row, x]
            _mix(lower[row], upper[row], share, out[row])


@kernel(nogil=True)
def _mix(lower: np.ndarray, upper: np.ndarray, share: np.ndarray, out: np.ndarray) -> None:
    """Rounded division by 255 as in Blinn, Three Wrongs Make a Right (1995): all within 16 bits, so that it becomes vectors."""
    for i in range(lower.size):
        s = np.uint16(share[i])
        sum_ = np.uint16(
            np.uint16(np.uint16(lower[i]) * np.uint16(np.uint16(255) - s)) + np.uint16(np.uint16(upper[i]) * s)
        )
        t = np.uint16(sum_ + np.uint16(128))
        out[i] = np.uint8(np.uint16(t + np.uint16(t >> np.uint16(8))) >> np.uint16(8))
