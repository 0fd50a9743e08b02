import colorsys

import cv2
import numpy as np
import pytest

from fairweather.generators.rendering.tone import curve, lightness, saturated, through


def pixels(count=4000, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (20, count // 20, 3), dtype=np.uint8)


@pytest.mark.parametrize(("gain", "below"), [(2.5, 148.75), (0.7, None), (1.6, None), (0.0, None), (1.0, 90.0)])
def test_the_lightness_of_hls_times_a_gain_as_the_standard_library_has_it(gain, below):
    image = pixels()
    made = lightness(image, gain, below)
    for (r, g, b), found in zip(image.reshape(-1, 3), made.reshape(-1, 3), strict=True):
        hue, light, saturation = colorsys.rgb_to_hls(r / 255, g / 255, b / 255)
        if below is None or light * 255 < below:
            light = min(light * gain, 1.0)
        wanted = np.array(colorsys.hls_to_rgb(hue, light, saturation)) * 255
        assert np.abs(found - wanted).max() <= 0.52


def test_it_is_automolds_snow_up_to_the_rounding_of_eight_bit_hls():
    image = cv2.GaussianBlur(pixels(40000), (0, 0), 3)
    hls = cv2.cvtColor(image, cv2.COLOR_RGB2HLS).astype(float)
    hls[..., 1][hls[..., 1] < 140] *= 2.5
    theirs = cv2.cvtColor(np.minimum(hls, 255).astype(np.uint8), cv2.COLOR_HLS2RGB)
    assert np.abs(lightness(image, 2.5, 140) - theirs.astype(float)).mean() < 2.5


def test_lightness_one_changes_nothing_and_what_is_bright_stays():
    image = pixels()
    assert np.array_equal(lightness(image, 1.0), image)
    light = (image.max(2).astype(int) + image.min(2)) / 2
    made = lightness(image, 2.5, 120)
    assert np.array_equal(made[light >= 120], image[light >= 120])
    assert (made[light < 120].astype(int).sum(1) >= image[light < 120].sum(1)).all()


def test_saturation_keeps_luma_and_pulls_towards_it():
    image = pixels()
    luma = image @ [0.299, 0.587, 0.114]
    made = saturated(image, 0.7)
    assert np.abs(made - (luma[..., None] + 0.7 * (image - luma[..., None]))).max() < 1.2
    assert np.array_equal(saturated(image, 1.0), image)
    assert np.ptp(saturated(image, 0.0), axis=2).max() == 0


def test_curves():
    assert np.array_equal(curve(1.0, 1.0, 99.0, 1.0), np.arange(256))
    assert np.array_equal(curve(0.5, 1.0, 0.0, 1.0), (np.arange(256) * 0.5 + 0.5).astype(np.uint8))
    assert np.allclose(
        curve(1.0, 0.8, 100.0, 0.9), 255 * ((100 + 0.8 * (np.arange(256) - 100.0)) / 255) ** 0.9, atol=0.51
    )
    assert curve(3.0, 1.0, 0.0, 1.0)[-1] == 255


def test_one_curve_for_all_channels_or_one_for_each():
    image = pixels()
    half, inverse = np.arange(256, dtype=np.uint8) // 2, np.arange(255, -1, -1, dtype=np.uint8)
    assert np.array_equal(through(image, half), image // 2)
    made = through(image, half, inverse, half)
    assert np.array_equal(made[..., 1], 255 - image[..., 1]) and np.array_equal(made[..., 2], image[..., 2] // 2)


def test_locked_views_are_read():
    image = pixels()[:, ::-2]
    image.flags.writeable = False
    for act in (
        lambda i: lightness(i, 2.5),
        lambda i: saturated(i, 0.5),
        lambda i: through(i, np.arange(256, dtype=np.uint8)),
    ):
        assert np.array_equal(act(image), act(image.copy()))
