"""The ground of a street."""

import pytest

from fairweather.data.town.ground import OFF
from fairweather.data.town.street import draw_scene
from fairweather.data.town.town import TOWNS


@pytest.mark.parametrize("town", TOWNS)
def test_the_ground_says_what_the_street_is(town):
    right, slabs = 0, 0
    for sequence in range(40):
        scene = draw_scene(town, "train", sequence * 5)
        ground = scene.ground
        assert all(isinstance(number, float) for number in ground)
        assert min(ground.road_left, ground.road_right) > 3.0 and min(ground.walk_left, ground.walk_right) > 1.5
        habits = TOWNS[town].habits
        assert 0.05 < ground.asphalt < 0.17
        if ground.slab > 0.0:
            assert habits.paved_low <= ground.paved <= habits.paved_high
        else:  # asphalt, as the road
            assert 0.75 <= ground.paved / ground.asphalt <= 1.15
        slabs += ground.slab > 0.0
        assert 0 <= ground.seed < 2**31
        assert all(ground[ground._fields.index(f"kind_{k}")] in (0.0, 1.0, 2.0, 3.0) for k in range(1, 6))
        assert abs(ground.curve) <= TOWNS[town].habits.curve
        assert ground.rails == OFF or -ground.road_left - 12.0 < ground.rails < ground.road_right + 12.0
        right += scene.camera.x > 0.0
    assert abs(right / 40 - TOWNS[town].habits.right) < 0.2
    assert abs(1.0 - slabs / 40 - TOWNS[town].habits.plain) < 0.25
