"""Reading the atlas with a footprint that is longer one way than the other."""

import numpy as np

from fairweather.data.town.visibility import CROWN, level_of
from fairweather.kernels import kernel

# Reflectance of a texel's byte: the atlas holds square roots.
SQUARES = np.array([(value * value) / (255.0 * 255.0) for value in range(256)])


@kernel(forceinline=True)
def read(texels, table, tile, u, v, ux, vx, uy, vy, cutout):  # type: ignore[no-untyped-def]
    """Mean reflectance and fourth channel of a tile over a pixel's footprint.

    The level fits the shorter axis (at most twice as sharp as the longer asks for); along the longer one up to two texels
    are averaged (footprint assembly: Schilling, Knittel & Strasser 1996, "Texram").

    Args:
        u, v: place in repeats of the tile; ux, vx and uy, vy: its change per pixel to the right and down.
        cutout: whether the fourth channel is alpha; a texel that is not there is then looked for at coarser levels.

    Returns:
        red, green, blue, fourth channel, from 0 to 1.
    """
    log_wide, log_tall = table[tile, 0], table[tile, 1]
    wide, tall = float(1 << log_wide), float(1 << log_tall)
    across = ux * ux * wide * wide + vx * vx * tall * tall
    along = uy * uy * wide * wide + vy * vy * tall * tall
    level = level_of(across, along, table.shape[1] - 2)
    if max(across, along) < 0.2 and not cutout:
        return _between(texels, table, tile, u, v)
    du, dv = (ux, vx) if across > along else (uy, vy)
    if max(across, along) < float(3 << (2 * level)):  # in texels of the level, squared: less than 3
        r, g, b, a = _tap(texels, table, tile, u, v, level, cutout)
    else:
        r, g, b, a = _tap(texels, table, tile, u - 0.25 * du, v - 0.25 * dv, level, cutout)
        r2, g2, b2, a2 = _tap(texels, table, tile, u + 0.25 * du, v + 0.25 * dv, level, cutout)
        r, g, b, a = 0.5 * (r + r2), 0.5 * (g + g2), 0.5 * (b + b2), 0.5 * (a + a2)
    return r, g, b, a * (1.0 / 255.0)


@kernel(forceinline=True)
def _tap(texels, table, tile, u, v, level, cutout):  # type: ignore[no-untyped-def]
    place = _place(table, tile, u, v, level)
    if cutout:
        deeper, last = level, min(level + 3, table.shape[1] - 3)
        while texels[place, 3] <= CROWN and deeper < last:
            deeper += 1
            place = _place(table, tile, u, v, deeper)
    return (
        SQUARES[texels[place, 0]], SQUARES[texels[place, 1]], SQUARES[texels[place, 2]], float(texels[place, 3]),
    )  # fmt: skip


@kernel(forceinline=True)
def _place(table, tile, u, v, level):  # type: ignore[no-untyped-def]
    shift = max(0, table[tile, 0] - level)
    columns, lines = 1 << shift, 1 << max(0, table[tile, 1] - level)
    # u and v are at least -1: one repeat is added so that truncation rounds down
    column, line = int((u + 1.0) * columns) & (columns - 1), int((v + 1.0) * lines) & (lines - 1)
    # without a sign: an index that may be negative is checked at every use
    return np.uint32(table[tile, 2 + level] + (line << shift) + column)


@kernel(forceinline=True)
def _between(texels, table, tile, u, v):  # type: ignore[no-untyped-def]
    """Between the four texels around the place: near surfaces of large pictures."""
    columns, lines = 1 << table[tile, 0], 1 << table[tile, 1]
    x, y = (u + 1.0) * columns - 0.5, (v + 1.0) * lines - 0.5
    column, line = int(x), int(y)
    fx, fy = x - column, y - line
    r, g, b, a = 0.0, 0.0, 0.0, 0.0
    for k in range(4):
        i, j = (column + (k & 1)) & (columns - 1), (line + (k >> 1)) & (lines - 1)
        weight = (fx if k & 1 else 1.0 - fx) * (fy if k >> 1 else 1.0 - fy)
        place = table[tile, 2] + (j << table[tile, 0]) + i
        r += weight * SQUARES[texels[place, 0]]
        g += weight * SQUARES[texels[place, 1]]
        b += weight * SQUARES[texels[place, 2]]
        a += weight * texels[place, 3] * (1.0 / 255.0)
    return r, g, b, a
