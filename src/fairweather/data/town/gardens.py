"""Front gardens, open lots and parks, and the walls, fences and hedges around them."""

from typing import Any

from fairweather.data.town.constant import NO, fixed, number
from fairweather.data.town.dice import Dice, between, pick, roll
from fairweather.data.town.sheet import CUTOUT, NO_FLAGS, Sheet, across, along, begin, brush, repeat
from fairweather.data.town.town import Habits
from fairweather.data.town.trees import plant_bush, plant_hedge, plant_tree
from fairweather.kernels import kernel

WALL_CLASS, FENCE_CLASS = fixed(3), fixed(4)
CHANCE, NOTHING, WALL, FENCE, HEDGE = (fixed(k) for k in range(-1, 4))
_WALL, _FENCE, _PLAIN = number("wall_0"), number("fence_0"), number("plain")


@kernel()
def choose_bound(habits: Habits, dice: Dice) -> Any:
    """What bounds a lot."""
    if roll(dice) >= habits.bounded:
        return NOTHING
    pointer = roll(dice) * (habits.wall + habits.fence + habits.hedge)
    if pointer < habits.wall:
        return WALL
    return FENCE if pointer < habits.wall + habits.fence else HEDGE


@kernel()
def bound(sheet: Sheet, dice: Dice, look: Dice, kind: int, o: float, near: float, far: float) -> None:
    """A wall, fence or hedge along the street at `o`."""
    share, material, shade = roll(dice), roll(look), between(look, 0.75, 1.1)
    outer = 0.25 if o > 0.0 else -0.25
    if kind == WALL:
        height = 1.0 + 1.4 * share
        begin(sheet, material)
        brush(sheet, WALL_CLASS, _WALL + int(material * 3), NO_FLAGS, shade, shade * 0.98, shade * 0.95)
        repeat(sheet, (far - near) / (2.0 * height), 1.0)
        along(sheet, o, near, far, 0.0, height, 0.0)
        repeat(sheet, 0.2, 1.0)
        across(sheet, o, o + outer, near, 0.0, height)
        brush(sheet, WALL_CLASS, _PLAIN, NO_FLAGS, 0.3 * shade, 0.29 * shade, 0.27 * shade)
        along(sheet, o - 0.3 * outer, near, far, height, height + 0.06, 1.6 * outer)
    elif kind == FENCE:
        height = 1.0 + 0.9 * share
        begin(sheet, material)
        brush(sheet, FENCE_CLASS, _FENCE + int(material * 4), CUTOUT, shade, shade, shade)
        repeat(sheet, (far - near) / (2.0 * height), 1.0)
        along(sheet, o, near, far, 0.0, height, 0.0)
    elif kind == HEDGE:
        plant_hedge(sheet, look, o, near, far, 1.0 + 1.1 * share)


@kernel()
def plant_garden(
    sheet: Sheet, dice: Dice, look: Dice, o: float, near: float, far: float, depth: float, bare: float
) -> None:
    """Bushes and small trees on a strip `depth` wide behind `o`."""
    sign = 1.0 if o > 0.0 else -1.0
    count = int((far - near) * min(depth, 8.0) / 45.0 + roll(dice))
    for _ in range(count):
        z, inside = between(dice, near + 0.8, far - 0.8), between(dice, 0.35, 0.75) * depth
        if roll(dice) < 0.4:
            height = between(dice, 3.0, 6.0)
            plant_tree(sheet, look, o + sign * inside, z, height, roll(look) < bare, NO)
        else:
            plant_bush(sheet, look, o + sign * inside, z, between(dice, 0.7, 1.8))


@kernel()
def plant_park(sheet: Sheet, dice: Dice, look: Dice, o: float, near: float, far: float, bare: float) -> None:
    """Trees in rows that thin out behind, on open ground beyond `o`."""
    sign = 1.0 if o > 0.0 else -1.0
    z = near + between(dice, 0.5, 3.0)
    while z < far - 0.5:
        for row in range(3):
            height = between(dice, 6.0, 11.0)
            deep = 3.0 + 7.5 * row + between(dice, 0.0, 4.0)
            if roll(dice) < 0.75:
                plant_tree(sheet, look, o + sign * deep, z + between(dice, 0.0, 3.0), height, roll(look) < bare, NO)
        if roll(dice) < 0.5:
            plant_bush(sheet, look, o + sign * between(dice, 1.2, 2.5), z, between(dice, 0.7, 1.6))
        z += between(dice, 5.0, 9.0)
        if pick(dice, 8.0) == 0:
            z += 6.0
