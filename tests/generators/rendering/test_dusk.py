from dataclasses import replace

import numpy as np
import pytest

from fairweather.generators.rendering.dusk import dawn_dusk
from fairweather.vocabulary.streams import stream


@pytest.mark.parametrize("draw", range(5))
def test_the_light_is_dim_and_warm_and_the_sky_orange_below_and_blue_above(scene, draw):
    street = scene()
    made = dawn_dusk(street, stream(0, "pool", draw)).astype(float)
    ground = street.label == 0
    assert made[ground].mean() < 0.9 * street.image[ground].mean()
    red, _, blue = made[ground].mean(axis=0) / street.image[ground].mean(axis=0)
    assert 1.2 < red / blue < 2
    top, low = made[:6].mean(axis=(0, 1)), made[56:62].mean(axis=(0, 1))
    assert low[0] > low[2] + 40 and low[0] > top[0] + 30 and top[2] > top[0] - 25


def test_without_glow_the_ground_is_the_product_of_gain_and_lightness(scene):
    street = scene(64, 96)
    dark = replace(street, image=street.image // 3, label=np.zeros_like(street.label))
    rng = stream(0, "pool")
    gains = rng.uniform((1.05, 0.85, 0.65), (1.2, 0.95, 0.8))
    dimming = rng.uniform((0.55, 0.5, 0.0, 0.3), (0.8, 0.8, 1.0, 0.6))[0]
    assert np.abs(dawn_dusk(dark, stream(0, "pool")) - dark.image * gains * dimming).max() <= 0.51


@pytest.mark.parametrize("size", [(32, 32), (33, 57), (1024, 2048)])
def test_any_size(scene, size):
    street = scene(*size)
    assert dawn_dusk(street, stream(0, "pool")).shape == (*size, 3)


def test_it_is_a_function_of_its_source_and_its_stream(scene, views):
    street = scene()
    made = dawn_dusk(street, stream(0, "pool", 1))
    assert np.array_equal(made, dawn_dusk(street, stream(0, "pool", 1)))
    assert not np.array_equal(made, dawn_dusk(street, stream(0, "pool", 2)))
    view = views(street)
    whole = replace(view, image=view.image.copy(), label=view.label.copy())
    assert np.array_equal(dawn_dusk(view, stream(0, "pool", 1)), dawn_dusk(whole, stream(0, "pool", 1)))


def test_without_a_label_the_sky_is_still_painted(scene):
    street = scene()
    made = dawn_dusk(replace(street, classes=(), label=np.full_like(street.label, 255)), stream(0, "pool")).astype(int)
    assert (made[50:58, :, 0] > made[50:58, :, 2] + 30).all()
