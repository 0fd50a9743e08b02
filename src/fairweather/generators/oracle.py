"""The oracle: the same scene, really rendered in the target domain; what a perfectly faithful generator would make."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from fairweather.generators.generator import Generator, GeneratorCard, Source
from fairweather.vocabulary.domains import DOMAINS


@dataclass(frozen=True)
class Oracle(Generator):
    """Returns the source's twin: same street, same camera, other weather, drawn from this image's own stream.

    It is the reference for fidelity, not a bound on the gain: images that are not faithful may teach more.
    """

    card: ClassVar = GeneratorCard(
        name="gen_oracle",
        summary="the same scene rendered in the target domain: the perfect-fidelity reference (procedural data only)",
        source="fairweather",
        family="gen",
        control=True,
        takes=("twin",),
        domains_supported=tuple(domain for domain in DOMAINS if domain != "clear_day"),
    )

    def generate(self, source: Source, domain: str, rng: np.random.Generator) -> np.ndarray:
        if source.twin is None:
            raise ValueError("gen_oracle needs a source with a twin")
        return source.twin(domain, rng)
