"""Layers of rain and snow made of noise: sparse grains, blurred by their fall, enlarged, and raised to levels of grey.

Gupta et al. (WACV 2024), from the code published with it (Weather_Effect_Generator, Apache-2.0). That code makes layers of
720 x 1280 and resizes them; here they are made at the picture's size with kernels scaled by its height, and only the part that
is left after enlarging and cropping is made at all.
"""

import math

import cv2
import numpy as np

from fairweather.data.town.arithmetic import cosine, sine
from fairweather.generators.weather.picture import read_only
from fairweather.kernels import kernel

LINES = 720  # height of the published layers: the kernel sizes are for it
CENTRES = 0.75  # random centres of crystals per pixel, drawn with replacement
_PATCH = 256  # rows and columns from which a threshold is found, at most: the noise is the same everywhere
_RADIAN = math.pi / 180


def rain(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """A layer of streaks, uint8 (H, W): large and small ones, 60 to 90 degrees steep, screened together."""
    angle = _steep(rng)
    large = _streaks(height, width, 0.2, (15, 17, 19, 21, 23), angle, rng)
    small = _streaks(height, width, 0.15, (7, 9, 11, 13), angle, rng)
    return screened(large, small)


def snow(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """A layer of flakes, uint8 (H, W): two of small ones and one of large ones, crystallised and screened together."""
    angle = _steep(rng)
    small = ((0.1, 0.2), (0.25, 0.45), (1.5, 2.0), (3, 5, 7), (100, 150))
    large = ((0.3, 0.5), (0.05, 0.15), (4.0, 6.0), (9, 11, 13), (200, 250))
    result = np.zeros((height, width), np.uint8)
    for spread, share, zoom, sizes, white in (small, small, large):
        size = _scaled(int(rng.choice(sizes)), height)
        layer = grains(height, width, rng.uniform(*spread), rng.uniform(*share), rng.uniform(*zoom), size // 2, rng)
        layer = blurred(layer, size, angle)
        low = threshold(layer)
        top = max(int(rng.integers(white[0], white[1] + 1)), low + 1)
        layer = crystallised(cv2.LUT(layer, levels(low, top, 255)), rng)
        result = screened(result, layer)
    return result


def screened(below: np.ndarray, above: np.ndarray) -> np.ndarray:
    """Screen blend of two grey layers: 255 (1 - (1 - a / 255) (1 - b / 255)), rounded; uint8 (H, W)."""
    result = np.empty_like(below)
    _screen(read_only(below).reshape(-1), read_only(above).reshape(-1), result.reshape(-1))
    return result


def grains(
    height: int, width: int, spread: float, share: float, zoom: float, margin: int, rng: np.random.Generator
) -> np.ndarray:
    """Noise enlarged by `zoom`: with probability `share` a pixel is 255 N(0, spread), cut to 0..255, else 0.

    Enlarged between pixels in straight lines (the published code: by Lanczos' kernel of 8 x 8, whose result depends on the
    processor).

    Returns:
        uint8 (height + 2 margin, width + 2 margin).
    """
    height, width = height + 2 * margin, width + 2 * margin
    rows, columns = math.ceil(height / zoom) + 1, math.ceil(width / zoom) + 1
    noise = _noise(rows, columns, spread, share, rng)
    if zoom == 1:
        return noise[:height, :width]
    size = (math.ceil(columns * zoom), math.ceil(rows * zoom))
    enlarged: np.ndarray = cv2.resize(noise, size, interpolation=cv2.INTER_LINEAR_EXACT)
    return enlarged[:height, :width]


def blurred(layer: np.ndarray, size: int, angle: float) -> np.ndarray:
    """Motion blur: the mean along a line of `size` pixels (odd) at an angle in degrees, 90 is upright.

    Args:
        layer: uint8 (H + size - 1, W + size - 1).

    Returns:
        uint8 (H, W).
    """
    if size == 1:
        return np.ascontiguousarray(layer)
    rows, columns, weights = line(size, angle)
    margin = size - 1
    result = np.empty((layer.shape[0] - margin, layer.shape[1] - margin), np.uint8)
    _blur(read_only(np.ascontiguousarray(layer)), rows, columns, weights, result)
    return result


def line(size: int, angle: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The kernel of `blurred`: a row of ones, turned about the middle with its values spread between neighbours.

    Returns:
        Row and column of each weight from the upper left corner, and the weights: whole numbers, together 256.
    """
    half = size // 2
    turn, rise = cosine(angle * _RADIAN), sine(angle * _RADIAN)
    down, right = np.mgrid[-half : half + 1, -half : half + 1]
    along, off = turn * right - rise * down, rise * right + turn * down
    weight = np.clip(half + 1 - np.abs(along), 0, 1) * np.clip(1 - np.abs(off), 0, 1)
    # Cumulative rounding: each weight is within 1 of its share, and they add up to 256.
    steps = np.round(256 * np.cumsum(weight) / np.cumsum(weight)[-1]).astype(np.int64)
    weights = np.diff(steps, prepend=0).reshape(weight.shape)
    rows, columns = np.nonzero(weights)
    return rows, columns, weights[rows, columns]


def threshold(layer: np.ndarray) -> int:
    """Otsu's threshold of the layer after a Gaussian blur of 7 x 7 pixels, from a patch in its middle."""
    top, left = (max(0, (side - _PATCH) // 2) for side in layer.shape)
    patch = cv2.GaussianBlur(np.ascontiguousarray(layer[top : top + _PATCH, left : left + _PATCH]), (7, 7), 0)
    return int(cv2.threshold(patch, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0])


def levels(black: int, white: int, top: int) -> np.ndarray:
    """uint8 (256,): (v - black) / (white - black) times `top`; below 0 **and above 1** it is 0, as in the published code."""
    part = (np.arange(256) - black) / (white - black)
    return (np.where((part < 0) | (part > 1), 0.0, part) * top).astype(np.uint8)


def crystallised(layer: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Each pixel takes the value of the nearest of CENTRES x H x W random centres; uint8 (H, W).

    cv2.distanceTransformWithLabels finds the same centres in 16 ms per layer of 1280 x 720. As more than half of the pixels are
    centres, nearly every nearest one is found among the eight neighbours, by a table of their 256 arrangements.
    """
    height, width = layer.shape
    words = rng.integers(0, 2**64 - 1, -(-(height * width) // 8), dtype=np.uint64, endpoint=True)
    lot = words.view(np.uint8)[: height * width].reshape(height, width)
    result = np.empty_like(layer)
    _crystallise(read_only(np.ascontiguousarray(layer)), read_only(lot), _CENTRE, _NEAREST, result)
    return result


def _steep(rng: np.random.Generator) -> int:
    """An angle of 60 to 90 degrees, leaning to the left or to the right."""
    return int(rng.choice((-1, 1)) * rng.integers(60, 91))


def _scaled(size: int, height: int) -> int:
    """The odd kernel size for a picture of that height, at least 3."""
    return max(3, 2 * round((size * height / LINES - 1) / 2) + 1)


def _streaks(
    height: int, width: int, share: float, sizes: tuple[int, ...], angle: float, rng: np.random.Generator
) -> np.ndarray:
    """One layer of rain, uint8 (H, W): blurred first, then enlarged."""
    spread, zoom = rng.uniform(0.35, 0.55), rng.uniform(1.0, 3.5)
    size = _scaled(int(rng.choice(sizes)), height)
    rows, columns = math.ceil(height / zoom) + 1, math.ceil(width / zoom) + 1
    layer = blurred(_noise(rows + size - 1, columns + size - 1, spread, share, rng), size, angle)
    enlarged = (math.ceil(columns * zoom), math.ceil(rows * zoom))
    layer = cv2.resize(layer, enlarged, interpolation=cv2.INTER_LINEAR_EXACT)[:height, :width]
    low = threshold(layer)
    return np.ascontiguousarray(cv2.LUT(layer, levels(low, low + 100, 250)))


def _noise(rows: int, columns: int, spread: float, share: float, rng: np.random.Generator) -> np.ndarray:
    """uint8 (rows, columns): with probability `share` 255 N(0, spread) cut to 0..255, else 0; from 16 random bits each."""
    words = rng.integers(0, 2**64 - 1, -(-(rows * columns) // 4), dtype=np.uint64, endpoint=True)
    # The share of pixels that are v or brighter, in 65536ths, for v = 1..255.
    tail = [round(65536 * share * 0.5 * math.erfc(v / (255 * spread) / math.sqrt(2))) for v in range(1, 256)]
    brightest = np.diff(np.array([0, *reversed(tail)]))
    value = np.zeros(65536, np.uint8)
    value[: tail[0]] = np.repeat(np.arange(255, 0, -1), brightest)
    result = np.empty((rows, columns), np.uint8)
    _take(value, words.view(np.uint16)[: rows * columns], result.reshape(-1))
    return result


def _arrangements() -> np.ndarray:
    """int8 (4 x 512, 2): row and column of the nearest centre from a pixel, for each arrangement of centres in the 3 x 3 pixels
    around it (bit 3 (column + 1) + row + 1), and for four ways to choose among equally near ones.
    """
    steps = [(row, column) for column in (-1, 0, 1) for row in (-1, 0, 1)]
    table = np.zeros((4, 512, 2), np.int8)
    for code in range(1, 512):
        found = [step for bit, step in enumerate(steps) if code >> bit & 1]
        least = min(abs(row) + abs(column) for row, column in found)
        nearest = [step for step in found if abs(step[0]) + abs(step[1]) == least]
        for choice in range(4):
            table[choice, code] = nearest[(choice + code) % len(nearest)]
    return read_only(table.reshape(-1, 2))


_NEAREST = _arrangements()
_CENTRE = round(256 * (1 - math.exp(-CENTRES)))  # of 256 pixels: those drawn at least once


@kernel(nogil=True)
def _take(value: np.ndarray, lots: np.ndarray, out: np.ndarray) -> None:
    for i in range(out.size):
        out[i] = value[lots[i]]


@kernel(nogil=True)
def _screen(below: np.ndarray, above: np.ndarray, out: np.ndarray) -> None:
    for i in range(out.size):
        # x / 255, rounded, is (x + 128 + (x + 128) / 256) / 256
        product = np.uint32(np.uint32(255 - below[i]) * np.uint32(255 - above[i])) + np.uint32(128)
        out[i] = np.uint8(255 - ((product + (product >> np.uint32(8))) >> np.uint32(8)))


@kernel(nogil=True)
def _blur(layer: np.ndarray, rows: np.ndarray, columns: np.ndarray, weights: np.ndarray, out: np.ndarray) -> None:
    """Sums of at most 255 x 256 + 128: they fit 16 bits."""
    height, width = out.shape
    total = np.empty(width, np.uint16)
    for y in range(height):
        total[:] = 128
        for k in range(rows.size):
            _add(layer[y + rows[k], columns[k] : columns[k] + width], np.uint16(weights[k]), total)
        for x in range(width):
            out[y, x] = np.uint8(total[x] >> np.uint16(8))


@kernel(nogil=True)
def _add(row: np.ndarray, weight: np.uint16, total: np.ndarray) -> None:
    for x in range(total.size):
        total[x] = np.uint16(total[x] + np.uint16(np.uint16(row[x]) * weight))


@kernel(nogil=True)
def _crystallise(layer: np.ndarray, lot: np.ndarray, centre: int, nearest: np.ndarray, out: np.ndarray) -> None:
    height, width = layer.shape
    flat = layer.reshape(-1)
    step = np.empty(nearest.shape[0], np.int32)
    for i in range(step.size):
        step[i] = np.int32(nearest[i, 0]) * np.int32(width) + np.int32(nearest[i, 1])
    code = np.empty(width, np.uint16)
    column = np.zeros(width + 2, np.uint16)  # the centres above, at and below the row, a bit each
    for y in range(height):
        _columns(lot[max(y - 1, 0)], lot[y], lot[min(y + 1, height - 1)], y > 0, y < height - 1, centre, column)
        _codes(column, lot[y], code)
        for x in range(width):
            if code[x] & np.uint16(511):
                out[y, x] = flat[y * width + x + step[code[x]]]
            else:
                out[y, x] = _search(layer, lot, centre, y, x)


@kernel(nogil=True)
def _columns(
    above: np.ndarray, here: np.ndarray, below: np.ndarray, first: bool, last: bool, centre: int, column: np.ndarray
) -> None:
    """`first`, `last`: whether there is a row above, and one below."""
    limit = np.uint8(centre)
    one, four = np.uint16(1 if first else 0), np.uint16(4 if last else 0)
    for x in range(here.size):
        bits = np.uint16(2) if here[x] < limit else np.uint16(0)
        bits |= one if above[x] < limit else np.uint16(0)
        bits |= four if below[x] < limit else np.uint16(0)
        column[x + 1] = bits


@kernel(nogil=True)
def _codes(column: np.ndarray, lot: np.ndarray, code: np.ndarray) -> None:
    """Nine bits of centres around each pixel, and two of the pixel's own lot."""
    for x in range(code.size):
        left, middle, right = (
            column[x],
            np.uint16(column[x + 1] << np.uint16(3)),
            np.uint16(column[x + 2] << np.uint16(6)),
        )
        choice = np.uint16(np.uint16(lot[x] & np.uint8(3)) << np.uint16(9))
        code[x] = np.uint16(left | middle) | np.uint16(right | choice)


@kernel(nogil=True)
def _search(layer: np.ndarray, lot: np.ndarray, centre: int, y: int, x: int) -> int:
    """The value of the nearest centre when none is among the neighbours; the pixel's own where there is none within 8."""
    height, width = layer.shape
    best, value = 10**9, int(layer[y, x])
    for reach in range(2, 9):
        if reach * reach >= best:
            break
        for v in range(max(0, y - reach), min(height, y + reach + 1)):
            for u in range(max(0, x - reach), min(width, x + reach + 1)):
                far = (v - y) ** 2 + (u - x) ** 2
                if lot[v, u] < centre and far < best:
                    best, value = far, int(layer[v, u])
    return value
