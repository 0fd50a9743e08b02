"""A registry as a table for people, or as JSON."""

import json as json_module
import sys
from collections.abc import Mapping, Sequence


def print_listing(
    title: str, rows: Sequence[Mapping[str, object]], json: bool, shown: tuple[str, ...] | None = None
) -> None:
    """Print rows of equal keys as a JSON array, or as a table of the `shown` keys (all by default)."""
    if json:
        sys.stdout.write(json_module.dumps([dict(row) for row in rows], indent=1) + "\n")
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    keys = shown or tuple(rows[0])
    table = Table(title=title, box=SIMPLE_HEAD, title_justify="left")
    for number, key in enumerate(keys):
        table.add_column(key.replace("_", " "), overflow="fold", no_wrap=number == 0)
    for row in rows:
        table.add_row(*(Text(_text(row[key])) for key in keys))  # Text: brackets in a cell are no markup
    Console().print(table)


def _text(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return {True: "yes", False: ""}.get(value, str(value)) if isinstance(value, bool) else str(value)
