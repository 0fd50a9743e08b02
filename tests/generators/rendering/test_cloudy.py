from dataclasses import replace

import numpy as np
import pytest

from fairweather.generators.rendering.cloudy import BRIGHTEST, DARKEST, cloud, cloudy
from fairweather.vocabulary.streams import stream


def colourfulness(image):
    return float(np.ptp(image.astype(int), axis=2).mean())


@pytest.mark.parametrize("draw", range(5))
def test_the_sky_turns_grey_and_the_street_paler_and_flatter(scene, draw):
    street = scene()
    made = cloudy(street, stream(0, "pool", draw))
    sky, ground = street.label == 10, street.label != 10
    assert colourfulness(made[sky][None]) < 0.45 * colourfulness(street.image[sky][None])
    assert 180 < made[sky].mean() < 226
    assert colourfulness(made[ground][None]) < 0.9 * colourfulness(street.image[ground][None])
    assert made[ground].std() < street.image[ground].std()
    shadow = street.label == 13
    assert made[shadow].mean() > street.image[shadow].mean()


def test_cloud_fills_its_range_and_is_smooth():
    layer = cloud(180, 320, stream(0, "pool"))
    assert DARKEST <= layer.min() < DARKEST + 3 and BRIGHTEST - 3 < layer.max() <= BRIGHTEST
    assert np.abs(np.diff(layer.astype(int), axis=0)).max() < 8


@pytest.mark.parametrize("size", [(32, 32), (33, 57), (1024, 2048)])
def test_any_size(scene, size):
    street = scene(*size)
    assert cloudy(street, stream(0, "pool")).shape == (*size, 3)


def test_it_is_a_function_of_its_source_and_its_stream(scene, views):
    street = scene()
    made = cloudy(street, stream(0, "pool", 1))
    assert np.array_equal(made, cloudy(street, stream(0, "pool", 1)))
    assert not np.array_equal(made, cloudy(street, stream(0, "pool", 2)))
    view = views(street)
    whole = replace(view, image=view.image.copy(), label=view.label.copy())
    assert np.array_equal(cloudy(view, stream(0, "pool", 1)), cloudy(whole, stream(0, "pool", 1)))


def test_without_a_label_the_sky_is_still_covered(scene):
    street = scene()
    made = cloudy(replace(street, classes=(), label=np.full_like(street.label, 255)), stream(0, "pool"))
    assert colourfulness(made[:50]) < 0.5 * colourfulness(street.image[:50])
