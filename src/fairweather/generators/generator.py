"""What a generator is: one method that turns a source image into an image of a target domain, and what it needs."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from fairweather.strategies.strategy import StrategyCard


@dataclass(frozen=True)
class GeneratorCard(StrategyCard):
    """A StrategyCard (family "gen" or "placebo") of a strategy that trains on a pool of images.

    Args:
        keeps_domain: the output shows the weather of its source (placebos); otherwise a target domain is asked for.
        domains_reference: target domains of the published study; domains_supported: what this implementation can make.
    """

    keeps_domain: bool = False
    domains_reference: tuple[str, ...] = ()
    domains_supported: tuple[str, ...] = ()


class Generator(ABC):
    """Makes images. Final subclasses are frozen dataclasses; a generator never touches a path."""

    card: ClassVar[GeneratorCard]

    @abstractmethod
    def generate(self, image: np.ndarray, label: np.ndarray, domain: str, rng: np.random.Generator) -> np.ndarray:
        """An image (H, W, 3) uint8 RGB of the source's size in the target domain; the label of the source stays true.

        Args:
            image: the source, (H, W, 3) uint8 RGB, left untouched.
            label: its label (H, W) uint8.
            domain: canonical target domain, one of `domains_supported` (or the source's own if `keeps_domain`).
            rng: the stream of this image, keyed by (strategy, source id, domain, pool_seed).
        """
