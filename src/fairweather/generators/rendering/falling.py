"""Rain and snow in the air, as imgaug's RainLayer and SnowflakesLayer (imgaug 0.4.0, MIT) make them: salt noise in motion."""

from functools import cache

import cv2
import numpy as np

from fairweather.data.town.arithmetic import cosine, sine
from fairweather.generators.rendering import frequency
from fairweather.generators.rendering.veil import seen_through
from fairweather.kernels import kernel

_GRID = (8, 8)  # of the field that makes them unequally dense
_RADIAN = 0.017453292519943295


def rained(image: np.ndarray, grid: int, rng: np.random.Generator) -> np.ndarray:
    """One layer of Rain: the picture blended with a grey of 110 to 240, opacity 1.3 times the drops.

    Args:
        image: uint8 (H, W, 3) RGB, contiguous; left untouched.
        grid: as of `falling`.
    """
    density, uniformity, size = rng.uniform(0.03, 0.14), rng.uniform(0.8, 1.0), rng.uniform(0.01, 0.02)
    angle, speed, grey = rng.uniform(-15, 15), rng.uniform(0.04, 0.20), rng.uniform(110, 240)
    drops = falling(image.shape[:2], density, uniformity, size, 0, angle, speed, grid, rng)
    opacity = np.minimum(1.3 * np.arange(256) / 255, 1)
    kept = ((1 - opacity) * 65535 + 0.5).astype(np.uint16)
    added = (opacity * grey * 256 + 0.5).astype(np.uint16)
    return seen_through(image, cv2.LUT(drops, kept), cv2.LUT(drops, added))


def snowed(image: np.ndarray, grid: int, rng: np.random.Generator) -> np.ndarray:
    """One layer of Snowflakes: a faint glow is added, then the flakes replace what is darker; arguments as of `rained`."""
    density, uniformity, size = rng.uniform(0.005, 0.075), rng.uniform(0.3, 0.9), rng.uniform(0.2, 0.7)
    angle, speed, blur = rng.uniform(-30, 30), rng.uniform(0.007, 0.03), rng.uniform(1e-4, 1e-3)
    flakes = falling(image.shape[:2], density, uniformity, size, blur, angle, speed, grid, rng)
    unequal = 1 - rng.uniform(0.4, 0.8)
    shown = frequency.powers(np.arange(1, 256) / 255, 1 + 2 * unequal) * 255 * (1 + 5 * unequal)
    shown = np.concatenate([[0], shown])
    glow = np.minimum((0.1 + 20 * speed) * shown, 255).astype(np.uint8)
    white = np.minimum((1 + 20 * speed) * shown, 255).astype(np.uint8)
    out = np.empty_like(image)
    _flake(image, flakes, glow, white, out)
    return out


def falling(
    shape: tuple[int, ...], density: float, uniformity: float, size: float, blur: float, angle: float, speed: float,
    grid: int, rng: np.random.Generator,
) -> np.ndarray:  # fmt: skip
    """Salt noise in motion: what drops and flakes have in common.

    Args:
        shape: (H, W).
        density: share of the points of the noise that are salt (128 to 255, mostly near both ends).
        uniformity: 1: equally dense everywhere; less: weighted with an 8x8 field of Beta(1, 1 - uniformity), resized.
        size: the noise has 1 - size times as many rows and columns as the picture.
        blur: sigma of a Gaussian blur as a share of the longer side, at least 0.5 and at most 3.75 pixels; 0: none.
        angle: of the motion in degrees, 0 is straight down, 90 to the right.
        speed: length of the motion as a share of the longer side, at least 3 pixels.
        grid: a longer side of more pixels than this is drawn with this many, then enlarged. imgaug's ranges suit 192x256:
            in a large picture the flakes would be specks, so far smeared out by the motion that nobody sees them.

    Returns:
        uint8 (H, W).
    """
    scale = min(1.0, grid / max(shape))
    height, width = max(1, int(shape[0] * scale)), max(1, int(shape[1] * scale))
    rows, columns = max(1, int(height * (1 - size))), max(1, int(width * (1 - size)))
    noise = _salt(density)[rng.integers(0, 65536, (rows, columns), np.uint16)]
    if uniformity < 1:
        # The quantile function of Beta(1, b) is 1 - (1 - u)^(1 / b).
        field = 1 - frequency.powers(1 - rng.random(_GRID), 1 / (1 - uniformity))
        gate = cv2.resize((field * 255 + 0.5).astype(np.uint8), (columns, rows), interpolation=cv2.INTER_CUBIC)
        noise = cv2.multiply(noise, gate, scale=1 / 255)
    noise = cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    longer = max(height, width)
    if blur:
        noise = cv2.GaussianBlur(noise, (0, 0), min(max(longer * blur, 0.5), 3.75))
    length = max(3, int(speed * longer))
    across, down = sine(angle * _RADIAN), cosine(angle * _RADIAN)
    moved = np.empty((height, width), np.uint8)
    _move(noise, max(1, int(length * down + 0.5)), across / down, moved)
    if (height, width) != tuple(shape):
        moved = cv2.resize(moved, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    return moved


def _salt(density: float) -> np.ndarray:
    """uint8 (65536,): salt or 0 for a uniform 16-bit draw."""
    most = int(density * 65536 + 0.5)
    table = np.zeros(65536, np.uint8)
    table[:most] = _brightness()[np.arange(most) * 256 // max(most, 1)]
    return table


@cache
def _brightness() -> np.ndarray:
    """uint8 (256,): quantiles of imgaug's salt, 255 times the upper half of Beta(1/2, 1/2), an arcsine distribution."""
    roots = [sine(1.5707963267948966 * (0.5 + (k + 0.5) / 512)) for k in range(256)]
    brightness: np.ndarray = np.array([int(root * root * 255 + 0.5) for root in roots], np.uint8)
    brightness.flags.writeable = False
    return brightness


@kernel(nogil=True)
def _flake(image: np.ndarray, flakes: np.ndarray, glow: np.ndarray, white: np.ndarray, out: np.ndarray) -> None:
    """max(white, min(255, image + glow)), both by the flake at the pixel."""
    for row in range(flakes.shape[0]):
        for x in range(flakes.shape[1]):
            v = flakes[row, x]
            g, most = np.uint16(glow[v]), np.uint16(white[v])
            for c in range(3):
                lit = min(np.uint16(image[row, x, c]) + g, np.uint16(255))
                out[row, x, c] = np.uint8(max(lit, most))


@kernel(nogil=True)
def _move(noise: np.ndarray, length: int, slope: float, out: np.ndarray) -> None:
    """Every point drawn out into a streak that goes down `length` rows and `slope` columns per row, getting brighter.

    imgaug's motion blur weights a line of pixels with a ramp (MotionBlur, direction 1). Along slanted columns, which lie one
    beside the other, the ramp is a running sum of a running sum; the picture continues on its other side.
    """
    height, width = noise.shape
    box, ramp = np.zeros(width, np.int32), np.zeros(width, np.int32)
    come, gone, line = np.zeros(width, np.uint8), np.zeros(width, np.uint8), np.empty(width, np.uint8)
    share = np.float32(2.0 / (length * (length + 1.0)))
    for y in range(-length, height):
        shift = int(np.floor(slope * y + 0.5)) % width
        _roll(noise[y % height], width - shift, come)
        if y >= 0:
            before = int(np.floor(slope * (y - length) + 0.5)) % width
            _roll(noise[(y - length) % height], width - before, gone)
        _advance(box, ramp, come, gone, np.int32(length + 1))
        if y >= 0:
            for u in range(width):
                line[u] = np.uint8(np.float32(ramp[u]) * share + np.float32(0.5))
            _roll(line, shift, out[y])


@kernel(nogil=True)
def _roll(line: np.ndarray, shift: int, out: np.ndarray) -> None:
    """out[(u + shift) % width] = line[u]; shift from 0 to the width."""
    out[shift:] = line[: line.size - shift]
    out[:shift] = line[line.size - shift :]


@kernel(nogil=True)
def _advance(box: np.ndarray, ramp: np.ndarray, come: np.ndarray, gone: np.ndarray, weight: np.int32) -> None:
    """One row further: box, the sum of the last n rows; ramp, once the last row, twice the one before, ... n times the first."""
    for u in range(box.size):
        ramp[u] = ramp[u] + box[u] + np.int32(come[u]) - weight * np.int32(gone[u])
        box[u] = box[u] + np.int32(come[u]) - np.int32(gone[u])
