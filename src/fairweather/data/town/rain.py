"""Rain in the air: streaks of single drops by depth, and the spray over the road. What it does to surfaces is drawn with them."""

from math import sqrt

import numpy as np

from fairweather.data.town.arithmetic import exp, log, uniform
from fairweather.data.town.camera import Camera
from fairweather.data.town.conditions import Conditions
from fairweather.data.town.streak import ALPHA, DEPTH, RADIUS, X0, X1, Y0, Y1
from fairweather.kernels import kernel

_NEAREST, _FARTHEST = 0.6, 12.0  # m; farther drops are haze
_LEAST, _LARGEST = 0.8, 4.0  # mm of diameter; smaller drops are haze
_STREAKS = 1800.0  # drawn at 10 mm/h
# At 128 rows a drop 3 m away covers a tenth of a pixel. A drawn streak stands for its neighbours too; by eye.
_STANDS_FOR = 22.0
_THINNEST = 0.3  # of a pixel of a picture 128 high
# Most opaque at the near and at the far end: before a dark road in linear light, near streaks above a tenth look like paint.
_FAINT, _STRONG = 0.07, 0.28


@kernel()
def fall_speed(diameter: float) -> float:
    """Terminal speed of a drop, m/s, by its diameter D in mm: 9.65 - 10.3 exp(-0.6 D).

    Atlas, Srivastava & Sekhon, Reviews of Geophysics 11, 1973, after the measurements of Gunn & Kinzer 1949.
    """
    return float(9.65 - 10.3 * exp(-0.6 * diameter))


@kernel()
def _fill(
    table: np.ndarray, seed: np.uint64, rate: float, shutter: float, speed: float, wind: float, view: np.ndarray
) -> None:
    focal, horizon, width, height = view[0], view[1], view[2], view[3]
    slope = 4.1 * exp(-0.21 * log(rate))
    least, span = exp(-slope * _LEAST), exp(-slope * _LEAST) - exp(-slope * _LARGEST)
    scale = height / 128.0
    for k in range(table.shape[0]):
        diameter = -log(least - uniform(seed, 5 * k) * span) / slope
        z = _NEAREST + (_FARTHEST - _NEAREST) * uniform(seed, 5 * k + 1)
        x, y = width * (1.2 * uniform(seed, 5 * k + 2) - 0.1), height * (1.3 * uniform(seed, 5 * k + 3) - 0.2)
        move = shutter / z
        across = (focal * wind + (x - 0.5 * width) * speed) * move
        down = (focal * fall_speed(diameter) + (y - horizon) * speed) * move
        radius = 0.0005 * focal * diameter / z
        drawn = max(radius, _THINNEST * scale)
        # Seen from one point a drop covers tau = sqrt(a) / 50 s of the exposure, a its radius in m.
        opacity = min(np.sqrt(0.0005 * diameter) / 50.0 / shutter, 1.0) * radius / drawn
        most = _FAINT + (_STRONG - _FAINT) * (z - _NEAREST) / (_FARTHEST - _NEAREST)
        table[k, X0], table[k, Y0], table[k, X1], table[k, Y1] = x, y, x + across, y + down
        table[k, RADIUS], table[k, ALPHA], table[k, DEPTH] = (
            drawn,
            min(opacity * _STANDS_FOR * (0.4 + uniform(seed, 5 * k + 4)), most),
            z,
        )


def streaks(camera: Camera, conditions: Conditions, height: int, width: int, seed: np.uint64) -> np.ndarray:
    """The streaks of one exposure.

    Sizes D follow N(D) = 8000 exp(-4.1 R^-0.21 D) per m^3 and mm at R mm/h (Marshall & Palmer, J. Meteorology 5,
    1948), from 0.8 mm. A drop moves by (wind, fall, -ego speed) times the shutter's time T; at depth z the picture
    moves by focal length over z of that, away from the focus of expansion: length = f v T / z, width = f D / z. Opacity is
    tau / T with tau = sqrt(a) / 50 s, a the drop's radius in m (Garg & Nayar, Vision and Rain, IJCV 75, 2007). Depth is
    uniform from 0.6 to 12 m: each metre of air covers the same share of the picture.

    Returns:
        float32 (N, 7), columns as in `streak`; N grows with the square root of the rate.
    """
    rate = conditions.rain
    many = int(_STREAKS * sqrt(rate / 10.0)) if rate > 0 else 0
    table = np.empty((many, 7), np.float32)
    if many:
        view = np.array([camera.focal * width, camera.horizon * height, width, height], np.float64)
        wind = 5.0 * float(uniform(seed, -1)) - 2.5
        _fill(table, seed, rate, conditions.shutter, conditions.speed, wind, view)
    return table


def light(conditions: Conditions) -> np.ndarray:
    """Radiance of a drop, float32 (3): it gathers light from about 165 degrees and passes 0.94 of it (Garg & Nayar).

    That is nearly the mean of the surroundings, mostly sky: bright before dark ground, hard to see against the sky.
    """
    sky = (
        conditions.horizon_r + conditions.zenith_r,
        conditions.horizon_g + conditions.zenith_g,
        conditions.horizon_b + conditions.zenith_b,
    )
    return np.array([0.94 * 0.5 * value for value in sky], np.float32)


def extinction(rate: float) -> float:
    """Extinction of rain, 1/m, at a rate R in mm/h: 0.365e-3 R^0.63.

    A large drop takes twice its cross section out of the beam, and the integral of 2 pi D^2 / 4 over the distribution of
    Marshall & Palmer is 8000 pi / (4.1 R^-0.21)^3 mm^2 per m^3.
    """
    return float(8000.0e-6 * 3.141592653589793 / (4.1 * 4.1 * 4.1) * exp(0.63 * log(rate))) if rate > 0 else 0.0


def spray(conditions: Conditions) -> float:
    """Extinction at the ground of what wheels throw up, 1/m: V2 from 5000 m in drizzle down to 1500 m in heavy rain at speed."""
    strength = min(conditions.rain / 30.0, 1.0) * min(conditions.speed / 10.0, 1.0)
    return 3.912 / (5000.0 - 3500.0 * strength) if conditions.rain > 0 else 0.0
