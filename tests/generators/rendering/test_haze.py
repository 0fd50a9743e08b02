"""Haze and fog above it, against the formula of the published code in float64."""

import numpy as np
import pytest

from fairweather.generators.rendering import haze, perlin
from fairweather.vocabulary.streams import stream

TABLE = perlin.shuffled(stream(0, "pool"))


def formula(depth: np.ndarray, visibility: float, density: np.ndarray) -> np.ndarray:
    """Transmission by lib/fog_gen.py of Weather_Effect_Generator, with P / 255 given."""
    height, width = depth.shape
    metres = np.minimum(depth.astype(np.float64), haze.SKY)
    angle = np.radians(-np.linspace(-30, 30, height))[:, None] * np.ones((1, width))
    distance = metres / np.cos(angle)
    elevation = 1.8 + distance * np.sin(angle)
    eca, thin = 3.912 / visibility, np.maximum(0, 1 - elevation / 70)
    ecm = (3.912 / 12 * thin + (1 - thin) * eca) * density
    with np.errstate(all="ignore"):
        fog = np.where(elevation < 70, elevation - 34, 36) * distance / (elevation - 1.8)
        clear = np.where(elevation < 70, distance - fog, 32.2 * distance / (elevation - 1.8))
    return np.exp(-np.where(elevation <= 34, eca * distance, eca * clear + ecm * fog))


def street(height: int = 120, width: int = 150, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    depth = (10 ** rng.uniform(0, 3.4, (height, width))).astype(np.float32)
    depth[: height // 3, : width // 2] = np.inf
    depth[: height // 2, width // 2 :] = 90  # a tower that ends in the fog
    return rng.integers(0, 256, (height, width, 3), np.uint8), depth


def test_density_is_the_sum_of_three_fields() -> None:
    _, depth = street()
    found = haze.density(TABLE, depth)
    for y, x in np.random.default_rng(3).integers(0, 120, (200, 2)):
        z = min(float(depth[y, x]), 2000.0)
        p1, p2, p3 = (
            np.clip((perlin.noise(TABLE, x / s, y / s, z / s) + offset) * 128, 0, 255)
            for s, offset in ((130, 1.0), (60, 0.5), (10, 1.2))
        )
        assert found[y, x] == pytest.approx((p1 + p2 / 2 + p3 / 4) / 3 / 255, abs=1e-9)


@pytest.mark.parametrize("visibility", [30.0, 150.0, 500.0, 2000.0])
def test_transmission_is_that_of_the_formula(visibility: float) -> None:
    _, depth = street()
    exact = formula(depth, visibility, haze.density(TABLE, depth))
    assert np.abs(haze.transmission(depth, visibility, TABLE) - exact).max() < 0.001


def test_picture_is_within_a_grey_level_of_the_formula() -> None:
    image, depth = street()
    t = formula(depth, 400, haze.density(TABLE, depth))[..., None]
    assert np.abs(haze.hazed(image, depth, 400, 200, TABLE) - (image * t + 200 * (1 - t))).max() <= 1


def test_duller_is_saturation_and_value_of_hsv() -> None:
    import colorsys

    image = np.random.default_rng(0).integers(0, 256, (8, 8, 3), np.uint8)
    made = haze.hazed(image, np.zeros((8, 8), np.float32), 500, 0, TABLE, 0.8)
    for before, after in zip(image.reshape(-1, 3), made.reshape(-1, 3), strict=True):
        h, s, v = colorsys.rgb_to_hsv(*(before / 255))
        assert np.abs(255 * np.array(colorsys.hsv_to_rgb(h, 0.8 * s, 0.8 * v)) - after).max() <= 1.5


def test_transmission_is_recovered_from_two_airs() -> None:
    """The algebra: out = I t + c (1 - t), so that out(c) - out(0) = c (1 - t), whatever the picture."""
    image, depth = street()
    depth[depth == 0] = 1
    light, dark = (haze.hazed(image, depth, 300, grey, TABLE).astype(float) for grey in (255, 0))
    t = 1 - (light - dark).mean(2) / 255
    assert np.abs(t - haze.transmission(depth, 300, TABLE)).max() < 1.1 / 255
    # and the picture comes back where enough of it is left
    kept = t > 0.5
    assert np.abs(dark[kept] / t[kept][:, None] - image[kept]).max() < 4


def test_it_falls_with_depth_and_rises_with_visibility() -> None:
    metres = np.geomspace(1, 1900, 200, dtype=np.float32)[None].repeat(40, 0)
    t = haze.transmission(metres, 400, TABLE)
    road = t[20:]  # looks down: haze only
    assert (np.diff(road, axis=1) <= 0).all() and road[0, 0] > 0.98 and road[0, -1] < 0.001
    assert (haze.transmission(metres, 800, TABLE) >= t - 1e-3).all()


def test_haze_is_that_of_koschmieder_on_the_road() -> None:
    depth = np.full((101, 3), 60, np.float32)
    angle = np.radians(np.linspace(0, 30, 51))
    expected = np.exp(-3.912 / 200 * 60 / np.cos(angle))
    assert haze.transmission(depth, 200, TABLE)[50:, 1] == pytest.approx(expected, abs=0.001)


def test_sky_infinity_and_nan_are_alike_and_negative_depth_is_none() -> None:
    image = np.random.default_rng(0).integers(0, 256, (40, 50, 3), np.uint8)
    skies = [haze.hazed(image, np.full((40, 50), v, np.float32), 500, 200, TABLE) for v in (2000, 9e9, np.inf, np.nan)]
    assert all((sky == skies[0]).all() for sky in skies)
    assert (haze.transmission(np.full((4, 4), -1, np.float32), 100, TABLE) == 1).all()


def test_one_row_and_one_column() -> None:
    assert haze.transmission(np.full((1, 1), 5, np.float32), 100, TABLE).shape == (1, 1)
