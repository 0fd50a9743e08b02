import numpy as np
import pytest

from fairweather.generators.rendering import frequency
from fairweather.vocabulary.streams import stream


def power_slope(plane):
    """The exponent of power over frequency, by a straight line through logarithms."""
    height, width = plane.shape
    f = np.hypot(np.fft.fftfreq(height)[:, None] * height, np.fft.fftfreq(width) * width)
    power = np.abs(np.fft.fft2(plane)) ** 2
    rings = [(k, power[(f >= k) & (f < k + 1)].mean()) for k in range(2, min(height, width) // 2)]
    return np.polyfit(*np.log(np.array(rings)).T, 1)[0]


@pytest.mark.parametrize("exponent", [-3.0, -2.0, -1.0, 0.0])
def test_power_falls_with_twice_the_exponent(exponent):
    plane = frequency.noise((128, 128), exponent, 128, stream(0, "pool", 1))
    assert power_slope(plane) == pytest.approx(2 * exponent, abs=0.25)


@pytest.mark.parametrize("size", [(32, 32), (90, 160), (5, 64), (3, 3)])
@pytest.mark.parametrize("longest", [2, 8, 64, 320])
def test_noise_fills_its_range_at_every_size(size, longest):
    plane = frequency.noise(size, -2.0, longest, stream(0, "pool", 1))
    assert plane.shape == size and plane.dtype == np.float32
    assert plane.min() >= np.float32(frequency.LEAST) and plane.max() <= 1
    assert np.ptp(plane) > 0.5
    assert np.array_equal(plane, frequency.noise(size, -2.0, longest, stream(0, "pool", 1)))
    assert not np.array_equal(plane, frequency.noise(size, -2.0, longest, stream(0, "pool", 2)))


def test_a_coarse_grid_gives_wide_waves():
    wide, fine = (frequency.noise((96, 160), -1.0, longest, stream(0, "pool", 1)) for longest in (8, 160))
    assert np.abs(np.diff(wide, axis=1)).mean() < 0.3 * np.abs(np.diff(fine, axis=1)).mean()


def test_powers_are_powers():
    values = np.array([[0.01, 0.5], [1.0, 7.0]])
    assert np.allclose(frequency.powers(values, -1.7), values**-1.7, rtol=1e-12)
