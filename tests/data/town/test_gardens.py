"""Walls and fences."""

import numpy as np

from fairweather.data.town.quads import CUTOUT, FLAGS, LABEL, TILE
from fairweather.data.town.street import draw_scene
from fairweather.data.town.tiles import TILES


def test_walls_are_solid_and_fences_are_not():
    walls = fences = 0
    for index in range(0, 200, 5):
        kind = draw_scene("east", "train", index).quads.kind
        wall, fence = kind[kind[:, LABEL] == 3], kind[kind[:, LABEL] == 4]
        assert not (wall[:, FLAGS] & CUTOUT).any() and (fence[:, FLAGS] & CUTOUT).all()
        assert {TILES[k].split("_")[0] for k in fence[:, TILE]} <= {"fence"}
        walls, fences = walls + (len(wall) > 0), fences + (len(fence) > 0)
    assert walls > 30 and fences > 15


def test_walls_are_no_higher_than_two_and_a_half_metres():
    scene = draw_scene("east", "train", 0)
    wall = scene.quads.shape[scene.quads.kind[:, LABEL] == 3]
    assert np.all(wall[:, 1] + wall[:, 7] <= 2.5)
