"""fairweather report: the report again, from what is there."""

from pathlib import Path
from typing import Annotated

import typer


def report(
    folder: Annotated[Path, typer.Argument(help="A study folder, such as runs/demo.")],
    png: Annotated[bool, typer.Option("--png", help="Also write every figure as PNG.")] = False,
    photographs: Annotated[
        bool,
        typer.Option(help="Show generated images and their sources; a data set's licence may forbid to pass them on."),
    ] = True,
) -> None:
    """Write the report of a study folder again."""
    from rich.console import Console

    from fairweather.cli.conduct import write_report
    from fairweather.store import Layout

    raise typer.Exit(write_report(Layout(folder), Console(), png, photographs))
