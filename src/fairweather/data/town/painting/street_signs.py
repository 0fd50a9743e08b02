"""Road signs, traffic lights and the heads of street lamps."""

from fairweather.data.town.painting.canvas import Canvas, Colour, Point, blank, box, disc, grain, shade, shape, stroke
from fairweather.data.town.painting.lettering import letters

LAMP = 255
_RED: Colour = (0.42, 0.022, 0.026)
_BLUE: Colour = (0.018, 0.07, 0.30)
_GREEN: Colour = (0.012, 0.14, 0.07)
_YELLOW: Colour = (0.62, 0.38, 0.02)
_WHITE: Colour = (0.66, 0.66, 0.65)
_BLACK: Colour = 0.025
# Wide boards; all others are square. sign_8 and sign_9: 2 m x 1 m.
BOARDS = (8, 9)


def sign(number: int) -> Canvas:
    """Sign `number`; cutout.

    0 no entry, 1 speed limit, 2 blue with an arrow, 3 triangle with an exclamation mark, 4 give way, 5 stop, 6 blue square
    with a P, 7 yellow diamond; 0.7 m x 0.7 m. 8 green and 9 blue direction boards, 2 m x 1 m.
    """
    canvas = blank((128, 64), (2.0, 1.0), None, 4) if number in BOARDS else blank((64, 64), (1.0, 1.0), None, 4)
    if number < 3:
        _round(canvas, number)
    elif number in BOARDS:
        _board(canvas, _GREEN if number == 8 else _BLUE, number)
    else:
        _angular(canvas, number)
    grain(canvas, ("sign", number), (0.3, 0.3), 0.07)
    grain(canvas, ("sign fine", number), (0.05, 0.05), 0.05)
    return canvas


def sign_back(number: int) -> Canvas:
    """The grey back of a round sign with its rails and clamps; cutout."""
    canvas = blank((64, 64), (1.0, 1.0), None, 4)
    disc(canvas, 0.5, 0.5, 0.495, (0.24, 0.245, 0.25))
    disc(canvas, 0.5, 0.5, 0.46, (0.31, 0.315, 0.32))
    for y in (0.3, 0.66):
        box(canvas, 0.1, y, 0.9, y + 0.06, (0.40, 0.405, 0.41))
        shade(canvas, 0.1, y - 0.03, 0.9, y, 0.6)
        box(canvas, 0.4, y - 0.02, 0.6, y + 0.08, (0.22, 0.22, 0.225))
    letters(canvas, "03", (0.6, 0.48), (0.08, 0.08), 0.12)
    grain(canvas, "sign back", (0.2, 0.3), 0.12)
    return canvas


def signal_red(number: int) -> Canvas:
    """Head of a traffic light showing red, 0.34 m x 1 m; channel 4 the lit lamp."""
    return _signal(2)


def signal_green(number: int) -> Canvas:
    """Head of a traffic light showing green; channel 4 the lit lamp."""
    return _signal(0)


def signal_back(number: int) -> Canvas:
    """The black back or side of a traffic light's head: lids, hinges, clamps."""
    canvas = blank((32, 64), (0.34, 1.0), 0.03, 4)
    for k in range(3):
        y = 0.03 + k * 0.33
        box(canvas, 0.03, y, 0.31, y + 0.29, 0.042)
        box(canvas, 0.03, y, 0.31, y + 0.02, 0.016)
        box(canvas, 0.29, y + 0.08, 0.31, y + 0.2, 0.08)
    for y in (0.2, 0.78):
        box(canvas, 0.12, y, 0.22, y + 0.05, 0.22)
    grain(canvas, "signal back", (0.06, 0.1), 0.2)
    return canvas


def lamp_head(number: int) -> Canvas:
    """A lantern from below: grey housing around the glass; 0.7 m x 0.3 m; channel 4 the glass."""
    canvas = blank((64, 32), (0.7, 0.3), (0.23, 0.235, 0.24), 4)
    box(canvas, 0.0, 0.0, 0.7, 0.02, 0.12)
    box(canvas, 0.0, 0.28, 0.7, 0.3, 0.33)
    box(canvas, 0.14, 0.04, 0.67, 0.26, 0.12)
    box(canvas, 0.17, 0.06, 0.64, 0.24, (0.50, 0.50, 0.47), LAMP)
    for k in range(5):
        box(canvas, 0.24 + k * 0.08, 0.06, 0.25 + k * 0.08, 0.24, (0.36, 0.36, 0.34), LAMP)
    box(canvas, 0.02, 0.1, 0.1, 0.2, 0.16)
    grain(canvas, "lamp head", (0.05, 0.04), 0.12)
    return canvas


def _signal(lit: int) -> Canvas:
    canvas = blank((32, 64), (0.34, 1.0), 0.022, 4)
    box(canvas, 0.0, 0.0, 0.34, 0.015, 0.05)
    colours: tuple[Colour, ...] = ((0.03, 0.62, 0.32), (0.60, 0.32, 0.02), (0.72, 0.03, 0.025))
    for k, colour in enumerate(colours):
        y = 0.18 + k * 0.32
        box(canvas, 0.02, y - 0.155, 0.32, y - 0.148, 0.008)
        disc(canvas, 0.17, y + 0.02, 0.148, 0.012)
        if k == lit:
            disc(canvas, 0.17, y, 0.118, colour, LAMP)
            continue
        red, green, blue = colour  # type: ignore[misc]
        disc(canvas, 0.17, y, 0.118, (0.02 + red * 0.06, 0.02 + green * 0.06, 0.02 + blue * 0.06))
        disc(canvas, 0.14, y + 0.04, 0.025, 0.09)
    return canvas


def _round(canvas: Canvas, number: int) -> None:
    disc(canvas, 0.5, 0.5, 0.495, _WHITE)
    if number == 0:
        disc(canvas, 0.5, 0.5, 0.475, _RED)
        box(canvas, 0.14, 0.41, 0.86, 0.59, _WHITE)
    elif number == 1:
        disc(canvas, 0.5, 0.5, 0.48, _RED)
        disc(canvas, 0.5, 0.5, 0.36, _WHITE)
        letters(canvas, "50", (0.255, 0.32), (0.28, 0.36), _BLACK)
    else:
        disc(canvas, 0.5, 0.5, 0.475, _BLUE)
        stroke(canvas, [(0.5, 0.2), (0.5, 0.6)], 0.12, _WHITE)
        shape(canvas, [(0.28, 0.55), (0.72, 0.55), (0.5, 0.84)], _WHITE)


def _angular(canvas: Canvas, number: int) -> None:
    if number == 3:
        shape(canvas, [(0.0, 0.06), (1.0, 0.06), (0.5, 0.94)], _WHITE)
        shape(canvas, [(0.02, 0.07), (0.98, 0.07), (0.5, 0.92)], _RED)
        shape(canvas, [(0.17, 0.155), (0.83, 0.155), (0.5, 0.74)], _WHITE)
        shape(canvas, [(0.455, 0.58), (0.545, 0.58), (0.525, 0.32), (0.475, 0.32)], _BLACK)
        disc(canvas, 0.5, 0.245, 0.045, _BLACK)
    elif number == 4:
        shape(canvas, [(0.0, 0.94), (1.0, 0.94), (0.5, 0.06)], _RED)
        shape(canvas, [(0.19, 0.84), (0.81, 0.84), (0.5, 0.29)], _WHITE)
    elif number == 5:
        shape(canvas, _octagon(0.495), _WHITE)
        shape(canvas, _octagon(0.46), _RED)
        letters(canvas, "STOP", (0.125, 0.37), (0.195, 0.26), _WHITE)
    elif number == 6:
        box(canvas, 0, 0, 1, 1, _WHITE)
        box(canvas, 0.03, 0.03, 0.97, 0.97, _BLUE)
        shape(
            canvas,
            [(0.34, 0.86), (0.56, 0.86), (0.70, 0.78), (0.74, 0.64), (0.70, 0.50), (0.56, 0.42), (0.34, 0.42)],
            _WHITE,
        )
        shape(canvas, [(0.46, 0.75), (0.54, 0.75), (0.60, 0.70), (0.60, 0.58), (0.54, 0.53), (0.46, 0.53)], _BLUE)
        box(canvas, 0.32, 0.14, 0.46, 0.86, _WHITE)
    else:
        shape(canvas, [(0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5)], _BLACK)
        shape(canvas, [(0.5, 0.03), (0.97, 0.5), (0.5, 0.97), (0.03, 0.5)], _YELLOW)
        stroke(canvas, [(0.5, 0.25), (0.5, 0.55), (0.36, 0.68)], 0.075, _BLACK)
        stroke(canvas, [(0.5, 0.5), (0.66, 0.66)], 0.075, _BLACK)
        shape(canvas, [(0.28, 0.62), (0.42, 0.76), (0.29, 0.77)], _BLACK)
        shape(canvas, [(0.72, 0.6), (0.58, 0.74), (0.73, 0.76)], _BLACK)


def _board(canvas: Canvas, colour: Colour, number: int) -> None:
    box(canvas, 0, 0, 2.0, 1.0, (0.35, 0.35, 0.35))
    box(canvas, 0.012, 0.012, 1.988, 0.988, _WHITE)
    box(canvas, 0.045, 0.045, 1.955, 0.955, colour)
    if number == 8:
        letters(canvas, "CENTRE", (0.2, 0.62), (0.17, 0.2), _WHITE)
        letters(canvas, "AIRPORT", (0.2, 0.2), (0.17, 0.2), _WHITE)
        for y in (0.72, 0.3):
            stroke(canvas, [(1.55, y), (1.75, y)], 0.05, _WHITE)
            shape(canvas, [(1.72, y + 0.09), (1.72, y - 0.09), (1.86, y)], _WHITE)
    else:
        stroke(canvas, [(0.35, 0.15), (0.35, 0.62)], 0.08, _WHITE)
        shape(canvas, [(0.2, 0.58), (0.5, 0.58), (0.35, 0.84)], _WHITE)
        letters(canvas, "NORTH", (0.66, 0.56), (0.2, 0.24), _WHITE)
        box(canvas, 0.66, 0.16, 1.16, 0.42, _YELLOW)
        letters(canvas, "A 12", (0.7, 0.21), (0.11, 0.16), _BLACK)


def _octagon(radius: float) -> list[Point]:
    inner = radius * 0.41421356
    corners = ((radius, inner), (inner, radius), (-inner, radius), (-radius, inner))
    return [(0.5 + x, 0.5 + y) for x, y in corners] + [(0.5 - x, 0.5 - y) for x, y in corners]
