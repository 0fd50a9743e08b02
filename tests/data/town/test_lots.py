"""Side streets stay open."""

import pytest

from fairweather.data.town.quads import LABEL
from fairweather.data.town.street import draw_scene
from fairweather.data.town.town import TOWNS


@pytest.mark.parametrize("town", TOWNS)
def test_nothing_solid_stands_in_a_side_street(town):
    for index in range(0, 200, 5):
        scene = draw_scene(town, "train", index)
        low, high = scene.ground.cross_1, scene.ground.cross_1 + scene.ground.cross_width
        for row, label in zip(scene.quads.shape, scene.quads.kind[:, LABEL], strict=True):
            if label in (2, 3, 4) and row[8] == 0.0:  # upright
                near, far = sorted((row[2], row[2] + row[5]))
                assert far <= low or near >= high
