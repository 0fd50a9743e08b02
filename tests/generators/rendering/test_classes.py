import numpy as np
import pytest

from fairweather.generators import Source
from fairweather.generators.rendering.classes import SPELLINGS, horizon, over_sky, sky, where
from fairweather.vocabulary.labels import label_space, label_space_names


def source(label, classes=(), image=None):
    label = np.asarray(label, np.uint8)
    return Source(np.zeros((*label.shape, 3), np.uint8) if image is None else image, label, classes=classes)


@pytest.mark.parametrize(
    ("space", "name", "wanted"),
    [
        ("cityscapes19", "car", {"car"}), ("cityscapes19", "pole", {"pole"}), ("camvid11", "sidewalk", {"pavement"}),
        ("camvid11", "traffic sign", {"sign_symbol"}), ("camvid11", "traffic light", set()), ("cityscapes7", "car", {"vehicle"}),
        ("cityscapes7", "road", {"flat"}), ("toy4", "building", {"block"}), ("toy4", "sky", {"sky"}), ("toy4", "car", set()),
    ],
)  # fmt: skip
def test_a_class_is_found_by_its_name_in_every_space(space, name, wanted):
    classes = label_space(space).classes
    mask = where(source(np.arange(256).reshape(16, 16), classes), name).ravel()
    assert {classes[v] for v in np.flatnonzero(mask)} == wanted


def test_every_spelling_is_of_a_known_space():
    known = {name for space in label_space_names() for name in label_space(space).classes}
    assert {*SPELLINGS} <= {*label_space("cityscapes19").classes}
    assert {s for spellings in SPELLINGS.values() for s in spellings} <= known


def test_several_names_are_joined_and_ignored_pixels_belong_to_none():
    label = [[13, 14, 15, 255, 0]]
    assert where(source(label, label_space("cityscapes19").classes), "car", "bus").tolist() == [[1, 0, 1, 0, 0]]
    assert not where(source(label), "car").any()


def street(size=(120, 200)):
    """A blue sky over a striped house front and a dark road, without a word about it."""
    image = np.full((*size, 3), 70, np.uint8)
    image[: size[0] // 3] = (150, 180, 220)
    image[size[0] // 3 : size[0] // 2, ::2] = 200
    image[size[0] * 2 // 3 :, :40] = (200, 210, 220)  # bright and smooth, but below
    return image


def test_the_sky_is_the_labelled_one_even_if_there_is_none():
    classes = label_space("cityscapes19").classes
    image = street()
    label = np.zeros(image.shape[:2], np.uint8)
    assert not sky(source(label, classes, image)).any()
    label[:10, :50] = 10
    assert np.array_equal(sky(source(label, classes, image)), label == 10)


@pytest.mark.parametrize("classes", [(), label_space("cityscapes19").classes])
def test_without_a_label_the_sky_is_the_bright_smooth_upper_part(classes):
    image = street()
    label = np.full(image.shape[:2], 255, np.uint8)
    found = sky(source(label, classes, image))
    assert found[:36].all() and not found[48:].any()
    assert not sky(source(label, classes, image // 4)).any()  # nothing bright


def test_the_horizon_is_the_lowest_row_of_sky_that_counts():
    mask = np.zeros((100, 200), bool)
    assert horizon(mask) == 50
    mask[:30] = True
    mask[60, 5] = True  # a speck
    assert horizon(mask) == 29


def test_a_layer_over_the_sky_takes_in_what_shines_through_a_tree_and_no_wall():
    classes = label_space("cityscapes19").classes
    image = np.full((96, 160, 3), 60, np.uint8)
    image[:40] = 230
    image[40:56, 20:60:4] = 230  # bright gaps in a tree, and in a wall beside it
    image[40:56, 100:140:4] = 230
    label = np.zeros((96, 160), np.uint8)
    label[:40], label[40:56, :80], label[40:56, 80:] = 10, 8, 2
    weight = over_sky(source(label, classes, image), label == 10, 0.5)
    assert (weight[:38] == 128).all() and not weight[60:].any()
    assert weight[44, 20:60:4].min() > 100 and not weight[44, 21:60:4].any()
    assert not weight[44, 90:].any()


def test_no_sky_takes_no_layer():
    assert not over_sky(source(np.zeros((32, 32)), image=street((32, 32))), np.zeros((32, 32), bool), 0.9).any()
