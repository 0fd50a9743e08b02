"""Two square tiles of noise, and how a kernel reads them: what surfaces, clouds and puddles are made of."""

from functools import cache

import numpy as np

from fairweather.data.town.arithmetic import mix, seed_of
from fairweather.kernels import kernel

SIZE = 256  # texels; a power of two
_OCTAVES = ((8, 16), (16, 8), (32, 5), (64, 3), (128, 2))  # lattice points per side, weight
_UNIT = 1.0 / 4294967296.0
_FAR = 1048576.0  # texels added so that truncation rounds down


@cache
def clouded() -> np.ndarray:
    """Value noise of five octaves (Perlin 1985, on a lattice of values), made uniform by rank.

    Returns:
        float32 (SIZE, SIZE), read-only, periodic; all values from 0 to 1 equally frequent: "below p" covers the share p.
    """
    total = np.zeros((SIZE, SIZE))
    for points, weight in _OCTAVES:
        seed = int(seed_of("noise", points))
        lattice = _white(points, seed)
        at = np.arange(SIZE) * (points / SIZE)
        low = at.astype(np.int64)
        part = at - low
        part = part * part * (3.0 - 2.0 * part)
        high = (low + 1) % points
        rows = lattice[low] * (1.0 - part)[:, None] + lattice[high] * part[:, None]
        total += weight * (rows[:, low] * (1.0 - part) + rows[:, high] * part)
    uniform = np.empty(SIZE * SIZE, np.float32)
    order = np.argsort(total.ravel(), kind="stable")
    uniform[order] = np.arange(SIZE * SIZE, dtype=np.float32) / np.float32(SIZE * SIZE)
    return _frozen(uniform.reshape(SIZE, SIZE))


@cache
def grainy() -> np.ndarray:
    """White noise: float32 (SIZE, SIZE), uniform from 0 to 1, read-only, periodic."""
    return _frozen(_white(SIZE, int(seed_of("grain"))).astype(np.float32))


def _white(points: int, seed: int) -> np.ndarray:
    """float64 (points, points) in [0, 1): the finaliser of SplitMix64, as `arithmetic.mix`, over arrays."""
    z = np.arange(points * points, dtype=np.uint64) * np.uint64(0xD1342543DE82EF95) + np.uint64(seed)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((z ^ (z >> np.uint64(31))) >> np.uint64(32)).astype(np.float64).reshape(points, points) * _UNIT


def _frozen(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array


@kernel(forceinline=True)
def cell(value):  # type: ignore[no-untyped-def]
    """The whole number at or below."""
    whole = int(value)
    return whole - 1 if value < whole else whole


@kernel(forceinline=True)
def nearest(tile, x, y):  # type: ignore[no-untyped-def]
    """The value of the texel at x, y (in texels, above -_FAR)."""
    return tile[int(y + _FAR) & (SIZE - 1), int(x + _FAR) & (SIZE - 1)]


@kernel(forceinline=True)
def smooth(tile, x, y):  # type: ignore[no-untyped-def]
    """The value at x, y (in texels, above -_FAR) between the four texels around it."""
    x, y = x + _FAR, y + _FAR
    column, row = int(x), int(y)
    fx, fy = x - column, y - row
    a, b = column & (SIZE - 1), (column + 1) & (SIZE - 1)
    c, d = row & (SIZE - 1), (row + 1) & (SIZE - 1)
    upper = tile[c, a] + (tile[c, b] - tile[c, a]) * fx
    lower = tile[d, a] + (tile[d, b] - tile[d, a]) * fx
    return upper + (lower - upper) * fy


@kernel(forceinline=True)
def lot(tile, column, row, number):  # type: ignore[no-untyped-def]
    """Draw number `number` of a cell of a grid (whole numbers) from white noise: cheaper than `chance`, and periodic."""
    return tile[(row * 37 + number * 11) & (SIZE - 1), (column * 53 + number * 101 + row) & (SIZE - 1)]


@kernel()
def chance(seed, column, row):  # type: ignore[no-untyped-def]
    """A number in [0, 1) of a cell of a grid (whole numbers)."""
    bits = mix(np.uint64(seed) ^ mix(np.uint64(column * 73856093 ^ row * 19349663)))
    return float(bits >> np.uint64(11)) * (1.0 / 9007199254740992.0)
