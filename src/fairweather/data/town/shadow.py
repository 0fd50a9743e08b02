"""What stands between a point and the sun: one map of heights along the sun's rays.

Each ray is named by the point where it meets the ground; the map keeps the greatest height at which a solid meets it
(Williams 1978, "Casting curved shadows on curved surfaces", with height for depth). A point is in shadow if the map on its ray
is higher than the point. Sheared along the sun onto the ground a parallelogram stays one, so the rasteriser of the picture
draws the map too, in the perspective of any camera: in that of the picture itself for the ground (every sample has a cell of
its own, no stair steps), and in that of a camera set back far for solids, which makes the cells finer near the camera.
With the sun at the zenith and a blur the same map gives the darkness under vehicles and along walls in diffuse light.
"""

from typing import NamedTuple

import numpy as np

from fairweather.data.town.camera import Camera
from fairweather.data.town.plane import SKY
from fairweather.data.town.quads import BACKDROP, CUTOUT, FLAGS, LABEL, REPEAT_U, REPEAT_V, TILE
from fairweather.data.town.record import record
from fairweather.data.town.visibility import (
    CROWN,
    EVEN,
    ODD,
    THRESHOLDS,
    half_planes,
    interval,
    level_of,
    project,
    ramp,
)
from fairweather.kernels import kernel

NONE = np.float32(-1.0)  # height in a cell whose ray meets nothing
ABOVE = np.float32(np.inf)  # height in a cell that nobody asks for
LOWEST = 0.03  # metres: what is lower throws no shadow
EVERY, ENOUGH = (
    ABOVE,
    np.float32(0.04),
)  # metres: a cell this high need not be looked at again; the second is above LOWEST
POLE, SIGN = 5, 7  # train ids
SET_BACK = 60.0  # metres the camera of a plan stands behind the picture's
NEAREST, FARTHEST = -22.0, 110.0  # z-depths a plan spans
HALF_WIDTH = 36.0  # metres to each side that a plan spans at the picture's camera


class Sun(NamedTuple):
    """Metres that a ray of the sun travels along x and z while it rises by one."""

    along_x: float
    along_z: float


ZENITH = Sun(0.0, 0.0)


def rays(x: float, y: float, z: float) -> Sun:
    """The rays of a sun in the direction x, y, z (unit vector); lower than 1.7 degrees it is taken as that high."""
    height = max(y, 0.03)
    return Sun(x / height, z / height)


def plan(camera: Camera, rows: int, columns: int) -> Camera:
    """The set-back camera through which a map of `rows` x `columns` cells (both even) spans the street around `camera`."""
    near, far = 1.0 / (SET_BACK + NEAREST), 1.0 / (SET_BACK + FARTHEST)
    focal = SET_BACK / (2.0 * HALF_WIDTH)
    height = 1.0 / (near - far)  # of the picture, in units in which 1 / depth = 1 is one picture below the horizon
    return Camera(
        camera.x - SET_BACK * camera.sin_yaw, height * rows / (focal * columns), camera.z - SET_BACK * camera.cos_yaw,
        camera.sin_yaw, camera.cos_yaw, focal, -far * height, 0.0,
    )  # fmt: skip


def cast(
    shape: np.ndarray, look: np.ndarray, kind: np.ndarray, sun: Sun, view: Camera, texels: np.ndarray, table: np.ndarray,
    heights: np.ndarray
) -> None:  # fmt: skip
    """Fill a map of heights, float32 (rows, columns): cells lie as the samples of a picture of half that size through `view`."""
    heights.fill(NONE)
    _throw(shape, look, kind, sun, view, texels, table, EVERY, heights)


def shade(
    shape: np.ndarray, look: np.ndarray, kind: np.ndarray, sun: Sun, view: Camera, texels: np.ndarray, table: np.ndarray,
    surface: np.ndarray, heights: np.ndarray
) -> None:  # fmt: skip
    """As `cast` in the picture's own perspective, but only whether a height is above LOWEST holds, and only on the ground.

    Args:
        surface: as in Samples; where it shows no ground, heights are infinite.
    """
    _open_ground(surface, heights)
    _throw(shape, look, kind, sun, view, texels, table, ENOUGH, heights)


def _throw(
    shape: np.ndarray, look: np.ndarray, kind: np.ndarray, sun: Sun, view: Camera, texels: np.ndarray, table: np.ndarray,
    enough: np.float32, heights: np.ndarray
) -> None:  # fmt: skip
    rows = np.empty((len(shape), 2), np.int32)
    planes = np.empty((len(shape), 9))
    sheared = np.empty(shape.shape)
    _shear(shape, sun.along_x, sun.along_z, sheared)
    project(sheared, record(view), heights.shape[1] // 2, heights.shape[0] // 2, planes, rows)
    _cast(shape, look, kind, planes, rows, texels, table, ramp(heights.shape[1]), enough, heights)


@kernel()
def _shear(shape, along_x, along_z, sheared):  # type: ignore[no-untyped-def]
    """The shadows of parallelograms on the ground."""
    for q in range(shape.shape[0]):
        for k in range(0, 9, 3):
            sheared[q, k] = shape[q, k] - along_x * shape[q, k + 1]
            sheared[q, k + 1] = 0.0
            sheared[q, k + 2] = shape[q, k + 2] - along_z * shape[q, k + 1]


@kernel()
def _open_ground(surface, heights):  # type: ignore[no-untyped-def]
    for j in range(surface.shape[0]):
        for i in range(surface.shape[1]):
            number = surface[j, i]
            heights[j, i] = NONE if (number < 0) & (number > SKY) else ABOVE


def bulky(kind: np.ndarray) -> np.ndarray:
    """Quads.kind for a map from the ZENITH: poles, lights and signs hang over the road and darken nothing below."""
    changed = kind.copy()
    _hang(changed)
    changed.flags.writeable = False
    return changed


@kernel()
def _hang(kind):  # type: ignore[no-untyped-def]
    for q in range(kind.shape[0]):
        if POLE <= kind[q, LABEL] <= SIGN:
            kind[q, FLAGS] |= BACKDROP


def darkness(heights: np.ndarray) -> np.ndarray:
    """How much of the sky near the ground is hidden, from a map cast from the ZENITH.

    Returns:
        uint8 (rows, columns), 0 open .. 255.
    """
    out = np.empty(heights.shape, np.uint8)
    _blur(heights, out)
    return out


# Binomial-like weights of OpenCV's Gaussian of 7 x 7, in 256ths; sums of their products with 255 stay exact in float32.
_TAPS = np.array([72, 56, 28, 8], np.float32)
_ZERO, _FULL, _ROUND, _SHARE = np.float32(0.0), np.float32(255.0), np.float32(32768.0), np.float32(1.0 / 65536.0)


@kernel()
def _blur(heights, out):  # type: ignore[no-untyped-def]
    """255 where `heights` is above LOWEST, blurred down and across, mirrored at the borders without repeating them."""
    rows, columns = heights.shape
    covered, line = np.empty((rows, columns), np.float32), np.empty(columns + 6, np.float32)
    lowest = np.float32(LOWEST)
    for j in range(rows):
        for i in range(columns):
            covered[j, i] = _FULL if heights[j, i] > lowest else _ZERO
    for j in range(rows):
        a, b, c = covered[abs(j - 1)], covered[abs(j - 2)], covered[abs(j - 3)]
        d, e, f = covered[_back(j + 1, rows)], covered[_back(j + 2, rows)], covered[_back(j + 3, rows)]
        here = covered[j]
        for i in range(columns):
            line[i + 3] = (
                _TAPS[0] * here[i] + _TAPS[1] * (a[i] + d[i]) + _TAPS[2] * (b[i] + e[i]) + _TAPS[3] * (c[i] + f[i])
            )
        for k in range(1, 4):
            line[3 - k], line[columns + 2 + k] = line[3 + k], line[columns + 2 - k]
        for i in range(columns):
            total = _TAPS[0] * line[i + 3] + _TAPS[1] * (line[i + 2] + line[i + 4])
            total += _TAPS[2] * (line[i + 1] + line[i + 5]) + _TAPS[3] * (line[i] + line[i + 6])
            out[j, i] = np.uint8(np.int32((total + _ROUND) * _SHARE))


@kernel(forceinline=True)
def _back(place, size):  # type: ignore[no-untyped-def]
    return place if place < size else 2 * size - 2 - place


@kernel()
def _cast(shape, look, kind, planes, rows, texels, table, steps, enough, heights):  # type: ignore[no-untyped-def]
    columns = heights.shape[1]
    sides = np.empty((5, 2))
    # cutouts after all others, as in the picture
    for turn in range(2 * kind.shape[0]):
        q = turn if turn < kind.shape[0] else turn - kind.shape[0]
        flags = kind[q, FLAGS]
        if rows[q, 0] >= rows[q, 1] or flags & BACKDROP or (flags & CUTOUT != 0) != (turn >= kind.shape[0]):
            continue
        py, uy, vy = shape[q, 1], shape[q, 4], shape[q, 7]
        if py + max(uy, 0.0) + max(vy, 0.0) < LOWEST:
            continue
        plane = planes[q]
        lower, upper = half_planes(plane, sides)
        # along a row 1 / depth is constant, so height and texture coordinates are affine in the column
        tall = py * plane[6] + uy * plane[0] + vy * plane[3]
        if flags & CUTOUT:
            for line in range(rows[q, 0] >> 1, (rows[q, 1] + 1) >> 1):
                a, b = interval(sides, lower, upper, line + 0.25, columns, EVEN)
                c, d = interval(sides, lower, upper, line + 0.75, columns, ODD)
                if a < b or c < d:
                    _cut_line(
                        plane, py, uy, vy, look[q, REPEAT_U], look[q, REPEAT_V], kind[q, TILE], line, a, b, c, d,
                        texels, table, enough, heights,
                    )  # fmt: skip
            continue
        for j in range(rows[q, 0], rows[q, 1]):
            y = 0.5 * (j + 0.5)
            offset = EVEN if j % 2 == 0 else ODD
            first, last = interval(sides, lower, upper, y, columns, offset)
            if first >= last:
                continue
            x = 0.5 * (first + offset)
            t = 1.0 / (plane[6] * x + plane[7] * y + plane[8])
            u, v = (plane[0] * x + plane[1] * y + plane[2]) * t, (plane[3] * x + plane[4] * y + plane[5]) * t
            _solid_row(np.float32(py + u * uy + v * vy), np.float32(0.5 * tall * t), steps, heights[j, first:last])


@kernel(forceinline=True)
def _solid_row(start, step, steps, heights):  # type: ignore[no-untyped-def]
    for i in range(heights.size):
        height = start + steps[i] * step
        old = heights[i]
        heights[i] = height if height > old else old


@kernel(forceinline=True)
def _cut_line(plane, py, uy, vy, repeat_u, repeat_v, tile, line, a, b, c, d, texels, table, enough, heights):  # type: ignore[no-untyped-def]
    """Two rows of cells of a cutout, a .. b - 1 of the upper, c .. d - 1 of the lower; four cells share a texel and a height."""
    first = (a if a < b else c) >> 1 if a >= b or c >= d else min(a, c) >> 1
    last = (max(b if a < b else 0, d if c < d else 0) + 1) >> 1
    y = line + 0.5
    x = first + 0.5
    w = plane[6] * x + plane[7] * y + plane[8]
    if w <= 0.0:
        return
    t = 1.0 / w
    u, v = (plane[0] * x + plane[1] * y + plane[2]) * t, (plane[3] * x + plane[4] * y + plane[5]) * t
    du, dv = plane[0] * t, plane[3] * t
    bu, bv = (plane[1] - u * plane[7]) * t, (plane[4] - v * plane[7]) * t
    wide, tall = repeat_u * (1 << table[tile, 0]), repeat_v * (1 << table[tile, 1])
    ux, vx, by, ty = du * wide, dv * tall, bu * wide, bv * tall
    level = level_of(ux * ux + vx * vx, by * by + ty * ty, table.shape[1] - 2)
    shift = max(0, table[tile, 0] - level)
    columns, lines = 1 << shift, 1 << max(0, table[tile, 1] - level)
    base = table[tile, 2 + level]
    wide, tall = repeat_u * columns, repeat_v * lines
    j = 2 * line
    for pair in range(first, last):
        s, r = min(max(u + (pair - first) * du, 0.0), 0.999999), min(max(v + (pair - first) * dv, 0.0), 0.999999)
        height, i = np.float32(py + s * uy + r * vy), 2 * pair
        if min(height, enough) <= min(
            min(heights[j, i], heights[j, i + 1]), min(heights[j + 1, i], heights[j + 1, i + 1])
        ):
            continue
        alpha = texels[base + ((int(r * tall) & (lines - 1)) << shift) + (int(s * wide) & (columns - 1)), 3]
        if alpha <= CROWN:
            continue
        for k in range(4):
            row, column = j + (k >> 1), i + (k & 1)
            inside = (column >= (c if k >> 1 else a)) & (column < (d if k >> 1 else b))
            old = heights[row, column]
            heights[row, column] = height if inside & (alpha > THRESHOLDS[k]) & (height > old) else old
