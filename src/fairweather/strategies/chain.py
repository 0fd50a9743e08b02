"""The acts of one strategy in the order in which they happen: what `a+b` in a study file becomes."""

from dataclasses import dataclass

from fairweather.errors import InputError
from fairweather.strategies.strategy import OnBatch, OnSample, Strategy


@dataclass(frozen=True)
class Chain:
    """Acts on samples first, in written order, then acts on the batch, in written order.

    An act's number, which keys its random stream and its line of the receipt, is its position in
    `(*sample_acts, *batch_acts)`. A chain without parts, or of the baseline alone, has no act.

    Args:
        parts: the strategies as written.

    Raises:
        InputError: a part without an act stands beside others, or a batch act follows one that mixes by weight.
    """

    parts: tuple[Strategy, ...] = ()

    def __post_init__(self) -> None:
        written = "+".join(part.card.name for part in self.parts)
        for part in self.parts:
            if len(self.parts) > 1 and not isinstance(part, OnSample | OnBatch):
                raise InputError(f"{written}: {part.card.name} does nothing, so it cannot be combined with another")
        for act in self.batch_acts[:-1]:
            if act.mixes_weights:
                raise InputError(f"{written}: {act.card.name} mixes by weight, so no batch act may follow it")

    @property
    def sample_acts(self) -> tuple[OnSample, ...]:
        """The parts that act on one sample."""
        return tuple(part for part in self.parts if isinstance(part, OnSample))

    @property
    def batch_acts(self) -> tuple[OnBatch, ...]:
        """The parts that act on the batch."""
        return tuple(part for part in self.parts if isinstance(part, OnBatch))
