"""fairweather datasets: the readers, where a user gets the data, and which of them are there."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

PLACE = "FAIRWEATHER_DATA"  # the environment variable that names the folder where a user keeps data sets
DEPTH = 2  # folders below it that are looked into


def datasets(
    under: Annotated[
        Path | None, typer.Option(help=f"Where to look for them, two folders deep. [default: ${PLACE}]")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False,
) -> None:
    """List the data set readers, and which data sets are found."""
    from fairweather.cli.listing import print_listing
    from fairweather.data import READERS
    from fairweather.errors import InputError
    from fairweather.vocabulary.labels import harmonised

    place = under or (Path(os.environ[PLACE]) if os.environ.get(PLACE) else None)
    if place is not None and not place.is_dir():
        raise InputError(f"{'--under' if under else '$' + PLACE}: {place} is no folder")
    folders = list(_folders(place, DEPTH)) if place else []
    rows = []
    for name, entry in READERS.items():
        card = entry.card
        known = [folder for folder in folders if entry.recognise(folder) is not None]
        found = [str(folder) for folder in known if folder.parent not in known]
        state = f"found at {', '.join(found)}" if found else f"not found under {place}" if place else "not looked for"
        mapped = harmonised(card.label_space)
        rows.append({
            "reader": name,
            "state": state if "root" in card.needs else "built in",
            "summary": card.summary,
            "label_space": card.label_space,
            "lost_in_cityscapes19": list(mapped.dropped) if mapped else [],
            "encoding": card.encoding,
            "splits": list(card.splits),
            "groups": card.groups,
            "domains": card.domain_rule,
            "layout": card.layout,
            "options": {key: list(option.allowed) or option.default for key, option in card.all_options.items()},
            "needs": list(card.needs),
            "licence": card.licence,
            "get_it": card.get_it,
            "origin": READERS.origin(name),
        })  # fmt: skip
    print_listing("data sets", rows, json, ("reader", "state", "summary"))
    if not json and place is None:
        typer.echo(
            f"To look for them: --under DIR, or ${PLACE}. How each is laid out and got: docs/datasets.md, or --json."
        )


def _folders(place: Path, depth: int) -> Iterator[Path]:
    """A folder and those below it; what may not be listed is passed over."""
    yield place
    if depth:
        try:
            below = sorted(path for path in place.iterdir() if path.is_dir() and not path.name.startswith("."))
        except PermissionError:
            return
        for path in below:
            yield from _folders(path, depth - 1)
