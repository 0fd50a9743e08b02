"""A picture seen through something: part of its light is kept, other light is added."""

import numpy as np

from fairweather.kernels import kernel


def seen_through(image: np.ndarray, kept: np.ndarray, added: np.ndarray) -> np.ndarray:
    """kept image + added; uint16 (H, W): `kept` is 65535 for 1, `added` 256 for a grey level."""
    out = np.empty_like(image)
    height = image.shape[0]
    _blend(image.reshape(height, -1), kept, added, out.reshape(height, -1))
    return out


@kernel(nogil=True)
def _blend(image: np.ndarray, kept: np.ndarray, added: np.ndarray, out: np.ndarray) -> None:
    """Row by row; the second loop becomes vectors."""
    weights, sums = np.empty(image.shape[1], np.uint16), np.empty(image.shape[1], np.uint16)
    for row in range(kept.shape[0]):
        for x in range(kept.shape[1]):
            w, s = kept[row, x], min(added[row, x], np.uint16(65280))
            for c in range(3):
                weights[3 * x + c] = w
                sums[3 * x + c] = s
        _mix(image[row], weights, sums, out[row])


@kernel(nogil=True)
def _mix(image: np.ndarray, weights: np.ndarray, sums: np.ndarray, out: np.ndarray) -> None:
    for i in range(image.size):
        light = np.uint16(np.uint16(image[i]) << np.uint16(8))
        left = np.uint16((np.uint32(light) * np.uint32(weights[i])) >> np.uint32(16))
        total = min(np.uint32(left) + np.uint32(sums[i]) + np.uint32(128), np.uint32(65535))
        out[i] = np.uint8(total >> np.uint32(8))
