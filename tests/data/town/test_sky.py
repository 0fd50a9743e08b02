from collections.abc import Callable

import numpy as np
import pytest

from fairweather.data.town.atlas import Atlas
from fairweather.data.town.camera import Camera
from fairweather.data.town.form import form
from fairweather.data.town.scene import Scene
from fairweather.data.town.sky import gradient

H, W = 64, 128
UP = Camera(0.0, 1.5, 0.0, 0.0, 1.0, 0.5, 0.9, 0.0)  # a wide view, mostly of sky


def rise_of(row: int, column: int) -> float:
    focal = 0.5 * W
    right, up = (column + 0.5 - W / 2) / focal, (0.9 * H - row - 0.5) / focal
    return float(up / np.sqrt(1 + right * right + up * up))


def test_the_overcast_sky_is_that_of_the_cie(
    make_scene: Callable[..., Scene], plain_atlas: Atlas, air: Callable
) -> None:
    zenith = 1.2
    overcast = air(overcast=1.0, horizon_g=zenith / 3, zenith_g=zenith)
    picture = form(make_scene(camera=UP), overcast, plain_atlas, H, W).radiance[..., 1]
    for row, column in ((2, 5), (20, 64), (40, 100), (55, 30)):
        assert picture[row, column] == pytest.approx(zenith * (1 + 2 * rise_of(row, column)) / 3, rel=1e-4)


def test_a_clear_sky_darkens_fast_above_the_horizon() -> None:
    assert [gradient(r, 0.0) for r in (0.0, 0.5, 1.0)] == [0.0, 0.875, 1.0]
    assert [gradient(r, 1.0) for r in (0.0, 0.5, 1.0)] == [0.0, 0.5, 1.0]
    assert gradient(-0.2, 0.0) == 0.0


def test_the_glow_is_where_the_sun_is(make_scene: Callable[..., Scene], plain_atlas: Atlas, air: Callable) -> None:
    x, y = 0.4, 0.35
    z = np.sqrt(1 - x * x - y * y)
    sun = air(
        overcast=0.0,
        aureole=1.0,
        sun_x=x,
        sun_y=y,
        sun_z=z,
        sun_r=3.0,
        sun_g=2.0,
        sun_b=1.0,
        horizon_g=1.0,
        zenith_g=0.5,
    )
    picture = form(make_scene(camera=UP), sun, plain_atlas, H, W).radiance
    row, column = np.unravel_index(np.argmax(picture[..., 1]), (H, W))
    assert (row, column) == pytest.approx((0.9 * H - y / z * 0.5 * W, W / 2 + x / z * 0.5 * W), abs=1.5)
    assert picture[row, column, 0] > picture[row, column, 2]


def test_cloud_cover_fills_the_sky(make_scene: Callable[..., Scene], plain_atlas: Atlas, air: Callable) -> None:
    def cloudy_share(cover: float) -> float:
        blue = air(
            overcast=0.0, cloud=cover, horizon_r=0.3, zenith_r=0.3, horizon_b=1.0, zenith_b=1.0, sky_r=2.0, sky_b=2.0
        )
        picture = form(make_scene(camera=UP), blue, plain_atlas, H, W).radiance[:40]
        return float((picture[..., 0] > 0.45 * picture[..., 2]).mean())

    shares = [cloudy_share(c) for c in (0.0, 0.4, 0.8, 1.0)]
    assert shares[0] == 0.0
    assert shares[0] < shares[1] < shares[2] < shares[3]
    assert shares[3] > 0.8
