"""A canvas of linear reflectance: drawn in metres on a grid finer than the tile, then averaged to texels, all in integers.

Reflectance is kept as uint16 (65535 = 1), so averaging is averaging of light. OpenCV only fills polygons and strokes here,
without antialiasing, on integer coordinates: its bytes do not depend on the processor.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from fairweather.data.town.arithmetic import cosine, seed_of, sine

FULL = 65535
_SHIFT = 4  # fractional bits of polygon corners
_MASK = (1 << 64) - 1

# Unit vectors of 64 directions.
WAYS = np.array([(cosine(k * 6.283185307179586 / 64), sine(k * 6.283185307179586 / 64)) for k in range(64)])

Colour = float | tuple[float, float, float]
Point = tuple[float, float]


@dataclass(frozen=True)
class Canvas:
    """What is being drawn; row 0 is the bottom, column 0 the left. The arrays are drawn into.

    Args:
        colour: uint16 (h scale, w scale, 3), linear reflectance, 65535 = 1.
        fourth: uint8 (h scale, w scale): alpha of a cutout, else the mask of glass or lamp.
        width, height: metres that the tile covers.
        scale: drawn pixels per texel, each way.
        cutout: whether the fourth channel is alpha: drawing then makes opaque.
    """

    colour: np.ndarray
    fourth: np.ndarray
    width: float
    height: float
    scale: int
    cutout: bool


def blank(texels: tuple[int, int], metres: tuple[float, float], fill: Colour | None = None, scale: int = 3) -> Canvas:
    """An empty canvas.

    Args:
        texels: width and height of the tile, powers of two.
        metres: what it covers.
        fill: its ground; None makes a cutout, of which nothing is opaque yet.
        scale: drawn pixels per texel.
    """
    rows, columns = texels[1] * scale, texels[0] * scale
    colour = np.zeros((rows, columns, 3), np.uint16)
    if fill is not None:
        colour[:] = _ink(fill)
    return Canvas(colour, np.zeros((rows, columns), np.uint8), metres[0], metres[1], scale, fill is None)


def stream(*name: object) -> Iterator[float]:
    """The endless stream of uniform numbers in [0, 1) with this name; those of `arithmetic.uniform`, in blocks."""
    seed, start = int(seed_of(*name)), 0
    while True:
        bits = scramble(seed, np.arange(start, start + 256)) >> np.uint64(11)
        yield from (bits * (1.0 / 9007199254740992.0)).tolist()
        start += 256


def numbers(count: int, *name: object) -> np.ndarray:
    """The first `count` numbers of the stream with this name, float64 in [0, 1)."""
    return (scramble(int(seed_of(*name)), np.arange(count)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


def between(draws: Iterator[float], low: float, high: float) -> float:
    """The next number of the stream, brought to [low, high)."""
    return low + (high - low) * next(draws)


def scramble(seed: int, counters: np.ndarray) -> np.ndarray:
    """`arithmetic.mix(seed ^ arithmetic.mix(counter))` of every counter: uint64, of their shape."""
    return _mix(np.uint64(seed & _MASK) ^ _mix(counters.astype(np.uint64)))


def _mix(value: np.ndarray) -> np.ndarray:
    z = value + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def dim(colour: Colour, factor: float) -> tuple[float, float, float]:
    """A colour times a factor."""
    red, green, blue = (colour, colour, colour) if isinstance(colour, float | int) else colour
    return red * factor, green * factor, blue * factor


def box(
    canvas: Canvas, left: float, low: float, right: float, high: float, colour: Colour, fourth: int | None = None
) -> None:
    """Fill the upright rectangle; parts beyond the canvas are cut off. At least one drawn pixel thick."""
    rows, columns = _window(canvas, left, low, right, high)
    canvas.colour[rows, columns] = _ink(colour)
    canvas.fourth[rows, columns] = _fourth(canvas, fourth)


def shape(canvas: Canvas, points: Sequence[Point], colour: Colour, fourth: int | None = None) -> None:
    """Fill a polygon given by its corners in metres."""
    x, y = _unit(canvas)
    corners = np.array([(round(p * x * 16 - 8), round(q * y * 16 - 8)) for p, q in points], np.int32)
    cv2.fillPoly(canvas.colour, [corners], _ink(colour), lineType=cv2.LINE_8, shift=_SHIFT)
    cv2.fillPoly(canvas.fourth, [corners], _fourth(canvas, fourth), lineType=cv2.LINE_8, shift=_SHIFT)


def stroke(
    canvas: Canvas,
    points: Sequence[Point],
    width: float,
    colour: Colour,
    fourth: int | None = None,
    closed: bool = False,
) -> None:
    """Draw a line through points, `width` metres thick, with round ends; at least one drawn pixel."""
    x, y = _unit(canvas)
    corners = np.array([(round(p * x * 16 - 8), round(q * y * 16 - 8)) for p, q in points], np.int32)
    thick = max(1, round(width * x))
    cv2.polylines(canvas.colour, [corners], closed, _ink(colour), thick, cv2.LINE_8, _SHIFT)
    cv2.polylines(canvas.fourth, [corners], closed, _fourth(canvas, fourth), thick, cv2.LINE_8, _SHIFT)


def limb(canvas: Canvas, start: tuple[float, float, float], end: tuple[float, float, float], colour: Colour) -> None:
    """A tapered rod with round ends; each end is x, y and radius in metres."""
    (ax, ay, ar), (bx, by, br) = start, end
    dx, dy = bx - ax, by - ay
    length = np.sqrt(dx * dx + dy * dy)
    if length > 0:
        nx, ny = -dy / length, dx / length
        side = [(ax + nx * ar, ay + ny * ar), (bx + nx * br, by + ny * br)]
        side += [(bx - nx * br, by - ny * br), (ax - nx * ar, ay - ny * ar)]
        shape(canvas, side, colour)
    disc(canvas, ax, ay, ar, colour)
    disc(canvas, bx, by, br, colour)


def disc(
    canvas: Canvas, x: float, y: float, radius: float, colour: Colour, fourth: int | None = None, squash: float = 1.0
) -> None:
    """Fill a disc, or an ellipse `squash` times as high as wide."""
    unit_x, unit_y = _unit(canvas)
    centre = (round(x * unit_x * 16 - 8), round(y * unit_y * 16 - 8))
    axes = (max(0, round(radius * unit_x * 16)), max(0, round(radius * squash * unit_y * 16)))
    cv2.ellipse(canvas.colour, centre, axes, 0, 0, 360, _ink(colour), -1, cv2.LINE_8, _SHIFT)
    cv2.ellipse(canvas.fourth, centre, axes, 0, 0, 360, _fourth(canvas, fourth), -1, cv2.LINE_8, _SHIFT)


def ring(canvas: Canvas, x: float, y: float, radius: float, width: float, colour: Colour) -> None:
    """A circle drawn `width` thick, its middle line at `radius`."""
    unit_x, unit_y = _unit(canvas)
    centre = (round(x * unit_x * 16 - 8), round(y * unit_y * 16 - 8))
    axes = (round(radius * unit_x * 16), round(radius * unit_y * 16))
    thick = max(1, round(width * unit_x))
    cv2.ellipse(canvas.colour, centre, axes, 0, 0, 360, _ink(colour), thick, cv2.LINE_8, _SHIFT)
    cv2.ellipse(canvas.fourth, centre, axes, 0, 0, 360, _fourth(canvas, None), thick, cv2.LINE_8, _SHIFT)


def petals(
    canvas: Canvas, x: np.ndarray, y: np.ndarray, size: np.ndarray, turn: np.ndarray, colour: np.ndarray
) -> None:
    """Many small rhombs, the last on top: leaves.

    Args:
        x, y: float64 (N,), their middles in metres.
        size: float64 (N,), half the longer diagonal in metres; the shorter is 0.6 of it.
        turn: float64 (N,), their direction in turns, 0 .. 1.
        colour: float64 (N, 3), linear reflectance.
    """
    unit_x, unit_y = _unit(canvas)
    way = WAYS[(turn * len(WAYS)).astype(np.int64) % len(WAYS)]
    along = way * size[:, None]
    across = np.stack([-along[:, 1], along[:, 0]], axis=1) * 0.6
    middle = np.stack([x, y], axis=1)
    corners = np.stack([middle + along, middle + across, middle - along, middle - across], axis=1)
    pixels = np.floor(corners * (unit_x * 16, unit_y * 16) - 7.5).astype(np.int32)
    inks = np.clip(np.floor(colour * FULL + 0.5), 0, FULL).astype(np.int64).tolist()
    for points, ink in zip(pixels, inks, strict=True):
        cv2.fillConvexPoly(canvas.colour, points, ink, cv2.LINE_8, _SHIFT)
        cv2.fillConvexPoly(canvas.fourth, points, 255, cv2.LINE_8, _SHIFT)


def shade(
    canvas: Canvas, left: float, low: float, right: float, high: float, bottom: float, top: float | None = None
) -> None:
    """Multiply a rectangle by a factor that runs from `bottom` to `top`."""
    rows, columns = _window(canvas, left, low, right, high)
    count = rows.stop - rows.start
    top = bottom if top is None else top
    factor = [round(4096 * (bottom + (top - bottom) * (i + 0.5) / count)) for i in range(count)]
    _multiply(canvas, rows, columns, np.array(factor, np.int64)[:, None])


def shade_across(canvas: Canvas, left: float, low: float, right: float, high: float, factors: Sequence[float]) -> None:
    """Multiply a rectangle by factors that run from its left to its right edge, straight lines between the given ones."""
    rows, columns = _window(canvas, left, low, right, high)
    count, pieces = columns.stop - columns.start, len(factors) - 1
    factor = []
    for i in range(count):
        place = (i + 0.5) / count * pieces
        cell = min(int(place), pieces - 1)
        factor.append(round(4096 * (factors[cell] + (factors[cell + 1] - factors[cell]) * (place - cell))))
    _multiply(canvas, rows, columns, np.array(factor, np.int64)[None, :])


def grain(
    canvas: Canvas,
    name: object,
    cell: tuple[float, float],
    strength: float,
    area: tuple[float, float, float, float] | None = None,
) -> None:
    """Multiply by smooth noise in 1 +- strength; its cells are about `cell` metres wide and high. The noise wraps.

    Args:
        area: left, low, right, high in metres; the whole canvas if None.
    """
    rows, columns = canvas.fourth.shape
    across = max(1, min(columns, round(canvas.width / cell[0])))
    up = max(1, min(rows, round(canvas.height / cell[1])))
    bits = scramble(int(seed_of("grain", name)), np.arange(across * up)).reshape(up, across)
    lattice = (bits >> np.uint64(48)).astype(np.int64) - 32768
    window = (slice(0, rows), slice(0, columns)) if area is None else _window(canvas, *area)
    x0, x1, fx = _steps(columns, across, window[1])
    y0, y1, fy = _steps(rows, up, window[0])
    band = (lattice[:, x0] * (256 - fx) + lattice[:, x1] * fx) >> 8
    noise = (band[y0] * (256 - fy)[:, None] + band[y1] * fy[:, None]) >> 8
    _multiply(canvas, window[0], window[1], 4096 + ((noise * round(4096 * strength)) >> 15))


def courses(
    canvas: Canvas,
    name: object,
    size: tuple[float, float],
    tones: Sequence[tuple[float, float, float]],
    joint: tuple[float, Colour],
    area: tuple[float, float, float, float] | None = None,
    offset: float = 0.5,
    spread: float = 0.12,
    shadow: float = 0.0,
) -> None:
    """Lay bricks, stones, slabs, boards or tiles; wraps if the area is the whole canvas and the courses are even in number.

    Args:
        size: of one, joint included, in metres; adjusted so that whole ones fill the canvas.
        tones: one is drawn for each.
        joint: its width in metres and its colour.
        offset: of every other course, as a share of the length.
        spread: of the brightness from one to the next, half the range.
        shadow: how much darker the lower edge of each is (roof tiles, boards).
    """
    rows, columns = canvas.fourth.shape
    window = (slice(0, rows), slice(0, columns)) if area is None else _window(canvas, *area)
    across, up = max(1, round(canvas.width / size[0])), max(1, round(canvas.height / size[1]))
    y = (np.arange(rows)[window[0]] * up * 256) // rows
    course = y >> 8
    x = (np.arange(columns)[window[1]] * across * 256) // columns
    along = (x[None, :] + (course & 1)[:, None] * round(offset * 256)) % (across * 256)
    bits = scramble(int(seed_of("courses", name)), course[:, None] * across + (along >> 8))
    palette = np.array([_ink(tone) for tone in tones], np.int64)
    chosen = palette[(bits & np.uint64(1023)).astype(np.int64) * len(tones) >> 10]
    bright = (bits >> np.uint64(44)).astype(np.int64) - (1 << 19)
    factor = 4096 + ((bright * round(8192 * spread)) >> 20)
    if shadow:
        low = np.maximum(0, 256 - 3 * (y & 255))
        factor = factor - ((factor * low[:, None] * round(256 * shadow)) >> 16)
    value = np.clip((chosen * factor[..., None]) >> 12, 0, FULL)
    wide_x = round(joint[0] / canvas.width * across * 256)
    wide_y = round(joint[0] / canvas.height * up * 256)
    gap = ((along & 255) < wide_x) | ((y & 255) < wide_y)[:, None]
    value[gap] = _ink(joint[1])
    canvas.colour[window] = value
    canvas.fourth[window] = _fourth(canvas, None)


def averaged(canvas: Canvas) -> tuple[np.ndarray, np.ndarray]:
    """The texels: uint16 (h, w, 3) reflectance and uint8 (h, w) fourth channel; a cutout's colour is that of its opaque part."""
    side = canvas.scale
    rows, columns = canvas.fourth.shape
    blocks = (rows // side, side, columns // side, side)
    fourth = canvas.fourth.astype(np.uint32).reshape(blocks).sum(axis=(1, 3))
    if canvas.cutout:
        weight = (canvas.fourth > 0).astype(np.uint32)
        total = (canvas.colour * weight[..., None]).reshape(*blocks, 3).sum(axis=(1, 3))
        count = np.maximum(1, weight.reshape(blocks).sum(axis=(1, 3)))[..., None]
    else:
        total = canvas.colour.astype(np.uint32).reshape(*blocks, 3).sum(axis=(1, 3))
        count = np.uint32(side * side)
    return ((total + count // 2) // count).astype(np.uint16), ((fourth + side * side // 2) // (side * side)).astype(
        np.uint8
    )


def _multiply(canvas: Canvas, rows: slice, columns: slice, factor: np.ndarray) -> None:
    part = canvas.colour[rows, columns].astype(np.int64)
    canvas.colour[rows, columns] = np.clip((part * factor[..., None]) >> 12, 0, FULL)


def _steps(length: int, cells: int, window: slice) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    place = (np.arange(length)[window] * cells * 256) // length
    part = place & 255
    return place >> 8, ((place >> 8) + 1) % cells, (part * part * (768 - 2 * part)) >> 16


def _window(canvas: Canvas, left: float, low: float, right: float, high: float) -> tuple[slice, slice]:
    x, y = _unit(canvas)
    rows, columns = canvas.fourth.shape
    first, bottom = min(max(0, round(left * x)), columns - 1), min(max(0, round(low * y)), rows - 1)
    last, top = min(max(first + 1, round(right * x)), columns), min(max(bottom + 1, round(high * y)), rows)
    return slice(bottom, top), slice(first, last)


def _unit(canvas: Canvas) -> tuple[float, float]:
    rows, columns = canvas.fourth.shape
    return columns / canvas.width, rows / canvas.height


def _ink(colour: Colour) -> tuple[int, int, int]:
    red, green, blue = (colour, colour, colour) if isinstance(colour, float | int) else colour
    return tuple(min(FULL, max(0, round(v * FULL))) for v in (red, green, blue))  # type: ignore[return-value]


def _fourth(canvas: Canvas, fourth: int | None) -> int:
    if fourth is not None:
        return fourth
    return 255 if canvas.cutout else 0
