"""Weather as albumentations 2.0.8 draws it: RandomFog, RandomRain and RandomSnow with the settings of the reference study."""

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from fairweather.errors import InputError
from fairweather.generators.generator import Generator, GeneratorCard, Source
from fairweather.generators.rendering import cloudy, discs, dusk, lines, night, tone
from fairweather.generators.weather.picture import read_only
from fairweather.kernels import kernel
from fairweather.strategies.strategy import check_among, check_between

DROPS = {"drizzle": 0.25, "default": 1 / 3, "heavy": 1.0, "torrential": 2.0}  # lines per row of the picture
RAINS = ("drizzle", "heavy", "torrential")
_COLOUR = 200  # of drops
_ALPHA = 0.08  # opacity of a fog disc at coefficient 1
_RESIZING = 1.0  # pixels^2: variance of an area average of 2x2 (1/4) and of linear interpolation back (about 2/3)
_TINT = (64 / 255, 140 / 255, 1.0)  # HSV (216 degrees, 0.75, 1), the tint of `texture`
_SPARKLES = 0.01  # share of the pixels


@dataclass(frozen=True)
class AlbumentationsWeather(Generator):
    """Fog, rain and snow of albumentations 2.0.8 by our own arithmetic; cloudy, dawn_dusk and night by the shared recipes.

    The label is used by the shared recipes alone. Where the original is defective, its intention is followed: see `texture`.

    Args:
        fog_least, fog_most: the fog coefficient is drawn from U(fog_least, fog_most).
        rain: "drizzle", "default", "heavy" or "torrential"; "cycled": one of drizzle, heavy and torrential, by a fair draw.
        rain_blur: side of the box blur of the drops, in pixels.
        rain_light: factor on the picture and its drops.
        snow: "bleach", "texture"; "both": a fair coin decides.
        snow_least, snow_most: the snow point is drawn from U(snow_least, snow_most).
        snow_light: factor of the lightness of what is bleached; coefficient of the brightness of texture.
    """

    fog_least: float = 0.4
    fog_most: float = 0.8
    rain: str = "cycled"
    rain_blur: int = 3
    rain_light: float = 0.7
    snow: str = "both"
    snow_least: float = 0.2
    snow_most: float = 0.5
    snow_light: float = 2.5

    card: ClassVar = GeneratorCard(
        name="gen_albumentations_weather",
        summary="fog, rain and snow as albumentations draws them",
        source="Buslaev et al., Information 2020; albumentations 2.0.8",
        licence="MIT",
        aliases=("albumentations", "albumentations_weather"),
        family="gen",
        takes=("label",),
        domains_reference=("foggy", "rainy", "snowy"),
        domains_supported=("cloudy", "dawn_dusk", "foggy", "night", "rainy", "snowy"),
    )

    def __post_init__(self) -> None:
        for weather in ("fog", "snow"):
            check_between(self, f"{weather}_least", 0, 1)
            check_between(self, f"{weather}_most", 0, 1)
            least, most = getattr(self, f"{weather}_least"), getattr(self, f"{weather}_most")
            if least > most:
                raise InputError(
                    f"{type(self).__name__}: {weather}_least is {least:g}, allowed is at most {weather}_most, {most:g}"
                )
        check_among(self, "rain", (*DROPS, "cycled"))
        check_between(self, "rain_blur", 1, 31)
        if not isinstance(self.rain_blur, int):
            raise InputError(f"{type(self).__name__}: rain_blur is {self.rain_blur!r}, allowed is a whole number")
        check_between(self, "rain_light", 0.01, 1)
        check_among(self, "snow", ("bleach", "texture", "both"))
        check_between(self, "snow_light", 0, 10)

    def generate(self, source: Source, domain: str, rng: np.random.Generator) -> np.ndarray:
        makers = {"cloudy": cloudy.cloudy, "dawn_dusk": dusk.dawn_dusk, "night": night.night}
        if domain in makers:
            return makers[domain](source, rng)
        image = read_only(np.ascontiguousarray(source.image))
        if domain == "foggy":
            return foggy(image, rng.uniform(self.fog_least, self.fog_most), rng)
        if domain == "rainy":
            kind = RAINS[rng.integers(len(RAINS))] if self.rain == "cycled" else self.rain
            return rainy(image, rng.uniform(-10, 10), DROPS[kind], self.rain_blur, self.rain_light, rng)
        point = rng.uniform(self.snow_least, self.snow_most)
        bleaches = rng.random() < 0.5 if self.snow == "both" else self.snow == "bleach"
        if bleaches:
            return tone.lightness(image, self.snow_light, threshold(point))
        return texture(image, point, self.snow_light, rng)


def foggy(image: np.ndarray, c: float, rng: np.random.Generator) -> np.ndarray:
    """RandomFog at coefficient c: shrinking windows of discs of opacity 0.08 c, then a Gaussian blur of the whole picture.

    A wide blur is made at half the size, where resizing brings a part of its variance: 0.3 grey levels off on average, up to
    15 on the sharpest edges of a rendered street.
    """
    height, width = image.shape[:2]
    veiled: np.ndarray = discs.veiled(image, discs.shrinking(height, width, c, rng), _ALPHA * c)
    side = max(3, min(height, width) // 30) | 1
    if side < 11:
        return np.asarray(cv2.GaussianBlur(veiled, (side, side), 0))
    sigma = 0.3 * ((side - 1) * 0.5 - 1) + 0.8  # OpenCV's rule for a kernel of this side
    half = cv2.resize(veiled, ((width + 1) // 2, (height + 1) // 2), interpolation=cv2.INTER_AREA)
    half = cv2.GaussianBlur(half, (0, 0), 0.5 * np.sqrt(sigma * sigma - _RESIZING))
    return np.asarray(cv2.resize(half, (width, height), interpolation=cv2.INTER_LINEAR))


def rainy(
    image: np.ndarray, slant: float, density: float, blur: int, light: float, rng: np.random.Generator
) -> np.ndarray:
    """RandomRain: blurred grey lines added to the picture, whose light is then reduced.

    Args:
        slant: pixels that a drop moves to the right on its way down, over an eighth of the height.
        density: drops per row of the picture.
        blur: side of the box blur of the drops; light: factor on the result, up to 1.
    """
    height, width = image.shape[:2]
    drops = lines.layer((height, width), int(slant), max(1, height // 8), int(height * density), _COLOUR, rng)
    if blur > 1:
        drops = cv2.blur(drops, (blur, blur))
    out = np.empty_like(image)
    _add(image.reshape(height, -1), drops, np.uint16(light * 65535 + 0.5), out.reshape(height, -1))
    return out


def threshold(point: float) -> float:
    """The lightness 0..255 below which the snow point 0..1 bleaches."""
    return point * 127.5 + 85.0


def texture(image: np.ndarray, point: float, light: float, rng: np.random.Generator) -> np.ndarray:
    """RandomSnow with method "texture": brighter, snow that gets denser towards the top, a blue tint and sparkles.

    value = 0.85 (min(255, (1 + light point) value) + 255 point s n), n a noise of mean 0.5 and deviation 0.06, s falling from
    1 in the top row to 0.2 in the last; then a tint as of 0.15 point of light blue, and a hundredth of the pixels white.
    The original adds the snow to hue and saturation as well, which turns skies purple and houses green, its tint comes to
    nothing and its values above 255 start again at 0: here snow is added to all channels alike, which gives the same value,
    and is clipped.

    Args:
        point: how much snow, 0..1; light: how much brighter the picture gets by it.
    """
    height, width = image.shape[:2]
    # Uniform bytes have the deviation of the original's N(0.5, 0.3) within 4 %; it blurs twice with sigma 1.
    noise = cv2.GaussianBlur(rng.integers(0, 256, (height, width), np.uint8), (0, 0), 1.4142135623730951)
    values = np.arange(256)
    gain = np.minimum(1 + light * point, 255 / np.maximum(values, 1))  # the brightest channel stays within 255
    snow = np.linspace(1, 0.2, height) * point
    kept = 1 - 0.15 * point * (1 - np.array(_TINT))
    out = np.empty_like(image)
    _snow(
        image.reshape(height, -1),
        (gain * 0.85 * 4096 + 0.5).astype(np.int32),
        noise,
        (snow * 0.85 * 4096 + 0.5).astype(np.int32),
        (kept * 4096 + 0.5).astype(np.int32),
        out.reshape(height, -1),
    )
    sparkles = rng.integers(0, height * width, int(_SPARKLES * height * width + 0.5))
    out.reshape(-1, 3)[sparkles] = 255
    return out


@kernel(nogil=True)
def _add(image: np.ndarray, drops: np.ndarray, light: np.uint16, out: np.ndarray) -> None:
    """light min(255, image + drops), in rows of 3 W values; the second loop becomes vectors."""
    added = np.empty(image.shape[1], np.uint8)
    for row in range(drops.shape[0]):
        for x in range(drops.shape[1]):
            d = drops[row, x]
            added[3 * x] = d
            added[3 * x + 1] = d
            added[3 * x + 2] = d
        _dim(image[row], added, light, out[row])


@kernel(nogil=True)
def _dim(image: np.ndarray, added: np.ndarray, light: np.uint16, out: np.ndarray) -> None:
    for i in range(image.size):
        lit = min(np.uint16(np.uint16(image[i]) + np.uint16(added[i])), np.uint16(255))
        dimmed = np.uint16((np.uint32(np.uint16(lit << np.uint16(8))) * np.uint32(light)) >> np.uint32(16))
        out[i] = np.uint8(np.uint16(dimmed + np.uint16(128)) >> np.uint16(8))


@kernel(nogil=True)
def _snow(
    image: np.ndarray, gain: np.ndarray, noise: np.ndarray, snow: np.ndarray, kept: np.ndarray, out: np.ndarray
) -> None:
    """kept (gain image + snow noise) with 12 bits after the point, twice; `gain` by the largest channel, `snow` by the row.

    In rows of 3 W values, each in two loops: only the first, the look-up, does not become vectors.
    """
    gains = np.empty(noise.shape[1], np.int32)
    for row in range(noise.shape[0]):
        line = image[row]
        for x in range(gains.size):
            gains[x] = gain[max(max(line[3 * x], line[3 * x + 1]), line[3 * x + 2])]
        _whiten(line, gains, noise[row], snow[row], kept[0], kept[1], kept[2], out[row])


@kernel(nogil=True)
def _whiten(
    line: np.ndarray, gains: np.ndarray, noise: np.ndarray, snow: np.int32, red: np.int32, green: np.int32,
    blue: np.int32, out: np.ndarray,
) -> None:  # fmt: skip
    half, most, bits = np.int32(2048), np.int32(255), np.int32(12)
    for x in range(gains.size):
        g, n = gains[x], snow * np.int32(noise[x]) + half
        r = min((np.int32(line[3 * x]) * g + n) >> bits, most)
        out[3 * x] = np.uint8((r * red + half) >> bits)
        r = min((np.int32(line[3 * x + 1]) * g + n) >> bits, most)
        out[3 * x + 1] = np.uint8((r * green + half) >> bits)
        r = min((np.int32(line[3 * x + 2]) * g + n) >> bits, most)
        out[3 * x + 2] = np.uint8((r * blue + half) >> bits)
