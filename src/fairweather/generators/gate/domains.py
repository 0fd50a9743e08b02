"""Whether a pool looks like its target domain: the distance of its tones to real pictures of both domains."""

from dataclasses import dataclass

import cv2
import numpy as np
from scipy.spatial.distance import cdist

from fairweather.generators.gate.structure import grey, reduced

FEWEST, MOST = 10, 500  # pictures of each kind: below is not measurable, above every so-many-th is taken
BANDS = 4  # sky to road
_SIZE, _FINE = (32, 16), (256, 128)  # width, height
_DARK, _BRIGHT = 24, 232


@dataclass(frozen=True)
class Distance:
    """Energy distances (Szekely & Rizzo 2013, unbiased) of the made pictures' tones, in standard deviations of the real ones'.

    Args:
        to_target: to real pictures of the target domain; to_source: to those of the source domain.
    """

    to_target: float
    to_source: float

    @property
    def nearness(self) -> float:
        """Of the target: 1 at the target, 0 at the source, 0.5 half way; 0.5 where both distances are 0."""
        target, source = max(self.to_target, 0.0), max(self.to_source, 0.0)
        return source / (target + source) if target + source > 0.0 else 0.5


def tone(image: np.ndarray) -> np.ndarray:
    """float64 (22,) of a uint8 (H, W, 3) RGB picture: what tells weather and hour, little of what stands there.

    In each of four bands from top to bottom: mean and deviation of log luma, mean red less green and blue less green, log of
    the mean fine detail; then the shares of dark and of bright pixels.
    """
    image = reduced(image)
    small = cv2.resize(image, _SIZE, interpolation=cv2.INTER_AREA).astype(np.float64)
    log = np.log(small @ (0.299, 0.587, 0.114) + 16.0)
    luma = cv2.resize(grey(image), _FINE, interpolation=cv2.INTER_AREA)
    detail = cv2.absdiff(luma, cv2.blur(luma, (3, 3))).astype(np.float64)
    found = []
    for lights, colours, details in zip(*(np.split(plane, BANDS) for plane in (log, small, detail)), strict=True):
        red, green, blue = colours.mean(axis=(0, 1)) / 255.0
        found += [lights.mean(), lights.std(), red - green, blue - green, np.log(details.mean() + 0.5)]
    return np.array([*found, (luma < _DARK).mean(), (luma > _BRIGHT).mean()])


def distance(made: np.ndarray, target: np.ndarray | None, source: np.ndarray) -> Distance | None:
    """Of pictures by their tones; None: not measurable, for there are too few of a kind.

    Args:
        made: (n, 22), rows of `tone`; target: real pictures of the target domain that may be seen, None if there are none;
            source: real pictures of the source domain.
    """
    if target is None or min(len(made), len(target), len(source)) < FEWEST:
        return None
    made, target, source = (tones[:: -(-len(tones) // MOST)] for tones in (made, target, source))
    scale = np.maximum(np.concatenate([target, source]).std(axis=0), 1e-3)
    made, target, source = made / scale, target / scale, source / scale
    own = _within(made)
    return Distance(*(2.0 * float(cdist(made, real).mean()) - own - _within(real) for real in (target, source)))


def _within(tones: np.ndarray) -> float:
    """Mean distance of two different rows."""
    return float(cdist(tones, tones).sum()) / (len(tones) * (len(tones) - 1))
