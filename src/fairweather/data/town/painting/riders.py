"""Riders without their machines: each tile covers the rectangle of the machine's tile, so the two laid together ride."""

from fairweather.data.town.painting.canvas import Canvas, blank, dim, disc, limb, shape, stream, stroke
from fairweather.data.town.painting.cycles import END, GRIP, HANDLE, PEDAL, PEG, SEAT, SIDE
from fairweather.data.town.painting.persons import Person, folds, head

_TALL = 1.75  # metres
_SHOE = (0.05, 0.045, 0.045)
_SKIN = (0.40, 0.27, 0.20)


def rider_bicycle_side(number: int) -> Canvas:
    """A cyclist with a helmet and a jacket, facing u = 0, one leg down."""
    canvas = blank((128, 128), SIDE, None, 4)
    coat, legs = (0.10, 0.135, 0.19), (0.055, 0.058, 0.068)
    hip, shoulder = (1.13, 1.04), (0.84, 1.46)
    down, up = (PEDAL[0] - 0.06, PEDAL[1] - 0.10), (PEDAL[0] + 0.06, PEDAL[1] + 0.22)
    _leg(canvas, hip, (0.80, 0.90), up, dim(legs, 0.62))
    _arm(canvas, shoulder, (0.72, 1.22), HANDLE, dim(coat, 0.6))
    shape(
        canvas,
        [(1.02, 0.95), (1.22, 0.96), (1.27, 1.08), (1.18, 1.28), (0.98, 1.53), (0.82, 1.54), (0.77, 1.42), (0.88, 1.2)],
        coat,
    )
    stroke(canvas, [(0.98, 1.02), (1.24, 1.1)], 0.022, dim(coat, 0.5))
    shape(canvas, [(0.98, 1.52), (1.16, 1.42), (1.26, 1.2), (1.2, 1.13), (1.1, 1.18)], (0.20, 0.17, 0.06))  # rucksack
    stroke(canvas, [(0.98, 1.52), (0.95, 1.3), (1.1, 1.18)], 0.022, (0.06, 0.05, 0.03))
    _leg(canvas, hip, (0.85, 0.70), down, legs)
    _arm(canvas, shoulder, (0.70, 1.19), (HANDLE[0] + 0.05, HANDLE[1] + 0.02), coat)
    who = Person("side", 0, "jacket", coat, legs, (0.05, 0.035, 0.025), 0, "", "short")
    head(canvas, who, 0.78, 1.53, _TALL * 0.95)
    _helmet(canvas, 0.78, 1.685, 0.115, (0.40, 0.40, 0.39))
    folds(canvas, stream("cyclist side"), "cyclist side")
    return canvas


def rider_bicycle_end(number: int) -> Canvas:
    """The cyclist from behind."""
    canvas, x = blank((64, 128), END, None, 4), 0.45
    coat, legs = (0.10, 0.135, 0.19), (0.055, 0.058, 0.068)
    for side, low in ((-1.0, 0.20), (1.0, 0.42)):
        limb(
            canvas,
            (x + side * 0.09, 0.98, 0.09),
            (x + side * 0.135, 0.60 + (low - 0.2), 0.062),
            dim(legs, 1.0 if side < 0 else 0.8),
        )
        limb(
            canvas,
            (x + side * 0.135, 0.60 + (low - 0.2), 0.06),
            (x + side * 0.135, low, 0.042),
            dim(legs, 1.0 if side < 0 else 0.8),
        )
        disc(canvas, x + side * 0.14, low - 0.04, 0.05, _SHOE, squash=0.9)
        limb(canvas, (x + side * 0.19, 1.42, 0.06), (x + side * 0.29, 1.2, 0.047), dim(coat, 0.8))
        limb(canvas, (x + side * 0.29, 1.2, 0.045), (x + side * 0.26, 1.04, 0.036), dim(coat, 0.75))
    shape(canvas, [(x - 0.15, 0.94), (x + 0.15, 0.94), (x + 0.16, 1.1), (x + 0.215, 1.4), (x + 0.16,
        1.5), (x - 0.16, 1.5), (x - 0.215, 1.4), (x - 0.16, 1.1)], coat)  # fmt: skip
    disc(canvas, x, 0.97, 0.165, legs, squash=0.55)
    shape(
        canvas,
        [(x - 0.12, 1.12), (x + 0.12, 1.12), (x + 0.13, 1.42), (x + 0.09, 1.47), (x - 0.09, 1.47), (x - 0.13, 1.42)],
        (0.20, 0.17, 0.06),
    )
    stroke(canvas, [(x - 0.12, 1.3), (x + 0.12, 1.3)], 0.016, (0.07, 0.06, 0.03))
    who = Person("back", 0, "jacket", coat, legs, (0.05, 0.035, 0.025), 0, "", "short")
    head(canvas, who, x, 1.53, _TALL * 0.95)
    _helmet(canvas, x, 1.685, 0.105, (0.40, 0.40, 0.39))
    folds(canvas, stream("cyclist end"), "cyclist end")
    return canvas


def rider_motorcycle_side(number: int) -> Canvas:
    """A motorcyclist in leather with a closed helmet, facing u = 0."""
    canvas = blank((128, 128), SIDE, None, 4)
    leather, legs = (0.05, 0.05, 0.055), (0.065, 0.07, 0.085)
    hip, shoulder = (SEAT[0] + 0.08, SEAT[1] + 0.15), (0.96, 1.38)
    _arm(canvas, shoulder, (0.80, 1.15), GRIP, dim(leather, 0.6))
    shape(
        canvas,
        [(1.06, 0.86), (1.28, 0.87), (1.33, 1.02), (1.27, 1.22), (1.13, 1.46), (0.96, 1.48), (0.88, 1.36), (0.98, 1.1)],
        leather,
    )
    stroke(canvas, [(1.04, 0.93), (1.3, 0.98)], 0.022, 0.02)
    stroke(canvas, [(0.95, 1.42), (1.2, 1.32)], 0.03, (0.20, 0.05, 0.045))
    stroke(canvas, [(1.24, 1.3), (1.3, 1.05)], 0.02, (0.16, 0.16, 0.16))
    limb(canvas, (*hip, 0.095), (0.83, 0.72, 0.075), legs)
    limb(canvas, (0.83, 0.72, 0.07), (PEG[0], PEG[1] + 0.06, 0.05), legs)
    shape(canvas, [(PEG[0] + 0.06, PEG[1] + 0.16), (PEG[0] + 0.08, PEG[1] - 0.02), (PEG[0] - 0.16, PEG[1]
        - 0.06), (PEG[0] - 0.16, PEG[1] - 0.01), (PEG[0] - 0.05, PEG[1] + 0.06), (PEG[0] - 0.05, PEG[1] +
        0.16)], 0.035)  # fmt: skip
    _arm(canvas, shoulder, (0.82, 1.12), (GRIP[0] + 0.04, GRIP[1] + 0.02), leather)
    limb(canvas, (0.97, 1.44, 0.06), (0.95, 1.5, 0.06), 0.03)
    disc(canvas, 0.92, 1.60, 0.145, (0.42, 0.42, 0.42), squash=1.02)
    shape(canvas, [(0.785, 1.58), (0.80, 1.67), (0.95, 1.68), (0.94, 1.57), (0.80, 1.55)], 0.03)
    shape(canvas, [(0.79, 1.55), (0.95, 1.56), (0.9, 1.46), (0.82, 1.47)], (0.34, 0.34, 0.34))
    stroke(canvas, [(0.86, 1.73), (1.05, 1.64)], 0.03, (0.20, 0.05, 0.045))
    folds(canvas, stream("biker side"), "biker side")
    return canvas


def rider_motorcycle_end(number: int) -> Canvas:
    """The motorcyclist from behind."""
    canvas, x = blank((64, 128), END, None, 4), 0.45
    leather, legs = (0.05, 0.05, 0.055), (0.065, 0.07, 0.085)
    for side in (-1.0, 1.0):
        limb(canvas, (x + side * 0.11, 0.92, 0.10), (x + side * 0.24, 0.70, 0.075), legs)
        limb(canvas, (x + side * 0.24, 0.70, 0.07), (x + side * 0.2, 0.40, 0.055), dim(legs, 0.9))
        disc(canvas, x + side * 0.2, 0.34, 0.06, 0.03, squash=0.9)
        limb(canvas, (x + side * 0.2, 1.36, 0.068), (x + side * 0.335, 1.15, 0.055), dim(leather, 0.8))
        limb(canvas, (x + side * 0.335, 1.15, 0.052), (x + side * 0.31, 1.04, 0.045), dim(leather, 0.75))
    shape(canvas, [(x - 0.17, 0.86), (x + 0.17, 0.86), (x + 0.17, 1.05), (x + 0.23, 1.34), (x + 0.17,
        1.45), (x - 0.17, 1.45), (x - 0.23, 1.34), (x - 0.17, 1.05)], leather)  # fmt: skip
    disc(canvas, x, 0.90, 0.19, legs, squash=0.5)
    stroke(canvas, [(x - 0.21, 1.33), (x + 0.21, 1.33)], 0.035, (0.20, 0.05, 0.045))
    stroke(canvas, [(x - 0.16, 0.99), (x + 0.16, 0.99)], 0.016, 0.02)
    stroke(canvas, [(x, 1.3), (x, 1.0)], 0.01, 0.025)
    disc(canvas, x, 1.60, 0.142, (0.42, 0.42, 0.42), squash=1.04)
    stroke(canvas, [(x - 0.13, 1.62), (x + 0.13, 1.62)], 0.03, (0.20, 0.05, 0.045))
    disc(canvas, x, 1.48, 0.10, 0.06, squash=0.35)
    folds(canvas, stream("biker end"), "biker end")
    return canvas


def _leg(
    canvas: Canvas,
    hip: tuple[float, float],
    knee: tuple[float, float],
    foot: tuple[float, float],
    colour: tuple[float, float, float],
) -> None:
    limb(canvas, (*hip, 0.09), (*knee, 0.062), colour)
    limb(canvas, (*knee, 0.06), (foot[0] + 0.04, foot[1] + 0.06, 0.042), colour)
    x, y = foot
    shape(
        canvas, [(x + 0.09, y + 0.08), (x + 0.09, y), (x - 0.13, y - 0.03), (x - 0.13, y + 0.02), (x, y + 0.09)], _SHOE
    )


def _arm(canvas: Canvas, shoulder: tuple[float, float], elbow: tuple[float, float], hand: tuple[float, float],
         colour: tuple[float, float, float]) -> None:  # fmt: skip
    limb(canvas, (*shoulder, 0.062), (*elbow, 0.048), colour)
    limb(canvas, (*elbow, 0.046), (*hand, 0.034), dim(colour, 1.08))
    disc(canvas, *hand, 0.036, _SKIN)


def _helmet(canvas: Canvas, x: float, y: float, radius: float, colour: tuple[float, float, float]) -> None:
    shape(canvas, [(x - radius, y), (x - radius * 0.92, y + radius * 0.45), (x - radius * 0.45, y +
        radius * 0.8), (x + radius * 0.35, y + radius * 0.8), (x + radius * 0.9, y + radius * 0.4), (x +
        radius, y - 0.01)], colour)  # fmt: skip
    for k in (-0.5, 0.0, 0.5):
        stroke(canvas, [(x + radius * k, y + radius * 0.15), (x + radius * (k + 0.12), y + radius * 0.62)], 0.014, 0.05)
