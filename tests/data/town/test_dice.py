"""Streams that remember."""

import numpy as np

from fairweather.data.town.arithmetic import uniform
from fairweather.data.town.dice import between, dice, pick, roll


def test_a_stream_gives_the_numbers_of_its_seed_in_order():
    stream = dice(np.uint64(9))
    assert [roll(stream) for _ in range(3)] == [uniform(np.uint64(9), k) for k in range(3)]


def test_draws_keep_their_bounds():
    stream = dice(np.uint64(10))
    assert all(-2.0 <= between(stream, -2.0, 3.0) < 3.0 for _ in range(200))
    assert {pick(stream, 3.0) for _ in range(200)} == {0, 1, 2}
