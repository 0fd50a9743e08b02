import numpy as np

from fairweather.generators.rendering.blend import blended


def test_every_weight_gives_the_rounded_mixture():
    rng = np.random.default_rng(1)
    image, layer = rng.integers(0, 256, (2, 256, 40, 3), dtype=np.uint8)
    weight = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 40, axis=1)
    share = weight[..., None] / 255
    wanted = image * (1 - share) + layer * share
    made = blended(image, layer, weight)
    assert np.abs(made - wanted).max() <= 0.501
    assert np.array_equal(made[0], image[0]) and np.array_equal(made[255], layer[255])


def test_locked_views_are_read():
    image, layer = np.random.default_rng(1).integers(0, 256, (2, 16, 40, 3), dtype=np.uint8)[:, :, ::-2]
    weight = np.full((16, 20), 100, np.uint8)[:, ::-1]
    for plane in (image, layer, weight):
        plane.flags.writeable = False
    assert np.array_equal(blended(image, layer, weight), blended(image.copy(), layer.copy(), weight.copy()))
