"""Pedestrians stay on the sidewalk or the zebra crossing, and walk at a walking pace."""

import numpy as np
import pytest

from fairweather.data.town.quads import LABEL, SALT
from fairweather.data.town.street import FRAMES, draw_scene
from fairweather.data.town.town import TOWNS


def _feet(scene):
    chosen = scene.quads.kind[:, LABEL] == 11
    shape = scene.quads.shape[chosen]
    return scene.quads.kind[chosen, SALT], shape[:, 0] + 0.5 * shape[:, 3], shape[:, 2]


@pytest.mark.parametrize("town", TOWNS)
def test_people_are_where_people_walk(town):
    crossing = 0
    for index in range(0, 300, 4):
        scene = draw_scene(town, "train", index)
        ground, (_, x, z) = scene.ground, _feet(scene)
        side = x - ground.curve * z * z
        right = ground.road_right + ground.kerb + ground.verge_right + ground.walk_right
        left = ground.road_left + ground.kerb + ground.verge_left + ground.walk_left
        assert ((side < right) & (side > -left)).all()
        on_road = (side < ground.road_right) & (side > -ground.road_left)
        assert ((z[on_road] > ground.zebra_1) & (z[on_road] < ground.zebra_1 + 3.0)).all()
        crossing += on_road.any()
    assert crossing > 3


def test_a_pace_is_a_walking_pace():
    before = dict(zip(*_feet(draw_scene("west", "train", 0))[::2], strict=True))
    after = dict(zip(*_feet(draw_scene("west", "train", 1))[::2], strict=True))
    steps = [abs(after[salt] - before[salt]) for salt in before.keys() & after.keys()]
    assert FRAMES == 5 and len(steps) > 3 and np.max(steps) < 0.7
