"""Forming the picture: what is seen, how it is lit, in linear light, before any air."""

import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from fairweather.data.town.arithmetic import uniform
from fairweather.data.town.atlas import Atlas
from fairweather.data.town.camera import Camera
from fairweather.data.town.conditions import Conditions
from fairweather.data.town.floor import paint_floor
from fairweather.data.town.fragments import Fragments, gather, label_pixels
from fairweather.data.town.ground import Ground
from fairweather.data.town.lamplight import lists
from fairweather.data.town.noise import SIZE, clouded, grainy
from fairweather.data.town.record import record
from fairweather.data.town.scene import Scene
from fairweather.data.town.shadow import ZENITH, bulky, cast, darkness, plan, rays, shade
from fairweather.data.town.sky import paint_sky
from fairweather.data.town.surface import facets, paint_surfaces
from fairweather.data.town.visibility import Samples, see


@dataclass(frozen=True)
class Formed:
    """A picture in linear light, before air.

    Args:
        radiance: float32 (H, W, 3), units as in Conditions: no fog, no rain, no bloom.
        label: uint8 (H, W), Cityscapes train ids, 255 on the ego bonnet.
        depth: float32 (H, W), z-depth in metres of the labelled surface, infinite for sky.
        film: float32 (H, W): weight of the mirror image on wet ground (Fresnel times cover), 0 where dry or not ground.
    """

    radiance: np.ndarray
    label: np.ndarray
    depth: np.ndarray
    film: np.ndarray


def outline(scene: Scene, atlas: Atlas, height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Label and depth of a scene, which no weather changes: equal to those of `form`.

    Returns:
        uint8 (height, width) train ids, 255 on the ego bonnet, and float32 (height, width) z-depth in metres, infinite for sky.
    """
    table = _table(scene, atlas)
    return _outline(_see(table, height, width), table.kind)


def form(scene: Scene, conditions: Conditions, atlas: Atlas, height: int, width: int) -> Formed:
    """The picture of a scene under given light, in linear light and without air.

    Args:
        height, width: of the picture.

    Returns:
        Formed; its label and depth do not depend on the conditions.
    """
    table = _table(scene, atlas)
    air, eye, ground = record(conditions), record(table.camera), record(table.ground)
    samples = _see(table, height, width)
    label, depth = _outline(samples, table.kind)
    found = _gathered(samples, len(table.kind))
    radiance, film = np.zeros((height, width, 3), np.float32), np.zeros((height, width), np.float32)
    counts = found.counts.tolist()
    drift = np.array([uniform(scene.seed, 901) * SIZE, uniform(scene.seed, 902) * SIZE])
    listed = lists(table.lamps, table.camera.z)

    view = plan(table.camera, 2 * height, width)
    far_eye = record(view)
    heights, wide_heights = _maps(height, width, threading.get_ident())
    cast(table.shape, table.look, bulky(table.kind), ZENITH, view, table.texels, table.table, wide_heights)
    hidden = darkness(wide_heights)
    sun = rays(conditions.sun_x, conditions.sun_y, conditions.sun_z)
    sunlit = int(conditions.sun_g > 0.0 and conditions.sun_y > 0.0)
    if sunlit:
        cast(table.shape, table.look, table.kind, sun, view, table.texels, table.table, wide_heights)
        shade(
            table.shape, table.look, table.kind, sun, table.camera, table.texels, table.table, samples.surface, heights
        )

    paint_sky(found.sky, counts[2], eye, air, drift, clouded(), radiance)
    paint_floor(
        found.plane, counts[1], eye, ground, air, table.lamps, listed, sunlit, heights, hidden, far_eye, label,
        clouded(), grainy(), drift, radiance, film,
    )  # fmt: skip
    facet_of = facets(table.shape, table.kind, found.seen, eye, air)
    paint_surfaces(
        found.quads, counts[0], table.look, table.kind, samples.planes, facet_of, eye, air, table.lamps,
        listed, sunlit, sun.along_x, sun.along_z, far_eye, wide_heights, table.texels, table.table, clouded(), radiance,
    )  # fmt: skip
    return Formed(radiance, label, depth, film)


class _Table(NamedTuple):
    """A scene and an atlas in the one form for which the kernels are compiled."""

    shape: np.ndarray
    look: np.ndarray
    kind: np.ndarray
    lamps: np.ndarray
    camera: Camera
    ground: Ground
    texels: np.ndarray
    table: np.ndarray


def _table(scene: Scene, atlas: Atlas) -> _Table:
    return _Table(
        _fixed(scene.quads.shape, np.float64), _fixed(scene.quads.look, np.float32), _fixed(scene.quads.kind, np.int32),
        _fixed(scene.lamps.table, np.float32).reshape(-1, 7), Camera(*map(float, scene.camera)),
        Ground(*map(float, scene.ground)), _fixed(atlas.texels, np.uint8), _fixed(atlas.table, np.int32),
    )  # fmt: skip


def _see(table: _Table, height: int, width: int) -> Samples:
    surface, nearness, crown = _buffers(height, width, threading.get_ident())
    samples = Samples(surface, nearness, crown, np.empty((len(table.shape), 9)))
    see(table.shape, table.look, table.kind, table.camera, table.ground, table.texels, table.table, samples)
    return samples


def _outline(samples: Samples, kind: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    shape = samples.surface.shape[0] // 2, samples.surface.shape[1] // 2
    label, depth = np.empty(shape, np.uint8), np.empty(shape, np.float32)
    label_pixels(samples.surface, samples.nearness, samples.crown, kind, label, depth)
    return label, depth


def _gathered(samples: Samples, quads: int) -> Fragments:
    height, width = samples.surface.shape[0] // 2, samples.surface.shape[1] // 2
    found = Fragments(*_lists(height, width, threading.get_ident()), np.empty(3, np.int64), np.empty(quads, np.uint8))
    gather(samples.surface, found.quads, found.plane, found.sky, found.counts, found.seen)
    return found


# Work buffers, kept from picture to picture; a thread has its own.


@lru_cache(maxsize=4)
def _buffers(height: int, width: int, thread: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    shape = 2 * height, 2 * width
    return np.empty(shape, np.int32), np.empty(shape, np.float32), np.empty(shape, np.float32)


@lru_cache(maxsize=4)
def _lists(height: int, width: int, thread: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    most = 4 * height * width
    return np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64)


@lru_cache(maxsize=4)
def _maps(height: int, width: int, thread: int) -> tuple[np.ndarray, np.ndarray]:
    return np.empty((2 * height, 2 * width), np.float32), np.empty((2 * height, width), np.float32)


def _fixed(array: np.ndarray, dtype: type) -> np.ndarray:
    """A read-only, contiguous view: kernels are compiled for one kind of array, whoever made it."""
    view = np.ascontiguousarray(array, dtype).view(np.ndarray)
    view.flags.writeable = False
    return view
