"""What a picture must be to be given weather, and where the result goes."""

from math import isfinite

import numpy as np

from fairweather.errors import InputError


def contiguous(image: np.ndarray) -> np.ndarray:
    """The picture as the kernels read it: itself, or a contiguous copy.

    Raises:
        ValueError: not uint8 (H, W, 3) of at least one pixel.
    """
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or image.size == 0:
        raise ValueError(
            f"picture is {image.dtype} of shape {image.shape}; allowed is uint8 (H, W, 3), H and W at least 1"
        )
    return read_only(np.ascontiguousarray(image))


def read_only(array: np.ndarray) -> np.ndarray:
    """A view that cannot be written: kernels are compiled once for it, not once more for arrays that are locked."""
    view = array.view()
    view.flags.writeable = False
    return view


def target(image: np.ndarray, out: np.ndarray | None) -> np.ndarray:
    """`out`, or a new array for the result.

    Raises:
        ValueError: `out` is not a contiguous uint8 array of the picture's shape.
    """
    if out is None:
        return np.empty_like(image)
    if out.dtype != np.uint8 or out.shape != image.shape or not out.flags.c_contiguous:
        raise ValueError(f"out is {out.dtype} of shape {out.shape}; allowed is contiguous uint8 {image.shape}")
    return out


def within(name: str, value: float, low: float, high: float, unit: str = "") -> float:
    """The value as a float.

    Raises:
        InputError: it is outside [low, high], or no finite number.
    """
    if not isfinite(value) or not low <= value <= high:
        raise InputError(f"{name} {value:g}{unit}; allowed are {low:g} to {high:g}{unit}")
    return float(value)
