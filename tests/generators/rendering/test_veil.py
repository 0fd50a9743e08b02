import numpy as np

from fairweather.generators.rendering.veil import seen_through


def test_light_is_kept_and_added_to_a_rounding():
    rng = np.random.default_rng(1)
    image = rng.integers(0, 256, (40, 50, 3), dtype=np.uint8)
    opacity, grey = rng.random((40, 50)), rng.random((40, 50)) * 255
    kept, added = (1 - opacity) * 65535, opacity * grey * 256
    made = seen_through(image, (kept + 0.5).astype(np.uint16), (added + 0.5).astype(np.uint16))
    exact = image * (1 - opacity)[..., None] + (opacity * grey)[..., None]
    assert np.abs(made - exact).max() < 0.52


def test_nothing_in_front_changes_nothing_and_too_much_light_is_white():
    image = np.arange(256, dtype=np.uint8).repeat(3).reshape(16, 16, 3)
    clear, none = np.full((16, 16), 65535, np.uint16), np.zeros((16, 16), np.uint16)
    assert np.array_equal(seen_through(image, clear, none), image)
    assert (seen_through(image, clear, clear) == 255).all()
