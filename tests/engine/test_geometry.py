import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fairweather.engine.geometry import cut, draw_window

SIZES = st.tuples(st.integers(20, 90), st.integers(20, 90))


@given(SIZES, SIZES, st.floats(0.4, 2.0), st.floats(1.0, 1.5), st.integers(0, 99))
def test_image_and_label_move_together(
    size: tuple[int, int], crop: tuple[int, int], low: float, spread: float, seed: int
) -> None:
    # The image encodes its own label: one grey level per class of a 10-pixel checkerboard.
    rows, columns = np.indices(size) // 10
    label = ((rows + columns) % 5).astype(np.uint8)
    image = np.repeat((label * 50)[..., None], 3, axis=2)
    window = draw_window(np.random.default_rng(seed), size, crop, (low, low * spread))
    shaped, target = cut(image, label, window, crop)
    assert shaped.shape == (*crop, 3) and target.shape == crop and shaped.dtype == target.dtype == np.uint8
    pure = (shaped[..., 0] % 50 == 0) & (shaped[..., 0] == shaped[..., 1]) & (target != 255)
    agree = shaped[..., 0][pure] // 50 == target[pure]
    assert not pure.any() or agree.mean() > 0.9  # rounding at the edges of a cell apart
    assert set(np.unique(target)) <= {0, 1, 2, 3, 4, 255}


def test_what_lies_outside_is_filled_and_ignored() -> None:
    image, label = np.full((10, 10, 3), 7, np.uint8), np.zeros((10, 10), np.uint8)
    window = draw_window(np.random.default_rng(0), (10, 10), (40, 40), (1.0, 1.0))
    shaped, target = cut(image, label, window, (40, 40))
    assert (target == 0).sum() == 100 and (target == 255).sum() == 1500
    assert (shaped[target == 255] == (124, 116, 104)).all() and (shaped[target == 0] == 7).all()


def test_the_input_is_left_untouched_and_the_output_is_new() -> None:
    image, label = np.random.default_rng(0).integers(0, 255, (30, 30, 3), np.uint8), np.ones((30, 30), np.uint8)
    before = image.copy(), label.copy()
    window = draw_window(np.random.default_rng(1), (30, 30), (30, 30), (1.0, 1.0))
    shaped, target = cut(image, label, window, (30, 30))
    shaped[:], target[:] = 0, 0
    assert np.array_equal(image, before[0]) and np.array_equal(label, before[1])
