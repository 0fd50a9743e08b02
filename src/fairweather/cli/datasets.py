"""fairweather datasets: the readers, and where a user gets the data."""

from typing import Annotated

import typer


def datasets(json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False) -> None:
    """List the data set readers."""
    from fairweather.cli.listing import print_listing
    from fairweather.data import READERS

    rows = [
        {
            "reader": name,
            "summary": entry.card.summary,
            "label_space": entry.card.label_space,
            "layout": entry.card.layout,
            "needs": list(entry.card.needs),
            "licence": entry.card.licence,
            "get_it": entry.card.get_it,
            "origin": READERS.origin(name),
        }
        for name, entry in READERS.items()
    ]
    print_listing("data sets", rows, json, ("reader", "summary", "layout"))
