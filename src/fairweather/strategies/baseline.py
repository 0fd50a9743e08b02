"""The baseline: the geometric base (scale, crop, flip) that every strategy shares, and nothing on top."""

from dataclasses import dataclass
from typing import ClassVar

from fairweather.strategies.strategy import Strategy, StrategyCard


@dataclass(frozen=True)
class Baseline(Strategy):
    """Does nothing on top of the geometric base: neither OnSample nor OnBatch.

    In the published reference the "baseline" also distorted colours, which made it the same training as
    std_photometric_distort; there is no such step here.
    """

    card: ClassVar = StrategyCard(
        name="baseline",
        summary="scale, crop and flip only; what every gain is measured against",
        source="PROVE (github.com/carhartt21/PROVE), std_minimal",
        family="none",
        control=True,
    )
