"""Fog: Koschmieder's law in linear light, exact to a rounding, by one table of (transmission, display value)."""

import numpy as np

from fairweather.data.town.arithmetic import exp
from fairweather.generators.weather.depth import FINE_SKY, Depth, fine_metres, levels_of
from fairweather.generators.weather.light import ONE, airlight_of, display, linear
from fairweather.generators.weather.picture import contiguous, target, within
from fairweather.kernels import kernel

VISIBLE_CONTRAST = 3.912023005428146  # -ln 0.02
MOST = 0.6  # of the estimated airlight: sRGB 203, a grey-white sky that is not burnt out
ROWS = 641  # of the table: neighbouring rows differ by at most 0.85 grey levels
_OCTAVE = 256


def extinction(visibility: float) -> float:
    """Extinction in 1/m at a visual range in metres: 3.912 / V.

    Convention: Koschmieder's visual range, at which the contrast of a black object against the sky falls to 2 % (Koschmieder
    1924; Middleton, Vision Through the Atmosphere, 1952). The meteorological optical range of the WMO takes 5 % instead,
    2.996 / V: a V of that kind is 1.306 times as long here.
    """
    return VISIBLE_CONTRAST / visibility


def add_fog(
    image: np.ndarray,
    depth: np.ndarray | Depth,
    visibility: float,
    airlight: tuple[float, float, float] | None = None,
    out: np.ndarray | None = None,
) -> np.ndarray:
    """The picture in homogeneous fog: I = J t + A (1 - t), t = exp(-3.912 d / V), in linear light (Koschmieder 1924).

    Args:
        image: uint8 (H, W, 3) RGB, sRGB-coded; left untouched.
        depth: float32 (H, W) metres along the ray, infinity for sky (t = 0); or its levels (`quantise`).
        visibility: V in metres, 10 to 100,000, by the 2 % convention of `extinction`.
        airlight: A, R, G, B in linear light, 0..1; None: estimated from the picture (`estimate_airlight`).
        out: where the result goes, contiguous uint8 (H, W, 3); None: a new array.

    Returns:
        uint8 (H, W, 3), within one grey level of the formula in exact arithmetic.

    Raises:
        ValueError: arrays of another kind or size.
        InputError: a visibility or an airlight that is not allowed, negative depth or NaN.
    """
    picture = contiguous(image)
    visibility = within("visibility", visibility, 10, 100_000, " m")
    levels = levels_of(depth, picture.shape)
    air = airlight_of(airlight, picture, levels, MOST)
    result = target(picture, out)
    table = _table(np.array(air), linear(), display())
    rows = _rows(extinction(visibility), fine_metres())
    _look_up(picture.reshape(-1), levels.fine.reshape(-1), rows, table, result.reshape(-1))
    return result


@kernel()
def _table(air: np.ndarray, lin: np.ndarray, display: np.ndarray) -> np.ndarray:
    """uint8 (ROWS x 3 x 256,): the display value of every display value behind fog.

    Row r of n stands for 1 - t = 2 (r / n)^2 in its first half and t = 2 (1 - r / n)^2 in its second: display values rise
    steeply where light begins, so that rows must lie close where either term of the formula is small.
    """
    table = np.empty(ROWS * 768, np.uint8)
    last = ROWS - 1
    for row in range(ROWS):
        least = min(row, last - row)
        part = (2 * least * least * 65536 + last * last // 2) // (last * last)
        veil = part if row == least else 65536 - part
        for c in range(3):
            base = row * 768 + c * 256
            added = int(air[c] * ONE + 0.5) * veil + 32768
            for v in range(256):
                table[base + v] = display[(np.int64(lin[v]) * (65536 - veil) + added) >> 16]
    return table


@kernel()
def _rows(beta: float, metres: np.ndarray) -> np.ndarray:
    """uint16 (4096,): the offset of the row of `_table` / 256 for each fine level of depth."""
    rows = np.empty(metres.size, np.uint16)
    last = ROWS - 1
    kept = np.empty(_OCTAVE)
    for k in range(_OCTAVE):
        kept[k] = exp(-beta * metres[k])
    for level in range(FINE_SKY):
        k = level % _OCTAVE
        if level >= _OCTAVE and k == 0:
            for i in range(_OCTAVE):  # twice the depth, the square of the transmission
                kept[i] = kept[i] * kept[i]
        t = kept[k]
        place = np.sqrt((1.0 - t) * 0.5) if t > 0.5 else 1.0 - np.sqrt(t * 0.5)
        rows[level] = np.uint16(3 * int(last * place + 0.5))
    rows[FINE_SKY] = np.uint16(3 * last)
    return rows


@kernel(nogil=True)
def _look_up(image: np.ndarray, fine: np.ndarray, rows: np.ndarray, table: np.ndarray, out: np.ndarray) -> None:
    for p in range(fine.size):
        base = np.int64(rows[fine[p]]) << 8
        i = 3 * p
        out[i] = table[base + np.int64(image[i])]
        out[i + 1] = table[base + 256 + np.int64(image[i + 1])]
        out[i + 2] = table[base + 512 + np.int64(image[i + 2])]
