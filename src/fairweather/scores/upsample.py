"""Label maps from class scores of a lower resolution, without making the scores of the higher one.

Upsampling C score planes to the size of the label and taking the argmax there costs several times a small network's
forward pass, nearly all of it for pixels that are decided already: between four neighbouring scores, an interpolation
cell, every interpolated score is a weighted mean of the corners, so a class that wins all corners wins the whole
cell. Those cells are painted. In the others a class whose best corner is below another's worst corner cannot win, and
the few that remain are interpolated.
"""

import numpy as np

from fairweather.kernels import kernel

MAX_CLASSES = 255  # 255 itself is IGNORE
CHUNK = 2048  # scores per class at a time: best and winner stay in the first-level cache
ONE = np.float32(1)
LOWEST = np.float32(-np.inf)
WITHOUT_SIGN = np.int32(0x7FFFFFFF)
INFINITE = 0x7F800000  # bits of the float32 infinity; NaN lies above


def argmax_upsampled(
    scores: np.ndarray, size: tuple[int, int], extent: tuple[float, float] | None = None
) -> np.ndarray:
    """The class of the highest bilinearly resampled score at every pixel.

    Output pixel i lies at (i + 0.5) * extent / size - 0.5 in score cells, clamped to the scores there are. With the
    whole extent this is torch.nn.functional.interpolate(mode="bilinear", align_corners=False) followed by argmax, in
    the same float32 operations.

    Args:
        scores: finite float32 (C, h, w), C in 1..255; copied if the class planes are not contiguous.
        size: (H, W) of the result.
        extent: the part of (h, w) that shows the image, from the upper left; the rest is padding. None: all of it.

    Returns:
        uint8 (H, W): class indices; of equal scores the lowest index.

    Raises:
        ValueError: a score that is not finite, or arguments out of range.
    """
    if scores.dtype != np.float32 or scores.ndim != 3 or not scores.size or len(scores) > MAX_CLASSES:
        raise ValueError(
            f"scores are {scores.dtype} {scores.shape}; allowed is float32 (C, h, w), C in 1..{MAX_CLASSES}"
        )
    classes, height, width = scores.shape
    rows = _taps("height", size[0], height, height if extent is None else extent[0])
    columns = _taps("width", size[1], width, width if extent is None else extent[1])
    planes = np.ascontiguousarray(scores)
    winners = np.empty((height, width), np.uint8)
    if not _winners(planes.reshape(classes, -1), planes.reshape(classes, -1).view(np.int32), winners.reshape(-1)):
        raise ValueError(
            f"{np.count_nonzero(~np.isfinite(scores))} of {scores.size} scores are not finite; all must be"
        )
    out = np.empty(size, np.uint8)
    _paint(planes, winners, *rows, *columns, out)
    return out


def _taps(axis: str, pixels: int, cells: int, extent: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How output pixels lie between score cells along one axis.

    Returns:
        lower: int64 (pixels,), the score cell before each pixel; weight: float32 (pixels,), of the cell after it;
        spans: int64 (n + 1,), where runs of pixels between the same two cells begin, and `pixels`.
    """
    if pixels < 1 or not 0 < extent <= cells:
        raise ValueError(
            f"{axis} is {pixels} from an extent of {extent} of {cells} scores; allowed are at least 1 pixel and "
            f"an extent above 0, at most {cells}"
        )
    scale = np.float32(extent) / np.float32(pixels)
    position = scale * (np.arange(pixels, dtype=np.float32) + np.float32(0.5)) - np.float32(0.5)
    position = np.clip(position, np.float32(0), np.float32(cells - 1))
    lower = position.astype(np.int64)
    spans = np.concatenate([[0], np.flatnonzero(np.diff(lower)) + 1, [pixels]])
    return lower, position - lower.astype(np.float32), spans


@kernel(nogil=True)
def _winners(scores: np.ndarray, bits: np.ndarray, out: np.ndarray) -> bool:
    """Write the argmax of scores (C, n) to `out` (n,), and say whether all are finite; `bits` are the scores as int32.

    Integer comparison of the bits finds inf and NaN in the same vectorised pass; a float reduction would not vectorise.
    """
    best, winner = np.empty(CHUNK, np.float32), np.empty(CHUNK, np.int32)
    largest = np.int32(0)
    for start in range(0, out.size, CHUNK):
        n = min(CHUNK, out.size - start)
        best[:] = LOWEST
        winner[:] = 0
        for c in range(scores.shape[0]):
            row, row_bits, this = scores[c, start : start + n], bits[c, start : start + n], np.int32(c)
            for i in range(n):
                higher = row[i] > best[i]
                best[i] = row[i] if higher else best[i]
                winner[i] = this if higher else winner[i]
                largest = max(largest, row_bits[i] & WITHOUT_SIGN)
        for i in range(n):
            out[start + i] = np.uint8(winner[i])
    return bool(largest < INFINITE)


# Inlined as source: called once a cell and once a pixel, where compiled calls cost a third more (measured on noise).
@kernel(inline="always", nogil=True)
def _contenders(
    scores: np.ndarray, y0: int, y1: int, x0: int, x1: int, corners: np.ndarray, classes: np.ndarray
) -> np.int64:
    """Write classes that may win in a cell to `classes`, their corner scores to rows of `corners` (C, 4); how many."""
    floor = LOWEST
    for c in range(scores.shape[0]):
        upper_left, upper_right = scores[c, y0, x0], scores[c, y0, x1]
        lower_left, lower_right = scores[c, y1, x0], scores[c, y1, x1]
        corners[c, 0], corners[c, 1], corners[c, 2], corners[c, 3] = upper_left, upper_right, lower_left, lower_right
        floor = max(floor, min(min(upper_left, upper_right), min(lower_left, lower_right)))
    n = np.int64(0)
    for c in range(scores.shape[0]):
        upper_left, upper_right, lower_left, lower_right = corners[c, 0], corners[c, 1], corners[c, 2], corners[c, 3]
        corners[n, 0], corners[n, 1], corners[n, 2], corners[n, 3] = upper_left, upper_right, lower_left, lower_right
        classes[n] = c
        n += np.int64(max(max(upper_left, upper_right), max(lower_left, lower_right)) >= floor)
    return n


@kernel(inline="always", nogil=True)
def _winner_between(corners: np.ndarray, n: int, down: np.float32, across: np.float32) -> np.int64:
    """The row of `corners` with the highest score at weights `down`, `across`; float32 operations in torch's order."""
    up, left = ONE - down, ONE - across
    best, winner = LOWEST, np.int64(0)
    for i in range(n):
        upper = left * corners[i, 0] + across * corners[i, 1]
        lower = left * corners[i, 2] + across * corners[i, 3]
        value = up * upper + down * lower
        if value > best:
            best, winner = value, np.int64(i)
    return winner


@kernel(nogil=True)
def _paint(
    scores: np.ndarray,
    winners: np.ndarray,
    row: np.ndarray,
    row_weight: np.ndarray,
    row_spans: np.ndarray,
    column: np.ndarray,
    column_weight: np.ndarray,
    column_spans: np.ndarray,
    out: np.ndarray,
) -> None:
    """Paint every cell with the winner of its upper left corner, then decide pixels in cells whose corners differ."""
    corners, classes = np.empty((scores.shape[0], 4), np.float32), np.empty(scores.shape[0], np.int64)
    for i in range(row_spans.size - 1):
        top, bottom = row_spans[i], row_spans[i + 1]
        y0 = row[top]
        y1 = min(y0 + 1, winners.shape[0] - 1)
        upper, lower, first = winners[y0], winners[y1], out[top]
        for x in range(column.size):
            first[x] = upper[column[x]]
        for y in range(top + 1, bottom):
            out[y] = first
        for j in range(column_spans.size - 1):
            begin, end = column_spans[j], column_spans[j + 1]
            x0 = column[begin]
            x1 = min(x0 + 1, winners.shape[1] - 1)
            if ((upper[x1] ^ upper[x0]) | (lower[x0] ^ upper[x0]) | (lower[x1] ^ upper[x0])) == 0:
                continue
            n = _contenders(scores, y0, y1, x0, x1, corners, classes)
            for y in range(top, bottom):
                for x in range(begin, end):
                    out[y, x] = classes[_winner_between(corners, n, row_weight[y], column_weight[x])]
