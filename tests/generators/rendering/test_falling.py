import numpy as np
import pytest

from fairweather.generators.rendering import falling
from fairweather.vocabulary.streams import stream

BRIGHT = (0.5 + 1 / np.pi) * 255  # mean of the upper half of Beta(1/2, 1/2)


def drawn(angle=0.0, speed=0.1, uniformity=1.0, density=0.05, grid=4096, size=0.0, blur=0.0, shape=(160, 256)):
    return falling.falling(shape, density, uniformity, size, blur, angle, speed, grid, stream(0, "pool", 1))


def test_a_point_becomes_a_slanted_ramp_that_keeps_its_light():
    noise = np.zeros((60, 80), np.uint8)
    noise[20, 30] = 220
    moved = np.zeros_like(noise)
    falling._move(noise, 10, 0.5, moved)
    rows, columns = np.nonzero(moved)
    assert (rows.min(), rows.max()) == (20, 29)
    assert np.array_equal(columns, 30 + np.floor(0.5 * rows + 0.5).astype(int) - 10)
    assert np.array_equal(moved[rows, columns], 4 * np.arange(1, 11)), "220 / 55 times 1 .. 10"


def test_the_picture_continues_on_its_other_side():
    rng = np.random.default_rng(1)
    noise = (rng.random((50, 70)) < 0.1).astype(np.uint8) * 255
    moved = np.zeros_like(noise)
    falling._move(noise, 20, -0.3, moved)
    assert moved.mean() == pytest.approx(noise.mean(), rel=0.05)
    assert moved[:5].mean() > 0.5 * noise.mean()


def test_the_mean_is_density_times_the_mean_of_salt():
    assert drawn(density=0.1, shape=(400, 600)).mean() == pytest.approx(0.1 * BRIGHT, rel=0.03)


def test_uniformity_gates_by_beta():
    """The mean of Beta(1, b) is 1 / (1 + b)."""
    means = [
        falling.falling((96, 160), 0.1, 0.5, 0.0, 0.0, 0.0, 0.02, 4096, stream(0, "pool", k)).mean() for k in range(40)
    ]
    assert np.mean(means) == pytest.approx(0.1 * BRIGHT / 1.5, rel=0.06)


@pytest.mark.parametrize("angle", [-30, -10, 0, 20])
def test_streaks_follow_the_angle(angle):
    """The picture resembles itself most when moved along the streaks."""
    streaks = drawn(angle=angle, speed=0.15, density=0.02).astype(float)
    lag = 12
    likeness = [(streaks[lag:] * np.roll(streaks, shift, axis=1)[:-lag]).mean() for shift in range(-12, 13)]
    assert np.argmax(likeness) - 12 == pytest.approx(lag * np.tan(np.radians(angle)), abs=1.01)


def test_a_coarse_grid_makes_the_same_amount_of_larger_drops():
    fine, coarse = drawn(shape=(480, 768)).astype(float), drawn(shape=(480, 768), grid=256).astype(float)
    assert coarse.shape == fine.shape
    assert coarse.mean() == pytest.approx(fine.mean(), rel=0.1)
    assert np.abs(np.diff(coarse, axis=1)).mean() < 0.6 * np.abs(np.diff(fine, axis=1)).mean()


@pytest.mark.parametrize("shape", [(32, 32), (32, 300), (300, 32)])
def test_small_pictures_and_extreme_draws_work(shape):
    image = np.full((*shape, 3), 90, np.uint8)
    for k in range(20):
        rain, snow = (layer(image, 384, stream(0, "pool", k)) for layer in (falling.rained, falling.snowed))
        assert rain.shape == snow.shape == image.shape
    drawn(size=0.99, shape=shape, blur=0.1, speed=1.0)


def test_rain_is_grey_and_snow_only_adds_light():
    image = np.random.default_rng(1).integers(0, 256, (120, 200, 3), dtype=np.uint8)
    for k in range(5):
        rain, snow = (layer(image, 384, stream(0, "pool", k)) for layer in (falling.rained, falling.snowed))
        assert (snow >= image).all() and (snow > image).any()
        assert np.ptp(rain, axis=2).mean() < np.ptp(image, axis=2).mean()
        assert rain[image < 60].mean() > image[image < 60].mean()
        assert rain[image > 245].mean() < image[image > 245].mean()
