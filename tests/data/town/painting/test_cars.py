"""The profiles that streets extrude agree with the painted silhouettes."""

import numpy as np
import pytest

from fairweather.data.town.painting.cars import EXTENTS, PARTS, PROFILES, car_side
from fairweather.data.town.painting.painted import painted
from fairweather.data.town.tiles import TILES


@pytest.mark.parametrize("number", PROFILES)
def test_profile_is_the_silhouette(number: int) -> None:
    profile = PROFILES[number]
    assert profile[0][0] == 0.0 and profile[-1][0] == 1.0 and max(v for _, v in profile) == 1.0
    assert len(PARTS[number]) == len(profile) - 1 and number in EXTENTS
    assert all(part in TILES or f"{part}_0" in TILES for part in PARTS[number])
    _, fourth, _ = painted(f"car_side_{number}")
    height, width = fourth.shape
    for column in range(4, width - 4, 5):
        u = (column + 0.5) / width
        roof = np.interp(u, *zip(*profile, strict=True))
        top = (np.flatnonzero(fourth[:, column] > 127)[-1] + 1) / height
        assert abs(top - roof) < 0.05, (u, top, roof)


@pytest.mark.parametrize("number", PROFILES)
def test_wheels_touch_the_ground(number: int) -> None:
    canvas = car_side(number)
    on_ground = np.flatnonzero(canvas.fourth[: canvas.scale * 2].any(axis=0)) / canvas.fourth.shape[1]
    assert 0.1 < on_ground.min() < 0.25 < 0.75 < on_ground.max() < 0.9
    assert not ((on_ground > 0.3) & (on_ground < 0.7)).any()
