"""An arm: a strategy expression as written in a study (`a`, or `a+b`), resolved to values with parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fairweather.errors import InputError, UnknownName
from fairweather.generators import GENERATORS, Generator
from fairweather.generators import build as build_generator
from fairweather.strategies import STRATEGIES, Chain, Strategy, StrategyCard, parameters
from fairweather.strategies import build as build_strategy


@dataclass(frozen=True)
class Arm:
    """What is done to the training data of one unit.

    Args:
        name: canonical names joined by "+", in written order.
        acts: the on-the-fly strategies, in the order in which they act.
        generator: what fills the generated share of each batch, if anything.
        family: the prefix findings group by; of a combination, its generator's or its first part's.
        control: shown beside the strategies, never ranked with them.
    """

    name: str
    acts: Chain
    generator: Generator | None
    family: str
    control: bool

    def identity(self) -> dict[str, Any]:
        """Names, revisions, parameters and origins: all of the arm that can change a result, but the pool.

        Parts stand in the order in which they act, so that two spellings of the same acts are one.
        """
        acting: tuple[Strategy, ...] = (*self.acts.sample_acts, *self.acts.batch_acts)
        parts = acting if len(self.acts.parts) > 1 else self.acts.parts  # the baseline is a part without an act
        return {
            "parts": [_identity(part, STRATEGIES.origin(part.card.name)) for part in parts],
            "generator": self.generator and _identity(self.generator, GENERATORS.origin(self.generator.card.name)),
        }


def _identity(entry: Strategy | Generator, origin: str) -> dict[str, Any]:
    return {
        "name": entry.card.name,
        "revision": entry.card.revision,
        "origin": origin,
        "parameters": parameters(entry),
    }


def resolve(expression: str, profile: str | None, where: str = "") -> Arm:
    """The arm an expression names.

    Raises:
        UnknownName: a part is no registered strategy or generator.
        InputError: a part is named twice, two generators are combined, or baseline is combined with anything.
    """
    names = [_canonical(part.strip(), where) for part in expression.split("+")]
    if len(set(names)) != len(names):
        raise InputError(f"{where}: {expression!r} names a strategy twice")
    if len(names) > 1 and "baseline" in names:
        raise InputError(f"{where}: {expression!r}: baseline does nothing and cannot be combined")
    generators = [build_generator(n, _profile(GENERATORS[n].card, profile)) for n in names if n in GENERATORS]
    if len(generators) > 1:
        raise InputError(f"{where}: {expression!r} names two generators; a batch has one generated share")
    parts = [build_strategy(n, _profile(STRATEGIES[n].card, profile)) for n in names if n in STRATEGIES]
    try:
        acts = Chain(tuple(parts))
    except InputError as error:
        raise InputError(f"{where}: {error}") from error
    found: list[StrategyCard] = [g.card for g in generators] + [p.card for p in parts]
    return Arm(
        "+".join(names), acts, generators[0] if generators else None, found[0].family, all(c.control for c in found)
    )


def _profile(card: StrategyCard, profile: str | None) -> str | None:
    """A study's profile holds for the entries that have it; what has one way of being done is done that way."""
    return profile if profile in card.profiles else None


def profiles() -> tuple[str, ...]:
    """Every profile some entry has."""
    return tuple(dict.fromkeys(profile for card in cards().values() for profile in card.profiles))


def origin(name: str) -> str:
    """The distribution a strategy or generator comes from."""
    return (STRATEGIES if name in STRATEGIES else GENERATORS).origin(name)


def cards() -> Mapping[str, Any]:
    """Every strategy a study may name, generators included: canonical name -> its card."""
    return {name: entry.card for registry in (STRATEGIES, GENERATORS) for name, entry in registry.items()}


def _canonical(name: str, where: str) -> str:
    if name in STRATEGIES:
        return STRATEGIES.canonical(name)
    if name in GENERATORS:
        return GENERATORS.canonical(name)
    raise UnknownName("strategy", name, cards(), where)
