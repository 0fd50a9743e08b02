"""Colour by gain, one cell for each strategy and domain or class."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from fairweather.report.grid import heat_bound, heat_share
from fairweather.report.numbers import interval, signed
from fairweather.report.shape import Measure, Row, Shape
from fairweather.report.sheet import (
    COLOUR,
    FONT,
    STEP,
    AtY,
    Sheet,
    above_controls,
    beside,
    by_gain,
    columnwise,
    ground,
    labels,
    layered,
    rowwise,
    title,
)
from fairweather.report.verdict import decided, in_words

Numbers = dict[tuple[str, str, str], Measure]
_MOST_COLUMNS = 18  # beside one another


@dataclass(frozen=True)
class Panel:
    """Columns (domains or classes) of one context under one title; `grey` are those that are not supported."""

    title: str
    context: str
    columns: tuple[str, ...]
    grey: frozenset[str] = frozenset()


def heat(shape: Shape, panels: Sequence[Panel], table: Numbers) -> dict[str, Any]:
    """The gain in each cell, decided ones bold; panels of one context stay side by side.

    Args:
        table: (context, strategy, column) -> measure.
    """
    keys = [(p.context, s, k) for p in panels for s in shape.arms for k in p.columns]
    arms = [s for s in shape.arms if any(table[k].value is not None for k in keys if k[1] == s)]
    sheet, bound = Sheet(shape, by_gain(shape, arms, shape.contexts[0])), heat_bound(table.values())
    dense = max(len(p.columns) for p in panels) > 8
    for number, panel in enumerate(panels):
        sheet.rows += _rows(sheet, number, panel, table, bound)
    drawn = [_panel(sheet, number, panel, 44 if dense else 58) for number, panel in enumerate(panels)]
    if sum(len(p.columns) for p in panels) <= _MOST_COLUMNS:
        groups = [drawn]
    else:
        contexts = dict.fromkeys(p.context for p in panels)
        groups = [[d for d, p in zip(drawn, panels, strict=True) if p.context == c] for c in contexts]
    lines = [beside([labels(sheet), *group]) for group in groups]
    return sheet.spec({"vconcat": lines, "spacing": 26})


def _rows(sheet: Sheet, number: int, panel: Panel, table: Numbers, bound: float) -> list[Row]:
    made: list[Row] = []
    for s, i in sheet.index.items():
        for j, column in enumerate(panel.columns):
            m = table[panel.context, s, column]
            if m.value is None:
                continue
            grey = column in panel.grey
            tone = "grey" if grey else "helps" if m.value > 0 else "hurts"
            word = "unsupported" if grey else str(in_words(m.verdict, m.asked))
            parts = (f"{signed(m.value)} {interval(m.low, m.high)}".strip(), word)
            made.append({
                "k": "cell", "p": number, "i": i, "j": j, "text": signed(m.value), "tone": tone,
                "share": 1.0 if grey else round(0.52 * heat_share(m.value, bound), 2),
                "strong": decided(m.verdict) and not grey, "note": "\n".join(p for p in parts if p),
            })  # fmt: skip
    return made


def _panel(sheet: Sheet, number: int, panel: Panel, wide: int) -> dict[str, Any]:
    here, x = f"datum.p === {number}", columnwise()
    tones = alt.Scale(domain=["helps", "hurts", "grey"], range=[COLOUR["helps"], COLOUR["hurts"], COLOUR["faint"]])
    colour, opacity = alt.Color("tone:N", legend=None, scale=tones), alt.Opacity("share:Q", legend=None, scale=None)
    style: dict[str, Any] = {"fontSize": 10, "font": FONT, "baseline": "middle"}
    slant = any(len(c) * 6 > wide for c in panel.columns)
    turned: dict[str, Any] = {"angle": 325, "align": "left", "dy": -8, "dx": 2} if slant else {"dy": -9, "limit": wide}
    heads = sheet.own([{"j": j, "column": f"{k}, {panel.context}", "name": k} for j, k in enumerate(panel.columns)])
    column = alt.LookupData(data=heads.data, key="j", fields=["column"])
    layers = [
        ground(sheet),
        sheet.of("cell", here)
        .transform_lookup(lookup="j", from_=column)
        .transform_calculate(tip="datum.name + '\\n' + datum.column + '\\n' + datum.note")
        .mark_rect(stroke=COLOUR["paper"], strokeWidth=1)
        .encode(x=x, y=rowwise(), color=colour, opacity=opacity, tooltip=alt.Tooltip("tip:N")),
    ]
    for strong, face in ((False, {"color": COLOUR["muted"]}), (True, {"color": COLOUR["ink"], "fontWeight": 700})):
        cells = sheet.of("cell", f"{here} && {'' if strong else '!'}datum.strong")
        layers.append(cells.mark_text(tooltip=None, **face, **style).encode(x=x, y=rowwise(), text=alt.Text("text:N")))
    layers.append(
        heads.mark_text(color=COLOUR["ink"], **turned, **style).encode(x=x, y=AtY(0), text=alt.Text("name:N"))
    )
    layers.append(above_controls(sheet))
    return layered(layers, width=alt.Step(wide), height=alt.Step(STEP), title=title(panel.title, offset=10))
