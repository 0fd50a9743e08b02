import numpy as np
import pytest

from fairweather.data.town.fragments import CENTRES, MASK, PIXEL, gather, label_pixels
from fairweather.data.town.plane import ROAD, SKY

KIND = np.array([[2, 0, 0, 0], [13, 0, 0, 0], [13, 0, 0, 0]], np.int32)
KIND.flags.writeable = False


def pixel(surface: list[int], nearness: list[float], crown: list[float] | None = None) -> tuple[int, float]:
    square = [
        np.array(values, kind).reshape(2, 2)
        for values, kind in ((surface, np.int32), (nearness, np.float32), (crown or [0.0] * 4, np.float32))
    ]
    label, depth = np.empty((1, 1), np.uint8), np.empty((1, 1), np.float32)
    label_pixels(*square, KIND, label, depth)
    return int(label[0, 0]), float(depth[0, 0])


def test_the_majority_labels_a_pixel_and_its_nearest_sample_gives_the_depth() -> None:
    assert pixel([0, 0, 0, 1], [0.1, 0.125, 0.1, 0.5]) == (2, 8.0)
    assert pixel([SKY] * 4, [0.0] * 4) == (10, np.inf)
    assert pixel([ROAD, ROAD, ROAD, SKY], [0.01, 0.02, 0.01, 0.0]) == (0, pytest.approx(50.0))


def test_two_quads_of_one_class_vote_together() -> None:
    assert pixel([0, 0, 1, 2], [0.5, 0.5, 0.25, 0.125]) == (2, 2.0)  # a tie: the nearer
    assert pixel([0, SKY, 1, 2], [0.5, 0.0, 0.25, 0.125]) == (13, 4.0)


def test_a_crown_labels_only_what_it_hides() -> None:
    assert pixel([SKY, SKY, SKY, 0], [0.0, 0.0, 0.0, 0.5], [0.2, 0.25, 0.0, 0.0]) == (8, 4.0)
    assert pixel([0] * 4, [0.5] * 4, [0.2] * 4) == (2, 2.0)


def test_each_surface_of_a_pixel_is_gathered_once_and_shares_add_up() -> None:
    surface = np.array([[0, 0, ROAD, SKY], [1, 0, SKY, ROAD]], np.int32)
    quads, plane, sky = (np.zeros(8, np.int64) for _ in range(3))
    counts, seen = np.zeros(3, np.int64), np.zeros(3, np.uint8)
    gather(surface, quads, plane, sky, counts, seen)
    assert counts.tolist() == [2, 1, 1]
    assert seen.tolist() == [1, 1, 0]
    assert (quads[:2] & MASK).tolist() == [0b1011, 0b0100]
    assert (int(plane[0]) >> PIXEL, int(plane[0]) & MASK, int(sky[0]) & MASK) == (1, 0b1001, 0b0110)
    assert CENTRES[0b1011, 2] + CENTRES[0b0100, 2] == 1.0
