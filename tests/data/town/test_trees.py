"""Trees, bushes and hedges are vegetation with alpha; no spruce at the kerb."""

from fairweather.data.town.quads import CUTOUT, FLAGS, FOLIAGE, LABEL, TILE
from fairweather.data.town.street import draw_scene
from fairweather.data.town.tiles import NUMBER


def test_vegetation_has_alpha():
    for index in range(0, 60, 7):
        kind = draw_scene("south", "train", index).quads.kind
        green = kind[kind[:, LABEL] == 8]
        assert len(green) > 10
        assert (green[:, FLAGS] & (CUTOUT | FOLIAGE) == CUTOUT | FOLIAGE).all()


def test_no_spruce_stands_at_the_kerb():
    for index in range(0, 200, 5):
        scene = draw_scene("west", "train", index)
        ground = scene.ground
        chosen = (scene.quads.kind[:, TILE] == NUMBER["tree_4"]) & (scene.quads.shape[:, 3] > 0)
        shape = scene.quads.shape[chosen]
        trunk = shape[:, 0] + 0.5 * shape[:, 3] - ground.curve * shape[:, 2] ** 2
        right = ground.road_right + ground.kerb + ground.verge_right + ground.walk_right
        left = ground.road_left + ground.kerb + ground.verge_left + ground.walk_left
        assert ((trunk > right) | (trunk < -left)).all()
