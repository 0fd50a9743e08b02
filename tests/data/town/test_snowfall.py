import numpy as np

from fairweather.data.town import snowfall
from fairweather.data.town.camera import Camera
from fairweather.data.town.conditions import Conditions
from fairweather.data.town.streak import ALPHA, DEPTH, RADIUS, X0, X1, Y0, Y1
from fairweather.data.town.weather import draw_conditions

HEIGHT, WIDTH = 128, 256
CAMERA = Camera(0.0, 1.4, 0.0, 0.0, 1.0, 0.8, 0.45, 0.0)
SEED = np.uint64(4)


def snowy(**changes: float) -> Conditions:
    return draw_conditions("north", "snowy", 1.0, 2)._replace(shutter=0.01, speed=14.0)._replace(**changes)


def away(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where a flake begins and how it moves, from the focus of expansion, in pixels; (N, 2) each."""
    start = np.stack((table[:, X0] - WIDTH / 2, table[:, Y0] - CAMERA.horizon * HEIGHT), 1)
    return start, np.stack((table[:, X1] - table[:, X0], table[:, Y1] - table[:, Y0]), 1)


def test_flakes_streak_away_from_the_focus_of_expansion_in_proportion_to_the_distance_from_it() -> None:
    start, move = away(snowfall.flakes(CAMERA, snowy(), HEIGHT, WIDTH, SEED))
    far = np.hypot(*start.T) > 40
    cosine = (start * move).sum(1)[far] / (np.hypot(*start.T) * np.hypot(*move.T))[far]
    assert np.median(cosine) > 0.98 and (cosine > 0.8).mean() > 0.95
    table = snowfall.flakes(CAMERA, snowy(), HEIGHT, WIDTH, SEED)
    # what the ego's speed adds is its way over the depth, times the distance from the focus
    _, still = away(snowfall.flakes(CAMERA, snowy(speed=0.0), HEIGHT, WIDTH, SEED))
    assert np.allclose(move - still, start * (14.0 * 0.01 / table[:, DEPTH])[:, None], atol=1e-3)


def test_in_a_standing_car_flakes_fall() -> None:
    _, move = away(snowfall.flakes(CAMERA, snowy(speed=0.0), HEIGHT, WIDTH, SEED))
    assert (move[:, 1] > 0).all()
    table = snowfall.flakes(CAMERA, snowy(speed=0.0), HEIGHT, WIDTH, SEED)
    fall = move[:, 1] * table[:, DEPTH] / (CAMERA.focal * WIDTH * 0.01)
    assert fall.min() > 0.79 and fall.max() < 1.51


def test_near_flakes_are_large_and_more_fall_in_heavier_snow() -> None:
    table = snowfall.flakes(CAMERA, snowy(), HEIGHT, WIDTH, SEED)
    near, far = table[table[:, DEPTH] < 2], table[table[:, DEPTH] > 8]
    assert near[:, RADIUS].mean() > 1.2 * far[:, RADIUS].mean()
    assert table[:, ALPHA].min() > 0 and table[:, ALPHA].max() <= 0.85
    many = [len(snowfall.flakes(CAMERA, snowy(snowfall=s), HEIGHT, WIDTH, SEED)) for s in (0.0, 0.2, 1.0, 4.0)]
    assert many[0] == 0 < many[1] < many[2] < many[3]


def test_sizes_scale_with_the_picture() -> None:
    small, large = (snowfall.flakes(CAMERA, snowy(), h, 2 * h, SEED) for h in (128, 512))
    assert np.allclose(large[:, [X0, Y0, X1, Y1, RADIUS]], 4 * small[:, [X0, Y0, X1, Y1, RADIUS]], rtol=1e-4, atol=1e-3)
    assert np.allclose(large[:, ALPHA], small[:, ALPHA], rtol=1e-4)


def test_a_flake_is_as_bright_as_a_white_body_under_the_sky() -> None:
    conditions = snowy()
    assert np.allclose(snowfall.light(conditions), [conditions.sky_r, conditions.sky_g, conditions.sky_b])


def test_equal_seeds_give_equal_flakes() -> None:
    one, two, other = (snowfall.flakes(CAMERA, snowy(), HEIGHT, WIDTH, np.uint64(k)).tobytes() for k in (1, 1, 2))
    assert one == two != other
