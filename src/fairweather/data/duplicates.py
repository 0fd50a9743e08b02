"""Pictures that are nearly the same, found by the two perceptual hashes of their manifest rows, and their clusters.

Two images are near-duplicates if their difference hashes differ in at most 6 of 64 bits and their detail hashes in at most 51 of
256. The first test is fast and keeps what is recompressed, resized or slightly cropped; the second takes out the pairs that only
share their light: a bright sky over a dark road, fog. What both do to real and to drawn pictures is measured by
`python -m experiments.duplicates` (docs/splits.md).
"""

from collections.abc import Iterator, Sequence

import numpy as np

from fairweather.data.manifest import DETAIL_BYTES, Row

DISTANCE = 6  # bits of 64 (datasets.md 7.3)
DETAIL_DISTANCE = 51  # bits of 256: the middle between altered copies and other places, as measured
BLOCK = 2**22  # pairs that are compared at once: 32 MB


def close_pairs(hashes: np.ndarray, others: np.ndarray, distance: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """All (i, j) with hashes[i] and others[j] at most `distance` bits apart, int64 arrays, block after block.

    Every pair is compared: popcounts of 200 million pairs (20,000 images with themselves) take about a second.

    Args:
        hashes, others: (N,), (M,) uint64.
    """
    step = max(1, BLOCK // max(len(others), 1))
    for start in range(0, len(hashes), step):
        apart = np.bitwise_count(hashes[start : start + step, None] ^ others)
        i, j = np.nonzero(apart <= distance)
        if len(i):
            yield i + start, j


def clusters(
    rows: Sequence[Row], distance: int = DISTANCE, detail: int = DETAIL_DISTANCE
) -> tuple[tuple[int, ...], ...]:
    """The positions of rows whose pictures are near-duplicates, directly or over others, clusters of two and more in order.

    Args:
        distance, detail: bits by which the difference hashes and the detail hashes may differ.
    """
    coarse, fine = _hashes(rows)
    # Equal hashes first: thousands of black frames are one entry, not millions of pairs.
    _, firsts, entry = np.unique(np.column_stack([coarse, fine]), axis=0, return_index=True, return_inverse=True)
    parent = list(range(len(firsts)))
    for i, j in close_pairs(coarse[firsts], coarse[firsts], distance):
        kept = (i < j) & (_apart(fine[firsts[i]], fine[firsts[j]]) <= detail)
        for a, b in zip(i[kept].tolist(), j[kept].tolist(), strict=True):
            parent[_root(parent, a)] = _root(parent, b)
    found: dict[int, list[int]] = {}
    for position, key in enumerate(entry.ravel().tolist()):
        found.setdefault(_root(parent, key), []).append(position)
    return tuple(sorted(tuple(members) for members in found.values() if len(members) > 1))


def likest(
    rows: Sequence[Row], others: Sequence[Row], distance: int = DISTANCE, detail: int = DETAIL_DISTANCE
) -> tuple[int | None, ...]:
    """For each row the position of the near-duplicate among the others whose detail is nearest (the first of equals); None if
    it has none."""
    (coarse, fine), (coarse_other, fine_other) = _hashes(rows), _hashes(others)
    found: list[int | None] = [None] * len(rows)
    least = np.full(len(rows), detail + 1)
    for i, j in close_pairs(coarse, coarse_other, distance):
        for a, b, apart in zip(i.tolist(), j.tolist(), _apart(fine[i], fine_other[j]).tolist(), strict=True):
            if apart < least[a]:
                found[a], least[a] = b, apart
    return tuple(found)


def _hashes(rows: Sequence[Row]) -> tuple[np.ndarray, np.ndarray]:
    """(N,) and (N, 4) uint64: the difference hashes and the detail hashes."""
    if bare := next((row for row in rows if len(row.detail) != DETAIL_BYTES), None):
        raise ValueError(f"the row of {bare.sample.id} has no detail hash; near-duplicates cannot be told without it")
    fine = np.frombuffer(b"".join(row.detail for row in rows), np.uint64).reshape(len(rows), DETAIL_BYTES // 8)
    return np.array([row.dhash for row in rows], np.uint64), fine


def _apart(details: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(N,) int64 bits in which (N, 4) uint64 differ."""
    apart: np.ndarray = np.bitwise_count(details ^ others).sum(axis=1, dtype=np.int64)
    return apart


def _root(parent: list[int], node: int) -> int:
    """The root of a node in a union-find forest; paths are halved on the way."""
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node
