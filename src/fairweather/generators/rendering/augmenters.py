"""Weather as imgaug 0.4.0 draws it: Clouds, Fog, Rain, Snowflakes and FastSnowyLandscape, written anew."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from fairweather.errors import InputError
from fairweather.generators.generator import Generator, GeneratorCard, Source
from fairweather.generators.rendering import clouds, dusk, falling, night, tone
from fairweather.generators.weather.picture import read_only
from fairweather.strategies.strategy import check_among, check_between

Layer = Callable[[np.ndarray, int, np.random.Generator], np.ndarray]


@dataclass(frozen=True)
class Augmenters(Generator):
    """The weather augmenters of imgaug with its parameter ranges; dawn_dusk and night by the shared recipes.

    Args:
        layers: at most so many layers of falling drops or flakes; the number is drawn from 1 .. layers.
        snow: "flakes" (Snowflakes), "landscape" (FastSnowyLandscape); "both": a fair coin decides.
        grid: drops and flakes of a picture with a longer side than this are drawn at this size, then enlarged: imgaug's ranges
            suit 192x256. The profile "imgaug" draws them at full size.
    """

    layers: int = 3
    snow: str = "both"
    grid: int = 384

    card: ClassVar = GeneratorCard(
        name="gen_augmenters",
        summary="clouds, fog, rain and snow as imgaug draws them",
        source="imgaug 0.4.0 (github.com/aleju/imgaug)",
        licence="MIT",
        aliases=("augmenters", "imgaug_weather"),
        family="gen",
        profiles={"imgaug": {"grid": 4096}},
        takes=("label",),
        domains_reference=("cloudy", "foggy", "rainy", "snowy"),
        domains_supported=("cloudy", "dawn_dusk", "foggy", "night", "rainy", "snowy"),
    )

    def __post_init__(self) -> None:
        check_between(self, "layers", 1, 10)
        check_between(self, "grid", 32, 4096)
        for name in ("layers", "grid"):
            if not isinstance(getattr(self, name), int):
                raise InputError(f"{type(self).__name__}: {name} is {getattr(self, name)!r}, allowed is a whole number")
        check_among(self, "snow", ("flakes", "landscape", "both"))

    def generate(self, source: Source, domain: str, rng: np.random.Generator) -> np.ndarray:
        makers = {"dawn_dusk": dusk.dawn_dusk, "night": night.night}
        if domain in makers:
            return makers[domain](source, rng)
        image = read_only(np.ascontiguousarray(source.image))
        if domain == "cloudy":
            return clouds.clouded(image, rng)
        if domain == "foggy":
            return clouds.veiled(image, [clouds.layer(image.shape[:2], clouds.FOG, rng)])
        if domain == "rainy":
            return self._layered(falling.rained, image, rng)
        flakes = rng.random() < 0.5 if self.snow == "both" else self.snow == "flakes"
        if flakes:
            return self._layered(falling.snowed, image, rng)
        return tone.lightness(image, rng.uniform(1, 4), rng.uniform(100, 255))

    def _layered(self, layer: Layer, image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        for _ in range(int(rng.integers(1, self.layers + 1))):
            image = layer(read_only(image), self.grid, rng)
        return image
