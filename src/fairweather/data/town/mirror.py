"""The mirror image on a wet road, from the picture itself."""

import threading
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from fairweather.data.town.arithmetic import mix
from fairweather.data.town.camera import Camera
from fairweather.kernels import kernel

_HALF, _ONE, _TWO, _ZERO = np.float32(0.5), np.float32(1.0), np.float32(2.0), np.float32(0.0)
_FAR = np.float32(1.0e6)
_ABOVE = np.float32(0.02)  # m; what is lower lies on the road
_FIFTH = np.float32(0.2)


@dataclass(frozen=True)
class _Work:
    rows: np.ndarray  # int32 (H, W): the row whose mirror image is seen here
    near: np.ndarray  # float32 (H, W): how far away it is


@lru_cache(maxsize=4)
def _work(height: int, width: int, thread: int) -> _Work:
    """Kept from picture to picture; a thread has its own."""
    return _Work(np.empty((height, width), np.int32), np.empty((height, width), np.float32))


@kernel()
def _trace(
    depth: np.ndarray,
    film: np.ndarray,
    focal: np.float32,
    horizon: np.float32,
    eye: np.float32,
    rows: np.ndarray,
    near: np.ndarray,
) -> None:
    height, width = depth.shape
    top = max(int(horizon), 0)
    for y in range(top, height):
        for x in range(width):
            rows[y, x] = -1
            near[y, x] = np.inf
    shift = _TWO * focal * eye
    for y in range(height):
        upward = (horizon - np.float32(y) - _HALF) / focal
        far_row = _TWO * horizon - np.float32(y) - _HALF
        for x in range(width):
            if film[y, x] > _ZERO:
                continue
            z = min(depth[y, x], _FAR)
            target = far_row + shift / z
            if target < np.float32(height) and target >= horizon and eye + z * upward > _ABOVE:
                row = int(target)
                if z < near[row, x]:
                    near[row, x] = z
                    rows[row, x] = y
    for x in range(width):
        if rows[top, x] < 0:
            rows[top, x] = max(top - 1, 0)
    for y in range(top + 1, height):
        for x in range(width):
            if rows[y, x] < 0:
                rows[y, x] = rows[y - 1, x]


@kernel()
def _reflect(picture: np.ndarray, film: np.ndarray, rows: np.ndarray, top: int, step: int, seed: np.uint64) -> None:
    height, width = film.shape
    for y in range(max(top, 0), height):
        for x in range(width):
            weight = film[y, x]
            if weight <= _ZERO:
                continue
            # Ripples tilt the film: five rows, shaken by noise so that they close up, stand for the lobe.
            noise = mix(seed ^ np.uint64(y * width + x))
            shake = int(noise % np.uint64(step + 1)) - step // 2
            keep, share = _ONE - weight, weight * _FIFTH
            red, green, blue = _ZERO, _ZERO, _ZERO
            for k in range(-2, 3):
                row = rows[min(max(y + shake + k * step, top), height - 1), x]
                red += picture[row, x, 0]
                green += picture[row, x, 1]
                blue += picture[row, x, 2]
            picture[y, x, 0] = picture[y, x, 0] * keep + red * share
            picture[y, x, 1] = picture[y, x, 1] * keep + green * share
            picture[y, x, 2] = picture[y, x, 2] * keep + blue * share


def reflect(picture: np.ndarray, depth: np.ndarray, film: np.ndarray, camera: Camera, seed: np.uint64) -> None:
    """Lay the mirror image of what stands above the road onto its film of water, in place.

    Specular reflection at the plane y = 0: a point seen in row v at depth z is mirrored into the row 2 v_h - v + 2 f
    h / z of the same column (v_h the horizon's row, f the focal length in pixels, h the camera's height), which is
    the ground point at depth f h / (row - v_h). Solved for v it is the usual v = v_h - (f h / z_g)(1 - 2 z_g / z).
    Points are carried forward to their mirror rows, the nearest wins (the reflected ray meets it first), so posts and
    lamps land where geometry puts them; what the camera cannot see is filled from the row above. Weights are those of
    the film (Schlick's Fresnel times cover, see `Formed`); ripples spread the image over a few rows, as wet asphalt
    does.

    Args:
        picture: float32 (H, W, 3), after the air: the path over the road to a thing is as long as the direct one to
            first order.
        depth: float32 (H, W), metres, inf for sky. film: float32 (H, W), 0 where there is no water.
    """
    height, width = depth.shape
    work = _work(height, width, threading.get_ident())
    horizon = camera.horizon * height
    _trace(
        depth, film, np.float32(camera.focal * width), np.float32(horizon), np.float32(camera.y), work.rows, work.near
    )
    _reflect(picture, film, work.rows, max(int(horizon), 0), max(1, height // 64), seed)
