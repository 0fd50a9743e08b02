"""Lamps, lights and signs."""

import numpy as np
import pytest

from fairweather.data.town.quads import FLAGS, LABEL, LUMINAIRE, RETRO, SIGNAL, TILE
from fairweather.data.town.street import draw_scene
from fairweather.data.town.tiles import NUMBER
from fairweather.data.town.town import TOWNS


@pytest.mark.parametrize("town", TOWNS)
def test_every_lamp_hangs_where_its_light_is(town):
    scene = draw_scene(town, "train", 0)
    heads = scene.quads.shape[(scene.quads.kind[:, FLAGS] & LUMINAIRE > 0) & (scene.quads.shape[:, 7] > 0)]
    lamps = scene.lamps.table
    assert len(heads) == len(lamps)  # those the ego passes are kept: a lamp has no alpha
    assert np.allclose(heads[:, 0] + 0.5 * heads[:, 3], lamps[:, 0], atol=0.03)  # the glass hangs 0.15 m before the arm
    assert ((lamps[:, 1] > 6.0) & (lamps[:, 1] < 10.0)).all()
    assert (lamps[:, 3:6] <= 1.0).all() and ((lamps[:, 6] >= 0.8) & (lamps[:, 6] <= 1.2)).all()


def test_lights_shine_and_signs_reflect():
    lights = 0
    for index in range(0, 200, 5):
        kind = draw_scene("north", "train", index).quads.kind
        faces = np.isin(kind[:, TILE], (NUMBER["signal_red"], NUMBER["signal_green"]))
        assert (kind[faces, LABEL] == 6).all() and (kind[faces, FLAGS] & SIGNAL > 0).all()
        assert len(set(kind[faces, TILE])) <= 1  # one crossing shows one colour to us
        signs = kind[kind[:, LABEL] == 7]
        assert (signs[:, FLAGS] & RETRO > 0).all()
        lights += faces.any()
    assert 20 <= lights <= 36


def test_the_back_of_a_sign_is_no_sign():
    backs = 0
    for index in range(0, 100, 5):
        kind = draw_scene("west", "train", index).quads.kind
        back = kind[kind[:, TILE] == NUMBER["sign_back"]]
        assert (back[:, LABEL] == 5).all()
        backs += len(back)
    assert backs > 5
