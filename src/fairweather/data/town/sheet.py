"""The quad table while it is being written: kernels append parallelograms with the brush that is set."""

from typing import NamedTuple

import numpy as np

from fairweather.data.town import quads
from fairweather.data.town.constant import fixed
from fairweather.data.town.quads import Quads
from fairweather.kernels import kernel

CAPACITY = 1600

NO_FLAGS, CUTOUT, FACADE, LUMINAIRE, SIGNAL, SCREEN, PAINT = (
    fixed(flag) for flag in (0, quads.CUTOUT, quads.FACADE, quads.LUMINAIRE, quads.SIGNAL, quads.SCREEN, quads.PAINT)
)


class Sheet(NamedTuple):
    """A table with room for CAPACITY quads.

    One array, because numba passes every array as seven arguments and the compiler pays for each at every call.

    Args:
        rows: float64 (CAPACITY + 1, 18): shape, look and kind of a quad side by side. The last row is the state: where a
            quad has `look` and `kind`, those of the next one; where it has its shape, at COUNT the quads written, at
            OBJECTS the objects begun, at HAND 1 if the ego side lies right of the axis, else -1, at CURVE the curve
            of the street.
    """

    rows: np.ndarray


_AT_LOOK, _AT_KIND, _WIDTH = 9, 14, 18
COUNT, OBJECTS, HAND, CURVE = range(4)


def sheet() -> Sheet:
    """An empty table."""
    rows = np.empty((CAPACITY + 1, _WIDTH))
    rows[CAPACITY] = 0.0
    return Sheet(rows)


def finished(sheet: Sheet) -> Quads:
    """The quads written so far, in arrays of their own."""
    n = int(sheet.rows[CAPACITY, COUNT])
    if n > CAPACITY:
        raise RuntimeError(f"a street of {n} quads; a sheet holds {CAPACITY}")
    quads = Quads(np.empty((n, 9)), np.empty((n, 5), np.float32), np.empty((n, 4), np.int32))
    _part(sheet.rows, quads.shape, quads.look, quads.kind)
    return quads


@kernel()
def _part(rows: np.ndarray, shape: np.ndarray, look: np.ndarray, kind: np.ndarray) -> None:
    for n in range(shape.shape[0]):
        for k in range(9):
            shape[n, k] = rows[n, k]
        for k in range(5):
            look[n, k] = rows[n, _AT_LOOK + k]
        for k in range(4):
            kind[n, k] = rows[n, _AT_KIND + k]


@kernel()
def bend(sheet: Sheet, hand: float, curve: float) -> None:
    """Set the street that `place` follows."""
    sheet.rows[CAPACITY, HAND], sheet.rows[CAPACITY, CURVE] = hand, curve


@kernel()
def begin(sheet: Sheet, salt: float) -> None:
    """Start an object: the next quads share a salt that no other object of the scene has; `salt` is uniform in [0, 1)."""
    state = sheet.rows[CAPACITY]
    state[OBJECTS] += 1.0
    state[_AT_KIND + 3] = np.floor(salt * 262144.0) * 4096.0 + state[OBJECTS]


@kernel()
def salted(sheet: Sheet) -> int:
    """The salt of the object that was begun last."""
    return int(sheet.rows[CAPACITY, _AT_KIND + 3])


@kernel()
def brush(sheet: Sheet, label: int, tile: int, flags: int, red: float, green: float, blue: float) -> None:
    """Set what the next quads are; their tile covers them once."""
    state = sheet.rows[CAPACITY]
    state[_AT_KIND], state[_AT_KIND + 1], state[_AT_KIND + 2] = label, tile, flags
    state[_AT_LOOK], state[_AT_LOOK + 1], state[_AT_LOOK + 2] = red, green, blue
    state[_AT_LOOK + 3] = state[_AT_LOOK + 4] = 1.0


@kernel()
def repeat(sheet: Sheet, along: float, up: float) -> None:
    """Set how often the tile repeats on the next quads."""
    sheet.rows[CAPACITY, _AT_LOOK + 3], sheet.rows[CAPACITY, _AT_LOOK + 4] = along, up


@kernel()
def add(
    sheet: Sheet, px: float, py: float, pz: float, ux: float, uy: float, uz: float, vx: float, vy: float, vz: float
) -> None:
    """Append the parallelogram P + u U + v V. Beyond CAPACITY only counts, which `finished` refuses."""
    state = sheet.rows[CAPACITY]
    n = int(state[COUNT])
    state[COUNT] += 1.0
    if n >= CAPACITY:
        return
    row = sheet.rows[n]
    row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8] = px, py, pz, ux, uy, uz, vx, vy, vz
    for k in range(_AT_LOOK, _WIDTH):
        row[k] = state[k]


@kernel()
def place(sheet: Sheet, o: float, z: float) -> float:
    """x of the point at z that lies `o` metres from the axis, positive on the ego side."""
    return float(sheet.rows[CAPACITY, HAND] * o + sheet.rows[CAPACITY, CURVE] * z * z)


@kernel()
def along(sheet: Sheet, o: float, near: float, far: float, low: float, high: float, lean: float) -> None:
    """A quad along the street at `o`, its front towards the axis; its upper edge lies `lean` further to the ego's side."""
    a, b = place(sheet, o, near), place(sheet, o, far)
    hand = sheet.rows[CAPACITY, HAND]
    over = hand * lean
    if hand * o > 0.0:  # one who looks right has the near end at his right hand
        add(sheet, b, low, far, a - b, 0.0, near - far, over, high - low, 0.0)
    else:
        add(sheet, a, low, near, b - a, 0.0, far - near, over, high - low, 0.0)


@kernel()
def across(sheet: Sheet, inner: float, outer: float, z: float, low: float, high: float) -> None:
    """An upright quad across the street at z, between two distances from the axis, its front towards the ego."""
    a, b = place(sheet, inner, z), place(sheet, outer, z)
    left = min(a, b)
    add(sheet, left, low, z, max(a, b) - left, 0.0, 0.0, 0.0, high - low, 0.0)


@kernel()
def upright(sheet: Sheet, o: float, z: float, width: float, low: float, high: float) -> None:
    """An upright quad across the street, centred at (o, z), its front towards the ego."""
    add(sheet, place(sheet, o, z) - 0.5 * width, low, z, width, 0.0, 0.0, 0.0, high - low, 0.0)


@kernel()
def clear(sheet: Sheet, x: float, z: float, radius: float, flag: int) -> None:
    """Leave out every object of which a quad with `flag` comes nearer than `radius` to a point of the plan.

    What the ego touches, or sees so closely that it falls into texels, is left out. Ways are straight and paces even, so
    that nothing left out comes back into sight.
    """
    rows = sheet.rows
    n = int(rows[CAPACITY, COUNT])
    gone = np.zeros(4096, np.bool_)
    for i in range(n):
        if int(rows[i, _AT_KIND + 2]) & flag and _gap(rows[i], x, z) < radius * radius:
            gone[int(rows[i, _AT_KIND + 3]) & 4095] = True
    kept = 0
    for i in range(n):
        if not gone[int(rows[i, _AT_KIND + 3]) & 4095]:
            if kept < i:
                for k in range(_WIDTH):
                    rows[kept, k] = rows[i, k]
            kept += 1
    rows[CAPACITY, COUNT] = kept


@kernel()
def _gap(shape: np.ndarray, x: float, z: float) -> float:
    """Squared distance in the plan between a point and an upright quad's foot line."""
    dx, dz = x - shape[0], z - shape[2]
    length = shape[3] * shape[3] + shape[5] * shape[5]
    u = (dx * shape[3] + dz * shape[5]) / length if length > 0.0 else 0.0
    u = min(1.0, max(0.0, u))
    dx -= u * shape[3]
    dz -= u * shape[5]
    return float(dx * dx + dz * dz)
