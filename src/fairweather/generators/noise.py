"""Noise: a pool of pixels without content under true labels."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from fairweather.generators.generator import Generator, GeneratorCard, Source


@dataclass(frozen=True)
class Noise(Generator):
    """Returns independent uniform values 0..255 for every pixel and channel; the label of the source is kept."""

    card: ClassVar = GeneratorCard(
        name="placebo_noise",
        summary="a pool of uniform noise under the true labels",
        source="PROVE (github.com/carhartt21/PROVE), noise ablation",
        family="placebo",
        control=True,
        keeps_domain=True,
    )

    def generate(self, source: Source, domain: str, rng: np.random.Generator) -> np.ndarray:
        return rng.integers(0, 256, source.image.shape, dtype=np.uint8)
