"""Which runs are there: strategy by data set and model, one panel a context."""

from collections import Counter
from typing import Any

import altair as alt

from fairweather.report.content import ReportContent
from fairweather.report.numbers import finite
from fairweather.report.shape import Row, Shape, rows
from fairweather.report.sheet import (
    COLOUR,
    FONT,
    SHOWN,
    STEP,
    AtY,
    Sheet,
    beside,
    by_gain,
    columnwise,
    ground,
    labels,
    layered,
    rowwise,
    title,
)

MOST_CELLS = 10_000
Pair = tuple[str, str]


def pairs(content: ReportContent) -> tuple[Pair, ...]:
    """The (data set, model) of all runs, sorted; none where a table names neither."""
    found = {(r["dataset"], r["model"]) for r in rows(content, "cells") if not r["domain"]}
    return tuple(sorted(pair for pair in found if any(pair)))


def missing(content: ReportContent, shape: Shape) -> int:
    """How many cells some strategy lacks that another has, over all contexts."""
    runs, most = _runs(content)
    return sum(
        not runs[c, s, *p] for c in shape.contexts for s in _arms(shape, runs) for p in pairs(content) if most[c, p]
    )


def coverage(content: ReportContent, shape: Shape) -> dict[str, Any]:
    """A square where every run of a cell is there, paler where some are, a cross where none is."""
    runs, most = _runs(content)
    columns = pairs(content)
    sheet = Sheet(shape, _arms(shape, runs))
    for c, context in enumerate(shape.contexts):
        for s, i in sheet.index.items():
            for j, (dataset, model) in enumerate(columns):
                there, of = runs[context, s, dataset, model], most[context, (dataset, model)]
                if of:
                    state = "all" if there == of else "some" if there else "none"
                    place = {"k": "cell", "c": c, "i": i, "j": j, "d": dataset, "m": model}
                    sheet.rows.append({**place, "state": state, "there": there, "of": of})
    several = max(most.values(), default=1) > 1
    panels = [_panel(sheet, c, context, columns, several) for c, context in enumerate(shape.contexts)]
    return sheet.spec(beside([labels(sheet), *panels], 18))


def _arms(shape: Shape, runs: Counter[tuple[str, str, str, str]]) -> list[str]:
    there = {key[1] for key in runs}
    names = [*by_gain(shape, shape.arms, shape.contexts[0]), shape.baseline]
    return [s for s in dict.fromkeys(names) if s in there]


def _runs(content: ReportContent) -> tuple[Counter[tuple[str, str, str, str]], Counter[tuple[str, Pair]]]:
    """Runs by (context, strategy, data set, model), and the most any strategy has by (context, (data set, model))."""
    found = [r for r in rows(content, "cells") if not r["domain"] and finite(r["value"]) is not None]
    runs = Counter((r["context"], r["strategy"], r["dataset"], r["model"]) for r in found)
    most: Counter[tuple[str, Pair]] = Counter()
    for (context, _, dataset, model), n in runs.items():
        most[context, (dataset, model)] = max(n, most[context, (dataset, model)])
    return runs, most


def _panel(sheet: Sheet, c: int, context: str, columns: tuple[Pair, ...], several: bool) -> dict[str, Any]:
    here, x = f"datum.c === {c} && {SHOWN}", columnwise()
    names = [" · ".join(filter(None, pair)) for pair in columns]
    heads: list[Row] = [{"j": j, "name": names[j], "d": d, "m": m} for j, (d, m) in enumerate(columns)]
    top = sheet.own(heads).transform_filter(SHOWN)
    tones = alt.Scale(domain=["all", "some", "none"], range=[COLOUR["rule"], COLOUR["faint"], COLOUR["paper"]])
    style: dict[str, Any] = {"fontSize": 10, "font": FONT, "baseline": "middle"}
    layers = [
        ground(sheet),
        _noted(sheet.of("cell", here))
        .mark_rect(stroke=COLOUR["paper"], strokeWidth=2)
        .encode(x=x, y=rowwise(), color=alt.Color("state:N", legend=None, scale=tones), tooltip=alt.Tooltip("tip:N")),
        _noted(sheet.of("cell", f"{here} && datum.state === 'none'"))
        .mark_text(text="×", color=COLOUR["hurts"], fontWeight=700, fontSize=13, font=FONT, baseline="middle")
        .encode(x=x, y=rowwise(), tooltip=alt.Tooltip("tip:N")),
        top.mark_text(color=COLOUR["muted"], angle=310, align="left", dx=4, dy=-5, limit=190, **style).encode(
            x=x, y=AtY(0), text=alt.Text("name:N")
        ),
    ]
    if several:
        part = sheet.of("cell", f"{here} && datum.state === 'some'")
        layers.append(part.mark_text(color=COLOUR["ink"], **style).encode(x=x, y=rowwise(), text=alt.Text("there:N")))
    return layered(layers, width=alt.Step(22), height=alt.Step(STEP), title=title(context, offset=10))


def _noted(chart: alt.Chart) -> alt.Chart:
    tip = "datum.name + '\\n' + datum.d + ' · ' + datum.m + '\\n' + datum.there + ' of ' + datum.of"
    return chart.transform_calculate(tip=tip)
