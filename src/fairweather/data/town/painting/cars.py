"""Cars: side silhouettes, the faces of an extruded body, and the profile from which both are made.

Paint is white (0.75) and takes its colour from the look of the quad; glass, tyres and plates are dark or neutral.
"""

import numpy as np

from fairweather.data.town.arithmetic import cosine, sine
from fairweather.data.town.painting.canvas import (
    FULL,
    Canvas,
    Colour,
    Point,
    blank,
    box,
    dim,
    disc,
    grain,
    limb,
    ring,
    shade,
    shape,
    stroke,
)
from fairweather.data.town.painting.lettering import letters

# Outline of the body of car_side_k seen from the side, from the lower edge of the front over the roof to the lower edge of
# the rear: (u, v) of the tile, u = 0 front .. 1 rear, v = 0 ground .. 1 top of the tile (the roof). Streets extrude it.
PROFILES: dict[int, tuple[tuple[float, float], ...]] = {
    0: ((0.0, 0.17), (0.015, 0.50), (0.235, 0.64), (0.42, 0.965), (0.56, 1.0), (0.86, 0.95), (0.975, 0.63), (1.0, 0.17)),
    1: ((0.0, 0.17), (0.015, 0.49), (0.255, 0.63), (0.42, 0.955), (0.53, 1.0), (0.70, 0.96), (0.85, 0.67), (0.98, 0.64),
        (1.0, 0.17)),
    2: ((0.0, 0.13), (0.012, 0.41), (0.14, 0.53), (0.275, 0.945), (0.36, 1.0), (0.965, 0.99), (1.0, 0.13)),
}  # fmt: skip

# The tile on each segment of the profile: car_front and car_rear stand for either of their two designs, except that
# car_rear_1, a whole rear with its window, is the van's only.
PARTS: dict[int, tuple[str, ...]] = {
    0: ("car_front", "car_paint", "car_screen", "car_paint", "car_paint", "car_screen", "car_rear_0"),
    1: ("car_front", "car_paint", "car_screen", "car_paint", "car_paint", "car_screen", "car_paint", "car_rear_0"),
    2: ("car_front", "car_paint", "car_screen", "car_paint", "car_paint", "car_rear_1"),
}

# Length and height in metres for which the silhouette is in proportion (the wheels are round).
EXTENTS: dict[int, tuple[float, float]] = {0: (4.1, 1.48), 1: (4.6, 1.45), 2: (4.9, 1.95)}

PAINT = 0.75
LAMP = 255
_RUBBER = (0.028, 0.028, 0.03)
_GLASS = (0.034, 0.038, 0.042)
_TRIM = 0.035

# Side windows of each silhouette in (u, v), and in metres: wheels (front, rear, radius), gaps of the doors, handles.
_PANES: dict[int, tuple[tuple[Point, ...], ...]] = {
    0: (
        ((0.315, 0.665), (0.435, 0.915), (0.565, 0.935), (0.575, 0.665)),
        ((0.60, 0.665), (0.59, 0.935), (0.745, 0.92), (0.80, 0.665)),
        ((0.825, 0.67), (0.775, 0.91), (0.835, 0.89), (0.905, 0.69)),
    ),
    1: (
        ((0.335, 0.655), (0.435, 0.905), (0.545, 0.93), (0.555, 0.655)),
        ((0.58, 0.655), (0.57, 0.93), (0.68, 0.91), (0.745, 0.665)),
        ((0.765, 0.67), (0.715, 0.885), (0.74, 0.865), (0.815, 0.68)),
    ),
    2: (
        ((0.205, 0.565), (0.295, 0.90), (0.40, 0.92), (0.40, 0.565)),
        ((0.43, 0.585), (0.43, 0.91), (0.655, 0.91), (0.655, 0.585)),
        ((0.685, 0.585), (0.685, 0.91), (0.935, 0.905), (0.95, 0.595)),
    ),
}
_WHEELS = {0: (0.80, 3.34, 0.315), 1: (0.88, 3.62, 0.32), 2: (0.93, 3.93, 0.34)}
_GAPS = {0: (0.31, 0.585, 0.80), 1: (0.325, 0.567, 0.745), 2: (0.20, 0.415, 0.67)}


def car_side(number: int) -> Canvas:
    """Silhouette `number`: 0 hatchback, 1 saloon, 2 van; faces u = 0; cutout."""
    wide, high = EXTENTS[number]
    canvas = blank((256, 128), (wide, high), None, 3)
    front, rear, radius = _WHEELS[number]

    def at(points: tuple[Point, ...]) -> list[Point]:
        return [(u * wide, v * high) for u, v in points]

    sill = PROFILES[number][0][1] * high
    box(canvas, front - 0.2, 0.2, rear + 0.2, 0.36, 0.02)  # the dark under the floor
    shape(canvas, at(PROFILES[number]), PAINT)
    belt = 0.5 * high if number < 2 else 0.42 * high
    shade(canvas, 0, sill, wide, belt, 0.62, 0.98)
    shade(canvas, 0, belt - 0.03, wide, belt, 0.82)
    shade(canvas, 0, belt + 0.10, wide, belt + 0.13, 1.12)
    for panes in _PANES[number]:
        shape(canvas, _grown(at(panes), 0.022), _TRIM)
        shape(canvas, at(panes), _GLASS)
    _through_windows(canvas, number)
    for gap, u in enumerate(_GAPS[number]):
        x = u * wide
        top = 0.66 * high if number < 2 else 0.57 * high
        stroke(canvas, [(x, top), (x, sill + 0.12), (x - 0.03 * (gap == 0), sill + 0.06)], 0.016, 0.06)
        if gap:
            handle = x - 0.22
            box(canvas, handle, top - 0.16, handle + 0.15, top - 0.12, 0.5 if number else 0.07)
            shade(canvas, handle, top - 0.19, handle + 0.15, top - 0.16, 0.6)
    box(canvas, front + 0.4, sill, rear - 0.4, sill + 0.07, 0.05)
    for x in (front, rear):
        _wheel(canvas, x, radius, number)
    _ends(canvas, number, wide, high)
    grain(canvas, ("car side", number), (0.25, 0.12), 0.07)
    grain(canvas, ("car side fine", number), (0.04, 0.04), 0.05)
    return canvas


def car_front(number: int) -> Canvas:
    """The face below the bonnet, `number` 0 with round-edged and 1 with narrow lamps; 1.75 m x 0.5 m; channel 4 lamps."""
    canvas = blank((128, 64), (1.75, 0.5), PAINT, 4)
    shade(canvas, 0, 0.16, 1.75, 0.44, 0.82, 1.05)
    box(canvas, 0, 0, 1.75, 0.03, 0.03)
    if number == 0:
        shape(canvas, [(0.42, 0.42), (1.33, 0.42), (1.25, 0.27), (0.50, 0.27)], _TRIM)
        for k in range(4):
            box(canvas, 0.48, 0.29 + 0.033 * k, 1.27, 0.30 + 0.033 * k, 0.22)
        disc(canvas, 0.875, 0.35, 0.05, 0.5)
        disc(canvas, 0.875, 0.35, 0.035, 0.2)
        for side in (0.0, 1.0):
            x = 0.04 + side * 1.31
            shape(canvas, [(x, 0.30), (x + 0.36, 0.29), (x + 0.36, 0.40), (x + 0.03 + 0.02 * side, 0.45)], 0.10)
            shape(canvas, [(x + 0.03, 0.315), (x + 0.33, 0.305), (x + 0.33, 0.385), (x + 0.05, 0.43)], 0.42, LAMP)
            disc(canvas, x + 0.2, 0.355, 0.038, 0.6, LAMP)
            disc(canvas, x + (0.06 if side == 0 else 0.30), 0.37, 0.02, (0.45, 0.2, 0.05), 0)
        box(canvas, 0.35, 0.06, 1.4, 0.14, _TRIM)
        for x in (0.18, 1.57):
            disc(canvas, x, 0.10, 0.05, 0.12)
            disc(canvas, x, 0.10, 0.035, 0.35)
    else:
        shape(canvas, [(0.50, 0.40), (1.25, 0.40), (1.16, 0.05), (0.59, 0.05)], _TRIM)
        for k in range(8):
            box(canvas, 0.6, 0.08 + 0.04 * k, 1.15, 0.088 + 0.04 * k, 0.10)
        disc(canvas, 0.875, 0.36, 0.045, 0.5)
        for side in (0.0, 1.0):
            near, far = (0.50, 0.05) if side == 0 else (1.25, 1.70)
            shape(canvas, [(near, 0.33), (near, 0.385), (far, 0.44), (far, 0.36)], 0.10)
            shape(canvas, [(near, 0.345), (near, 0.375), (far, 0.425), (far, 0.375)], 0.45, LAMP)
            shape(canvas, [(far, 0.06), (far, 0.2), ((near + far) / 2, 0.14), ((near + far) / 2, 0.06)], 0.06)
    box(canvas, 0.60, 0.15, 1.15, 0.265, 0.06)
    box(canvas, 0.61, 0.16, 1.14, 0.255, 0.58)
    letters(canvas, ("KA 4718", "B FT 294")[number], (0.645, 0.175), (0.06, 0.066), 0.04)
    box(canvas, 0, 0.48, 1.75, 0.5, 0.12)
    shade(canvas, 0, 0.03, 1.75, 0.16, 0.72, 0.95)
    shade(canvas, 0, 0.255, 1.75, 0.268, 0.75)
    grain(canvas, ("car front", number), (0.2, 0.1), 0.07)
    return canvas


def car_rear(number: int) -> Canvas:
    """The tail: 0 below the window, 1.75 m x 0.68 m; 1 a van's whole rear with its window, 1.9 m x 1.68 m; channel 4 lamps."""
    return _van_rear() if number else _boot()


def car_screen(number: int) -> Canvas:
    """Windscreen or rear window seen through: head-rests, wheel, mirror and a wiper in the dark; 1.4 m x 0.7 m."""
    canvas = blank((128, 64), (1.4, 0.7), (0.035, 0.038, 0.042), 4)
    shade(canvas, 0, 0, 1.4, 0.7, 0.75, 1.5)
    for x in (0.38, 1.02):  # seats
        shape(canvas, [(x - 0.2, 0), (x + 0.2, 0), (x + 0.17, 0.26), (x - 0.17, 0.26)], (0.022, 0.022, 0.024))
        limb(canvas, (x - 0.07, 0.38, 0.06), (x + 0.07, 0.38, 0.06), (0.022, 0.022, 0.024))
    limb(canvas, (0.62, 0.62, 0.03), (0.78, 0.62, 0.03), 0.018)
    ring(canvas, 0.42, 0.0, 0.16, 0.03, 0.015)
    stroke(canvas, [(0.7, 0.02), (0.25, 0.06)], 0.016, 0.012)
    stroke(canvas, [(1.25, 0.02), (0.8, 0.06)], 0.016, 0.012)
    box(canvas, 0.95, 0.04, 1.05, 0.13, (0.16, 0.16, 0.15))
    shape(canvas, [(0.1, 0.7), (0.35, 0.7), (0.15, 0), (0, 0), (0, 0.3)], (0.052, 0.056, 0.06))
    box(canvas, 0, 0, 0.035, 0.7, 0.02)
    box(canvas, 1.365, 0, 1.4, 0.7, 0.02)
    box(canvas, 0, 0, 1.4, 0.03, 0.018)
    box(canvas, 0, 0.66, 1.4, 0.7, 0.02)
    return canvas


def car_paint(number: int) -> Canvas:
    """Sheet of a bonnet, roof or boot: gaps at its edges, a crease, dust; 1.5 m x 1 m."""
    canvas = blank((64, 64), (1.5, 1.0), PAINT, 4)
    for x in (0.0, 1.47):
        box(canvas, x, 0, x + 0.03, 1.0, 0.2)
    for x in (0.22, 1.26):
        shade(canvas, x, 0, x + 0.03, 1.0, 0.86)
        shade(canvas, x + 0.03, 0, x + 0.05, 1.0, 1.08)
    for y in (0.0, 0.975):
        box(canvas, 0, y, 1.5, y + 0.025, 0.22)
    grain(canvas, "sheet", (0.4, 0.3), 0.08)
    grain(canvas, "dust", (0.05, 0.05), 0.05)
    return canvas


def wheel(canvas: Canvas, x: float, radius: float, rim: Colour, spokes: int) -> None:
    """A wheel standing on the ground in its dark arch."""
    disc(canvas, x, radius, radius, _RUBBER)
    ring(canvas, x, radius, radius * 0.86, radius * 0.05, 0.05)
    disc(canvas, x, radius, radius * 0.66, 0.045)
    for k in range(spokes):
        angle = 6.28318 * k / spokes + 0.3
        end = (x + radius * 0.56 * cosine(angle), radius + radius * 0.56 * sine(angle))
        stroke(canvas, [(x, radius), end], radius * 0.2, rim)
    ring(canvas, x, radius, radius * 0.60, radius * 0.09, rim)
    disc(canvas, x, radius, radius * 0.15, dim(rim, 0.6))


def _wheel(canvas: Canvas, x: float, radius: float, number: int) -> None:
    rows = canvas.fourth.shape[0]
    low = int(radius * 0.62 / canvas.height * rows)
    held = canvas.fourth[:low].copy()
    disc(canvas, x, radius + 0.02, radius * 1.17, 0.018)
    canvas.fourth[:low] = held  # the arch ends at the sill
    canvas.colour[:low][held == 0] = 0
    wheel(canvas, x, radius, (0.34, 0.345, 0.35) if number < 2 else (0.22, 0.22, 0.225), (5, 7, 9)[number])


def _grown(points: list[Point], by: float) -> list[Point]:
    x, y = sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)
    return [(p + (by if p > x else -by), q + (by if q > y else -by)) for p, q in points]


def _through_windows(canvas: Canvas, number: int) -> None:
    """Seats and a lighter far window, only where there is glass."""
    wide, high = canvas.width, canvas.height
    glass = np.all(canvas.colour == np.array([round(c * FULL) for c in _GLASS]), axis=2)
    before, held = canvas.colour.copy(), canvas.fourth.copy()
    for x, y in ((0.47, 0.74), (0.69, 0.74)) if number < 2 else ((0.36, 0.66), (0.58, 0.66), (0.82, 0.66)):
        limb(canvas, (x * wide, (y - 0.1) * high, 0.13), (x * wide + 0.03, y * high, 0.10), 0.016)
        limb(canvas, (x * wide + 0.04, (y + 0.08) * high, 0.055), (x * wide + 0.045, (y + 0.1) * high, 0.05), 0.016)
    stroke(canvas, [(0.3 * wide, 0.84 * high), (0.95 * wide, 0.84 * high)], 0.05, (0.07, 0.075, 0.08))
    canvas.colour[~glass] = before[~glass]
    canvas.fourth[:] = held


def _ends(canvas: Canvas, number: int, wide: float, high: float) -> None:
    """Lamps, bumpers, mirror, fuel flap."""
    lamp, tail = (0.44, 0.58) if number < 2 else (0.36, 0.47), (0.52, 0.65) if number == 0 else (0.50, 0.62)
    edge = PROFILES[number]
    shape(canvas, [(0.025 * wide, lamp[0] * high), (0.03 * wide, (edge[1][1] - 0.005) * high), (0.115 * wide, lamp[1] * high),
                   (0.085 * wide, lamp[0] * high)], 0.10)  # fmt: skip
    shape(canvas, [(0.03 * wide, (lamp[0] + 0.01) * high), (0.035 * wide, (edge[1][1] - 0.012) * high),
        (0.1 * wide, (lamp[1] - 0.02) * high), (0.08 * wide, (lamp[0] + 0.01) * high)], 0.5)  # fmt: skip
    if number == 2:
        tail = (0.40, 0.66)
    box(
        canvas,
        0.955 * wide,
        tail[0] * high,
        0.985 * wide if number < 2 else 0.978 * wide,
        tail[1] * high,
        (0.26, 0.022, 0.02),
    )
    stroke(canvas, [(0.02 * wide, 0.36 * high), (0.11 * wide, 0.36 * high)], 0.014, 0.12)
    stroke(canvas, [(0.89 * wide, 0.36 * high), (0.99 * wide, 0.36 * high)], 0.014, 0.12)
    x, y = (0.325 * wide, 0.66 * high) if number < 2 else (0.215 * wide, 0.58 * high)
    limb(canvas, (x - 0.05, y + 0.03, 0.05), (x + 0.04, y + 0.04, 0.055), 0.62)
    box(canvas, x - 0.08, y - 0.02, x + 0.08, y, 0.06)
    if number < 2:
        flap = 0.83 * wide if number == 0 else 0.79 * wide
        stroke(
            canvas,
            [(flap, 0.6 * high), (flap + 0.14, 0.6 * high), (flap + 0.14, 0.52 * high), (flap, 0.52 * high)],
            0.01,
            0.3,
            closed=True,
        )
    else:
        box(canvas, 0.42 * wide, 0.36 * high, 0.96 * wide, 0.375 * high, 0.2)
        box(canvas, 0.67 * wide, 0.545 * high, 0.95 * wide, 0.555 * high, 0.2)


def _boot() -> Canvas:
    canvas = blank((128, 64), (1.75, 0.68), PAINT, 4)
    shade(canvas, 0, 0.3, 1.75, 0.68, 0.88, 1.05)
    stroke(canvas, [(0.32, 0.68), (0.36, 0.34), (1.39, 0.34), (1.43, 0.68)], 0.014, 0.07)  # lid
    for side in (0.0, 1.0):
        near, far = (0.38, 0.03) if side == 0 else (1.37, 1.72)
        shape(canvas, [(near, 0.43), (near, 0.57), (far, 0.60), (far, 0.40)], 0.05)
        shape(canvas, [(near, 0.44), (near, 0.56), (far, 0.59), (far, 0.41)], (0.27, 0.022, 0.02), LAMP)
        mid = near + (far - near) * 0.45
        shape(canvas, [(near, 0.44), (near, 0.485), (mid, 0.49), (mid, 0.43)], (0.48, 0.46, 0.44), 0)
        shape(canvas, [(mid, 0.42), (mid, 0.47), (far, 0.475), (far, 0.415)], (0.40, 0.16, 0.03), 0)
        box(canvas, 0.12 + side * 1.36, 0.08, 0.27 + side * 1.36, 0.11, (0.2, 0.02, 0.02))
    box(canvas, 0.58, 0.405, 1.17, 0.53, 0.08)
    box(canvas, 0.595, 0.415, 1.155, 0.52, (0.58, 0.57, 0.50))
    letters(canvas, "KA 4718", (0.645, 0.43), (0.065, 0.075), 0.04)
    disc(canvas, 0.875, 0.605, 0.04, 0.5)
    disc(canvas, 0.875, 0.605, 0.025, 0.15)
    letters(canvas, "GT", (1.2, 0.58), (0.05, 0.04), 0.3)
    box(canvas, 0, 0.31, 1.75, 0.325, 0.12)
    box(canvas, 0.25, 0.0, 1.5, 0.12, 0.045)
    disc(canvas, 0.33, 0.05, 0.04, 0.3)
    disc(canvas, 0.33, 0.05, 0.026, 0.015)
    box(canvas, 0, 0, 1.75, 0.025, 0.03)
    shade(canvas, 0, 0.025, 1.75, 0.31, 0.65, 0.98)
    grain(canvas, "boot", (0.2, 0.1), 0.08)
    return canvas


def _van_rear() -> Canvas:
    canvas = blank((128, 128), (1.9, 1.68), PAINT, 3)
    shade(canvas, 0, 0.2, 1.9, 0.9, 0.8, 1.0)
    box(canvas, 0, 0, 1.9, 0.24, 0.06)
    box(canvas, 0, 0.2, 1.9, 0.24, 0.10)
    for side in (0.0, 1.0):
        left, right = (0.2, 0.92) if side == 0 else (0.98, 1.7)
        stroke(
            canvas,
            [(left - 0.04, 0.27), (left - 0.04, 1.6), (right + 0.03, 1.6), (right + 0.03, 0.27)],
            0.016,
            0.07,
            closed=True,
        )
        box(canvas, left, 0.93, right, 1.5, _TRIM)
        box(canvas, left + 0.03, 0.96, right - 0.03, 1.47, _GLASS)
        shape(
            canvas,
            [(left + 0.1, 1.47), (left + 0.3, 1.47), (left + 0.15, 0.96), (left + 0.03, 0.96), (left + 0.03, 1.2)],
            (0.055, 0.06, 0.065),
        )
        limb(canvas, (left + 0.3, 1.0, 0.1), (left + 0.38, 1.14, 0.07), 0.016)
        x = 0.03 if side == 0 else 1.77
        box(canvas, x, 0.42, x + 0.1, 0.98, (0.27, 0.022, 0.02), LAMP)
        box(canvas, x, 0.62, x + 0.1, 0.72, (0.48, 0.46, 0.44), 0)
        box(canvas, x, 0.86, x + 0.1, 0.98, (0.40, 0.16, 0.03), 0)
        for y in (0.45, 1.45):
            box(canvas, x + 0.11, y, x + 0.14, y + 0.1, 0.3)
    box(canvas, 0.9, 0.72, 1.0, 0.86, 0.08)
    box(canvas, 0.58, 0.4, 1.14, 0.53, (0.58, 0.57, 0.50))
    letters(canvas, "F R 8052", (0.62, 0.425), (0.06, 0.08), 0.04)
    letters(canvas, "SERVICE", (1.05, 0.62), (0.075, 0.07), 0.2)
    box(canvas, 0.6, 1.58, 1.3, 1.62, (0.3, 0.03, 0.03))
    stroke(canvas, [(0.55, 0.97), (0.35, 1.2)], 0.02, 0.02)
    shade(canvas, 0, 0.24, 1.9, 0.5, 0.75, 1.0)
    grain(canvas, "van rear", (0.3, 0.2), 0.09)
    grain(canvas, "van dirt", (0.05, 0.05), 0.07)
    return canvas
