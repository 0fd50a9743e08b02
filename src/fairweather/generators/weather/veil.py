"""Haze and what falls in front of a picture, in one pass over display values in 16-bit fixed point."""

import numpy as np

from fairweather.data.town.arithmetic import exp, uniform
from fairweather.generators.weather.depth import SKY, Depth, coarse_metres
from fairweather.generators.weather.light import encode
from fairweather.generators.weather.streaks import SIDE, Tile, seen
from fairweather.kernels import kernel

# Rows (columns) by which a tile is shifted where it begins again to the right (below), so that no repetition shows.
_SEAM, _SHIFT = 389, 613
BAND = 8  # rows


def hang(
    image: np.ndarray, depth: Depth, beta: float, sky: float, air: tuple[float, float, float], light: float, tile: Tile,
    seed: int, out: np.ndarray,
) -> None:  # fmt: skip
    """Write A + (light v - A) s (1 - a) for every display value v of the picture.

    s is the share of the scene that haze leaves, 1 - seen(1 - exp(-beta d)) at the depth's coarse level; a the opacity of the
    tile where what falls is nearer than the scene, else 0; A the display value of the airlight, which drops and flakes show
    as well: both scatter light from all around (a drop refracts a view of some 165 degrees; Garg & Nayar 2007).

    Args:
        image, out: uint8 (H, W, 3), contiguous.
        depth: levels of (H, W).
        beta: extinction in 1/m; sky: the distance in metres that stands for infinity.
        air: linear light, 0..1; light: factor 0..1 on the picture's display values, to the nearest
            1/128.
        tile: what falls; seed: of the offset at which it is read.
    """
    height, width = image.shape[:2]
    metres = coarse_metres().copy()
    metres[SKY] = sky
    pairs = _pairs(_kept(beta, metres, seen()))
    base = np.empty(3 * width, np.int16)
    base[:3] = [int(encode(c) * 255.0 * 128.0 + 0.5) for c in air]
    levels, weight = np.zeros(BAND * width, np.uint8), np.empty(3 * width, np.int16)
    kept = np.empty(BAND * width, np.int16)
    _blend(
        image.reshape(height, 3 * width),
        depth.coarse,
        pairs,
        base,
        np.int16(light * 128.0 + 0.5),
        tile.opacity,
        tile.level,
        int(uniform(np.uint64(seed), 0) * SIDE),
        int(uniform(np.uint64(seed), 1) * SIDE),
        levels,
        levels.view(np.uint64),
        kept,
        kept.view(np.uint64),
        weight,
        out.reshape(height, 3 * width),
    )


@kernel()
def _kept(beta: float, metres: np.ndarray, curve: np.ndarray) -> np.ndarray:
    """uint16 (256,): s of each level, 32767 for 1; `curve` is `seen` at even steps from 0 to 1."""
    kept = np.empty(metres.size, np.uint16)
    steps = curve.size - 1
    for k in range(metres.size):
        place = (1.0 - exp(-beta * metres[k])) * steps
        i = min(int(place), steps - 1)
        lost = curve[i] + (place - i) * (curve[i + 1] - curve[i])
        kept[k] = np.uint16((1.0 - lost) * 32767.0 + 0.5)
    return kept


@kernel()
def _pairs(kept: np.ndarray) -> np.ndarray:
    """uint32 (65536,): the table for two neighbouring levels at once, the left one in the lower half: halves the look-ups."""
    pairs = np.empty(65536, np.uint32)
    for right in range(256):
        row = pairs[256 * right : 256 * right + 256]
        upper = np.uint32(kept[right]) << np.uint32(16)
        for left in range(256):
            row[left] = upper | np.uint32(kept[left])
    return pairs


@kernel(nogil=True)
def _blend(
    image: np.ndarray,
    level: np.ndarray,
    pairs: np.ndarray,
    base: np.ndarray,
    gain: np.int16,
    opacity: np.ndarray,
    front: np.ndarray,
    top: int,
    left: int,
    levels: np.ndarray,
    level_words: np.ndarray,
    kept: np.ndarray,
    kept_words: np.ndarray,
    weight: np.ndarray,
    out: np.ndarray,
) -> None:
    """Three passes over buffers that stay in the cache: transmission, for 8 rows, which are a whole number of 64-bit words
    whatever the width; then weights and mixture, which become vectors, row by row.

    Args:
        levels, kept: buffers, uint8 and int16 (8 W,), and the same memory as words of 64 bits.
        base, weight: buffers, int16 (3 W,); `base` begins with the airlight of R, G, B.
    """
    height, width = level.shape
    for i in range(3, 3 * width):
        base[i] = base[i - 3]
    for start in range(0, height, BAND):
        rows = min(BAND, height - start)
        for r in range(rows):
            for x in range(width):
                levels[r * width + x] = level[start + r, x]
        _look_up(level_words, pairs, kept_words)
        for r in range(rows):
            y = start + r
            done, tile_x, tile_y = 0, (left + _SHIFT * (y // SIDE)) % SIDE, (top + y) % SIDE
            while done < width:
                count = min(width - done, SIDE - tile_x)
                at = r * width + done
                _weigh(
                    levels[at : at + count],
                    kept[at : at + count],
                    opacity[tile_y, tile_x : tile_x + count],
                    front[tile_y, tile_x : tile_x + count],
                    weight[3 * done : 3 * (done + count)],
                )
                done, tile_x, tile_y = done + count, 0, (tile_y + _SEAM) % SIDE
            _mix(image[y], weight, base, gain, out[y])


@kernel(nogil=True)
def _weigh(levels: np.ndarray, kept: np.ndarray, hides: np.ndarray, before: np.ndarray, weight: np.ndarray) -> None:
    """kept (1 - opacity) with 14 bits after the point, three times over: once for each channel."""
    for x in range(hides.size):
        a = np.int16(hides[x]) if levels[x] > before[x] else np.int16(0)
        through = np.int16(np.int16(32767) - np.int16(a << np.int16(7)))
        w = np.int16((np.int32(kept[x]) * np.int32(through)) >> np.int32(16))
        weight[3 * x] = w
        weight[3 * x + 1] = w
        weight[3 * x + 2] = w


@kernel(nogil=True)
def _mix(image: np.ndarray, weight: np.ndarray, base: np.ndarray, gain: np.int16, out: np.ndarray) -> None:
    """base + (gain image - base) weight; 7 bits after the point, of the product 7 + 14 - 16 = 5."""
    for i in range(image.size):
        d = np.int16(np.int16(np.int16(image[i]) * gain) - base[i])
        m = np.int16((np.int32(d) * np.int32(weight[i])) >> np.int32(16))
        half = np.int16(np.int16(base[i] + np.int16(64)) >> np.int16(2))
        out[i] = np.uint8(np.uint16(np.int16(half + m)) >> np.uint16(5))


@kernel(nogil=True)
def _look_up(words: np.ndarray, pairs: np.ndarray, kept: np.ndarray) -> None:
    """Eight levels, a word of 64 bits, at a time; a word equal to the one before (sky, ground) is not looked up again.

    The first pixel of a word is its lowest byte: every platform numba is built for is little-endian.
    """
    low = np.uint64(0xFFFF)
    last, first, second = ~words[0], np.uint64(0), np.uint64(0)
    for i in range(words.size):
        word = words[i]
        if word != last:
            a, b = pairs[word & low], pairs[(word >> np.uint64(16)) & low]
            c, d = pairs[(word >> np.uint64(32)) & low], pairs[word >> np.uint64(48)]
            first = np.uint64(a) | (np.uint64(b) << np.uint64(32))
            second = np.uint64(c) | (np.uint64(d) << np.uint64(32))
            last = word
        kept[2 * i] = first
        kept[2 * i + 1] = second
