"""fairweather demo: the embedded study, no downloads."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from fairweather.study import Study

SIZES = ("quick", "full")


def demo(
    out: Annotated[
        Path | None, typer.Option(help="Where results go. [default: runs/demo, full: runs/demo_full]")
    ] = None,
    size: Annotated[
        str, typer.Option(help="quick (minutes) or full (four towns, three models, every strategy).")
    ] = "quick",
    plan: Annotated[bool, typer.Option("--plan", help="Only say what it would take.")] = False,
) -> None:
    """Run the embedded study to a report. Needs no data and no network."""
    from fairweather.errors import UnknownName

    if size not in SIZES:
        raise UnknownName("size", size, SIZES, "--size")
    if plan:
        from fairweather.cli.forecast import forecast

        return forecast(demo_study(size), out, None)
    from fairweather.cli.conduct import conduct

    raise typer.Exit(conduct(demo_study(size), out, None, "cpu", force=False))


def demo_study(size: str) -> "Study":
    """The embedded study of that size."""
    from importlib.resources import files

    from fairweather.study import parse

    name = f"demo_{size}.yaml"
    return parse(files("fairweather.cli").joinpath(name).read_text(encoding="utf-8"), Path(name))
