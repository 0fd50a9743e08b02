"""Depth guessed from the label alone: a flat road seen by a camera of known height, and things that stand on it.

strategies.md 4.4 (c). Everything is measured from the horizon, which the label bounds: sky ends above it, road begins below it.
"""

import numpy as np

from fairweather.generators.generator import Source
from fairweather.generators.rendering.classes import where
from fairweather.generators.rendering.haze import CAMERA, SKY
from fairweather.generators.weather.picture import read_only
from fairweather.kernels import kernel
from fairweather.vocabulary.labels import IGNORE

FOCAL = 0.8660254037844386  # focal length over height, for 60 degrees from the top row to the bottom row
FARTHEST = 300.0  # metres: the farthest that road or things on it are seen
GROUND = ("road", "sidewalk", "terrain")
# What is no longer than it is wide: all of it is as far as its nearest foot. A house or a hedge goes on into the distance.
COMPACT = (
    "car",
    "truck",
    "bus",
    "train",
    "motorcycle",
    "bicycle",
    "person",
    "rider",
    "pole",
    "traffic light",
    "traffic sign",
)
_PLAIN, _GROUND, _SKY, _COMPACT, _UNKNOWN, _FLOOR = range(
    6
)  # _FLOOR: unknown from the lowest row on, below the horizon
_SEEN = 0.005  # share of a row's pixels that makes a class present in it
_GAP = 0.012  # of the height: between the horizon and the farthest road that is labelled (130 m at a height of 1.8 m)


def pseudo_depth(source: Source) -> np.ndarray:
    """Metres along the axis at each pixel: float32 (H, W), 1 to SKY; made of the label and the names of its classes.

    * road, sidewalk and terrain: f h / (y - horizon); so is what is unlabelled from the lowest row up to the horizon;
    * sky: SKY; so is what is unlabelled with only unlabelled pixels below it from the horizon on, or with sky;
    * other unlabelled pixels on ground are a thing that stands there, on a thing they are part of it;
    * a thing takes, in each column, the depth of the ground at its lowest row; compact things the least of all their columns;
    * where a foot is hidden or out of sight, the depth is that of the nearest pixels to the left and right of the same class
      whose foot is seen, and at least that of what hides it; in rows without such, that of the rows below or above; FARTHEST
      where nothing tells.

    A label of which nothing is known gives a flat road below the middle row and sky above it.
    """
    kind = np.where(source.labelled == IGNORE, np.uint8(_UNKNOWN), np.uint8(_PLAIN))
    if not source.classes:
        kind[:] = _UNKNOWN
    for number, names in ((_GROUND, GROUND), (_SKY, ("sky",)), (_COMPACT, COMPACT)):
        kind[where(source, *names)] = number
    label = np.where(kind == _UNKNOWN, np.uint8(IGNORE), source.labelled)
    road = where(source, "road") & (kind == _GROUND)
    plane = _plane(kind.shape[0], horizon(road if road.any() else kind == _GROUND, kind == _SKY))
    depth = np.empty(kind.shape, np.float32)
    _stand(kind, read_only(label), read_only(plane), depth)
    return depth


def horizon(ground: np.ndarray, sky: np.ndarray) -> float:
    """The row of the horizon: a little above the highest road, but not above the lowest sky; else the middle.

    Args:
        ground, sky: bool (H, W).
    """
    height, width = ground.shape
    least = max(1.0, _SEEN * width)
    with_ground = np.flatnonzero(ground.sum(1) >= least)
    with_sky = np.flatnonzero(sky.sum(1) >= least)
    middle, lower = 0.5 * height, float(with_sky[-1] + 1) if with_sky.size else 0.0
    upper = float(with_ground[0]) if with_ground.size else float(height)
    # Road that begins far down is hidden by something nearer: it says only that the horizon is not below it.
    found = max(upper - _GAP * height, lower) if upper <= 0.62 * height else max(middle, lower)
    return float(np.clip(min(found, upper), 0.2 * height, 0.75 * height))


def _plane(height: int, horizon: float) -> np.ndarray:
    """float32 (H,): depth of the road in each row; at and above the horizon FARTHEST."""
    below = np.arange(height) + 0.5 - horizon
    nearest = FOCAL * height * CAMERA / FARTHEST
    metres = FOCAL * height * CAMERA / np.maximum(below, nearest)
    return np.where(below > 0, metres, FARTHEST).astype(np.float32)


@kernel(nogil=True)
def _stand(kind: np.ndarray, label: np.ndarray, plane: np.ndarray, out: np.ndarray) -> None:
    """Row by row from below, each column remembering what it has met; then what had no foot, from its sides.

    `kind` is written to: the unlabelled are told apart.
    """
    height, width = kind.shape
    sky, unseen = np.float32(SKY), np.float32(0.0)
    feet = np.zeros((width, 256), np.float32)  # depth of each class in the column so far, 0 where it had no foot
    hidden = np.zeros((height, width), np.float32)  # depth of what hides the foot
    for y in range(height - 1, -1, -1):
        far = plane[y] >= np.float32(FARTHEST)
        for x in range(width):
            k = kind[y, x]
            under = kind[y + 1, x] if y < height - 1 else _GROUND
            below = out[y + 1, x] if y < height - 1 else sky
            if k == _UNKNOWN and y == height - 1:
                k = _FLOOR
            if k == _UNKNOWN and under == _FLOOR:
                k = _SKY if far else _FLOOR
            kind[y, x] = k
            if k == _SKY or (k == _UNKNOWN and under == _SKY):
                out[y, x] = sky
            elif k in (_GROUND, _FLOOR):
                out[y, x] = plane[y]
            elif k == _UNKNOWN:
                out[y, x] = plane[y] if under == _GROUND else below
                hidden[y, x] = hidden[y + 1, x] if y < height - 1 else unseen
            else:
                c = label[y, x]
                if feet[x, c] == unseen:
                    if under in (_GROUND, _FLOOR):
                        feet[x, c] = plane[y]
                    elif k == _COMPACT and under == _COMPACT:
                        feet[x, c] = below  # a rider on a bicycle, a light on its pole
                out[y, x] = feet[x, c]
                hidden[y, x] = max(below, hidden[y + 1, x]) if y < height - 1 and below < sky else unseen
    for _ in range(2):
        _gather(kind, label, out)
    for last in (unseen, np.float32(FARTHEST)):
        for y in range(height):
            _fill(label[y], hidden[y], last, out[y])
        if last == unseen:
            _carry(label[::-1], out[::-1])
            _carry(label, out)


@kernel(nogil=True)
def _carry(label: np.ndarray, out: np.ndarray) -> None:
    """Depths 0 from the pixel before in the column, if it is of the same class: the crown of a tree from its lower rows."""
    for y in range(1, out.shape[0]):
        for x in range(out.shape[1]):
            if out[y, x] == np.float32(0.0) and label[y, x] == label[y - 1, x]:
                out[y, x] = out[y - 1, x]


@kernel(nogil=True)
def _gather(kind: np.ndarray, label: np.ndarray, out: np.ndarray) -> None:
    """Compact things: the least depth along each row, then along each column, of what hangs together."""
    height, width = kind.shape
    for y in range(height):
        _level(kind[y], label[y], out[y])
    for x in range(width):
        _level(kind[:, x], label[:, x], out[:, x])


@kernel(nogil=True)
def _level(kind: np.ndarray, label: np.ndarray, out: np.ndarray) -> None:
    start = 0
    while start < kind.size:
        end = start + 1
        if kind[start] == _COMPACT:
            least = np.float32(0.0)
            end = start
            while end < kind.size and kind[end] == _COMPACT and label[end] == label[start]:
                if out[end] > np.float32(0.0) and (least == np.float32(0.0) or out[end] < least):
                    least = out[end]
                end += 1
            for i in range(start, end):
                out[i] = least
        start = end


@kernel(nogil=True)
def _fill(label: np.ndarray, hidden: np.ndarray, last: float, out: np.ndarray) -> None:
    """Depths 0 of a row: between those of the nearest pixels of the same class to the left and right, in straight lines;
    `last` if there is none.
    """
    none = np.float32(0.0)
    left, right = np.zeros(256, np.float32), np.zeros(256, np.float32)
    at_left, at_right = np.zeros(256, np.int64), np.zeros(256, np.int64)
    from_left, away = np.zeros(out.size, np.float32), np.zeros(out.size, np.int64)
    known = out > none
    for x in range(out.size):
        c = label[x]
        if known[x]:
            left[c], at_left[c] = out[x], x
        else:
            from_left[x], away[x] = left[c], x - at_left[c]
    for x in range(out.size - 1, -1, -1):
        c = label[x]
        if known[x]:
            right[c], at_right[c] = out[x], x
            continue
        guess = from_left[x] if from_left[x] > none else right[c]
        if from_left[x] > none and right[c] > none:
            part = np.float32(away[x] / (away[x] + at_right[c] - x))
            guess += (right[c] - guess) * part
        guess = max(guess, hidden[x])
        out[x] = guess if guess > none else np.float32(last)
