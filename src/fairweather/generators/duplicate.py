"""The duplicate: a pool that is the real images again, or a gen_* strategy without its weather."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from fairweather.generators.generator import Generator, GeneratorCard, Source


@dataclass(frozen=True)
class Duplicate(Generator):
    """Returns a copy of the source.

    Dilution of the batch, recompression and repetition are those of a gen_* strategy; only the weather is missing.
    """

    card: ClassVar = GeneratorCard(
        name="placebo_duplicate",
        summary="a pool of the sources themselves: all of a gen_* strategy but the weather",
        source="this project",
        family="placebo",
        control=True,
        keeps_domain=True,
    )

    def generate(self, source: Source, domain: str, rng: np.random.Generator) -> np.ndarray:
        return source.image.copy()
