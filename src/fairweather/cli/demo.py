"""fairweather demo: the embedded study, no downloads."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from fairweather.study import Study

QUICK_SEEDS = 3  # of the five of the full demo


def demo(
    out: Annotated[Path, typer.Option(help="Where results go.")] = Path("runs/demo"),
    size: Annotated[str, typer.Option(help="quick (3 seeds) or full (5 seeds).")] = "full",
) -> None:
    """Run the embedded study to a report. Needs no data and no network."""
    from fairweather.cli.conduct import conduct
    from fairweather.errors import UnknownName

    if size not in ("quick", "full"):
        raise UnknownName("size", size, ("quick", "full"), "--size")
    raise typer.Exit(conduct(demo_study(size), out, None, "cpu", force=False))


def demo_study(size: str) -> "Study":
    """The embedded study, with fewer seeds if it is to be quick."""
    from importlib.resources import files

    from fairweather.study import parse

    text = files("fairweather.cli").joinpath("demo.yaml").read_text(encoding="utf-8")
    if size == "quick":
        text = text.replace("[0, 1, 2, 3, 4]", str(list(range(QUICK_SEEDS))))
    return parse(text, Path("demo.yaml"))
