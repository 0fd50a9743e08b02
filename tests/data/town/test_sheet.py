"""Writing quads."""

import numpy as np
import pytest

from fairweather.data.town.sheet import CAPACITY, add, begin, bend, brush, clear, finished, sheet, upright


def _one(page, o, z):
    begin(page, 0.5)
    brush(page, np.int64(5), np.int64(3), np.int64(1), 0.1, 0.2, 0.3)
    upright(page, o, z, 2.0, 0.0, 4.0)


def test_a_quad_is_written_with_the_brush_that_is_set():
    page = sheet()
    bend(page, 1.0, 0.0)
    _one(page, 5.0, 20.0)
    quads = finished(page)
    assert quads.shape.tolist() == [[4.0, 0.0, 20.0, 2.0, 0.0, 0.0, 0.0, 4.0, 0.0]]
    assert np.allclose(quads.look, [[0.1, 0.2, 0.3, 1.0, 1.0]])
    assert quads.kind[0, :3].tolist() == [5, 3, 1]


def test_the_hand_mirrors_and_the_curve_bends():
    page = sheet()
    bend(page, -1.0, 0.001)
    _one(page, 5.0, 20.0)
    assert finished(page).shape[0, 0] == -5.0 + 0.001 * 400.0 - 1.0


def test_what_comes_near_goes_as_a_whole_object():
    page = sheet()
    bend(page, 1.0, 0.0)
    _one(page, 2.0, 1.0)
    upright(page, 2.0, 9.0, 1.0, 0.0, 1.0)  # of the same object, though far
    _one(page, 2.0, 30.0)
    clear(page, 0.0, 0.0, 3.0, 1)
    assert finished(page).shape[:, 2].tolist() == [30.0]


def test_too_many_quads_are_refused():
    page = sheet()
    for _ in range(CAPACITY + 1):
        add(page, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    with pytest.raises(RuntimeError, match=str(CAPACITY + 1)):
        finished(page)
