"""Metrics from counts: golden values worked by hand, absent classes, maps between label spaces, support."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torchmetrics.classification import MulticlassJaccardIndex

from fairweather.scores.confusion import confusion_matrix
from fairweather.scores.metrics import (
    Counts,
    class_counts,
    frequency_weighted_iou,
    iou,
    mapped_counts,
    mean_iou,
    no_counts,
    pixel_accuracy,
    support,
)
from fairweather.vocabulary.labels import IGNORE, LabelMap, label_map

no_deadline = settings(deadline=None, max_examples=100)

# Worked by hand. Class 0: I 6, P 7, L 10 -> 6/11. Class 1: I 3, P 7, L 5 -> 3/9. Class 2: never labelled, once predicted.
MATRIX = np.array([[6, 4, 0], [1, 3, 1], [0, 0, 0]], np.int64)
BY_HAND = Counts(np.array([6, 3, 0]), np.array([7, 7, 1]), np.array([10, 5, 0]))


def matrices(num_classes: int) -> st.SearchStrategy[np.ndarray]:
    size = num_classes * num_classes
    return st.lists(st.integers(0, 50), min_size=size, max_size=size).map(
        lambda flat: np.array(flat, np.int64).reshape(num_classes, num_classes)
    )


def test_golden_values_worked_by_hand() -> None:
    counts = class_counts(MATRIX)
    for field in ("intersection", "predicted", "labelled"):
        np.testing.assert_array_equal(getattr(counts, field), getattr(BY_HAND, field))
    values = iou(counts)
    np.testing.assert_allclose(values, [100 * 6 / 11, 100 * 3 / 9, np.nan])  # unions: 7 + 10 - 6 and 7 + 5 - 3
    assert mean_iou(values) == pytest.approx(100 * (6 / 11 + 3 / 9) / 2)
    assert mean_iou(values, np.array([False, True, True])) == pytest.approx(100 * 3 / 9)
    assert pixel_accuracy(counts) == pytest.approx(100 * 9 / 15)
    assert frequency_weighted_iou(counts) == pytest.approx(100 * (10 * 6 / 11 + 5 * 3 / 9) / 15)


def test_an_absent_class_is_neither_0_nor_100() -> None:
    nothing = iou(no_counts(3))
    assert np.isnan(nothing).all()
    assert np.isnan(mean_iou(nothing))
    assert np.isnan(mean_iou(iou(class_counts(MATRIX)), np.array([False, False, True])))
    assert np.isnan(pixel_accuracy(no_counts(3)))
    assert np.isnan(frequency_weighted_iou(no_counts(3)))


@no_deadline
@given(matrices(4))
def test_equals_torchmetrics_where_every_class_is_labelled(matrix: np.ndarray) -> None:
    matrix = matrix + np.eye(4, dtype=np.int64)
    rows, columns = np.indices((4, 4))
    label, prediction = np.repeat(rows.ravel(), matrix.ravel()), np.repeat(columns.ravel(), matrix.ravel())
    referee = MulticlassJaccardIndex(num_classes=4, average="none")
    expected = 100 * referee(torch.from_numpy(prediction), torch.from_numpy(label)).double().numpy()
    np.testing.assert_allclose(iou(class_counts(matrix)), expected, rtol=1e-6)


def test_counts_are_summed_before_the_ratio() -> None:
    # Cityscapes convention: one image with 1 of 1 right, one with 0 of 9 right: 10 points, not the mean of 100 and 0.
    one = Counts(np.array([1]), np.array([1]), np.array([1]))
    two = Counts(np.array([0]), np.array([0]), np.array([9]))
    assert iou(one + two) == pytest.approx([10.0])


@no_deadline
@given(matrices(5), matrices(5))
def test_counts_of_a_sum_are_the_sum_of_counts(first: np.ndarray, second: np.ndarray) -> None:
    both, summed = class_counts(first + second), class_counts(first) + class_counts(second) + no_counts(5)
    for field in ("intersection", "predicted", "labelled"):
        np.testing.assert_array_equal(getattr(both, field), getattr(summed, field))


@no_deadline
@given(matrices(5), st.permutations(range(5)))
def test_renaming_classes_changes_no_mean(matrix: np.ndarray, new: list[int]) -> None:
    counts, renamed = class_counts(matrix), class_counts(matrix[np.ix_(new, new)])
    np.testing.assert_allclose(iou(renamed), iou(counts)[list(new)])
    for metric in (pixel_accuracy, frequency_weighted_iou, lambda c: mean_iou(iou(c))):
        np.testing.assert_allclose(metric(renamed), metric(counts))


def test_many_rows_at_once_equal_one_by_one() -> None:
    stack = np.stack([MATRIX, MATRIX[::-1, ::-1], np.zeros((3, 3), np.int64)])
    together = class_counts(stack)
    for i, matrix in enumerate(stack):
        alone = class_counts(matrix)
        np.testing.assert_array_equal(iou(together)[i], iou(alone))
        np.testing.assert_array_equal(mean_iou(iou(together))[i], mean_iou(iou(alone)))
        np.testing.assert_array_equal(frequency_weighted_iou(together)[i], frequency_weighted_iou(alone))


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        (([1.0], [1.0], [1.0]), "float64"),
        (([1, 1], [1, 1], [1]), "one shape"),
        (([3], [2], [4]), "not those of any pixels"),
        (([3], [4], [2]), "not those of any pixels"),
        (([-1], [0], [0]), "not those of any pixels"),
    ],
)
def test_impossible_counts_are_refused(counts: tuple[list[float], ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Counts(*(np.array(c) for c in counts))


def test_counts_of_different_spaces_are_not_added() -> None:
    with pytest.raises(ValueError, match="cannot be added"):
        no_counts(1) + no_counts(3)  # NumPy would broadcast


TO_TWO = LabelMap("four", "two", (1, 0, 1, IGNORE), "", ("d",))


@no_deadline
@given(st.lists(st.tuples(st.sampled_from([0, 1, 2, 3, IGNORE]), st.integers(0, 3)), min_size=1, max_size=60))
def test_mapped_counts_equal_mapping_the_pixels(pixels: list[tuple[int, int]]) -> None:
    label, prediction = np.array(pixels, np.uint8).T.reshape(2, 1, -1)
    counts = mapped_counts(confusion_matrix(label, prediction, 4), TO_TWO, 2)
    mapped_label, mapped_prediction = TO_TWO.lut()[label], TO_TWO.lut()[prediction]
    for c in range(2):
        labelled, predicted = mapped_label == c, (mapped_prediction == c) & (mapped_label != IGNORE)
        assert counts.labelled[c] == labelled.sum()
        assert counts.predicted[c] == predicted.sum()
        assert counts.intersection[c] == (labelled & predicted).sum()


def test_a_prediction_without_a_target_class_is_wrong_and_a_label_without_one_counts_nowhere() -> None:
    # camvid11 has bicyclist (index 10), which cityscapes19 has not. Road (3) -> 0.
    matrix = np.zeros((11, 11), np.int64)
    matrix[3, 3], matrix[3, 10], matrix[10, 3], matrix[10, 10] = 5, 2, 40, 80
    counts = mapped_counts(matrix, label_map("camvid11", "cityscapes19"), 19)
    assert (counts.intersection[0], counts.predicted[0], counts.labelled[0]) == (5, 5, 7)
    assert iou(counts)[0] == pytest.approx(100 * 5 / 7)
    assert counts.labelled.sum() == 7


def test_maps_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match="four -> two has 4 classes"):
        mapped_counts(np.zeros((5, 5), np.int64), TO_TWO, 2)
    with pytest.raises(ValueError, match="names class 1 of 1"):
        mapped_counts(np.zeros((4, 4), np.int64), TO_TWO, 1)


def test_support_needs_50_images_and_5_of_2_groups() -> None:
    labelled = np.zeros((50, 4), np.int64)
    labelled[:, 0] = 9  # everywhere
    labelled[[0, 1, 2, 3, 49], 1] = 1  # five images, two groups
    labelled[:5, 2] = 1  # five images, one group
    labelled[[0, 1, 2, 49], 3] = 1  # four images, two groups
    groups = ["a"] * 25 + ["b"] * 25
    found = support(labelled, groups)
    assert (found.n_images, found.n_groups, found.domain) == (50, 2, True)
    assert found.class_images.tolist() == [50, 5, 5, 4]
    assert found.class_groups.tolist() == [2, 2, 1, 2]
    assert found.classes.tolist() == [True, True, False, False]
    assert not support(labelled[:49], groups[:49]).domain


def test_support_without_groups_or_within_one_asks_for_images_alone() -> None:
    labelled = np.array([[3, 1]] * 4 + [[3, 0]], np.int64)
    without, within = support(labelled, None), support(labelled, ["0001TP"] * 5)
    assert (without.n_groups, within.n_groups) == (0, 1)
    for found in (without, within):
        assert found.classes.tolist() == [True, False]
    assert without.class_groups.tolist() == [0, 0]
    assert within.class_groups.tolist() == [1, 1]


def test_support_wants_one_group_per_image() -> None:
    with pytest.raises(ValueError, match="1 groups for 2 images"):
        support(np.ones((2, 3), np.int64), ["a"])
