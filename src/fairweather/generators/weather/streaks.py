"""Tiles of motion-blurred drops and flakes: what falls through the view during one exposure, with the depth of each.

A tile is a torus of SIDE x SIDE pixels, made once for a kind of fall and read from a random offset for each picture. A
particle of diameter D at distance z is w = f D / z pixels wide and moves L = f v T / z pixels while the shutter is open (f focal
length in pixels, v speed, T exposure): it covers a pixel for only a part of T. The share of light it takes from the background
there, alpha = D / (v T) for a drop that fills the pixel, is the arithmetic of Garg & Nayar, "Detection and removal of rain from
videos" (CVPR 2004) and "Vision and rain" (IJCV 2007); here it is kept for every width and length by giving the swept area of
w L + pi/4 w^2 pixels the opacity that adds up to the area pi/4 w^2 of the particle.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from fairweather.data.town.arithmetic import exp, log, uniform
from fairweather.generators.weather.depth import quantise
from fairweather.generators.weather.light import encode
from fairweather.kernels import kernel

SIDE = 1024
APERTURE = 0.002  # metres: a 4 mm lens at f/2; what is near is out of focus
REFERENCE, AIR = 0.05, 0.5  # linear light of dark asphalt or foliage, and of overcast air, for `seen`
_QUARTER_PI = 0.7853981633974483


@dataclass(frozen=True)
class Tile:
    """What falls, seen from the camera.

    Args:
        opacity: uint8 (SIDE, SIDE), 256 times the share of the background's display value that is hidden.
        level: uint8 (SIDE, SIDE), coarse level of depth of what hides most there; what is nearer than it is not hidden.
    """

    opacity: np.ndarray
    level: np.ndarray


@dataclass(frozen=True)
class Fall:
    """Particles in a view, by their size and speed.

    Args:
        number: particles of at least `smallest` in a m^3.
        slope: of their exponential size distribution, 1/mm.
        smallest, largest: diameters in mm, as the distribution means them; `swelling`: how much wider the particle is.
        rising: v = top - (top - rest) exp(-rising D) in m/s, D in mm; rest is the speed of D = 0.
        wind: speed across the view in m/s, `gusts`: and how much single particles differ from it.
        near, far: distances in m.
        focal: focal length in pixels; shutter: exposure in s.
    """

    number: float
    slope: float
    smallest: float
    largest: float
    swelling: float
    top: float
    rest: float
    rising: float
    wind: float
    gusts: float
    near: float
    far: float
    focal: float
    shutter: float


@cache
def seen() -> np.ndarray:
    """float64 (1025,): the weight in display values that stands for a share of light of 0, 1/1024, ... 1.

    Blending display values with the share itself would hide too little: light adds up before the camera's curve, and the curve
    is steep in the dark. The weight is the one that is exact where REFERENCE lies behind AIR.
    """
    dark, bright = encode(REFERENCE), encode(AIR)
    return np.array([(encode(REFERENCE + i / 1024 * (AIR - REFERENCE)) - dark) / (bright - dark) for i in range(1025)])


def make_tile(fall: Fall, seed: int) -> Tile:
    """The tile of a fall: every particle of the volume that the tile sees, drawn with round ends and smooth edges."""
    side = SIDE / fall.focal  # at a distance of 1 m
    volume = (fall.far * fall.far * fall.far - fall.near * fall.near * fall.near) / 3.0 * side * side
    particles = _particles(np.uint64(seed), int(fall.number * volume + 0.5), np.array(_numbers(fall)))
    levels = quantise(np.ascontiguousarray(particles[:, 6:7], np.float32)).coarse[:, 0]
    hidden, level = _draw(particles, np.ascontiguousarray(levels), SIDE)
    weight = seen()[(hidden * np.float32(1024) + np.float32(0.5)).astype(np.int64)]
    return Tile(np.minimum(255.0, 256.0 * weight + 0.5).astype(np.uint8), level)


def _numbers(fall: Fall) -> tuple[float, ...]:
    return (
        fall.slope, fall.smallest, fall.largest, fall.swelling, fall.top, fall.rest, fall.rising, fall.wind, fall.gusts,
        fall.near, fall.far, fall.focal, fall.shutter,
    )  # fmt: skip


@kernel()
def _particles(seed: np.uint64, count: int, fall: np.ndarray) -> np.ndarray:
    """float64 (count, 7): where a particle starts (x, y), how far it moves (dx, dy), its width and that of its edge, all in
    pixels; metres away. The edge is a pixel and the circle of confusion of a lens that is focused far away, f APERTURE / z.
    """
    slope, smallest, largest, swelling, top, rest, rising, wind, gusts, near, far, focal, shutter = fall
    drawn = np.empty((count, 7))
    cube, room = near * near * near, far * far * far - near * near * near
    for i in range(count):
        diameter = min(largest, smallest - log(1.0 - uniform(seed, 8 * i)) / slope)
        z = exp(log(cube + uniform(seed, 8 * i + 1) * room) / 3.0)  # as many in every m^3
        across = wind + gusts * (uniform(seed, 8 * i + 2) + uniform(seed, 8 * i + 3) - 1.0)
        down = top - (top - rest) * exp(-rising * diameter) + 0.5 * gusts * (uniform(seed, 8 * i + 4) - 0.5)
        drawn[i, 0] = uniform(seed, 8 * i + 5) * SIDE
        drawn[i, 1] = uniform(seed, 8 * i + 6) * SIDE
        drawn[i, 2] = focal * across * shutter / z
        drawn[i, 3] = focal * down * shutter / z
        drawn[i, 4] = focal * 0.001 * swelling * diameter / z
        drawn[i, 5] = 1.0 + focal * APERTURE / z
        drawn[i, 6] = z
    return drawn


@kernel()
def _draw(particles: np.ndarray, levels: np.ndarray, side: int) -> tuple[np.ndarray, np.ndarray]:
    """float32 (side, side): share of the background hidden; uint8: the level of what hides most. side: a power of two."""
    hidden = np.zeros((side, side), np.float32)
    most = np.zeros((side, side), np.float32)
    level = np.zeros((side, side), np.uint8)
    for i in range(particles.shape[0]):
        x, y, dx, dy, width, edge, _ = particles[i]
        length_2 = dx * dx + dy * dy
        length = np.sqrt(length_2)
        # Thinner than its edge: drawn as wide as the edge, and weaker.
        drawn = max(width, edge)
        opacity = _QUARTER_PI * width * width / (drawn * length + _QUARTER_PI * drawn * drawn)
        reach = 0.5 * (drawn + edge)
        for row in range(int(np.floor(y + min(dy, 0.0) - reach)), int(np.ceil(y + max(dy, 0.0) + reach)) + 1):
            for column in range(int(np.floor(x + min(dx, 0.0) - reach)), int(np.ceil(x + max(dx, 0.0) + reach)) + 1):
                px, py = column - x, row - y
                along = min(1.0, max(0.0, (px * dx + py * dy) / max(length_2, 1e-12)))
                ex, ey = px - along * dx, py - along * dy
                cover = min(1.0, (reach - np.sqrt(ex * ex + ey * ey)) / edge)
                if cover > 0.0:
                    share = np.float32(cover * opacity)
                    r, c = row & (side - 1), column & (side - 1)
                    hidden[r, c] = hidden[r, c] + share * (np.float32(1.0) - hidden[r, c])
                    if share > most[r, c]:
                        most[r, c] = share
                        level[r, c] = levels[i]
    return hidden, level


def rung(value: float) -> float:
    """The nearest of 1, sqrt 2, 2, ... times a power of two: tiles are shared by all values of a rung.

    No logarithm: borders lie halfway (in ratio) between rungs.
    """
    step, up = 1.0, 1.189207115002721  # 2^(1/4)
    while value < step / up:
        step *= 0.7071067811865476
    while value >= step * up:
        step *= 1.4142135623730951
    return step
