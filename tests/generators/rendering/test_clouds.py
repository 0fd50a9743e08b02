import numpy as np
import pytest

from fairweather.generators.rendering import clouds
from fairweather.vocabulary.streams import stream

STREET = np.kron(np.random.default_rng(1).integers(0, 256, (12, 20, 3)), np.ones((8, 8, 1))).astype(np.uint8)


@pytest.mark.parametrize(("kind", "least", "most"), [("WIDE", 0, 0.75), ("SMALL", 0, 1), ("FOG", 0.28, 0.95)])
def test_opacity_stays_within_what_the_ranges_allow(kind, least, most):
    """FOG: at least (0.7 + 0.3 * 0.01)^0.9 * 0.4 = 0.292, at most (0.9 + 0.3)^0.9 * 0.9 = 1.06; others reach from 0 on."""
    means = []
    for k in range(30):
        opacity, grey = clouds.layer((96, 160), getattr(clouds, kind), stream(0, "pool", k))
        assert opacity.shape == grey.shape == (96, 160)
        assert opacity.min() >= 0 and opacity.max() <= 1 and grey.min() >= 0 and grey.max() <= 255
        assert opacity.min() >= least
        means.append(opacity.mean())
        assert grey.mean() > 150
    assert np.mean(means) < most and np.ptp(means) > 0.1


def test_layers_are_laid_one_over_the_other():
    rng = np.random.default_rng(1)
    layers = [(rng.random((96, 160), np.float32), rng.random((96, 160), np.float32) * 255) for _ in range(2)]
    exact = STREET.astype(np.float64)
    for opacity, grey in layers:
        exact = exact * (1 - opacity)[..., None] + (opacity * grey)[..., None]
    assert np.abs(clouds.veiled(STREET, layers) - exact).max() < 0.53


def test_clouds_take_contrast_and_saturation_and_vary_from_stream_to_stream():
    made = [clouds.clouded(STREET, stream(0, "pool", k)) for k in range(12)]
    assert all(image.std() < STREET.std() for image in made)
    assert all(np.ptp(image, axis=2).mean() < np.ptp(STREET, axis=2).mean() for image in made)
    assert np.mean([image.mean() for image in made]) > STREET.mean() + 10
    assert len({image.tobytes() for image in made}) == 12


def test_a_large_picture_gets_its_clouds_from_a_coarser_grid():
    opacity, _ = clouds.layer((512, 1024), clouds.WIDE, stream(0, "pool", 1))
    assert opacity.shape == (160, 320)
    made = clouds.veiled(np.zeros((512, 1024, 3), np.uint8), [(opacity, np.full_like(opacity, 200))])
    assert made.shape == (512, 1024, 3)
    assert made.mean() == pytest.approx(200 * opacity.mean(), abs=0.5)
