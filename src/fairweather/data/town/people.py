"""Pedestrians: on the sidewalks, alone and in groups, and on a zebra crossing."""

import numpy as np

from fairweather.data.town.constant import fixed, number
from fairweather.data.town.dice import Dice, between, pick, roll
from fairweather.data.town.kerbside import busy
from fairweather.data.town.plan import KERB, SPAN, Plan
from fairweather.data.town.quads import CUTOUT, STANDING
from fairweather.data.town.sheet import Sheet, begin, brush, upright
from fairweather.data.town.town import Habits
from fairweather.kernels import kernel

PERSON_CLASS = fixed(11)
_PERSON = number("person_0")
_WIDTH = 0.5  # of the quad over its height


@kernel()
def draw_person(sheet: Sheet, look: Dice, o: float, z: float) -> None:
    """A pedestrian with the feet at (o, z)."""
    begin(sheet, roll(look))
    height, shade = between(look, 1.55, 1.9), between(look, 0.75, 1.1)
    brush(sheet, PERSON_CLASS, _PERSON + pick(look, 12.0), CUTOUT | STANDING, shade, shade, shade)
    upright(sheet, o, z, _WIDTH * height, 0.0, height)


@kernel()
def _step(
    sheet: Sheet,
    plan: Plan,
    racks: np.ndarray,
    dice: Dice,
    look: Dice,
    side: int,
    o: float,
    z: float,
    pace: float,
    near: bool,
) -> None:
    """A walker who starts at (o, z), unless the way leads through a rack."""
    aside = 0.15 * roll(dice) * (1.0 if o < 0.0 else -1.0)
    if not (near and (busy(racks, side, z) or busy(racks, side, z + pace * SPAN))):
        draw_person(sheet, look, o + aside, z + pace * plan.time)


@kernel()
def walk(sheet: Sheet, habits: Habits, plan: Plan, racks: np.ndarray, dice: Dice, look: Dice) -> None:
    """Two files of walkers on each sidewalk; a file has one pace, so that nobody walks through another."""
    for side in range(2):
        sign = 1.0 if side == 0 else -1.0
        road = plan.road_own if side == 0 else plan.road_other
        verge = plan.verge_own if side == 0 else plan.verge_other
        width = plan.walk_own if side == 0 else plan.walk_other
        outer = road + KERB + verge + width
        for file in range(2):
            o = outer - 0.45 - 0.75 * file
            if o < road + 1.0:  # no room beside what stands at the kerb
                continue
            pace = between(dice, 0.9, 1.6) * (1.0 if roll(dice) < 0.5 else -1.0)
            near = o < road + 2.6  # meets what is parked in racks
            z = between(dice, 3.0, 3.0 + 2.0 / habits.people)
            if plan.group > 0.0 and file == 0 and side == int(plan.hand > 0.0):
                z = between(dice, 9.0, 15.0)
                for _ in range(3 + pick(dice, 3.0)):
                    _step(sheet, plan, racks, dice, look, side, sign * o, z, pace, near)
                    z += between(dice, 0.7, 1.1)
            while z < 100.0:
                for _ in range(1 + (roll(dice) < 0.35) + (roll(dice) < 0.12)):
                    _step(sheet, plan, racks, dice, look, side, sign * o, z, pace, near)
                    z += 0.8
                z += between(dice, 0.3, 3.7) / habits.people


@kernel()
def cross_over(sheet: Sheet, plan: Plan, dice: Dice, look: Dice) -> None:
    """People on the first zebra, each in a row of his own."""
    count, forward = 2 + pick(dice, 3.0), 1.0 if roll(dice) < 0.5 else -1.0
    for k in range(count):
        start, pace = between(dice, -plan.road_other, plan.road_own - 2.0), between(dice, 0.8, 1.4)
        o = start + forward * pace * plan.time
        draw_person(sheet, look, o, plan.zebra_1 + 0.4 + 0.65 * k)
