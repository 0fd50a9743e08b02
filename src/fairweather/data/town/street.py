"""Streets: a scene from the name of a town, a split and a number."""

import numpy as np

from fairweather.data.town.arithmetic import cosine, seed_of, sine
from fairweather.data.town.buildings import close_street
from fairweather.data.town.camera import Camera
from fairweather.data.town.constant import NO, YES
from fairweather.data.town.dice import Dice, between, dice, roll
from fairweather.data.town.furniture import (
    MOST_LAMPS,
    raise_board,
    raise_bollards,
    raise_lamps,
    raise_rail,
    raise_signals,
    raise_small,
)
from fairweather.data.town.gardens import CHANCE, FENCE, WALL
from fairweather.data.town.kerbside import BAND, WIDE, middle, no_racks, open_slots, take
from fairweather.data.town.lots import fill_lots
from fairweather.data.town.people import cross_over, walk
from fairweather.data.town.plan import BEGIN, CLEARANCE, CLEARANCE_FLAT, END, FRAMES, Plan, blank, lay_out
from fairweather.data.town.quads import CUTOUT, STANDING, Lamps
from fairweather.data.town.roadway import draw_ground, ground_of, unmade
from fairweather.data.town.scene import Scene
from fairweather.data.town.series import SIZE, weather
from fairweather.data.town.sheet import Sheet, bend, clear, finished, place, sheet
from fairweather.data.town.town import TOWNS, Habits, palette
from fairweather.data.town.traffic import drive, park, park_two_wheelers, wait_in_side_street
from fairweather.data.town.trees import plant_tree
from fairweather.errors import InputError, UnknownName
from fairweather.kernels import kernel

__all__ = ["FRAMES", "draw_scene"]


def draw_scene(town: str, split: str, index: int) -> Scene:
    """The scene number `index` of a split: frame index % FRAMES of the sequence index // FRAMES.

    A pure value of its three arguments. What stands is drawn from (town, split, sequence) and is the same in all frames of
    a sequence, save that what the camera is about to pass is left out (plan.CLEARANCE); between frames, TICK seconds apart,
    the camera goes on by 2-6 m and traffic and pedestrians go their ways.

    Raises:
        InputError: an unknown town or split, or an index outside the split.
    """
    if town not in TOWNS:
        raise UnknownName("town", town, TOWNS)
    if split not in SIZE:
        raise UnknownName("split", split, SIZE)
    scenes = FRAMES * len(weather(town, split))
    if not 0 <= index < scenes:
        raise InputError(f"scene index {index} of {town} {split}; allowed are 0 to {scenes - 1}")
    sequence, frame = divmod(int(index), FRAMES)
    geometry = seed_of("town geometry", town, split, sequence)
    appearance = seed_of("town appearance", town, split, sequence)
    page, plan, ground, lamps = sheet(), blank(), unmade(), np.zeros((MOST_LAMPS, 7), np.float32)
    habits, facades, tints, paints = palette(town)
    racks = no_racks()
    streams = dice(geometry), dice(appearance)
    _lay(page, plan, ground, habits, *streams, seed_of("town quota", town, split), sequence, frame)
    count = _stand(page, lamps, plan, habits, facades, tints, racks, *streams)
    _move(page, plan, habits, paints, racks, *streams)
    camera = Camera(*(float(number) for number in _aim(page, plan)))
    return Scene(town, split, index, camera, ground_of(ground), finished(page), Lamps(lamps[:count].copy()), appearance)


@kernel()
def _plant_kerb(
    page: Sheet, habits: Habits, plan: Plan, slots: np.ndarray, dice: Dice, look: Dice, bare: float
) -> None:
    """Street trees; an avenue has them in step."""
    for side in range(2):
        road, sign = (plan.road_own, 1.0) if side == 0 else (plan.road_other, -1.0)
        verge = plan.verge_own if side == 0 else plan.verge_other
        chance = habits.trees * (1.6 if verge > 0.0 else 0.8)
        z = middle(BEGIN + 3.0)
        while z < END - 10.0:
            if roll(dice) < chance and take(slots, side, z, WIDE):
                o = sign * (road + (0.5 * verge if verge > 0.0 else BAND + 0.15))
                plant_tree(page, look, o, z, between(dice, habits.tree_low, habits.tree_high), roll(look) < bare, YES)
            z += 2.5


@kernel()
def _lay(
    page: Sheet, plans: np.ndarray, grounds: np.ndarray, town: np.ndarray, dice: Dice, look: Dice, quota: np.uint64,
    sequence: int, frame: int,
) -> None:  # fmt: skip
    """Plan and ground."""
    habits, plan = town[0], plans[0]
    lay_out(habits, plan, dice, quota, sequence, frame)
    bend(page, plan.hand, plan.curve)
    draw_ground(habits, plan, grounds[0], dice, look)


@kernel()
def _stand(
    page: Sheet, lamps: np.ndarray, plans: np.ndarray, town: np.ndarray, facades: np.ndarray, tints: np.ndarray,
    racks: np.ndarray, dice: Dice, look: Dice,
) -> int:  # fmt: skip
    """Everything that stands; returns the number of lamps."""
    habits, plan = town[0], plans[0]
    close_street(page, look, END + 45.0, between(dice, 16.0, 30.0))
    bare = 0.9 if roll(look) < habits.winter else 0.05
    side = 1.0 if roll(dice) < 0.5 else -1.0
    kind = WALL if plan.wall > 0.0 else (FENCE if plan.fence > 0.0 else CHANCE)
    fill_lots(page, habits, plan, facades, tints, dice, look, side, plan.park > 0.0, kind, bare)
    fill_lots(page, habits, plan, facades, tints, dice, look, -side, NO, CHANCE, bare)
    slots = open_slots(plan)
    if plan.signals > 0.0:
        raise_signals(page, plan, slots, dice, look)
    if plan.board > 0.0:
        raise_board(page, plan, dice, look, slots)
    park_two_wheelers(page, plan, slots, racks, dice, look)
    count = raise_lamps(page, lamps, habits, plan, slots, dice, look)
    raise_small(page, habits, plan, slots, dice, look)
    if plan.fence > 0.0:
        raise_rail(page, plan, dice, look)
    elif roll(dice) < habits.bollards:
        raise_bollards(page, plan, dice, look)
    _plant_kerb(page, habits, plan, slots, dice, look, bare)
    return int(count)


@kernel()
def _move(
    page: Sheet, plans: np.ndarray, town: np.ndarray, paints: np.ndarray, racks: np.ndarray, dice: Dice, look: Dice
) -> None:
    """Everything on wheels and on foot; then what the camera is about to pass is left out."""
    habits, plan = town[0], plans[0]
    park(page, habits, plan, paints, dice, look)
    wait_in_side_street(page, habits, plan, paints, dice, look)
    drive(page, habits, plan, paints, dice, look)
    walk(page, habits, plan, racks, dice, look)
    if plan.busy > 0.0:
        cross_over(page, plan, dice, look)
    x = place(page, plan.ego + plan.offset, plan.z)
    clear(page, x, plan.z, CLEARANCE, CUTOUT)
    clear(page, x, plan.z, CLEARANCE_FLAT, STANDING)


@kernel()
def _aim(page: Sheet, plans: np.ndarray) -> np.ndarray:
    """The fields of Camera: in its lane, looking along the street there."""
    plan = plans[0]
    slope = 2.0 * plan.curve * plan.z
    norm = np.sqrt(1.0 + slope * slope)
    along_x, along_z = slope / norm, 1.0 / norm
    turn_s, turn_c = sine(plan.sway), cosine(plan.sway)
    x = place(page, plan.ego + plan.offset, plan.z)
    return np.array(
        [
            x, plan.height, plan.z, along_x * turn_c + along_z * turn_s, along_z * turn_c - along_x * turn_s,
            plan.focal, plan.horizon, plan.bonnet,
        ]
    )  # fmt: skip
