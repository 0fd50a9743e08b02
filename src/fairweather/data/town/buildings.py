"""Buildings: a ground floor, storeys of windows, a roof; terraces, houses and towers differ in their numbers alone."""

from typing import NamedTuple

import numpy as np

from fairweather.data.town import quads
from fairweather.data.town.constant import fixed, number
from fairweather.data.town.dice import Dice, between, pick, roll
from fairweather.data.town.sheet import FACADE, NO_FLAGS, Sheet, across, add, along, begin, brush, place, repeat
from fairweather.kernels import kernel

BUILDING = fixed(2)
BAY, STOREY, GROUND_FLOOR = 3.0, 3.0, 3.6  # metres; a facade tile shows 2 x 2 bays, a shop or entrance tile is 6 m wide
_SHOP, _ENTRANCE, _GABLE, _ROOF = (number(f"{name}_0") for name in ("shop", "entrance", "gable", "roof"))
PARAPET = 0.7
# The entrance and the bare wall of the material of each facade
_ENTRANCES = np.array([2, 1, 0, 0, 0, 3, 0, 1, 0, 2, 0, 0, 3, 0])
_GABLES = np.array([0, 0, 1, 1, 1, 2, 2, 1, 1, 0, 1, 1, 2, 1])
_FACADE = number("facade_0")
_PLAIN, _SKYLINE = number("plain"), number("skyline_0")
_SHOP_GLASS, _FAR = fixed(quads.SHOP), fixed(quads.BACKDROP | quads.CUTOUT)


class Style(NamedTuple):
    """How a building looks: facade tile, tint, shop (1) or entrance (0) on the ground floor, its tile, bare wall, roof and the
    slope of a pitched one."""

    tile: int
    red: float
    green: float
    blue: float
    shop: int
    floor: int
    gable: int
    roof: int
    pitch: float


class Neighbour(NamedTuple):
    """What stands on the near side of a lot: the heights of its walls and of its ridge or parapet, 0 for nothing; its front."""

    top: float
    ridge: float
    front: float


@kernel()
def nobody() -> Neighbour:
    """An open lot or a side street."""
    return Neighbour(0.0, 0.0, 0.0)


@kernel()
def draw_style(facades: np.ndarray, tints: np.ndarray, shop: float, look: Dice) -> Style:
    """A style from the palette of a town."""
    tint, light = pick(look, float(tints.shape[0])), between(look, 0.85, 1.1)
    is_shop = 1 if roll(look) < shop else 0
    tile, front = facades[pick(look, float(facades.size))], pick(look, 6.0)
    floor = _SHOP + front if is_shop else _ENTRANCE + _ENTRANCES[tile - _FACADE]
    red, green, blue = light * tints[tint, 0], light * tints[tint, 1], light * tints[tint, 2]
    bare, roof = _GABLE + _GABLES[tile - _FACADE], _ROOF + pick(look, 3.0)
    return Style(tile, red, green, blue, is_shop, floor, bare, roof, between(look, 0.6, 0.9))


@kernel()
def _front(sheet: Sheet, style: Style, o: float, z: float, bays: int, upper: int) -> None:
    """The face towards the street."""
    far = z + bays * BAY
    brush(sheet, BUILDING, style.floor, _SHOP_GLASS if style.shop else FACADE, style.red, style.green, style.blue)
    repeat(sheet, bays * 0.5, 1.0)
    along(sheet, o, z, far, 0.0, GROUND_FLOOR, 0.0)
    if upper > 0:
        brush(sheet, BUILDING, style.tile, FACADE, style.red, style.green, style.blue)
        repeat(sheet, bays * 0.5, upper * 0.5)
        along(sheet, o, z, far, GROUND_FLOOR, GROUND_FLOOR + upper * STOREY, 0.0)


@kernel()
def _side(sheet: Sheet, style: Style, o: float, back: float, z: float, low: float, upper: int, windows: bool) -> None:
    """The face towards the ego, from height `low` up: with windows at a side street, bare above a lower neighbour."""
    bays, top = np.floor(abs(back - o) / BAY), GROUND_FLOOR + upper * STOREY
    if windows:
        brush(sheet, BUILDING, style.floor, _SHOP_GLASS if style.shop else FACADE, style.red, style.green, style.blue)
        repeat(sheet, bays * 0.5, 1.0)
        across(sheet, o, back, z, 0.0, GROUND_FLOOR)
        brush(sheet, BUILDING, style.tile, FACADE, style.red, style.green, style.blue)
        repeat(sheet, bays * 0.5, upper * 0.5)
        across(sheet, o, back, z, GROUND_FLOOR, top)
        return
    brush(sheet, BUILDING, style.gable, NO_FLAGS, 0.9 * style.red, 0.9 * style.green, 0.9 * style.blue)
    repeat(sheet, abs(back - o) / 4.0, (top - low) / 4.0)
    across(sheet, o, back, z, low, top)


@kernel()
def _flat_roof(sheet: Sheet, style: Style, o: float, back: float, z: float, far: float, top: float) -> None:
    """A parapet. The roof behind it needs no quad: the lowest lies at 3.6 m and no camera is higher than 2.2 m."""
    brush(sheet, BUILDING, _PLAIN, NO_FLAGS, 0.45 * style.red, 0.45 * style.green, 0.45 * style.blue)
    out = 0.15 if o > 0.0 else -0.15
    along(sheet, o - out, z, far, top - 0.2, top + PARAPET, 0.0)
    across(sheet, o - out, back, z - 0.1, top - 0.2, top + PARAPET)


@kernel()
def _gable(sheet: Sheet, style: Style, o: float, back: float, z: float, low: float, rise: float) -> None:
    """The triangle under a pitched roof, from two leaning parallelograms per row.

    Two of half the width of the base, one leaning left and one right, fill the lower half of a triangle exactly; the
    upper half is a triangle again. After the last row a tip of less than half a metre is left open under the ridge.
    """
    a, b = place(sheet, o, z), place(sheet, back, z)
    left, width = min(a, b), abs(b - a)
    brush(sheet, BUILDING, style.gable, NO_FLAGS, 0.9 * style.red, 0.9 * style.green, 0.9 * style.blue)
    for _ in range(4 if z < 50.0 else (3 if z < 100.0 else 2)):
        width, rise = 0.5 * width, 0.5 * rise
        repeat(sheet, width / 4.0, rise / 4.0)
        add(sheet, left, low, z, width, 0.0, 0.0, 0.5 * width, rise, 0.0)
        add(sheet, left + width, low, z + 0.02, width, 0.0, 0.0, -0.5 * width, rise, 0.0)
        left, low = left + 0.5 * width, low + rise


@kernel()
def _pitched_roof(
    sheet: Sheet, style: Style, look: Dice, o: float, back: float, z: float, far: float, top: float, rise: float,
    gabled: bool,
) -> None:  # fmt: skip
    """Two slopes with the ridge along the street, chimney stacks on it, and a gable where the near side shows."""
    half, sign = 0.5 * abs(back - o), 1.0 if o > 0.0 else -1.0
    eaves, stacks = 0.35, 0 if z > 110.0 else pick(look, 3.0)
    shade = between(look, 0.5, 0.9)
    brush(sheet, BUILDING, style.roof, NO_FLAGS, shade, shade, shade)
    repeat(sheet, (far - z) / 4.0, half / 3.2)
    low = top - rise * eaves / half
    along(sheet, o - sign * eaves, z - 0.2, far + 0.2, low, top + rise, sign * (half + eaves))
    along(sheet, back + sign * eaves, z - 0.2, far + 0.2, low, top + rise, -sign * (half + eaves))
    if gabled:
        _gable(sheet, style, o, back, z, top, rise)
    brush(sheet, BUILDING, _GABLE, NO_FLAGS, 0.8 * style.red, 0.75 * style.green, 0.7 * style.blue)
    repeat(sheet, 0.2, 0.4)
    for k in range(stacks):
        at = far - 1.1 if k == 0 else 0.5 * (z + far)
        ridge, high = 0.5 * (o + back), top + rise + 1.0 + 0.2 * k
        along(sheet, ridge - sign * 0.35, at, at + 1.0, top + 0.6 * rise, high, 0.0)
        across(sheet, ridge - sign * 0.35, ridge + sign * 0.35, at, top + 0.6 * rise, high)


@kernel()
def raise_building(
    sheet: Sheet, style: Style, look: Dice, o: float, z: float, bays: int, upper: int, depth: float, pitched: bool,
    before: Neighbour, windows: bool,
) -> Neighbour:  # fmt: skip
    """A building with its front at `o` and its near side at z; returns what it hides of the next one.

    Args:
        bays: width in bays; upper: storeys above the ground floor; depth: metres.
        before: the neighbour on the near side.
        windows: the near side lies on a side street.
    """
    begin(sheet, roll(look))
    sign = 1.0 if o > 0.0 else -1.0
    back, top, far = o + sign * depth, GROUND_FLOOR + upper * STOREY, z + bays * BAY
    ridge = top + 0.5 * depth * style.pitch if pitched else top + PARAPET
    _front(sheet, style, o, z, bays, upper)
    if before.top < top - 0.1:
        _side(sheet, style, o, back, z, before.top, upper, windows)
    if before.top > 0.0 and abs(o) < abs(before.front) - 0.05:  # it stands forward
        _side(sheet, style, o, before.front, z, 0.0, upper, False)
    if pitched:
        _pitched_roof(sheet, style, look, o, back, z, far, top, ridge - top, ridge > before.ridge + 0.1)
    else:
        _flat_roof(sheet, style, o, back, z, far, top)
    return Neighbour(top, ridge, o)


@kernel()
def raise_row(sheet: Sheet, style: Style, look: Dice, o: float, z: float, length: float, upper: int) -> None:
    """A row of buildings along a side street, whose fronts face the ego: from `o` outwards."""
    begin(sheet, roll(look))
    end = o + (length if o > 0.0 else -length)
    brush(sheet, BUILDING, style.floor, _SHOP_GLASS if style.shop else FACADE, style.red, style.green, style.blue)
    repeat(sheet, length / 6.0, 1.0)
    across(sheet, o, end, z, 0.0, GROUND_FLOOR)
    brush(sheet, BUILDING, style.tile, FACADE, style.red, style.green, style.blue)
    repeat(sheet, length / 6.0, upper * 0.5)
    across(sheet, o, end, z, GROUND_FLOOR, GROUND_FLOOR + upper * STOREY)


@kernel()
def close_street(sheet: Sheet, look: Dice, z: float, height: float) -> None:
    """The skyline at the far end, as wide as any camera sees."""
    begin(sheet, roll(look))
    shade = between(look, 0.7, 1.0)
    brush(sheet, BUILDING, _SKYLINE + pick(look, 2.0), _FAR, shade, shade, shade)
    width = 2.6 * z
    repeat(sheet, width / (4.0 * height), 1.0)
    add(sheet, place(sheet, 0.0, z) - 0.5 * width, 0.0, z, width, 0.0, 0.0, 0.0, height, 0.0)
