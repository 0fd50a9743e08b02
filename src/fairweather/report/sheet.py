"""The sheet a figure is drawn on: it holds the figure's data, its common look, and turns it into SVG.

Altair describes the figure and vl-convert draws it, without a browser and without a network. The data stay beside the
description and join it at the end: Altair copies and checks whatever it is handed at every step, which for the rows of a
large study takes longer than drawing.
"""

from collections.abc import Sequence
from typing import Any, cast

import altair as alt
import vl_convert

from fairweather.report.palette import COLOURS
from fairweather.report.shape import Row

COLOUR = {name: colour.light for name, colour in COLOURS.items()}
FONT = "sans-serif"
SIZE = 11
# The mean advance of a sans-serif face at 11 px, with room to spare; a longer label is cut at the widest panel. Widths come
# from the count of characters so that a figure has the same bytes whatever fonts a machine has.
_CHARACTER, _WIDEST = 6.2, 230


class Sheet:
    """One figure in the making; `data` takes rows, `svg` gives the picture."""

    def __init__(self) -> None:
        self._rows: dict[str, list[Row]] = {}

    def chart(self, rows: Sequence[Row]) -> alt.Chart:
        """An empty chart over the rows."""
        name = f"rows{len(self._rows)}"
        self._rows[name] = list(rows)
        return alt.Chart(alt.NamedData(name=name))

    def svg(self, chart: alt.HConcatChart | alt.VConcatChart) -> str:
        """The chart as SVG text on paper; no clock, no counter of the process and no network goes into it."""
        axis = alt.AxisConfig(
            labelFont=FONT, titleFont=FONT, labelFontSize=10, titleFontSize=10, titleFontWeight="normal",
            labelColor=COLOUR["muted"], titleColor=COLOUR["muted"], gridColor=COLOUR["faint"], domain=False, ticks=False,
            labelPadding=6, titlePadding=8, titleAnchor="start",
        )  # fmt: skip
        view = alt.ViewConfig(stroke=None)
        chart = chart.configure(background=COLOUR["paper"], view=view, axis=axis, aria=False, padding=6)
        # Vega-Lite checks the description when it draws; Altair's own check against the schema takes longer than that.
        spec = chart.to_dict(validate=False) | {"datasets": self._rows}
        return str(vl_convert.vegalite_to_svg(vl_spec=spec))


def layered(layers: Sequence[alt.Chart], **properties: Any) -> alt.LayerChart:
    """Charts drawn over one another, the first at the bottom."""
    return cast(alt.LayerChart, alt.layer(*layers).properties(**properties))


def title(text: str, anchor: Any = "start", offset: int = 8) -> alt.TitleParams:
    """The title of a panel."""
    return alt.TitleParams(
        text, anchor=anchor, fontSize=12, fontWeight=600, color=COLOUR["ink"], font=FONT, offset=offset, limit=320
    )


def across(low: float, high: float, name: str) -> alt.X:
    """A horizontal axis of signed numbers from `low` to `high`, read from the field `x`."""
    signed = "datum.value === 0 ? '0' : format(datum.value, '+.2~f')"
    axis = alt.Axis(title=name, labelExpr=signed, tickCount=5, grid=True)
    return alt.X("x:Q", axis=axis, scale=alt.Scale(domain=[low, high], nice=False, zero=False))


def bare(low: float, high: float) -> alt.X:
    """A horizontal scale without an axis, read from the field `x`."""
    return alt.X("x:Q", axis=None, scale=alt.Scale(domain=[low, high], nice=False, zero=False))


def down(span: float) -> alt.Y:
    """Row positions from the top, read from the field `y`; `span` is the number of rows, gaps included."""
    scale = alt.Scale(domain=[-0.6, span - 0.4], reverse=True, nice=False, zero=False)
    return alt.Y("y:Q", axis=None, scale=scale)


def height(span: float) -> int:
    """Pixels for so many rows: airy for a few, dense for many."""
    return round(span * (26 if span < 12 else 19) + 6)


def span(places: dict[str, float]) -> float:
    """The number of rows of a placement, gaps included."""
    return max(places.values(), default=0.0) + 1


def labels(
    sheet: Sheet, places: dict[str, float], controls: Sequence[str] = (), left: bool = False, head: str = ""
) -> alt.LayerChart:
    """A panel that holds the names of the rows, controls in italics; `left` aligns them to the left."""
    width = min(_WIDEST, round(max((len(s) for s in places), default=1) * _CHARACTER) + 8)
    text: dict[str, Any] = {
        "align": "left" if left else "right",
        "limit": width,
        "fontSize": SIZE,
        "baseline": "middle",
    }
    encoded = {"x": alt.value(0 if left else width), "y": down(span(places)), "text": alt.Text("name:N")}
    own = [{"y": y, "name": s} for s, y in places.items() if s not in controls]
    others = [{"y": y, "name": s} for s, y in places.items() if s in controls]
    layers = [sheet.chart(own).mark_text(color=COLOUR["ink"], font=FONT, **text).encode(**encoded)]
    if others:
        italic: dict[str, Any] = {"color": COLOUR["muted"], "fontStyle": "italic", "font": FONT}
        layers.append(sheet.chart(others).mark_text(**italic, **text).encode(**encoded))
    return layered(layers, width=width, height=height(span(places)), title=title(head, "start" if left else "end"))
