"""An overcast day: weak colours, weak shadows, and a sky of grey cloud."""

import cv2
import numpy as np

from fairweather.generators.generator import Source
from fairweather.generators.rendering.blend import blended
from fairweather.generators.rendering.classes import over_sky, sky
from fairweather.generators.rendering.tone import curve, saturated, through

DARKEST, BRIGHTEST = 190, 225  # of the clouds


def cloudy(source: Source, rng: np.random.Generator) -> np.ndarray:
    """Saturation x .7-.85, contrast x .8-.9 about the mean, gamma .85-.95, 60-90 % of the sky covered by cloud.

    The recipe is this project's: the classical renderers of the reference study have no cloudy domain.

    Returns:
        uint8 (H, W, 3).
    """
    saturation, contrast, gamma = rng.uniform((0.7, 0.8, 0.85), (0.85, 0.9, 0.95))
    cover = rng.uniform(0.6, 0.9)
    height, width = source.image.shape[:2]
    clouds = cloud(height, width, rng)
    centre = float(source.image[::4, ::4].mean())
    flat = through(saturated(source.image, saturation), curve(1.0, contrast, centre, gamma))
    return blended(flat, cv2.merge([clouds] * 3), over_sky(source, sky(source), cover))


def cloud(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """Grey-white noise like a closed layer of cloud: four octaves, each of half the size and half the contrast of the one before.

    Its blobs are wider than high, as those of a layer overhead are seen.

    Returns:
        uint8 (H, W), DARKEST to BRIGHTEST.
    """
    small = (max(4, -(-width // 4)), max(4, -(-height // 4)))
    total = np.zeros(small[::-1], np.uint16)
    for octave in range(4):
        cells = rng.integers(0, 256, (6 << octave, 5 << octave), dtype=np.uint8)
        layer = cv2.resize(cells, small, interpolation=cv2.INTER_LINEAR)
        side = (max(1, small[0] // (5 << octave)), max(1, small[1] // (6 << octave)))
        total += cv2.blur(layer, side).astype(np.uint16) << (3 - octave)
    low, high = int(total.min()), int(total.max())
    spread = (total - low).astype(np.uint32) * (BRIGHTEST - DARKEST) // max(1, high - low) + DARKEST
    full: np.ndarray = cv2.resize(spread.astype(np.uint8), (width, height), interpolation=cv2.INTER_LINEAR)
    return full
