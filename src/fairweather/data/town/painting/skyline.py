"""What closes the street far away: roofs, towers, trees in haze; 160 m x 40 m; cutout at the top; wraps along u."""

from collections.abc import Iterator

from fairweather.data.town.painting.canvas import (
    Canvas,
    between,
    blank,
    box,
    dim,
    disc,
    grain,
    shade,
    shape,
    stream,
    stroke,
)

WIDE, HIGH = 160.0, 40.0


def skyline(number: int) -> Canvas:
    """Skyline `number`: 0 low houses, trees and a church, 1 blocks of flats and a crane."""
    canvas = blank((256, 64), (WIDE, HIGH), None, 4)
    draws = stream("skyline", number)
    for layer in range(3):
        x = between(draws, -4, 0)
        while x < WIDE:
            wide = between(draws, 9, 22) if number == 0 else between(draws, 12, 30)
            reach = (17, 13, 9)[layer] if number == 0 else (30, 20, 11)[layer]
            high = reach * between(draws, 0.65, 1.2)
            wide = min(wide, WIDE - x) if x + wide > WIDE else wide
            if wide > 5:
                _house(canvas, draws, (max(0.0, x), wide, min(high, 38.0)), number, layer)
            x += wide + between(draws, -1, 2)
        if layer == 0:
            _landmark(canvas, number)
    for _ in range(26 if number == 0 else 16):
        x, high = between(draws, 4, WIDE - 4), between(draws, 4, 9)
        tone = dim((0.09, 0.11, 0.075), between(draws, 0.7, 1.2))
        for _ in range(26):
            dx, dy = between(draws, -3.2, 3.2), between(draws, -0.45, 0.3) * high
            disc(
                canvas,
                x + dx,
                max(0.5, high * 0.7 + dy),
                between(draws, 0.4, 1.3),
                dim(tone, between(draws, 0.7, 1.25)),
            )
        box(canvas, x - 3, 0, x + 3, high * 0.35, dim(tone, 0.6))
    box(canvas, 0, 0, WIDE, 2.0, (0.12, 0.125, 0.12))
    grain(canvas, ("skyline", number), (3, 2), 0.12)
    grain(canvas, ("skyline fine", number), (0.7, 0.7), 0.14)
    return canvas


def _house(canvas: Canvas, draws: Iterator[float], place: tuple[float, float, float], number: int, layer: int) -> None:
    left, wide, high = place
    haze = (0.24, 0.255, 0.275) if layer == 0 else (0.25, 0.25, 0.25)
    own = ((0.33, 0.32, 0.30), (0.26, 0.21, 0.18), (0.38, 0.37, 0.35), (0.22, 0.22, 0.225))[int(next(draws) * 4)]
    share = (0.75, 0.4, 0.15)[layer]
    wall = (
        own[0] + (haze[0] - own[0]) * share,
        own[1] + (haze[1] - own[1]) * share,
        own[2] + (haze[2] - own[2]) * share,
    )
    box(canvas, left, 0, left + wide, high, wall)
    shade(canvas, left + wide * 0.7, 0, left + wide, high, 0.82)
    pane = dim(wall, 0.45 + 0.3 * share)
    floor = 2.0
    while floor < high - 2:
        x = left + 1.0
        while x < left + wide - 1.2:
            if next(draws) < 0.88:
                box(canvas, x, floor, x + 1.1, floor + 1.5, dim(pane, between(draws, 0.8, 1.3)))
            x += 2.4
        floor += 3.0
    if number == 0 or layer == 2:
        roof = dim((0.17, 0.12, 0.10) if next(draws) < 0.6 else (0.12, 0.125, 0.13), 0.9 + 0.4 * share)
        rise = between(draws, 2.0, 4.5)
        shape(
            canvas,
            [
                (left - 0.3, high),
                (left + 2.5, high + rise),
                (left + wide - 2.5, high + rise),
                (left + wide + 0.3, high),
            ],
            roof,
        )
        x = left + wide * between(draws, 0.2, 0.7)
        box(canvas, x, high, x + 1.1, high + rise + 1.4, dim(wall, 0.6))
    else:
        box(canvas, left + wide * 0.3, high, left + wide * 0.55, high + 1.8, dim(wall, 0.85))
        stroke(canvas, [(left + wide * 0.7, high), (left + wide * 0.7, high + 4)], 0.25, dim(wall, 0.6))


def _landmark(canvas: Canvas, number: int) -> None:
    if number == 0:
        stone = (0.29, 0.275, 0.26)
        box(canvas, 46, 0, 52, 24, stone)
        shade(canvas, 49.5, 0, 52, 24, 0.8)
        shape(canvas, [(45.6, 24), (52.4, 24), (49, 38.5)], (0.15, 0.17, 0.17))
        disc(canvas, 49, 20.5, 1.3, (0.12, 0.12, 0.12))
        return
    steel = (0.34, 0.29, 0.16)
    stroke(canvas, [(101, 0), (101, 36)], 0.9, steel)
    stroke(canvas, [(92, 34), (128, 34)], 0.7, steel)
    stroke(canvas, [(101, 38.5), (126, 34.3)], 0.3, steel)
    stroke(canvas, [(101, 38.5), (93, 34.3)], 0.3, steel)
    box(canvas, 91, 32, 95, 34, (0.25, 0.25, 0.25))
    stroke(canvas, [(120, 34), (120, 22)], 0.25, steel)
