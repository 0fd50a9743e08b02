"""Ground floors, 6 m x 3.6 m: six shops and four without; channel 4 is glass; they wrap along u."""

import itertools
from collections.abc import Iterator

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
    limb,
    shade,
    shape,
    stream,
)
from fairweather.data.town.painting.lettering import letters
from fairweather.data.town.painting.windows import GLASS, Frame, railing, window

WIDE, HIGH = 6.0, 3.6
_TEXELS = (256, 128)
_NAMES = ("MARKET", "CAFE LUNA", "BOOKS", "PHARMACY", "HAIR", "PHONE FIX")
_BOARDS: tuple[Colour, ...] = (
    (0.06, 0.14, 0.08), (0.10, 0.055, 0.045), (0.05, 0.08, 0.14), (0.52, 0.52, 0.50), (0.05, 0.05, 0.055), (0.26, 0.07, 0.06),
)  # fmt: skip
_LETTERS: tuple[Colour, ...] = (0.62, (0.50, 0.42, 0.26), 0.6, (0.05, 0.25, 0.11), (0.55, 0.5, 0.46), (0.6, 0.55, 0.3))
_WALLS: tuple[Colour, ...] = (
    (0.36, 0.35, 0.34), (0.30, 0.26, 0.21), (0.20, 0.20, 0.20), (0.44, 0.43, 0.41), (0.28, 0.17, 0.13), (0.38, 0.38, 0.37),
)  # fmt: skip
_FRAMES: tuple[Colour, ...] = (0.40, (0.13, 0.08, 0.055), (0.07, 0.09, 0.13), 0.5, 0.06, (0.32, 0.32, 0.33))
_GOODS: tuple[tuple[float, float, float], ...] = (
    (0.30, 0.28, 0.25), (0.22, 0.10, 0.08), (0.12, 0.15, 0.20), (0.28, 0.24, 0.12), (0.10, 0.14, 0.10), (0.35, 0.35, 0.33),
    (0.16, 0.13, 0.11), (0.20, 0.17, 0.18),
)  # fmt: skip


def shop(number: int) -> Canvas:
    """Shop front `number`, 0 .. 5: board with its name, panes with goods, a door, now and then an awning."""
    draws = stream("shop", number)
    canvas = blank(_TEXELS, (WIDE, HIGH), _WALLS[number])
    if number in (1, 4):
        brick = (
            ((0.24, 0.13, 0.10), (0.19, 0.11, 0.09), (0.27, 0.16, 0.12)) if number == 4 else ((0.33, 0.29, 0.23),) * 2
        )
        courses(canvas, ("shop", number), (0.23, 0.077), brick, (0.013, (0.27, 0.25, 0.22)))
    _display(canvas, draws, number)
    _board(canvas, draws, number)
    if number in (1, 5):
        _awning(canvas, draws, number)
    if number == 3:  # the green cross of a pharmacy
        box(canvas, 5.55, 2.62, 5.95, 2.74, (0.05, 0.35, 0.14), 0)
        box(canvas, 5.69, 2.48, 5.81, 2.88, (0.05, 0.35, 0.14), 0)
    shade(canvas, 0, 0, WIDE, 0.35, 0.72, 1.0)
    return _weathered(canvas, ("shop", number))


def entrance(number: int) -> Canvas:
    """Ground floor `number`, 0 .. 3, without a shop: windows and a house door, a garage, a passage."""
    draws = stream("entrance", number)
    wall: Colour = ((0.36, 0.35, 0.33), (0.40, 0.36, 0.30), (0.25, 0.15, 0.115), (0.42, 0.41, 0.39))[number]
    canvas = blank(_TEXELS, (WIDE, HIGH), wall)
    if number == 2:
        tones = ((0.25, 0.135, 0.10), (0.20, 0.11, 0.085), (0.29, 0.16, 0.12))
        courses(canvas, "entrance", (0.23, 0.077), tones, (0.013, (0.28, 0.26, 0.23)), spread=0.2)
    elif number == 1:
        tones = ((0.40, 0.36, 0.29), (0.36, 0.325, 0.265), (0.43, 0.385, 0.31))
        courses(canvas, "rustic", (0.86, 0.45), tones, (0.03, (0.20, 0.18, 0.15)), spread=0.06)
    base: Colour = ((0.24, 0.24, 0.24), (0.27, 0.25, 0.22), (0.17, 0.16, 0.155), (0.20, 0.20, 0.205))[number]
    box(canvas, 0, 0, WIDE, 0.5, base)
    shade(canvas, 0, 0.5, WIDE, 0.54, 1.25)
    frame = Frame(0.6, ((2, 2), (1, 2)), sill=(0.42, 0.41, 0.39), surround=0.5 if number == 1 else None)
    if number == 3:
        _garage(canvas, draws)
        window(canvas, draws, (4.3, 1.2, 5.5, 2.6), frame)
    else:
        window(canvas, draws, (0.5, 1.15, 1.6, 2.75), frame)
        window(canvas, draws, (4.4, 1.15, 5.5, 2.75), frame)
        if number == 0:  # the bars of a ground floor
            railing(canvas, 4.4, 5.5, 1.2, 2.7, (0.05, 0.05, 0.05), 0.13)
        _door(canvas, draws, (2.55, 3.55), number)
    box(canvas, 0, 3.42, WIDE, 3.56, 0.45 if number == 1 else dim(base, 1.5))
    shade(canvas, 0, 3.32, WIDE, 3.42, 0.85, 0.55)
    shade(canvas, 0, 0, WIDE, 0.4, 0.7, 1.0)
    for _ in range(5):
        x = between(draws, 0, WIDE)
        shade(canvas, x, 0.5, x + between(draws, 0.04, 0.2), between(draws, 0.9, 2.2), 0.85, 1.0)
    return _weathered(canvas, ("entrance", number))


def _weathered(canvas: Canvas, name: object) -> Canvas:
    grain(canvas, ("broad", name), (1.2, 0.8), 0.11)
    grain(canvas, ("fine", name), (0.06, 0.06), 0.12)
    return canvas


def _display(canvas: Canvas, draws: Iterator[float], number: int) -> None:
    """The panes, the goods behind them and the door."""
    frame, door = _FRAMES[number], (0.35, 4.45, 2.5, 0.35, 4.5, 2.45)[number]
    left, right, low = 0.25, 5.75, 0.3 if number in (3, 5) else 0.5
    box(canvas, left, 0, right, 2.75, dim(frame, 0.9))
    edges = [left, door, door + 1.15, right]
    for k, (a, b) in enumerate(itertools.pairwise(edges)):
        if b - a < 0.3:
            continue
        if k == 1:
            _shop_door(canvas, draws, a, b, frame)
            continue
        box(canvas, a + 0.05, 0.05, b - 0.05, low - 0.06, dim(frame, 0.6 if number != 2 else 1.3))  # stall riser
        count = max(1, round((b - a) / 1.7))
        for pane in range(count):
            x0, x1 = a + (b - a) * pane / count + 0.05, a + (b - a) * (pane + 1) / count - 0.05
            _goods(canvas, draws, (x0, low, x1, 2.65), number)
    shade(canvas, left, 2.55, right, 2.75, 1.0, 0.45)  # under the board it is dark


def _goods(canvas: Canvas, draws: Iterator[float], area: tuple[float, float, float, float], number: int) -> None:
    left, low, right, high = area
    depth = between(draws, 0.03, 0.05)
    box(canvas, left, low, right, high, (depth, depth, depth * 1.05), GLASS)
    shade(canvas, left, low, right, high, 1.4, 0.8)
    for _ in range(3):  # lights on the ceiling inside
        x, y = between(draws, left, right - 0.3), between(draws, high - 0.6, high - 0.2)
        box(canvas, x, y, x + between(draws, 0.1, 0.3), y + 0.03, 0.22, GLASS)
    if number == 4:  # chairs, mirrors, a person at work
        for k in range(2):
            x = left + (right - left) * (0.3 + 0.4 * k)
            box(canvas, x - 0.16, low + 0.7, x + 0.16, low + 1.5, (0.14, 0.15, 0.16), GLASS)
            box(canvas, x - 0.2, low, x + 0.2, low + 0.6, (0.07, 0.05, 0.05), GLASS)
    shelves = {0: 4, 2: 5, 3: 4, 5: 4}.get(number, 2)
    for shelf in range(shelves):
        y = low + 0.05 + shelf * (1.75 / shelves)
        box(canvas, left, y - 0.03, right, y, 0.11, GLASS)
        x = left + between(draws, 0.0, 0.1)
        while x < right - 0.08:
            wide, tall = between(draws, 0.05, 0.24), between(draws, 0.08, 1.3 / shelves)
            if next(draws) < 0.8:
                tone = dim(_GOODS[int(next(draws) * len(_GOODS))], between(draws, 0.3, 0.85))
                box(canvas, x, y, min(x + wide, right), y + tall, tone, GLASS)
            x += wide + between(draws, 0.01, 0.08)
    if next(draws) < 0.7:  # a poster on the pane
        x, y = between(draws, left + 0.05, right - 0.4), between(draws, low + 0.5, low + 1.2)
        tone = dim(_GOODS[int(next(draws) * len(_GOODS))], 1.4)
        box(canvas, x, y, x + 0.36, y + 0.5, tone, GLASS)
        box(canvas, x + 0.04, y + 0.06, x + 0.32, y + 0.2, dim(tone, 0.4), GLASS)
        box(canvas, x + 0.04, y + 0.38, x + 0.3, y + 0.42, dim(tone, 0.3), GLASS)


def _shop_door(canvas: Canvas, draws: Iterator[float], left: float, right: float, frame: Colour) -> None:
    box(canvas, left, 0, right, 2.75, dim(frame, 0.45))
    box(canvas, left + 0.08, 0.03, right - 0.08, 2.2, dim(frame, 1.15))
    box(canvas, left + 0.2, 0.3, right - 0.2, 2.08, (0.035, 0.036, 0.038), GLASS)
    box(canvas, left + 0.3, 0.3, left + 0.5, 1.5, (0.06, 0.055, 0.05), GLASS)
    box(canvas, left + 0.12, 2.28, right - 0.12, 2.66, (0.04, 0.042, 0.045), GLASS)
    box(canvas, right - 0.28, 0.95, right - 0.24, 1.35, 0.45)
    box(canvas, left + 0.32, 1.45, left + 0.6, 1.62, 0.5, GLASS)
    box(canvas, left + 0.02, 0, right - 0.02, 0.07, 0.16)


def _board(canvas: Canvas, draws: Iterator[float], number: int) -> None:
    colour, name = _BOARDS[number], _NAMES[number]
    box(canvas, 0.12, 2.75, 5.88, 3.35, colour)
    shade(canvas, 0.12, 2.75, 5.88, 3.35, 0.85, 1.1)
    box(canvas, 0.05, 3.35, 5.95, 3.44, dim(colour, 1.2))
    shade(canvas, 0.12, 3.29, 5.88, 3.35, 0.55)
    box(canvas, 0, 3.48, WIDE, 3.58, 0.42)
    step = 0.34
    start = 0.55 if number % 2 else (WIDE - step * len(name)) / 2
    letters(canvas, name, (start, 2.88), (step, 0.32), _LETTERS[number])
    if number in (0, 5):
        letters(canvas, "24 7", (4.7, 2.94), (0.2, 0.2), _LETTERS[number])
    for x in (0.6, 2.2, 3.8, 5.4) if number in (2, 4) else ():  # lamps on goose necks
        box(canvas, x - 0.02, 3.3, x + 0.02, 3.5, 0.06)
        disc(canvas, x, 3.3, 0.09, 0.06)
    for x in (0.0, WIDE):  # pilasters between shops
        box(canvas, x - 0.14, 0, x + 0.14, 3.44, dim(_WALLS[number], 1.1))
        shade(canvas, x + 0.14, 0, x + 0.2, 2.75, 0.55)
        box(canvas, x - 0.18, 3.2, x + 0.18, 3.44, dim(_WALLS[number], 1.25))


def _awning(canvas: Canvas, draws: Iterator[float], number: int) -> None:
    cloth = ((0.27, 0.10, 0.08), (0.5, 0.48, 0.44)) if number == 1 else ((0.12, 0.19, 0.16), (0.46, 0.46, 0.43))
    count = 22
    for k in range(count):
        x0, x1 = 0.2 + 5.6 * k / count, 0.2 + 5.6 * (k + 1) / count
        tone = cloth[k % 2]
        shape(canvas, [(x0, 2.3), (x1, 2.3), (x1, 2.78), (x0, 2.78)], tone)
        shape(canvas, [(x0, 2.12), (x1, 2.12), (x1, 2.3), (x0, 2.3)], dim(tone, 0.72))
        disc(canvas, (x0 + x1) / 2, 2.12, (x1 - x0) / 2, dim(tone, 0.72), squash=0.5)
    shade(canvas, 0.2, 2.3, 5.8, 2.78, 0.9, 1.15)
    shade(canvas, 0.25, 1.5, 5.75, 2.05, 1.0, 0.55)


def _door(canvas: Canvas, draws: Iterator[float], span: tuple[float, float], number: int) -> None:
    left, right = span
    stone: Colour = (0.46, 0.44, 0.40)
    wood: Colour = ((0.11, 0.07, 0.05), (0.07, 0.10, 0.09), (0.20, 0.06, 0.055))[number]
    box(canvas, left - 0.16, 0, right + 0.16, 2.95, stone)
    shade(canvas, right + 0.16, 0, right + 0.22, 2.9, 0.65)
    box(canvas, left, 0, right, 2.8, dim(wood, 0.3))
    box(canvas, left + 0.05, 0.15, right - 0.05, 2.25, wood)
    box(canvas, left + 0.08, 2.33, right - 0.08, 2.72, 0.04, GLASS)
    for x in (left + 0.14, (left + right) / 2 + 0.04):
        for y, tall in ((0.3, 0.7), (1.15, 0.95)):
            glazed = number == 0 and y > 1
            box(canvas, x, y, x + 0.32, y + tall, 0.04 if glazed else dim(wood, 0.6), GLASS if glazed else 0)
            if not glazed:
                box(canvas, x + 0.03, y, x + 0.32, y + tall - 0.03, dim(wood, 1.15))
    disc(canvas, right - 0.12, 1.05, 0.035, (0.45, 0.38, 0.2))
    box(canvas, left - 0.2, 0, right + 0.2, 0.15, 0.33)  # the step
    shade(canvas, left - 0.2, 0.0, right + 0.2, 0.06, 0.6)
    box(canvas, right + 0.2, 1.2, right + 0.34, 1.5, 0.5)  # bells, then a letter box
    for k in range(4):
        box(canvas, right + 0.23, 1.23 + k * 0.065, right + 0.26, 1.26 + k * 0.065, 0.1)
    letters(canvas, ("17", "8", "24")[number], (left - 0.5, 1.9), (0.12, 0.18), 0.55)
    if number == 2:  # a hood on brackets
        box(canvas, left - 0.35, 2.95, right + 0.35, 3.1, (0.30, 0.30, 0.31))
        shade(canvas, left - 0.3, 2.6, right + 0.3, 2.95, 0.9, 0.5)
    limb(canvas, (left - 0.3, 2.45, 0.07), (left - 0.3, 2.5, 0.07), 0.5)


def _garage(canvas: Canvas, draws: Iterator[float]) -> None:
    box(canvas, 0.5, 0, 3.5, 2.6, 0.07)
    box(canvas, 0.58, 0, 3.42, 2.5, (0.40, 0.40, 0.39))
    y = 0.0
    while y < 2.5:
        tone = between(draws, 0.92, 1.05)
        shade(canvas, 0.58, y, 3.42, y + 0.42, 0.92 * tone, 1.05 * tone)
        box(canvas, 0.58, y, 3.42, y + 0.02, 0.14)
        y += 0.42
    box(canvas, 1.9, 0.9, 2.15, 0.95, 0.08)
    letters(canvas, "PRIVATE", (1.35, 1.5), (0.18, 0.16), (0.3, 0.06, 0.05))
    shade(canvas, 0.58, 0, 3.42, 0.3, 0.6, 1.0)
    shade(canvas, 0.5, 2.4, 3.5, 2.6, 1.0, 0.4)
    box(canvas, 3.62, 1.2, 3.75, 1.4, 0.5)
