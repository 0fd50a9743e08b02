"""Buildings stand beyond the sidewalk, a storey to three metres."""

import numpy as np
import pytest

from fairweather.data.town.quads import BACKDROP, FACADE, FLAGS, LABEL, REPEAT_U, REPEAT_V, TILE
from fairweather.data.town.street import draw_scene
from fairweather.data.town.tiles import NUMBER
from fairweather.data.town.town import TOWNS


def _facades(scene):
    kind = scene.quads.kind
    chosen = (kind[:, TILE] >= NUMBER["facade_0"]) & (kind[:, TILE] <= NUMBER["facade_13"])
    return scene.quads.shape[chosen], scene.quads.look[chosen], kind[chosen]


@pytest.mark.parametrize("town", TOWNS)
def test_a_storey_is_three_metres_and_a_bay_too(town):
    shape, look, kind = _facades(draw_scene(town, "train", 0))
    assert len(shape) > 10 and (kind[:, LABEL] == 2).all() and (kind[:, FLAGS] == FACADE).all()
    assert np.allclose(shape[:, 7], 6.0 * look[:, REPEAT_V], rtol=1e-5)
    along = np.abs(shape[:, 5]) > 1.0
    assert np.allclose(np.abs(shape[along, 5]), 6.0 * look[along, REPEAT_U], rtol=1e-5)


@pytest.mark.parametrize("town", TOWNS)
def test_no_front_stands_on_the_sidewalk(town):
    for index in range(0, 100, 5):
        scene = draw_scene(town, "train", index)
        ground, (shape, _, _) = scene.ground, _facades(scene)
        for end in (0, 1):
            z = shape[:, 2] + end * shape[:, 5]
            side = shape[:, 0] + end * shape[:, 3] - ground.curve * z * z
            left = ground.road_left + ground.kerb + ground.verge_left + ground.walk_left
            right = ground.road_right + ground.kerb + ground.verge_right + ground.walk_right
            assert ((side > right) | (side < -left)).all()


def test_a_skyline_closes_the_street_and_throws_no_shadow():
    scene = draw_scene("north", "train", 3)
    far = scene.quads.shape[scene.quads.kind[:, FLAGS] & BACKDROP > 0]
    assert len(far) == 1 and far[0, 2] > 200.0 and far[0, 3] > 400.0


def test_a_gable_fills_its_triangle_under_the_ridge():
    found = 0
    for index in range(0, 50, 5):
        shape = draw_scene("north", "train", index).quads.shape
        leaning = shape[(shape[:, 3] > 0.0) & (shape[:, 5] == 0.0) & (shape[:, 6] != 0.0) & (shape[:, 8] == 0.0)]
        right, left = leaning[leaning[:, 6] > 0.0], leaning[leaning[:, 6] < 0.0]
        assert len(right) == len(left)
        for a, b in zip(right, left, strict=True):
            assert a[1] == b[1] and a[7] == b[7] and a[3] == pytest.approx(2.0 * a[6]) and b[6] == pytest.approx(-a[6])
            assert b[0] == pytest.approx(a[0] + a[3])  # together twice the width, at the top they meet its middle half
            found += 1
    assert found > 30
