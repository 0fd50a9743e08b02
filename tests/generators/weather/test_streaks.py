"""Tiles: as much is hidden as the exposure arithmetic says, at the depths of the particles."""

from dataclasses import replace

import numpy as np
import pytest

from fairweather.generators.weather.depth import coarse_level
from fairweather.generators.weather.streaks import AIR, REFERENCE, SIDE, Fall, make_tile, rung, seen

DROPS = Fall(
    number=5.0, slope=2.0, smallest=2.0, largest=2.0001, swelling=1.0, top=7.0, rest=7.0, rising=0.6, wind=0.0, gusts=0.0,
    near=2.0, far=6.0, focal=1000.0, shutter=0.01,
)  # fmt: skip


def share_of_light(opacity: np.ndarray) -> np.ndarray:
    """The inverse of `seen`."""
    return np.interp(opacity / 256, seen(), np.arange(1025) / 1024)


def test_the_light_taken_is_the_area_of_the_drops() -> None:
    tile = make_tile(DROPS, 1)
    volume = (6**3 - 2**3) / 3 * (SIDE / 1000) ** 2
    # Area in pixels, pi/4 (f D / z)^2, averaged over z with density z^2: (far - near) / ((far^3 - near^3) / 3).
    area = np.pi / 4 * (1000 * 0.002) ** 2 * (6 - 2) / ((6**3 - 2**3) / 3)
    assert share_of_light(tile.opacity).sum() == pytest.approx(5 * volume * area, rel=0.1)


def test_a_long_exposure_makes_long_and_faint_streaks() -> None:
    short, long = (make_tile(replace(DROPS, shutter=t), 1) for t in (0.002, 0.016))
    assert (long.opacity > 0).sum() > 3 * (short.opacity > 0).sum()
    assert long.opacity.max() < short.opacity.max() / 2


def test_a_streak_that_fills_the_pixel_is_opaque_for_the_time_of_its_passage() -> None:
    """Garg & Nayar: alpha = (time the drop covers the pixel) / T; on the mean chord pi/4 D, for one drop 0.5 m away."""
    one = replace(DROPS, number=1e-6, near=0.5, far=0.5001, smallest=5.0, largest=5.0001, focal=3000.0)
    tile = make_tile(replace(one, number=1.0 / ((0.5001**3 - 0.5**3) / 3 * (SIDE / 3000) ** 2)), 3)
    alpha = np.pi / 4 * 0.005 / (7.0 * 0.01 + np.pi / 4 * 0.005)
    assert share_of_light(tile.opacity).max() == pytest.approx(alpha, rel=0.05)
    columns = np.flatnonzero(tile.opacity.any(axis=0))
    assert len(columns) == pytest.approx(3000 * 0.005 / 0.5 + 3000 * 0.002 / 0.5, abs=4)  # drop and blur


def test_particles_have_the_depths_they_are_drawn_at() -> None:
    tile = make_tile(DROPS, 1)
    levels = tile.level[tile.opacity > 0]
    assert levels.min() >= coarse_level(2.0)
    assert levels.max() <= coarse_level(6.0)
    assert levels.max() - levels.min() > 20


def test_wind_leans_the_streaks() -> None:
    def across(wind: float) -> int:
        tile = make_tile(replace(DROPS, number=0.2, wind=wind), 1).opacity.astype(float)
        right, left = (np.roll(tile, (6, step), (0, 1)) for step in (3, -3))
        return int((tile * right).sum() > (tile * left).sum())

    assert across(3.5) == 1
    assert across(-3.5) == 0


def test_a_tile_has_no_border() -> None:
    opacity = make_tile(replace(DROPS, number=60.0), 1).opacity.astype(int)
    inside = np.abs(np.diff(opacity, axis=1)).mean(), np.abs(np.diff(opacity, axis=0)).mean()
    assert np.abs(opacity[:, 0] - opacity[:, -1]).mean() == pytest.approx(inside[0], rel=0.5)
    assert np.abs(opacity[0] - opacity[-1]).mean() == pytest.approx(inside[1], rel=0.5)


def test_seen_is_exact_at_the_reference() -> None:
    def encode(x: np.ndarray) -> np.ndarray:
        return 1.055 * x ** (1 / 2.4) - 0.055

    share = np.arange(1025) / 1024
    dark, bright = encode(np.array(REFERENCE)), encode(np.array(AIR))
    np.testing.assert_allclose(
        dark + seen() * (bright - dark), encode(REFERENCE + share * (AIR - REFERENCE)), atol=1e-12
    )
    assert seen()[0] == 0
    assert seen()[-1] == pytest.approx(1)


@pytest.mark.parametrize(
    ("value", "nearest"), [(1, 1), (1.18, 1), (1.2, 2**0.5), (50, 2**5.5), (1 / 200, 2**-7.5), (0.06, 2**-4), (9, 8)]
)
def test_rungs(value: float, nearest: float) -> None:
    assert rung(value) == pytest.approx(nearest)
