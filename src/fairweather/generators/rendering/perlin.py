"""Gradient noise in three dimensions (Perlin, "Improving noise", SIGGRAPH 2002)."""

import numpy as np

from fairweather.kernels import kernel


def shuffled(rng: np.random.Generator) -> np.ndarray:
    """uint8 (512,), read-only: the numbers 0..255 in a random order, twice over; the table that makes one field of noise."""
    table = np.tile(rng.permutation(256).astype(np.uint8), 2)
    table.flags.writeable = False
    return table


@kernel(nogil=True)
def noise(table: np.ndarray, x: float, y: float, z: float) -> float:
    """The field at a point, about -1 to 1, 0 at whole numbers; it repeats after 256.

    Args:
        table: uint8 (512,), from `shuffled`.
    """
    cell = np.floor(x)
    near, near_slope, far, far_slope = segment(table, int(cell), y, z)
    return float(along(near, near_slope, far, far_slope, x - cell))


@kernel(nogil=True)
def segment(table: np.ndarray, cell: int, y: float, z: float) -> tuple[float, float, float, float]:
    """What the field is made of from x = cell to x = cell + 1, y and z being the same all along.

    The gradients of the two corners in x, each mixed over the four corners in y and z, are two straight lines in
    f = x - cell; `along` fades from the one to the other. That is exact, and a row of a picture over which z does not change
    costs a few multiplications per pixel.

    Returns:
        Value of the near line at f = 0 and its slope, the same of the far line.
    """
    below, deep = np.floor(y), np.floor(z)
    row, layer = int(below) & 255, int(deep) & 255
    near, near_slope = _line(table, int(table[cell & 255]) + row, layer, y - below, z - deep)
    far, far_slope = _line(table, int(table[(cell + 1) & 255]) + row, layer, y - below, z - deep)
    return near, near_slope, far - far_slope, far_slope


@kernel(nogil=True)
def _line(table: np.ndarray, row: int, layer: int, fy: float, fz: float) -> tuple[float, float]:
    """The gradients of four corners of the same x, mixed: value at that x, and slope along x."""
    value, slope = 0.0, 0.0
    v, w = fade(fy), fade(fz)
    for j in range(2):
        corner = int(table[row + j]) + layer
        for k in range(2):
            weight = (v if j else 1.0 - v) * (w if k else 1.0 - w)
            gx, gy, gz = _gradient(int(table[corner + k]))
            value += weight * (gy * (fy - j) + gz * (fz - k))
            slope += weight * gx
    return value, slope


@kernel(forceinline=True)
def along(near, near_slope, far, far_slope, f):  # type: ignore[no-untyped-def]
    """The field at f, 0..1, of a segment."""
    start = near + near_slope * f
    return start + fade(f) * (far + far_slope * f - start)


@kernel(forceinline=True)
def fade(f):  # type: ignore[no-untyped-def]
    """6 f^5 - 15 f^4 + 10 f^3."""
    return f * f * f * (f * (f * 6.0 - 15.0) + 10.0)


@kernel()
def _gradient(number: int) -> tuple[float, float, float]:
    """The direction of a corner: to the middle of one of the twelve edges of a cube, four of them twice."""
    h = number & 15
    first = 1.0 if h & 1 == 0 else -1.0
    second = 1.0 if h & 2 == 0 else -1.0
    if h < 4:
        return first, second, 0.0
    if h < 8 or h == 12 or h == 14:
        # Perlin's rule: u = x below 8, else y; v = y below 4, x for 12 and 14, else z.
        return (first, 0.0, second) if h < 8 else (second, first, 0.0)
    return 0.0, first, second
