from collections.abc import Callable

import numpy as np
import pytest

from fairweather.data.town.atlas import Atlas
from fairweather.data.town.camera import Camera
from fairweather.data.town.form import form
from fairweather.data.town.scene import Scene
from fairweather.data.town.shadow import ZENITH, bulky, cast, darkness, plan, rays

POST = (0.0, 30.0)  # x, z
ROWS, COLUMNS = 512, 512


def read_only(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array


def cells(view: Camera) -> tuple[np.ndarray, np.ndarray]:
    """Ground position of each cell of a map."""
    row, column = (np.arange(ROWS) + 0.5) / 2, (np.arange(COLUMNS) + 0.5) / 2
    focal = view.focal * COLUMNS / 2
    depth = view.y * focal / (row - view.horizon * ROWS / 2)
    return view.x + (column - COLUMNS / 4)[None, :] / focal * depth[:, None], np.repeat(
        (view.z + depth)[:, None], COLUMNS, 1
    )


@pytest.mark.parametrize("azimuth", [10, 75, 130, 200, 265, 340])
@pytest.mark.parametrize("elevation", [12, 45])
def test_the_shadow_of_a_post_points_away_from_the_sun(
    make_scene: Callable[..., Scene], plain_atlas: Atlas, azimuth: float, elevation: float
) -> None:
    x, z = POST
    angle, height = np.deg2rad(azimuth), np.deg2rad(elevation)
    sun = np.cos(height) * np.sin(angle), np.sin(height), np.cos(height) * np.cos(angle)
    across = np.array([np.cos(angle), 0.0, -np.sin(angle)])  # the post is a board that turns its face to the sun
    start = np.array([x, 0.0, z]) - 0.4 * across
    scene = make_scene([((*start, *(0.8 * across), 0.0, 3.0, 0.0), (0.5,) * 3, 5, "plain", 0)])
    view = plan(scene.camera, ROWS, COLUMNS)
    heights = np.empty((ROWS, COLUMNS), np.float32)
    q = scene.quads
    cast(
        q.shape,
        read_only(q.look),
        read_only(q.kind),
        rays(*sun),
        view,
        read_only(plain_atlas.texels),
        read_only(plain_atlas.table),
        heights,
    )
    at_x, at_z = cells(view)
    dark = heights > 0
    assert dark.sum() > 20
    away = (at_x[dark] - x) * -np.sin(angle) + (at_z[dark] - z) * -np.cos(angle)
    aside = (at_x[dark] - x) * np.cos(angle) - (at_z[dark] - z) * np.sin(angle)
    length = 3.0 / np.tan(height)
    assert away.min() > -0.4
    assert away.max() == pytest.approx(length, abs=0.5)
    assert np.abs(aside).max() < 0.4 + 0.4
    # the ray that reaches the ground this far from the post has passed it at this height
    assert heights[dark] == pytest.approx(away * np.tan(height), abs=0.5 * np.tan(height))


def test_the_ground_is_darker_in_the_shadow_and_only_there(
    make_scene: Callable[..., Scene], plain_atlas: Atlas, wall: Callable, air: Callable
) -> None:
    board = wall(-1.0, 1.0, 3.0, 20.0)
    sun = {
        "sun_x": 0.0,
        "sun_y": 0.7071,
        "sun_z": 0.7071,
        "sun_r": 4.0,
        "sun_g": 4.0,
        "sun_b": 4.0,
    }  # behind the board: it falls towards us
    empty, shaded = (form(make_scene(quads), air(**sun), plain_atlas, 128, 256) for quads in ([], [board]))
    changed = shaded.radiance[..., 1] < 0.6 * empty.radiance[..., 1]
    road = shaded.label == 0
    assert changed[road].any()
    depth = shaded.depth[changed & road]
    assert 16.5 < depth.min() < 18.0  # 3 m long at 45 degrees, and a row is 0.7 m deep there
    columns = np.nonzero(changed & road)[1]
    assert abs(columns.mean() - 128) < 2


def test_bodies_darken_the_ground_beside_them_and_hanging_signs_do_not(
    make_scene: Callable[..., Scene], plain_atlas: Atlas, box: Callable
) -> None:
    def hidden(label: int) -> np.ndarray:
        scene = make_scene(box(-1, 1, 1.5, 20, 24, (0.5,) * 3, label))
        view = plan(scene.camera, ROWS, COLUMNS)
        heights = np.empty((ROWS, COLUMNS), np.float32)
        q = scene.quads
        cast(
            q.shape, read_only(q.look), bulky(q.kind), ZENITH, view,
            read_only(plain_atlas.texels), read_only(plain_atlas.table), heights,
        )  # fmt: skip
        return darkness(heights)

    assert hidden(13).max() == 255
    assert hidden(7).max() == 0


def test_a_low_sun_is_taken_as_just_above_the_horizon() -> None:
    assert rays(0.0, 0.0, 1.0).along_z == pytest.approx(1 / 0.03)
    assert rays(0.6, 0.8, 0.0) == pytest.approx((0.75, 0.0))
