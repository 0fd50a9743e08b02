"""Scenes made by hand, of plain tiles, in which what is to be seen is known."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from fairweather.data.town.atlas import LEVELS, Atlas
from fairweather.data.town.camera import Camera
from fairweather.data.town.conditions import Conditions
from fairweather.data.town.ground import OFF, Ground
from fairweather.data.town.quads import Lamps, Quads
from fairweather.data.town.scene import Scene
from fairweather.data.town.tiles import NUMBER, TILES
from fairweather.data.town.weather import CALM

GROUND = {name: 0.0 for name in Ground._fields} | {
    "road_left": 4.0, "road_right": 4.0, "kerb": 0.2, "verge_right": 1.0, "walk_left": 2.5, "walk_right": 2.5, "lane": 4.0,
    "zebra_1": OFF, "zebra_2": OFF, "cross_1": OFF, "cross_2": OFF, "rails": OFF, "cross_width": 8.0,
    "asphalt": 0.1, "paved": 0.25, "slab": 0.5, "grass": 0.8, "seed": 7.0,
}  # fmt: skip
EYE = Camera(0.0, 1.5, 0.0, 0.0, 1.0, 1.0, 0.5, 0.0)
Quad = tuple[Sequence[float], Sequence[float], int, str, int]  # shape, tint, class, tile, flags


@pytest.fixture
def plain_atlas() -> Atlas:
    """Tiles of 4 x 4 white texels; the fourth channel is 255, but 128 for tree_0 and 60 for bush_0."""
    fourth = [128 if name == "tree_0" else 60 if name == "bush_0" else 255 for name in TILES]
    texels = np.full((len(TILES), 21, 4), 255, np.uint8)
    texels[:, :, 3] = np.array(fourth, np.uint8)[:, None]
    first = np.array([0, 16, 20, 20, 20, 20, 20, 20, 20], np.int32)[:LEVELS]
    table = np.full((len(TILES), 2 + LEVELS), 2, np.int32)
    table[:, 2:] = 21 * np.arange(len(TILES))[:, None] + first
    return Atlas(texels.reshape(-1, 4), table)


@pytest.fixture
def make_scene() -> Callable[..., Scene]:
    """A scene of quads (shape, tint, class, tile, flags) on a straight street; `camera` and any field of Ground may be given."""

    def make(
        quads: Sequence[Quad] = (), camera: Camera = EYE, lamps: Sequence[Sequence[float]] = (), **ground: float
    ) -> Scene:
        table = Quads(
            np.array([quad[0] for quad in quads], np.float64).reshape(-1, 9),
            np.array([(*quad[1], 1.0, 1.0) for quad in quads], np.float32).reshape(-1, 5),
            np.array([(quad[2], NUMBER[quad[3]], quad[4], 1) for quad in quads], np.int32).reshape(-1, 4),
        )
        lit = Lamps(np.array(lamps, np.float32).reshape(-1, 7))
        return Scene("north", "test", 0, camera, Ground(**(GROUND | ground)), table, lit, np.uint64(5))

    return make


@pytest.fixture
def air() -> Callable[..., Conditions]:
    """A cloudless grey noon without wind or weather, with any fields given."""

    def make(**changed: float) -> Conditions:
        return Conditions(**(CALM | {"cloud": 0.0} | changed))

    return make


def wall(
    left: float, right: float, top: float, depth: float, tint: Sequence[float] = (0.5, 0.5, 0.5), label: int = 2
) -> Quad:
    """An upright quad across the street."""
    return ((left, 0.0, depth, right - left, 0.0, 0.0, 0.0, top, 0.0), tint, label, "plain", 0)


@pytest.fixture(name="wall")
def wall_fixture() -> Callable[..., Quad]:
    return wall


@pytest.fixture
def box() -> Callable[..., list[Quad]]:
    """Front, two sides and top of a box on the ground."""

    def make(
        left: float, right: float, top: float, near: float, far: float, tint: Sequence[float], label: int = 13
    ) -> list[Quad]:
        deep = far - near
        shapes = [
            (left, 0.0, near, right - left, 0.0, 0.0, 0.0, top, 0.0),
            (left, 0.0, far, 0.0, 0.0, -deep, 0.0, top, 0.0),
            (right, 0.0, near, 0.0, 0.0, deep, 0.0, top, 0.0),
            (left, top, near, right - left, 0.0, 0.0, 0.0, 0.0, deep),
        ]
        return [(shape, tint, label, "plain", 0) for shape in shapes]

    return make
