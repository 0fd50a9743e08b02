"""Weather_Effect_Generator: fog by depth, rain and snow as layers of noise."""

import math
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from fairweather.data.town.arithmetic import exp
from fairweather.errors import InputError
from fairweather.generators.generator import Generator, GeneratorCard, Source
from fairweather.generators.rendering import haze, layers, perlin
from fairweather.generators.rendering.cloudy import cloudy
from fairweather.generators.rendering.dusk import dawn_dusk
from fairweather.generators.rendering.monocular import monocular_depth
from fairweather.generators.rendering.night import night
from fairweather.generators.rendering.pseudo_depth import pseudo_depth
from fairweather.generators.weather.picture import read_only
from fairweather.kernels import kernel
from fairweather.strategies.strategy import check_between
from fairweather.vocabulary.domains import DOMAINS

# By level of illumination 1, 2, 3 (0 is dark): factor of saturation and value, and range of the air's grey.
DULLER = {"foggy": (0.9, 0.8, 0.7), "rainy": (0.95, 0.85, 0.8), "snowy": (0.9, 0.8, 0.7)}
GREYS = ((180, 200), (200, 240), (200, 240))
VISIBILITY = {"foggy": (500, 2000), "rainy": (1000, 2000), "snowy": (1000, 2500)}
DARK_GREY, DARK_FOG, DARK_MOST = 75, 150.0, 750.0
_SPREAD, _CELLS = 20, 90  # sigma of the rain's opacity in pixels of 720 rows; it is blurred on a grid of 90 rows
_OPAQUE = 16384
_WEIGHTS = (13926, 46885, 4725)  # of R, G, B in grey, of 65536: .2125, .7154, .0721


@dataclass(frozen=True)
class WeatherEffect(Generator):
    """The analytic part of Gupta et al., "Robust Object Detection in Challenging Weather Conditions" (WACV 2024).

    The published code has no cloudy, dawn_dusk and night: those are recipes shared by the rendering strategies.

    Args:
        depth: "auto": the data set's, else guessed from the label; "pseudo": always guessed from the label; anything else is
            the hub id or the folder of a depth model for transformers.
        fog_density, haze_density: the published visibilities are divided by it, in fog and before rain or snow. They were
            chosen for depths 389 / disparity, with MiDaS' disparity, which has no unit and in which a street is several
            times as long as in metres, its end hundreds of kilometres away; in true metres they are hardly seen. Fog of 500
            to 2000 m becomes one of 50 to 200 m: 60 to 200 m is what the published function takes if it is given none.
        darkest: the least level of illumination that is believed. Sources are day pictures: most of their pixels may be dark
            (trees, shade), but the published night (level 0, dark grey fog) is not theirs.
    """

    depth: str = "auto"
    fog_density: float = 10.0
    haze_density: float = 5.0
    darkest: int = 1

    card: ClassVar = GeneratorCard(
        name="gen_Weather_Effect_Generator",
        summary="fog by depth, rain and snow as layers of noise (Weather_Effect_Generator)",
        source="Gupta et al., WACV 2024; github.com/hgupta01/Weather_Effect_Generator",
        aliases=("Weather_Effect_Generator",),
        family="gen",
        profiles={"reference": {"fog_density": 1.0, "haze_density": 1.0, "darkest": 0}},
        takes=("label",),
        may_take=("depth",),
        domains_reference=("foggy", "rainy", "snowy"),
        domains_supported=tuple(domain for domain in DOMAINS if domain != "clear_day"),
        revision=2,
    )

    def __post_init__(self) -> None:
        check_between(self, "fog_density", 0.1, 50)
        check_between(self, "haze_density", 0.1, 50)
        if self.darkest not in (0, 1, 2, 3) or isinstance(self.darkest, bool | float):
            raise InputError(f"WeatherEffect: darkest is {self.darkest!r}, allowed are 0, 1, 2 and 3")
        if not isinstance(self.depth, str) or not self.depth.strip():
            raise InputError(f"WeatherEffect: depth is {self.depth!r}, allowed are auto, pseudo, a hub id or a folder")

    def generate(self, source: Source, domain: str, rng: np.random.Generator) -> np.ndarray:
        if domain in VISIBILITY:
            return self._rendered(source, domain, rng)
        return {"cloudy": cloudy, "dawn_dusk": dawn_dusk, "night": night}[domain](source, rng)

    def _rendered(self, source: Source, domain: str, rng: np.random.Generator) -> np.ndarray:
        image = read_only(np.ascontiguousarray(source.image))
        height, width = source.image.shape[:2]
        depth = self._depth(source)
        light = illumination(image)
        level = max(light.level, self.darkest)
        density = self.fog_density if domain == "foggy" else self.haze_density
        visibility = _visibility(domain, level, farthest(depth), rng) / density
        if level:
            low, high = GREYS[level - 1]
            grey, duller = int(rng.integers(low, high + 1)), DULLER[domain][level - 1]
        else:
            grey, duller = DARK_GREY, 1.0
        foggy = haze.hazed(image, depth, visibility, grey, perlin.shuffled(rng), duller)
        if domain == "rainy":
            shades = opacity(light, level, height, width, rng.uniform(0.3, 0.5))
            _lay(foggy, read_only(layers.rain(height, width, rng)), read_only(shades))
        elif domain == "snowy":
            _screen(foggy, read_only(layers.snow(height, width, rng)))
        return foggy

    def _depth(self, source: Source) -> np.ndarray:
        if self.depth == "auto" and source.depth is not None:
            return source.depth
        if self.depth in ("auto", "pseudo"):
            return pseudo_depth(source)
        return monocular_depth(source.image, self.depth)


@dataclass(frozen=True)
class Illumination:
    """How light a picture is.

    Args:
        level: 0 to 3, the fullest of four bins of its grey; 0 is dark.
        grid: float64, mean grey 0..1 of squares of `side` pixels.
    """

    level: int
    grid: np.ndarray
    side: int


def illumination(image: np.ndarray) -> Illumination:
    """The illumination of a picture, uint8 (H, W, 3) RGB."""
    height, width = image.shape[:2]
    side = max(1, round(height / _CELLS))
    sums = np.zeros((-(-height // side), -(-width // side)), np.int64)
    counts = np.zeros(4, np.int64)
    _look(read_only(np.ascontiguousarray(image)), side, sums, counts)
    rows, columns = np.full(sums.shape[0], side), np.full(sums.shape[1], side)
    rows[-1], columns[-1] = height - side * (rows.size - 1), width - side * (columns.size - 1)
    return Illumination(int(counts.argmax()), sums / (65536 * 255.0 * rows[:, None] * columns), side)


def opacity(light: Illumination, level: int, height: int, width: int, strength: float) -> np.ndarray:
    """How opaque rain is: more before what is dark; in a dark picture before what is light.

    The published blur of the grey, sigma 20 pixels of 720 rows, is made on a grid and drawn out in straight lines.

    Returns:
        uint16 (H, W), `_OPAQUE` is opaque.
    """
    # Squares and straight lines are blurs too: their variances are 1/12 and 1/6 of a square.
    variance = max(0.04, (_SPREAD * height / layers.LINES / light.side) ** 2 - 0.25)
    spread = _blurred(light.grid, math.sqrt(variance))
    alpha = np.clip(1 - spread if level else 2 * spread, 0, 1) * strength
    grid = np.round(alpha * _OPAQUE).astype(np.uint16)
    size = (grid.shape[1] * light.side, grid.shape[0] * light.side)
    return np.ascontiguousarray(cv2.resize(grid, size, interpolation=cv2.INTER_LINEAR_EXACT)[:height, :width])


def farthest(depth: np.ndarray) -> float:
    """The greatest depth in metres, that of the sky being haze.SKY."""
    return float(np.fmin(depth, np.float32(haze.SKY)).max())


def _visibility(domain: str, level: int, most: float, rng: np.random.Generator) -> float:
    """Metres, before any density."""
    if level == 0:
        return DARK_FOG if domain == "foggy" else max(1.0, min(0.75 * most, DARK_MOST))
    low, high = VISIBILITY[domain]
    if domain == "foggy":
        high = max(low, min(high, int(most)))
    return float(rng.integers(low, high + 1))


def _blurred(grid: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian blur of float64 (H, W), the border going on outside; sums in a fixed order."""
    reach = math.ceil(4 * sigma)
    weights = [exp(-0.5 * (i / sigma) ** 2) for i in range(-reach, reach + 1)]
    for axis in (0, 1):
        padded = np.pad(grid, [(reach, reach) if a == axis else (0, 0) for a in (0, 1)], "edge")
        total = np.zeros(grid.shape)
        for i, weight in enumerate(weights):
            total += weight * (padded[i : i + grid.shape[0]] if axis == 0 else padded[:, i : i + grid.shape[1]])
        grid = total / sum(weights)
    return grid


@kernel(nogil=True)
def _look(image: np.ndarray, side: int, sums: np.ndarray, counts: np.ndarray) -> None:
    """Sums of grey in units of 1 / 65536 over squares, and how many pixels are in each quarter of its range."""
    height, width = image.shape[:2]
    grey = np.empty(width, np.int32)
    red, green, blue = np.int32(_WEIGHTS[0]), np.int32(_WEIGHTS[1]), np.int32(_WEIGHTS[2])
    quarter = 255 * 65536 // 4
    for y in range(height):
        for x in range(width):
            grey[x] = (
                np.int32(image[y, x, 0]) * red + np.int32(image[y, x, 1]) * green + np.int32(image[y, x, 2]) * blue
            )
        one, two, three = np.int64(0), np.int64(0), np.int64(0)
        for x in range(width):
            one += np.int64(grey[x] >= quarter)
            two += np.int64(grey[x] >= 2 * quarter)
            three += np.int64(grey[x] >= 3 * quarter)
        counts[0] += width - one
        counts[1] += one - two
        counts[2] += two - three
        counts[3] += three
        row = y // side
        for column in range(sums.shape[1]):
            total = 0
            for x in range(column * side, min(width, column * side + side)):
                total += grey[x]
            sums[row, column] += total


@kernel(nogil=True)
def _lay(image: np.ndarray, layer: np.ndarray, alpha: np.ndarray) -> None:
    """The layer over the picture: image (1 - alpha) + layer alpha, in place."""
    height, width = layer.shape
    for y in range(height):
        for x in range(width):
            a = np.int32(alpha[y, x])
            rest = np.int32(_OPAQUE) - a
            added = np.int32(layer[y, x]) * a + np.int32(_OPAQUE // 2)
            image[y, x, 0] = np.uint8(np.uint32(np.int32(image[y, x, 0]) * rest + added) >> np.uint32(14))
            image[y, x, 1] = np.uint8(np.uint32(np.int32(image[y, x, 1]) * rest + added) >> np.uint32(14))
            image[y, x, 2] = np.uint8(np.uint32(np.int32(image[y, x, 2]) * rest + added) >> np.uint32(14))


@kernel(nogil=True)
def _screen(image: np.ndarray, layer: np.ndarray) -> None:
    """Screen blend of the layer with each channel, in place."""
    height, width = layer.shape
    for y in range(height):
        for x in range(width):
            dark = np.uint32(255 - layer[y, x])
            for c in range(3):
                product = np.uint32(np.uint32(255 - image[y, x, c]) * dark) + np.uint32(128)
                image[y, x, c] = np.uint8(255 - ((product + (product >> np.uint32(8))) >> np.uint32(8)))
