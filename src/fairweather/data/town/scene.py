"""A scene: what stands in front of the camera, before any weather."""

from dataclasses import dataclass

import numpy as np

from fairweather.data.town.camera import Camera
from fairweather.data.town.ground import Ground
from fairweather.data.town.quads import Lamps, Quads


@dataclass(frozen=True)
class Scene:
    """One moment of one street. Equal (town, split, index) give equal scenes, and no domain enters.

    Args:
        town, split, index: which it is. `sequence` = index // FRAMES is the street (the group), `frame` the moment in it.
        camera, ground, quads, lamps: geometry and reflectance.
        seed: 64 bits from which the noise of this scene's surfaces is drawn; the weather has streams of its own.
    """

    town: str
    split: str
    index: int
    camera: Camera
    ground: Ground
    quads: Quads
    lamps: Lamps
    seed: np.uint64
