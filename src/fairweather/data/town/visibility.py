"""Which surface each of the four samples of a pixel shows, and how far away it is.

A visibility buffer (Burns & Hunt, JCGT 2013) of parallelograms. For P + u U + v V and the ray d of a sample at z-depth t,
u U + v V - t d = -P, so (u/t, v/t, 1/t) = inverse[U V P] d: all three are affine in the sample's column and row, a row's
covered interval follows from five half-planes, 1/t is the depth test, and a quad that crosses the camera's plane needs no
clipping.
"""

from dataclasses import dataclass

import numpy as np

from fairweather.data.town.camera import Camera
from fairweather.data.town.ground import Ground
from fairweather.data.town.plane import BONNET, SKY, borders, fill_row
from fairweather.data.town.quads import CUTOUT, FLAGS, FOLIAGE, REPEAT_U, REPEAT_V, TILE
from fairweather.data.town.record import record
from fairweather.kernels import kernel

# A pixel has two rows of two samples; the second row stands a quarter of a pixel to the right of the first, so that upright
# edges (poles, walls) meet four columns and not two.
EVEN, ODD = 0.25, 0.75
# Alpha to coverage: a sample shows a cutout where its alpha is above the sample's threshold (255 / 10, then in equal steps).
THRESHOLDS = np.array([26, 140, 197, 83], np.int64)
CROWN = 26  # alpha above which foliage is labelled; no threshold is lower
BONNET_DEPTH = 1.5  # metres
FARTHEST = 1e-5  # inverse metres: nothing is drawn beyond


@dataclass(frozen=True)
class Samples:
    """What the samples of an H x W picture show; rows and columns are doubled.

    Args:
        surface: int32 (2H, 2W): index of a quad, or a number below zero from `plane`.
        nearness: float32 (2H, 2W): 1 / z-depth, 0 for sky.
        crown: float32 (2H, 2W): 1 / z-depth of the nearest foliage that counts for the label, 0 without.
        planes: float64 (N, 9): u/t, v/t and 1/t of each quad are p0 x + p1 y + p2 at pixel coordinates x, y.
    """

    surface: np.ndarray
    nearness: np.ndarray
    crown: np.ndarray
    planes: np.ndarray


def see(
    shape: np.ndarray, look: np.ndarray, kind: np.ndarray, camera: Camera, ground: Ground, texels: np.ndarray,
    table: np.ndarray, samples: Samples
) -> None:  # fmt: skip
    """Fill `samples` (all arrays written) with what a camera sees; arguments as in Quads, Scene and Atlas."""
    eye = record(camera)
    _lay_ground(samples.surface, samples.nearness, eye, record(ground), borders(ground))
    samples.crown.fill(0.0)
    height, width = samples.surface.shape[0] // 2, samples.surface.shape[1] // 2
    rows = np.empty((len(shape), 2), np.int32)
    project(shape, eye, width, height, samples.planes, rows)
    steps = ramp(samples.surface.shape[1])
    _draw(kind, look, samples.planes, rows, texels, table, steps, samples.surface, samples.nearness, samples.crown)
    if camera.bonnet > 0:
        _lay_bonnet(samples.surface, samples.nearness, samples.crown, camera.bonnet)


def ramp(length: int) -> np.ndarray:
    return np.arange(length, dtype=np.float32)


@kernel()
def _lay_ground(surface, nearness, camera, ground, edges):  # type: ignore[no-untyped-def]
    camera, ground = camera[0], ground[0]
    rows, columns = surface.shape
    focal = camera.focal * columns  # in samples, as are rows and columns here
    horizon = camera.horizon * rows
    for j in range(rows):
        below = j + 0.5 - horizon
        near = below / (focal * camera.y)
        if near <= FARTHEST:
            surface[j, :] = SKY
            nearness[j, :] = 0.0
            continue
        offset = EVEN if j % 2 == 0 else ODD
        step = 1.0 / (near * focal)
        nearness[j, :] = near
        fill_row(surface[j], 1.0 / near, (offset - 0.5 * columns) * step, step, camera, ground, edges)


@kernel()
def _lay_bonnet(surface, nearness, crown, bonnet):  # type: ignore[no-untyped-def]
    """The ego bonnet: an arch, full height over the middle half, rounded off to 55 % at the sides."""
    rows, columns = surface.shape
    for i in range(columns):
        side = abs(2.0 * (i + 0.5) / columns - 1.0)
        over = max(0.0, side - 0.5)
        top = rows * (1.0 - bonnet * (1.0 - 0.06 * side * side - 1.6 * over * over))
        for j in range(max(0, int(top + 0.5)), rows):
            surface[j, i] = BONNET
            nearness[j, i] = 1.0 / BONNET_DEPTH
            crown[j, i] = 0.0


@kernel()
def project(shape, camera, width, height, planes, rows):  # type: ignore[no-untyped-def]
    """Fill `planes` and the range of sample rows a quad can cover (empty if it cannot be seen); `camera` is a record."""
    camera = camera[0]
    focal = camera.focal * width
    shift = camera.horizon * height
    corner = np.empty((4, 3))
    for q in range(shape.shape[0]):
        px, py, pz = shape[q, 0] - camera.x, shape[q, 1] - camera.y, shape[q, 2] - camera.z
        px, pz = px * camera.cos_yaw - pz * camera.sin_yaw, px * camera.sin_yaw + pz * camera.cos_yaw
        uy, vy = shape[q, 4], shape[q, 7]
        ux = shape[q, 3] * camera.cos_yaw - shape[q, 5] * camera.sin_yaw
        uz = shape[q, 3] * camera.sin_yaw + shape[q, 5] * camera.cos_yaw
        vx = shape[q, 6] * camera.cos_yaw - shape[q, 8] * camera.sin_yaw
        vz = shape[q, 6] * camera.sin_yaw + shape[q, 8] * camera.cos_yaw
        rows[q, 0], rows[q, 1] = 0, 0
        for k in range(4):
            a, b = k % 2, k // 2
            corner[k, 0], corner[k, 1], corner[k, 2] = px + a * ux + b * vx, py + a * uy + b * vy, pz + a * uz + b * vz
        nearest = min(corner[0, 2], corner[1, 2], corner[2, 2], corner[3, 2])
        if max(corner[0, 2], corner[1, 2], corner[2, 2], corner[3, 2]) <= 0.0:
            continue
        low, high = 0.0, 1.0 * height
        if nearest > 0.05:
            low, high, left, right = 1e9, -1e9, 1e9, -1e9
            for k in range(4):
                y = shift - focal * corner[k, 1] / corner[k, 2]
                x = 0.5 * width + focal * corner[k, 0] / corner[k, 2]
                low, high, left, right = min(low, y), max(high, y), min(left, x), max(right, x)
            if right < 0.0 or left > width:
                continue
        # rows of the inverse of [U V P]: cross products over the determinant
        ax, ay, az = vy * pz - vz * py, vz * px - vx * pz, vx * py - vy * px
        det = ux * ax + uy * ay + uz * az
        if det == 0.0:
            continue
        bx, by, bz = py * uz - pz * uy, pz * ux - px * uz, px * uy - py * ux
        cx, cy, cz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        scale = 1.0 / det
        for k in range(3):
            x, y, z = (ax, ay, az) if k == 0 else (bx, by, bz) if k == 1 else (cx, cy, cz)
            x, y, z = x * scale / focal, y * scale / focal, z * scale
            planes[q, 3 * k], planes[q, 3 * k + 1], planes[q, 3 * k + 2] = x, -y, z - x * 0.5 * width + y * shift
        rows[q, 0] = int(min(max(2.0 * low - 0.5, 0.0), 2.0 * height))
        rows[q, 1] = int(min(max(2.0 * high + 1.5, 0.0), 2.0 * height))


@kernel()
def half_planes(plane, sides):  # type: ignore[no-untyped-def]
    """The five half-planes a quad covers, u >= 0, v >= 0, u <= 1, v <= 1 and t > 0, solved for x.

    Args:
        plane: float64 (9,), as Samples.planes; sides: float64 (5, 2), written: x = s0 + s1 y on the border.

    Returns:
        how many of the sides bound x from below (they stand first) and how many from above (next); the others do not
        depend on x: s0 + s1 y >= 0 (they stand last).
    """
    lower, upper, flat = 0, 0, 5
    for sign in range(3):
        for k in range(5):
            if k == 0 or k == 1:
                a, b, c = plane[3 * k], plane[3 * k + 1], plane[3 * k + 2]
            elif k == 4:
                a, b, c = plane[6], plane[7], plane[8] - FARTHEST
            else:
                m = 3 * (k - 2)
                a, b, c = plane[6] - plane[m], plane[7] - plane[m + 1], plane[8] - plane[m + 2]
            if sign == 0 and a > 0.0:
                sides[lower, 0], sides[lower, 1] = -c / a, -b / a
                lower += 1
            elif sign == 1 and a < 0.0:
                sides[lower + upper, 0], sides[lower + upper, 1] = -c / a, -b / a
                upper += 1
            elif sign == 2 and a == 0.0:
                flat -= 1
                sides[flat, 0], sides[flat, 1] = c, b
    return lower, upper


@kernel(forceinline=True)
def interval(sides, lower, upper, y, columns, offset):  # type: ignore[no-untyped-def]
    """First and behind-last sample (x = (i + offset) / 2) of the row y inside all half-planes."""
    low, high = -1.0, columns
    for k in range(lower):
        low = max(low, 2.0 * (sides[k, 0] + sides[k, 1] * y))
    for k in range(lower, lower + upper):
        high = min(high, 2.0 * (sides[k, 0] + sides[k, 1] * y))
    for k in range(lower + upper, 5):
        if sides[k, 0] + sides[k, 1] * y < 0.0:
            return 0, 0
    if low > columns:
        return 0, 0
    first = int(max(low - offset, -1.0) + 1.0)  # ceiling, for whole numbers one too many
    if first - 1 >= low - offset and first >= 1:
        first -= 1
    return first, int(max(high - offset, -1.0) + 1.0)


@kernel(forceinline=True)
def level_of(across, along, levels):  # type: ignore[no-untyped-def]
    """Mip level at which a footprint of `across` x `along` texels (squared lengths) is one to two texels wide."""
    square = across if across < along else along
    bound = max(across, along) * 0.25  # at most twice as sharp as an isotropic level
    square = max(square, bound)
    exponent = (np.float32(square).view(np.int32) >> 23) - 127  # floor of the binary logarithm
    return min(max((exponent + 1) >> 1, 0), levels - 1)


@kernel()
def _draw(kind, look, planes, rows, texels, table, ramp, surface, nearness, crown):  # type: ignore[no-untyped-def]
    columns = surface.shape[1]
    sides = np.empty((5, 2))
    # cutouts after all others: most of what is hidden of them then needs no texel
    for turn in range(2 * kind.shape[0]):
        q = turn if turn < kind.shape[0] else turn - kind.shape[0]
        cutout = kind[q, FLAGS] & CUTOUT
        if rows[q, 0] >= rows[q, 1] or (cutout != 0) != (turn >= kind.shape[0]):
            continue
        plane = planes[q]
        lower, upper = half_planes(plane, sides)
        foliage = kind[q, FLAGS] & FOLIAGE
        if cutout:
            for line in range(rows[q, 0] >> 1, (rows[q, 1] + 1) >> 1):
                a, b = interval(sides, lower, upper, line + 0.25, columns, EVEN)
                c, d = interval(sides, lower, upper, line + 0.75, columns, ODD)
                if a < b or c < d:
                    _cut_line(
                        q, plane, look, kind[q, TILE], foliage, line, a, b, c, d, texels, table, nearness, surface, crown
                    )  # fmt: skip
            continue
        step = np.float32(0.5 * plane[6])
        for j in range(rows[q, 0], rows[q, 1]):
            y = 0.5 * (j + 0.5)
            offset = EVEN if j % 2 == 0 else ODD
            first, last = interval(sides, lower, upper, y, columns, offset)
            if first < last:
                start = np.float32(plane[6] * 0.5 * (first + offset) + plane[7] * y + plane[8])
                _solid_row(q, start, step, ramp, nearness[j, first:last], surface[j, first:last])


@kernel(forceinline=True)
def _solid_row(q, start, step, ramp, nearness, surface):  # type: ignore[no-untyped-def]
    mark = np.int32(q)
    for i in range(nearness.size):
        near = start + ramp[i] * step
        old = nearness[i]
        nearer = near > old
        nearness[i] = near if nearer else old
        surface[i] = mark if nearer else surface[i]


@kernel(forceinline=True)
def _cut_line(q, plane, look, tile, foliage, line, a, b, c, d, texels, table, nearness, surface, crown):  # type: ignore[no-untyped-def]
    """One row of pixels of a cutout: samples a .. b - 1 of its upper and c .. d - 1 of its lower row of samples.

    A pixel reads one texel; alpha to coverage turns it into none to four of its samples.
    """
    first = (a if a < b else c) >> 1 if a >= b or c >= d else min(a, c) >> 1
    last = (max(b if a < b else 0, d if c < d else 0) + 1) >> 1
    y = line + 0.5
    middle = 0.5 * (first + last)
    w = plane[6] * middle + plane[7] * y + plane[8]
    if w <= 0.0:
        return
    t = 1.0 / w
    u, v = (plane[0] * middle + plane[1] * y + plane[2]) * t, (plane[3] * middle + plane[4] * y + plane[5]) * t
    wide, tall = look[q, REPEAT_U] * (1 << table[tile, 0]) * t, look[q, REPEAT_V] * (1 << table[tile, 1]) * t
    ux, uy = (plane[0] - u * plane[6]) * wide, (plane[1] - u * plane[7]) * wide
    vx, vy = (plane[3] - v * plane[6]) * tall, (plane[4] - v * plane[7]) * tall
    level = level_of(ux * ux + vx * vx, uy * uy + vy * vy, table.shape[1] - 2)
    shift = max(0, table[tile, 0] - level)
    columns, lines = 1 << shift, 1 << max(0, table[tile, 1] - level)
    base = table[tile, 2 + level]
    wide, tall = look[q, REPEAT_U] * columns, look[q, REPEAT_V] * lines
    u0, v0, w0 = plane[1] * y + plane[2], plane[4] * y + plane[5], plane[7] * y + plane[8]
    slack = 0.25 * (abs(plane[6]) + abs(plane[7]))  # how much nearer than its centre a pixel's samples can be
    j, mark = 2 * line, np.int32(q)
    for pixel in range(first, last):
        at = pixel + 0.5
        w = plane[6] * at + w0
        i = 2 * pixel
        reach = np.float32(w + slack)
        if (
            reach <= min(min(nearness[j, i], nearness[j, i + 1]), min(nearness[j + 1, i], nearness[j + 1, i + 1]))
            or w <= 0.0
        ):
            continue
        t = 1.0 / w
        u = min(max((plane[0] * at + u0) * t, 0.0), 0.999999)
        v = min(max((plane[3] * at + v0) * t, 0.0), 0.999999)
        place = np.uint32(base + ((int(v * tall) & (lines - 1)) << shift) + (int(u * wide) & (columns - 1)))
        alpha = texels[place, 3]
        if alpha <= CROWN:
            continue
        for k in range(4):  # with selections, for no processor foresees how these comparisons turn out
            row, column = j + (k >> 1), i + (k & 1)
            offset = ODD if k >> 1 else EVEN
            inside = (column >= (c if k >> 1 else a)) & (column < (d if k >> 1 else b))
            near = np.float32(plane[6] * (0.5 * (column + offset)) + plane[7] * (0.5 * row + 0.25) + plane[8])
            old = nearness[row, column]
            nearer = inside & (near > old)
            if foliage:
                before = crown[row, column]
                crown[row, column] = near if nearer & (near > before) else before
            nearer &= alpha > THRESHOLDS[k]
            nearness[row, column] = near if nearer else old
            surface[row, column] = mark if nearer else surface[row, column]
