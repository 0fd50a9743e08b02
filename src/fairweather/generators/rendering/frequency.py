"""Frequency noise: clouds out of random waves, as imgaug's parameter FrequencyNoise (imgaug 0.4.0, MIT) draws them."""

from functools import cache

import cv2
import numpy as np

from fairweather.data.town.arithmetic import exp, log, sine
from fairweather.kernels import kernel

LEAST = 0.01  # of a noise plane, whose largest value is 1
_DIRECTIONS = 4096


def noise(shape: tuple[int, int], exponent: float, longest: int, rng: np.random.Generator) -> np.ndarray:
    """Waves of random strength and phase, a wave of frequency f weighted with f^exponent, stretched to 0.01 .. 1.

    The real part of the inverse Fourier transform of a random spectrum, without its mean.

    Args:
        shape: (H, W) of the plane.
        exponent: -4 gives large blobs, -2 clouds, -1 grain.
        longest: the noise is made on a grid whose longer side has this many points (a side has at least 4), then resized
            cubically; a smaller plane is its own grid.

    Returns:
        float32 (H, W).
    """
    height, width = shape
    scale = min(1.0, longest / max(shape))
    rows, columns = max(4, int(height * scale)), max(4, int(width * scale))
    strength = rng.random((rows, columns))
    turn = rng.integers(0, _DIRECTIONS, (rows, columns), np.uint16)
    spectrum = _directions()[turn] * (strength * _weights(rows, columns, exponent))
    waves = np.fft.ifft2(spectrum).real
    least, span = waves.min(), np.ptp(waves)
    plane: np.ndarray = (LEAST + (1 - LEAST) / span * (waves - least)).astype(np.float32)
    if (rows, columns) != shape:
        plane = cv2.resize(plane, (width, height), interpolation=cv2.INTER_CUBIC).clip(LEAST, 1)
    return plane


def powers(values: np.ndarray, exponent: float) -> np.ndarray:
    """float64: values ** exponent for positive values, the same on every machine (about 0.1 us a value)."""
    powers: np.ndarray = _powers(values.astype(np.float64).reshape(-1), exponent)
    return powers.reshape(values.shape)


@cache
def _directions() -> np.ndarray:
    """complex128 (4096,): the unit circle in even steps."""
    angles = [6.283185307179586 * k / _DIRECTIONS for k in range(_DIRECTIONS)]
    circle: np.ndarray = np.array([sine(angle + 1.5707963267948966) + 1j * sine(angle) for angle in angles])
    circle.flags.writeable = False
    return circle


def _weights(rows: int, columns: int, exponent: float) -> np.ndarray:
    """float64 (rows, columns): f^exponent, f the distance to the nearest corner; 0 for the mean."""
    down, across = (np.minimum(np.arange(n), n - np.arange(n)) for n in (rows, columns))
    quarter = np.add.outer(np.arange(rows // 2 + 1) ** 2, np.arange(columns // 2 + 1) ** 2)
    quarter[0, 0] = 1
    weights = powers(quarter, 0.5 * exponent)
    weights[0, 0] = 0
    return np.asarray(weights[down[:, None], across])


@kernel()
def _powers(values: np.ndarray, exponent: float) -> np.ndarray:
    powers = np.empty(values.size)
    for i in range(values.size):
        powers[i] = exp(exponent * log(values[i]))
    return powers
