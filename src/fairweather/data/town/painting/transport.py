"""Trucks, buses and trains: sides that face u = 0, fronts and rears.

Only truck sides are cutouts. The sides of bus and train have glass in channel 4, fronts and rears lamps. What is white
(0.75) takes its colour from the look of the quad. What is written on sides reads the same mirrored, for a vehicle that
drives the other way has its side turned over.
"""

import itertools
from collections.abc import Iterator

from fairweather.data.town.painting.canvas import (
    Canvas,
    Colour,
    between,
    blank,
    box,
    dim,
    disc,
    grain,
    limb,
    shade,
    shape,
    stream,
    stroke,
)
from fairweather.data.town.painting.cars import LAMP, PAINT, wheel
from fairweather.data.town.painting.lettering import letters

TRUCK = (8.0, 3.4)  # metres, side; front and rear are 2.5 m wide
BUS = (12.0, 3.1)
TRAIN = (16.0, 3.5)
_GLASS: Colour = (0.036, 0.04, 0.044)
_RED: Colour = (0.28, 0.022, 0.02)
_AMBER: Colour = (0.42, 0.17, 0.03)
_CHASSIS: Colour = (0.06, 0.06, 0.062)
_WINDOW = 255


def truck_side(number: int) -> Canvas:
    """Truck `number`: 0 closed box, 1 tarpaulin; 8 m x 3.4 m; the cab is at u = 0; cutout."""
    canvas = blank((256, 128), TRUCK, None, 3)
    draws = stream("truck", number)
    box(canvas, 0.5, 0.62, 7.7, 0.95, _CHASSIS)
    box(canvas, 2.9, 0.45, 4.1, 0.8, (0.17, 0.175, 0.18))  # tank
    for x in (2.98, 3.5, 4.02):
        box(canvas, x - 0.02, 0.45, x + 0.02, 0.8, 0.08)
    for k in range(3):  # side guard
        stroke(canvas, [(4.3, 0.48 + 0.13 * k), (5.45, 0.48 + 0.13 * k)], 0.05, (0.34, 0.34, 0.34))
    cab = [(0.05, 0.42), (0.02, 1.25), (0.28, 2.55), (0.55, 2.72), (1.95, 2.72), (1.95, 0.55)]
    shape(canvas, cab, PAINT)
    shade(canvas, 0, 0.42, 1.95, 1.3, 0.75, 0.98)
    shape(canvas, [(0.32, 1.55), (0.46, 2.4), (1.35, 2.4), (1.35, 1.45)], _GLASS)
    shape(canvas, [(0.5, 1.55), (0.62, 2.4), (0.8, 2.4), (0.68, 1.5)], (0.06, 0.065, 0.07))
    limb(canvas, (0.95, 1.5, 0.14), (1.0, 1.75, 0.12), 0.018)
    disc(canvas, 0.98, 2.0, 0.12, 0.02)
    stroke(canvas, [(0.3, 0.65), (0.24, 1.45), (0.4, 2.5), (1.42, 2.5), (1.42, 0.65)], 0.025, 0.1)
    box(canvas, 1.2, 1.22, 1.36, 1.28, 0.06)
    box(canvas, 0.04, 0.42, 0.42, 0.72, 0.1)
    box(canvas, 0.05, 0.76, 0.22, 0.98, (0.5, 0.5, 0.5))
    box(canvas, 0.05, 0.99, 0.18, 1.06, _AMBER)
    limb(canvas, (0.14, 1.7, 0.07), (0.14, 2.1, 0.07), 0.04)
    box(canvas, 0.5, 0.5, 0.8, 0.56, 0.05)
    if number == 0:
        box(canvas, 2.1, 0.95, 7.95, 3.4, PAINT)
        for k in range(1, 10):
            box(canvas, 2.1 + k * 0.585, 1.0, 2.115 + k * 0.585, 3.35, 0.42)
        letters(canvas, "OTTO", (3.95, 2.0), (0.54, 0.62), (0.10, 0.12, 0.16))
        box(canvas, 2.9, 1.75, 7.1, 1.82, (0.26, 0.1, 0.08))
        for y in (0.95, 3.32):
            box(canvas, 2.1, y, 7.95, y + 0.08, (0.36, 0.36, 0.36))
        for x in (2.1, 7.87):
            box(canvas, x, 0.95, x + 0.08, 3.4, (0.36, 0.36, 0.36))
        box(canvas, 1.98, 2.0, 2.1, 3.2, (0.2, 0.2, 0.2))
    else:
        box(canvas, 2.1, 0.95, 7.95, 3.38, PAINT)
        for k in range(8):
            x = 2.2 + k * 0.72
            shade(canvas, x, 1.3, x + between(draws, 0.1, 0.25), 3.3, 0.8)
            shade(canvas, x + 0.3, 1.3, x + 0.3 + between(draws, 0.05, 0.2), 3.3, 1.08)
            stroke(canvas, [(x + 0.36, 1.22), (x + 0.36, 1.02)], 0.035, (0.2, 0.2, 0.2))
        box(canvas, 2.1, 1.2, 7.95, 1.26, (0.45, 0.45, 0.44))
        box(canvas, 2.1, 0.92, 7.95, 1.0, (0.24, 0.24, 0.24))
        shade(canvas, 2.1, 3.2, 7.95, 3.38, 0.9, 0.7)
        shape(canvas, [(2.6, 1.7), (4.4, 1.7), (5.0, 2.3), (4.4, 2.9), (2.6, 2.9), (3.2, 2.3)], (0.24, 0.26, 0.3))
        letters(canvas, "AVIVA", (5.35, 2.05), (0.48, 0.5), (0.15, 0.17, 0.21))
    for x in (2.4, 5.0, 7.7):
        box(canvas, x, 1.05, x + 0.12, 1.12, _AMBER)
    for x in (1.2, 5.95, 6.98):
        disc(canvas, x, 0.52, 0.58, 0.02)
        wheel(canvas, x, 0.48, (0.26, 0.26, 0.265), 10)
    box(canvas, 7.6, 0.5, 7.66, 0.95, 0.035)
    _dirty(canvas, ("truck side", number), 1.2)
    return canvas


def truck_front(number: int) -> Canvas:
    """Cab with windscreen, grille and lamps, the box above it; 2.5 m x 3.4 m; channel 4 lamps."""
    canvas = blank((128, 128), (2.5, 3.4), PAINT, 3)
    shade(canvas, 0, 2.72, 2.5, 3.4, 0.72)
    box(canvas, 0, 2.70, 2.5, 2.76, 0.2)
    box(canvas, 0, 0, 2.5, 0.34, 0.02)
    box(canvas, 0.1, 1.45, 2.4, 2.45, 0.035)
    box(canvas, 0.16, 1.5, 2.34, 2.4, _GLASS)
    shape(canvas, [(0.3, 2.4), (0.75, 2.4), (0.4, 1.5), (0.16, 1.5), (0.16, 1.9)], (0.06, 0.065, 0.07))
    for x in (0.65, 1.85):
        limb(canvas, (x, 1.5, 0.22), (x, 1.72, 0.18), 0.02)
        disc(canvas, x, 2.0, 0.12, 0.022)
    stroke(canvas, [(1.2, 1.5), (0.5, 1.6)], 0.03, 0.015)
    stroke(canvas, [(2.1, 1.5), (1.4, 1.6)], 0.03, 0.015)
    box(canvas, 0.1, 2.45, 2.4, 2.6, 0.1)
    letters(canvas, "NORD", (0.9, 2.48), (0.18, 0.1), 0.4)
    box(canvas, 0.45, 0.85, 2.05, 1.35, 0.05)
    for k in range(6):
        box(canvas, 0.5, 0.89 + k * 0.08, 2.0, 0.91 + k * 0.08, 0.25)
    disc(canvas, 1.25, 1.12, 0.1, 0.5)
    box(canvas, 0.05, 0.34, 2.45, 0.74, 0.42)
    shade(canvas, 0.05, 0.34, 2.45, 0.74, 0.75, 1.05)
    for x in (0.1, 1.95):
        box(canvas, x, 0.46, x + 0.45, 0.7, 0.09)
        box(canvas, x + 0.04, 0.49, x + 0.3, 0.67, 0.48, LAMP)
        box(canvas, x + 0.33, 0.49, x + 0.42, 0.67, _AMBER, 0)
    box(canvas, 0.95, 0.46, 1.55, 0.6, 0.58)
    letters(canvas, "HH 6302", (1.0, 0.49), (0.07, 0.08), 0.04)
    for x in (0.0, 2.36):
        box(canvas, x, 1.5, x + 0.14, 2.2, 0.045)
    for k in range(3):
        disc(canvas, 0.85 + k * 0.4, 2.65, 0.04, _AMBER)
    _dirty(canvas, "truck front", 1.0)
    return canvas


def truck_rear(number: int) -> Canvas:
    """Two doors with lock rods and hinges, under-run bar, lamps, plate; 2.5 m x 3.4 m; channel 4 lamps."""
    canvas = blank((128, 128), (2.5, 3.4), 0.03, 3)
    box(canvas, 0.0, 0.95, 2.5, 3.4, PAINT)
    for x in (0.0, 1.225, 2.42):
        box(canvas, x, 0.95, x + 0.08 if x != 1.225 else x + 0.05, 3.4, 0.3 if x != 1.225 else 0.05)
    box(canvas, 0, 3.3, 2.5, 3.4, 0.3)
    box(canvas, 0, 0.95, 2.5, 1.05, 0.22)
    for x in (0.35, 0.9, 1.6, 2.15):  # lock rods
        shade(canvas, x + 0.03, 1.0, x + 0.07, 3.35, 0.6)
        box(canvas, x - 0.03, 1.0, x + 0.03, 3.35, 0.42)
        box(canvas, x - 0.05, 1.12, x + 0.05, 1.2, 0.25)
        box(canvas, x - 0.05, 3.1, x + 0.05, 3.18, 0.25)
    for x in (0.75, 1.45):
        box(canvas, x, 1.5, x + 0.3, 1.56, 0.18)
    for y in (1.3, 2.1, 2.95):
        for x in (0.06, 2.29):
            box(canvas, x, y, x + 0.15, y + 0.08, 0.16)
    box(canvas, 0.45, 2.35, 0.8, 2.7, (0.55, 0.5, 0.2))
    letters(canvas, "80", (0.5, 2.44), (0.14, 0.18), 0.04)
    letters(canvas, "TRANSLOG", (1.36, 2.5), (0.115, 0.16), (0.10, 0.12, 0.16))
    for x in (0.1, 1.95):
        box(canvas, x, 0.66, x + 0.45, 0.86, 0.05)
        box(canvas, x + 0.03, 0.68, x + 0.24, 0.84, _RED, LAMP)
        box(canvas, x + 0.25, 0.68, x + 0.34, 0.84, _AMBER, 0)
        box(canvas, x + 0.35, 0.68, x + 0.42, 0.84, 0.45, 0)
    box(canvas, 0.95, 0.68, 1.55, 0.84, (0.58, 0.57, 0.5))
    letters(canvas, "HH 6302", (1.0, 0.715), (0.07, 0.09), 0.04)
    box(canvas, 0.1, 0.42, 2.4, 0.56, 0.33)
    for k in range(6):
        shape(
            canvas,
            [(0.15 + k * 0.2, 0.43), (0.23 + k * 0.2, 0.43), (0.28 + k * 0.2, 0.55), (0.2 + k * 0.2, 0.55)],
            (0.34, 0.04, 0.035),
        )
        shape(
            canvas,
            [(1.3 + k * 0.2, 0.43), (1.38 + k * 0.2, 0.43), (1.33 + k * 0.2, 0.55), (1.25 + k * 0.2, 0.55)],
            (0.34, 0.04, 0.035),
        )
    for x in (0.2, 1.78):  # twin tyres behind mud flaps
        box(canvas, x, 0.0, x + 0.52, 0.42, 0.045)
        box(canvas, x + 0.24, 0.0, x + 0.28, 0.42, 0.015)
        box(canvas, x - 0.02, 0.14, x + 0.54, 0.42, 0.022)
    box(canvas, 0.08, 3.32, 0.2, 3.37, _RED)
    box(canvas, 2.3, 3.32, 2.42, 3.37, _RED)
    _dirty(canvas, "truck rear", 1.6)
    return canvas


def bus_side(number: int) -> Canvas:
    """City bus, doors on this side, 12 m x 3.1 m; opaque; channel 4 glass."""
    canvas = blank((256, 128), BUS, 0.018, 2)
    draws = stream("bus side")
    box(canvas, 0, 0.32, 12.0, 3.1, PAINT)
    shade(canvas, 0, 0.32, 12.0, 1.2, 0.72, 1.0)
    box(canvas, 0, 0.32, 12.0, 0.42, 0.12)
    box(canvas, 0, 1.05, 12.0, 1.1, 0.35)
    box(canvas, 0.12, 1.2, 11.7, 2.58, 0.04)
    edges = (0.2, 1.75, 3.2, 4.65, 6.15, 7.6, 9.05, 10.5, 11.62)
    for a, b in itertools.pairwise(edges):
        _passengers(canvas, draws, (a + 0.05, 1.27, b - 0.05, 2.52))
    for x in (0.42, 5.0, 9.85):  # double doors
        wide = 1.15 if x > 1 else 1.05
        box(canvas, x - 0.06, 0.36, x + wide + 0.06, 2.62, 0.05)
        for k in (0, 1):
            a = x + k * wide / 2
            box(canvas, a + 0.04, 0.5, a + wide / 2 - 0.04, 2.5, _GLASS, _WINDOW)
            box(canvas, a + 0.08, 0.9, a + 0.11, 1.9, (0.4, 0.33, 0.06), 0)
            box(canvas, a, 1.35, a + wide / 2, 1.4, 0.06, 0)
    box(canvas, 2.05, 2.62, 4.2, 2.92, 0.025)
    letters(canvas, "8 AVIVA 8", (2.3, 2.68), (0.19, 0.18), (0.45, 0.24, 0.04))
    box(canvas, 0, 2.98, 12.0, 3.1, 0.45)
    box(canvas, 6.25, 0.55, 7.75, 0.95, (0.25, 0.23, 0.2))
    letters(canvas, "MAXXAM", (6.46, 0.64), (0.18, 0.2), 0.6)
    for x in (3.6, 7.9, 9.4, 11.4):
        box(canvas, x, 0.45, x + 0.015, 1.04, 0.2)
    for x in (3.75, 4.15, 11.2):
        for k in range(5):
            box(canvas, x, 0.6 + k * 0.07, x + 0.3, 0.63 + k * 0.07, 0.06)
    for x in (2.7, 8.7):
        low = 0.0
        shape(
            canvas,
            [(x - 0.64, low), (x - 0.6, 0.62), (x - 0.35, 0.96), (x + 0.35, 0.96), (x + 0.6, 0.62), (x + 0.64, low)],
            0.016,
        )
        wheel(canvas, x, 0.48, (0.3, 0.3, 0.3), 8)
    box(canvas, 11.85, 0.6, 11.97, 1.5, _RED)
    box(canvas, 0.02, 0.6, 0.16, 0.95, 0.5)
    box(canvas, 0.2, 2.95, 11.8, 2.985, 0.2)
    _dirty(canvas, "bus side", 0.9)
    return canvas


def bus_front(number: int) -> Canvas:
    """Large windscreen, destination board, lamps, bumper; 2.5 m x 3.1 m; channel 4 lamps."""
    canvas = blank((128, 128), (2.5, 3.1), PAINT, 3)
    box(canvas, 0, 0, 2.5, 0.3, 0.02)
    box(canvas, 0.08, 1.05, 2.42, 2.95, 0.03)
    box(canvas, 0.12, 1.1, 2.38, 2.5, _GLASS)
    shape(canvas, [(1.45, 2.5), (2.0, 2.5), (1.55, 1.1), (1.15, 1.1)], (0.06, 0.065, 0.07))
    box(canvas, 1.24, 1.1, 1.26, 2.5, 0.015)
    limb(canvas, (0.65, 1.15, 0.24), (0.65, 1.5, 0.2), (0.05, 0.06, 0.09))
    disc(canvas, 0.65, 1.82, 0.13, (0.16, 0.10, 0.075))
    stroke(canvas, [(0.35, 1.3), (0.95, 1.3)], 0.05, 0.012)
    for x in (1.6, 2.0, 2.2):
        limb(canvas, (x, 1.3, 0.1), (x, 1.45, 0.1), 0.02)
    box(canvas, 0.3, 2.55, 2.2, 2.88, 0.02)
    letters(canvas, "14 CENTRAL", (0.42, 2.61), (0.17, 0.2), (0.55, 0.3, 0.05))
    stroke(canvas, [(1.15, 1.12), (0.4, 1.28)], 0.03, 0.01)
    stroke(canvas, [(2.2, 1.12), (1.4, 1.28)], 0.03, 0.01)
    for x in (0.1, 1.86):
        box(canvas, x, 0.62, x + 0.54, 0.9, 0.08)
        disc(canvas, x + 0.14, 0.76, 0.1, 0.5, LAMP)
        disc(canvas, x + 0.37, 0.76, 0.1, 0.5, LAMP)
    for x in (0.06, 2.36):
        box(canvas, x, 0.64, x + 0.08, 0.86, _AMBER, 0)
        box(canvas, x - 0.02, 1.7, x + 0.1, 2.2, 0.04, 0)
    box(canvas, 0, 0.3, 2.5, 0.56, 0.10)
    box(canvas, 0.95, 0.36, 1.55, 0.5, 0.58)
    letters(canvas, "M 1407", (1.03, 0.39), (0.075, 0.08), 0.04)
    disc(canvas, 1.25, 0.8, 0.09, 0.3)
    shade(canvas, 0, 0.56, 2.5, 1.0, 0.82, 1.0)
    box(canvas, 0.1, 2.98, 2.4, 3.02, 0.3)
    _dirty(canvas, "bus front", 0.8)
    return canvas


def bus_rear(number: int) -> Canvas:
    """Rear window, engine flap with slots, lamps, plate, line number; 2.5 m x 3.1 m; channel 4 lamps."""
    canvas = blank((128, 128), (2.5, 3.1), PAINT, 3)
    box(canvas, 0, 0, 2.5, 0.3, 0.02)
    box(canvas, 0.22, 1.75, 2.28, 2.75, 0.03)
    box(canvas, 0.28, 1.8, 2.22, 2.7, _GLASS)
    shape(canvas, [(0.5, 2.7), (0.95, 2.7), (0.6, 1.8), (0.28, 1.8), (0.28, 2.1)], (0.06, 0.065, 0.07))
    for x in (0.6, 1.0, 1.5, 1.9):
        limb(canvas, (x, 1.82, 0.14), (x, 1.95, 0.12), 0.02)
    box(canvas, 1.5, 2.48, 2.1, 2.68, 0.02)
    letters(canvas, "14", (1.65, 2.5), (0.14, 0.15), (0.55, 0.3, 0.05))
    stroke(canvas, [(0.3, 0.62), (0.3, 1.6), (2.2, 1.6), (2.2, 0.62)], 0.02, 0.15, closed=True)
    for k in range(7):
        box(canvas, 0.6, 0.72 + k * 0.06, 1.9, 0.75 + k * 0.06, 0.06)
    box(canvas, 0.5, 1.22, 2.0, 1.52, (0.23, 0.26, 0.3))
    letters(canvas, "TAKE THE BUS", (0.58, 1.3), (0.115, 0.14), 0.6)
    for x in (0.05, 2.25):
        box(canvas, x, 0.62, x + 0.2, 1.5, 0.05)
        for k, colour in enumerate((_RED, 0.5, _AMBER, _RED)):
            box(canvas, x + 0.02, 0.64 + k * 0.215, x + 0.18, 0.83 + k * 0.215, colour, LAMP if colour is _RED else 0)
        box(canvas, x + 0.04, 2.82, x + 0.16, 2.92, _RED, LAMP)
    box(canvas, 0, 0.3, 2.5, 0.55, 0.10)
    box(canvas, 0.95, 0.36, 1.55, 0.5, (0.58, 0.57, 0.5))
    letters(canvas, "M 1407", (1.03, 0.39), (0.075, 0.08), 0.04)
    box(canvas, 0.1, 2.97, 2.4, 3.0, 0.3)
    disc(canvas, 2.0, 0.25, 0.07, 0.2)
    _dirty(canvas, "bus rear", 1.2)
    return canvas


def train_side(number: int) -> Canvas:
    """One car of a tram or local train, 16 m x 3.5 m; opaque, dark below the floor; channel 4 glass."""
    canvas = blank((256, 128), TRAIN, 0.02, 2)
    draws = stream("train side")
    box(canvas, 0, 0.5, 16.0, 3.5, PAINT)
    shade(canvas, 0, 0.5, 16.0, 1.2, 0.75, 1.0)
    box(canvas, 0, 0.5, 16.0, 0.62, (0.2, 0.2, 0.2))
    box(canvas, 0, 1.2, 16.0, 1.26, 0.45)
    box(canvas, 0.15, 1.42, 15.85, 2.8, 0.04)
    for k in range(9):
        x = 0.35 + k * 1.72
        _passengers(canvas, draws, (x, 1.5, x + 1.55, 2.72))
    for x in (2.2, 7.35, 12.5):
        box(canvas, x - 0.06, 0.62, x + 1.36, 2.92, 0.06)
        for side in (0.0, 0.65):
            box(canvas, x + side, 0.66, x + side + 0.62, 2.84, dim(PAINT, 0.85))
            box(canvas, x + side + 0.1, 1.1, x + side + 0.52, 2.65, _GLASS, _WINDOW)
        box(canvas, x + 0.63, 0.66, x + 0.66, 2.84, 0.03)
        box(canvas, x + 1.4, 1.3, x + 1.46, 1.42, (0.1, 0.3, 0.12))
    box(canvas, 0, 3.05, 16.0, 3.1, 0.3)
    box(canvas, 0, 3.3, 16.0, 3.5, 0.33)
    for k in range(5):
        box(canvas, 1.0 + k * 3.1, 3.32, 2.6 + k * 3.1, 3.5, 0.24)
    box(canvas, 4.2, 2.85, 6.6, 3.02, 0.02)
    letters(canvas, "8 OTTO 8", (4.48, 2.88), (0.23, 0.12), (0.5, 0.28, 0.05))
    letters(canvas, "0880", (14.6, 0.85), (0.2, 0.2), 0.12)
    for x in (3.6, 6.0, 9.4, 11.9):
        box(canvas, x, 0.64, x + 0.02, 1.2, 0.3)
    for x in (1.6, 2.9, 13.1, 14.4):  # bogies
        box(canvas, x - 0.75, 0.3, x + 0.75, 0.5, (0.075, 0.07, 0.065))
        disc(canvas, x, 0.33, 0.33, (0.11, 0.10, 0.09))
        disc(canvas, x, 0.33, 0.14, (0.2, 0.19, 0.18))
    for k in range(3):
        box(canvas, 4.6 + k * 2.4, 0.16, 6.3 + k * 2.4, 0.5, (0.08, 0.08, 0.08))
        for slot in range(6):
            box(canvas, 4.7 + k * 2.4 + slot * 0.26, 0.22, 4.82 + k * 2.4 + slot * 0.26, 0.44, 0.03)
    for x in (0.0, 15.88):
        box(canvas, x, 0.5, x + 0.12, 3.5, 0.12)
    _dirty(canvas, "train side", 0.9)
    return canvas


def train_front(number: int) -> Canvas:
    """Rounded windscreen, lamps, coupling, destination; 2.6 m x 3.5 m; channel 4 lamps."""
    canvas = blank((128, 128), (2.6, 3.5), PAINT, 3)
    box(canvas, 0, 0, 2.6, 0.45, 0.02)
    shape(
        canvas,
        [(0.2, 1.3), (0.12, 2.4), (0.3, 3.2), (2.3, 3.2), (2.48, 2.4), (2.4, 1.3), (1.9, 1.15), (0.7, 1.15)],
        0.025,
    )
    shape(
        canvas,
        [(0.3, 1.38), (0.22, 2.4), (0.32, 2.75), (2.28, 2.75), (2.38, 2.4), (2.3, 1.38), (1.9, 1.24), (0.7, 1.24)],
        _GLASS,
    )
    shape(canvas, [(1.5, 2.75), (2.0, 2.75), (1.7, 1.24), (1.3, 1.24)], (0.06, 0.065, 0.07))
    limb(canvas, (0.95, 1.35, 0.22), (0.95, 1.7, 0.18), (0.05, 0.055, 0.08))
    disc(canvas, 0.95, 2.0, 0.13, (0.16, 0.10, 0.075))
    box(canvas, 0.5, 2.82, 2.1, 3.12, 0.02)
    letters(canvas, "5 HARBOUR", (0.58, 2.88), (0.165, 0.18), (0.55, 0.3, 0.05))
    stroke(canvas, [(1.3, 1.24), (1.0, 1.9)], 0.03, 0.012)
    for x in (0.22, 1.98):
        shape(canvas, [(x, 0.85), (x + 0.4, 0.85), (x + 0.36, 1.08), (x + 0.04, 1.08)], 0.06)
        disc(canvas, x + 0.12, 0.96, 0.08, 0.5, LAMP)
        disc(canvas, x + 0.29, 0.96, 0.06, 0.45, LAMP)
    disc(canvas, 1.3, 3.3, 0.08, 0.5, LAMP)
    for x in (0.12, 2.36):
        box(canvas, x, 0.72, x + 0.12, 0.8, _RED, 0)
    box(canvas, 0, 0.45, 2.6, 0.68, 0.10)
    box(canvas, 1.1, 0.35, 1.5, 0.72, 0.05)
    disc(canvas, 1.3, 0.55, 0.11, 0.2)
    letters(canvas, "2217", (1.08, 0.86), (0.11, 0.13), 0.12)
    box(canvas, 0.0, 0.68, 2.6, 0.72, (0.28, 0.08, 0.07))
    shade(canvas, 0, 0.45, 2.6, 1.1, 0.8, 1.0)
    for x in (0.0, 2.5):
        shade(canvas, x, 0.45, x + 0.1, 3.5, 0.7)
    stroke(canvas, [(0.5, 0.1), (2.1, 0.1)], 0.08, 0.045)
    _dirty(canvas, "train front", 0.9)
    return canvas


def _passengers(canvas: Canvas, draws: Iterator[float], area: tuple[float, float, float, float]) -> None:
    """A window of a bus with seats and heads behind it."""
    left, low, right, high = area
    box(canvas, left, low, right, high, dim(_GLASS, between(draws, 0.8, 1.3)), _WINDOW)
    shade(canvas, left, low, right, high, 0.85, 1.3)
    x = left + 0.25
    while x < right - 0.2:
        box(canvas, x, low, x + 0.22, low + 0.32, (0.05, 0.055, 0.075), _WINDOW)
        if next(draws) < 0.45:
            disc(canvas, x + 0.05, low + 0.5, 0.12, dim((0.16, 0.10, 0.075), between(draws, 0.5, 1.2)), _WINDOW)
            disc(canvas, x + 0.07, low + 0.56, 0.11, 0.025, _WINDOW, 0.8)
            box(canvas, x - 0.1, low, x + 0.2, low + 0.37, dim((0.12, 0.11, 0.12), between(draws, 0.4, 1.5)), _WINDOW)
        x += 0.72
    box(canvas, left, high - 0.28, right, high - 0.25, 0.02, _WINDOW)
    box(canvas, right - 0.2, high - 0.2, right - 0.08, high - 0.12, 0.3, _WINDOW)


def _dirty(canvas: Canvas, name: object, amount: float) -> None:
    """Spray from the road, thick below, and streaks."""
    draws = stream("dirt", name)
    for _ in range(14):
        x = between(draws, 0, canvas.width)
        top = between(draws, canvas.height * 0.4, canvas.height)
        end = x + canvas.width * between(draws, 0.003, 0.015)
        shade(canvas, x, top - between(draws, 0.3, 1.2), end, top, 1.0, 1.0 - 0.14 * amount * next(draws))
    shade(canvas, 0, 0, canvas.width, canvas.height * 0.4, 1.0 - 0.22 * amount, 1.0)
    grain(canvas, ("dirt", name), (canvas.width * 0.08, 0.25), 0.06 * amount)
    grain(canvas, ("dirt fine", name), (canvas.width * 0.012, 0.05), 0.07)
