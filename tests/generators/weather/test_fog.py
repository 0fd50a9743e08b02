"""Fog against Koschmieder's law in float64."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairweather.errors import InputError
from fairweather.generators.weather.depth import quantise
from fairweather.generators.weather.fog import add_fog, extinction

several = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@several
@given(
    st.integers(1, 9), st.integers(1, 40), st.integers(0, 10**6), st.floats(10, 20000), st.tuples(*[st.floats(0, 1)] * 3)
)  # fmt: skip
def test_within_a_grey_level_of_the_formula(
    plain: SimpleNamespace, height: int, width: int, seed: int, visibility: float, air: tuple[float, float, float]
) -> None:
    image, depth = plain.street(height, width, seed)
    t = np.exp(-3.912023 / visibility * depth.astype(np.float64))[..., None]
    exact = plain.encode(plain.decode(image) * t + np.array(air) * (1 - t))
    assert np.abs(add_fog(image, depth, visibility, air) - exact).max() <= 1


@pytest.mark.parametrize("visibility", [30, 100, 400, 2000])
def test_transmittance_falls_with_depth_as_declared(plain: SimpleNamespace, visibility: float) -> None:
    """What a tint would fail: -ln of the linear contrast against depth is a line through 0 with slope 3.912 / V."""
    rng = np.random.default_rng(1)
    image = rng.integers(0, 60, (120, 160, 3), np.uint8)
    depth = rng.uniform(2, 0.6 * visibility, (120, 160)).astype(np.float32)
    air = (0.6, 0.62, 0.65)
    after, before = plain.decode(add_fog(image, depth, visibility, air)), plain.decode(image)
    loss = -np.log((np.array(air) - after) / (np.array(air) - before)).reshape(-1)
    metres = np.repeat(depth.reshape(-1), 3)
    slope, offset = np.polyfit(metres, loss, 1)
    assert np.corrcoef(metres, loss)[0, 1] ** 2 >= 0.98
    assert slope == pytest.approx(extinction(visibility), rel=0.05)
    assert abs(offset) < 0.02


def test_a_black_object_at_the_visual_range_keeps_two_percent_of_contrast(plain: SimpleNamespace) -> None:
    image = np.zeros((1, 1, 3), np.uint8)
    seen = plain.decode(add_fog(image, np.full((1, 1), 150, np.float32), 150, (0.8, 0.8, 0.8)))
    assert ((0.8 - seen) / 0.8).max() == pytest.approx(0.02, abs=0.006)


def test_thicker_fog_hides_more(plain: SimpleNamespace) -> None:
    image, depth = plain.street(60, 80)
    spreads = [add_fog(image, depth, visibility).std() for visibility in (50, 100, 200, 400, 1000, 10000)]
    assert spreads == sorted(spreads)
    away = [np.abs(add_fog(image, depth, v).astype(int) - image).mean() for v in (50, 100, 200, 400, 1000, 10000)]
    assert away == sorted(away, reverse=True)


def test_far_is_foggier_than_near_and_sky_is_air(plain: SimpleNamespace) -> None:
    image = np.zeros((1, 6, 3), np.uint8)
    depth = np.array([[1, 10, 50, 100, 1000, np.inf]], np.float32)
    shade = add_fog(image, depth, 200, (0.5, 0.5, 0.5))[0, :, 0].astype(int)
    assert (np.diff(shade) >= 0).all()
    assert shade[-1] == round(float(plain.encode(np.array(0.5))))


def test_colour_of_the_air_is_that_given(plain: SimpleNamespace) -> None:
    air = (0.7, 0.5, 0.3)
    image, depth = np.zeros((2, 3, 3), np.uint8), np.full((2, 3), np.inf, np.float32)
    assert (add_fog(image, depth, 100, air) == np.round(plain.encode(np.array(air)))).all()


@pytest.mark.parametrize("visibility", [9, 0, -100, 1e9, float("nan"), float("inf")])
def test_a_visibility_out_of_range_is_refused(visibility: float) -> None:
    image, depth = np.zeros((2, 2, 3), np.uint8), np.ones((2, 2), np.float32)
    with pytest.raises(InputError, match=r"visibility .* m; allowed are 10 to 100000 m"):
        add_fog(image, depth, visibility)


def test_levels_give_the_picture_of_their_metres(plain: SimpleNamespace) -> None:
    image, depth = plain.street(20, 30)
    np.testing.assert_array_equal(add_fog(image, depth, 80), add_fog(image, quantise(depth), 80))
