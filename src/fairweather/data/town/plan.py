"""The plan of a street: widths, crossings, camera, and what it certainly holds.

Positions across the street are written `o`: metres from the axis, positive on the ego's side, whichever side that is.
"""

from dataclasses import astuple, dataclass, fields

import numpy as np

from fairweather.data.town.arithmetic import uniform
from fairweather.data.town.constant import fixed
from fairweather.data.town.dice import Dice, between, pick, roll
from fairweather.data.town.ground import OFF
from fairweather.data.town.town import Habits
from fairweather.kernels import kernel

FRAMES = 5
TICK = 0.4  # seconds from one frame to the next
SPAN = (FRAMES - 1) * TICK
BEGIN, END = -14.0, 190.0  # the street as built
KERB = 0.15
PARKING = 2.2  # width of a parking strip
CLEARANCE = 1.2  # what has alpha keeps that far from the camera,
CLEARANCE_FLAT = 3.0  # and stand-ins for round bodies that far: nearer, their texels show
OWN, OTHER = fixed(0), fixed(1)


@dataclass
class Plan:
    """A street, as the fields of a record that kernels fill in and read; metres.

    Args:
        hand: 1 if the ego side lies right of the axis, else -1. curve: as in Ground.
        lane: width; own, other: number of lanes per side; ego: `o` of the ego's lane; ego_lane: its number from the axis.
        park_*, road_*, verge_*, walk_*: widths per side; line_*: |o| of the far edge of the sidewalk; set_*: how far
            buildings stand behind it.
        cross_1, cross_2, cross_width, zebra_1, zebra_2: as in Ground. busy: 1 if people walk over the first zebra.
        rails: `o` of the track, or OFF; ballast: 0 in the road, else 1; track_lane: number of the lane with the track, positive
            on the ego's side, negative on the other, 0 for none.
        step: metres from frame to frame; time: seconds since frame 0; z, last: z of the camera now and in the last frame.
        offset, sway: of the camera, metres and radians; height, focal, horizon, bonnet: as in Camera.
        train .. parked: 1 if the sequence certainly has it.
    """

    hand: float = 1.0
    curve: float = 0.0
    lane: float = 0.0
    own: float = 0.0
    other: float = 0.0
    ego: float = 0.0
    ego_lane: float = 0.0
    park_own: float = 0.0
    park_other: float = 0.0
    road_own: float = 0.0
    road_other: float = 0.0
    verge_own: float = 0.0
    verge_other: float = 0.0
    walk_own: float = 0.0
    walk_other: float = 0.0
    line_own: float = 0.0
    line_other: float = 0.0
    set_own: float = 0.0
    set_other: float = 0.0
    cross_1: float = OFF
    cross_2: float = OFF
    cross_width: float = 8.0
    zebra_1: float = OFF
    zebra_2: float = OFF
    busy: float = 0.0
    rails: float = OFF
    ballast: float = 0.0
    track_lane: float = 0.0
    step: float = 0.0
    time: float = 0.0
    z: float = 0.0
    last: float = 0.0
    offset: float = 0.0
    sway: float = 0.0
    height: float = 0.0
    focal: float = 0.0
    horizon: float = 0.0
    bonnet: float = 0.0
    train: float = 0.0
    bus: float = 0.0
    truck: float = 0.0
    motorcycle: float = 0.0
    bicycle: float = 0.0
    signals: float = 0.0
    board: float = 0.0
    wall: float = 0.0
    fence: float = 0.0
    park: float = 0.0
    group: float = 0.0
    parked: float = 0.0


_PRIMES = np.array([2.0, 3.0, 5.0, 7.0, 11.0, 13.0, 17.0, 19.0, 23.0, 29.0, 31.0, 37.0])

RECORD = np.dtype([(field.name, np.float64) for field in fields(Plan)])
_EMPTY = np.array(astuple(Plan()))  # copied ten times as fast without the names of its fields


def blank() -> np.ndarray:
    """A record array (1,) to be filled in by `lay_out`."""
    return _EMPTY.copy().view(RECORD)


@kernel()
def certain(seed: np.uint64, sequence: int, theme: int, share: float) -> float:
    """1 if a sequence is among the `share` of all that certainly have a thing.

    The multiples of an irrational number fill [0, 1) evenly (Weyl 1916), so that every run of sequences holds its share,
    not only the mean of many; each theme has the root of a prime of its own, so that themes meet in all combinations.
    """
    turn = sequence * np.sqrt(_PRIMES[theme]) + uniform(seed, theme)
    return 1.0 if turn - np.floor(turn) < share else 0.0


@kernel()
def lay_out(habits: Habits, plan: Plan, dice: Dice, quota: np.uint64, sequence: int, frame: int) -> None:
    """Draw the plan of a sequence and set it to the moment of a frame."""
    _choose_themes(habits, plan, quota, sequence)
    _draw_section(habits, plan, dice)
    _draw_crossings(plan, dice)
    _draw_camera(habits, plan, dice, frame)


@kernel()
def _choose_themes(habits: Habits, plan: Plan, quota: np.uint64, sequence: int) -> None:
    shares = np.array(
        [
            habits.with_train, habits.with_bus, habits.with_truck, habits.with_motorcycle, habits.with_bicycle,
            habits.with_signals, habits.with_board, habits.with_wall, habits.with_fence, habits.with_park, habits.with_group,
            habits.with_parked,
        ]
    )  # fmt: skip
    for theme in range(shares.size):
        shares[theme] = certain(quota, sequence, theme, shares[theme])
    plan.train, plan.bus, plan.truck, plan.motorcycle = shares[0], shares[1], shares[2], shares[3]
    plan.bicycle, plan.signals, plan.board, plan.wall = shares[4], shares[5], shares[6], shares[7]
    plan.fence, plan.park, plan.group, plan.parked = shares[8], shares[9], shares[10], shares[11]


@kernel()
def _draw_section(habits: Habits, plan: Plan, dice: Dice) -> None:
    """Lanes, track and edges of the road."""
    plan.hand = 1.0 if roll(dice) < habits.right else -1.0
    plan.curve = between(dice, -habits.curve, habits.curve)
    plan.lane = between(dice, habits.lane_low, habits.lane_high)
    plan.own = np.floor(between(dice, habits.own_low, habits.own_high + 1.0))
    plan.other = np.floor(between(dice, habits.other_low, habits.other_high + 1.0))
    tram, inner = roll(dice) < habits.tram, roll(dice) < 0.5
    plan.ego_lane = float(pick(dice, plan.own))
    if plan.train > 0.0 and tram:
        plan.track_lane = 1.0 if inner and plan.own > 1.0 else -1.0
        plan.rails = plan.track_lane * 0.5 * plan.lane
        if plan.track_lane > 0.0:
            plan.ego_lane = max(1.0, plan.ego_lane)
    plan.ego = (plan.ego_lane + 0.5) * plan.lane
    plan.park_own = PARKING if roll(dice) < habits.park else 0.0
    plan.park_other = PARKING if roll(dice) < habits.park else 0.0
    plan.road_own = plan.own * plan.lane + max(plan.park_own, 0.3)
    plan.road_other = plan.other * plan.lane + max(plan.park_other, 0.3)
    plan.verge_own = between(dice, 1.0, 2.4) * (roll(dice) < habits.verge)
    plan.verge_other = between(dice, 1.0, 2.4) * (roll(dice) < habits.verge)
    plan.walk_own = between(dice, habits.walk_low, habits.walk_high)
    plan.walk_other = between(dice, habits.walk_low, habits.walk_high)
    plan.line_own = plan.road_own + KERB + plan.verge_own + plan.walk_own
    plan.line_other = plan.road_other + KERB + plan.verge_other + plan.walk_other
    plan.set_own = between(dice, habits.set_low, habits.set_high)
    plan.set_other = between(dice, habits.set_low, habits.set_high)
    beside = roll(dice) < 0.5
    if plan.train > 0.0 and not tram:
        plan.ballast = 1.0
        if beside:
            plan.rails = plan.line_own + 2.3
            plan.set_own += 4.6
        else:
            plan.rails = -plan.line_other - 2.3
            plan.set_other += 4.6


@kernel()
def _draw_crossings(plan: Plan, dice: Dice) -> None:
    where, width, zebra, apart = roll(dice), roll(dice), roll(dice), roll(dice)
    plan.cross_width = 6.5 + 5.0 * width
    busy = roll(dice) < 0.45
    if plan.signals > 0.0:
        plan.zebra_1 = 23.0 + 12.0 * where
        plan.cross_1 = plan.zebra_1 + 4.5 + 2.0 * zebra
        plan.busy = 1.0 if busy else 0.0
    else:
        plan.cross_1 = 14.0 + 60.0 * where
        if zebra < 0.35:
            plan.zebra_1 = plan.cross_1 + plan.cross_width + 1.5
            plan.busy = 1.0 if busy and plan.zebra_1 > 24.0 and plan.zebra_1 < 60.0 else 0.0
    plan.cross_2 = plan.cross_1 + plan.cross_width + 45.0 + 40.0 * apart
    if zebra > 0.6:
        plan.zebra_2 = plan.cross_2 - 5.0


@kernel()
def _draw_camera(habits: Habits, plan: Plan, dice: Dice, frame: int) -> None:
    plan.step = between(dice, 2.0, 6.0)
    if plan.busy > 0.0:  # the ego brakes for those who cross
        plan.step = 2.0 + 0.25 * (plan.step - 2.0)
    elif plan.signals > 0.0:  # and stays behind the stop line while the lights are near
        plan.step = 2.0 + 0.6 * (plan.step - 2.0)
    plan.time = frame * TICK
    plan.z, plan.last = frame * plan.step, (FRAMES - 1) * plan.step
    plan.offset = between(dice, -0.25, 0.25)
    plan.sway = between(dice, -0.03, 0.03)
    plan.height = between(dice, habits.camera_low, habits.camera_high)
    plan.focal = between(dice, habits.focal_low, habits.focal_high)
    plan.horizon = between(dice, habits.horizon_low, habits.horizon_high)
    bonnet = between(dice, habits.bonnet_low, habits.bonnet_high)
    plan.bonnet = bonnet if roll(dice) < habits.seen else 0.0


@kernel()
def crossing(plan: Plan, low: float, high: float, margin: float) -> bool:
    """Whether the stretch [low, high] of the street comes within `margin` of a side street."""
    first = high > plan.cross_1 - margin and low < plan.cross_1 + plan.cross_width + margin
    second = high > plan.cross_2 - margin and low < plan.cross_2 + plan.cross_width + margin
    return bool(first or second)


@kernel()
def striped(plan: Plan, low: float, high: float, margin: float) -> bool:
    """Whether the stretch [low, high] comes within `margin` of a zebra crossing (3 m deep)."""
    first = high > plan.zebra_1 - margin and low < plan.zebra_1 + 3.0 + margin
    second = high > plan.zebra_2 - margin and low < plan.zebra_2 + 3.0 + margin
    return bool(first or second)
