import numpy as np
import pytest

from fairweather.data.town.atlas import LEVELS
from fairweather.data.town.texture import SQUARES, read
from fairweather.data.town.visibility import level_of


def atlas_of(levels: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    texels = np.concatenate([level.reshape(-1, 4) for level in levels]).astype(np.uint8)
    firsts = np.concatenate([[0], np.cumsum([level.shape[0] * level.shape[1] for level in levels])])
    table = np.full((1, 2 + LEVELS), firsts[len(levels) - 1], np.int32)
    table[0, :2] = 2
    table[0, 2 : 2 + len(levels)] = firsts[:-1]
    texels.flags.writeable = table.flags.writeable = False
    return texels, table


COLUMNS = np.zeros((4, 4, 4), np.uint8)
COLUMNS[:, 1::2] = 255  # dark and white columns
GREY = [np.full((n, n, 4), 180, np.uint8) for n in (2, 1)]
ATLAS = atlas_of([COLUMNS, *GREY])


def value(u: float, v: float, right: float, down: float, cutout: int = 0) -> float:
    red, _, _, _ = read(*ATLAS, 0, u, v, right, 0.0, 0.0, down, cutout)
    return float(red)


def test_a_texel_is_decoded_as_a_square() -> None:
    assert SQUARES[[0, 51, 255]].tolist() == pytest.approx([0.0, 0.04, 1.0])
    assert value(0.125, 0.1, 0.2, 0.2) == 0.0
    assert value(0.375, 0.1, 0.2, 0.2) == 1.0
    assert value(1.375, 7.1, 0.2, 0.2) == 1.0  # repeats


def test_a_large_footprint_reads_a_coarse_level() -> None:
    assert value(0.3, 0.3, 1.0, 1.0) == pytest.approx((180 / 255) ** 2)
    assert [level_of(s, s, 9) for s in (0.1, 1.9, 2.0, 7.9, 8.0, 1e12)] == [0, 0, 1, 1, 2, 8]


def test_a_long_footprint_stays_sharp_across() -> None:
    """Along the columns it is 4 texels long; an isotropic level would be grey."""
    assert value(0.375, 0.1, 0.25, 0.5) == 1.0
    assert level_of(1.0, 7.9, 9) == 0
    assert level_of(1.0, 64.0, 9) == 2  # at most twice as sharp


def test_a_magnified_texel_blends_into_its_neighbour() -> None:
    assert value(0.25, 0.1, 0.01, 0.01) == pytest.approx(0.5)
    assert value(0.375, 0.1, 0.01, 0.01) == pytest.approx(1.0)


def test_a_hole_in_a_cutout_takes_its_colour_from_a_coarser_level() -> None:
    assert value(0.125, 0.1, 0.2, 0.2, cutout=1) == pytest.approx((180 / 255) ** 2)
