from collections.abc import Callable

import numpy as np
import pytest

from fairweather.data.town.noise import clouded, grainy
from fairweather.data.town.pavement import bare, grain, snow_cover
from fairweather.data.town.plane import BEYOND, KERB, ROAD, WALK
from fairweather.data.town.record import record
from fairweather.data.town.scene import Scene

MIDDLING = 0.5, 0.5, 0.0  # noise: large, middle, fine


def test_regions_reflect_as_they_are(make_scene: Callable[..., Scene]) -> None:
    ground = record(make_scene(line_1=0.0, kind_1=2.0, wear=0.2, grass=1.0).ground)[0]

    def colour(surface: int, s: float) -> tuple[float, float, float, float]:
        return tuple(bare(ground, grainy(), surface, s, s, 10.3, 0.05, 0.05, *MIDDLING, 1.0))  # type: ignore[return-value]

    road, line, walk, kerb, grass = (
        colour(ROAD, 3.2),
        colour(ROAD, 0.0),
        colour(WALK, 5.3),
        colour(KERB, 4.1),
        colour(BEYOND, 9.0),
    )
    assert road[1] == pytest.approx(0.1, rel=0.3)
    assert line[1] > 3 * road[1]
    assert (line[3] > 0.5, road[3]) == (True, 0.0)
    assert walk[1] == pytest.approx(0.25, rel=0.3)
    assert kerb[1] > walk[1]
    assert grass[1] > max(grass[0], grass[2])


def test_snow_covers_sidewalks_first_and_leaves_tracks(make_scene: Callable[..., Scene]) -> None:
    ground = record(make_scene().ground)[0]
    noise = np.linspace(0.0, 1.0, 21)

    def share(surface: int, s: float, snow: float, road: float) -> float:
        return float(np.mean([snow_cover(ground, surface, s, 10.0, snow, road, 0.5, v, 0.0)[0] for v in noise]))

    assert share(WALK, 5.0, 0.0, 0.0) == share(ROAD, 0.0, 0.0, 0.0) == 0.0
    assert share(WALK, 5.0, 0.9, 0.5) > 0.95
    track, between, bank = (share(ROAD, s, 0.9, 0.5) for s in (1.25, 2.0, 3.8))
    assert track < 0.1 < between < bank
    assert share(ROAD, 2.0, 0.9, 1.0) > 0.95


def test_grain_fades_with_distance_and_no_cell_is_smaller_than_its_pixel() -> None:
    near, far = grain(0.01, 0.02), grain(0.2, 3.0)
    assert near[2] > far[2] > 0.0
    assert 1 / far[0] >= 0.8 * 0.2
    assert 1 / far[1] >= 0.8 * 3.0
    assert clouded().shape == grainy().shape
