"""Argmax of upsampled scores against torch's interpolation and against the definition in float64."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from fairweather.scores.upsample import argmax_upsampled

no_deadline = settings(deadline=None, max_examples=150)


def resampled(scores: np.ndarray, size: tuple[int, int], extent: tuple[float, float]) -> np.ndarray:
    """Bilinear scores at every pixel, float64 (C, H, W), written down from the definition."""
    for axis in (1, 2):
        n, pixels = scores.shape[axis], size[axis - 1]
        at = np.clip((np.arange(pixels) + 0.5) * extent[axis - 1] / pixels - 0.5, 0, n - 1)
        low = np.floor(at).astype(int)
        weight = (at - low).reshape((-1, 1) if axis == 1 else (-1,))
        below, above = np.take(scores, low, axis), np.take(scores, np.minimum(low + 1, n - 1), axis)
        scores = (1 - weight) * below + weight * above
    return scores


def torch_argmax(scores: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    planes = torch.nn.functional.interpolate(
        torch.from_numpy(scores)[None], size=size, mode="bilinear", align_corners=False
    )
    return planes[0].argmax(0).to(torch.uint8).numpy()


def smooth(classes: int, height: int, width: int) -> np.ndarray:
    """Scores that vary over several cells, as a network's do; most cells have one winner."""
    coarse = np.random.default_rng(classes * height).standard_normal((1, classes, height // 8, width // 8))
    planes = torch.nn.functional.interpolate(torch.from_numpy(coarse), size=(height, width), mode="bicubic")
    return planes[0].float().numpy()


def noise(classes: int, height: int, width: int) -> np.ndarray:
    return np.random.default_rng(height).standard_normal((classes, height, width)).astype(np.float32)


@pytest.mark.parametrize("make", [smooth, noise])
@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ((11, 32, 40), (360, 480)),
        ((11, 128, 160), (360, 480)),
        ((5, 64, 128), (180, 320)),
        ((19, 64, 64), (64, 64)),
        ((19, 64, 128), (24, 33)),  # scaling down, as torch without antialiasing
        ((19, 24, 128), (100, 33)),
    ],
)
def test_equals_torch(make: object, shape: tuple[int, int, int], size: tuple[int, int]) -> None:
    scores = make(*shape)  # type: ignore[operator]
    differ = np.count_nonzero(argmax_upsampled(scores, size) != torch_argmax(scores, size))
    assert differ <= 2  # rounding ties (facts/performance.md)


@st.composite
def cases(draw: st.DrawFn) -> tuple[np.ndarray, tuple[int, int], tuple[float, float]]:
    """Scores of a few whole numbers, so that ties and dominated classes are common; any size and extent."""
    shape = draw(st.tuples(st.integers(1, 6), st.integers(1, 7), st.integers(1, 7)))
    size = draw(st.tuples(st.integers(1, 20), st.integers(1, 20)))
    extent = tuple(draw(st.integers(1, 8 * n)) / 8 for n in shape[1:])
    flat = draw(st.lists(st.integers(-3, 3), min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))
    return np.array(flat, np.float32).reshape(shape), size, extent  # type: ignore[return-value]


@no_deadline
@given(cases())
def test_the_winner_has_the_highest_score(case: tuple[np.ndarray, tuple[int, int], tuple[float, float]]) -> None:
    scores, size, extent = case
    result = argmax_upsampled(scores, size, extent)
    assert result.dtype == np.uint8
    assert result.shape == size
    planes = resampled(scores.astype(np.float64), size, extent)
    won = np.take_along_axis(planes, result[None].astype(int), 0)[0]
    np.testing.assert_allclose(won, planes.max(0), atol=1e-5)  # float32 rounding decides ties, nothing else


@no_deadline
@given(cases())
def test_renaming_classes_renames_the_winner(case: tuple[np.ndarray, tuple[int, int], tuple[float, float]]) -> None:
    scores, size, extent = case
    tie_free = scores + np.linspace(0, 0.3, len(scores), dtype=np.float32)[:, None, None]
    backwards = argmax_upsampled(tie_free[::-1], size, extent)
    planes = np.sort(resampled(tie_free.astype(np.float64), size, extent), axis=0)
    clear = planes[-1] - planes[-2] > 1e-5 if len(scores) > 1 else np.ones(size, bool)
    np.testing.assert_array_equal((len(scores) - 1 - backwards)[clear], argmax_upsampled(tie_free, size, extent)[clear])


def test_equal_scores_go_to_the_lowest_class() -> None:
    assert not argmax_upsampled(np.zeros((4, 3, 3), np.float32), (9, 9)).any()
    two = np.zeros((3, 2, 2), np.float32)
    two[1:] = 1
    np.testing.assert_array_equal(argmax_upsampled(two, (5, 5)), np.ones((5, 5)))
    once = noise(3, 6, 5)  # nearly every cell has several winners, and each class an equal twin above it
    np.testing.assert_array_equal(
        argmax_upsampled(np.concatenate([once, once]), (40, 33)), argmax_upsampled(once, (40, 33))
    )


def test_golden_border_between_two_classes() -> None:
    # By hand: one row of cells, class 0 scores 1 then 0, class 1 scores 0 then 1. 8 pixels lie at -0.375, -0.125, 0.125,
    # 0.375, 0.625, ... (clamped to 0..1); class 1 is ahead beyond 0.5.
    scores = np.array([[[1, 0]], [[0, 1]]], np.float32)
    assert argmax_upsampled(scores, (1, 8)).tolist() == [[0, 0, 0, 0, 1, 1, 1, 1]]
    # Half the extent: pixels at -0.4375 ... 0.4375, and class 1 is never ahead; its cell is padding.
    assert argmax_upsampled(scores, (1, 8), (1, 1)).tolist() == [[0] * 8]


def test_a_class_that_wins_no_corner_can_win_between() -> None:
    # Class 0 has 2 on the left and 0 on the right, class 1 the reverse; class 2 has 1.5 everywhere, more than both halfway.
    scores = np.zeros((3, 2, 2), np.float32)
    scores[0, :, 0], scores[1, :, 1], scores[2] = 2, 2, 1.5
    assert argmax_upsampled(scores, (2, 9))[0].tolist() == [0, 0, 0, 2, 2, 2, 1, 1, 1]


def test_padding_beyond_the_extent_is_only_a_neighbour() -> None:
    # 20 x 30 pixels at stride 8 make 3 x 4 score cells; the image covers 2.5 x 3.75 of them.
    scores = noise(4, 3, 4)
    result = argmax_upsampled(scores, (20, 30), (2.5, 3.75))
    padded = argmax_upsampled(scores, (24, 32))  # one pixel per pixel, padding included
    np.testing.assert_array_equal(result, padded[:20, :30])


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, -np.nan])
@pytest.mark.parametrize("place", [(0, 0, 0), (2, 4, 6), (1, 3, 3)])
def test_scores_that_are_not_finite_are_refused(value: float, place: tuple[int, int, int]) -> None:
    scores = noise(3, 5, 7)
    scores[place] = value
    with pytest.raises(ValueError, match="1 of 105 scores are not finite"):
        argmax_upsampled(scores, (10, 14))


def test_planes_in_any_memory_order_give_the_same() -> None:
    scores = noise(3, 12, 10)
    expected = argmax_upsampled(scores, (30, 25))
    last = np.ascontiguousarray(scores.transpose(1, 2, 0)).transpose(2, 0, 1)
    last.flags.writeable = False
    np.testing.assert_array_equal(argmax_upsampled(last, (30, 25)), expected)


@pytest.mark.parametrize(
    ("scores", "size", "extent", "message"),
    [
        (np.zeros((3, 4, 4)), (8, 8), None, "scores are float64"),
        (np.zeros((4, 4), np.float32), (8, 8), None, "allowed is float32"),
        (np.zeros((256, 1, 1), np.float32), (8, 8), None, "C in 1..255"),
        (np.zeros((3, 0, 4), np.float32), (8, 8), None, "allowed is float32"),
        (np.zeros((3, 4, 4), np.float32), (0, 8), None, "height is 0"),
        (np.zeros((3, 4, 4), np.float32), (8, 8), (4, 4.5), "width is 8 from an extent of 4.5 of 4 scores"),
        (np.zeros((3, 4, 4), np.float32), (8, 8), (0, 4), "height is 8 from an extent of 0"),
        (np.zeros((3, 4, 4), np.float32), (8, 8), (np.nan, 4), "extent of nan"),
    ],
)
def test_arguments_out_of_range_are_refused(
    scores: np.ndarray, size: tuple[int, int], extent: tuple[float, float] | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        argmax_upsampled(scores, size, extent)
