from dataclasses import replace

import cv2
import numpy as np
import pytest

from fairweather.generators.rendering.night import _grain, night
from fairweather.vocabulary.labels import label_space
from fairweather.vocabulary.streams import stream


@pytest.mark.parametrize("draw", range(5))
def test_it_is_dark_and_the_sky_darker_than_in_proportion(scene, draw):
    street = scene()
    made = night(street, stream(0, "pool", draw)).astype(float)
    assert made.mean() < 0.5 * street.image.mean()
    sky, house = street.label == 10, street.label == 2
    assert np.median(made[sky]) < np.median(made[house])


def test_lights_appear_on_vehicles_and_only_there(scene):
    """The same stream over the same picture, with the car labelled and labelled as road: lamps and noise are the same."""
    street = scene()
    car = street.label == 13
    other = replace(street, label=np.where(car, np.uint8(0), street.label))
    lit = 0
    for draw in range(12):
        with_car = night(street, stream(0, "pool", draw)).astype(int)
        without = night(other, stream(0, "pool", draw)).astype(int)
        lamp = cv2.dilate((without.max(axis=2) > 120).astype(np.uint8), np.ones((15, 15))) > 0  # none before the car
        added = np.where(lamp, 0, (with_car - without).max(axis=2))
        assert added.min() > -3  # light is only added
        assert car[added > 150].all()
        lit += bool((added > 150).any())
    assert 2 <= lit <= 9  # 20-60 % of the vehicles


def test_traffic_lights_shine_red_above_or_green_below(scene):
    street = scene()
    label, image = street.label.copy(), street.image.copy()
    label[60:90, 200:212] = 6
    image[60:90, 200:212] = 20
    seen = set()
    for draw in range(30):
        made = night(replace(street, label=label, image=image), stream(0, "pool", draw))
        upper, lower = made[66, 205].astype(int), made[84, 205].astype(int)
        if upper[0] > 150 and upper[1] < 120:
            seen.add("red above")
        if lower[1] > 150 and lower[0] < 120:
            seen.add("green below")
    assert seen == {"red above", "green below"}


def test_lamps_never_stand_before_a_person(scene):
    street = scene()
    everywhere = replace(street, label=np.full_like(street.label, 11))
    assert all(night(everywhere, stream(0, "pool", draw)).max() < 230 for draw in range(6))


def test_the_grain_is_standard_and_grows_with_the_light(scene):
    grain = _grain(stream(0, "pool"), 96)
    assert abs(grain.mean()) < 0.02 and abs(grain.std() - 1) < 0.02
    street = scene()
    flat = replace(street, image=np.full_like(street.image, 90), label=np.full_like(street.label, 11))
    made = night(flat, stream(0, "pool")).astype(float)
    assert 0.5 < made[20:60, 20:60].std() < 12


def test_it_is_blue_where_no_lamp_is(scene):
    street = replace(scene(), label=np.full((192, 320), 11, np.uint8))
    grey = replace(street, image=np.full_like(street.image, 140))
    red, _, blue = np.median(night(grey, stream(0, "pool", 3))[:20], axis=(0, 1))
    assert blue > red


@pytest.mark.parametrize("size", [(32, 32), (33, 57), (1024, 2048)])
def test_any_size(scene, size):
    street = scene(*size)
    assert night(street, stream(0, "pool")).shape == (*size, 3)


def test_it_is_a_function_of_its_source_and_its_stream(scene, views):
    street = scene()
    made = night(street, stream(0, "pool", 1))
    assert np.array_equal(made, night(street, stream(0, "pool", 1)))
    assert not np.array_equal(made, night(street, stream(0, "pool", 2)))
    view = views(street)
    whole = replace(view, image=view.image.copy(), label=view.label.copy())
    assert np.array_equal(night(view, stream(0, "pool", 1)), night(whole, stream(0, "pool", 1)))


@pytest.mark.parametrize("classes", [(), label_space("camvid11").classes, label_space("cityscapes19").classes])
def test_nothing_known_leaves_lamps_and_darkness(scene, classes):
    street = scene()
    made = night(replace(street, classes=classes, label=np.full_like(street.label, 255)), stream(0, "pool"))
    assert made.mean() < 0.5 * street.image.mean() and made.max() > 200
    assert np.median(made[:50]) < np.median(made[70:100])
