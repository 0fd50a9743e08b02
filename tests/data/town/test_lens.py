import numpy as np
import pytest

from fairweather.data.town.lens import bloom, drops


def test_only_what_is_above_white_glows() -> None:
    picture = np.random.default_rng(0).random((64, 128, 3), np.float32)
    before = picture.copy()
    bloom(picture, 1.0, 0.5)
    assert np.array_equal(picture, before)
    picture[30:33, 60:63] = 5.0
    lamp = picture.copy()
    bloom(picture, 1.0, 0.0)
    assert np.array_equal(picture, lamp)
    bloom(picture, 1.0, 0.5)
    added = picture - lamp
    assert (added >= 0).all()
    assert added[31, 61, 1] > added[31, 68, 1] > added[31, 85, 1] >= 0


def test_the_glow_is_the_given_share_of_the_excess_and_spreads_evenly() -> None:
    picture = np.zeros((256, 512, 3), np.float32)
    picture[126:130, 254:258] = (9.0, 5.0, 1.0)
    before = picture.copy()
    bloom(picture, 1.0, 0.4)
    added = (picture - before).astype(np.float64)
    excess = 16 * np.array([8.0, 4.0, 0.0])
    assert np.allclose(added.sum((0, 1)), 0.4 * excess, rtol=0.01)
    glow = added[..., 0]
    rows, columns = np.mgrid[:256, :512]
    assert (glow * rows).sum() / glow.sum() == pytest.approx(127.5, abs=0.1)
    assert (glow * columns).sum() / glow.sum() == pytest.approx(255.5, abs=0.1)
    assert np.sqrt((glow * (rows - 127.5) ** 2).sum() / glow.sum()) == pytest.approx(
        np.sqrt((glow * (columns - 255.5) ** 2).sum() / glow.sum()), rel=0.02
    )


def test_the_glow_follows_white() -> None:
    bright, dark = np.full((64, 128, 3), 0.5, np.float32), np.full((64, 128, 3), 0.5, np.float32)
    bright[10:13, 20:23] = dark[10:13, 20:23] = 2.0
    bloom(bright, 1.0, 0.3)
    bloom(dark, 3.0, 0.3)
    assert bright[11, 26, 0] > 0.5 == dark[11, 26, 0]


def test_a_drop_shows_its_surroundings_small_and_upside_down() -> None:
    height, width = 128, 256
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    picture = np.stack((rows, columns, np.ones_like(rows)), -1)
    looked_at = 0
    for seed in range(40):
        seen = picture.copy()
        drops(seen, 1, np.uint64(seed))
        y, x = np.nonzero((seen != picture).any(-1))
        assert np.ptp(x) <= 2 * 7 and np.ptp(y) <= 2 * 7 * 1.5
        middle_y, middle_x, radius = (y.min() + y.max()) / 2, (x.min() + x.max()) / 2, np.ptp(x) / 2
        if not (50 < middle_y < height - 50 and 50 < middle_x < width - 50 and radius > 3):
            continue  # near the edge a drop shows the edge
        looked_at += 1
        inner = np.hypot(y - middle_y, x - middle_x) < 0.5 * radius
        down, right = (np.polyfit(along[inner], seen[y, x, c][inner], 1)[0] for along, c in ((y, 0), (x, 1)))
        assert -9.9 < down < -5.0 and -9.9 < right < -7.5
    assert looked_at >= 3


def test_each_drop_has_a_place_of_its_own() -> None:
    picture = np.random.default_rng(0).random((128, 256, 3), np.float32)
    areas = []
    for many in (0, 1, 3, 6):
        seen = picture.copy()
        drops(seen, many, np.uint64(2))
        areas.append(int((seen != picture).any(-1).sum()))
    assert areas[0] == 0 < areas[1] < areas[2] < areas[3] < 1500
    again = picture.copy()
    drops(again, 6, np.uint64(2))
    assert np.array_equal(again, seen)
