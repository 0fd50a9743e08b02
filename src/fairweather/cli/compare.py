"""fairweather compare: what a table of results can and cannot say."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fairweather.analysis.imports import Source
    from fairweather.report.content import ReportContent

SMALLEST_GAIN = 0.3  # points


def compare(
    tables: Annotated[
        list[str],
        typer.Argument(metavar="TABLE...", help="CSV, Parquet or a study folder; PATH, or CONTEXT=PATH for several."),
    ],
    baseline: Annotated[str | None, typer.Option(metavar="NAME", help="The strategy gains are over.")] = None,
    contexts: Annotated[str, typer.Option(metavar="A,B", help="The one or two training contexts to compare.")] = "",
    columns: Annotated[
        str, typer.Option(metavar="K=V,...", help="What a column is, such as value=mIoU, unit=percent.")
    ] = "",
    smallest_gain: Annotated[
        float | None,
        typer.Option(min=0.0, max=100.0, help="The smallest gain that matters, in points; 0.3, or the study's."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where report/ is written; runs/compare/NAME by default.")
    ] = None,
    png: Annotated[bool, typer.Option("--png", help="Also write every figure as PNG.")] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print the object of findings.json instead of the summary.")
    ] = False,
) -> None:
    """Audit tables of results and compare the strategies in them; status 1 if a check of severity error does not hold."""
    import sys

    from fairweather.report.workshop import prepare

    prepare()  # a second process makes the page's library while this one reads and compares

    from rich.console import Console

    from fairweather.analysis.imports import parse_columns, parse_sources
    from fairweather.audit import failed
    from fairweather.report.folder import render
    from fairweather.report.terminal import summary

    sources = parse_sources(tables)
    content = _content(
        sources, baseline, tuple(filter(None, contexts.split(","))), parse_columns(columns), smallest_gain
    )
    folder = (out or Path("runs") / "compare" / sources[0].path.stem) / "report"
    render(content, folder, ("svg", "png") if png else ("svg",))
    if json:
        sys.stdout.write((folder / "findings.json").read_text(encoding="utf-8"))
    else:
        summary(content, Console(), folder)
    raise typer.Exit(1 if failed(content.checks) else 0)


def _content(
    sources: "Sequence[Source]",
    baseline: str | None,
    contexts: tuple[str, ...],
    columns: dict[str, str],
    gain: float | None,
) -> "ReportContent":
    """What the report of these sources is made of: a study folder, results.parquet of ours, or tables of others."""
    from fairweather.audit import study_folder
    from fairweather.errors import InputError
    from fairweather.report.compose import compose
    from fairweather.report.counts import compose_counts, holds_counts
    from fairweather.report.tables import compose_tables

    folders = [source for source in sources if source.path.is_dir()]
    for source in folders:
        if study_folder(source.path) is None:
            raise InputError(
                f"{source.path}: not a study folder (no plan.json); name a table of results or a study folder"
            )
    if len(folders) == len(sources) == 1 and not sources[0].context:
        layout = study_folder(sources[0].path)
        assert layout is not None
        _no_columns(columns, sources[0])
        return compose(layout, False, baseline, contexts, gain)
    counts = [holds_counts(source.path) for source in sources]
    gain = SMALLEST_GAIN if gain is None else gain
    if all(counts):
        _no_columns(columns, sources[0])
        return compose_counts(sources, baseline, contexts, gain)
    if any(counts):
        ours, other = sources[counts.index(True)].path, sources[counts.index(False)].path
        raise InputError(f"{ours} holds counts of pixels and {other} does not; compare tables of one kind")
    return compose_tables(sources, baseline, contexts, columns, gain)


def _no_columns(columns: dict[str, str], source: "Source") -> None:
    from fairweather.errors import InputError

    if columns:
        raise InputError(
            f"--columns: {source.path} is of our own making, its columns are known (allowed: for other tables)"
        )
