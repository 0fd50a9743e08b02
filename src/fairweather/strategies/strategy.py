"""What a strategy is: a frozen value with parameters and one act, on a sample or on a batch.

A class is either abstract (Strategy, OnSample, OnBatch) or final (one per file of this room). Varying one means wrapping it.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from fairweather.vocabulary.registry import Card


@dataclass(frozen=True)
class StrategyCard(Card):
    """A Card, and how the strategy is treated.

    Args:
        family: "none", "std", "gen" or "placebo": the prefix, as findings group it.
        control: a control is shown beside the strategies and never ranked with them.
        profiles: parameters that replace the defaults under a named profile, for example {"prove": {"probability": 0.5}}.
    """

    family: str = "std"
    control: bool = False
    profiles: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


class Strategy(ABC):
    """Something done to training images on the fly. Final subclasses are frozen dataclasses whose fields are parameters."""

    card: ClassVar[StrategyCard]


class OnSample(Strategy):
    """Acts on one sample after the geometric base (scale, crop, flip), before the tensor."""

    @abstractmethod
    def on_sample(
        self, image: np.ndarray, label: np.ndarray, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """New image (H, W, 3) uint8 RGB and new label (H, W) uint8; the arguments are left untouched."""


@dataclass(frozen=True)
class MixedBatch:
    """A batch with two targets: loss = weight * L(y) + (1 - weight) * L(y_mix); a plain batch has weight 1.

    Args:
        images: (N, 3, H, W) float32, normalised.
        y, y_mix: (N, H, W) uint8; 255 is ignored.
        weight: (N,) float32 in [0, 1], the weight of `y` (lambda in the papers).
    """

    images: np.ndarray
    y: np.ndarray
    y_mix: np.ndarray
    weight: np.ndarray


class OnBatch(Strategy):
    """Acts on a whole batch of normalised tensors; mixes real and generated samples alike."""

    @abstractmethod
    def on_batch(self, batch: MixedBatch, rng: np.random.Generator) -> MixedBatch:
        """A new batch of the same shapes; the argument is left untouched. Refuses (ValueError) a batch that is already mixed by weight."""
