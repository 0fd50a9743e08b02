import numpy as np
import pytest

from fairweather.data.town.air import decay, mean_density, veil
from fairweather.data.town.camera import Camera
from fairweather.data.town.form import Formed
from fairweather.data.town.scene import Scene
from fairweather.data.town.weather import SEVERITY, draw_conditions, through_air

HEIGHT, WIDTH = 64, 128
CAMERA = Camera(0.0, 1.4, 0.0, 0.0, 1.0, 0.8, 0.45, 0.0)
SCENE = Scene("north", "train", 0, CAMERA, None, None, None, np.uint64(1))
SURFACE = 0.25


def rays() -> tuple[np.ndarray, np.ndarray]:
    """Metres of way and of rise per metre of z-depth, (H, W) each."""
    focal = CAMERA.focal * WIDTH
    side = (np.arange(WIDTH) + 0.5 - WIDTH / 2) / focal
    up = (CAMERA.horizon * HEIGHT - np.arange(HEIGHT) - 0.5) / focal
    return np.sqrt(1 + side[None] ** 2 + up[:, None] ** 2), np.repeat(up[:, None], WIDTH, 1)


def screens(most: float) -> np.ndarray:
    """A screen at its own depth in every pixel."""
    return np.random.default_rng(0).uniform(2, most, (HEIGHT, WIDTH)).astype(np.float32)


def formed(depth: np.ndarray) -> Formed:
    radiance = np.full((*depth.shape, 3), SURFACE, np.float32)
    return Formed(radiance, np.where(np.isinf(depth), 10, 2).astype(np.uint8), depth, np.zeros_like(depth))


def transmittance(image: np.ndarray, air: float) -> np.ndarray:
    return np.abs(image[..., 1].astype(np.float64) - air) / abs(SURFACE - air)


@pytest.mark.parametrize("severity", [0.25, 1.0, 2.5])
def test_fog_darkens_contrast_exponentially_with_the_way_through_it_and_at_the_declared_rate(severity: float) -> None:
    conditions = draw_conditions("north", "foggy", severity, 7)._replace(scale_height=1e9)
    assert conditions.beta == pytest.approx(severity * 2.996 / 100)
    depth = screens(3 / conditions.beta)
    seen = through_air(formed(depth), SCENE, conditions, np.uint64(1))
    way = (depth * rays()[0]).ravel()
    logs = np.log(transmittance(seen, conditions.air_g)).ravel()
    slope, offset = np.polyfit(way, logs, 1)
    residual = logs - (slope * way + offset)
    assert 1 - residual.var() / logs.var() > 0.9999
    assert -slope == pytest.approx(conditions.beta, rel=0.002)
    assert abs(offset) < 0.002
    # along z instead of along the ray the same picture does not fit as well: the border lies farther away than it is deep
    along_z = np.polyfit(depth.ravel(), logs, 1, full=True)[1][0] / logs.size
    assert along_z > 100 * residual.var()


def test_a_density_that_falls_with_height_is_the_integral_along_the_ray() -> None:
    beta, scale = 0.03, 20.0
    way, rise = rays()
    to_ground = np.where(rise < 0, CAMERA.y / np.maximum(-rise, 1e-9), np.inf)
    depth = np.minimum(screens(60.0), to_ground).astype(np.float32)
    seen = veil(formed(depth).radiance, depth, CAMERA, beta, scale, 0.0, (0.8, 0.8, 0.8))
    steps = (np.arange(100) + 0.5) / 100
    height = CAMERA.y + depth[..., None] * rise[..., None] * steps
    tau = beta * depth * way * np.exp(-height / scale).mean(-1)
    assert np.allclose(-np.log(transmittance(seen, 0.8)), tau, rtol=0.003, atol=1e-4)


@pytest.mark.parametrize("q", [-0.9, -0.149, 0.0, 1e-4, 0.149, 0.151, 2.0, 40.0])
def test_mean_density(q: float) -> None:
    exact = 1.0 if q == 0 else -np.expm1(-q) / q
    assert float(mean_density(np.float32(q))) == pytest.approx(exact, rel=1e-4)


def test_decay_is_an_exponential() -> None:
    for x in np.linspace(-1, 10, 50):
        assert float(decay(np.float32(x))) == pytest.approx(np.exp(-x), rel=5e-3 if x > 3 else 2e-4)
    assert 0 <= float(decay(np.float32(1e30))) < 1e-20


def test_the_sky_above_a_layer_of_fog_shows_and_at_the_horizon_it_does_not() -> None:
    depth = np.full((HEIGHT, WIDTH), np.inf, np.float32)
    seen = veil(formed(depth).radiance, depth, CAMERA, 0.01, 20.0, 0.0, (0.8, 0.8, 0.8))
    way, rise = rays()
    tau = 0.01 * np.exp(-CAMERA.y / 20) * 20 * way[0] / rise[0]
    assert np.allclose(transmittance(seen, 0.8)[0], np.exp(-tau), rtol=0.01)
    horizon = int(CAMERA.horizon * HEIGHT)
    assert np.allclose(seen[horizon:], 0.8, atol=1e-4)
    assert np.allclose(veil(formed(depth).radiance, depth, CAMERA, 0.01, 1e9, 0.0, (0.8, 0.8, 0.8)), 0.8, atol=1e-4)


@pytest.mark.parametrize("domain", SEVERITY)
def test_at_severity_0_the_air_is_clear_in_every_domain(domain: str) -> None:
    depth = screens(60.0)
    given = formed(depth)
    seen = through_air(given, SCENE, draw_conditions("north", domain, 0.0, 3), np.uint64(1))
    assert np.allclose(seen, given.radiance, atol=1e-6)


def test_spray_hangs_low() -> None:
    depth = np.full((HEIGHT, WIDTH), 30.0, np.float32)
    seen = veil(formed(depth).radiance, depth, CAMERA, 0.0, 1e9, 0.003, (0.8, 0.8, 0.8))
    loss = 1 - transmittance(seen, 0.8)
    assert loss[int(CAMERA.horizon * HEIGHT)].mean() > 3 * loss[0].mean() > 0


def test_what_is_formed_is_left_as_it_is() -> None:
    given = formed(screens(60.0))
    before = given.radiance.copy()
    for domain in SEVERITY:
        through_air(given, SCENE, draw_conditions("north", domain, 2.0, 3), np.uint64(1))
    assert np.array_equal(given.radiance, before)
