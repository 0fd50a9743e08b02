"""What a strategy is: a frozen value with parameters and one act, on a sample or on a batch.

A class is either abstract (Strategy, OnSample, OnBatch) or final (one per file of this room). To vary one, wrap it.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, is_dataclass
from typing import Any, ClassVar, TypeVar

import numpy as np

from fairweather.errors import InputError, UnknownName
from fairweather.vocabulary.registry import Card

Kind = TypeVar("Kind")


@dataclass(frozen=True)
class StrategyCard(Card):
    """A Card, and how the strategy is treated.

    Args:
        family: "none", "std", "gen" or "placebo": the prefix, as findings group it.
        control: a control is shown beside the strategies and never ranked with them.
        profiles: parameters that replace the defaults under a named profile, such as {"prove": {"probability": 0.5}}.
    """

    family: str = "std"
    control: bool = False
    profiles: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


class Strategy(ABC):
    """Something done to training images on the fly. Final subclasses are frozen dataclasses; fields are parameters."""

    card: ClassVar[StrategyCard]


class OnSample(Strategy):
    """Acts on one sample after the geometric base (scale, crop, flip), before the tensor."""

    @abstractmethod
    def on_sample(
        self, image: np.ndarray, label: np.ndarray, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """New image (H, W, 3) uint8 RGB and new label (H, W) uint8.

        The arguments are left untouched and may be read-only or views; what the act does not change may be returned as
        it came. A pixel for which the act has no label gets 255.

        Args:
            image: (H, W, 3) uint8 RGB.
            label: (H, W) uint8 class indices, 255 ignored.
            rng: the stream of this sample, keyed by (seed, "strategy", step, slot, act).
        """


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

    @classmethod
    def plain(cls, images: np.ndarray, y: np.ndarray) -> "MixedBatch":
        """The batch before any mixing: weight 1, and `y_mix` is `y` itself."""
        return cls(images, y, y, np.ones(len(images), np.float32))


class OnBatch(Strategy):
    """Acts on a whole batch of normalised tensors; mixes real and generated samples alike."""

    @property
    def mixes_weights(self) -> bool:
        """Whether the act delivers weights below 1, after which no other batch act can follow."""
        return False

    @abstractmethod
    def on_batch(self, batch: MixedBatch, rng: np.random.Generator) -> MixedBatch:
        """A new batch of the same shapes; the argument is left untouched.

        Args:
            batch: as it leaves the samples, or as an earlier batch act left it.
            rng: the stream of this batch, keyed by (seed, "strategy", step, act).

        Raises:
            ValueError: the batch is already mixed by weight: (y, y_mix, weight) has no room for a third image.
        """


def configured(entry: Callable[..., Kind], card: StrategyCard, profile: str | None) -> Kind:
    """An entry with its defaults, or with the parameters of one of its profiles; UnknownName if it has no such one."""
    if profile is None:
        return entry()
    if profile not in card.profiles:
        raise UnknownName(f"profile of {card.name}", profile, card.profiles)
    return entry(**card.profiles[profile])


def parameters(entry: object) -> dict[str, Any]:
    """The parameters of a strategy or generator as JSON values, for hashing and for records.

    Raises:
        InputError: it is not a dataclass, or a field is not a JSON value; both happen only to what a plug-in brings.
    """
    name = type(entry).__name__
    if not is_dataclass(entry) or isinstance(entry, type):
        raise InputError(f"{name} has no parameters to record: strategies and generators are frozen dataclasses")
    try:
        found: dict[str, Any] = json.loads(json.dumps(asdict(entry), allow_nan=False))
    except (TypeError, ValueError) as error:
        raise InputError(f"{name}: every field must be a finite JSON value: {error}") from error
    return found


def check_between(entry: object, name: str, low: float, high: float) -> None:
    """InputError unless the field `name` of the entry is a number in [low, high]."""
    value = getattr(entry, name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise InputError(f"{type(entry).__name__}: {name} is {value!r}, allowed is a number from {low:g} to {high:g}")


def check_among(entry: object, name: str, allowed: tuple[str, ...]) -> None:
    """UnknownName unless the field `name` of the entry is one of the allowed words."""
    if getattr(entry, name) not in allowed:
        raise UnknownName(f"{name} of {type(entry).__name__}", getattr(entry, name), allowed)
