"""fairweather models: the architectures a study may name."""

from typing import Annotated

import typer


def models(json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False) -> None:
    """List the models."""
    from fairweather.cli.listing import print_listing
    from fairweather.models import MODELS

    rows = [
        {
            "name": name,
            "millions_of_parameters": entry.card.parameters,
            "needs": list(entry.card.needs),
            "licence": entry.card.licence,
            "encoder": entry.card.encoder,
            "encoder_licence": entry.card.encoder_licence,
            "summary": entry.card.summary,
            "differs": entry.card.differs,
            "source": entry.card.source,
            "aliases": list(entry.card.aliases),
            "origin": MODELS.origin(name),
        }
        for name, entry in MODELS.items()
    ]
    print_listing("models", rows, json, ("name", "millions_of_parameters", "summary", "encoder_licence"))
