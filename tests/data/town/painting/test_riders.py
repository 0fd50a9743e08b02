"""A rider laid over the machine touches it: on the saddle, at the handlebar, on a pedal or peg."""

import numpy as np
import pytest

from fairweather.data.town.painting.cycles import GRIP, HANDLE, PEDAL, PEG, SADDLE, SEAT, SIDE
from fairweather.data.town.painting.painted import painted


@pytest.mark.parametrize(
    ("machine", "places"), [("bicycle", (SADDLE, HANDLE, PEDAL)), ("motorcycle", (SEAT, GRIP, PEG))]
)
def test_rider_meets_machine(machine: str, places: tuple[tuple[float, float], ...]) -> None:
    rider, cycle = (painted(f"{name}_side")[1] > 127 for name in (f"rider_{machine}", machine))
    assert rider.shape == cycle.shape
    height, width = rider.shape
    for x, y in places:
        rows, columns = np.ogrid[:height, :width]
        near = np.hypot((columns + 0.5) / width * SIDE[0] - x, (rows + 0.5) / height * SIDE[1] - y) < 0.24
        assert (rider & near).any() and (cycle & near).any(), (x, y)
    assert np.flatnonzero(rider.any(axis=1))[-1] > 0.9 * height  # the head is above the machine
    assert np.flatnonzero(cycle.any(axis=1))[-1] < 0.75 * height


@pytest.mark.parametrize("machine", ["bicycle", "motorcycle"])
def test_end_views_share_a_rectangle(machine: str) -> None:
    assert painted(f"rider_{machine}_end")[1].shape == painted(f"{machine}_end")[1].shape
