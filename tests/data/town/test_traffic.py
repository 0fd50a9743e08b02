"""Traffic: nothing overlaps, things move, parked vehicles are dark."""

import numpy as np
import pytest

from fairweather.data.town.quads import HEADLIGHT, LABEL, SALT, TAILLIGHT
from fairweather.data.town.street import FRAMES, draw_scene
from fairweather.data.town.town import TOWNS


def _vehicles(scene):
    """Footprint (low x, high x, low z, high z, ground-straightened) and lamps of each car, truck and bus."""
    kind, shape = scene.quads.kind, scene.quads.shape
    found = {}
    for row, (label, _, flags, salt) in zip(shape, kind, strict=True):
        if label in (13, 14, 15):
            zs = [row[2] + a * row[5] + b * row[8] for a in (0, 1) for b in (0, 1)]
            xs = [row[0] + a * row[3] + b * row[6] for a in (0, 1) for b in (0, 1)]
            xs = [x - scene.ground.curve * z * z for x, z in zip(xs, zs, strict=True)]
            low_x, high_x, low_z, high_z, lit = found.get(salt, (1e9, -1e9, 1e9, -1e9, 0))
            found[salt] = (
                min(low_x, *xs), max(high_x, *xs), min(low_z, *zs), max(high_z, *zs), lit | (flags & (HEADLIGHT | TAILLIGHT)),
            )  # fmt: skip
    return found


@pytest.mark.parametrize("town", TOWNS)
def test_no_two_vehicles_overlap(town):
    for index in range(0, 250, 3):
        boxes = np.array([box[:4] for box in _vehicles(draw_scene(town, "train", index)).values()])
        boxes = boxes[boxes[:, 2] < 80.0]  # farther on, a straightened curve is no box
        for i, a in enumerate(boxes):
            b = boxes[i + 1 :]
            wide = np.minimum(a[1], b[:, 1]) - np.maximum(a[0], b[:, 0])
            deep = np.minimum(a[3], b[:, 3]) - np.maximum(a[2], b[:, 2])
            assert not ((wide > 0.25) & (deep > 0.25)).any(), index


def test_some_vehicles_move_and_parked_ones_are_dark():
    dark = lit = moved = 0
    for sequence in range(20):
        first = _vehicles(draw_scene("north", "train", sequence * FRAMES))
        later = _vehicles(draw_scene("north", "train", sequence * FRAMES + 1))
        for salt in first.keys() & later.keys():
            if first[salt][:4] != later[salt][:4]:
                moved += 1
                assert first[salt][4]
            dark, lit = dark + (not first[salt][4]), lit + bool(first[salt][4])
    assert moved > 20 and dark > 20 and lit > 20


def test_trains_run_where_there_are_rails():
    seen = 0
    for sequence in range(30):
        scene = draw_scene("west", "train", sequence * FRAMES)
        train = scene.quads.shape[scene.quads.kind[:, LABEL] == 16]
        if len(train):
            middle = train[:, 0] + 0.5 * (train[:, 3] + train[:, 6])
            z = train[:, 2] + 0.5 * (train[:, 5] + train[:, 8])
            assert np.abs(middle - scene.ground.curve * z * z - scene.ground.rails).max() < 2.0
            seen += 1
    assert 8 <= seen <= 22
    assert (scene.quads.kind[:, SALT] > 0).all()
