"""fairweather strategies: what a study may name."""

from typing import Annotated

import typer


def strategies(json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False) -> None:
    """List the strategies and controls."""
    from fairweather.cli.listing import print_listing
    from fairweather.study.arms import cards, origin

    rows = [
        {
            "name": name,
            "family": card.family,
            "control": card.control,
            "needs": list(card.needs),
            "licence": card.licence,
            "summary": card.summary,
            "source": card.source,
            "origin": origin(name),
            "aliases": list(card.aliases),
        }
        for name, card in cards().items()
    ]
    print_listing("strategies (combine with a+b)", rows, json, ("name", "control", "needs", "licence", "summary"))
