from collections.abc import Callable

import numpy as np
import pytest

from fairweather.data.town.atlas import Atlas
from fairweather.data.town.camera import Camera
from fairweather.data.town.form import outline
from fairweather.data.town.scene import Scene

H, W = 64, 128
CLASS_AT = {-8.0: 9, -5.0: 1, -2.0: 0, 3.0: 0, 4.8: 9, 6.0: 1, 9.0: 9}  # lateral metres: train id


def column(s: float, row: int) -> int:
    depth = 1.5 * W / (row + 0.5 - H / 2)
    return int(W / 2 + s / depth * W)


@pytest.mark.parametrize("s", CLASS_AT)
def test_regions_lie_side_by_side(make_scene: Callable[..., Scene], plain_atlas: Atlas, s: float) -> None:
    row = 41
    assert outline(make_scene(), plain_atlas, H, W)[0][row, column(s, row)] == CLASS_AT[s]


def test_a_curve_bends_the_road(make_scene: Callable[..., Scene], plain_atlas: Atlas) -> None:
    row = 38
    depth = 1.5 * W / (row + 0.5 - H / 2)
    straight, bent = (outline(make_scene(curve=c), plain_atlas, H, W)[0][row] for c in (0.0, 0.004))
    shift = np.nonzero(bent == 0)[0].mean() - np.nonzero(straight == 0)[0].mean()
    assert shift == pytest.approx(0.004 * depth * depth / depth * W, abs=1.0)


def test_a_turned_camera_turns_the_ground(make_scene: Callable[..., Scene], plain_atlas: Atlas) -> None:
    turned = make_scene(camera=Camera(0.0, 1.5, 0.0, 0.28, 0.96, 1.0, 0.5, 0.0))
    label, _ = outline(turned, plain_atlas, H, W)
    vanishing = W / 2 - W * 0.28 / 0.96
    assert np.nonzero(label[34] == 0)[0].mean() == pytest.approx(vanishing, abs=4.0)


def test_a_side_street_is_road_and_ballast_is_terrain(make_scene: Callable[..., Scene], plain_atlas: Atlas) -> None:
    depth = 1.5 * W / (40.5 - 32)
    crossing, _ = outline(make_scene(cross_1=depth - 4.0), plain_atlas, H, W)
    assert (crossing[40] == 0).all()
    ballast, _ = outline(make_scene(rails=0.0, rails_bed=1.0), plain_atlas, H, W)
    assert ballast[45, 64] == 9
    paved, _ = outline(make_scene(paved_terrain=1.0, verge_right=0.0), plain_atlas, H, W)
    assert not (paved == 9).any()
