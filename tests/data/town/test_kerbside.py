"""Slots at the kerb."""

import numpy as np

from fairweather.data.town.kerbside import ALONE, SLOT, WIDE, busy, middle, no_racks, take


def test_a_slot_is_taken_once():
    slots, side = no_racks(), np.int64(0)
    assert take(slots, side, 20.0, ALONE) and not take(slots, side, 20.0, ALONE)
    assert busy(slots, side, 20.0) and not busy(slots, side, 20.0 + SLOT)
    assert not busy(slots, np.int64(1), 20.0)


def test_a_wide_thing_takes_its_neighbours():
    slots, side = no_racks(), np.int64(1)
    assert take(slots, side, 20.0, WIDE)
    assert slots.sum() == 3 and not take(slots, side, 20.0 + SLOT, ALONE)


def test_the_end_of_the_street_has_no_slots():
    assert not take(no_racks(), np.int64(0), 1e6, ALONE) and not busy(no_racks(), np.int64(0), -1e6)


def test_the_middle_of_a_slot_lies_in_it():
    assert abs(middle(33.3) - 33.3) <= 0.5 * SLOT and middle(middle(33.3)) == middle(33.3)
