"""From samples to pixels: the label, the depth, and what has to be shaded once in each pixel.

Shading once per distinct surface of a pixel and weighting by coverage is what multisampling hardware does (2x2 samples then
cost little more than one).
"""

from dataclasses import dataclass

import numpy as np

from fairweather.data.town.plane import CLASSES, SKY
from fairweather.data.town.visibility import EVEN, ODD
from fairweather.kernels import kernel

# A fragment is one number: pixel << 24 | surface + 16 << 4 | mask of the samples that show it.
PIXEL, SURFACE, BIAS, MASK = 24, 4, 16, 15
VEGETATION = 8
_CLASSES = np.array(CLASSES, np.uint8)


def _centres() -> np.ndarray:
    """float64 (16, 3): for each mask the middle of its samples within the pixel (x, y), and the share of the pixel."""
    places = [(EVEN / 2, 0.25), (EVEN / 2 + 0.5, 0.25), (ODD / 2, 0.75), (ODD / 2 + 0.5, 0.75)]
    table = np.zeros((16, 3))
    for mask in range(1, 16):
        chosen = [place for k, place in enumerate(places) if mask >> k & 1]
        table[mask] = [
            sum(x for x, _ in chosen) / len(chosen),
            sum(y for _, y in chosen) / len(chosen),
            len(chosen) / 4,
        ]
    table[15, :2] = 0.5
    return table


CENTRES = _centres()


@dataclass(frozen=True)
class Fragments:
    """What is to be shaded: int64 arrays of packed fragments in order of pixels, and how many of each are filled.

    Args:
        quads, plane, sky: of quads, of the ground (and the bonnet), of the sky.
        counts: int64 (3,).
        seen: uint8 (N,): 1 for quads that own a fragment.
    """

    quads: np.ndarray
    plane: np.ndarray
    sky: np.ndarray
    counts: np.ndarray
    seen: np.ndarray


@kernel()
def label_pixels(surface, nearness, crown, kind, label, depth):  # type: ignore[no-untyped-def]
    """The class of the majority of a pixel's four samples (on a tie of the nearest) and the z-depth of its nearest sample.

    Args:
        surface, nearness, crown: as Samples; kind: as Quads.
        label: uint8 (H, W), written; depth: float32 (H, W), written, infinite for sky.
    """
    one = np.float32(1.0)
    for y in range(label.shape[0]):
        for x in range(label.shape[1]):
            j, i = 2 * y, 2 * x
            first = surface[j, i]
            mixed = (surface[j, i + 1] ^ first) | (surface[j + 1, i] ^ first) | (surface[j + 1, i + 1] ^ first)
            if mixed == 0 and crown[j, i] + crown[j, i + 1] + crown[j + 1, i] + crown[j + 1, i + 1] == 0.0:
                label[y, x] = kind[first, 0] if first >= 0 else _CLASSES[-first]
                if first == SKY:
                    depth[y, x] = np.inf
                else:
                    w = max(max(nearness[j, i], nearness[j, i + 1]), max(nearness[j + 1, i], nearness[j + 1, i + 1]))
                    depth[y, x] = one / w
                continue
            c0, near = _shown(surface[j, i], nearness[j, i], crown[j, i], kind)
            c1, n1 = _shown(surface[j, i + 1], nearness[j, i + 1], crown[j, i + 1], kind)
            c2, n2 = _shown(surface[j + 1, i], nearness[j + 1, i], crown[j + 1, i], kind)
            c3, n3 = _shown(surface[j + 1, i + 1], nearness[j + 1, i + 1], crown[j + 1, i + 1], kind)
            best = c0
            if c0 == c1 and c0 == c2 and c0 == c3:
                near = max(max(near, n1), max(n2, n3))
            else:
                most = (c0 == c1) + (c0 == c2) + (c0 == c3)  # other samples of the class
                votes = (c1 == c0) + (c1 == c2) + (c1 == c3)
                if votes > most or (votes == most and n1 > near):
                    best, near, most = c1, n1, votes
                votes = (c2 == c0) + (c2 == c1) + (c2 == c3)
                if votes > most or (votes == most and n2 > near):
                    best, near, most = c2, n2, votes
                votes = (c3 == c0) + (c3 == c1) + (c3 == c2)
                if votes > most or (votes == most and n3 > near):
                    best, near = c3, n3
            label[y, x] = best
            depth[y, x] = one / near if near > 0.0 else np.inf


@kernel(forceinline=True)
def _shown(number, near, crown, kind):  # type: ignore[no-untyped-def]
    """Class and nearness of a sample: those of its surface, or of the foliage before it."""
    if crown > near:
        return VEGETATION, crown
    return np.int64(kind[number, 0] if number >= 0 else _CLASSES[-number]), near


@kernel()
def gather(surface, quads, plane, sky, counts, seen):  # type: ignore[no-untyped-def]
    """Fill the arrays of `Fragments` from Samples.surface: one entry for each distinct surface of a pixel."""
    n_quads, n_plane, n_sky = 0, 0, 0
    seen[:] = 0
    height, width = surface.shape[0] // 2, surface.shape[1] // 2
    for y in range(height):
        upper, lower = surface[2 * y], surface[2 * y + 1]
        for x in range(width):
            pixel = (y * width + x) << PIXEL
            first, second, third, fourth = upper[2 * x], upper[2 * x + 1], lower[2 * x], lower[2 * x + 1]
            number, left = np.int64(first), MASK
            mask = 1 | (second == first) << 1 | (third == first) << 2 | (fourth == first) << 3
            while True:
                packed = pixel | (number + BIAS) << SURFACE | mask
                if number >= 0:
                    quads[n_quads] = packed
                    n_quads += 1
                    seen[number] = 1
                elif number == SKY:
                    sky[n_sky] = packed
                    n_sky += 1
                else:
                    plane[n_plane] = packed
                    n_plane += 1
                left &= ~mask
                if left == 0:
                    break
                number = np.int64(second if left & 2 else third if left & 4 else fourth)
                mask = left & ((second == number) << 1 | (third == number) << 2 | (fourth == number) << 3)
    counts[0], counts[1], counts[2] = n_quads, n_plane, n_sky
