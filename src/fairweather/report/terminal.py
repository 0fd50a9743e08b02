"""The report in a few lines of a terminal: every strategy's verdict, the checks that failed, and where to read on."""

from pathlib import Path

from rich.console import Console
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from fairweather.audit.check import Check
from fairweather.report.answer import lead
from fairweather.report.content import ReportContent
from fairweather.report.numbers import interval, signed
from fairweather.report.shape import Measure, Shape, shape_of
from fairweather.report.verdict import Tone, in_words

_STYLES: dict[Tone, str] = {"helps": "blue", "hurts": "red", "unclear": "dim", "none": "dim", "plain": ""}
_UNBOUNDED = 10_000
_GRAVE = {"error": "bold red", "warning": "yellow", "note": "dim"}


def summary(content: ReportContent, console: Console, folder: Path | None = None) -> None:
    """Print the leading findings, the verdict table, the failed checks, and where the report lies.

    Args:
        console: intervals are left out where it is too narrow for them, never cut.
        folder: the folder `render` wrote; None leaves the last line out.
    """
    shape = shape_of(content)
    for finding in lead(content, shape):
        console.print(Text(finding.statement))
    if shape.arms and shape.contexts:
        whole = _verdicts(shape, intervals=True)
        fits = Measurement.get(console, console.options.update_width(_UNBOUNDED), whole).maximum <= console.width
        console.print(Padding(whole if fits else _verdicts(shape, intervals=False), (1, 0)))
    failed = [c for c in content.checks if not c.holds]
    for check in sorted(failed, key=lambda c: list(_GRAVE).index(c.severity)):
        console.print(_failed(check))
    console.print(Text(f"checks: {len(content.checks)} made, {len(failed)} failed", style="dim"))
    if folder is not None:
        console.print(Text(f"report: {folder / 'index.html'}"))


def _verdicts(shape: Shape, intervals: bool) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("strategy", overflow="fold")  # the one column that may wrap; numbers are never cut
    heads = [*shape.contexts, f"{shape.second} − {shape.first}"] if shape.first else list(shape.contexts)
    for head in heads:
        table.add_column(Text(head), no_wrap=True)
        table.add_column(justify="right", no_wrap=True)
        if intervals:
            table.add_column(no_wrap=True)
    for strategy in shape.arms:
        measures = [shape.gain(c, strategy) for c in shape.contexts]
        if shape.first:
            measures.append(shape.change(strategy))
        name = Text(" ".join(strategy.split()), style="italic dim" if strategy in shape.controls else "")
        table.add_row(name, *(cell for m in measures for cell in _measured(m, intervals)))
    return table


def _measured(m: Measure, intervals: bool) -> list[Text]:
    word = in_words(m.verdict, m.asked)
    cells = [Text(str(word), style=_STYLES[word.tone]), Text(signed(m.value))]
    return [*cells, Text(interval(m.low, m.high), style="dim")] if intervals else cells


def _failed(check: Check) -> Text:
    text = Text(f"{check.severity}: ", style=_GRAVE[check.severity])
    text.append(check.statement, style="default not bold")
    return text.append(f" ({check.code}, {check.action})", style="dim not bold")
