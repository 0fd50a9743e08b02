"""The shapes of vehicles."""

import numpy as np
import pytest

from fairweather.data.town.constant import NO, YES
from fairweather.data.town.quads import CUTOUT, FLAGS, HEADLIGHT, LABEL, TAILLIGHT
from fairweather.data.town.sheet import begin, finished, sheet
from fairweather.data.town.vehicles import (
    BICYCLE,
    BOTH,
    BUS,
    HEIGHT,
    LENGTH,
    MOTORCYCLE,
    TRUCK,
    WIDTH,
    draw_box,
    draw_car,
    draw_two_wheeler,
)


def _bounds(quads):
    shape = quads.shape
    corners = np.concatenate([shape[:, :3] + a * shape[:, 3:6] + b * shape[:, 6:] for a in (0, 1) for b in (0, 1)])
    return corners.min(0), corners.max(0)


@pytest.mark.parametrize("body", [0, 1, 2])
@pytest.mark.parametrize("heading", [(0.0, 1.0), (0.0, -1.0), (0.6, 0.8)])
def test_a_car_is_as_large_as_a_car(body, heading):
    page = sheet()
    begin(page, 0.3)
    draw_car(page, 3.0, 20.0, *heading, np.int64(body), np.array([0.5, 0.5, 0.5]), YES, 1.0)
    low, high = _bounds(finished(page))
    assert low[1] >= 0.0 and 1.4 < high[1] < 2.0
    if heading[0] == 0.0:
        assert 4.0 < high[2] - low[2] < 5.0 and 1.7 < high[0] - low[0] < 2.0
    assert np.allclose(0.5 * (low + high)[[0, 2]], [3.0, 20.0], atol=0.05)


def test_only_a_car_that_drives_has_lamps():
    for drives in (YES, NO):
        page = sheet()
        begin(page, 0.3)
        draw_car(page, 3.0, 20.0, 0.0, 1.0, np.int64(0), np.array([0.5, 0.5, 0.5]), drives, 1.0)
        flags = finished(page).kind[:, FLAGS]
        assert bool((flags & HEADLIGHT).any()) is bool((flags & TAILLIGHT).any()) is bool(drives)


def test_the_front_faces_the_way_a_car_goes():
    page = sheet()
    begin(page, 0.3)
    draw_car(page, 0.0, 20.0, 0.0, -1.0, np.int64(1), np.array([0.5, 0.5, 0.5]), YES, 1.0)
    quads = finished(page)
    front = quads.shape[quads.kind[:, FLAGS] & HEADLIGHT > 0]
    assert (front[:, 2] < 20.0).all() and (front[:, 3] > 0.0).all()  # towards the ego, u to the right


@pytest.mark.parametrize("kind", [BUS, TRUCK])
def test_boxes_have_their_sizes(kind):
    page = sheet()
    begin(page, 0.3)
    draw_box(page, 0.0, 30.0, 0.0, 1.0, kind, LENGTH[kind], np.int64(0), np.array([0.5, 0.5, 0.5]), YES, BOTH)
    low, high = _bounds(finished(page))
    assert np.allclose(high - low, [WIDTH[kind], HEIGHT[kind] - low[1], LENGTH[kind]])


@pytest.mark.parametrize(("kind", "label"), [(MOTORCYCLE, 17), (BICYCLE, 18)])
def test_a_rider_lies_over_his_machine(kind, label):
    page = sheet()
    begin(page, 0.3)
    draw_two_wheeler(page, 1.0, 15.0, 0.0, 1.0, kind, YES, YES, 1.0)
    quads = finished(page)
    assert quads.kind[:, LABEL].tolist() == [label, 12] and (quads.kind[:, FLAGS] & CUTOUT > 0).all()
    assert quads.shape[1, 2] < quads.shape[0, 2]  # nearer to the ego
