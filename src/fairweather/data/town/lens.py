"""What the lens adds: the glow around what is brighter than white, and drops of rain on the glass."""

import threading
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from fairweather.data.town.arithmetic import uniform
from fairweather.kernels import kernel

_BLOCK = 4  # the glow is blurred on a grid of blocks this many pixels wide
_CEILING = np.float32(12.0)  # of the excess: a lamp's image saturates before it spreads without bounds
_ZERO, _HALF, _ONE = np.float32(0.0), np.float32(0.5), np.float32(1.0)
_DROP_MAGNIFIES = np.float32(9.0)  # a drop shows a field of view this many times as wide as itself
_RIM = np.float32(0.7)  # of the radius, where the drop begins to darken


@dataclass(frozen=True)
class _Work:
    """Light per block, float32 (h, 3 w)."""

    excess: np.ndarray
    narrow: np.ndarray
    wide: np.ndarray


@lru_cache(maxsize=4)
def _work(height: int, width: int, thread: int) -> _Work:
    """Kept from picture to picture; a thread has its own."""
    shape = -(-height // _BLOCK), 3 * -(-width // _BLOCK)
    return _Work(np.empty(shape, np.float32), np.empty(shape, np.float32), np.empty(shape, np.float32))


@kernel()
def _collect(picture: np.ndarray, white: np.float32, excess: np.ndarray) -> bool:
    """Mean light above white in each block; False if there is none. The picture comes as (H, 3 W), the blocks as (h, 3 w)."""
    height, size = picture.shape
    rows, columns = excess.shape[0], excess.shape[1] // 3
    column = np.empty(3 * _BLOCK * columns, np.float32)
    column[:] = _ZERO
    share, top, most = _ONE / np.float32(_BLOCK * _BLOCK), _CEILING * white - white, _ZERO
    for i in range(rows):
        for k in range(size):
            column[k] = _ZERO
        for y in range(i * _BLOCK, min((i + 1) * _BLOCK, height)):
            for k in range(size):
                column[k] += min(max(picture[y, k] - white, _ZERO), top)
        for j in range(columns):
            for c in range(3):
                first = 3 * _BLOCK * j + c
                total = column[first] + column[first + 3] + column[first + 6] + column[first + 9]
                excess[i, 3 * j + c] = total * share
                most = max(most, total)
    return bool(most > _ZERO)


@kernel()
def _box(source: np.ndarray, target: np.ndarray, radius: int) -> None:
    """A running mean of 2 radius + 1 blocks down and across; outside the picture it is dark. Both are (h, 3 w)."""
    height, size = source.shape
    share = _ONE / np.float32(2 * radius + 1)
    total = np.zeros(size, np.float32)
    for y in range(-radius, height):
        if y + radius < height:
            for k in range(size):
                total[k] += source[y + radius, k]
        if y - radius > 0:
            for k in range(size):
                total[k] -= source[y - radius - 1, k]
        if y >= 0:
            for k in range(size):
                target[y, k] = max(total[k], _ZERO) * share
    line = np.zeros(size + 6 * radius + 3, np.float32)  # a dark border on both sides
    offset = 3 * radius
    for y in range(height):
        for k in range(size):
            line[offset + 3 + k] = target[y, k]
        red, green, blue = _ZERO, _ZERO, _ZERO
        for k in range(3, 3 + offset, 3):
            red += line[offset + k]
            green += line[offset + k + 1]
            blue += line[offset + k + 2]
        for k in range(0, size, 3):
            red += line[k + 2 * offset + 3] - line[k]
            green += line[k + 2 * offset + 4] - line[k + 1]
            blue += line[k + 2 * offset + 5] - line[k + 2]
            target[y, k] = max(red, _ZERO) * share
            target[y, k + 1] = max(green, _ZERO) * share
            target[y, k + 2] = max(blue, _ZERO) * share


@kernel()
def _add(picture: np.ndarray, narrow: np.ndarray, wide: np.ndarray, near: np.float32, far: np.float32) -> None:
    """Add two grids of blocks, weighted, interpolated linearly between the blocks' centres. The picture comes as (H, 3 W)."""
    height, size = picture.shape
    rows, columns = narrow.shape[0], narrow.shape[1] // 3
    line = np.empty(3 * columns + 6, np.float32)  # its ends are repeated
    across = np.empty((rows, size), np.float32)  # interpolated along the rows, of which there are few
    per = _ONE / np.float32(_BLOCK)
    for i in range(rows):
        for k in range(3 * columns):
            line[k + 3] = near * narrow[i, k] + far * wide[i, k]
        for c in range(3):
            line[c], line[3 * columns + 3 + c] = line[3 + c], line[3 * columns + c]
        for x in range(size // 3):
            j = (x + _BLOCK // 2) // _BLOCK
            s = (np.float32((x + _BLOCK // 2) % _BLOCK) + _HALF) * per
            for c in range(3):
                across[i, 3 * x + c] = line[3 * j + c] * (_ONE - s) + line[3 * j + 3 + c] * s
    for y in range(height):
        v = min(max((np.float32(y) + _HALF) * per - _HALF, _ZERO), np.float32(rows - 1))
        i = int(v)
        upper, lower, t = across[i], across[min(i + 1, rows - 1)], v - np.float32(i)
        for k in range(size):
            picture[y, k] += upper[k] * (_ONE - t) + lower[k] * t


def bloom(picture: np.ndarray, white: float, weight: float) -> None:
    """Glow in place: the light above white is blurred and added, 0.55 of it narrowly and 0.45 widely.

    Each blur is a box filter run twice, a fortieth and then a seventh of the width wide, on blocks of 4 x 4 pixels. A
    lens scatters a share of every ray over the picture (veiling glare; Spencer et al., SIGGRAPH 1995); only what
    saturates the sensor shows it.

    Args:
        picture: float32 (H, W, 3), linear.
        white: radiance that will be exposed as white.
        weight: share of the excess that is spread.
    """
    height, width = picture.shape[:2]
    work = _work(height, width, threading.get_ident())
    flat = picture.reshape(height, 3 * width)
    if weight <= 0 or not _collect(flat, np.float32(white), work.excess):
        return
    narrow, wide = max(1, width // 80 // _BLOCK), max(2, width // 14 // _BLOCK)
    _box(work.excess, work.narrow, narrow)
    _box(work.narrow, work.excess, narrow)
    work.narrow[:] = work.excess
    _box(work.excess, work.wide, wide)
    _box(work.wide, work.excess, wide)
    _add(flat, work.narrow, work.excess, np.float32(0.55 * weight), np.float32(0.45 * weight))


@kernel()
def _drop(
    picture: np.ndarray, seen: np.ndarray, cx: np.float32, cy: np.float32, radius: np.float32, tall: np.float32
) -> None:
    height, width = picture.shape[0], picture.shape[1]
    for y in range(max(0, int(cy - radius * tall)), min(height, int(cy + radius * tall) + 2)):
        for x in range(max(0, int(cx - radius)), min(width, int(cx + radius) + 2)):
            dx, dy = np.float32(x) + _HALF - cx, (np.float32(y) + _HALF - cy) / tall
            r = np.sqrt(dx * dx + dy * dy) / radius
            cover = min(max((_ONE - r) * radius * _HALF, _ZERO), _ONE)
            if cover <= _ZERO:
                continue
            column = min(max(int(cx - dx * _DROP_MAGNIFIES), 0), width - 1)
            row = min(max(int(cy - dy * _DROP_MAGNIFIES), 0), height - 1)
            rim = _ONE if r < _RIM else _ONE - (r - _RIM)
            for c in range(3):
                picture[y, x, c] = picture[y, x, c] * (_ONE - cover) + seen[row, column, c] * rim * cover


def drops(picture: np.ndarray, many: int, seed: np.uint64) -> None:
    """Drops of water on the glass, in place: each shows its surroundings small and upside down, with a dark rim.

    A sessile drop bends light as a plano-convex lens (Halimeh & Roser, IEEE IV 2009); it is far inside the focus, so
    its edge is soft.

    Args:
        picture: float32 (H, W, 3). many: how many. seed: of their places; radius 2 to 6 pixels in a picture 128 high.
    """
    height, width = picture.shape[:2]
    if many <= 0:
        return
    seen = picture.copy()
    for k in range(many):
        cx, cy, size, tall = (float(uniform(seed, 4 * k + i)) for i in range(4))
        radius = height / 128.0 * (2.2 + 4.3 * size * size)
        _drop(
            picture,
            seen,
            np.float32(cx * width),
            np.float32(cy * height),
            np.float32(radius),
            np.float32(1.0 + 0.5 * tall),
        )
