import numpy as np
import pytest

from fairweather.data.town.noise import SIZE, cell, chance, clouded, grainy, lot, nearest, smooth


def test_a_share_of_the_clouded_tile_lies_below_that_share() -> None:
    for share in (0.1, 0.5, 0.9):
        assert (clouded() < share).mean() == pytest.approx(share, abs=1e-4)


def test_clouds_are_smooth_and_grain_is_not() -> None:
    step = [np.abs(np.diff(tile, axis=1)).mean() for tile in (clouded(), grainy())]
    assert step[0] < 0.08
    assert step[1] == pytest.approx(1 / 3, abs=0.01)


def test_tiles_are_periodic_and_read_everywhere() -> None:
    tile = clouded()
    assert nearest(tile, 3.5, 7.5) == nearest(tile, 3.5 - SIZE, 7.5 + 4 * SIZE) == tile[7, 3]
    assert smooth(tile, 3.0, 7.0) == pytest.approx(tile[7, 3])
    assert smooth(tile, -0.5, 7.0) == pytest.approx(0.5 * (tile[7, SIZE - 1] + tile[7, 0]))
    assert [cell(v) for v in (-1.5, -1.0, -0.1, 0.0, 2.9)] == [-2, -1, -1, 0, 2]


def test_draws_of_cells_are_uniform() -> None:
    for draws in ([chance(5, k, -k) for k in range(2000)], [lot(grainy(), k % 50, k // 50, 1) for k in range(2000)]):
        assert np.mean(draws) == pytest.approx(0.5, abs=0.03)
        assert np.std(draws) == pytest.approx(0.2887, abs=0.02)
