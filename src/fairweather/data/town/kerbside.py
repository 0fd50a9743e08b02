"""The strip behind the kerb, in slots: what stands there takes one, so that no two things stand in each other."""

import numpy as np

from fairweather.data.town.constant import fixed
from fairweather.data.town.plan import BEGIN, END, Plan, crossing, striped
from fairweather.kernels import kernel

SLOT = 2.5  # metres
ALONE, WIDE = fixed(0), fixed(1)  # margins
COUNT = int((END - BEGIN) / SLOT)
BAND = 0.6  # metres from the edge of the carriageway to the middle of what stands there


def no_racks() -> np.ndarray:
    """bool (2, COUNT): slots with parked two-wheelers, none yet."""
    return np.zeros((2, COUNT), np.bool_)


@kernel()
def open_slots(plan: Plan) -> np.ndarray:
    """bool (2, COUNT): taken, on the ego's side and the other. Side streets and zebra crossings are kept free."""
    slots = np.zeros((2, COUNT), np.bool_)
    for k in range(COUNT):
        low = BEGIN + k * SLOT
        if crossing(plan, low, low + SLOT, 0.3) or striped(plan, low, low + SLOT, 0.0):
            slots[0, k] = slots[1, k] = True
    return slots


@kernel()
def take(slots: np.ndarray, side: int, z: float, margin: int) -> bool:
    """Take the slot of z, and `margin` slots on both sides of it, if the slot is free."""
    k = int((z - BEGIN) / SLOT)
    if k < margin or k >= COUNT - margin or slots[side, k]:
        return False
    for near in range(k - margin, k + margin + 1):
        slots[side, near] = True
    return True


@kernel()
def middle(z: float) -> float:
    """The middle of the slot that z lies in."""
    return float(BEGIN + (np.floor((z - BEGIN) / SLOT) + 0.5) * SLOT)


@kernel()
def busy(slots: np.ndarray, side: int, z: float) -> bool:
    """Whether the slot of z is taken."""
    k = int((z - BEGIN) / SLOT)
    return bool(0 <= k < COUNT and slots[side, k])
