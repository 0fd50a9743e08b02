"""What a picture and a parameter must be."""

import numpy as np
import pytest

from fairweather.errors import InputError
from fairweather.generators.weather.picture import contiguous, target, within


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((4, 5), np.uint8),
        np.zeros((4, 5, 4), np.uint8),
        np.zeros((4, 5, 3), np.float32),
        np.zeros((0, 5, 3), np.uint8),
    ],
)
def test_another_kind_of_array_is_refused_by_kind_and_shape(image: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"picture is \w+ of shape .*; allowed is uint8 \(H, W, 3\)"):
        contiguous(image)


def test_a_view_becomes_contiguous_and_a_contiguous_array_is_not_copied() -> None:
    image = np.zeros((4, 6, 3), np.uint8)
    assert np.shares_memory(contiguous(image), image)
    assert not contiguous(image).flags.writeable
    assert contiguous(image[:, ::2]).flags.c_contiguous


@pytest.mark.parametrize(
    "out", [np.zeros((4, 5, 3), np.uint8), np.zeros((4, 6, 3)), np.zeros((4, 12, 3), np.uint8)[:, ::2]]
)
def test_a_target_that_does_not_fit_is_refused(out: np.ndarray) -> None:
    with pytest.raises(ValueError, match="out is"):
        target(np.zeros((4, 6, 3), np.uint8), out)


@pytest.mark.parametrize("value", [0.9, 10.1, float("nan"), float("inf"), -5])
def test_a_parameter_outside_its_range_is_refused_in_one_line(value: float) -> None:
    with pytest.raises(InputError, match=r"rain .* mm/h; allowed are 1 to 10 mm/h") as caught:
        within("rain", value, 1, 10, " mm/h")
    assert "\n" not in str(caught.value)


def test_the_ends_of_the_range_are_allowed() -> None:
    assert within("rain", 1, 1, 10) == 1
    assert within("rain", 10, 1, 10) == 10
