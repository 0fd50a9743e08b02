"""The camera: metering, lens, sensor, development, JPEG."""

from functools import cache

import cv2
import numpy as np

from fairweather.data.town import lens
from fairweather.data.town.arithmetic import exp, log, mix, seed_of
from fairweather.data.town.conditions import Conditions
from fairweather.data.town.size import LARGEST
from fairweather.kernels import kernel

SHOT, READ = 1.2e-4, 2.0e-6  # noise variance is SHOT gain I + READ gain^2, I in 0..1 of white
_ENTRIES = 4096
_BRIGHTEST = 4.0  # linear value of the tone table's last entry
_CONTRAST = 0.8  # of the S-curve, by eye and by CamVid's training frames: their road is at 77, ours without it at 88
_SHOULDER = 0.7  # where the curve leaves the sRGB one
_NORMALS = 1 << 16
_LONGEST_ROW = 3 * LARGEST
_DARKEST = 1.0e-6  # mean radiance that is still metered

_ZERO, _HALF, _ONE, _TWO = np.float32(0.0), np.float32(0.5), np.float32(1.0), np.float32(2.0)


@kernel()
def _normal_quantile(p: float) -> float:
    """Quantile of the standard normal distribution, relative error below 1.15e-9 (Acklam's rational approximation, 2003)."""
    if p > 0.5:
        return -float(_normal_quantile_low(1.0 - p))
    return float(_normal_quantile_low(p))


@kernel()
def _normal_quantile_low(p: float) -> float:
    if p < 0.02425:
        q = np.sqrt(-2.0 * log(p))
        above = (
            (((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838) * q - 2.549732539343734) * q
            + 4.374664141464968
        ) * q
        below = (
            ((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q + 3.754408661907416
        ) * q + 1.0
        return float((above + 2.938163982698783) / below)
    q = p - 0.5
    r = q * q
    above = (
        (((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02) * r + 1.383577518672690e02) * r
        - 3.066479806614716e01
    ) * r
    below = (
        (((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r + 6.680131188771972e01) * r
        - 1.328068155288572e01
    ) * r
    return float((above + 2.506628277459239) * q / (below + 1.0))


@kernel()
def _fill_normals(table: np.ndarray) -> None:
    """The quantiles of 65,536 equal parts, shuffled (Fisher & Yates); rows read on past the end, so the beginning follows it."""
    for k in range(_NORMALS):
        table[k] = _normal_quantile((k + 0.5) / _NORMALS)
    for k in range(_NORMALS - 1, 0, -1):
        other = int(mix(np.uint64(k)) % np.uint64(k + 1))
        table[k], table[other] = table[other], table[k]
    for k in range(_NORMALS, table.size):
        table[k] = table[k - _NORMALS]


@cache
def normals() -> np.ndarray:
    """65,536 standard normal numbers and the first of them again, float32; the same on every machine."""
    table = np.empty(_NORMALS + _LONGEST_ROW, np.float32)
    _fill_normals(table)
    table.flags.writeable = False
    return table


def tone(value: float) -> float:
    """sRGB value 0..1 of a linear one (IEC 61966-2-1), with a shoulder above 0.7: highlights close in on white. Then the S of a
    camera's own rendering (ISO 22028-1 calls the result output-referred): darks darker, lights lighter, mid-grey kept."""
    if value > _SHOULDER:
        value = _SHOULDER + (1.0 - _SHOULDER) * (1.0 - exp(-(value - _SHOULDER) / (1.0 - _SHOULDER)))
    grey = 12.92 * value if value <= 0.0031308 else 1.055 * exp(log(value) / 2.4) - 0.055
    return grey + _CONTRAST * grey * (1.0 - grey) * (2.0 * grey - 1.0)


@cache
def _tones() -> np.ndarray:
    """8-bit sRGB by the square root of the linear value: even steps in the shadows and no wider ones in the light."""
    table = np.empty(_ENTRIES, np.uint8)
    for k in range(_ENTRIES):
        root = k / (_ENTRIES - 1)
        table[k] = int(255.0 * tone(_BRIGHTEST * root * root) + 0.5)
    table.flags.writeable = False
    return table


@kernel()
def _mean_below(picture: np.ndarray, ceiling: float, step: int) -> float:
    """Mean over the lower half of the picture's values, each cut at the ceiling; summed in one fixed order."""
    height, width = picture.shape[0], picture.shape[1]
    red, green, blue, many = 0.0, 0.0, 0.0, 0
    for y in range(height // 2, height, step):
        for x in range(0, width, step):
            red += min(float(picture[y, x, 0]), ceiling)
            green += min(float(picture[y, x, 1]), ceiling)
            blue += min(float(picture[y, x, 2]), ceiling)
            many += 3
    return (red + green + blue) / many


def meter(picture: np.ndarray, aim: float) -> float:
    """The exposure: the factor that brings the mean of the lower half to `aim`, in a picture in which white (1) is the brightest.

    The clipping is found by repetition: it takes lamps out of the mean, or a lamp in the street would darken it.
    """
    step = max(1, picture.shape[0] // 64)
    factor = aim / max(_mean_below(picture, np.inf, step), _DARKEST)
    for _ in range(3):
        factor = aim / max(_mean_below(picture, 1.0 / factor, step), _DARKEST)
    return float(factor)


@kernel()
def _expose(
    picture: np.ndarray, factor: np.float32, side: np.float32, corner: np.float32, shot: np.float32, read: np.float32,
    normal: np.ndarray, seed: np.uint64, tones: np.ndarray, out: np.ndarray,
) -> None:  # fmt: skip
    height, size = picture.shape
    width = size // 3
    down, across, fade = np.empty(size, np.float32), np.empty(size, np.float32), np.empty(size, np.float32)
    reach = np.float32(width * width + height * height)
    for x in range(width):
        d = np.float32(2 * x + 1 - width)
        for c in range(3):
            fade[3 * x + c] = factor * (_ONE - corner * d * d / reach)
    middle = _ONE - side - side
    per_step = np.float32((_ENTRIES - 1) / _BRIGHTEST * (_ENTRIES - 1))
    last = np.float32(_ENTRIES - 1)
    for y in range(height):
        above, here, below = picture[max(y - 1, 0)], picture[y], picture[min(y + 1, height - 1)]
        for i in range(size):
            down[i] = middle * here[i] + side * (above[i] + below[i])
        for i in range(3, size - 3):
            across[i] = middle * down[i] + side * (down[i - 3] + down[i + 3])
        for i in range(3):
            across[i] = (middle + side) * down[i] + side * down[i + 3]
            k = size - 1 - i
            across[k] = (middle + side) * down[k] + side * down[k - 3]
        d = np.float32(2 * y + 1 - height)
        lost = factor * corner * d * d / reach
        start = int(mix(seed ^ np.uint64(y)) >> np.uint64(48))
        noise = normal[start : start + size]
        for i in range(size):
            light = max(across[i] * (fade[i] - lost), _ZERO)
            light = max(light + np.sqrt(shot * light + read) * noise[i], _ZERO)
            across[i] = min(np.sqrt(light * per_step) + _HALF, last)
        for x in range(width):
            out[y, x, 0] = tones[int(across[3 * x + 2])]
            out[y, x, 1] = tones[int(across[3 * x + 1])]
            out[y, x, 2] = tones[int(across[3 * x])]


def develop(radiance: np.ndarray, conditions: Conditions, seed: np.uint64) -> np.ndarray:
    """Take the picture: glow, drops on the glass, lens blur, vignetting, exposure, noise, tone curve, JPEG, in this order.

    Vignetting is 1 - k (r / r_max)^2. Noise is Gaussian with variance a I + b, a = 1.2e-4 g, b = 2e-6 g^2 at gain g,
    in the linear value I (Foi et al., IEEE TIP 17, 2008; EMVA 1288): drawn after the blur, which it does not pass
    through, and before the tone curve. The blur is a 3 x 3 binomial-like kernel of the given sigma in each direction;
    JPEG is one round trip through OpenCV's codec with 4:2:0 chroma.

    Args:
        radiance: float32 (H, W, 3), linear; left as it is.
        seed: of this picture's noise and of the drops.

    Returns:
        uint8 (H, W, 3), RGB.
    """
    height, width = radiance.shape[:2]
    factor = meter(radiance, conditions.meter)
    if conditions.glow > 0 or conditions.drops > 0:
        radiance = radiance.copy()
        lens.bloom(radiance, 1.0 / factor, conditions.glow)
        lens.drops(radiance, int(conditions.drops), seed_of("lens", seed))
    out = np.empty((height, width, 3), np.uint8)
    side = min(0.5 * conditions.blur * conditions.blur, 0.25)
    gain = conditions.gain
    _expose(
        radiance.reshape(height, 3 * width), np.float32(factor), np.float32(side), np.float32(conditions.vignette),
        np.float32(SHOT * gain), np.float32(READ * gain * gain), normals(), seed_of("noise", seed), _tones(), out,
    )  # fmt: skip
    return jpeg(out, int(conditions.quality))


def jpeg(blue_green_red: np.ndarray, quality: int) -> np.ndarray:
    """One JPEG round trip, 4:2:0; uint8 (H, W, 3), BGR in, RGB out."""
    written, code = cv2.imencode(".jpg", blue_green_red, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not written:
        raise ValueError(f"no JPEG of shape {blue_green_red.shape} at quality {quality}")
    image = cv2.imdecode(code, cv2.IMREAD_COLOR)
    cv2.cvtColor(image, cv2.COLOR_BGR2RGB, dst=image)
    return np.asarray(image)
