import numpy as np
import pytest

from fairweather.generators import Source
from fairweather.generators.noise import Noise
from fairweather.vocabulary.streams import stream


def test_noise_is_uniform_and_knows_nothing_of_its_source():
    image = np.full((96, 128, 3), 255, np.uint8)
    made = Noise().generate(Source(image, image[..., 0]), "clear_day", stream(0, "pool", 1))
    assert made.mean() == pytest.approx(127.5, abs=1.5)
    assert made.std() == pytest.approx((256**2 / 12) ** 0.5, abs=1.5)
    assert (made.min(), made.max()) == (0, 255)
    assert np.array_equal(made, Noise().generate(Source(image * 0, image[..., 0]), "clear_day", stream(0, "pool", 1)))
    assert not np.array_equal(made, Noise().generate(Source(image, image[..., 0]), "clear_day", stream(0, "pool", 2)))
