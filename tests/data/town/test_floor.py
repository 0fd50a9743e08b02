from collections.abc import Callable

import numpy as np
import pytest

from fairweather.data.town.atlas import Atlas
from fairweather.data.town.floor import schlick
from fairweather.data.town.form import Formed, form
from fairweather.data.town.scene import Scene

H, W = 64, 128


@pytest.fixture
def see(make_scene: Callable[..., Scene], plain_atlas: Atlas, air: Callable, wall: Callable) -> Callable[..., Formed]:
    scene = make_scene([wall(-3, 3, 4, 30)], line_1=0.0, kind_1=2.0)
    return lambda **changed: form(scene, air(**changed), plain_atlas, H, W)


def test_fresnel_by_schlick() -> None:
    assert schlick(1.0, 0.02) == pytest.approx(0.02)
    assert schlick(0.0, 0.02) == pytest.approx(1.0)
    assert schlick(0.5, 0.02) == pytest.approx(0.02 + 0.98 / 32)


def test_water_mirrors_only_wet_ground_and_more_at_a_grazing_angle(see: Callable[..., Formed]) -> None:
    dry, wet = see(), see(wet=0.8, puddles=0.2, porous=0.7)
    assert not dry.film.any()
    ground = (wet.label < 2) | (wet.label == 9)
    assert not wet.film[~ground].any()
    assert (wet.film[ground] >= 0).all()
    assert wet.film.max() <= 1.0
    rows = [wet.film[row][wet.label[row] == 0].mean() for row in (42, 50, 60)]
    assert rows[0] > rows[1] > rows[2] > 0.0
    road = wet.label == 0
    assert 0.5 < (wet.radiance[road].mean() / dry.radiance[road].mean()) < 0.8


def test_snow_hides_the_markings(see: Callable[..., Formed]) -> None:
    bare, white = see(), see(snow=1.0, road_snow=1.0, snow_albedo=0.8)
    row = 58
    line, beside = bare.radiance[row, 64, 1], bare.radiance[row, 80, 1]
    assert line > 2.5 * beside
    road = white.radiance[row][white.label[row] == 0][:, 1]
    assert np.median(road) > 3 * beside
    walk = white.label == 1
    assert white.radiance[walk][:, 1].mean() == pytest.approx(0.8 * 0.88 * 0.98, rel=0.12)


def test_the_sky_lights_the_ground_by_its_colour_and_in_proportion(see: Callable[..., Formed]) -> None:
    once, twice, blue = see(sky_g=1.0), see(sky_g=2.0), see(sky_r=0.0, sky_g=0.0)
    road = once.label == 0
    assert twice.radiance[road][:, 1] == pytest.approx(2.0 * once.radiance[road][:, 1], rel=1e-4)
    assert not blue.radiance[road][:, :2].any()
    assert blue.radiance[road][:, 2].all()


def test_a_street_lamp_lights_a_pool_below_it(
    make_scene: Callable[..., Scene], plain_atlas: Atlas, air: Callable
) -> None:
    dark = {f"sky_{c}": 0.0 for c in "rgb"} | {f"{where}_{c}": 0.0 for where in ("horizon", "zenith") for c in "rgb"}
    scene = make_scene(lamps=[(-2.0, 7.0, 12.0, 1.0, 0.6, 0.3, 1.0)])
    off, on = (form(scene, air(**dark, lamps=value), plain_atlas, H, W).radiance for value in (0.0, 1.0))
    assert not off.any()
    depth = 1.5 * W / (np.arange(33, H) + 0.5 - 32)
    left = on[33:, 64 - 20 : 64, 1].max(axis=1)
    assert depth[np.argmax(left)] == pytest.approx(12.0, abs=4.0)
    assert on[..., 0].max() > on[..., 1].max() > on[..., 2].max()
    assert on[40, :64, 1].sum() > on[40, 64:, 1].sum()


def test_the_low_beam_lights_the_road_ahead(
    make_scene: Callable[..., Scene], plain_atlas: Atlas, air: Callable
) -> None:
    dark = {f"sky_{c}": 0.0 for c in "rgb"} | {f"{where}_{c}": 0.0 for where in ("horizon", "zenith") for c in "rgb"}
    beam = form(make_scene(), air(**dark, beam=1.0), plain_atlas, H, W).radiance[..., 1]
    assert not beam[:32].any()
    assert beam[45, 64] > 4.0 * beam[45, 4]
