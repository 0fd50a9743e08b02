"""The ground of a street, from its plan."""

from typing import Any

import numpy as np

from fairweather.data.town.dice import Dice, between, roll
from fairweather.data.town.ground import OFF, Ground
from fairweather.data.town.plan import KERB, Plan
from fairweather.data.town.town import Habits
from fairweather.kernels import kernel

_NONE, _DASHED, _SOLID, _DOUBLE = 0.0, 1.0, 2.0, 3.0


@kernel()
def _separators(plan: Plan, lines: np.ndarray) -> None:
    """Fill (position, kind) of the five lines: the axis, between the lanes, along the parking strips."""
    lines[0, 1] = _DASHED if plan.own + plan.other < 3.0 else _DOUBLE
    used = 1
    for side in range(2):
        lanes, sign = (plan.own, 1.0) if side == 0 else (plan.other, -1.0)
        for k in range(1, int(lanes)):
            if used < 5:
                lines[used, 0], lines[used, 1] = sign * k * plan.lane, _DASHED
                used += 1
    for side in range(2):
        lanes, sign = (plan.own, 1.0) if side == 0 else (plan.other, -1.0)
        park = plan.park_own if side == 0 else plan.park_other
        if used < 5 and (park > 0.0 or lanes > 1.0):
            lines[used, 0], lines[used, 1] = sign * (lanes * plan.lane + 0.05), _DASHED if park > 0.0 else _SOLID
            used += 1


RECORD = np.dtype([(field, np.float64) for field in Ground._fields])


def unmade() -> np.ndarray:
    """A record array (1,) with the fields of Ground, to be filled in by `draw_ground`."""
    return np.zeros(1, RECORD)


def ground_of(record: np.ndarray) -> Ground:
    """The value of a filled record."""
    return Ground(*record[0].item())


@kernel()
def _draw_lines(plan: Plan, ground: Any, dice: Dice) -> None:
    lines = np.zeros((5, 2))
    if roll(dice) > 0.12:  # some small streets have no lines at all
        _separators(plan, lines)
    ground.line_1, ground.kind_1 = plan.hand * lines[0, 0], lines[0, 1]
    ground.line_2, ground.kind_2 = plan.hand * lines[1, 0], lines[1, 1]
    ground.line_3, ground.kind_3 = plan.hand * lines[2, 0], lines[2, 1]
    ground.line_4, ground.kind_4 = plan.hand * lines[3, 0], lines[3, 1]
    ground.line_5, ground.kind_5 = plan.hand * lines[4, 0], lines[4, 1]


@kernel()
def _copy_section(plan: Plan, ground: Any) -> None:
    """What the plan already says, left and right in the place of own and other."""
    ground.curve, ground.kerb, ground.lane = plan.curve, KERB, plan.lane
    if plan.hand > 0.0:
        ground.road_left, ground.verge_left, ground.walk_left = plan.road_other, plan.verge_other, plan.walk_other
        ground.road_right, ground.verge_right, ground.walk_right = plan.road_own, plan.verge_own, plan.walk_own
    else:
        ground.road_left, ground.verge_left, ground.walk_left = plan.road_own, plan.verge_own, plan.walk_own
        ground.road_right, ground.verge_right, ground.walk_right = plan.road_other, plan.verge_other, plan.walk_other
    ground.zebra_1, ground.zebra_2 = plan.zebra_1, plan.zebra_2
    ground.cross_1, ground.cross_2, ground.cross_width = plan.cross_1, plan.cross_2, plan.cross_width
    ground.rails = plan.hand * plan.rails if plan.rails != OFF else OFF
    ground.rails_bed = plan.ballast


@kernel()
def draw_ground(habits: Habits, plan: Plan, ground: Any, dice: Dice, look: Dice) -> None:
    """Fill in the ground under a plan; `dice` is the stream of geometry, `look` that of appearance."""
    _draw_lines(plan, ground, dice)
    _copy_section(plan, ground)
    paved = roll(dice) < habits.paved
    ground.paved_terrain = 1.0 if paved and plan.park == 0.0 else 0.0
    yellow = between(look, 0.5, 1.0)
    ground.yellow = yellow if roll(look) < habits.yellow else 0.0
    ground.asphalt = between(look, habits.asphalt_low, habits.asphalt_high)
    ground.paved = between(look, habits.paved_low, habits.paved_high)
    ground.slab = habits.slab
    if roll(look) < habits.plain:  # then only the kerb and the place tell a sidewalk from the road
        ground.slab, ground.paved = 0.0, ground.asphalt * between(look, 0.75, 1.15)
    ground.grass = between(look, habits.grass_low, habits.grass_high)
    ground.wear = between(look, habits.wear_low, habits.wear_high)
    ground.patches = between(look, habits.patches_low, habits.patches_high)
    ground.seed = np.floor(roll(look) * 2147483648.0)
