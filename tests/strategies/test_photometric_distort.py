import cv2
import numpy as np
import pytest

from fairweather.errors import InputError
from fairweather.strategies.photometric_distort import PhotometricDistort
from fairweather.vocabulary.streams import stream


def scaled(plane, gain=1.0, shift=0.0):
    return np.clip(plane.astype(np.float32) * gain + shift, 0, 255).astype(np.uint8)


def published(bgr, coins, shift, gain, saturation, hue):
    """The steps in the words of the source, on BGR as there, without tables."""
    brighten, contrast_first, contrast, saturate, turn = coins
    if brighten:
        bgr = scaled(bgr, shift=shift)
    if contrast and contrast_first:
        bgr = scaled(bgr, gain=gain)
    if saturate:
        hsv = cv2.cvtColor(bgr, cv2.COLOR_BGR2HSV)
        hsv[..., 1] = scaled(hsv[..., 1], gain=saturation)
        bgr = cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR)
    if turn:
        hsv = cv2.cvtColor(bgr, cv2.COLOR_BGR2HSV)
        hsv[..., 0] = (hsv[..., 0].astype(int) + hue) % 180
        bgr = cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR)
    if contrast and not contrast_first:
        bgr = scaled(bgr, gain=gain)
    return bgr


def test_it_is_the_published_arithmetic_in_rgb_order():
    image = np.random.default_rng(0).integers(0, 256, (31, 47, 3), dtype=np.uint8)
    label = np.zeros((31, 47), np.uint8)
    seen = set()
    for step in range(250):
        rng = stream(0, "strategy", step)
        rng.random()
        coins = tuple(rng.random(5) < 0.5)
        values = rng.uniform(-32, 32), rng.uniform(0.5, 1.5), rng.uniform(0.5, 1.5), rng.integers(-18, 18)
        ours, labels = PhotometricDistort().on_sample(image, label, stream(0, "strategy", step))
        theirs = published(np.ascontiguousarray(image[..., ::-1]), coins, *values)[..., ::-1]
        assert np.array_equal(ours, theirs), coins
        assert labels is label
        seen.add(coins)
    assert len(seen) == 32  # every pattern of the coins


def test_contrast_happens_in_half_of_the_images_and_one_of_16_is_left_alone():
    only = PhotometricDistort(brightness=0, saturation=0, hue=1)
    image = np.full((4, 4, 3), 100, np.uint8)  # grey: the hue step cannot be seen
    label = np.zeros((4, 4), np.uint8)
    changed = sum((only.on_sample(image, label, stream(0, "strategy", k))[0] != 100).any() for k in range(2000))
    assert changed / 2000 == pytest.approx(0.5, abs=0.04)
    image = np.random.default_rng(1).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    same = sum(
        PhotometricDistort().on_sample(image, image[..., 0], stream(1, "strategy", k))[0] is image for k in range(2000)
    )
    assert same / 2000 == pytest.approx(1 / 16, abs=0.02)


@pytest.mark.parametrize("wrong", [{"contrast": 1.5}, {"saturation": -0.1}, {"hue": 0}, {"brightness": 300}])
def test_parameters_outside_their_range_are_refused(wrong):
    with pytest.raises(InputError, match="PhotometricDistort"):
        PhotometricDistort(**wrong)
