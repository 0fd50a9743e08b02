"""Darkening: photographs as a camera takes them when light fails."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from fairweather.strategies.exposure import expose
from fairweather.strategies.strategy import OnSample, StrategyCard, check_between


@dataclass(frozen=True)
class Darken(OnSample):
    """Multiplies the image by an exposure drawn from U(low, high) and adds Gaussian noise; the label stays.

    Args:
        probability: share of samples that are changed.
        low, high: range of the exposure.
        noise: standard deviation of the noise as a share of full scale.
    """

    probability: float = 1.0
    low: float = 0.25
    high: float = 1.2
    noise: float = 0.02

    card: ClassVar = StrategyCard(
        name="std_darken",
        summary="exposure U(0.25, 1.2) and sensor noise of 0.02 of full scale",
        source="this project",
        profiles={"prove": {"probability": 0.5}},
    )

    def __post_init__(self) -> None:
        check_between(self, "probability", 0, 1)
        check_between(self, "low", 0, self.high)
        check_between(self, "noise", 0, 1)

    def on_sample(
        self, image: np.ndarray, label: np.ndarray, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        if rng.random() >= self.probability:
            return image, label
        return expose(image, rng.uniform(self.low, self.high), self.noise, rng), label
