import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairweather.data.town.camera import Camera
from fairweather.data.town.exposure import develop
from fairweather.data.town.form import Formed
from fairweather.data.town.scene import Scene
from fairweather.data.town.weather import SEVERITY, air_mass, draw_conditions, through_air
from fairweather.errors import InputError, UnknownName
from fairweather.vocabulary.domains import DOMAINS

DARK = ("dawn_dusk", "night")

PROGRAM = """
import hashlib, numpy as np
from fairweather.data.town.camera import Camera
from fairweather.data.town.exposure import develop
from fairweather.data.town.form import Formed
from fairweather.data.town.scene import Scene
from fairweather.data.town.weather import SEVERITY, draw_conditions, through_air
def picture(domain, seed):
    depth = (2 + np.arange(64 * 128).reshape(64, 128) % 977 / 20).astype(np.float32)
    radiance = np.repeat(((np.arange(64 * 128) * 37 % 1009).reshape(64, 128, 1) / 1009).astype(np.float32), 3, 2)
    film = np.zeros_like(depth); film[40:] = 0.4
    scene = Scene("north", "train", 0, Camera(0.0, 1.4, 0.0, 0.0, 1.0, 0.8, 0.45, 0.0), None, None, None, np.uint64(1))
    conditions = draw_conditions("north", domain, 1.5, seed)
    seen = through_air(Formed(radiance, np.zeros((64, 128), np.uint8), depth, film), scene, conditions, np.uint64(seed))
    return seen, develop(seen, conditions, np.uint64(seed))
def prints(seed):
    return [hashlib.sha256(a.tobytes()).hexdigest() for d in SEVERITY for a in picture(d, seed)]
"""
HERE: dict = {}
exec(PROGRAM, HERE)


def test_there_are_seven_domains_and_1_is_a_typical_strength_of_each() -> None:
    assert tuple(SEVERITY) == DOMAINS
    for low, high in SEVERITY.values():
        assert 0 < low < 1 < high
        assert 0.6 < (low * high) ** 0.5 < 1.25


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(DOMAINS), st.one_of(st.none(), st.floats(0, 1e300)), st.integers(0, 2**64 - 1))
def test_conditions_are_finite_and_physical_whatever_the_severity(
    domain: str, severity: float | None, seed: int
) -> None:
    c = draw_conditions("north", domain, severity, seed)
    assert np.isfinite(c).all()
    assert all(type(value) is float for value in c)
    assert c.sun_x**2 + c.sun_y**2 + c.sun_z**2 == pytest.approx(1)
    shares = "overcast cloud windows wet puddles porous snow road_snow snow_albedo vignette glow"
    for name in shares.split():
        assert 0 <= getattr(c, name) <= 1, name
    assert all(value >= 0 for name, value in c._asdict().items() if not name.startswith("sun_"))
    assert 0 <= c.beta <= 0.6 and c.scale_height >= 15
    assert 0 <= c.rain <= 150 and 0 <= c.snowfall <= 8 and 0 <= c.drops <= 8 and c.drops == int(c.drops)
    assert 1 / 4000 <= c.shutter <= 1 / 25 and 0 <= c.speed <= 20
    assert 0.005 < c.meter < 0.6 and 1 <= c.gain <= 16 and 0.2 < c.blur < 0.7 and 80 <= c.quality <= 96
    assert max(c.air_r, c.air_g, c.air_b) < 4 and min(c.air_r, c.air_g, c.air_b) >= 0
    if c.sun_g > 0:
        assert c.sun_y > 0 and c.sun_r >= c.sun_g >= c.sun_b


def test_severity_multiplies_what_drives_the_domain() -> None:
    def at(domain: str, severity: float):
        return draw_conditions("north", domain, severity, 11)

    for domain in ("foggy", "clear_day"):
        assert at(domain, 2).beta == pytest.approx(2 * at(domain, 1).beta)
    assert at("foggy", 1).beta == pytest.approx(2.996 / 100)
    assert at("rainy", 2).rain == pytest.approx(2 * at("rainy", 1).rain) == pytest.approx(20)
    assert at("snowy", 2).snowfall == pytest.approx(2 * at("snowy", 1).snowfall)
    assert at("snowy", 0.2).snow < at("snowy", 1).snow < at("snowy", 3).snow
    assert at("snowy", 0.2).road_snow < at("snowy", 1).road_snow < at("snowy", 3).road_snow
    assert at("night", 2).sky_g < at("night", 1).sky_g < at("night", 0.5).sky_g < 0.03
    assert at("dawn_dusk", 2).sun_y < 0 < at("dawn_dusk", 1).sun_y < at("dawn_dusk", 0.5).sun_y < 0.15
    assert at("cloudy", 0.5).cloud < at("cloudy", 2).cloud


def test_the_severities_drawn_spread_over_the_range() -> None:
    fog = np.array([2.996 / draw_conditions("north", "foggy", None, k).beta for k in range(2000)])  # V5 in metres
    assert fog.min() > 62.4 and fog.max() < 401
    assert 145 < np.median(fog) < 172
    assert 0.31 < (fog > 200).mean() < 0.43
    snow = np.array([draw_conditions("north", "snowy", None, k).road_snow for k in range(2000)])
    assert (snow < 0.3).mean() > 0.3 and (snow > 0.8).mean() > 0.1  # light snow is common, and so is deep snow
    sun = np.array([draw_conditions("north", "dawn_dusk", None, k).sun_y for k in range(2000)])
    assert 0.1 < (sun < 0).mean() < 0.4


@pytest.mark.parametrize("bad", [-1.0, -1e-9, float("nan"), float("inf")])
def test_a_severity_that_is_no_strength_is_refused_in_one_line(bad: float) -> None:
    with pytest.raises(InputError, match="severity") as caught:
        draw_conditions("north", "foggy", bad, 1)
    assert "\n" not in str(caught.value)


def test_an_unknown_domain_is_refused_and_an_alias_is_not() -> None:
    with pytest.raises(UnknownName, match="did you mean 'foggy'"):
        draw_conditions("north", "fogy", 1.0, 1)
    assert draw_conditions("north", "fog", 1.0, 1) == draw_conditions("north", "foggy", 1.0, 1)


def test_the_stream_is_named_by_town_domain_and_seed() -> None:
    assert draw_conditions("north", "rainy", None, 1) == draw_conditions("north", "rainy", None, 1)
    assert draw_conditions("north", "rainy", None, np.uint64(1)) == draw_conditions("north", "rainy", None, 1)
    assert draw_conditions("north", "rainy", None, 1) != draw_conditions("north", "rainy", None, 2)
    assert draw_conditions("north", "rainy", None, 1) != draw_conditions("south", "rainy", None, 1)
    # a stated severity draws the same everything else
    one, two = draw_conditions("north", "foggy", 1.0, 1), draw_conditions("north", "foggy", 2.0, 1)
    assert one._replace(beta=0, meter=0) == two._replace(beta=0, meter=0)


@pytest.mark.parametrize(("elevation", "mass"), [(90, 1.0), (30, 1.99), (10, 5.59), (0, 37.9)])
def test_air_mass_is_that_of_the_published_table(elevation: float, mass: float) -> None:
    assert air_mass(elevation) == pytest.approx(mass, rel=0.01)


def test_low_suns_are_orange() -> None:
    high, low = (draw_conditions("north", "dawn_dusk", s, 1) for s in (0.4, 1.2))
    assert low.sun_r / low.sun_b > 2 * high.sun_r / high.sun_b > 2


def test_two_processes_make_the_same_bytes_and_two_seeds_do_not() -> None:
    program = PROGRAM + "print(*prints(5))"
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    assert other.stdout.split() == HERE["prints"](5)
    assert not set(HERE["prints"](6)) & set(HERE["prints"](5))


def test_a_picture_of_any_size_and_view_stays_finite() -> None:
    for height, width, horizon in ((32, 64, 0.3), (50, 70, 0.6), (128, 64, 0.02), (64, 128, 0.98)):
        camera = Camera(0.0, 1.4, 0.0, 0.0, 1.0, 0.8, horizon, 0.0)
        scene = Scene("north", "train", 0, camera, None, None, None, np.uint64(1))
        depth = np.full((height, width), np.inf, np.float32)
        depth[height // 2 :] = 5.0
        film = np.where(np.isinf(depth), 0, 0.5).astype(np.float32)
        flat = Formed(np.full((height, width, 3), 0.3, np.float32), np.zeros((height, width), np.uint8), depth, film)
        for domain in DOMAINS:
            conditions = draw_conditions("north", domain, 4.0, 2)
            seen = through_air(flat, scene, conditions, np.uint64(3))
            assert np.isfinite(seen).all() and (seen >= 0).all()
            assert develop(seen, conditions, np.uint64(3)).shape == (height, width, 3)
