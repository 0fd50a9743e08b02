"""CutMix: a box of one image, with its label, pasted into another."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from fairweather.strategies.mixing import check_mixable, partners
from fairweather.strategies.strategy import MixedBatch, OnBatch, StrategyCard, check_between


@dataclass(frozen=True)
class CutMix(OnBatch):
    """Pastes a box of its partner, drawn anew for each sample, into each sample.

    Labels are dense: the pasted pixels carry their own, ignored ones included, and the loss needs no weights. Both
    targets are pasted alike. The box has the paper's size, sqrt(1 - lambda) of height and width with lambda from
    Beta(alpha, alpha); it is centred uniformly and clipped to the image.

    Args:
        probability: share of samples that receive a box.
        alpha: parameter of the Beta distribution.
    """

    probability: float = 1.0
    alpha: float = 1.0

    card: ClassVar = StrategyCard(
        name="std_cutmix",
        summary="a box of another sample, with its label, pasted into each sample",
        source="Yun et al., CutMix, ICCV 2019",
        profiles={"prove": {"probability": 0.5}},
    )

    def __post_init__(self) -> None:
        check_between(self, "probability", 0, 1)
        check_between(self, "alpha", 1e-3, 1e3)

    def on_batch(self, batch: MixedBatch, rng: np.random.Generator) -> MixedBatch:
        check_mixable(batch, self.card.name)
        n, _, height, width = batch.images.shape
        partner = partners(n, rng)
        chosen = rng.random(n) < self.probability
        cut = np.sqrt(1 - rng.beta(self.alpha, self.alpha, n))
        centres = rng.integers((height, width), size=(n, 2))
        images, y = batch.images.copy(), batch.y.copy()
        y_mix = y if batch.y_mix is batch.y else batch.y_mix.copy()
        for i in map(int, np.flatnonzero(chosen)):
            j = int(partner[i])
            row, column = map(int, centres[i])
            high, wide = _span(row, height, cut[i]), _span(column, width, cut[i])
            images[i, :, high, wide] = batch.images[j, :, high, wide]
            y[i, high, wide] = batch.y[j, high, wide]
            if y_mix is not y:
                y_mix[i, high, wide] = batch.y_mix[j, high, wide]
        return MixedBatch(images, y, y_mix, batch.weight.copy())


def _span(centre: int, length: int, share: float) -> slice:
    """The part of a side of `length` pixels that a box of that share, centred there, covers."""
    half = math.floor(length * share) // 2
    return slice(max(centre - half, 0), min(centre + half, length))
