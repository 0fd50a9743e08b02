"""Depth guessed from labels: drawn streets whose depth is known by arithmetic, and rendered ones whose depth is known."""

import numpy as np
import pytest

from fairweather.data.town.render import render
from fairweather.data.town.street import draw_scene
from fairweather.generators import Source
from fairweather.generators.rendering import pseudo_depth as module
from fairweather.generators.rendering.haze import SKY
from fairweather.generators.rendering.pseudo_depth import pseudo_depth
from fairweather.vocabulary.labels import label_space

CLASSES = label_space("cityscapes19").classes
ROAD, BUILDING, POLE, SIGN, SKY_CLASS, RIDER, CAR, BICYCLE = (
    CLASSES.index(name) for name in ("road", "building", "pole", "traffic sign", "sky", "rider", "car", "bicycle")
)


def source(label: np.ndarray, classes: tuple[str, ...] = CLASSES) -> Source:
    return Source(np.zeros((*label.shape, 3), np.uint8), label, None, None, classes)


def street(height: int = 200, width: int = 300) -> np.ndarray:
    """Sky down to the middle, road below."""
    label = np.full((height, width), SKY_CLASS, np.uint8)
    label[height // 2 :] = ROAD
    return label


def plane(height: int, row: int, horizon: float) -> float:
    """f h / (y - horizon), with f of 60 degrees and h of 1.8 m."""
    return height / 2 / np.tan(np.radians(30)) * 1.8 / (row + 0.5 - horizon)


def test_the_road_is_a_plane_and_sky_is_far() -> None:
    depth = pseudo_depth(source(street()))
    assert depth.dtype == np.float32 and depth.shape == (200, 300)
    assert (depth[:100] == SKY).all()
    for row in (120, 150, 199):
        assert depth[row] == pytest.approx(
            plane(200, row, 100), rel=1e-4
        )  # the horizon: sky may hide a fiftieth above the road
    assert (np.diff(depth[100:, 0]) <= 0).all()


def test_a_thing_is_as_far_as_its_foot() -> None:
    label = street()
    label[40:140, 50:90] = BUILDING
    depth = pseudo_depth(source(label))
    assert (depth[40:140, 50:90] == depth[139, 50]).all()
    assert depth[139, 50] == pytest.approx(depth[139, 0], rel=1e-6)


def test_a_house_recedes_and_a_car_does_not() -> None:
    for kind, flat in ((BUILDING, False), (CAR, True)):
        label = street()
        for x in range(50, 90):
            label[60 : 170 - x // 2, x] = kind
        depth = pseudo_depth(source(label))
        thing = np.where(label == kind, depth, np.nan)
        assert np.nanmin(thing) == pytest.approx(depth[144, 0], rel=0.01)
        assert (np.nanmax(thing) == np.nanmin(thing)) == flat


def test_a_house_behind_a_car_is_behind_it() -> None:
    label = street()
    label[20:110, 40:200] = BUILDING
    label[90:150, 80:140] = CAR
    depth = pseudo_depth(source(label))
    car, house = depth[120, 100], depth[60, 100]
    assert house > 2 * car
    assert house == pytest.approx(depth[60, 50], rel=1e-5)


def test_what_hides_a_foot_is_nearer_than_what_is_hidden() -> None:
    label = street()
    label[20:120, 80:140] = BUILDING  # shows no foot at all
    label[80:150, 70:150] = CAR
    depth = pseudo_depth(source(label))
    assert (depth[20:80, 80:140] >= depth[100, 100]).all() and (depth[20:80, 80:140] < SKY).all()


def test_a_sign_is_as_far_as_its_pole_and_a_rider_as_the_bicycle() -> None:
    label = street()
    label[60:130, 100:104] = POLE
    label[50:60, 95:109] = SIGN
    label[110:140, 200:220] = BICYCLE
    label[80:110, 205:215] = RIDER
    depth = pseudo_depth(source(label))
    assert (depth[50:60, 95:109] == depth[129, 101]).all()
    assert (depth[80:110, 205:215] == depth[139, 210]).all()


def test_a_sign_in_the_sky_is_not_the_sky() -> None:
    label = street()
    label[10:20, 10:40] = SIGN
    assert (pseudo_depth(source(label))[10:20, 10:40] < SKY).all()


@pytest.mark.parametrize("row", [70, 90, 110, 120])
def test_the_horizon_follows_the_road(row: int) -> None:
    label = np.full((200, 300), SKY_CLASS, np.uint8)
    label[row:] = ROAD
    found = module.horizon(label == ROAD, label == SKY_CLASS)
    assert row - 5 <= found <= row


def test_road_that_begins_far_down_does_not_pull_the_horizon_with_it() -> None:
    label = np.full((200, 300), BUILDING, np.uint8)
    label[170:] = ROAD
    assert module.horizon(label == ROAD, label == SKY_CLASS) == 100
    label[:115] = SKY_CLASS
    assert 115 <= module.horizon(label == ROAD, label == SKY_CLASS) < 170


@pytest.mark.parametrize("classes", [CLASSES, ()])
def test_of_a_label_that_says_nothing_a_plain_ground_is_made(classes: tuple[str, ...]) -> None:
    depth = pseudo_depth(source(np.full((64, 48), 255, np.uint8), classes))
    assert (depth[:32] == SKY).all() and (depth == depth[:, :1]).all()
    assert depth[50, 0] == pytest.approx(plane(64, 50, 32), rel=1e-4)


def test_values_without_names_are_not_believed() -> None:
    label = np.random.default_rng(0).integers(0, 19, (40, 60)).astype(np.uint8)
    blank = np.full_like(label, 255)
    assert (pseudo_depth(source(label, ())) == pseudo_depth(source(blank, ()))).all()


def test_an_unlabelled_bonnet_is_near_and_does_not_move_what_is_behind_it() -> None:
    label = street()
    label[60:130, 50:90] = BUILDING
    with_bonnet = label.copy()
    with_bonnet[180:, 20:280] = 255
    assert (pseudo_depth(source(with_bonnet)) == pseudo_depth(source(label))).all()


def test_an_unlabelled_thing_on_the_road_stands_there() -> None:
    label = street()
    label[80:150, 50:90] = 255
    depth = pseudo_depth(source(label))
    assert depth[80:150, 50:90] == pytest.approx(depth[149, 0], rel=1e-6)


@pytest.mark.parametrize("space", ["cityscapes19", "camvid11", "cityscapes7", "toy4"])
@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (32, 32), (61, 47)])
def test_any_label_gives_finite_depth_and_stays_as_it_was(space: str, shape: tuple[int, int]) -> None:
    classes = label_space(space).classes
    label = np.random.default_rng(0).integers(0, len(classes) + 1, shape).astype(np.uint8)
    label[label == len(classes)] = 255
    label.flags.writeable = False
    depth = pseudo_depth(source(label[:, ::-1], classes))
    assert np.isfinite(depth).all() and (depth > 0).all() and (depth <= SKY).all()


@pytest.mark.parametrize("town", ["north", "east", "south", "west"])
def test_it_orders_a_rendered_street_as_its_true_depth_does(town: str) -> None:
    taken = render(draw_scene(town, "train", 11), "clear_day", 1.0, np.uint64(1), 256, 512)
    guess = pseudo_depth(source(taken.label))
    solid = np.isfinite(taken.depth) & (taken.label != 255)
    assert np.corrcoef(np.log(guess[solid]), np.log(taken.depth[solid]))[0, 1] > 0.5
    road = solid & (taken.label == ROAD)
    assert np.corrcoef(np.log(guess[road]), np.log(taken.depth[road]))[0, 1] > 0.95
    assert 0.4 < np.median(guess[solid] / taken.depth[solid]) < 1.6
    assert (guess[np.isinf(taken.depth)] == SKY).mean() > 0.95
