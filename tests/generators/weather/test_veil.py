"""The fixed-point blend against its formula in float64, at any size and offset."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairweather.data.town.arithmetic import seed_of, uniform
from fairweather.generators.weather.depth import SKY, coarse_metres, quantise
from fairweather.generators.weather.streaks import AIR, REFERENCE, SIDE, Tile
from fairweather.generators.weather.veil import hang

several = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def tile() -> Tile:
    rng = np.random.default_rng(3)
    return Tile(rng.integers(0, 256, (SIDE, SIDE), np.uint8), rng.integers(0, 256, (SIDE, SIDE), np.uint8))


def read(plane: np.ndarray, seed: int, height: int, width: int) -> np.ndarray:
    """A tile as the picture sees it: repeated to the right 389 rows lower, downwards 613 columns further left."""
    top, left = (int(uniform(np.uint64(seed), i) * SIDE) for i in range(2))
    y, x = np.mgrid[:height, :width]
    along = (left + 613 * (y // SIDE)) % SIDE + x
    return plane[(top + y + 389 * (along // SIDE)) % SIDE, along % SIDE]


def by_formula(
    plain: SimpleNamespace, image: np.ndarray, depth: np.ndarray, beta: float, sky: float, air: tuple[float, ...],
    light: float, tile: Tile, seed: int,
) -> np.ndarray:  # fmt: skip
    levels = quantise(depth).coarse
    metres = coarse_metres().copy()
    metres[SKY] = sky
    lost = 1 - np.exp(-beta * metres[levels])
    dark, bright = plain.encode(np.array(REFERENCE)), plain.encode(np.array(AIR))
    haze = (plain.encode(REFERENCE + lost * (AIR - REFERENCE)) - dark) / (bright - dark)
    opacity = np.where(levels > read(tile.level, seed, *levels.shape), read(tile.opacity, seed, *levels.shape) / 256, 0)
    kept = ((1 - haze) * (1 - opacity))[..., None]
    colour = plain.encode(np.array(air))
    return np.asarray(colour + (image * (round(128 * light) / 128) - colour) * kept)


@several
@given(
    st.integers(1, 19), st.integers(1, 40), st.integers(0, 10**6), st.floats(1e-5, 0.1), st.floats(0.1, 1),
    st.tuples(*[st.floats(0, 1)] * 3),
)  # fmt: skip
def test_within_a_grey_level_of_the_formula(
    plain: SimpleNamespace, tile: Tile, height: int, width: int, seed: int, beta: float, light: float,
    air: tuple[float, float, float],
) -> None:  # fmt: skip
    image, depth = plain.street(height, width, seed)
    out = np.empty_like(image)
    hang(image, quantise(depth), beta, 1500.0, air, light, tile, seed, out)
    assert np.abs(out - by_formula(plain, image, depth, beta, 1500.0, air, light, tile, seed)).max() <= 1


@pytest.mark.parametrize("shape", [(2100, 9), (9, 2500)])
def test_a_picture_larger_than_the_tile(plain: SimpleNamespace, tile: Tile, shape: tuple[int, int]) -> None:
    image, depth = plain.street(*shape)
    out, air, seed = np.empty_like(image), (0.4, 0.5, 0.6), seed_of("large")
    hang(image, quantise(depth), 0.002, 1500.0, air, 0.9, tile, seed, out)
    assert np.abs(out - by_formula(plain, image, depth, 0.002, 1500.0, air, 0.9, tile, seed)).max() <= 1


def test_what_is_nearer_than_a_flake_is_not_hidden_by_it(plain: SimpleNamespace, tile: Tile) -> None:
    image, depth = plain.street(60, 90)
    levels, seed, out = quantise(depth), 11, np.empty_like(image)
    hang(image, levels, 0.0, 1500.0, (1.0, 1.0, 1.0), 1.0, tile, seed, out)
    behind = levels.coarse > read(tile.level, seed, 60, 90)
    assert 0.2 < behind.mean() < 0.9
    assert np.abs(out[~behind].astype(int) - image[~behind]).max() <= 1
    strong = behind & (read(tile.opacity, seed, 60, 90) > 200)
    assert (out[strong] > 190).all()


def test_without_air_and_flakes_the_picture_stays(plain: SimpleNamespace) -> None:
    image, depth = plain.street(33, 47)
    clear, out = Tile(np.zeros((SIDE, SIDE), np.uint8), np.zeros((SIDE, SIDE), np.uint8)), np.empty_like(image)
    hang(image, quantise(depth), 0.0, 1500.0, (0.5, 0.5, 0.5), 1.0, clear, 0, out)
    np.testing.assert_array_equal(out, image)
