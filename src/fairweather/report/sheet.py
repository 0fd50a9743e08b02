"""The sheet a chart is drawn on: its rows, its common look, and the one description that screen and print share.

Altair describes the chart; `picture` turns the description into SVG, PNG and what the page draws itself. The rows stay
beside the description and join it at the end: Altair copies and checks whatever it is handed at every step, which for the
rows of a large study takes longer than drawing.
"""

from collections.abc import Sequence
from typing import Any, cast

import altair as alt

from fairweather.report.palette import COLOURS
from fairweather.report.shape import Row, Shape, family_of

COLOUR = {name: colour.light for name, colour in COLOURS.items()}
FONT = "sans-serif"
SIZE = 11
STEP = 19  # pixels of a row
# The mean advance of a sans-serif face at 11 px, with room to spare; a longer label is cut at the widest panel. Widths come
# from the count of characters so that a figure has the same bytes whatever fonts a machine has.
_CHARACTER, _WIDEST = 6.2, 230

# What the page sets: "" shows all; `sort` is gain-1, gain-2, name or family.
SIGNALS = {"family": "", "dataset": "", "model": "", "sort": "gain-1"}
_SHARED = "rows"  # the rows every layer filters, looked up and placed once for all of them
_PLACE = "sort === 'name' ? datum.n : sort === 'family' ? datum.f : sort === 'gain-2' ? datum.g2 : datum.g1"
_FAMILY = "family === '' || datum.family === family"
SHOWN = "(dataset === '' || datum.d === dataset) && (model === '' || datum.m === model)"
FILTERED = "(dataset !== '' || model !== '')"


AtX: Any = alt.XValue  # positions in pixels; Altair leaves their types open
AtX2: Any = alt.X2Value
AtY: Any = alt.YValue
Panel = dict[str, Any]  # a piece of a Vega-Lite description


class Sheet:
    """One chart in the making.

    Args:
        arms: the strategies and controls that have a row, if rows are strategies. Each row of `rows` then names its arm by
            the index `i`, is filtered by family and placed by the order the reader asks for (the field `place`).
    """

    def __init__(self, shape: Shape, arms: Sequence[str] = ()) -> None:
        self.arms = tuple(arms)
        self.index = {s: i for i, s in enumerate(self.arms)}
        self.rows: list[Row] = [{"k": "arm", "i": i} for i in range(len(self.arms))]
        self._own: dict[str, list[Row]] = {"arms": _orders(shape, self.arms)} if arms else {}

    def of(self, kind: str, condition: str = "") -> alt.Chart:
        """An empty chart over the rows of one kind (their field `k`)."""
        test = f"datum.k === '{kind}'" + (f" && {condition}" if condition else "")
        return alt.Chart(alt.NamedData(name=_SHARED)).transform_filter(test)

    def own(self, rows: Sequence[Row]) -> alt.Chart:
        """An empty chart over other rows, which no filter touches."""
        name = f"rows{len(self._own)}"
        self._own[name] = list(rows)
        return alt.Chart(alt.NamedData(name=name))

    def spec(self, panels: Panel) -> Panel:
        """The panels as a whole Vega-Lite description with its rows, its look and the signals of the page."""
        axis = {
            "labelFont": FONT, "titleFont": FONT, "labelFontSize": 10, "titleFontSize": 10, "titleFontWeight": "normal",
            "labelColor": COLOUR["muted"], "titleColor": COLOUR["muted"], "gridColor": COLOUR["faint"], "domain": False,
            "ticks": False, "labelPadding": 6, "titlePadding": 8, "titleAnchor": "start",
        }  # fmt: skip
        spec = panels | {
            "$schema": alt.SCHEMA_URL,
            "config": {
                "background": COLOUR["paper"], "view": {"stroke": None}, "axis": axis, "aria": False, "padding": 6,
            },
            "params": [{"name": n, "value": v} for n, v in SIGNALS.items()],
            "data": {"name": _SHARED},
            "datasets": {_SHARED: self.rows, **self._own},
        }  # fmt: skip
        if self.arms:
            fields = ["name", "family", "control", "g1", "g2", "n", "f"]
            source = {"data": {"name": "arms"}, "key": "i", "fields": fields}
            spec["transform"] = [
                {"lookup": "i", "from": source}, {"filter": _FAMILY}, {"calculate": _PLACE, "as": "place"},
            ]  # fmt: skip
        return spec


def _orders(shape: Shape, arms: Sequence[str]) -> list[Row]:
    """Each arm with its place by gain in either context, by name and by family; controls come last in every order."""
    last = {s: s in shape.controls or s == shape.baseline for s in arms}
    rows: list[Row] = [
        {"i": i, "name": s, "family": family_of(shape, s), "control": last[s]} for i, s in enumerate(arms)
    ]

    def number(key: str, order: Sequence[str]) -> None:
        for place, s in enumerate(sorted(order, key=lambda s: last[s])):
            rows[arms.index(s)][key] = place

    for key, context in (("g1", shape.contexts[:1]), ("g2", shape.contexts[1:2] or shape.contexts[:1])):
        number(key, by_gain(shape, arms, context[0] if context else ""))
    number("n", sorted(arms))
    number(
        "f",
        sorted(by_gain(shape, arms, shape.contexts[0] if shape.contexts else ""), key=lambda s: family_of(shape, s)),
    )
    return rows


def by_gain(shape: Shape, arms: Sequence[str], context: str) -> list[str]:
    """The arms by their gain in a context, the largest first, those without one last."""

    def key(s: str) -> tuple[bool, float]:
        value = shape.gain(context, s).value
        return value is None, -(value or 0.0)

    return sorted(arms, key=key)


def layered(
    layers: Sequence[alt.Chart], width: int | alt.Step, height: int | alt.Step, title: Panel | None = None
) -> Panel:
    """Charts drawn over one another, the first at the bottom.

    Altair describes each layer; layers and panels are put together here, for Altair copies all of them at each such step.
    """
    sizes = {k: v.to_dict() if isinstance(v, alt.Step) else v for k, v in (("width", width), ("height", height))}
    return {"layer": [_layer(layer) for layer in layers], **sizes, **({"title": title} if title else {})}


def _layer(layer: alt.Chart) -> Panel:
    found: Panel = layer.to_dict(validate=False)
    kept = {k: v for k, v in found.items() if k not in ("$schema", "config", "datasets")}
    if kept["data"] == {"name": _SHARED}:  # inherited from the top, where these rows are looked up and placed
        del kept["data"]
    return kept


def beside(panels: Sequence[Panel], spacing: int = 14) -> Panel:
    """Panels side by side, their rows at one height."""
    return {"hconcat": list(panels), "spacing": spacing, "bounds": "flush"}


def title(text: str, anchor: str = "start", offset: int = 8) -> Panel:
    """The title of a panel."""
    return {
        "text": text, "anchor": anchor, "fontSize": 12, "fontWeight": 600, "color": COLOUR["ink"], "font": FONT,
        "offset": offset, "limit": 320,
    }  # fmt: skip


def across(low: float, high: float, name: str, signed: bool = True) -> alt.X:
    """A horizontal axis from `low` to `high`, read from the field `x`."""
    sign = "datum.value === 0 ? '0' : replace(format(datum.value, '+.2~f'), '-', '−')"
    axis = alt.Axis(title=name, labelExpr=sign if signed else "datum.label", tickCount=5, grid=True)
    return alt.X("x:Q", axis=axis, scale=alt.Scale(domain=[low, high], nice=False, zero=False))


def bare(low: float, high: float) -> alt.X:
    """A horizontal scale without an axis, read from the field `x`."""
    return alt.X("x:Q", axis=None, scale=alt.Scale(domain=[low, high], nice=False, zero=False))


def rowwise(**more: Any) -> alt.Y:
    """One row for each arm that is shown, in the order the reader asks for."""
    scale = alt.Scale(paddingInner=0, paddingOuter=0)
    return alt.Y("place:O", axis=None, scale=scale, **more)


def columnwise(scale: alt.Scale | None = None) -> alt.X:
    """One column for each value of the field `j`, in its order."""
    return alt.X("j:O", axis=None, scale=scale or alt.Scale(paddingInner=0.05, paddingOuter=0))


def down(span: float) -> alt.Y:
    """Row positions from the top, read from the field `y`; `span` is the number of rows, gaps included."""
    scale = alt.Scale(domain=[-0.6, span - 0.4], reverse=True, nice=False, zero=False)
    return alt.Y("y:Q", axis=None, scale=scale)


def height(span: float) -> int:
    """Pixels for so many rows."""
    return round(span * STEP + 6)


def label_width(names: Sequence[str]) -> int:
    """Pixels a column of these names takes."""
    return min(_WIDEST, round(max((len(s) for s in names), default=1) * _CHARACTER) + 8)


def labels(sheet: Sheet) -> Panel:
    """A panel that holds the names of the arms, controls in italics, and the rule above the first control."""
    width = label_width(sheet.arms)
    text: dict[str, Any] = {"align": "right", "limit": width, "fontSize": SIZE, "baseline": "middle", "font": FONT}
    x, name, tip = AtX(width), alt.Text("name:N"), alt.Tooltip("name:N")
    plain, italic = sheet.of("arm", "!datum.control"), sheet.of("arm", "datum.control")
    layers = [
        ground(sheet, width),
        plain.mark_text(color=COLOUR["ink"], **text).encode(x=x, y=rowwise(), text=name, tooltip=tip),
        italic.mark_text(color=COLOUR["muted"], fontStyle="italic", **text).encode(
            x=x, y=rowwise(), text=name, tooltip=tip
        ),
    ]
    return layered(layers, width=width, height=alt.Step(STEP))


def ground(sheet: Sheet, width: int | None = None) -> alt.Chart:
    """A row for every arm, unseen: it gives all panels of a chart the same rows."""
    across = {"x": AtX(0), "x2": AtX2(width)} if width else {}
    chart = sheet.of("arm").mark_rect(opacity=0, color=COLOUR["paper"])
    return cast(alt.Chart, chart.encode(y=rowwise(), **across))


def above_controls(sheet: Sheet) -> alt.Chart:
    """The rule between strategies and controls, wherever the reader's order puts it."""
    first = sheet.of("arm", "datum.control").transform_joinaggregate(top="min(place)")
    first = first.transform_filter("datum.place === datum.top")
    return cast(alt.Chart, first.mark_rule(color=COLOUR["rule"], strokeWidth=1).encode(y=rowwise(bandPosition=0)))


def noted(chart: alt.Chart) -> alt.Chart:
    """The chart with the field `tip` made of the arm's name and the row's own note."""
    return chart.transform_calculate(tip="datum.name + '\\n' + datum.note")
