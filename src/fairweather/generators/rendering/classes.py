"""Regions of named classes, whatever label space they come from, and the sky."""

from collections.abc import Iterable
from itertools import chain

import cv2
import numpy as np

from fairweather.generators.generator import Source
from fairweather.vocabulary.labels import IGNORE

# What the classes of Cityscapes are called elsewhere: in camvid11, in cityscapes7 and in toy4. A coarse class stands for its most
# frequent members; cityscapes7 has no traffic lights that could be told from their poles, nor has camvid11.
SPELLINGS = {
    "road": ("flat", "ground"),
    "sidewalk": ("pavement",),
    "building": ("construction", "block"),
    "pole": ("object", "post"),
    "traffic sign": ("sign_symbol",),
    "vegetation": ("tree", "nature"),
    "person": ("pedestrian", "human"),
    "rider": ("bicyclist",),
    "car": ("vehicle",),
}

_STEP = 8  # the sky is estimated on a grid of this many pixels
_HIGHEST = 0.6  # share of the rows, from above, that may be sky
# Where a pixel by the sky begins and ends to be sky itself, in shares of the sky's mean grey, and the side of the neighbourhood
# that must hold sky, as a divisor of the height: with a label that says what may be seen through, and without.
_SEEN, _GUESSED = (0.4, 0.85, 5), (0.55, 0.88, 2)
_SMOOTH = 24  # range of grey levels within a grid cell and its neighbours that is still without texture


def where(source: Source, *names: str) -> np.ndarray:
    """The pixels of some classes, by their names in Cityscapes; all False where the label space has none of them.

    Returns:
        bool (H, W).
    """
    table = np.zeros(256, np.uint8)
    table[_values(source.classes, names)] = 1
    mask: np.ndarray = cv2.LUT(np.ascontiguousarray(source.labelled), table)
    return mask.view(bool)


def sky(source: Source) -> np.ndarray:
    """The sky: as labelled; estimated from the picture if the label space has no sky or no pixel is labelled.

    The estimate takes the bright, smooth pixels, no warmer than grey, that hang together with the uppermost rows.

    Returns:
        bool (H, W).
    """
    if _labelled(source):
        return where(source, "sky")
    return _estimated(source.image)


def horizon(sky: np.ndarray) -> int:
    """The lowest row in which at least a fiftieth of the pixels is sky; the middle row if there is none."""
    height, width = sky.shape
    counts = cv2.reduce(sky.view(np.uint8), 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S).ravel()
    rows = np.flatnonzero(counts * 50 >= width)
    return int(rows[-1]) if rows.size else height // 2


def over_sky(source: Source, sky: np.ndarray, share: float) -> np.ndarray:
    """How much of a layer is laid over each pixel of the sky: 255 times the share inside, falling to 0 across its edge.

    Labels draw trees, wires and signs with outlines that hold much sky. So what is near the sky, of a class that it is seen
    through (or of no class), and as bright as it counts as sky, too: else a dark layer leaves the trees in shining fringes.

    Returns:
        uint8 (H, W).
    """
    out = np.zeros(sky.shape, np.uint8)
    rows = np.flatnonzero(sky.any(axis=1))
    if not rows.size:
        return out
    labelled, height = _labelled(source), sky.shape[0]
    dark, bright, reach = _SEEN if labelled else _GUESSED
    fine, wide = max(3, height // 240 | 1), max(5, height // reach | 1)
    last = rows[-1] + wide // 2 + 2  # nothing below is near the sky
    inside = sky[:last].view(np.uint8) * np.uint8(255)
    grey = cv2.cvtColor(np.ascontiguousarray(source.image[:last]), cv2.COLOR_RGB2GRAY)
    level = cv2.mean(grey, inside)[0]
    ramp = np.clip((np.arange(256) - dark * level) / ((bright - dark) * level + 1e-3), 0, 1)
    near = np.minimum(np.arange(256) * 16, 255).astype(np.uint8)  # full where a sixteenth of the neighbourhood is sky
    through = cv2.LUT(cv2.blur(inside, (wide, wide)), near)
    if labelled:
        through &= cv2.LUT(np.ascontiguousarray(source.labelled[:last]), _seen_through(source.classes))
    edge = cv2.min(through, cv2.LUT(grey, (ramp * 255 + 0.5).astype(np.uint8)))
    weight = cv2.max(cv2.blur(inside, (fine, fine)), edge)
    out[:last] = cv2.LUT(weight, (np.arange(256) * share + 0.5).astype(np.uint8))
    return out


def _seen_through(classes: tuple[str, ...]) -> np.ndarray:
    """uint8 (256,): 255 for the label's values behind which sky may shine."""
    table = np.zeros(256, np.uint8)
    table[[*_values(classes, ("sky", "vegetation", "pole", "traffic sign", "traffic light", "fence")), IGNORE]] = 255
    return table


def _labelled(source: Source) -> bool:
    """Whether the label can tell the sky from the rest."""
    return bool(_values(source.classes, ("sky",))) and bool((source.labelled != IGNORE).any())


def _values(classes: tuple[str, ...], names: Iterable[str]) -> list[int]:
    """The label's values that are called so."""
    spellings = set(chain.from_iterable((name, *SPELLINGS.get(name, ())) for name in names))
    return [value for value, name in enumerate(classes) if name in spellings]


def _estimated(image: np.ndarray) -> np.ndarray:
    height, width = image.shape[:2]
    size = (max(1, width // _STEP), max(1, height // _STEP))
    small = cv2.resize(np.ascontiguousarray(image), size, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    square = np.ones((3, 3), np.uint8)
    smooth = cv2.dilate(grey, square) - cv2.erode(grey, square) < _SMOOTH
    upper = np.arange(size[1])[:, None] < _HIGHEST * size[1]
    bright = grey >= max(110, int(np.percentile(grey, 60)))
    cold = small[..., 2].astype(np.int16) + 12 >= small[..., 0]
    _, parts = cv2.connectedComponents((smooth & upper & bright & cold).astype(np.uint8), connectivity=4)
    high = np.unique(parts[: max(1, size[1] // 10)])
    found = np.isin(parts, high[high > 0]).astype(np.uint8)
    # The smoothness test has eaten a cell from every border.
    found = cv2.dilate(found, square) & (upper & bright).astype(np.uint8)
    full: np.ndarray = cv2.resize(found, (width, height), interpolation=cv2.INTER_NEAREST)
    return full.view(bool)
