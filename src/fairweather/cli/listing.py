"""A registry as a table for people, or as JSON."""

import json as json_module
import sys
from collections.abc import Mapping, Sequence


def print_listing(title: str, rows: Sequence[Mapping[str, object]], json: bool) -> None:
    """Print rows of equal keys as a table, or as a JSON array."""
    if json:
        sys.stdout.write(json_module.dumps([dict(row) for row in rows], indent=1) + "\n")
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, box=SIMPLE_HEAD, title_justify="left")
    for key in rows[0]:
        table.add_column(key.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(_text(value) for value in row.values()))
    Console().print(table)


def _text(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return {True: "yes", False: ""}.get(value, str(value)) if isinstance(value, bool) else str(value)
