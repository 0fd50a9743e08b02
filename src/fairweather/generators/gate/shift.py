"""Where a picture lies over another: the correlation of their structures at every small displacement."""

from dataclasses import dataclass

import numpy as np

from fairweather.generators.gate.structure import Structure
from fairweather.kernels import kernel

REACH = 7  # pixels each way that are tried
_SIDE, _VECTOR = 2 * REACH + 1, 2 * REACH + 2  # sixteen at a time make vectors; the last is dropped
POINTS = 9216  # of the reference that are laid over the picture, at most: those of the strongest structure
_NEAR = 3  # pixels around the best displacement that are no other
_LEVELS, _STEPS = 4096, 64.0  # lengths are sorted by 1/64, up to 64


@dataclass(frozen=True)
class Match:
    """The best displacement.

    Args:
        dx, dy: pixels by which the picture lies to the right of and below the reference, to a fraction; NaN where nothing is
            to be compared.
        agreement: correlation coefficient of the structures there, less the highest of those farther than _NEAR from there,
            in the same unit, 0 to 2: how much better it fits there than anywhere else; NaN likewise.
    """

    dx: float
    dy: float
    agreement: float


@dataclass(frozen=True)
class Points:
    """What is laid over a picture: int32 (n,) rows and columns, and float32 (n, 2) structure there."""

    rows: np.ndarray
    columns: np.ndarray
    weights: np.ndarray


def strongest(references: tuple[Structure, ...]) -> Points:
    """The points of the references, added up, with the longest vectors, at most POINTS.

    The references count alike, whatever their energy; one without any structure does not count.
    """
    return Points(*_strongest(_sum(references)))


def match(points: Points, picture: Structure) -> Match:
    """Lay the points over the picture."""
    rows, columns, weights = points.rows, points.columns, points.weights
    cosine, sine = (_padded(plane) for plane in (picture.cosine, picture.sine))
    table = np.zeros((_SIDE, _VECTOR), np.float32)
    _correlate(rows, columns, weights, cosine, sine, table)
    table = table[:, :_SIDE].astype(np.float64)
    row, column = divmod(int(table.argmax()), _SIDE)
    there = np.stack([plane[rows + row, columns + column] for plane in (cosine, sine)])
    energy = float((weights**2).sum(dtype=np.float64)) * float((there**2).sum(dtype=np.float64))
    if energy <= 0.0:
        return Match(np.nan, np.nan, np.nan)
    y, x = np.ogrid[:_SIDE, :_SIDE]
    others = table[(y - row) ** 2 + (x - column) ** 2 > _NEAR**2]
    agreement = float((table[row, column] - others.max()) / energy**0.5)
    return Match(_vertex(table[row], column) - REACH, _vertex(table[:, column], row) - REACH, agreement)


def _padded(plane: np.ndarray) -> np.ndarray:
    wide = np.zeros((plane.shape[0] + 2 * REACH, plane.shape[1] + 2 * REACH + 1), np.float32)
    wide[REACH:-REACH, REACH : -REACH - 1] = plane
    return wide


def _sum(references: tuple[Structure, ...]) -> Structure:
    total = Structure(np.zeros_like(references[0].cosine), np.zeros_like(references[0].sine))
    for reference in references:
        cosine, sine = reference.cosine.ravel(), reference.sine.ravel()
        energy = float(cosine @ cosine) + float(sine @ sine)
        if energy > 0.0:
            scale = np.float32((cosine.size / energy) ** 0.5)
            _add(cosine, sine, scale, total.cosine.ravel(), total.sine.ravel())
    return total


def _strongest(reference: Structure) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows, columns and (n, 2) values of the points with the longest vectors, in order of rows; at most POINTS."""
    cosine, sine = reference.cosine.ravel(), reference.sine.ravel()
    length, count = np.empty(cosine.size, np.int16), np.zeros(_LEVELS, np.int32)
    _lengths(cosine, sine, length, count)
    few = np.cumsum(count[::-1])[::-1] <= POINTS  # that are at least so long
    limit = max(int(few.argmax()), 1) if few.any() else _LEVELS
    places = np.empty(min(POINTS, cosine.size), np.int32)
    places = places[: _collect(length, limit, places)]
    rows, columns = np.divmod(places, np.int32(reference.cosine.shape[1]))
    return rows, columns, np.stack([cosine[places], sine[places]], axis=1)


def _vertex(values: np.ndarray, peak: int) -> float:
    if not 0 < peak < len(values) - 1:
        return float(peak)
    before, here, after = values[peak - 1 : peak + 2]
    bend = before - 2.0 * here + after
    return float(peak + 0.5 * (before - after) / bend) if bend < 0.0 else float(peak)


@kernel(nogil=True)
def _add(cosine: np.ndarray, sine: np.ndarray, scale: np.float32, to_cosine: np.ndarray, to_sine: np.ndarray) -> None:
    for i in range(cosine.size):
        to_cosine[i] += scale * cosine[i]
        to_sine[i] += scale * sine[i]


@kernel(nogil=True)
def _lengths(cosine: np.ndarray, sine: np.ndarray, length: np.ndarray, count: np.ndarray) -> None:
    """Lengths in 1/_STEPS, and how many points have each."""
    most = np.float32(count.size - 1)
    for i in range(length.size):
        value = np.float32(_STEPS) * np.sqrt(cosine[i] * cosine[i] + sine[i] * sine[i])
        length[i] = np.int16(min(value, most))
    for i in range(length.size):
        count[length[i]] += 1


@kernel(nogil=True)
def _collect(length: np.ndarray, limit: int, places: np.ndarray) -> int:
    """Write the places of at least that length, as many as there is room for; how many."""
    found = 0
    for i in range(length.size):
        if length[i] >= limit and found < places.size:
            places[found] = i
            found += 1
    return found


@kernel(nogil=True)
def _correlate(
    rows: np.ndarray, columns: np.ndarray, weights: np.ndarray, cosine: np.ndarray, sine: np.ndarray, table: np.ndarray
) -> None:
    """Sums of scalar products over the points, for every displacement."""
    for i in range(rows.size):
        a, b, left = weights[i, 0], weights[i, 1], columns[i]
        for dy in range(_SIDE):
            y = rows[i] + dy
            for dx in range(_VECTOR):
                table[dy, dx] += a * cosine[y, left + dx] + b * sine[y, left + dx]
