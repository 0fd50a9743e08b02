"""Streets: purity, sequences, clearance, and floors for every class."""

import hashlib
import subprocess
import sys

import numpy as np
import pytest

from fairweather.data.town.atlas import atlas
from fairweather.data.town.form import outline
from fairweather.data.town.quads import CUTOUT, FLAGS, LABEL, SALT, TILE
from fairweather.data.town.quads import STANDING as ROUND
from fairweather.data.town.street import FRAMES, draw_scene
from fairweather.data.town.tiles import TILES
from fairweather.data.town.town import TOWNS
from fairweather.errors import InputError, UnknownName

STANDING = (2, 3, 4, 5, 6, 7, 8)  # building .. vegetation
# Percent of pixels at least, on average over a split; cityscapes train ids in order.
FLOORS = (22, 1.2, 6, 0.25, 0.25, 0.7, 0.25, 0.3, 5, 0.5, 4, 0.35, 0.25, 2.5, 0.5, 0.5, 0.5, 0.3, 0.2)


def _digest(town, split, index):
    scene = draw_scene(town, split, index)
    parts = [scene.quads.shape, scene.quads.look, scene.quads.kind, scene.lamps.table]
    text = repr((scene.camera, scene.ground, int(scene.seed))).encode()
    return hashlib.sha256(b"".join(part.tobytes() for part in parts) + text).hexdigest()


def _rows(scene, beyond):
    """What stands farther along the street than `beyond`."""
    shape, kind = scene.quads.shape, scene.quads.kind
    near = shape[:, 2] + np.minimum(shape[:, 5], 0.0)
    return {
        row.tobytes()
        for row, label, z in zip(shape, kind[:, LABEL], near, strict=True)
        if label in STANDING and z > beyond
    }


@pytest.mark.parametrize("town", TOWNS)
def test_a_scene_is_a_value(town):
    assert _digest(town, "train", 17) == _digest(town, "train", 17)
    assert _digest(town, "train", 17) != _digest(town, "train", 18)


def test_another_process_draws_the_same_bytes():
    code = (
        "import importlib.util as u; s = u.spec_from_file_location('t', "
        + repr(__file__)
        + "); m = u.module_from_spec(s); "
        "s.loader.exec_module(m); print(m._digest('south', 'val', 7))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == _digest("south", "val", 7)


def test_splits_and_sequences_share_no_street():
    seeds = {
        (split, k): draw_scene("west", split, k * FRAMES).seed for split in ("train", "val", "test") for k in range(12)
    }
    assert len(set(seeds.values())) == len(seeds)
    shapes = {draw_scene("west", split, k * FRAMES).quads.shape.tobytes() for split, k in seeds}
    assert len(shapes) == len(seeds)


@pytest.mark.parametrize("town", TOWNS)
def test_frames_share_what_stands_and_the_camera_goes_on(town):
    for sequence in range(8):
        scenes = [draw_scene(town, "train", sequence * FRAMES + frame) for frame in range(FRAMES)]
        steps = np.diff([scene.camera.z for scene in scenes])
        assert (steps >= 2.0).all() and (steps <= 6.0).all()
        assert len({scene.ground for scene in scenes}) == 1
        assert len({scene.seed for scene in scenes}) == 1
        assert all(np.array_equal(scene.lamps.table, scenes[0].lamps.table) for scene in scenes)
        for scene in scenes[1:]:
            first, later = (_rows(moment, scene.camera.z + 3.0) for moment in (scenes[0], scene))
            assert later <= first  # nothing appears
            assert len(later) > 0.9 * len(first)  # and only what is abreast is left out


@pytest.mark.parametrize("town", TOWNS)
def test_nothing_with_alpha_comes_near_the_camera(town):
    for index in range(0, 200, 7):
        scene = draw_scene(town, "test", index)
        for flag, least in ((CUTOUT, 1.199), (ROUND, 2.999)):
            shape = scene.quads.shape[scene.quads.kind[:, FLAGS] & flag > 0]
            u = np.linspace(0.0, 1.0, 41)[None, :]
            x = shape[:, 0:1] + u * shape[:, 3:4] - scene.camera.x
            z = shape[:, 2:3] + u * shape[:, 5:6] - scene.camera.z
            assert np.hypot(x, z).min() >= least


def test_the_camera_is_right_of_the_axis_where_traffic_keeps_right():
    for town, sides in (("north", {1.0}), ("east", {-1.0}), ("south", {1.0, -1.0}), ("west", {1.0})):
        assert {np.sign(draw_scene(town, "train", index).camera.x) for index in range(0, 200, 3)} == sides


@pytest.mark.parametrize("town", TOWNS)
def test_a_table_is_sound(town):
    for index in range(0, 300, 11):
        scene = draw_scene(town, "train", index)
        kind = scene.quads.kind
        assert scene.quads.shape.shape == (len(kind), 9) and scene.quads.look.shape == (len(kind), 5)
        assert (scene.quads.shape.dtype, scene.quads.look.dtype, kind.dtype) == (np.float64, np.float32, np.int32)
        assert np.isfinite(scene.quads.shape).all() and np.isfinite(scene.quads.look).all()
        assert np.isfinite(scene.camera).all() and np.isfinite(scene.ground).all()
        assert (scene.quads.look > 0).all() and (scene.quads.look[:, :3] <= 1.3).all()
        assert ((kind[:, LABEL] >= 2) & (kind[:, LABEL] < 19) & (kind[:, LABEL] != 10)).all()
        assert ((kind[:, TILE] >= 0) & (kind[:, TILE] < len(TILES))).all()
        assert (kind[:, SALT] > 0).all()
        assert 300 <= len(kind) <= 1000
        assert 1 <= len(scene.lamps.table) <= 24 and scene.lamps.table.dtype == np.float32


@pytest.mark.parametrize("town", TOWNS)
def test_the_ego_lane_is_free_ahead(town):
    for index in range(0, 300, 7):
        scene = draw_scene(town, "train", index)
        wheels = np.isin(scene.quads.kind[:, LABEL], (12, 13, 14, 15, 16, 17, 18))
        shape = scene.quads.shape[wheels]
        corners = [shape[:, 0:3] + a * shape[:, 3:6] + b * shape[:, 6:9] for a in (0, 1) for b in (0, 1)]
        for corner in corners:
            ahead = corner[:, 2] - scene.camera.z
            beside = corner[:, 0] - scene.camera.x - scene.ground.curve * (corner[:, 2] ** 2 - scene.camera.z**2)
            in_lane = (np.abs(beside) < 0.7) & (ahead > -1.0)
            assert (ahead[in_lane] >= 7.0 - 0.3).all()


@pytest.mark.parametrize("split", ["train", "test"])
@pytest.mark.parametrize("town", TOWNS)
def test_every_class_has_a_floor_of_pixels_and_of_pictures(town, split):
    pixels, seen, count = np.zeros(256), np.zeros(19), 0
    for sequence in range(40):
        for frame in (0, 3):
            label, _ = outline(draw_scene(town, split, sequence * FRAMES + frame), atlas(), 128, 256)
            found = np.bincount(label.ravel(), minlength=256)
            pixels += found
            seen += found[:19] >= 20
            count += 1
    share = 100.0 * pixels[:19] / pixels.sum()
    assert {k: share[k] for k in range(19) if share[k] < FLOORS[k]} == {}
    assert {k: seen[k] / count for k in range(19) if seen[k] < 0.2 * count} == {}


def test_an_unknown_town_names_the_four():
    with pytest.raises(UnknownName, match="north, east, south, west") as caught:
        draw_scene("nort", "train", 0)
    assert isinstance(caught.value, InputError) and "\n" not in str(caught.value)


def test_an_index_outside_the_split_is_refused():
    with pytest.raises(InputError, match="scene index 570 of north train; allowed are 0 to 569"):
        draw_scene("north", "train", 570)
    with pytest.raises(UnknownName, match="unknown split 'exam'"):
        draw_scene("north", "exam", 0)
    with pytest.raises(InputError, match="scene index -1"):
        draw_scene("north", "train", -1)
