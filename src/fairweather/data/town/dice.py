"""Random numbers drawn one after the other inside a kernel."""

from typing import NamedTuple

import numpy as np

from fairweather.data.town.arithmetic import uniform
from fairweather.kernels import kernel


class Dice(NamedTuple):
    """A stream that remembers how many numbers were drawn from it.

    Args:
        state: uint64 (2,): the seed, and the number of draws so far.
    """

    state: np.ndarray


def dice(seed: np.uint64) -> Dice:
    """The stream of a seed, from its first number."""
    return Dice(np.array([seed, 0], np.uint64))


@kernel()
def roll(dice: Dice) -> float:
    """The next number of the stream, uniform in [0, 1)."""
    count = dice.state[1]
    dice.state[1] = count + np.uint64(1)
    return float(uniform(dice.state[0], np.int64(count)))


@kernel()
def between(dice: Dice, low: float, high: float) -> float:
    """The next number, uniform in [low, high)."""
    return float(low + (high - low) * roll(dice))


@kernel()
def pick(dice: Dice, count: float) -> int:
    """The next number as a whole one, 0 .. count - 1; `count` is a float, of which numba compiles one version only."""
    return int(roll(dice) * count)
