"""Traffic: what drives in the lanes and on the track, what is parked, what waits in side streets."""

from typing import Any

import numpy as np

from fairweather.data.town.constant import NO, YES, fixed
from fairweather.data.town.dice import Dice, between, pick, roll
from fairweather.data.town.ground import OFF
from fairweather.data.town.kerbside import ALONE, SLOT, middle, take
from fairweather.data.town.plan import SPAN, TICK, Plan, crossing, striped
from fairweather.data.town.sheet import Sheet, begin, place
from fairweather.data.town.town import Habits
from fairweather.data.town.vehicles import (
    BICYCLE,
    BOTH,
    BUS,
    CAR,
    LENGTH,
    MIDDLE,
    MOTORCYCLE,
    NOSE,
    TAIL,
    TRAIN,
    TRUCK,
    VAN,
    draw_box,
    draw_car,
    draw_two_wheeler,
)
from fairweather.kernels import kernel

GAP = 7.5  # metres the ego's lane is free ahead of it
_FAR = 125.0
_FACELESS = 30.0  # two-wheelers are painted from behind: nearer, they do not come towards the ego
_VAN_BODY = fixed(2)


@kernel()
def draw_vehicle(
    sheet: Sheet,
    plan: Plan,
    paints: np.ndarray,
    look: Dice,
    kind: int,
    o: float,
    z: float,
    forward: float,
    drives: bool,
) -> None:
    """A vehicle of a kind with its middle at (o, z), going along the street (forward 1) or against it (-1)."""
    begin(sheet, roll(look))
    paint, body, shade = paints[pick(look, float(paints.shape[0]))], roll(look), between(look, 0.8, 1.1)
    x, slope = place(sheet, o, z), 2.0 * plan.curve * z
    norm = forward / np.sqrt(1.0 + slope * slope)
    fx, fz = slope * norm, norm
    if kind == CAR:
        draw_car(sheet, x, z, fx, fz, int(body * 2.0), paint, drives, shade * 0.1 + 0.9)
    elif kind == VAN:
        draw_car(sheet, x, z, fx, fz, _VAN_BODY, paint, drives, 1.0)
    elif kind in (BUS, TRUCK):
        draw_box(sheet, x, z, fx, fz, kind, LENGTH[kind], int(body * 2.0), paint, drives, BOTH)
    else:
        ax, az = x - plan.ego * plan.hand, z - plan.z
        endwise = abs(ax * fx + az * fz) > 0.88 * np.sqrt(ax * ax + az * az)
        draw_two_wheeler(sheet, x, z, fx, fz, kind, endwise, drives, shade)


@kernel()
def _any_kind(habits: Habits, dice: Dice) -> Any:
    """A kind of vehicle as it is usual in the town."""
    pointer = roll(dice) - habits.van
    if pointer < 0.0:
        return VAN
    pointer -= habits.truck
    if pointer < 0.0:
        return TRUCK
    pointer -= habits.bus
    if pointer < 0.0:
        return BUS
    pointer -= habits.motorcycle
    if pointer < 0.0:
        return MOTORCYCLE
    return BICYCLE if pointer < habits.bicycle else CAR


@kernel()
def _wish(wants: np.ndarray, small: bool, otherwise: Any) -> Any:
    """A kind that is still wanted: a two-wheeler where something small is, else a bus or truck."""
    first = MOTORCYCLE if small else BUS
    for kind in range(first, first + 2):
        if wants[kind] > 0:
            return kind
    return otherwise


@kernel()
def _hits_zebra(plan: Plan, low: float, high: float, travel: float) -> bool:
    """Whether a vehicle on [low, high] that travels so far meets the people on the first zebra."""
    if plan.busy == 0.0:
        return False
    return bool(max(high, high + travel) > plan.zebra_1 - 1.5 and min(low, low + travel) < plan.zebra_1 + 4.5)


@kernel()
def fill_lane(
    sheet: Sheet, habits: Habits, plan: Plan, paints: np.ndarray, dice: Dice, look: Dice, side: float, lane: int,
    wants: np.ndarray, start: float,
) -> None:  # fmt: skip
    """One lane, whose vehicles all go at one speed and so never meet.

    Args:
        side: 1 for the ego's side, -1 for the other. lane: number from the axis.
        wants: int64 (7,), how many of each kind must still find a place. start: where the lane is free from, in frame 0.
    """
    ego = side > 0.0 and lane == int(plan.ego_lane)
    pace, o = plan.step / TICK, side * (lane + 0.5) * plan.lane
    # traffic of our direction keeps with us, so that what is in sight stays there
    speed = pace * between(dice, 0.85, 1.25) if side > 0.0 else between(dice, 3.0, 11.0)
    if side < 0.0 and plan.busy > 0.0:
        speed = 0.0
    travel = side * speed * SPAN
    z = max(start, between(dice, 8.0, 18.0))
    if ego:
        z = max(z, GAP + max(0.0, plan.last - travel))
    number = 0
    while z < _FAR:
        kind, luck, shift, stretch = (
            _any_kind(habits, dice),
            roll(dice),
            between(dice, -0.8, 0.8),
            between(dice, 0.25, 1.75),
        )
        if number < 3:
            kind = _wish(wants, (side > 0.0) == (luck < 0.75), kind)
        if side < 0.0 and z < _FACELESS and kind in (MOTORCYCLE, BICYCLE):
            kind = CAR
        if ego and kind in (BUS, TRUCK):
            z = max(z, 18.0)  # nearer, it would be all one sees
        length = LENGTH[kind]
        if not _hits_zebra(plan, z, z + length, travel):
            small = kind in (MOTORCYCLE, BICYCLE)
            at = z + 0.5 * length + travel * plan.time / SPAN
            if at + 0.5 * length > plan.z - 2.0:
                draw_vehicle(sheet, plan, paints, look, kind, o + shift * small, at, side, YES)
            wants[kind] -= 1
            number += 1
        z += length + 2.5 + (0.2 if number <= 2 else 1.0) * habits.queue * stretch


@kernel()
def draw_train(sheet: Sheet, plan: Plan, paints: np.ndarray, dice: Dice, look: Dice) -> float:
    """The tram or train of the street; returns where its lane is free again, or 0 if it has none."""
    cars, start, towards = 2 + pick(dice, 2.0), between(dice, 11.0, 30.0), roll(dice)
    paint = paints[pick(look, float(paints.shape[0]))]
    side = 1.0 if plan.rails > 0.0 else -1.0
    pace = plan.step / TICK
    speed = pace * between(dice, 0.8, 1.2) if side > 0.0 else -between(dice, 2.0, 5.0)
    if plan.busy > 0.0 and plan.ballast == 0.0:
        speed, start = 0.0, plan.zebra_1 + 5.0
    if plan.ballast > 0.0:
        speed = between(dice, 4.0, 12.0) * (1.0 if towards < 0.5 else -1.0)
        cars += 2
    length = LENGTH[TRAIN]
    forward = 1.0 if speed > 0.0 or (speed == 0.0 and side > 0.0) else -1.0
    begin(sheet, roll(look))
    for k in range(cars):
        z = start + (k + 0.5) * (length + 0.4) + speed * plan.time
        if z + length < plan.z:
            continue
        x, slope = place(sheet, plan.rails, z), 2.0 * plan.curve * z
        norm = forward / np.sqrt(1.0 + slope * slope)
        ends = MIDDLE
        if k == 0:
            ends |= TAIL if forward > 0.0 else NOSE
        if k == cars - 1:
            ends |= NOSE if forward > 0.0 else TAIL
        draw_box(sheet, x, z, slope * norm, norm, TRAIN, length, MIDDLE, paint, YES, ends)
    return float(start + cars * (length + 0.4) + 4.0)


@kernel()
def drive(sheet: Sheet, habits: Habits, plan: Plan, paints: np.ndarray, dice: Dice, look: Dice) -> None:
    """Everything that moves on wheels."""
    wants = np.zeros(7, np.int64)
    wants[BUS], wants[TRUCK] = int(plan.bus), int(plan.truck)
    wants[MOTORCYCLE], wants[BICYCLE] = (
        int(plan.motorcycle) * (1 + pick(dice, 3.0)),
        int(plan.bicycle) * (1 + pick(dice, 2.0)),
    )
    free = 0.0
    if plan.rails != OFF:
        free = draw_train(sheet, plan, paints, dice, look)
    for lane in range(int(plan.own) - 1, -1, -1):
        start = free if plan.track_lane > 0.0 and lane == 0 else 0.0
        fill_lane(sheet, habits, plan, paints, dice, look, 1.0, lane, wants, start)
    for lane in range(int(plan.other) - 1, -1, -1):
        start = free if plan.track_lane < 0.0 and lane == 0 else 0.0
        fill_lane(sheet, habits, plan, paints, dice, look, -1.0, lane, wants, start)


@kernel()
def park(sheet: Sheet, habits: Habits, plan: Plan, paints: np.ndarray, dice: Dice, look: Dice) -> None:
    """Vehicles in the parking strips."""
    for side in range(2):
        sign, width = (1.0, plan.park_own) if side == 0 else (-1.0, plan.park_other)
        lanes = plan.own if side == 0 else plan.other
        if width == 0.0:
            continue
        o = sign * (lanes * plan.lane + 1.15)
        z = between(dice, -4.0, 2.0)
        while z < 115.0:
            kind, taken = CAR, roll(dice) < habits.full
            rare, gap = roll(dice), between(dice, 0.7, 1.8)
            if rare < 0.12:
                kind = VAN
            elif rare < 0.17:
                kind = TRUCK
            length = LENGTH[kind]
            if taken and not crossing(plan, z, z + length, 3.0) and not striped(plan, z, z + length, 2.0):
                facing = sign if roll(dice) < 0.85 else -sign
                draw_vehicle(sheet, plan, paints, look, kind, o, z + 0.5 * length, facing, NO)
            z += length + gap


@kernel()
def wait_in_side_street(sheet: Sheet, habits: Habits, plan: Plan, paints: np.ndarray, dice: Dice, look: Dice) -> None:
    """A car that waits in the side street, seen from its side."""
    for k in range(2):
        cross = plan.cross_1 if k == 0 else plan.cross_2
        sign, luck, back = (1.0 if roll(dice) < 0.5 else -1.0), roll(dice), between(dice, 1.5, 4.0)
        line = plan.line_own if sign > 0.0 else plan.line_other
        begin(sheet, roll(look))
        paint, body = paints[pick(look, float(paints.shape[0]))], pick(look, 3.0)
        if luck < 0.5 and cross < 100.0 and plan.rails * sign < line:
            # who keeps right comes from the far half of the side street if he comes from the left
            z = cross + plan.cross_width * (0.73 if plan.hand * sign * plan.hand > 0.0 else 0.27)
            x = place(sheet, sign * (line + back + 2.3), z)
            draw_car(sheet, x, z, -sign * plan.hand, 0.0, body, paint, YES, 1.0)


@kernel()
def park_two_wheelers(sheet: Sheet, plan: Plan, slots: np.ndarray, racks: np.ndarray, dice: Dice, look: Dice) -> None:
    """Motorcycles and bicycles on the kerb, side on; their slots are marked in `racks`, for they reach far onto the sidewalk."""
    groups = 2 + pick(dice, 3.0) if plan.parked > 0.0 else pick(dice, 2.0)
    first = pick(dice, 2.0)
    for number in range(groups):
        side = pick(dice, 2.0)
        kind = MOTORCYCLE if (number + first) % 2 == 0 else BICYCLE
        z, count = between(dice, 8.0, 12.0) + 8.0 * number, 3 + pick(dice, 4.0)
        road, sign = (plan.road_own, 1.0) if side == 0 else (plan.road_other, -1.0)
        facing = -1.0 if roll(dice) < 0.5 else 1.0
        for k in range(count):
            at = middle(z + SLOT * (k // 3)) - 0.8 + 0.75 * (k % 3)
            if k % 3 == 0 and not take(slots, side, at, ALONE):
                break
            take(racks, side, at, ALONE)
            begin(sheet, roll(look))
            o, shade = sign * (road + 0.3 + 0.5 * LENGTH[kind]), between(look, 0.6, 1.1)
            draw_two_wheeler(sheet, place(sheet, o, at), at, facing, 0.0, kind, NO, NO, shade)
