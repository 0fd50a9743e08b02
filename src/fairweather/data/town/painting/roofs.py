"""Roofs, windowless gables and the two plain materials, which wrap both ways."""

from fairweather.data.town.painting.canvas import (
    Canvas,
    between,
    blank,
    box,
    courses,
    dim,
    grain,
    shade,
    shade_across,
    stream,
)

SIDE = 4.0  # metres of a roof or gable tile


def roof(number: int) -> Canvas:
    """Roof `number`: 0 red-brown clay tiles, 1 slate, 2 grey sheet metal with standing seams; 4 m x 4 m."""
    draws = stream("roof", number)
    if number == 2:
        canvas = blank((128, 128), (SIDE, SIDE), (0.27, 0.28, 0.285))
        for k in range(8):
            x = k * 0.5
            tone = between(draws, 0.93, 1.06)
            shade(canvas, x, 0, x + 0.5, SIDE, tone)
            box(canvas, x, 0, x + 0.035, SIDE, (0.36, 0.37, 0.38))
            shade(canvas, x + 0.035, 0, x + 0.09, SIDE, 0.6)
        for k in range(16):
            x, y = (k % 8) * 0.5, between(draws, 0, 4)
            box(canvas, x, y, x + 0.5, y + 0.03, (0.17, 0.175, 0.18))
    elif number == 1:
        tones = ((0.115, 0.12, 0.13), (0.09, 0.095, 0.105), (0.14, 0.145, 0.15), (0.12, 0.115, 0.115))
        canvas = blank((128, 128), (SIDE, SIDE), tones[0])
        courses(canvas, "slate", (0.25, 0.2), tones, (0.016, 0.045), spread=0.18, shadow=0.3)
    else:
        tones = ((0.22, 0.12, 0.09), (0.18, 0.10, 0.08), (0.25, 0.145, 0.105), (0.15, 0.10, 0.085))
        canvas = blank((128, 128), (SIDE, SIDE), tones[0])
        courses(canvas, "tile", (0.25, 0.286), tones, (0.03, (0.06, 0.04, 0.035)), offset=0.0, spread=0.16, shadow=0.45)
        for k in range(16):  # each tile is a trough and a ridge
            shade_across(canvas, k * 0.25, 0, (k + 1) * 0.25, SIDE, (0.6, 0.95, 1.2, 1.05, 0.75))
    for _ in range(10):  # moss and runs of dirt
        x, y = between(draws, 0, 3.8), between(draws, 0.5, 4)
        shade(
            canvas, x, y - between(draws, 0.3, 1.5), x + between(draws, 0.05, 0.3), y, 1.0, between(draws, 0.75, 0.92)
        )
    grain(canvas, ("roof", number), (0.8, 0.6), 0.12)
    grain(canvas, ("roof fine", number), (0.07, 0.07), 0.1)
    return canvas


def gable(number: int) -> Canvas:
    """Windowless wall `number`: 0 brick, 1 grey render with patches, 2 concrete; 4 m x 4 m."""
    draws = stream("gable", number)
    if number == 0:
        tones = ((0.25, 0.14, 0.105), (0.20, 0.115, 0.09), (0.28, 0.17, 0.125), (0.17, 0.115, 0.10))
        canvas = blank((128, 128), (SIDE, SIDE), tones[0], 4)
        courses(canvas, "gable", (0.235, 0.077), tones, (0.013, (0.29, 0.27, 0.24)), spread=0.22)
        for _ in range(3):
            x, y = between(draws, 0.3, 3.2), between(draws, 0.3, 3.4)
            shade(canvas, x, y, x + between(draws, 0.3, 0.9), y + between(draws, 0.2, 0.7), between(draws, 0.8, 1.25))
    elif number == 1:
        canvas = blank((128, 128), (SIDE, SIDE), (0.40, 0.39, 0.37), 4)
        for _ in range(12):
            x, y = between(draws, 0, 3.4), between(draws, 0, 3.6)
            shade(canvas, x, y, x + between(draws, 0.2, 1.0), y + between(draws, 0.1, 0.6), between(draws, 0.9, 1.08))
        crack_x, y = 1.2, 0.0
        while y < SIDE:
            crack_x += between(draws, -0.06, 0.06)
            box(canvas, crack_x, y, crack_x + 0.012, y + 0.08, 0.2)
            y += 0.08
        box(canvas, 3.1, 0, 3.2, SIDE, (0.3, 0.3, 0.3))
        shade(canvas, 3.2, 0, 3.28, SIDE, 0.7)
    else:
        canvas = blank((128, 128), (SIDE, SIDE), (0.36, 0.355, 0.345), 4)
        for k in range(4):
            box(canvas, 0, k * 1.0, SIDE, k * 1.0 + 0.018, 0.2)
            for j in range(2):
                box(canvas, j * 2.0 + (k % 2), k * 1.0, j * 2.0 + (k % 2) + 0.015, k + 1.0, 0.22)
                tone = between(draws, 0.93, 1.07)
                shade(canvas, j * 2.0, k * 1.0, j * 2.0 + 2.0, k + 1.0, tone)
                for hole in (0.4, 1.6):
                    box(canvas, j * 2 + hole, k + 0.48, j * 2 + hole + 0.03, k + 0.51, 0.13)
    for _ in range(10):
        x, y = between(draws, 0, 3.9), between(draws, 0.8, 4)
        shade(
            canvas, x, y - between(draws, 0.4, 2.0), x + between(draws, 0.03, 0.15), y, 1.0, between(draws, 0.8, 0.93)
        )
    grain(canvas, ("gable", number), (1.0, 0.8), 0.1)
    grain(canvas, ("gable middle", number), (0.2, 0.3), 0.07)
    grain(canvas, ("gable fine", number), (0.04, 0.04), 0.09)
    return canvas


def plain(number: int) -> Canvas:
    """White with a trace of grain, so that the look of a quad is its reflectance (mean 0.96); 1 m x 1 m."""
    canvas = blank((64, 64), (1.0, 1.0), 0.96)
    grain(canvas, ("plain", number), (0.25, 0.25), 0.05)
    grain(canvas, ("plain fine", number), (0.04, 0.04), 0.05)
    return canvas


def pole(number: int) -> Canvas:
    """Galvanised steel of a post, 0.16 m round and 4 m high: seams, bands, a sticker, dirt at the foot."""
    canvas = blank((16, 128), (0.16, 4.0), (0.34, 0.345, 0.35), 2)
    grain(canvas, ("pole", number), (0.04, 0.5), 0.12)
    box(canvas, 0.0, 0.55, 0.16, 0.9, (0.30, 0.305, 0.31))
    box(canvas, 0.04, 0.6, 0.12, 0.85, (0.26, 0.265, 0.27))
    box(canvas, 0.03, 1.45, 0.13, 1.6, dim((0.5, 0.42, 0.2), 0.8))
    for y in (0.92, 2.3, 3.97):
        box(canvas, 0, y, 0.16, y + 0.03, 0.2)
    grain(canvas, ("pole fine", number), (0.03, 0.03), 0.1)
    return canvas
