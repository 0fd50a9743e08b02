"""fairweather run: run a study or go on with it; ends with the report."""

from pathlib import Path
from typing import Annotated

import typer


def run(
    study: Annotated[Path, typer.Argument(help="The study file, YAML.")],
    out: Annotated[Path | None, typer.Option(help="Where results go; runs/<study name> by default.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; by default as many as fit the cores.")] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Also run units again that were stopped, and those whose images the gate refuses."
        ),
    ] = False,
) -> None:
    """Run a study, or go on where it stopped, and write the report."""
    from fairweather.cli.conduct import conduct
    from fairweather.study import read

    raise typer.Exit(conduct(read(study), out, workers, device, force))
