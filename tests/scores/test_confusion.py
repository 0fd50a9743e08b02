"""Confusion counts against a slow obvious reference, and the properties any count must have."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torchmetrics.classification import MulticlassConfusionMatrix

from fairweather.errors import InputError
from fairweather.scores.confusion import confusion_matrix
from fairweather.vocabulary.labels import IGNORE

no_deadline = settings(deadline=None, max_examples=150)  # the first call compiles


def obvious(label: np.ndarray, prediction: np.ndarray, num_classes: int) -> np.ndarray:
    matrix = np.zeros((num_classes, num_classes), np.int64)
    for y, p in zip(label.ravel().tolist(), prediction.ravel().tolist(), strict=True):
        if y != IGNORE:
            matrix[y, p] += 1
    return matrix


@st.composite
def maps(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, int]:
    """Label and prediction made of runs of pixels, from one pixel to more than a block, of any number of classes."""
    num_classes = draw(st.sampled_from([1, 2, 11, 19, 31, 32, 33, 66, 128, 255]))
    shape = draw(st.tuples(st.integers(1, 9), st.integers(1, 90)))

    def plane(allowed: st.SearchStrategy[int]) -> np.ndarray:
        runs = draw(
            st.lists(st.tuples(allowed, st.sampled_from([1, 2, 3, 7, 8, 9, 31, 33, 70])), min_size=1, max_size=30)
        )
        line = np.repeat([value for value, _ in runs], [length for _, length in runs])
        return np.resize(line, shape).astype(np.uint8)

    classes = st.integers(0, num_classes - 1)
    return plane(classes | st.just(IGNORE)), plane(classes), num_classes


@no_deadline
@given(maps())
def test_equals_the_obvious_count(case: tuple[np.ndarray, np.ndarray, int]) -> None:
    label, prediction, num_classes = case
    matrix = confusion_matrix(label, prediction, num_classes)
    assert matrix.dtype == np.int64
    np.testing.assert_array_equal(matrix, obvious(label, prediction, num_classes))


@no_deadline
@given(maps(), st.data())
def test_counts_of_parts_add_up_to_the_whole(case: tuple[np.ndarray, np.ndarray, int], data: st.DataObject) -> None:
    label, prediction, num_classes = case
    cut = data.draw(st.integers(0, label.shape[1]))
    parts = [confusion_matrix(label[:, s], prediction[:, s], num_classes) for s in (slice(cut), slice(cut, None))]
    np.testing.assert_array_equal(parts[0] + parts[1], confusion_matrix(label, prediction, num_classes))


@no_deadline
@given(maps(), st.randoms(use_true_random=False))
def test_renaming_classes_permutes_the_matrix(case: tuple[np.ndarray, np.ndarray, int], random: object) -> None:
    label, prediction, num_classes = case
    new = np.arange(num_classes)
    random.shuffle(new)  # type: ignore[attr-defined]
    renamed = np.append(new, np.full(256 - num_classes, IGNORE)).astype(np.uint8)
    matrix = confusion_matrix(renamed[label], renamed[prediction], num_classes)
    np.testing.assert_array_equal(matrix[np.ix_(new, new)], confusion_matrix(label, prediction, num_classes))


@no_deadline
@given(maps(), st.integers(0, 255))
def test_what_is_predicted_under_ignore_does_not_matter(case: tuple[np.ndarray, np.ndarray, int], value: int) -> None:
    label, prediction, num_classes = case
    other = np.where(label == IGNORE, value, prediction).astype(np.uint8)
    np.testing.assert_array_equal(
        confusion_matrix(label, other, num_classes), confusion_matrix(label, prediction, num_classes)
    )


@no_deadline
@given(maps(), st.data())
def test_a_wrong_value_anywhere_is_found(case: tuple[np.ndarray, np.ndarray, int], data: st.DataObject) -> None:
    label, prediction, num_classes = case
    label[label == IGNORE] = 0
    pixel = data.draw(st.integers(0, label.size - 1))
    if num_classes < IGNORE:
        bad = label.copy()
        bad.flat[pixel] = value = data.draw(st.integers(num_classes, IGNORE - 1))
        with pytest.raises(
            InputError, match=rf"^label map: value {value} at 1 pixel; allowed are 0..{num_classes - 1} and"
        ):
            confusion_matrix(bad, prediction, num_classes)
    bad = prediction.copy()
    bad.flat[pixel] = value = data.draw(st.integers(num_classes, 255))
    with pytest.raises(ValueError, match=rf"^prediction: value {value} at 1 pixel where there is a label"):
        confusion_matrix(label, bad, num_classes)


def test_wrong_values_are_named_with_their_counts() -> None:
    label = np.zeros((4, 100), np.uint8)
    label[0], label[1, :3] = 200, 11
    with pytest.raises(
        InputError, match=r"^label map: value 200 at 100 pixels, value 11 at 3 pixels; allowed are 0\.\.10"
    ):
        confusion_matrix(label, np.zeros_like(label), 11)
    many = np.arange(400, dtype=np.uint16).reshape(4, 100) % 40
    with pytest.raises(ValueError, match=r"^prediction: value 11 at 10 pixels, .* and 25 more values"):
        confusion_matrix(np.zeros_like(label), many.astype(np.uint8), 11)


def test_golden_matrix() -> None:
    # The worked example in the documentation of torchmetrics 1.9, MulticlassConfusionMatrix.
    label, prediction = np.array([[2, 1, 0, 0]], np.uint8), np.array([[2, 1, 0, 1]], np.uint8)
    assert confusion_matrix(label, prediction, 3).tolist() == [[1, 1, 0], [0, 1, 0], [0, 0, 1]]


def test_equals_torchmetrics_on_a_street_like_map() -> None:
    rng = np.random.default_rng(0)
    label = np.kron(rng.integers(0, 20, (9, 16)), np.ones((8, 8))).astype(np.uint8)
    label[label == 19] = IGNORE
    prediction = np.roll(np.where(label == IGNORE, 3, label), (2, 3), (0, 1)).astype(np.uint8)
    metric = MulticlassConfusionMatrix(num_classes=19, ignore_index=IGNORE)
    expected = metric(torch.from_numpy(prediction).long(), torch.from_numpy(label).long()).numpy()
    np.testing.assert_array_equal(confusion_matrix(label, prediction, 19), expected)


def test_views_read_only_and_unaligned_planes_count_the_same() -> None:
    rng = np.random.default_rng(1)
    label, prediction = rng.integers(0, 5, (2, 50, 40), dtype=np.uint8)
    expected = obvious(label, prediction, 5)
    wide = np.zeros((2, 50, 43), np.uint8)
    wide[:, :, 2:42] = label, prediction
    np.testing.assert_array_equal(confusion_matrix(*wide[:, :, 2:42], 5), expected)
    np.testing.assert_array_equal(confusion_matrix(np.asfortranarray(label), prediction, 5), expected)
    bytes_ = np.frombuffer(b"x" + label.tobytes() + prediction.tobytes(), np.uint8)[1:].reshape(2, 50, 40)
    assert not bytes_.flags.writeable
    np.testing.assert_array_equal(confusion_matrix(*bytes_, 5), expected)


def test_no_pixels_and_nothing_but_ignore_count_zero() -> None:
    assert confusion_matrix(np.empty((0, 7), np.uint8), np.empty((0, 7), np.uint8), 3).sum() == 0
    ignored = np.full((6, 70), IGNORE, np.uint8)
    assert confusion_matrix(ignored, ignored, 19).sum() == 0


@pytest.mark.parametrize(
    ("label", "prediction", "num_classes", "message"),
    [
        (np.zeros((2, 2), np.int64), np.zeros((2, 2), np.uint8), 3, "label map is int64"),
        (np.zeros((2, 2), np.uint8), np.zeros((2, 2, 3), np.uint8), 3, "prediction map is uint8 of shape"),
        (np.zeros((2, 2), np.uint8), np.zeros((2, 3), np.uint8), 3, "must have one shape"),
        (np.zeros((2, 2), np.uint8), np.zeros((2, 2), np.uint8), 256, "num_classes is 256; allowed are 1..255"),
    ],
)
def test_arrays_of_another_kind_are_refused(
    label: np.ndarray, prediction: np.ndarray, num_classes: int, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        confusion_matrix(label, prediction, num_classes)
