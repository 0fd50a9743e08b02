"""fairweather data tag: say which weather the images of a data set show, where nobody wrote it down."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fairweather.cli.source import Name, Settings, open_all

if TYPE_CHECKING:
    from rich.console import Console


def tag(
    name: Name,
    out: Annotated[Path, typer.Option(help="The table to write (CSV); its sheet lies beside it.")],
    tagger: Annotated[str, typer.Option("--with", help="clip or pictures.")] = "clip",
    weights: Annotated[str, typer.Option(metavar="DIR", help="The folder with the weights of CLIP.")] = "",
    calibrate: Annotated[
        str,
        typer.Option(metavar="NAME|PATH", help="A data set with domains to calibrate on; half of its groups judge."),
    ] = "",
    device: Annotated[str, typer.Option(help="A torch device, for clip.")] = "cpu",
    settings: Settings = None,
) -> None:
    """Write a table of domains for a data set: in a study, data: {x: {..., domains: TABLE}}."""
    from rich.console import Console

    from fairweather.engine.tagging import calibrated, refuse_other, tag_dataset
    from fairweather.launch.progress import Progress
    from fairweather.models.taggers import open_tagger

    refuse_other(out)
    chosen = open_tagger(tagger, weights, device)
    console = Console()
    progress = Progress(console)
    dataset = open_all(name, settings or ())[1]
    for line in dataset.notes:
        progress.say(line)
    fitted = None
    if calibrate:
        source = dataset if calibrate == name else open_all(calibrate)[1]
        with progress.ticks(f"calibrating {chosen.name}", len(source.samples)) as tick:
            fitted = calibrated(calibrate, source, chosen, tick)
    out.parent.mkdir(parents=True, exist_ok=True)
    with progress.ticks(f"tagging {name}", len(dataset.samples)) as tick:
        sheet = tag_dataset(dataset, chosen, out, fitted, tick)
    _tell(console, sheet)
    console.print(f"{out}; in a study: domains: {out}", highlight=False, markup=False, soft_wrap=True)


def _tell(console: "Console", sheet: Mapping[str, Any]) -> None:
    from rich.table import Table

    from fairweather.vocabulary.domains import DOMAINS, UNDEFINED

    judged = sheet["confusion"] or (sheet["calibration"] or {}).get("judged_on")
    precision = {row["domain"]: row for row in judged["precision"]} if judged else {}
    columns = ("domain", "said", "of images without a domain", "right of known", "precision, 95 %")
    table = Table(*columns, box=None, pad_edge=False)
    for domain in (*DOMAINS, UNDEFINED):
        right, share = "", ""
        if row := precision.get(domain):
            right = f"{row['right']} of {row['said']}"
            share = f"{100 * row['precision']:.0f} % ({100 * row['low']:.0f} to {100 * row['high']:.0f})"
        table.add_row(domain, str(sheet["said"].get(domain, 0)), str(sheet["used"].get(domain, 0)), right, share)
    console.print(table)
    known = f"; {judged['right']} of {judged['images']} with a known domain right" if judged else ""
    decided = f"{100 * (sheet['coverage'] or 0):.0f} % decided"
    console.print(
        f"{sheet['tagger']} (origin {sheet['origin']}): {sheet['images']} images, {decided}{known}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
