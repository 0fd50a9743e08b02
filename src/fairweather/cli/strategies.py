"""fairweather strategies: what a study may name."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from fairweather.strategies import StrategyCard

TAKEN = {"label": "label map", "text": "text prompts of its own"}  # the other words say it themselves


def strategies(json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False) -> None:
    """List the strategies and controls."""
    from fairweather.cli.listing import print_listing
    from fairweather.generators import GeneratorCard
    from fairweather.study.arms import cards, origin

    rows = [
        {
            "name": name,
            "family": card.family,
            "control": card.control,
            "needs": needs(card),
            "licence": card.licence,
            "summary": card.summary,
            "source": card.source,
            "origin": origin(name),
            "aliases": list(card.aliases),
            "domains": list(card.domains_supported) if isinstance(card, GeneratorCard) else [],
            "domains_reference": list(card.domains_reference) if isinstance(card, GeneratorCard) else [],
        }
        for name, card in cards().items()
    ]
    print_listing("strategies (combine with a+b)", rows, json, ("name", "control", "needs", "licence", "summary"))


def needs(card: "StrategyCard") -> list[str]:
    """What must be there before the strategy can do its work."""
    from fairweather.generators import GeneratorCard

    found = list(card.needs)
    if isinstance(card, GeneratorCard):
        found += [
            *(TAKEN.get(name, name) for name in card.takes),
            *(f"{name} where there is some" for name in card.may_take),
        ]
        found += ["real images of the target domain"] if card.fits else []
        found += [f"a GPU with {card.gpu_gb:g} GB"] if card.gpu_gb else []
        found += [card.checkpoint] if card.checkpoint else []
    return found
