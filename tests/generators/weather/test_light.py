"""Display values, linear light, and the airlight estimated from a picture."""

import numpy as np
import pytest

from fairweather.errors import InputError
from fairweather.generators.weather.depth import quantise
from fairweather.generators.weather.light import ONE, airlight_of, display, estimate_airlight, linear


def test_tables_are_srgb_and_each_other_inverse() -> None:
    v = np.arange(256) / 255
    by_formula = np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)
    np.testing.assert_allclose(linear() / ONE, by_formula, atol=0.51 / ONE)
    np.testing.assert_array_equal(display()[linear()], np.arange(256))
    assert (np.diff(display().astype(int)) >= 0).all()
    x = np.arange(ONE + 1) / ONE
    back = 255 * np.where(x <= 0.0031308, 12.92 * x, 1.055 * np.maximum(x, 1e-9) ** (1 / 2.4) - 0.055)
    assert np.abs(display() - back).max() <= 0.51


def test_the_airlight_is_that_of_the_sky_but_greyer() -> None:
    image = np.full((90, 160, 3), 60, np.uint8)
    depth = np.full((90, 160), 20, np.float32)
    image[:30], depth[:30] = (120, 160, 220), np.inf
    red, green, blue = estimate_airlight(image, quantise(depth), 1.0)
    r, g, b = linear()[[120, 160, 220]] / ONE
    assert red < green < blue
    assert (blue - red) == pytest.approx((b - r) / 3)
    assert 0.2126 * red + 0.7152 * green + 0.0722 * blue == pytest.approx(0.2126 * r + 0.7152 * g + 0.0722 * b)
    limited = estimate_airlight(image, quantise(depth), 0.2)
    assert 0.2126 * limited[0] + 0.7152 * limited[1] + 0.0722 * limited[2] == pytest.approx(0.2)


def test_without_sky_the_brightest_pixels_are_taken() -> None:
    image = np.full((100, 200, 3), 50, np.uint8)
    image[:10] = 200
    air = estimate_airlight(image, quantise(np.full((100, 200), 20, np.float32)), 1.0)
    assert air == pytest.approx(tuple([linear()[200] / ONE] * 3))


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (3, 1), (2000, 3)])
def test_any_size_has_an_airlight(shape: tuple[int, int]) -> None:
    image = np.full((*shape, 3), 128, np.uint8)
    for metres in (5, np.inf):
        air = estimate_airlight(image, quantise(np.full(shape, metres, np.float32)), 1.0)
        assert air == pytest.approx(tuple([linear()[128] / ONE] * 3))
    assert estimate_airlight(image * 0, quantise(np.ones(shape, np.float32)), 1.0) == (0, 0, 0)


@pytest.mark.parametrize("air", [(0.1, 0.2), (0.1, 0.2, 1.1), (0.1, float("nan"), 0.2), (-0.1, 0, 0)])
def test_a_given_airlight_is_three_numbers(air: tuple[float, ...]) -> None:
    image, depth = np.zeros((2, 2, 3), np.uint8), quantise(np.ones((2, 2), np.float32))
    with pytest.raises(InputError, match="allowed are three numbers from 0 to 1"):
        airlight_of(air, image, depth, 1.0)  # type: ignore[arg-type]
    assert airlight_of((0.1, 0.2, 0.3), image, depth, 1.0) == (0.1, 0.2, 0.3)
