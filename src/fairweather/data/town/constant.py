"""Constants for kernels: numba compiles a kernel anew for every plain integer or truth value it is called with, but not for
those of NumPy."""

from typing import Any

import numpy as np

from fairweather.data.town.tiles import NUMBER


def fixed(value: int) -> Any:
    """An integer."""
    return np.int64(value)


def number(tile: str) -> Any:
    """The number of a tile."""
    return fixed(NUMBER[tile])


YES: Any = np.bool_(True)
NO: Any = np.bool_(False)
