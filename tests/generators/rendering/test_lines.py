import cv2
import numpy as np
import pytest

from fairweather.generators.rendering import lines
from fairweather.vocabulary.streams import stream

RED = (255, 0, 0)


def slope(mask):
    """Columns per row of the one line in a mask."""
    rows, columns = np.nonzero(mask)
    return np.polyfit(rows, columns, 1)[0]


@pytest.mark.parametrize("slant", [-10, 0, 7])
def test_a_line_follows_the_slant_over_its_length(slant):
    image = np.zeros((200, 3000, 3), np.uint8)  # so wide that the line does not leave it
    made = lines.rained(image, slant, 40, 1, 1, RED, stream(0, "pool", 1))
    rows = np.nonzero(made.any(axis=(1, 2)))[0]
    assert np.ptp(rows) == 40
    assert slope(made[..., 0] > 0) == pytest.approx(slant / 40, abs=0.02)
    assert not image.any() and not made[..., 1:].any() and set(np.unique(made)) == {0, 255}
    grey = lines.layer((200, 3000), slant, 40, 1, 200, stream(0, "pool", 1))
    assert (grey > 0).sum() == 41 + abs(slant), "4-connected: one pixel more for every step aside"
    assert slope(grey > 0) == pytest.approx(slant / 40, abs=0.02)


def test_drops_are_as_many_as_asked_and_spread_evenly():
    few, many = (lines.layer((400, 600), 3, 20, drops, 200, stream(0, "pool", 1)) > 0 for drops in (30, 300))
    assert few.sum() == pytest.approx(30 * 24, rel=0.05)
    assert many.sum() == pytest.approx(300 * 24, rel=0.1)
    crowd = lines.layer((400, 6000), 3, 20, 8000, 200, stream(0, "pool", 1)) > 0
    quarters = [crowd[:, k : k + 1500].sum() for k in range(0, 6000, 1500)]
    assert max(quarters) < 1.15 * min(quarters)
    thick = lines.rained(np.zeros((400, 600, 3), np.uint8), 3, 20, 3, 30, RED, stream(0, "pool", 1))
    assert (thick[..., 0] > 0).sum() > 2 * few.sum()


@pytest.mark.parametrize("slant", [-9, 0, 4, 30])
def test_the_layer_is_what_opencv_draws_four_connected(slant):
    begin = stream(0, "pool", 1).integers((0, 0), (160, 100), (25, 2), np.int32)
    ends = np.stack([begin, begin + np.array([slant, 20], np.int32)], axis=1)
    peer = cv2.polylines(np.zeros((120, 160), np.uint8), list(ends), False, 200, 1, cv2.LINE_4)
    ours = lines.layer((120, 160), slant, 20, 25, 200, stream(0, "pool", 1))
    near = cv2.dilate(peer, np.ones((3, 3), np.uint8))
    assert not ours[near == 0].any()
    assert (ours > 0).sum() == pytest.approx((peer > 0).sum(), rel=0.03)


@pytest.mark.parametrize("size", [(32, 32), (32, 300), (300, 32)])
def test_small_pictures_and_locked_views_work(size):
    image = np.zeros((size[0], 2 * size[1], 3), np.uint8)[:, ::-2]
    image.flags.writeable = False
    for slant in (-40, -10, 10, 40):
        made = lines.rained(image, slant, 60, 1, 20, RED, stream(0, "pool", 1))
        assert made.any() and made.shape == image.shape
        assert np.array_equal(made, lines.rained(image, slant, 60, 1, 20, RED, stream(0, "pool", 1)))
        assert not np.array_equal(made, lines.rained(image, slant, 60, 1, 20, RED, stream(0, "pool", 2)))
        assert lines.layer(size, slant, size[0] // 8, 20, 200, stream(0, "pool", 1)).any()
