import numpy as np
import pytest

from fairweather.strategies.exposure import expose
from fairweather.vocabulary.streams import stream


def test_exposure_multiplies_and_the_noise_has_its_spread():
    image = np.full((200, 200, 3), 100, np.uint8)
    out = expose(image, 0.8, 0.02, stream(0, "strategy")).astype(float)
    assert out.mean() == pytest.approx(80, abs=0.1)
    # rounding to whole grey levels adds a variance of 1/12
    assert out.std() == pytest.approx(np.hypot(5.1, 12**-0.5), abs=0.05)
    assert abs(np.corrcoef(out[..., 0].ravel(), out[..., 1].ravel())[0, 1]) < 0.02


def test_without_noise_it_is_the_rounded_product_clipped_at_white():
    image = np.arange(255, dtype=np.uint8).repeat(3).reshape(15, 17, 3)
    for exposure in (0.25, 1.0, 1.2, 3.0):
        exact = np.rint(image.astype(np.float32) * np.float32(exposure)).clip(0, 255)
        assert np.array_equal(expose(image, exposure, 0.0, stream(0, "strategy")), exact)


def test_noise_at_black_and_white_stays_in_range():
    for level in (0, 255):
        out = expose(np.full((20, 20, 3), level, np.uint8), 1.0, 0.1, stream(0, "strategy"))
        assert abs(out.astype(float) - level).mean() < 20
