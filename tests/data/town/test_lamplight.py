from itertools import pairwise

import numpy as np
import pytest

from fairweather.data.town.lamplight import LAMP, LISTED, REACH, SLICES, lamplight, lists, low_beam

LAMPS = np.array([[0.0, 8.0, 10.0, 1.0, 0.7, 0.4, 1.0], [0.0, 8.0, 300.0, 1.0, 1.0, 1.0, 1.0]], np.float32)
LAMPS.flags.writeable = False


def light(x: float, y: float, z: float, normal: tuple[float, float, float] = (0.0, 1.0, 0.0)) -> np.ndarray:
    out = np.empty(3)
    lamplight(LAMPS, lists(LAMPS, 0.0), 0.0, x, y, z, *normal, 0, out)
    return out


def test_a_place_lists_the_lamps_in_reach_nearest_first() -> None:
    many = np.zeros((9, 7), np.float32)
    many[:, 2] = 10.0 * np.arange(9)
    many.flags.writeable = False
    found = lists(many, 0.0)
    assert found.shape == (SLICES, LISTED)
    assert found[4].tolist() == [0, 1, 2, 3, 4]  # z = 0 .. 6
    assert lists(many[:3], 0.0)[4].tolist() == [0, 1, 2, -1, -1]
    assert (lists(LAMPS, 0.0)[:, 0] == 0).sum() == pytest.approx(2 * REACH / 6, abs=4)


def test_straight_below_a_lamp_its_light_falls_with_the_square() -> None:
    far, near = light(0.0, 0.0, 10.0), light(0.0, 4.0, 10.0)
    fade = [(1 - d * d / REACH**2) ** 2 for d in (8.0, 4.0)]
    assert far[0] == pytest.approx(LAMP / 64 * fade[0], rel=1e-4)
    assert near[0] / far[0] == pytest.approx(4.0 * fade[1] / fade[0], rel=1e-4)
    assert far / far[0] == pytest.approx([1.0, 0.7, 0.4], rel=1e-4)


def test_lamps_shine_downwards_on_what_faces_them_within_reach() -> None:
    assert light(0.0, 8.5, 10.0).max() == 0.0
    assert light(0.0, 0.0, 10.0, (0.0, -1.0, 0.0)).max() == 0.0
    assert light(0.0, 0.0, 51.0).max() == 0.0
    steps = [light(0.0, 0.0, 10.0 + d)[0] for d in range(0, 40, 4)]
    assert all(a >= b for a, b in pairwise(steps))


def test_the_low_beam_has_a_cut_off_that_rises_to_the_kerb() -> None:
    below, above = low_beam(0.0, 0.2, 20.0, 1.0), low_beam(0.0, 1.2, 20.0, 1.0)
    assert below > 8.0 * above > 0.0
    assert low_beam(2.0, 0.75, 20.0, 1.0) > 3.0 * low_beam(-2.0, 0.75, 20.0, 1.0)
    assert low_beam(0.0, 0.2, -5.0, 1.0) == low_beam(0.0, 0.2, 5.0, -0.1) == 0.0
    road = [low_beam(0.0, 0.0, d, 0.65 / d) for d in (5.0, 10.0, 20.0)]
    assert max(road) / min(road) < 12  # and not the 64 of a lamp without a cut-off
