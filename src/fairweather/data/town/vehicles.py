"""Vehicles: cars extruded from a profile, buses, trucks and trains as boxes, two-wheelers as flat stand-ins."""

import numpy as np

from fairweather.data.town.constant import fixed, number
from fairweather.data.town.painting.cars import EXTENTS, PARTS, PROFILES
from fairweather.data.town.quads import CUTOUT, HEADLIGHT, SHOP, STANDING, TAILLIGHT
from fairweather.data.town.sheet import NO_FLAGS, PAINT, SCREEN, Sheet, add, brush, repeat, salted
from fairweather.data.town.tiles import NUMBER
from fairweather.kernels import kernel

CAR, VAN, BUS, TRUCK, MOTORCYCLE, BICYCLE, TRAIN = (fixed(k) for k in range(7))
LABELS = np.array([13, 13, 15, 14, 17, 18, 16], np.int64)
CAR_CLASS, RIDER_CLASS = fixed(13), fixed(12)
MIDDLE, NOSE, TAIL, BOTH = (fixed(k) for k in range(4))  # which ends of a box show
LENGTH = np.array([4.6, 4.9, 12.0, 8.0, 1.8, 1.8, 16.0])
WIDTH = np.array([1.76, 1.98, 2.5, 2.5, 0.9, 0.9, 2.6])
HEIGHT = np.array([1.5, 1.95, 3.1, 3.4, 1.8, 1.8, 3.5])

_BODIES, _POINTS = len(PROFILES), max(len(points) for points in PROFILES.values())
_FRONT, _REAR, _SCREEN_PART, _BODY = range(4)
_KIND = {"car_front": _FRONT, "car_paint": _BODY, "car_screen": _SCREEN_PART}
_COUNTS = np.array([len(PROFILES[k]) for k in range(_BODIES)], np.int64)
_OUTLINE = np.zeros((_BODIES, _POINTS, 2))
_PART = np.zeros((_BODIES, _POINTS), np.int64)
_PART_TILE = np.zeros((_BODIES, _POINTS), np.int64)
_SIZE = np.array([EXTENTS[k] for k in range(_BODIES)])
for _k in range(_BODIES):
    _OUTLINE[_k, : len(PROFILES[_k])] = PROFILES[_k]
    for _i, _name in enumerate(PARTS[_k]):
        _PART[_k, _i] = _KIND.get(_name, _REAR)
        _PART_TILE[_k, _i] = NUMBER.get(_name, NUMBER["car_front_0"])

_WINDOWED = fixed(PAINT | SHOP)  # lit inside by night
_CAR_SIDE, _PLAIN = number("car_side_0"), number("plain")
_TRUCK_SIDE, _TRUCK_FRONT, _TRUCK_REAR = number("truck_side_0"), number("truck_front"), number("truck_rear")
_BUS_SIDE, _BUS_FRONT, _BUS_REAR = number("bus_side"), number("bus_front"), number("bus_rear")
_TRAIN_SIDE, _TRAIN_FRONT = number("train_side"), number("train_front")
_MACHINES = np.array([[NUMBER[f"{name}_{view}"] for view in ("side", "end")] for name in ("motorcycle", "bicycle")])
_RIDERS = np.array([[NUMBER[f"rider_{name}_{view}"] for view in ("side", "end")] for name in ("motorcycle", "bicycle")])


@kernel()
def _face(
    sheet: Sheet, x: float, z: float, fx: float, fz: float, a: float, b: float, width: float, low: float, high: float
) -> None:
    """An upright quad across a vehicle at (x, z) that looks along (fx, fz): `b` ahead of its middle, from `a` to the right
    of it on over `width` (negative: to the left), so that u runs to the right as its viewer sees it."""
    add(sheet, x + a * fz + b * fx, low, z - a * fx + b * fz, width * fz, 0.0, -width * fx, 0.0, high - low, 0.0)


@kernel()
def _flank(
    sheet: Sheet, x: float, z: float, fx: float, fz: float, a: float, b: float, length: float, low: float, high: float
) -> None:
    """An upright quad along a vehicle, `a` to its right, from `b` ahead of its middle backwards."""
    add(sheet, x + a * fz + b * fx, low, z - a * fx + b * fz, -length * fx, 0.0, -length * fz, 0.0, high - low, 0.0)


@kernel()
def draw_car(
    sheet: Sheet, x: float, z: float, fx: float, fz: float, body: int, paint: np.ndarray, drives: bool, scale: float
) -> None:
    """A car with its middle at (x, z), looking along the unit vector (fx, fz). Its lamps are lit by night if it `drives`."""
    length, height = _SIZE[body, 0] * scale, _SIZE[body, 1] * scale
    half, front = (0.99 if body == 2 else 0.88) * scale, 0.5 * length
    variant = salted(sheet) & 1
    for i in range(_COUNTS[body] - 1):
        part = _PART[body, i]
        tile, flags = _PART_TILE[body, i], PAINT
        if part == _FRONT:
            tile, flags = tile + variant, PAINT | (HEADLIGHT if drives else 0)
        elif part == _REAR:
            flags = PAINT | (TAILLIGHT if drives else 0)
        elif part == _SCREEN_PART:
            flags = SCREEN
        if part == _SCREEN_PART:
            brush(sheet, CAR_CLASS, tile, flags, 1.0, 1.0, 1.0)
        else:
            brush(sheet, CAR_CLASS, tile, flags, paint[0], paint[1], paint[2])
        b, y = front - length * _OUTLINE[body, i, 0], height * _OUTLINE[body, i, 1]
        d, rise = length * (_OUTLINE[body, i, 0] - _OUTLINE[body, i + 1, 0]), height * _OUTLINE[body, i + 1, 1] - y
        if part == _REAR:  # listed from the top down; its tile stands upright and is seen from behind
            b, y, d, rise = b + d, y + rise, -d, -rise
            add(sheet, x - half * fz + b * fx, y, z + half * fx + b * fz, 2.0 * half * fz, 0.0, -2.0 * half * fx,
                d * fx, rise, d * fz)  # fmt: skip
        else:
            add(sheet, x + half * fz + b * fx, y, z - half * fx + b * fz, -2.0 * half * fz, 0.0, 2.0 * half * fx,
                d * fx, rise, d * fz)  # fmt: skip
    brush(sheet, CAR_CLASS, _CAR_SIDE + body, CUTOUT | PAINT, paint[0], paint[1], paint[2])
    _flank(sheet, x, z, fx, fz, half, front, length, 0.0, height)
    _flank(sheet, x, z, fx, fz, -half, front, length, 0.0, height)


@kernel()
def draw_box(
    sheet: Sheet, x: float, z: float, fx: float, fz: float, kind: int, length: float, variant: int, paint: np.ndarray,
    drives: bool, ends: int,
) -> None:  # fmt: skip
    """A bus, a truck or one car of a train; `ends` says which of its ends shows no other car."""
    pale = 0.26 if kind == TRUCK else 0.1  # liveries are lighter than lacquers
    red, green, blue = 0.6 * paint[0] + pale, 0.6 * paint[1] + pale, 0.6 * paint[2] + pale
    label, half, front, height = LABELS[kind], 0.5 * WIDTH[kind], 0.5 * length, HEIGHT[kind]
    side, nose, tail, base = _BUS_SIDE, _BUS_FRONT, _BUS_REAR, 0.12
    flags = _WINDOWED
    if kind == TRUCK:
        side, nose, tail, base, flags = _TRUCK_SIDE + variant, _TRUCK_FRONT, _TRUCK_REAR, 0.0, PAINT | CUTOUT
    elif kind == TRAIN:
        side, nose, tail = _TRAIN_SIDE, _TRAIN_FRONT, _TRAIN_FRONT
    brush(sheet, label, side, flags, red, green, blue)
    _flank(sheet, x, z, fx, fz, half, front, length, base, height)
    _flank(sheet, x, z, fx, fz, -half, front, length, base, height)
    brush(sheet, label, _PLAIN, NO_FLAGS, 0.5 * red, 0.5 * green, 0.5 * blue)
    add(sheet, x + half * fz + front * fx, height, z - half * fx + front * fz, -2.0 * half * fz, 0.0, 2.0 * half * fx,
        -length * fx, 0.0, -length * fz)  # fmt: skip
    if ends & 1:
        brush(sheet, label, nose, PAINT | (HEADLIGHT if drives else 0), red, green, blue)
        _face(sheet, x, z, fx, fz, half, front, -2.0 * half, base if kind != TRUCK else 0.3, height)
    if ends & 2:
        brush(sheet, label, tail, PAINT | (TAILLIGHT if drives else 0), red, green, blue)
        _face(sheet, x, z, fx, fz, -half, -front, 2.0 * half, base if kind != TRUCK else 0.4, height)
    if ends == 0 or ends == 1:  # the gangway to the next car
        brush(sheet, label, _PLAIN, NO_FLAGS, 0.02, 0.02, 0.02)
        _face(sheet, x, z, fx, fz, -half, -front, 2.0 * half, base, height - 0.2)


@kernel()
def draw_two_wheeler(
    sheet: Sheet, x: float, z: float, fx: float, fz: float, kind: int, endwise: bool, ridden: bool, shade: float
) -> None:
    """A motorcycle or bicycle as one flat stand-in, seen from the end or from the side, and its rider as another."""
    row, view = (0 if kind == MOTORCYCLE else 1), (1 if endwise else 0)
    flags = CUTOUT | STANDING
    length, width, height = LENGTH[kind], WIDTH[kind], HEIGHT[kind]
    for layer in range(2 if ridden else 1):
        if layer == 0:
            brush(sheet, LABELS[kind], _MACHINES[row, view], flags, shade, shade, shade)
        else:
            brush(sheet, RIDER_CLASS, _RIDERS[row, view], flags, 1.0, 1.0, 1.0)
        near = 0.03 * layer
        if endwise:
            # across the way it goes, its front towards whoever comes from smaller z
            ax, az = (fz, -fx) if fz > 0.0 else (-fz, fx)
            add(
                sheet,
                x - 0.5 * width * ax,
                0.0,
                z - 0.5 * width * az - near,
                width * ax,
                0.0,
                width * az,
                0.0,
                height,
                0.0,
            )
        else:
            shift = -near if abs(fx) > abs(fz) else 0.0
            inward = -near if x > 0.0 else near
            inward = inward if abs(fz) > abs(fx) else 0.0
            _flank(sheet, x + inward, z + shift, fx, fz, 0.0, 0.5 * length, length, 0.0, height)
    repeat(sheet, 1.0, 1.0)
