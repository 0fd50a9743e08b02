"""What a generator is: one method that turns a source image into an image of a target domain, and what it needs."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from fairweather.strategies.strategy import StrategyCard


@dataclass(frozen=True)
class GeneratorCard(StrategyCard):
    """A StrategyCard (family "gen" or "placebo") of a strategy that trains on a pool of images.

    Args:
        keeps_domain: the output shows the weather of its source (placebos); otherwise a target domain is asked for.
        takes: what it cannot do without beside the image, of "label", "depth", "twin" (which the data set must offer) and "text"
            (a prompt for each target domain, its own: `prompt`). It is handed nothing else.
        may_take: "depth", if it is used where the data set offers it and done without elsewhere.
        domains_reference: target domains of the published study; domains_supported: what this implementation can make.
        fits: it is trained on unpaired real images before it can make anything.
        batch: images it makes best in one call; gpu_gb: memory of a GPU it cannot do without, 0 for none.
        checkpoint: name of the published weights it loads, if any.
    """

    keeps_domain: bool = False
    takes: tuple[str, ...] = ()
    may_take: tuple[str, ...] = ()
    domains_reference: tuple[str, ...] = ()
    domains_supported: tuple[str, ...] = ()
    fits: bool = False
    batch: int = 1
    gpu_gb: float = 0.0
    checkpoint: str = ""


@dataclass(frozen=True)
class Source:
    """What a generator starts from; nothing of it may be written to.

    Args:
        image: (H, W, 3) uint8 RGB.
        label: (H, W) uint8, 255 ignored; None unless the card takes "label".
        depth: (H, W) float32 metres along the axis, inf for sky; None unless the card takes "depth", or may take it and the
            data set offers it.
        twin: the very scene of the image in another domain, (H, W, 3) uint8 RGB, with weather drawn from a stream; None unless
            the card takes "twin".
        classes: names of the label's values 0, 1, ...; empty if nothing is known of them, or without the label.
        text: the generator's prompt for the target domain; None unless the card takes "text".
    """

    image: np.ndarray
    label: np.ndarray | None = None
    depth: np.ndarray | None = None
    twin: Callable[[str, np.random.Generator], np.ndarray] | None = None
    classes: tuple[str, ...] = ()
    text: str | None = None

    @property
    def labelled(self) -> np.ndarray:
        """The label, of a source that must have one.

        Raises:
            ValueError: it has none, for the generator's card does not take it.
        """
        if self.label is None:
            raise ValueError('the source has no label; a card that needs it takes "label"')
        return self.label


class Generator(ABC):
    """Makes images. Final subclasses are frozen dataclasses; a generator never touches a path."""

    card: ClassVar[GeneratorCard]

    @abstractmethod
    def generate(self, source: Source, domain: str, rng: np.random.Generator) -> np.ndarray:
        """An image (H, W, 3) uint8 RGB of the source's size in the target domain; the label of the source stays true.

        Args:
            source: what it is made from, left untouched.
            domain: canonical target domain, one of `domains_supported` (or the source's own if `keeps_domain`).
            rng: the stream of this image, keyed by (strategy, source id, domain, pool_seed).
        """

    def generate_batch(
        self, sources: Sequence[Source], domain: str, rngs: Sequence[np.random.Generator]
    ) -> list[np.ndarray]:
        """As `generate` for several sources at once; how they are grouped must not change what is made of each."""
        return [self.generate(source, domain, rng) for source, rng in zip(sources, rngs, strict=True)]

    def prompt(self, domain: str) -> str:
        """The target domain in words; only where the card takes "text". It is part of the pool's id."""
        raise NotImplementedError(f"{self.card.name} takes no text")

    def fit(self, examples: Mapping[str, Sequence[np.ndarray]], rng: np.random.Generator) -> Mapping[str, np.ndarray]:
        """Learn from unpaired real images; only where the card says `fits`.

        Args:
            examples: domain -> images (H, W, 3) uint8 RGB, decoded when they are taken; never a test image.

        Returns:
            What was learnt, as arrays by name; it is kept in the store and given to `fitted`.
        """
        raise NotImplementedError(f"{self.card.name} does not fit")

    def fitted(self, state: Mapping[str, np.ndarray]) -> "Generator":
        """This generator with what `fit` returned."""
        raise NotImplementedError(f"{self.card.name} does not fit")
