import numpy as np
import pytest

from fairweather.data.town.streak import blend

LIGHT = np.array([1.0, 0.5, 0.25], np.float32)


def drawn(x0: float, y0: float, x1: float, y1: float, radius: float, alpha: float = 0.5) -> np.ndarray:
    picture = np.zeros((64, 96, 3), np.float32)
    table = np.array([[x0, y0, x1, y1, radius, alpha, 1.0]], np.float32)
    blend(picture, np.full((64, 96), 2.0, np.float32), table, LIGHT)
    return picture


@pytest.mark.parametrize(
    "ends", [(30.0, 10.0, 30.0, 40.0), (30.0, 40.0, 30.0, 10.0), (20.0, 30.0, 60.0, 30.0), (20.0, 10.0, 50.0, 40.0)]
)
def test_a_streak_covers_its_area_with_its_opacity(ends: tuple[float, float, float, float]) -> None:
    length = np.hypot(ends[2] - ends[0], ends[3] - ends[1])
    for radius in (0.35, 1.0, 2.0):
        picture = drawn(*ends, radius)
        assert picture[..., 0].sum() == pytest.approx(0.5 * 2 * radius * (length + 2 * radius), rel=0.25)
        assert picture.max() <= 0.5 + 1e-6
        assert np.allclose(picture[..., 1], picture[..., 0] * 0.5)


def test_a_streak_lies_between_its_ends() -> None:
    rows, columns = np.nonzero(drawn(20.0, 10.0, 40.0, 50.0, 0.5)[..., 0] > 0.05)
    assert 9 <= rows.min() <= 10 and 49 <= rows.max() <= 50
    assert np.corrcoef(rows, columns)[0, 1] > 0.99


def test_what_lies_outside_the_picture_is_left_out() -> None:
    assert not drawn(-50.0, -30.0, -20.0, -10.0, 2.0).any()
    assert not drawn(200.0, 30.0, 220.0, 90.0, 2.0).any()
    assert drawn(-20.0, 20.0, 40.0, 20.0, 1.0).any()
    assert not drawn(-1e6, 5.0, -1e6, 5.0, 1.0).any()


def test_a_point_is_drawn_too() -> None:
    assert drawn(30.0, 30.0, 30.0, 30.0, 0.5)[..., 0].sum() == pytest.approx(0.5, rel=0.3)
