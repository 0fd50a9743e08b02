"""Levels of depth: how near they are to the depth, what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairweather.errors import InputError
from fairweather.generators.weather.depth import (
    FINE_SKY,
    SKY,
    Depth,
    coarse_level,
    coarse_metres,
    fine_metres,
    levels_of,
    quantise,
    ray_distance,
)


@given(st.lists(st.floats(0.25, 16000, width=32), min_size=1, max_size=40))
def test_levels_stand_for_nearly_the_depth(metres: list[float]) -> None:
    depth = np.array([metres], np.float32)
    levels = quantise(depth)
    np.testing.assert_allclose(fine_metres()[levels.fine], depth, rtol=0.00196)
    inside = (depth >= 1) & (depth < 2000)
    np.testing.assert_allclose(coarse_metres()[levels.coarse][inside], depth[inside], rtol=0.025)


def test_levels_rise_with_depth_and_end_in_sky() -> None:
    depth = np.append(np.geomspace(0.01, 1e6, 5000), np.inf).astype(np.float32)[None]
    levels = quantise(depth)
    for plane, sky in ((levels.fine, FINE_SKY), (levels.coarse, SKY)):
        assert (np.diff(plane[0].astype(int)) >= 0).all()
        assert plane[0, -1] == sky
        assert plane[0, -2] == sky - 1
        assert plane[0, 0] == 0
    assert (np.diff(fine_metres()) > 0).all()
    assert (np.diff(coarse_metres()) > 0).all()


def test_nothing_is_nearer_than_no_distance() -> None:
    levels = quantise(np.array([[0.0, -0.0]], np.float32))
    assert levels.fine.tolist() == [[0, 0]]
    assert levels.coarse.tolist() == [[0, 0]]


def test_bad_depth_is_counted_in_one_line() -> None:
    depth = np.array([[1, -1, np.nan, -np.inf, 2, np.inf]], np.float32)
    with pytest.raises(InputError, match="2 pixels are negative, 1 are NaN; allowed are metres >= 0"):
        quantise(depth)


@pytest.mark.parametrize("depth", [np.ones((3, 4)), np.ones((3, 4, 1), np.float32), np.ones((0, 4), np.float32)])
def test_another_kind_of_array_is_refused(depth: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"allowed is float32 \(H, W\)"):
        quantise(depth)


def test_levels_of_another_size_are_refused() -> None:
    levels = quantise(np.ones((3, 4), np.float32))
    assert np.shares_memory(levels_of(levels, (3, 4, 3)).fine, levels.fine)
    with pytest.raises(ValueError, match="the picture needs"):
        levels_of(levels, (4, 3, 3))
    with pytest.raises(ValueError, match="the picture needs"):
        levels_of(np.ones((4, 4), np.float32), (3, 4, 3))
    with pytest.raises(ValueError, match="the picture needs"):
        levels_of(Depth(levels.coarse, levels.coarse), (3, 4, 3))


def test_a_view_of_a_depth_map_is_read_as_its_copy() -> None:
    depth = np.geomspace(1, 100, 48).astype(np.float32).reshape(6, 8)
    np.testing.assert_array_equal(quantise(depth[:, ::2]).fine, quantise(depth[:, ::2].copy()).fine)


def test_one_depth_has_the_level_of_a_map() -> None:
    assert coarse_level(7.3) == quantise(np.full((2, 2), 7.3, np.float32)).coarse[1, 1]


def test_distance_along_the_ray_grows_to_the_border() -> None:
    depth = np.full((721, 1281), 10, np.float32)
    depth[0, 0] = np.inf
    ray = ray_distance(depth, 1000)
    assert ray.dtype == np.float32
    assert ray[360, 640] == 10
    assert ray[360, 1280] == pytest.approx(10 * np.hypot(1, 0.64))
    assert np.isinf(ray[0, 0])
    with pytest.raises(InputError, match="focal length 0 px"):
        ray_distance(depth, 0)
    with pytest.raises(ValueError, match="float32"):
        ray_distance(depth.astype(np.float64), 1000)
