"""Consistency by hand on a label of six pixels."""

import numpy as np
import pytest

from fairweather.errors import InputError
from fairweather.generators.quality.segmentation import Consistency, consistency

LABEL = np.array([[0, 0, 1], [1, 1, 255]], np.uint8)


def image_of(prediction: list[list[int]]) -> np.ndarray:
    """An image that carries the prediction in its first channel; `seen` reads it back."""
    return np.repeat(np.array(prediction, np.uint8)[..., None], 3, axis=2)


def seen(image: np.ndarray) -> np.ndarray:
    return image[..., 0]


def found(*predictions: list[list[int]], classes: int = 3) -> Consistency:
    return consistency(((image_of(p), LABEL) for p in predictions), seen, classes)


def test_ratios_by_hand() -> None:
    """Class 0: 1 of 2 found, nothing false; class 1: 3 of 3 found, 1 false; the ignored pixel's 2 counts nowhere."""
    result = found([[0, 1, 1], [1, 1, 2]])
    np.testing.assert_array_equal(result.matrix, [[1, 1, 0], [0, 3, 0], [0, 0, 0]])
    assert result.matrix.dtype == np.int64
    assert result.pixel_accuracy == pytest.approx(80)
    np.testing.assert_allclose(result.class_iou, [50, 75, np.nan])
    assert result.mean_iou == pytest.approx(62.5)
    assert result.frequency_weighted_iou == pytest.approx((2 * 50 + 3 * 75) / 5)
    assert result.images == 1


def test_counts_are_summed_before_ratios_whatever_the_order() -> None:
    good, bad = [[0, 0, 1], [1, 1, 0]], [[1, 1, 0], [0, 0, 0]]
    both, turned = found(good, bad), found(bad, good)
    np.testing.assert_array_equal(both.matrix, turned.matrix)
    assert found(good).pixel_accuracy == 100
    assert found(bad).mean_iou == 0
    assert both.pixel_accuracy == 50
    assert both.images == 2


def test_a_label_of_nothing_has_no_ratio() -> None:
    empty = consistency([(image_of([[0]]), np.full((1, 1), 255, np.uint8))], seen, 2)
    assert np.isnan(empty.pixel_accuracy) and np.isnan(empty.mean_iou) and np.isnan(empty.frequency_weighted_iou)


def test_bad_input_is_refused_in_one_line() -> None:
    with pytest.raises(InputError, match="no images"):
        consistency([], seen, 2)
    with pytest.raises(InputError, match=r"prediction of image 0 is uint8 \(1, 1\); allowed is uint8 \(2, 3\)"):
        found([[0]])
    with pytest.raises(InputError, match="prediction of image 0 is float64"):
        consistency([(image_of([[0, 0, 1], [1, 1, 0]]), LABEL)], lambda image: seen(image).astype(float), 3)
    with pytest.raises(InputError, match=r"allowed are 0\.\.0 and 255"):
        found([[0, 0, 0], [0, 0, 0]], classes=1)
