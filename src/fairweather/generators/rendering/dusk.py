"""Dawn and dusk: warm dim light, and a sky that is orange by the horizon and blue above."""

import cv2
import numpy as np

from fairweather.generators.generator import Source
from fairweather.generators.rendering.blend import blended
from fairweather.generators.rendering.classes import horizon, over_sky, sky
from fairweather.generators.rendering.tone import curve, through

LOW, HIGH = (255, 170, 90), (70, 80, 130)  # the sky by the horizon and at the top, R G B
_CELL = 8  # sky and glow are painted on a grid of this many pixels
_GLOWING = 120  # what is brighter spreads light around it


def dawn_dusk(source: Source, rng: np.random.Generator) -> np.ndarray:
    """Gains of R 1.05-1.2, G .85-.95, B .65-.8, lightness x .55-.8, 50-80 % of a sky from LOW to HIGH, and a slight glow.

    The recipe is this project's: the classical renderers of the reference study have no dawn_dusk domain.

    Returns:
        uint8 (H, W, 3).
    """
    gains = rng.uniform((1.05, 0.85, 0.65), (1.2, 0.95, 0.8))
    dimming, share, sun, glow = rng.uniform((0.55, 0.5, 0.0, 0.3), (0.8, 0.8, 1.0, 0.6))
    dim = through(source.image, *(curve(gain * dimming, 1.0, 0.0, 1.0) for gain in gains))
    region = sky(source)
    height, width = region.shape
    painted = _painted(height, width, horizon(region), sun)
    return _glowing(blended(dim, painted, over_sky(source, region, share)), glow)


def _painted(height: int, width: int, lowest: int, sun: float) -> np.ndarray:
    """The evening sky: HIGH at the top to LOW in the row `lowest`, warmer towards the column `sun` (0..1 of the width).

    Returns:
        uint8 (H, W, 3).
    """
    rows, columns = -(-height // _CELL), -(-width // _CELL)
    down = np.minimum((np.arange(rows)[:, None] + 0.5) * _CELL / max(1, lowest), 1.0)
    away = (np.arange(columns)[None] + 0.5) / columns - sun
    part = np.clip(down * (1.15 - 0.5 * away * away), 0, 1)[..., None]
    grid = (np.array(HIGH) + (np.array(LOW) - np.array(HIGH)) * part + 0.5).astype(np.uint8)
    full: np.ndarray = cv2.resize(grid, (width, height), interpolation=cv2.INTER_LINEAR)
    return full


def _glowing(image: np.ndarray, strength: float) -> np.ndarray:
    """The picture with the excess of its bright parts spread around them, as lens and haze do."""
    height, width = image.shape[:2]
    small = cv2.resize(image, (-(-width // _CELL), -(-height // _CELL)), interpolation=cv2.INTER_AREA)
    excess = through(small, (np.maximum(np.arange(256) - _GLOWING, 0) * strength + 0.5).astype(np.uint8))
    side = max(1, height // 60) | 1
    spread = cv2.blur(cv2.blur(excess, (side, side)), (side, side))
    out: np.ndarray = cv2.add(image, cv2.resize(spread, (width, height), interpolation=cv2.INTER_LINEAR))
    return out
