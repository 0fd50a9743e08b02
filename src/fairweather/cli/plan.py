"""fairweather plan: what a study would need, before it is run."""

from pathlib import Path
from typing import Annotated

import typer


def plan(
    study: Annotated[Path, typer.Argument(help="The study file, YAML.")],
    out: Annotated[Path | None, typer.Option(help="Where results would go; runs/<study name> by default.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes the time is stated for.")] = None,
) -> None:
    """Print the units, time, disk and smallest detectable gain of a study. Writes nothing."""
    from fairweather.cli.forecast import forecast
    from fairweather.study import read

    forecast(read(study), out, workers)
