"""RandAugment: a few operations drawn uniformly, all at one level, with the label moved along."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from fairweather.errors import InputError
from fairweather.strategies.policy import (
    ENHANCING,
    GEOMETRIC,
    OPERATIONS,
    apply,
    closed,
    magnitude,
    opened,
    prove_magnitude,
)
from fairweather.strategies.strategy import OnSample, StrategyCard, check_among, check_between

DRAWN = tuple(operation for operation in OPERATIONS if operation != "Invert")  # the paper's 14
TOP_LEVEL = {"torchvision": 30, "prove": 10}


@dataclass(frozen=True)
class RandAugment(OnSample):
    """Applies `operations` operations, drawn uniformly from the paper's 14, at one level.

    Args:
        probability: share of samples that are changed.
        operations: how many are applied one after the other (N).
        level: their common level (M), 0 to 30 on torchvision's scale, 0 to 10 on PROVE's.
        magnitude_scale: "torchvision" (level 9 is 30 % strength), or "prove" (level 9 is 90 %: 27 degrees, 0.405 of the
            width, factor 1.72 and never below 1).
        replacement: whether an operation can be drawn twice for one sample, as in the paper.
    """

    probability: float = 1.0
    operations: int = 2
    level: int = 9
    magnitude_scale: Literal["torchvision", "prove"] = "torchvision"
    replacement: bool = True

    card: ClassVar = StrategyCard(
        name="std_randaugment",
        summary="two operations of 14 per sample, all at one level",
        source="Cubuk et al., RandAugment, CVPRW 2020; magnitudes as in torchvision",
        profiles={"prove": {"probability": 0.5, "magnitude_scale": "prove", "replacement": False}},
    )

    def __post_init__(self) -> None:
        check_between(self, "probability", 0, 1)
        check_among(self, "magnitude_scale", tuple(TOP_LEVEL))
        check_between(self, "level", 0, TOP_LEVEL[self.magnitude_scale])
        check_between(self, "operations", 1, len(DRAWN))
        if not isinstance(self.operations, int):
            raise InputError(f"RandAugment: operations is {self.operations!r}, allowed is a whole number")

    def on_sample(
        self, image: np.ndarray, label: np.ndarray, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        if rng.random() >= self.probability:
            return image, label
        drawn = rng.choice(len(DRAWN), self.operations, replace=self.replacement)
        negative = rng.random(self.operations) < 0.5
        planes = opened(image, label)
        for number, minus in zip(drawn, negative, strict=True):
            operation = DRAWN[number]
            value, signed = self._strength(operation, planes[0].size)
            planes = apply(operation, -value if signed and minus else value, planes)
        return closed(planes)

    def _strength(self, operation: str, size: tuple[int, int]) -> tuple[float, bool]:
        """The magnitude of an operation, and whether its sign is drawn."""
        share = self.level / TOP_LEVEL[self.magnitude_scale]
        if self.magnitude_scale == "prove":
            return prove_magnitude(operation, share, size), operation in GEOMETRIC
        return magnitude(operation, share, size), operation in GEOMETRIC or operation in ENHANCING
