"""Garden walls, fences and hedges, which wrap along u."""

from collections.abc import Iterator

from fairweather.data.town.painting.canvas import (
    Canvas,
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

_GREENS: tuple[tuple[float, float, float], ...] = (
    (0.075, 0.105, 0.050), (0.098, 0.128, 0.062), (0.058, 0.084, 0.044), (0.118, 0.142, 0.076), (0.10, 0.112, 0.064),
)  # fmt: skip


def wall(number: int) -> Canvas:
    """Wall `number`: 0 brick with a coping, 1 rubble stone, 2 concrete with posts; 3 m x 1.5 m."""
    canvas = blank((128, 64), (3.0, 1.5), (0.3, 0.29, 0.27), 4)
    draws = stream("wall", number)
    if number == 0:
        tones = ((0.25, 0.14, 0.105), (0.20, 0.115, 0.09), (0.29, 0.17, 0.125), (0.17, 0.12, 0.10))
        courses(canvas, "garden", (0.23, 0.077), tones, (0.014, (0.27, 0.25, 0.22)), spread=0.22)
        box(canvas, 0, 1.41, 3.0, 1.5, (0.40, 0.39, 0.36))
        shade(canvas, 0, 1.36, 3.0, 1.41, 0.5)
        for x in (0.0, 3.0):
            shade(canvas, x - 0.2, 0, x + 0.2, 1.4, 1.08)
            shade(canvas, x + 0.2, 0, x + 0.26, 1.4, 0.6)
    elif number == 1:
        for _ in range(230):
            x, y = between(draws, -0.1, 3.1), between(draws, 0, 1.45)
            wide, tall = between(draws, 0.08, 0.2), between(draws, 0.05, 0.11)
            tone = dim((0.30, 0.285, 0.255), between(draws, 0.65, 1.3))
            for shift in (-3.0, 0.0, 3.0):
                corners = [
                    (x - wide, y - tall * 0.6),
                    (x + wide * 0.7, y - tall),
                    (x + wide, y + tall * 0.5),
                    (x - wide * 0.6, y + tall),
                ]
                shape(canvas, [(p + shift - 0.012, q - 0.016) for p, q in corners], 0.10)
                shape(canvas, [(p + shift, q) for p, q in corners], tone)
        box(canvas, 0, 1.38, 3.0, 1.5, (0.33, 0.32, 0.30))
        for k in range(6):
            box(canvas, k * 0.5, 1.38, k * 0.5 + 0.015, 1.5, 0.12)
        shade(canvas, 0, 1.34, 3.0, 1.38, 0.5)
    else:
        box(canvas, 0, 0, 3.0, 1.5, (0.37, 0.365, 0.35))
        for k in range(10):
            box(canvas, 0, k * 0.15, 3.0, k * 0.15 + 0.008, 0.26)
        for x in (0.0, 1.5, 3.0):
            box(canvas, x - 0.1, 0, x + 0.1, 1.5, (0.40, 0.395, 0.38))
            shade(canvas, x + 0.1, 0, x + 0.14, 1.5, 0.6)
        box(canvas, 0, 1.42, 3.0, 1.5, (0.43, 0.425, 0.41))
        shade(canvas, 0, 1.38, 3.0, 1.42, 0.6)
        for k in range(7):
            spray: tuple[float, float, float] = ((0.15, 0.17, 0.24), (0.25, 0.12, 0.11))[k % 2]
            stroke(
                canvas,
                [(1.9 + k * 0.12, 0.5 + 0.1 * (k % 3)), (1.97 + k * 0.12, 0.8), (2.05 + k * 0.12, 0.55)],
                0.035,
                spray,
            )
    for _ in range(12):
        x = between(draws, 0, 2.9)
        shade(canvas, x, between(draws, 0.3, 1.0), x + between(draws, 0.03, 0.12), 1.4, 1.0, between(draws, 0.72, 0.9))
    shade(canvas, 0, 0, 3.0, 0.3, 0.6, 1.0)
    grain(canvas, ("wall", number), (0.6, 0.5), 0.12)
    grain(canvas, ("wall fine", number), (0.04, 0.04), 0.12)
    return canvas


def fence(number: int) -> Canvas:
    """Fence `number`: 0 wooden pickets, 1 wire mesh on posts, 2 iron railing on a plinth, 3 boards; 3 m x 1.5 m; cutout."""
    canvas = blank((128, 64), (3.0, 1.5), None, 4)
    _FENCES[number](canvas, stream("fence", number))
    grain(canvas, ("fence", number), (0.4, 0.3), 0.12)
    grain(canvas, ("fence fine", number), (0.05, 0.05), 0.14)
    return canvas


def hedge(number: int) -> Canvas:
    """Hedge `number`: 0 clipped, 1 loose and in leaf to the ground; 3 m x 1.5 m; cutout at the top."""
    canvas = blank((128, 64), (3.0, 1.5), None, 4)
    draws = stream("hedge", number)
    top = 1.4 if number == 0 else 1.22
    box(canvas, 0, 0.02, 3.0, top - 0.04, (0.014, 0.02, 0.011))
    for k in range(2600):
        x, y = between(draws, 0, 3.0), between(draws, 0.02, top)
        if number == 1 and k % 5 == 0:
            y = top + between(draws, -0.1, 0.22) * (0.5 + 0.5 * ((int(x * 5) * 7) % 5) / 4)
        light = (
            between(draws, 0.55, 1.75)
            * (0.6 + 0.55 * y / 1.5)
            * (1.0 - 0.35 * ((int(x * 4) * 5 + int(y * 5) * 3) % 4) / 3)
        )
        tone = dim(_GREENS[int(next(draws) * len(_GREENS))], light)
        size = between(draws, 0.014, 0.034)
        for shift in (-3.0, 0.0, 3.0) if x < 0.1 or x > 2.9 else (0.0,):
            disc(canvas, x + shift, y, size, tone, squash=between(draws, 0.5, 1.0))
    for _ in range(30):  # holes that show the dark inside, and bare stems at the foot
        x, y = between(draws, 0.1, 2.9), between(draws, 0.1, top - 0.2)
        disc(canvas, x, y, between(draws, 0.015, 0.04), (0.012, 0.016, 0.01))
    for _ in range(14 if number == 0 else 4):
        x = between(draws, 0.05, 2.95)
        stroke(canvas, [(x, 0), (x + between(draws, -0.06, 0.06), 0.22)], 0.02, (0.09, 0.075, 0.06))
    shade(canvas, 0, 0, 3.0, 0.5, 0.5, 1.0)
    return canvas


def _pickets(canvas: Canvas, draws: Iterator[float]) -> None:
    for y in (0.3, 1.05):
        box(canvas, 0, y, 3.0, y + 0.09, (0.30, 0.28, 0.25))
    for k in range(20):
        x, high = k * 0.15 + 0.025, between(draws, 1.36, 1.42)
        tone = dim((0.44, 0.42, 0.385), between(draws, 0.8, 1.12))
        shape(canvas, [(x, 0.06), (x + 0.1, 0.06), (x + 0.1, high), (x + 0.05, high + 0.08), (x, high)], tone)
        box(canvas, x + 0.08, 0.06, x + 0.1, high, dim(tone, 0.7))
        for y in (0.34, 1.09):
            disc(canvas, x + 0.05, y, 0.012, 0.12)


def _mesh(canvas: Canvas, draws: Iterator[float]) -> None:
    for k in range(-10, 21):
        x = k * 0.15
        stroke(canvas, [(x, 0.05), (x + 1.35, 1.4)], 0.006, (0.27, 0.28, 0.28))
        stroke(canvas, [(x + 1.35, 0.05), (x, 1.4)], 0.006, (0.30, 0.31, 0.31))
    for y in (0.06, 0.72, 1.4):
        stroke(canvas, [(0, y), (3.0, y)], 0.02, (0.33, 0.34, 0.34))
    for x in (0.0, 1.5, 3.0):
        box(canvas, x - 0.035, 0, x + 0.035, 1.5, (0.18, 0.22, 0.19))
        box(canvas, x + 0.01, 0, x + 0.035, 1.5, (0.11, 0.14, 0.12))


def _railing(canvas: Canvas, draws: Iterator[float]) -> None:
    box(canvas, 0, 0, 3.0, 0.28, (0.33, 0.32, 0.30))
    box(canvas, 0, 0.24, 3.0, 0.28, (0.40, 0.39, 0.37))
    for y in (0.4, 1.25):
        box(canvas, 0, y, 3.0, y + 0.045, 0.045)
    for k in range(24):
        x = k * 0.125 + 0.05
        box(canvas, x, 0.28, x + 0.025, 1.4, 0.04)
        shape(canvas, [(x - 0.02, 1.38), (x + 0.0125, 1.49), (x + 0.045, 1.38)], 0.05)
    for x in (0.0, 3.0):
        box(canvas, x - 0.06, 0.2, x + 0.06, 1.46, 0.05)


def _boards(canvas: Canvas, draws: Iterator[float]) -> None:
    for k in range(20):
        x, high = k * 0.15, between(draws, 1.42, 1.47)
        tone = dim((0.23, 0.185, 0.14), between(draws, 0.7, 1.25))
        box(canvas, x, 0.03, x + 0.142, high, tone)
        box(canvas, x + 0.135, 0.03, x + 0.15, high - 0.02, 0.03)
        for _ in range(3):
            grain_x = between(draws, x, x + 0.13)
            box(
                canvas,
                grain_x,
                between(draws, 0.05, 0.5),
                grain_x + 0.008,
                between(draws, 0.8, 1.4),
                dim(tone, 0.75),
            )
    for x in (0.0, 1.5, 3.0):
        box(canvas, x - 0.05, 0, x + 0.05, 1.5, (0.19, 0.155, 0.12))


_FENCES = (_pickets, _mesh, _railing, _boards)
