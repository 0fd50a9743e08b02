"""Falling snow: flakes by depth, streaked away from the focus of expansion by the ego's own speed."""

from math import sqrt

import numpy as np

from fairweather.data.town.arithmetic import exp, log, uniform
from fairweather.data.town.camera import Camera
from fairweather.data.town.conditions import Conditions
from fairweather.data.town.streak import ALPHA, DEPTH, RADIUS, X0, X1, Y0, Y1
from fairweather.kernels import kernel

_NEAREST, _FARTHEST = 0.65, 18.0  # m; farther flakes are haze
_LEAST, _LARGEST = 2.0, 10.0  # mm of diameter
_FLAKES = 900.0  # drawn at 1 mm/h
_STANDS_FOR = 3.0  # a drawn flake stands for its neighbours too, most of which cover a tenth of a pixel; by eye
_DEFOCUS = 0.0012  # m, half the aperture of a lens focused far away: near flakes are soft
_THINNEST = 0.4  # of a pixel of a picture 128 high


@kernel()
def _fill(
    table: np.ndarray, seed: np.uint64, rate: float, shutter: float, speed: float, wind: float, view: np.ndarray
) -> None:
    focal, horizon, width, height = view[0], view[1], view[2], view[3]
    slope = 0.5 * exp(-0.3 * log(rate))
    least, span = exp(-slope * _LEAST), exp(-slope * _LEAST) - exp(-slope * _LARGEST)
    scale = height / 128.0
    for k in range(table.shape[0]):
        diameter = -log(least - uniform(seed, 6 * k) * span) / slope
        share = uniform(seed, 6 * k + 1)
        z = _NEAREST * exp(np.sqrt(share) * log(_FARTHEST / _NEAREST))
        x, y = width * uniform(seed, 6 * k + 2), height * (1.05 * uniform(seed, 6 * k + 3) - 0.05)
        fall = 0.8 + 0.7 * uniform(seed, 6 * k + 4)
        move = shutter / z
        across = (focal * wind + (x - 0.5 * width) * speed) * move
        down = (focal * fall + (y - horizon) * speed) * move
        radius = 0.0005 * focal * diameter / z
        drawn = max(radius + _DEFOCUS * focal / z, _THINNEST * scale)
        length = np.sqrt(across * across + down * down)
        opacity = (radius / drawn) * (2.0 * drawn / (2.0 * drawn + length))
        table[k, X0], table[k, Y0], table[k, X1], table[k, Y1] = x, y, x + across, y + down
        table[k, RADIUS], table[k, ALPHA], table[k, DEPTH] = drawn, min(opacity * _STANDS_FOR, 0.55), z


def flakes(camera: Camera, conditions: Conditions, height: int, width: int, seed: np.uint64) -> np.ndarray:
    """The flakes of one exposure.

    Diameters of 2 to 10 mm fall off exponentially, the more slowly the heavier it snows (after Gunn & Marshall, J.
    Meteorology 15, 1958); fall 0.8 to 1.5 m/s. In the time T a flake at depth z moves by T (wind, fall, -ego speed);
    its image moves by f T / z of the first two and, from the focus of expansion at the horizon, by T speed / z of its
    distance from it. Opacity is the share of the exposure it covers a point. From 0.65 to 18 m their number grows
    with the logarithm of the depth: a few large ones, most of them less than a pixel wide.

    Returns:
        float32 (N, 7), columns as in `streak`.
    """
    rate = conditions.snowfall
    many = int(_FLAKES * sqrt(min(rate, 6.0))) if rate > 0 else 0
    table = np.empty((many, 7), np.float32)
    if many:
        view = np.array([camera.focal * width, camera.horizon * height, width, height], np.float64)
        wind = 1.6 * float(uniform(seed, -1)) - 0.8
        _fill(table, seed, rate, conditions.shutter, conditions.speed, wind, view)
    return table


def light(conditions: Conditions) -> np.ndarray:
    """Radiance of a flake, float32 (3): ice scatters the light of the whole sky; a white body under it."""
    return np.array([conditions.sky_r, conditions.sky_g, conditions.sky_b], np.float32)
