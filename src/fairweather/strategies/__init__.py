"""On-the-fly strategies, one file each: NumPy in, NumPy out. They never see evaluation data.

Others add strategies through the entry-point group "fairweather.strategies"; an entry is a final subclass of OnSample
or OnBatch: a frozen dataclass with a `card`, whose fields all have defaults.
"""

from fairweather.strategies.autoaugment import AutoAugment
from fairweather.strategies.baseline import Baseline
from fairweather.strategies.brighten import Brighten
from fairweather.strategies.chain import Chain
from fairweather.strategies.cutmix import CutMix
from fairweather.strategies.darken import Darken
from fairweather.strategies.mixup import Mixup
from fairweather.strategies.photometric_distort import PhotometricDistort
from fairweather.strategies.randaugment import RandAugment
from fairweather.strategies.strategy import (
    MixedBatch,
    OnBatch,
    OnSample,
    Strategy,
    StrategyCard,
    configured,
    parameters,
)
from fairweather.vocabulary.registry import Registry

__all__ = [
    "STRATEGIES",
    "Chain",
    "MixedBatch",
    "OnBatch",
    "OnSample",
    "Strategy",
    "StrategyCard",
    "build",
    "parameters",
]

STRATEGIES: Registry[type[Strategy]] = Registry(
    "strategy",
    "fairweather.strategies",
    [Baseline, PhotometricDistort, AutoAugment, RandAugment, CutMix, Mixup, Darken, Brighten],
)


def build(name: str, profile: str | None = None, where: str = "") -> Strategy:
    """The strategy of that name or alias with its default parameters, or with those of a profile of its card.

    Args:
        name: for example "std_cutmix"; combinations `a+b` are taken apart by the study.
        profile: for example "prove"; None for the defaults.
        where: file and key for the message, where there is one.

    Raises:
        UnknownName: no such strategy, or it has no such profile.
    """
    entry = STRATEGIES[STRATEGIES.canonical(name, where)]
    return configured(entry, entry.card, profile)
