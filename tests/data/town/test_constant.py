"""Constants for kernels."""

import numpy as np
from numba import njit

from fairweather.data.town.constant import NO, YES, fixed, number
from fairweather.data.town.tiles import NUMBER


def test_numbers_are_those_of_the_tiles():
    assert number("pole") == NUMBER["pole"] and YES and not NO


def test_one_version_serves_all_constants():
    @njit
    def double(value):
        return 2 * value

    a, b = fixed(3), fixed(4)

    @njit
    def both():
        return double(a) + double(b)

    assert both() == 14 and len(double.signatures) == 1 and isinstance(a, np.int64)
