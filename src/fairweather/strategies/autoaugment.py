"""AutoAugment: the policy that was learned on ImageNet, with the label moved along."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from fairweather.strategies.policy import ENHANCING, GEOMETRIC, apply, closed, magnitude, opened
from fairweather.strategies.strategy import OnSample, StrategyCard, check_between

LEVELS = 10

# The 25 sub-policies of the paper's ImageNet table, two steps (operation, probability, level of 0..9) each; the level
# of an operation without a magnitude is written 0. A test compares it row by row with torchvision's.
POLICY = (
    (("Posterize", 0.4, 8), ("Rotate", 0.6, 9)),
    (("Solarize", 0.6, 5), ("AutoContrast", 0.6, 0)),
    (("Equalize", 0.8, 0), ("Equalize", 0.6, 0)),
    (("Posterize", 0.6, 7), ("Posterize", 0.6, 6)),
    (("Equalize", 0.4, 0), ("Solarize", 0.2, 4)),
    (("Equalize", 0.4, 0), ("Rotate", 0.8, 8)),
    (("Solarize", 0.6, 3), ("Equalize", 0.6, 0)),
    (("Posterize", 0.8, 5), ("Equalize", 1.0, 0)),
    (("Rotate", 0.2, 3), ("Solarize", 0.6, 8)),
    (("Equalize", 0.6, 0), ("Posterize", 0.4, 6)),
    (("Rotate", 0.8, 8), ("Color", 0.4, 0)),
    (("Rotate", 0.4, 9), ("Equalize", 0.6, 0)),
    (("Equalize", 0.0, 0), ("Equalize", 0.8, 0)),
    (("Invert", 0.6, 0), ("Equalize", 1.0, 0)),
    (("Color", 0.6, 4), ("Contrast", 1.0, 8)),
    (("Rotate", 0.8, 8), ("Color", 1.0, 2)),
    (("Color", 0.8, 8), ("Solarize", 0.8, 7)),
    (("Sharpness", 0.4, 7), ("Invert", 0.6, 0)),
    (("ShearX", 0.6, 5), ("Equalize", 1.0, 0)),
    (("Color", 0.4, 0), ("Equalize", 0.6, 0)),
    (("Equalize", 0.4, 0), ("Solarize", 0.2, 4)),
    (("Solarize", 0.6, 5), ("AutoContrast", 0.6, 0)),
    (("Invert", 0.6, 0), ("Equalize", 1.0, 0)),
    (("Color", 0.6, 4), ("Contrast", 1.0, 8)),
    (("Equalize", 0.8, 0), ("Equalize", 0.6, 0)),
)


@dataclass(frozen=True)
class AutoAugment(OnSample):
    """Draws one of the 25 sub-policies for each sample and applies its two steps in order.

    Args:
        probability: share of samples that are offered to a sub-policy.
    """

    probability: float = 1.0

    card: ClassVar = StrategyCard(
        name="std_autoaugment",
        summary="one of the 25 learned ImageNet sub-policies per sample",
        source="Cubuk et al., AutoAugment, CVPR 2019; magnitudes as in torchvision",
        profiles={"prove": {"probability": 0.5}},
    )

    def __post_init__(self) -> None:
        check_between(self, "probability", 0, 1)

    def on_sample(
        self, image: np.ndarray, label: np.ndarray, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        if rng.random() >= self.probability:
            return image, label
        steps = POLICY[rng.integers(len(POLICY))]
        chances, negative = rng.random(2), rng.random(2) < 0.5
        planes = opened(image, label)
        for (operation, probability, level), chance, minus in zip(steps, chances, negative, strict=True):
            if chance < probability:
                value = magnitude(operation, level / (LEVELS - 1), planes[0].size)
                signed = operation in GEOMETRIC or operation in ENHANCING
                planes = apply(operation, -value if signed and minus else value, planes)
        return closed(planes)
