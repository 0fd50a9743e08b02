"""What lies along one side of a street: buildings, gaps, gardens, a park, and the corners of the side streets."""

import numpy as np

from fairweather.data.town.buildings import BAY, draw_style, nobody, raise_building, raise_row
from fairweather.data.town.constant import NO, YES
from fairweather.data.town.dice import Dice, between, pick, roll
from fairweather.data.town.gardens import CHANCE, FENCE, HEDGE, WALL, bound, choose_bound, plant_garden, plant_park
from fairweather.data.town.plan import BEGIN, END, Plan
from fairweather.data.town.sheet import Sheet
from fairweather.data.town.town import Habits
from fairweather.kernels import kernel

_CORNER = 1.5  # metres between a side street and the first wall


@kernel()
def _until(plan: Plan, z: float) -> float:
    """Where the lots after z end: at the next side street, or at the end of the street."""
    if z < plan.cross_1 - _CORNER:
        return plan.cross_1 - _CORNER
    if z < plan.cross_2 - _CORNER:
        return min(plan.cross_2 - _CORNER, END)
    return END


@kernel()
def _past(plan: Plan, z: float) -> float:
    """Where lots go on if a side street begins at z."""
    for cross in (plan.cross_1, plan.cross_2):
        if cross - _CORNER <= z < cross + plan.cross_width + _CORNER:
            return cross + plan.cross_width + _CORNER
    return z


@kernel()
def fill_lots(
    sheet: Sheet, habits: Habits, plan: Plan, facades: np.ndarray, tints: np.ndarray, dice: Dice, look: Dice, sign: float,
    park: bool, kind: int, bare: float,
) -> None:  # fmt: skip
    """All lots of one side.

    Args:
        sign: 1 for the ego's side, -1 for the other. park: whether a park lies within sight here.
        kind: what bounds the near lots, CHANCE as chance has it. bare: share of trees without leaves.
    """
    line = plan.line_own if sign > 0.0 else plan.line_other
    deep = plan.set_own if sign > 0.0 else plan.set_other
    track = plan.ballast > 0.0 and plan.rails * sign > 0.0
    edge = sign * (line + (4.2 if track else 0.15))  # the bound stands behind a track
    usual = choose_bound(habits, dice)
    style = draw_style(facades, tints, habits.shop, look)
    upper, run, before, corner = 0, 0, nobody(), NO
    pitched, depth, front = False, 10.0, 0.0
    z = BEGIN
    while z < END:
        past = _past(plan, z)
        if past > z:
            z, before, corner = past, nobody(), YES
            continue
        room = _until(plan, z) - z
        if room < 2.0 * BAY:
            z += max(room, 0.5)
            before = nobody()
            continue
        here = park and z < 62.0
        own_kind = kind if kind != CHANCE and z < 70.0 else usual
        if here or (roll(dice) < habits.gap and not corner):
            length = min(room, 40.0 if here else between(dice, 4.0, 16.0))
            low_park = own_kind if not here or own_kind in (FENCE, WALL) else HEDGE
            bound(sheet, dice, look, low_park, edge, z, z + length)
            plant_park(sheet, dice, look, edge, z, z + length, bare)
            z, before, corner = z + length, nobody(), NO
            continue
        if run <= 0:
            style = draw_style(facades, tints, habits.shop, look)
            upper = int(between(dice, habits.storeys_low, habits.storeys_high + 1.0)) - 1
            run = 1 + pick(dice, 4.0)
            front = sign * (line + deep + 0.2 + 0.8 * roll(dice) * (deep > 0.0))
            pitched, depth = roll(dice) < habits.pitched and upper < 6, between(dice, 9.0, 14.0)
        run -= 1
        bays = min(int(between(dice, habits.bays_low, habits.bays_high + 1.0)), int(room / BAY))
        before = raise_building(sheet, style, look, front, z, bays, upper, depth, pitched, before, corner)
        if corner:
            other = draw_style(facades, tints, habits.shop, look)
            raise_row(sheet, other, look, front + sign * depth, z + 0.3, 45.0, max(1, upper - pick(dice, 2.0)))
        width = bays * BAY
        if abs(front) - abs(edge) > 0.8:
            bound(sheet, dice, look, own_kind, edge, z, z + width)
            if abs(front) - abs(edge) > 1.8:
                plant_garden(sheet, dice, look, edge, z, z + width, abs(front) - abs(edge), bare)
        z, corner = z + width, NO
