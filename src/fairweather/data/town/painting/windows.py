"""Windows, no two alike: reveal, frame, panes, what hangs behind the glass, sill and lintel."""

from collections.abc import Iterator
from typing import NamedTuple

from fairweather.data.town.painting.canvas import Canvas, Colour, between, box, dim, disc, shade, stroke

GLASS = 255
CURTAINS: tuple[tuple[float, float, float], ...] = (
    (0.42, 0.41, 0.38), (0.34, 0.32, 0.28), (0.25, 0.22, 0.19), (0.20, 0.21, 0.24), (0.26, 0.19, 0.17), (0.30, 0.31, 0.28),
)  # fmt: skip


class Frame(NamedTuple):
    """How the windows of a house are made; metres and reflectances.

    Args:
        colour: of frame and glazing bars.
        panes: the heights of the rows of panes from below, as shares, and how many panes each row has.
        width: of the outer frame.
        bar: width of the glazing bars.
        reveal: depth of the wall around, seen as a dark edge.
        sill, lintel, surround: their colours; None where there is none.
    """

    colour: Colour
    panes: tuple[tuple[float, int], ...]
    width: float = 0.07
    bar: float = 0.05
    reveal: float = 0.06
    sill: Colour | None = None
    lintel: Colour | None = None
    surround: Colour | None = None


def window(canvas: Canvas, draws: Iterator[float], area: tuple[float, float, float, float], frame: Frame) -> None:
    """Draw one window with its opening at `area` (left, low, right, high)."""
    left, low, right, high = area
    if frame.surround is not None:
        box(canvas, left - 0.14, low - 0.06, right + 0.14, high + 0.16, frame.surround)
        shade(canvas, left - 0.14, low - 0.09, right + 0.14, low - 0.06, 0.62)
        shade(canvas, left - 0.17, low - 0.06, left - 0.14, high + 0.14, 0.75)
    if frame.lintel is not None:
        box(canvas, left - 0.12, high, right + 0.12, high + 0.2, frame.lintel)
        shade(canvas, left - 0.12, high, right + 0.12, high + 0.025, 0.7)
    box(canvas, left, low, right, high, dim(frame.colour, 0.35))
    box(canvas, left, high - frame.reveal, right, high, 0.05)
    edge = frame.reveal * 0.6
    left, right, high = left + edge, right - edge, high - frame.reveal
    box(canvas, left, low, right, high, frame.colour)
    shade(canvas, left, high - 0.03, right, high, 0.6)
    panes(canvas, draws, (left + frame.width, low + frame.width, right - frame.width, high - frame.width), frame)
    if frame.sill is not None:
        left, right = area[0] - 0.08, area[2] + 0.08
        box(canvas, left, low - 0.09, right, low, frame.sill)
        shade(canvas, left, low - 0.09, right, low - 0.06, 0.7)
        shade(canvas, left, low - 0.16, right, low - 0.09, 0.55, 0.45)
        for x in (left + 0.02, right - 0.08):  # rain runs off the ends of the sill
            length = between(draws, 0.15, 0.7)
            shade(canvas, x, low - 0.16 - length, x + 0.06, low - 0.16, 1.0, between(draws, 0.58, 0.85))


def panes(canvas: Canvas, draws: Iterator[float], area: tuple[float, float, float, float], frame: Frame) -> None:
    """Glass with what is behind it, divided by glazing bars."""
    left, low, right, high = area
    behind(canvas, draws, area)
    total, y = sum(share for share, _ in frame.panes), low
    for row, (share, count) in enumerate(frame.panes):
        top = y + (high - low) * share / total
        if row:
            box(canvas, left, y - frame.bar / 2, right, y + frame.bar / 2, frame.colour)
            shade(canvas, left, y - frame.bar / 2 - 0.025, right, y - frame.bar / 2, 0.55)
        for k in range(1, count):
            x = left + (right - left) * k / count
            box(canvas, x - frame.bar / 2, y, x + frame.bar / 2, top, frame.colour)
            shade(canvas, x + frame.bar / 2, y, x + frame.bar / 2 + 0.02, top, 0.6)
        y = top


def behind(canvas: Canvas, draws: Iterator[float], area: tuple[float, float, float, float]) -> None:
    """A dark room, a curtain or a blind behind a sheet of glass."""
    left, low, right, high = area
    wide, tall = right - left, high - low
    depth = between(draws, 0.020, 0.042)
    box(canvas, left, low, right, high, (depth * 0.95, depth, depth * 1.08), GLASS)
    shade(canvas, left, low, right, high, between(draws, 0.6, 1.1), between(draws, 0.9, 1.5))
    kind, cloth = next(draws), CURTAINS[int(next(draws) * len(CURTAINS))]
    cloth = dim(cloth, between(draws, 0.22, 0.6))  # seen through glass, and the room is dark
    if kind < 0.30:  # curtains at the sides
        for side in (0, 1):
            share = between(draws, 0.12, 0.34) * wide
            x0, x1 = (left, left + share) if side == 0 else (right - share, right)
            _cloth(canvas, draws, (x0, low, x1, high), cloth)
    elif kind < 0.43:  # a net over the lower part, or all of it
        top = high if next(draws) < 0.5 else low + tall * between(draws, 0.35, 0.7)
        _cloth(canvas, draws, (left, low, right, top), dim(cloth, 0.8))
    elif kind < 0.55:  # roller blind
        bottom = high - tall * between(draws, 0.15, 0.85)
        box(canvas, left, bottom, right, high, dim(cloth, 1.15), GLASS)
        shade(canvas, left, bottom, right, bottom + 0.03, 0.7)
    elif kind < 0.64:  # venetian blind
        bottom = high - tall * between(draws, 0.3, 1.0)
        y = high
        while y > bottom:
            box(canvas, left, y - 0.035, right, y, dim(cloth, 0.9), GLASS)
            y -= 0.06
    else:  # a room: something bright in the depth, something on the sill
        x = between(draws, left, right - wide * 0.3)
        box(canvas, x, low + tall * 0.35, x + wide * 0.25, low + tall * 0.75, dim(cloth, 0.4), GLASS)
        if next(draws) < 0.6:
            x = between(draws, left + 0.1, right - 0.1)
            disc(canvas, x, low + 0.16, 0.1, (0.03, 0.06, 0.025), GLASS, 1.2)
            box(canvas, x - 0.06, low, x + 0.06, low + 0.09, (0.12, 0.08, 0.06), GLASS)


def railing(
    canvas: Canvas, left: float, right: float, low: float, high: float, colour: Colour, gap: float = 0.11
) -> None:
    """Upright bars between two rails."""
    x = left
    while x <= right:
        stroke(canvas, [(x, low), (x, high)], 0.02, colour)
        x += gap
    for y in (low, high):
        stroke(canvas, [(left, y), (right, y)], 0.045, colour)


def flower_box(canvas: Canvas, draws: Iterator[float], left: float, right: float, low: float) -> None:
    """A box with leaves and a few flowers that hangs before a sill."""
    shade(canvas, left, low - 0.1, right, low, 0.6)
    box(canvas, left, low, right, low + 0.17, (0.16, 0.10, 0.075))
    for _ in range(40):
        x, y = between(draws, left - 0.03, right + 0.03), low + between(draws, 0.1, 0.34)
        disc(canvas, x, y, between(draws, 0.02, 0.05), dim((0.06, 0.09, 0.04), between(draws, 0.5, 1.4)))
    for _ in range(14):
        x, y = between(draws, left, right), low + between(draws, 0.12, 0.34)
        disc(canvas, x, y, 0.022, dim((0.34, 0.10, 0.11), between(draws, 0.6, 1.2)))


def dish(canvas: Canvas, x: float, y: float) -> None:
    """A satellite dish on its bracket, with its shadow and a cable."""
    disc(canvas, x + 0.12, y - 0.14, 0.3, (0.20, 0.20, 0.20))
    stroke(canvas, [(x + 0.1, y - 0.2), (x + 0.32, y - 0.5), (x + 0.32, y - 1.1)], 0.025, (0.14, 0.14, 0.14))
    disc(canvas, x, y, 0.31, (0.42, 0.42, 0.41), squash=1.1)
    disc(canvas, x + 0.02, y - 0.02, 0.25, (0.50, 0.50, 0.49), squash=1.1)
    stroke(canvas, [(x, y), (x - 0.2, y - 0.1)], 0.025, (0.12, 0.12, 0.12))


def _cloth(canvas: Canvas, draws: Iterator[float], area: tuple[float, float, float, float], colour: Colour) -> None:
    left, low, right, high = area
    box(canvas, left, low, right, high, colour, GLASS)
    x = left
    while x < right:
        step = between(draws, 0.04, 0.09)
        shade(canvas, x, low, min(x + step * 0.5, right), high, between(draws, 0.6, 0.8))
        x += step
    shade(canvas, left, low, right, high, 1.1, 0.8)
