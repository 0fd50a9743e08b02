"""Street furniture: lamps, traffic lights, signs, direction boards, poles, bollards, guard rails."""

import numpy as np

from fairweather.data.town import quads
from fairweather.data.town.constant import YES, fixed, number
from fairweather.data.town.dice import Dice, between, pick, roll
from fairweather.data.town.kerbside import ALONE, BAND, SLOT, WIDE, middle, take
from fairweather.data.town.plan import END, OTHER, OWN, Plan, crossing
from fairweather.data.town.sheet import (
    CUTOUT,
    LUMINAIRE,
    NO_FLAGS,
    SIGNAL,
    Sheet,
    across,
    add,
    along,
    begin,
    brush,
    place,
    repeat,
    upright,
)
from fairweather.data.town.town import Habits
from fairweather.kernels import kernel

POLE_CLASS, LIGHT_CLASS, SIGN_CLASS, FENCE_CLASS = fixed(5), fixed(6), fixed(7), fixed(4)
_FACE = fixed(quads.CUTOUT | quads.RETRO)
_NO_HEAD = fixed(-1)
MOST_LAMPS = 24
_POLE, _PLAIN, _HEAD, _BACK, _FENCE = (number(name) for name in ("pole", "plain", "lamp_head", "sign_back", "fence_0"))
_SIGN, _BOARD = number("sign_0"), number("sign_8")
_RED, _GREEN, _SIGNAL_BACK = number("signal_red"), number("signal_green"), number("signal_back")


@kernel()
def _pole(sheet: Sheet, o: float, z: float, thick: float, high: float, grey: float) -> None:
    brush(sheet, POLE_CLASS, _POLE, NO_FLAGS, grey, grey, grey)
    repeat(sheet, 1.0, high / 4.0)
    upright(sheet, o, z, thick, 0.0, high)
    add(sheet, place(sheet, o, z), 0.0, z - 0.5 * thick, 0.0, 0.0, thick, 0.0, high, 0.0)


@kernel()
def _lamp(
    sheet: Sheet, lamps: np.ndarray, n: int, look: Dice, o: float, z: float, high: float, reach: float, sodium: bool
) -> None:
    """A lamp whose arm reaches towards the axis; its light is row n of `lamps`."""
    begin(sheet, roll(look))
    inner = o - (reach if o > 0.0 else -reach)
    _pole(sheet, o, z, 0.17, high, 0.30)
    brush(sheet, POLE_CLASS, _POLE, NO_FLAGS, 0.30, 0.30, 0.30)
    across(sheet, o, inner, z, high - 0.12, high)
    brush(sheet, POLE_CLASS, _HEAD, LUMINAIRE, 0.8, 0.8, 0.8)
    across(sheet, inner - 0.4, inner + 0.4, z - 0.15, high - 0.22, high)
    add(sheet, place(sheet, inner, z) - 0.4, high - 0.22, z - 0.15, 0.8, 0.0, 0.0, 0.0, 0.0, 0.35)
    lamps[n, 0], lamps[n, 1], lamps[n, 2] = place(sheet, inner, z), high - 0.25, z
    cold = between(look, 0.75, 1.0)
    lamps[n, 3], lamps[n, 4], lamps[n, 5] = 1.0, 0.62 if sodium else 0.86 + 0.1 * cold, 0.24 if sodium else 0.9 * cold
    lamps[n, 6] = between(look, 0.8, 1.2)


@kernel()
def raise_lamps(
    sheet: Sheet, lamps: np.ndarray, habits: Habits, plan: Plan, slots: np.ndarray, dice: Dice, look: Dice
) -> int:
    """Lamps on both sides by turns, 25-35 m apart on a side; returns how many."""
    apart, high, reach = between(dice, 25.0, 35.0), between(dice, 6.5, 10.0), between(dice, 1.6, 2.2)
    both, sodium = roll(dice) < 0.6, roll(look) < habits.sodium
    n = int(0 * apart)
    for side in range(2 if both else 1):
        z = between(dice, -8.0, 8.0) + side * 0.5 * apart
        road, sign = (plan.road_own, 1.0) if side == 0 else (plan.road_other, -1.0)
        while z < END - 10.0 and n < MOST_LAMPS:
            at = middle(z)
            if not take(slots, side, at, ALONE):
                at += SLOT
                if not take(slots, side, at, ALONE):
                    at = END
            if at < END:
                o = sign * (road + BAND)
                _lamp(sheet, lamps, n, look, o, at, high, reach + BAND, sodium != (pick(look, 12.0) == 0))
                n += 1
            z += apart
    return n


@kernel()
def _light(sheet: Sheet, o: float, z: float, low: float, tile: int) -> None:
    """One head of a traffic light facing the ego, with a visor's depth; its lower edge at `low`."""
    brush(sheet, LIGHT_CLASS, tile, SIGNAL, 1.0, 1.0, 1.0)
    upright(sheet, o, z - 0.14, 0.46, low, low + 1.3)
    brush(sheet, LIGHT_CLASS, _PLAIN, NO_FLAGS, 0.03, 0.03, 0.03)
    side = -0.2 if o > 0.0 else 0.2
    along(sheet, o + side, z - 0.14, z + 0.16, low + 0.1, low + 1.2, 0.0)


@kernel()
def _mast(sheet: Sheet, look: Dice, o: float, z: float, arm: float, tile: int, second: int) -> None:
    """A traffic light on a pole; with an arm over the road if `arm` is not 0. `second` faces the other way."""
    begin(sheet, roll(look))
    high = 5.9 if arm != 0.0 else 3.5
    _pole(sheet, o, z, 0.14, high, 0.25)
    _light(sheet, o, z, 2.2, tile)
    if arm != 0.0:
        brush(sheet, POLE_CLASS, _POLE, NO_FLAGS, 0.25, 0.25, 0.25)
        across(sheet, o, o - arm, z, 5.75, 5.9)
        _light(sheet, o - arm, z, 4.9, tile)
        _light(sheet, o - 0.5 * arm, z, 4.9, tile)
    if second >= 0:
        _light(sheet, o + (0.5 if o > 0.0 else -0.5), z, 2.2, second)


@kernel()
def raise_signals(sheet: Sheet, plan: Plan, slots: np.ndarray, dice: Dice, look: Dice) -> None:
    """Traffic lights at the first side street: at the stop line, and beyond the crossing on both sides."""
    tile = _RED if plan.busy > 0.0 or roll(dice) < 0.4 else _GREEN
    near, far = plan.zebra_1 - 0.8, plan.cross_1 + plan.cross_width + 1.0
    own, other = plan.road_own + 0.5, -plan.road_other - 0.5
    arm = own - plan.ego if roll(dice) < 0.7 else 0.0
    take(slots, OWN, near, WIDE)
    take(slots, OTHER, near, WIDE)
    take(slots, OWN, far, WIDE)
    take(slots, OTHER, far, WIDE)
    _mast(sheet, look, own, near, arm, tile, _NO_HEAD)
    _mast(sheet, look, own, far, arm if roll(dice) < 0.5 else 0.0, tile, _NO_HEAD)
    _mast(sheet, look, other, near, 0.0, tile if roll(dice) < 0.6 else _SIGNAL_BACK, _SIGNAL_BACK)
    _mast(sheet, look, other, far, 0.0, _SIGNAL_BACK, _NO_HEAD)


@kernel()
def raise_sign(sheet: Sheet, look: Dice, o: float, z: float, ours: bool) -> None:
    """A traffic sign on its pole; the back of one for the other direction is no sign but, like its pole, `pole`."""
    begin(sheet, roll(look))
    low, size = between(look, 2.1, 2.7), between(look, 0.7, 1.0)
    _pole(sheet, o, z, 0.08, low + size, 0.35)
    tile = _SIGN + pick(look, 8.0)
    if ours:
        brush(sheet, SIGN_CLASS, tile, _FACE, 1.0, 1.0, 1.0)
    else:
        brush(sheet, POLE_CLASS, _BACK, CUTOUT, 1.0, 1.0, 1.0)
    upright(sheet, o, z - 0.06, size, low, low + size)
    if ours and roll(look) < 0.3:
        brush(sheet, SIGN_CLASS, _SIGN + pick(look, 8.0), _FACE, 1.0, 1.0, 1.0)
        upright(sheet, o, z - 0.06, size, low - 0.9 * size - 0.05, low - 0.05)


@kernel()
def raise_board(sheet: Sheet, plan: Plan, dice: Dice, look: Dice, slots: np.ndarray) -> None:
    """A direction board, on a pole beside the road or on a gantry over it."""
    z = middle(between(dice, 24.0, 46.0))
    while crossing(plan, z, z, 1.0):
        z += SLOT
    width, tile = between(dice, 2.4, 3.6), _BOARD + pick(look, 2.0)
    begin(sheet, roll(look))
    take(slots, OWN, z, WIDE)
    outer = plan.road_own + 0.6
    if roll(dice) < 0.4:
        _pole(sheet, outer, z, 0.28, 6.8, 0.35)
        brush(sheet, POLE_CLASS, _POLE, NO_FLAGS, 0.35, 0.35, 0.35)
        across(sheet, outer, 0.3, z, 6.5, 6.8)
        brush(sheet, SIGN_CLASS, tile, _FACE, 1.0, 1.0, 1.0)
        upright(sheet, max(plan.ego, 0.5 * width + 0.3), z - 0.2, width, 5.2, 5.2 + 0.5 * width)
        return
    _pole(sheet, outer, z, 0.2, 2.4 + 0.5 * width, 0.35)
    brush(sheet, SIGN_CLASS, tile, _FACE, 1.0, 1.0, 1.0)
    upright(sheet, outer + 0.5 * width - 0.25, z - 0.12, width, 2.3, 2.3 + 0.5 * width)


@kernel()
def raise_small(sheet: Sheet, habits: Habits, plan: Plan, slots: np.ndarray, dice: Dice, look: Dice) -> None:
    """Signs and poles in what is left of the kerb band, at least two signs for the ego within sight."""
    for wanted in range(2):
        z = middle(between(dice, 14.0 + 16.0 * wanted, 26.0 + 22.0 * wanted))
        if take(slots, OWN, z, ALONE):
            raise_sign(sheet, look, plan.road_own + BAND, z, YES)
    for side in range(2):
        road, sign = (plan.road_own, 1.0) if side == 0 else (plan.road_other, -1.0)
        z = middle(between(dice, -6.0, 0.0))
        while z < 130.0:
            chance, o = roll(dice), sign * (road + BAND)
            if chance < habits.signs:
                if take(slots, side, z, ALONE):
                    raise_sign(sheet, look, o, z, (side == 0) != (roll(dice) < 0.15))
            elif chance < habits.signs + habits.poles and take(slots, side, z, ALONE):
                begin(sheet, roll(look))
                _pole(sheet, o, z, 0.22, between(dice, 5.5, 9.0), 0.22)
            z += SLOT


@kernel()
def raise_bollards(sheet: Sheet, plan: Plan, dice: Dice, look: Dice) -> None:
    """A row of bollards along a kerb."""
    side = pick(dice, 2.0)
    o = plan.road_own + 0.3 if side == 0 else -plan.road_other - 0.3
    z = between(dice, 6.0, 20.0)
    begin(sheet, roll(look))
    for _ in range(12):
        if not crossing(plan, z, z, 1.0):
            brush(sheet, POLE_CLASS, _POLE, NO_FLAGS, 0.15, 0.15, 0.15)
            upright(sheet, o, z, 0.14, 0.0, 0.95)
        z += 1.8


@kernel()
def raise_rail(sheet: Sheet, plan: Plan, dice: Dice, look: Dice) -> None:
    """A guard rail along the kerb, labelled fence, broken at side streets and crossings."""
    side = pick(dice, 2.0)
    o = plan.road_own + 0.25 if side == 0 else -plan.road_other - 0.25
    z, tile, shade = between(dice, 3.0, 9.0), _FENCE + 1 + pick(look, 2.0), between(look, 0.6, 1.1)
    high = between(dice, 0.95, 1.25)
    for _ in range(14):
        far = z + 4.0
        if not crossing(plan, z, far, 0.5) and not (far > plan.zebra_1 - 0.5 and z < plan.zebra_1 + 3.5):
            begin(sheet, roll(look))
            brush(sheet, FENCE_CLASS, tile, CUTOUT, shade, shade, shade)
            repeat(sheet, 2.0, 1.0)
            along(sheet, o, z, far, 0.0, high, 0.0)
        z = far
