"""Upper storeys: fourteen houses, each two bays by two storeys (6 m x 6 m), wrapping both ways; channel 4 is glass."""

from collections.abc import Callable, Iterator

from fairweather.data.town.painting.canvas import (
    Canvas,
    Colour,
    between,
    blank,
    box,
    courses,
    dim,
    disc,
    grain,
    shade,
    shape,
    stream,
    stroke,
)
from fairweather.data.town.painting.windows import GLASS, Frame, behind, dish, flower_box, panes, railing, window

SIDE = 6.0
BAY, STOREY = 3.0, 3.0
_TEXELS = (256, 256)
_COARSE = (128, 128)  # for houses without small parts: 1 MB less
_STONE: Colour = (0.46, 0.44, 0.40)
_WHITE: Colour = (0.68, 0.68, 0.66)


def facade(number: int) -> Canvas:
    """Facade `number`, 0 .. 13."""
    draws = stream("facade", number)
    canvas = _HOUSES[number](draws)
    grain(canvas, ("facade broad", number), (1.5, 1.0), 0.11)
    grain(canvas, ("facade middle", number), (0.25, 0.35), 0.09)
    grain(canvas, ("facade fine", number), (0.05, 0.05), 0.13)
    return canvas


def _bays() -> list[tuple[float, float]]:
    """The lower left corner of each bay."""
    return [(x * BAY, y * STOREY) for y in (0, 1) for x in (0, 1)]


def _ground(fill: Colour, coarse: bool = False) -> Canvas:
    return blank(_COARSE if coarse else _TEXELS, (SIDE, SIDE), fill, 4 if coarse else 2)


def _bricks(fill: tuple[tuple[float, float, float], ...], mortar: Colour, number: int, spread: float = 0.22) -> Canvas:
    canvas = _ground(mortar)
    courses(canvas, ("facade", number), (0.23, 0.077), fill, (0.013, mortar), spread=spread)
    return canvas


def _plaster(draws: Iterator[float], colour: Colour, number: int) -> Canvas:
    canvas = _ground(colour)
    grain(canvas, ("plaster", number), (0.6, 1.2), 0.08)
    for _ in range(9):  # streaks of rain, and mended spots
        x, y = between(draws, 0, SIDE), between(draws, 1.0, SIDE)
        shade(
            canvas, x, y - between(draws, 0.4, 2.0), x + between(draws, 0.03, 0.2), y, 1.0, between(draws, 0.82, 0.95)
        )
    for _ in range(4):
        x, y = between(draws, 0, SIDE - 0.8), between(draws, 0, SIDE - 0.5)
        shade(canvas, x, y, x + between(draws, 0.2, 0.8), y + between(draws, 0.1, 0.5), between(draws, 0.9, 1.1))
    return canvas


def _band(canvas: Canvas, y: float, height: float, colour: Colour) -> None:
    """A moulding along the house: lit above, its shadow below."""
    box(canvas, 0, y, SIDE, y + height, colour)
    shade(canvas, 0, y, SIDE, y + height * 0.35, 0.72)
    shade(canvas, 0, y - 0.09, SIDE, y, 0.8, 0.5)


def _pipe(canvas: Canvas, x: float, colour: Colour) -> None:
    """A drain pipe with its shadow and brackets."""
    shade(canvas, x + 0.05, 0, x + 0.14, SIDE, 0.6)
    box(canvas, x - 0.05, 0, x + 0.05, SIDE, colour)
    shade(canvas, x + 0.015, 0, x + 0.05, SIDE, 0.6)
    for y in (0.7, 2.2, 3.7, 5.2):
        box(canvas, x - 0.075, y, x + 0.075, y + 0.06, dim(colour, 0.8))


def _red_brick(draws: Iterator[float]) -> Canvas:
    canvas = _bricks(
        ((0.26, 0.135, 0.10), (0.21, 0.11, 0.085), (0.30, 0.165, 0.12), (0.18, 0.11, 0.09)), (0.30, 0.27, 0.24), 0
    )
    sash = Frame(_WHITE, ((1, 2), (1, 2)), sill=_STONE, lintel=_STONE)
    _band(canvas, 2.84, 0.14, dim(_STONE, 0.9))
    for x, y in _bays():
        window(canvas, draws, (x + 0.85, y + 0.65, x + 2.15, y + 2.5), sash)
    _pipe(canvas, 2.95, (0.10, 0.10, 0.10))
    return canvas


def _yellow_brick(draws: Iterator[float]) -> Canvas:
    tones = ((0.36, 0.29, 0.19), (0.31, 0.25, 0.17), (0.40, 0.33, 0.22), (0.25, 0.20, 0.15))
    canvas = _bricks(tones, (0.28, 0.26, 0.22), 1, 0.26)
    for x, y in _bays():
        left, right, top = x + 0.82, x + 2.18, y + 2.45
        for k in range(11):  # a flat arch of red rubbed bricks
            a, b = left - 0.1 + k * 0.1418, left - 0.1 + (k + 1) * 0.1418
            lean_a, lean_b = (k - 5.5) * 0.02, (k - 4.5) * 0.02
            tone = dim((0.27, 0.14, 0.10), between(draws, 0.8, 1.2))
            shape(canvas, [(a, top), (b - 0.012, top), (b - 0.012 + lean_b, top + 0.3), (a + lean_a, top + 0.3)], tone)
        window(canvas, draws, (left, y + 0.6, right, top), Frame(_WHITE, ((1, 3), (1, 3)), bar=0.035, sill=_STONE))
    _band(canvas, 5.82, 0.12, (0.42, 0.38, 0.30))
    return canvas


def _shuttered(draws: Iterator[float]) -> Canvas:
    canvas = _plaster(draws, (0.60, 0.585, 0.55), 2)
    frame = Frame((0.55, 0.54, 0.51), ((3, 2), (1, 2)), sill=(0.42, 0.41, 0.39))
    for x, y in _bays():
        left, low, right, high = x + 0.92, y + 0.6, x + 2.08, y + 2.45
        window(canvas, draws, (left, low, right, high), frame)
        if x and y:
            flower_box(canvas, draws, left, right, low - 0.12)
        paint = dim((0.16, 0.20, 0.17), between(draws, 0.85, 1.15))
        for edge in (left - 0.56, right + 0.04):
            shade(canvas, edge + 0.03, low - 0.06, edge + 0.57, high - 0.04, 0.6)
            box(canvas, edge, low - 0.02, edge + 0.52, high, paint)
            slat = low + 0.08
            while slat < high - 0.1:
                if not low + 0.78 < slat < low + 0.86:
                    box(canvas, edge + 0.06, slat, edge + 0.46, slat + 0.022, dim(paint, 0.5))
                slat += 0.058
    _pipe(canvas, 0.12, (0.33, 0.33, 0.32))
    return canvas


def _ochre(draws: Iterator[float]) -> Canvas:
    canvas = _plaster(draws, (0.47, 0.385, 0.26), 3)
    trim = (0.58, 0.54, 0.46)
    frame = Frame((0.50, 0.47, 0.42), ((2.4, 2), (1, 2)), surround=trim)
    for x, y in _bays():
        left, low, right, high = x + 0.86, y + 0.5, x + 2.14, y + 2.32
        window(canvas, draws, (left, low, right, high), frame)
        box(canvas, left - 0.2, high + 0.22, right + 0.2, high + 0.34, trim)  # a hood on two brackets
        shade(canvas, left - 0.2, high + 0.13, right + 0.2, high + 0.22, 0.75, 0.5)
        box(canvas, left - 0.2, low - 0.18, right + 0.2, low - 0.06, trim)
        shade(canvas, left - 0.2, low - 0.27, right + 0.2, low - 0.18, 0.85, 0.55)
    _band(canvas, 2.86, 0.12, trim)
    _band(canvas, 5.86, 0.1, trim)
    return canvas


def _grey_plaster(draws: Iterator[float]) -> Canvas:
    canvas = _plaster(draws, (0.40, 0.40, 0.395), 4)
    for x, y in _bays():
        wide = 0.82 if x == 0 else 1.05
        low = y + 0.75
        frame = Frame(
            (0.62, 0.62, 0.61) if next(draws) < 0.7 else (0.12, 0.12, 0.13), ((1, 2),), sill=(0.34, 0.35, 0.36)
        )
        window(canvas, draws, (x + 1.5 - wide, low, x + 1.5 + wide, y + 2.35), frame)
        if next(draws) < 0.45:  # a roller shutter let down part of the way
            drop = between(draws, 0.2, 0.9)
            shutter = y + 2.29
            while shutter > y + 2.29 - drop:
                box(canvas, x + 1.54 - wide, shutter - 0.045, x + 1.46 + wide, shutter, (0.45, 0.45, 0.43))
                box(canvas, x + 1.54 - wide, shutter - 0.06, x + 1.46 + wide, shutter - 0.045, (0.2, 0.2, 0.2))
                shutter -= 0.06
    box(canvas, 0, 2.96, SIDE, 2.98, (0.24, 0.24, 0.24))
    dish(canvas, 2.95, 1.9)
    return canvas


def _balconies(draws: Iterator[float]) -> Canvas:
    canvas = _ground((0.37, 0.365, 0.35), coarse=True)
    grain(canvas, "slab", (0.5, 0.7), 0.1)
    for y in (0.0, 3.0):
        box(canvas, 0, y, SIDE, y + 0.03, (0.14, 0.14, 0.14))
        frame = Frame((0.55, 0.55, 0.54), ((1, 2),), sill=(0.4, 0.4, 0.4))
        window(canvas, draws, (0.45, y + 0.85, 2.35, y + 2.4), frame)
        box(canvas, 2.97, y, 3.0, y + 3.0, (0.14, 0.14, 0.14))
        box(canvas, 3.25, y + 0.12, 5.75, y + 2.6, (0.10, 0.10, 0.105))  # the shaded recess behind the balcony
        box(canvas, 3.25, y + 2.45, 5.75, y + 2.6, (0.06, 0.06, 0.06))
        panes(canvas, draws, (3.4, y + 0.3, 4.3, y + 2.3), Frame((0.40, 0.40, 0.40), ((1, 1),)))
        panes(canvas, draws, (4.45, y + 0.9, 5.6, y + 2.3), Frame((0.40, 0.40, 0.40), ((1, 2),)))
        for _ in range(3):  # chairs, boxes, washing
            x = between(draws, 3.4, 5.4)
            box(
                canvas,
                x,
                y + 1.1,
                x + between(draws, 0.1, 0.4),
                y + between(draws, 1.2, 1.7),
                dim((0.3, 0.28, 0.27), next(draws)),
            )
        parapet: Colour = (0.47, 0.465, 0.45) if y else (0.33, 0.36, 0.36)
        box(canvas, 3.15, y + 0.1, 5.85, y + 1.1, parapet)
        for k in range(1, 9):
            box(canvas, 3.15 + k * 0.3, y + 0.1, 3.165 + k * 0.3, y + 1.1, dim(parapet, 0.7))
        shade(canvas, 3.15, y + 0.1, 5.85, y + 0.4, 0.75, 1.0)
        box(canvas, 3.12, y + 1.1, 5.88, y + 1.16, (0.5, 0.5, 0.49))
        box(canvas, 3.12, y + 0.0, 5.88, y + 0.1, (0.42, 0.42, 0.40))
        shade(canvas, 3.15, y + 2.75, 5.85, y + 3.0, 0.8, 0.55)
        for _ in range(4):
            x = between(draws, 3.2, 5.8)
            shade(canvas, x, y + between(draws, 0.1, 0.5), x + 0.06, y + 1.1, 1.0, 0.75)
    return canvas


def _office(draws: Iterator[float]) -> Canvas:
    canvas = _ground((0.30, 0.31, 0.32), coarse=True)
    for row in range(2):
        y = row * STOREY
        for k in range(4):
            x = k * 1.5
            tint = between(draws, 0.05, 0.10)
            box(canvas, x, y, x + 1.5, y + 0.95, (tint * 0.9, tint, tint * 1.12))  # spandrel, enamelled glass
            behind(canvas, draws, (x, y + 0.95, x + 1.5, y + 3.0))
            if next(draws) < 0.5:  # strip lights on the ceiling
                box(canvas, x + 0.2, y + 2.72, x + 1.3, y + 2.78, (0.16, 0.165, 0.16), GLASS)
    for k in range(5):
        box(canvas, k * 1.5 - 0.035, 0, k * 1.5 + 0.035, SIDE, (0.42, 0.43, 0.44))
        shade(canvas, k * 1.5 + 0.035, 0, k * 1.5 + 0.08, SIDE, 0.55)
    for y in (0.0, 0.95, 3.0, 3.95, 6.0):
        box(canvas, 0, y - 0.03, SIDE, y + 0.03, (0.40, 0.41, 0.42))
        shade(canvas, 0, y - 0.07, SIDE, y - 0.03, 0.55)
    for y in (2.25, 5.25):
        box(canvas, 0, y - 0.02, SIDE, y + 0.02, (0.36, 0.37, 0.38))
    return canvas


def _sandstone(draws: Iterator[float]) -> Canvas:
    tones = ((0.42, 0.36, 0.28), (0.38, 0.33, 0.26), (0.45, 0.39, 0.31), (0.34, 0.30, 0.25))
    canvas = _ground(tones[0])
    courses(canvas, "ashlar", (0.75, 0.375), tones, (0.014, (0.24, 0.21, 0.17)), spread=0.08)
    stone = (0.47, 0.42, 0.34)
    for x, y in _bays():
        left, low, right, high = x + 0.8, y + 0.5, x + 2.2, y + 2.35
        frame = Frame((0.22, 0.17, 0.13), ((2.6, 2), (1, 1)), surround=stone)
        window(canvas, draws, (left, low, right, high), frame)
        if y:
            shape(canvas, [(left - 0.3, high + 0.2), (right + 0.3, high + 0.2), (x + 1.5, high + 0.58)], stone)
            shape(
                canvas, [(left - 0.1, high + 0.26), (right + 0.1, high + 0.26), (x + 1.5, high + 0.5)], dim(stone, 0.7)
            )
        else:
            box(canvas, left - 0.3, high + 0.2, right + 0.3, high + 0.36, stone)
        shade(canvas, left - 0.3, high + 0.12, right + 0.3, high + 0.2, 0.8, 0.5)
        box(canvas, left - 0.25, low - 0.2, right + 0.25, low - 0.06, stone)
        shade(canvas, left - 0.25, low - 0.3, right + 0.25, low - 0.2, 0.9, 0.55)
    for x in (0.0, SIDE):  # a pilaster between houses
        box(canvas, x - 0.22, 0, x + 0.22, SIDE, dim(stone, 0.97))
        shade(canvas, x + 0.16, 0, x + 0.22, SIDE, 0.7)
    _band(canvas, 2.86, 0.12, stone)
    return canvas


def _siding(draws: Iterator[float]) -> Canvas:
    board = ((0.52, 0.53, 0.52), (0.49, 0.50, 0.49), (0.54, 0.545, 0.53))
    canvas = _ground(board[0])
    courses(canvas, "siding", (3.0, 0.15), board, (0.018, (0.22, 0.22, 0.22)), spread=0.05, shadow=0.25)
    for x, y in _bays():
        left, low, right, high = x + 0.9, y + 0.65, x + 2.1, y + 2.45
        frame = Frame((0.66, 0.66, 0.65), ((1, 1), (1, 2)), surround=(0.68, 0.68, 0.67), sill=(0.62, 0.62, 0.61))
        window(canvas, draws, (left, low, right, high), frame)
    box(canvas, 0, 0, 0.16, SIDE, (0.66, 0.66, 0.65))
    shade(canvas, 0.16, 0, 0.21, SIDE, 0.6)
    return canvas


def _warehouse(draws: Iterator[float]) -> Canvas:
    tones = ((0.13, 0.085, 0.07), (0.10, 0.07, 0.06), (0.16, 0.10, 0.08), (0.09, 0.075, 0.07))
    canvas = _bricks(tones, (0.17, 0.155, 0.14), 9, 0.3)
    for x, y in _bays():
        left, low, right, high = x + 0.55, y + 0.55, x + 2.45, y + 2.35
        for k in range(17):  # a segmental arch of headers
            a = left - 0.08 + k * 0.12
            rise = 0.16 - 0.0024 * (k - 8) * (k - 8)
            shape(canvas, [(a, high), (a + 0.105, high), (a + 0.105, high + 0.1 + rise), (a, high + 0.1 + rise)],
                  dim(tones[2], between(draws, 0.8, 1.5)))  # fmt: skip
        iron = Frame((0.09, 0.10, 0.10), ((1, 5), (1, 5), (1, 5)), bar=0.03, sill=(0.30, 0.28, 0.26))
        window(canvas, draws, (left, low, right, high), iron)
    box(canvas, 0, 2.93, SIDE, 3.05, (0.24, 0.21, 0.19))
    shade(canvas, 0, 2.87, SIDE, 2.93, 0.55)
    for x in (0.0, 3.0):  # iron anchors
        stroke(canvas, [(x + 0.15, 2.6), (x + 0.32, 2.85)], 0.05, 0.05)
        stroke(canvas, [(x + 0.32, 2.6), (x + 0.15, 2.85)], 0.05, 0.05)
    _pipe(canvas, 5.8, (0.08, 0.09, 0.08))
    return canvas


def _tiled(draws: Iterator[float]) -> Canvas:
    tones = ((0.44, 0.405, 0.35), (0.40, 0.37, 0.32), (0.47, 0.43, 0.375), (0.36, 0.335, 0.30))
    canvas = _ground(tones[0])
    courses(canvas, "tiles", (0.24, 0.094), tones, (0.012, (0.5, 0.49, 0.46)), offset=0.0, spread=0.1)
    for y in (0.0, 3.0):
        window(canvas, draws, (0.4, y + 0.3, 2.6, y + 2.3), Frame((0.24, 0.22, 0.20), ((1, 3),), sill=(0.3, 0.3, 0.3)))
        railing(canvas, 0.35, 2.65, y + 0.28, y + 1.2, (0.28, 0.28, 0.28))
        window(canvas, draws, (3.7, y + 1.1, 4.6, y + 2.2), Frame((0.24, 0.22, 0.20), ((1, 2),), sill=(0.3, 0.3, 0.3)))
        box(canvas, 4.95, y + 0.9, 5.65, y + 1.45, (0.48, 0.48, 0.46))  # outdoor unit of an air conditioner
        disc(canvas, 5.22, y + 1.17, 0.2, (0.12, 0.12, 0.12))
        disc(canvas, 5.22, y + 1.17, 0.07, (0.35, 0.35, 0.35))
        shade(canvas, 4.95, y + 0.75, 5.65, y + 0.9, 0.9, 0.5)
        stroke(canvas, [(5.5, y + 1.45), (5.5, y + 2.5)], 0.05, (0.42, 0.41, 0.38))
    _band(canvas, 2.9, 0.1, (0.35, 0.34, 0.32))
    return canvas


def _blue_grey(draws: Iterator[float]) -> Canvas:
    canvas = _plaster(draws, (0.335, 0.37, 0.40), 11)
    for x, y in _bays():
        left, low, right, high = x + 0.86, y + 0.15, x + 2.14, y + 2.5
        frame = Frame((0.6, 0.6, 0.58), ((3, 2), (1, 2)), surround=(0.60, 0.60, 0.58))
        window(canvas, draws, (left, low, right, high), frame)
        railing(canvas, left - 0.06, right + 0.06, low + 0.04, low + 0.98, (0.05, 0.05, 0.05))
    for y in (2.84, 5.84):
        _band(canvas, y, 0.12, (0.58, 0.58, 0.56))
    _pipe(canvas, 3.0, (0.30, 0.32, 0.34))
    return canvas


def _strips(draws: Iterator[float]) -> Canvas:
    canvas = _ground((0.43, 0.42, 0.40), coarse=True)
    for y in (0.0, 3.0):
        for k in range(4):
            tone = dim((0.30, 0.34, 0.345), between(draws, 0.88, 1.1))
            box(canvas, k * 1.5, y + 0.2, k * 1.5 + 1.5, y + 1.05, tone)
            box(canvas, k * 1.5, y + 0.2, k * 1.5 + 0.025, y + 1.05, dim(tone, 0.6))
            shade(canvas, k * 1.5, y + 0.2, k * 1.5 + 1.5, y + 0.45, 0.85, 1.0)
            left = k * 1.5
            box(canvas, left, y + 1.05, left + 1.5, y + 2.55, (0.52, 0.52, 0.50))
            panes(
                canvas,
                draws,
                (left + 0.06, y + 1.11, left + 1.44, y + 2.49),
                Frame((0.52, 0.52, 0.50), ((3, 1), (1, 2))),
            )
        box(canvas, 0, y + 1.0, SIDE, y + 1.06, (0.5, 0.5, 0.5))
        shade(canvas, 0, y + 0.93, SIDE, y + 1.0, 0.8, 0.6)
        shade(canvas, 0, y + 2.4, SIDE, y + 2.55, 1.0, 0.5)
        for _ in range(6):
            x = between(draws, 0, 5.9)
            shade(canvas, x, y + between(draws, 0.2, 0.6), x + 0.08, y + 1.0, 1.0, 0.8)
        box(canvas, 0, y + 2.75, SIDE, y + 2.78, (0.3, 0.3, 0.29))
    for x in (0.0, SIDE):
        box(canvas, x - 0.1, 0, x + 0.1, SIDE, (0.40, 0.395, 0.38))
        shade(canvas, x + 0.1, 0, x + 0.16, SIDE, 0.65)
    return canvas


def _half_timbered(draws: Iterator[float]) -> Canvas:
    canvas = _plaster(draws, (0.56, 0.53, 0.46), 13)
    wood = (0.085, 0.062, 0.048)

    def beam(points: list[tuple[float, float]], width: float) -> None:
        stroke(canvas, [(x + 0.025, y - 0.025) for x, y in points], width, (0.30, 0.28, 0.24))
        stroke(canvas, points, width, dim(wood, between(draws, 0.8, 1.35)))

    for y in (0.0, 3.0):
        for k in range(2):
            x = k * 3.0
            beam([(x + 0.1, y + 0.3), (x + 0.75, y + 2.7)], 0.15)
            beam([(x + 2.9, y + 0.3), (x + 2.25, y + 2.7)], 0.15)
            for post in (0.0, 0.85, 2.15):
                beam([(x + post, y), (x + post, y + 3.0)], 0.17)
            beam([(x + 1.5, y), (x + 1.5, y + 0.9)], 0.14)
            beam([(x + 0.85, y + 0.95), (x + 2.15, y + 0.95)], 0.13)
            window(
                canvas,
                draws,
                (x + 0.97, y + 1.02, x + 2.05, y + 2.3),
                Frame((0.58, 0.57, 0.54), ((2, 2), (1, 2)), bar=0.045),
            )
            if (k == 0) == (y == 0):
                flower_box(canvas, draws, x + 1.0, x + 2.0, y + 0.86)
            beam([(x + 0.85, y + 2.38), (x + 2.15, y + 2.38)], 0.13)
        beam([(0, y + 0.02), (SIDE, y + 0.02)], 0.24)
        beam([(0, y + 2.78), (SIDE, y + 2.78)], 0.14)
    beam([(0, 0.02), (0, SIDE)], 0.17)
    beam([(SIDE, 0.02), (SIDE, SIDE)], 0.17)
    return canvas


_HOUSES: tuple[Callable[[Iterator[float]], Canvas], ...] = (
    _red_brick, _yellow_brick, _shuttered, _ochre, _grey_plaster, _balconies, _office, _sandstone, _siding, _warehouse,
    _tiled, _blue_grey, _strips, _half_timbered,
)  # fmt: skip
