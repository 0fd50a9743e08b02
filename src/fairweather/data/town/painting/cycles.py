"""Bicycles and motorcycles without their riders; side views face u = 0; cutouts. A rider's tile covers the same rectangle."""

from fairweather.data.town.arithmetic import cosine, sine
from fairweather.data.town.painting.canvas import Canvas, blank, box, dim, disc, grain, limb, ring, shape, stroke

SIDE = (1.8, 1.8)  # metres of a side view, and of an end view
END = (0.9, 1.8)
PEDAL = (0.98, 0.29)  # the bottom bracket of the bicycle
SADDLE = (1.15, 0.95)
HANDLE = (0.52, 1.03)
SEAT = (1.10, 0.80)  # of the motorcycle
GRIP = (0.62, 1.03)
PEG = (1.03, 0.33)
_STEEL = (0.36, 0.37, 0.38)
_RUBBER = (0.03, 0.03, 0.03)


def bicycle_side(number: int) -> Canvas:
    """A city bicycle with mudguards, carrier and lamp, 1.8 m x 1.8 m."""
    canvas = blank((128, 128), SIDE, None, 4)
    front, rear, frame = (0.37, 0.34), (1.42, 0.34), (0.11, 0.14, 0.17)
    for x, y in (front, rear):
        for k in range(16):
            angle = 6.28318 * k / 16 + 0.1
            stroke(canvas, [(x, y), (x + 0.3 * cosine(angle), y + 0.3 * sine(angle))], 0.004, _STEEL)
        ring(canvas, x, y, 0.318, 0.042, _RUBBER)
        ring(canvas, x, y, 0.292, 0.016, _STEEL)
        disc(canvas, x, y, 0.035, _STEEL)
    for x, start in ((front[0], 0.35), (rear[0], 0.2)):  # mudguards
        arc = [(x + 0.355 * cosine(start + 0.25 * k), 0.34 + 0.355 * sine(start + 0.25 * k)) for k in range(9)]
        stroke(canvas, arc, 0.026, dim(frame, 0.7))
    head_low, head_top, post = (0.475, 0.68), (0.535, 0.90), (1.10, 0.80)
    stroke(canvas, [(1.42, 0.34), PEDAL], 0.026, dim(frame, 0.8))
    stroke(canvas, [(1.42, 0.34), (1.08, 0.74)], 0.024, dim(frame, 0.8))
    for points in (
        [PEDAL, head_low],
        [PEDAL, post],
        [post, (0.515, 0.83)],
        [head_low, head_top],
        [head_low, (0.42, 0.52), front],
    ):
        stroke(canvas, points, 0.038, frame)
        stroke(canvas, [(x, y + 0.009) for x, y in points], 0.01, dim(frame, 2.2))
    stroke(canvas, [post, SADDLE], 0.026, _STEEL)
    shape(canvas, [(1.0, 0.965), (1.06, 0.93), (1.2, 0.92), (1.28, 0.97), (1.26, 1.0), (1.12, 0.98)], 0.035)
    stroke(canvas, [head_top, (0.55, 0.99), (0.50, 1.03), (0.62, 1.05)], 0.028, _STEEL)
    stroke(canvas, [(0.58, 1.045), (0.68, 1.04)], 0.04, 0.04)
    disc(canvas, *PEDAL, 0.095, (0.20, 0.20, 0.20))
    disc(canvas, *PEDAL, 0.065, 0.05)
    stroke(canvas, [(0.98, 0.385), (1.42, 0.375)], 0.014, 0.06)
    stroke(canvas, [(0.98, 0.195), (1.42, 0.305)], 0.014, 0.06)
    stroke(canvas, [(0.92, 0.13), (1.04, 0.45)], 0.026, _STEEL)
    for x, y in ((0.92, 0.13), (1.04, 0.45)):
        stroke(canvas, [(x - 0.05, y), (x + 0.05, y)], 0.03, 0.05)
    stroke(canvas, [(1.15, 0.74), (1.62, 0.74)], 0.024, 0.07)  # the carrier with a bag
    stroke(canvas, [(1.56, 0.74), (1.44, 0.36)], 0.016, 0.07)
    shape(canvas, [(1.27, 0.73), (1.56, 0.73), (1.53, 0.45), (1.31, 0.45)], (0.13, 0.10, 0.075))
    stroke(canvas, [(1.28, 0.65), (1.55, 0.65)], 0.014, (0.06, 0.045, 0.035))
    disc(canvas, 0.44, 0.88, 0.042, (0.5, 0.5, 0.46))
    box(canvas, 1.60, 0.70, 1.645, 0.78, (0.30, 0.02, 0.02))
    grain(canvas, "bicycle", (0.05, 0.05), 0.12)
    return canvas


def bicycle_end(number: int) -> Canvas:
    """The bicycle from behind, 0.9 m x 1.8 m."""
    canvas, x = blank((64, 128), END, None, 4), 0.45
    stroke(canvas, [(x, 0.02), (x, 0.68)], 0.046, _RUBBER)
    stroke(canvas, [(x, 0.05), (x, 0.66)], 0.014, 0.07)
    for side in (-1.0, 1.0):
        stroke(canvas, [(x + side * 0.055, 0.34), (x + side * 0.035, 0.75), (x, 0.80)], 0.022, (0.11, 0.14, 0.17))
        stroke(canvas, [(x + side * 0.02, 0.29), (x + side * 0.13, 0.29 + side * 0.13)], 0.026, _STEEL)
        box(canvas, x + side * 0.14 - 0.05, 0.275 + side * 0.13, x + side * 0.14 + 0.05, 0.305 + side * 0.13, 0.05)
        stroke(canvas, [(x, 0.98), (x + side * 0.2, 1.04), (x + side * 0.29, 1.02)], 0.026, _STEEL)
        stroke(canvas, [(x + side * 0.22, 1.035), (x + side * 0.30, 1.02)], 0.042, 0.04)
    stroke(canvas, [(x, 0.62), (x, 1.0)], 0.034, (0.11, 0.14, 0.17))
    box(canvas, x - 0.07, 0.70, x + 0.07, 0.75, 0.07)
    shape(canvas, [(x + 0.05, 0.72), (x + 0.19, 0.72), (x + 0.18, 0.44), (x + 0.06, 0.44)], (0.13, 0.10, 0.075))
    disc(canvas, x, 0.97, 0.085, 0.035, squash=0.45)
    box(canvas, x - 0.035, 0.60, x + 0.035, 0.665, (0.34, 0.02, 0.02))
    disc(canvas, x, 0.34, 0.03, _STEEL)
    grain(canvas, "bicycle end", (0.05, 0.05), 0.12)
    return canvas


def motorcycle_side(number: int) -> Canvas:
    """A road motorcycle, 1.8 m x 1.8 m."""
    canvas = blank((128, 128), SIDE, None, 4)
    paint = (0.20, 0.045, 0.04)
    for x in (0.34, 1.46):
        ring(canvas, x, 0.30, 0.245, 0.105, _RUBBER)
        ring(canvas, x, 0.30, 0.185, 0.02, (0.30, 0.31, 0.32))
        for k in range(5):
            angle = 1.25664 * k + 0.4
            stroke(canvas, [(x, 0.3), (x + 0.18 * cosine(angle), 0.3 + 0.18 * sine(angle))], 0.03, (0.25, 0.26, 0.27))
        ring(canvas, x, 0.3, 0.10, 0.022, (0.33, 0.33, 0.33))
        disc(canvas, x, 0.3, 0.045, 0.12)
    stroke(canvas, [(0.34, 0.30), (0.52, 0.86)], 0.06, (0.33, 0.34, 0.35))  # fork
    stroke(canvas, [(0.34, 0.30), (0.42, 0.55)], 0.075, 0.07)
    arc = [(0.34 + 0.335 * cosine(0.35 + 0.3 * k), 0.3 + 0.335 * sine(0.35 + 0.3 * k)) for k in range(7)]
    stroke(canvas, arc, 0.04, paint)
    stroke(canvas, [(0.98, 0.36), (1.46, 0.30)], 0.07, (0.18, 0.185, 0.19))  # swing arm
    stroke(canvas, [(1.34, 0.36), (1.22, 0.68)], 0.045, (0.26, 0.07, 0.05))
    shape(canvas, [(0.62, 0.27), (1.12, 0.24), (1.16, 0.55), (1.0, 0.66), (0.66, 0.66), (0.58, 0.5)], 0.09)  # engine
    for k in range(5):
        stroke(canvas, [(0.66, 0.46 + 0.04 * k), (0.9, 0.48 + 0.04 * k)], 0.014, (0.27, 0.275, 0.28))
    disc(canvas, 0.98, 0.4, 0.09, (0.24, 0.245, 0.25))
    disc(canvas, 0.98, 0.4, 0.055, 0.12)
    limb(canvas, (0.62, 0.30, 0.026), (1.05, 0.22, 0.03), (0.36, 0.36, 0.35))  # exhaust
    limb(canvas, (1.1, 0.24, 0.045), (1.62, 0.40, 0.06), (0.30, 0.30, 0.30))
    disc(canvas, 1.63, 0.405, 0.035, 0.03)
    stroke(canvas, [(0.5, 0.84), (0.72, 0.66), (0.66, 0.5)], 0.045, 0.06)
    shape(canvas, [(0.52, 0.86), (0.62, 0.98), (0.86, 0.97), (1.0, 0.84), (0.96, 0.7), (0.66, 0.7)], paint)  # tank
    shape(canvas, [(0.62, 0.95), (0.85, 0.94), (0.93, 0.86), (0.66, 0.88)], dim(paint, 1.9))
    shape(canvas, [(0.42, 0.78), (0.56, 0.98), (0.66, 0.74), (0.56, 0.66)], dim(paint, 0.8))
    shape(
        canvas, [(0.94, 0.84), (1.08, 0.79), (1.32, 0.82), (1.62, 0.92), (1.60, 0.97), (1.3, 0.91), (1.06, 0.87)], 0.035
    )  # seat
    shape(canvas, [(1.0, 0.79), (1.3, 0.80), (1.66, 0.90), (1.5, 0.76), (1.1, 0.66)], paint)
    box(canvas, 1.62, 0.83, 1.68, 0.90, (0.32, 0.02, 0.02))
    stroke(canvas, [(1.58, 0.82), (1.72, 0.62)], 0.022, 0.05)
    box(canvas, 1.67, 0.56, 1.71, 0.70, (0.42, 0.42, 0.38))
    stroke(canvas, [(0.54, 0.94), (0.60, 1.04), (0.72, 1.05)], 0.03, 0.08)
    stroke(canvas, [(0.63, 1.05), (0.74, 1.05)], 0.046, 0.035)
    disc(canvas, 0.44, 0.90, 0.085, 0.10)
    disc(canvas, 0.405, 0.90, 0.06, (0.55, 0.55, 0.52), squash=1.2)
    shape(canvas, [(0.40, 0.98), (0.50, 1.16), (0.535, 1.15), (0.52, 0.96)], (0.11, 0.12, 0.13))
    stroke(canvas, [(0.60, 1.05), (0.57, 1.17)], 0.014, 0.06)
    disc(canvas, 0.56, 1.19, 0.045, 0.07, squash=0.7)
    grain(canvas, "motorcycle", (0.05, 0.05), 0.14)
    return canvas


def motorcycle_end(number: int) -> Canvas:
    """The motorcycle from behind, 0.9 m x 1.8 m."""
    canvas, x = blank((64, 128), END, None, 4), 0.45
    paint = (0.20, 0.045, 0.04)
    stroke(canvas, [(x, 0.07), (x, 0.54)], 0.14, _RUBBER)
    stroke(canvas, [(x - 0.03, 0.06), (x - 0.03, 0.52)], 0.012, 0.055)
    for side in (-1.0, 1.0):
        stroke(canvas, [(x + side * 0.10, 0.28), (x + side * 0.12, 0.6)], 0.05, 0.13)
        stroke(canvas, [(x + side * 0.14, 0.33), (x + side * 0.25, 0.33)], 0.04, 0.06)
        stroke(canvas, [(x, 0.98), (x + side * 0.26, 1.06), (x + side * 0.36, 1.03)], 0.034, 0.08)
        stroke(canvas, [(x + side * 0.27, 1.055), (x + side * 0.37, 1.03)], 0.05, 0.035)
        stroke(canvas, [(x + side * 0.2, 1.05), (x + side * 0.27, 1.18)], 0.016, 0.06)
        disc(canvas, x + side * 0.28, 1.20, 0.062, 0.10, squash=0.62)
        disc(canvas, x + side * 0.17, 0.80, 0.034, (0.40, 0.16, 0.03))
    disc(canvas, x + 0.16, 0.38, 0.062, (0.30, 0.30, 0.30))
    disc(canvas, x + 0.16, 0.38, 0.038, 0.03)
    shape(
        canvas,
        [(x - 0.16, 0.62), (x + 0.16, 0.62), (x + 0.2, 0.88), (x + 0.11, 0.97), (x - 0.11, 0.97), (x - 0.2, 0.88)],
        dim(paint, 0.8),
    )
    shape(canvas, [(x - 0.13, 0.88), (x + 0.13, 0.88), (x + 0.09, 0.99), (x - 0.09, 0.99)], 0.035)
    box(canvas, x - 0.09, 0.79, x + 0.09, 0.86, (0.36, 0.02, 0.02))
    box(canvas, x - 0.1, 0.55, x + 0.1, 0.70, (0.45, 0.45, 0.41))
    box(canvas, x - 0.075, 0.60, x + 0.075, 0.65, 0.06)
    grain(canvas, "motorcycle end", (0.05, 0.05), 0.14)
    return canvas
