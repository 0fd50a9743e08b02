import numpy as np
import pytest

from fairweather.data.town import rain
from fairweather.data.town.camera import Camera
from fairweather.data.town.conditions import Conditions
from fairweather.data.town.streak import ALPHA, DEPTH, X0, X1, Y0, Y1, blend
from fairweather.data.town.weather import draw_conditions

HEIGHT, WIDTH = 128, 256
CAMERA = Camera(0.0, 1.4, 0.0, 0.0, 1.0, 0.8, 0.45, 0.0)
SEED = np.uint64(4)


def rainy(**changes: float) -> Conditions:
    return draw_conditions("north", "rainy", 1.0, 2)._replace(shutter=0.004, speed=0.0, **changes)


def lengths(table: np.ndarray) -> np.ndarray:
    return np.hypot(table[:, X1] - table[:, X0], table[:, Y1] - table[:, Y0])


def test_a_streak_is_as_long_as_the_shutter_is_open_and_shorter_farther_away() -> None:
    short = rain.streaks(CAMERA, rainy(), HEIGHT, WIDTH, SEED)
    long = rain.streaks(CAMERA, rainy()._replace(shutter=0.012), HEIGHT, WIDTH, SEED)
    assert np.allclose(lengths(long), 3 * lengths(short), rtol=1e-3)
    # length times depth over focal length and time is the drop's speed, whatever the depth
    speed = (short[:, Y1] - short[:, Y0]) * short[:, DEPTH] / (CAMERA.focal * WIDTH * 0.004)
    assert speed.min() > 3.0 and speed.max() < 9.0
    near, far = speed[short[:, DEPTH] < 4], speed[short[:, DEPTH] > 10]
    assert near.mean() == pytest.approx(far.mean(), rel=0.05)


@pytest.mark.parametrize(("diameter", "speed"), [(1.0, 4.03), (2.0, 6.49), (4.0, 8.83)])
def test_fall_speeds_are_those_measured_by_gunn_and_kinzer(diameter: float, speed: float) -> None:
    assert rain.fall_speed(diameter) == pytest.approx(speed, rel=0.04)


def test_drop_sizes_follow_marshall_and_palmer() -> None:
    conditions = rainy()._replace(rain=25.0)
    table = np.concatenate([rain.streaks(CAMERA, conditions, HEIGHT, WIDTH, np.uint64(k)) for k in range(10)])
    speed = (table[:, Y1] - table[:, Y0]) * table[:, DEPTH] / (CAMERA.focal * WIDTH * 0.004)
    diameter = -np.log((9.65 - speed) / 10.3) / 0.6
    slope = 4.1 * 25.0**-0.21
    inside = (diameter > 0.9) & (diameter < 3.5)
    expected = np.exp(-slope * 0.9) - np.exp(-slope * np.linspace(0.9, 3.5, 27))
    found = np.array([(diameter[inside] < d).mean() for d in np.linspace(0.9, 3.5, 27)])
    assert np.abs(found - expected / expected[-1]).max() < 0.03


def test_heavier_rain_has_more_streaks_and_a_longer_exposure_fainter_ones() -> None:
    many = [len(rain.streaks(CAMERA, rainy()._replace(rain=r), HEIGHT, WIDTH, SEED)) for r in (0.0, 2.0, 10.0, 50.0)]
    assert many[0] == 0 < many[1] < many[2] < many[3]
    short = rain.streaks(CAMERA, rainy(), HEIGHT, WIDTH, SEED)[:, ALPHA]
    long = rain.streaks(CAMERA, rainy()._replace(shutter=1 / 60), HEIGHT, WIDTH, SEED)[:, ALPHA]
    assert (long <= short).all() and long.mean() < 0.7 * short.mean()
    assert short.max() <= 0.5


def test_streaks_are_seen_only_before_what_is_farther_away_than_they_are() -> None:
    table = rain.streaks(CAMERA, rainy(), HEIGHT, WIDTH, SEED)
    nearest = table[:, DEPTH].min()
    for wall in (nearest - 0.01, 3.0, 8.0, 100.0):
        depth = np.full((HEIGHT, WIDTH), wall, np.float32)
        masked, chosen = np.zeros((2, HEIGHT, WIDTH, 3), np.float32)
        light = np.ones(3, np.float32)
        blend(masked, depth, table, light)
        blend(chosen, np.full_like(depth, np.inf), np.ascontiguousarray(table[table[:, DEPTH] < wall]), light)
        assert np.array_equal(masked, chosen)
    assert not np.array_equal(chosen, np.zeros_like(chosen))
    depth = np.full((HEIGHT, WIDTH), np.inf, np.float32)
    depth[:, :100] = nearest - 0.01
    half = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    blend(half, depth, table, np.ones(3, np.float32))
    assert (half[:, :100] == 0).all() and (half[:, 100:] > 0).mean() > 0.1


def test_streaks_are_blended_so_that_they_vanish_before_a_sky_of_their_own_radiance() -> None:
    conditions = rainy()
    light = rain.light(conditions)
    table = rain.streaks(CAMERA, conditions, HEIGHT, WIDTH, SEED)
    depth = np.full((HEIGHT, WIDTH), np.inf, np.float32)
    sky = np.broadcast_to(light, (HEIGHT, WIDTH, 3)).copy()
    blend(sky, depth, table, light)
    assert np.allclose(sky, light, rtol=1e-5)
    dark = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    blend(dark, depth, table, light)
    assert (dark <= light * (1 + 1e-6)).all()
    mean_sky = [(conditions.horizon_g + conditions.zenith_g) / 2]
    assert light[1] == pytest.approx(0.94 * mean_sky[0])


def test_spray_grows_with_rain_and_speed() -> None:
    calm, wild = rainy()._replace(rain=2.0), rainy()._replace(rain=50.0, speed=20.0)
    assert 3.912 / 5000 <= rain.spray(calm) < rain.spray(wild) <= 3.912 / 1500 + 1e-9
    assert rain.spray(calm._replace(rain=0.0)) == 0


def test_equal_seeds_give_equal_streaks() -> None:
    one, two, other = (rain.streaks(CAMERA, rainy(), HEIGHT, WIDTH, np.uint64(k)).tobytes() for k in (1, 1, 2))
    assert one == two != other


@pytest.mark.parametrize("rate", [2.0, 10.0, 50.0])
def test_extinction_is_twice_the_cross_section_of_all_drops(rate: float) -> None:
    diameter = np.linspace(0, 12, 12001)
    many = 8000 * np.exp(-4.1 * rate**-0.21 * diameter)  # per m^3 and mm
    area = np.pi / 4 * diameter**2 * 1e-6
    assert rain.extinction(rate) == pytest.approx(2 * (many * area).sum() * 0.001, rel=0.01)
    assert rain.extinction(0.0) == 0.0
