"""The figures, drawn with Altair and turned into SVG by vl-convert, without a browser and without a network.

Rows are placed by number, not by an automatic layout, and label panels have a width computed from the count of characters:
the same content gives the same bytes whatever fonts a machine has.
"""

from collections.abc import Sequence
from itertools import product
from typing import Any

import altair as alt
import vl_convert

from fairweather.report.content import ReportContent
from fairweather.report.grid import heat_bound, heat_share
from fairweather.report.numbers import finite, rank, signed
from fairweather.report.palette import COLOURS
from fairweather.report.shape import Measure, Row, Shape, rows
from fairweather.report.verdict import decided

C = {name: colour.light for name, colour in COLOURS.items()}
_FONT = "sans-serif"
_SIZE = 11
# The mean advance of a sans-serif face at 11 px, with room to spare; labels longer than the cap are cut by the renderer.
_CHARACTER, _WIDEST = 6.2, 230


def gains(content: ReportContent, shape: Shape) -> str:
    """Dots and intervals, one panel a context on one scale; strategies by their gain in the first, controls below a rule.

    Thick: the 95 % interval; thin: the simultaneous one; small grey dots: single blocks; band: the smallest gain that matters.
    """
    order = sorted(shape.strategies, key=lambda s: -(shape.gain(shape.contexts[0], s).value or 0.0))
    places = _row_places(order, shape.controls)
    drawn = [r for c in shape.contexts for r in _gain_rows(content, shape, c, places)]
    extent = _extent(drawn, content.smallest_gain)
    panels = [_labels(places, shape.controls)]
    width = 470 if len(shape.contexts) == 1 else max(220, 640 // len(shape.contexts))
    for context in shape.contexts:
        here = [r for r in drawn if r["context"] == context]
        panels.append(_gain_panel(context, here, places, extent, width, content.smallest_gain, bool(shape.controls)))
    return _svg(alt.hconcat(*panels, spacing=18, bounds="flush"))


def moves(content: ReportContent, shape: Shape) -> str:
    """Ranks in the first and the second context joined by lines, and beside them each move on its band of chance."""
    found = [
        r
        for r in rows(content, "moves")
        if finite(r["rank_first"]) is not None and finite(r["rank_second"]) is not None
    ]
    left = {r["strategy"]: i for i, r in enumerate(sorted(found, key=lambda r: (r["rank_first"], r["strategy"])))}
    right = {r["strategy"]: i for i, r in enumerate(sorted(found, key=lambda r: (r["rank_second"], r["strategy"])))}
    names = {s: float(i) for s, i in right.items()}
    left_labels = {f"{r['strategy']}  {rank(finite(r['rank_first']))}": float(left[r["strategy"]]) for r in found}
    right_labels = {f"{rank(finite(r['rank_second']))}  {r['strategy']}": names[r["strategy"]] for r in found}
    height = _height(len(found))
    panels = [
        _labels(left_labels, (), height=height, title=shape.first),
        _slopes(found, left, right, height),
        _labels(right_labels, (), height=height, left=True, title=shape.second),
    ]
    if any(finite(r["band_low"]) is not None for r in found):
        panels.append(_move_panel(found, names, height))
    return _svg(alt.hconcat(*panels, spacing=8, bounds="flush"))


def heat(
    shape: Shape,
    columns: Sequence[str],
    blocks: Sequence[tuple[str, Sequence[str]]],
    table: dict[tuple[str, str, str], Measure],
    apart: int = 0,
) -> str:
    """Colour by gain with the number in the cell, decided ones bold; one block a context.

    Args:
        columns: domains or classes.
        blocks: (context, the columns that are greyed) of each block.
        table: (context, strategy, column) -> measure.
        apart: the column before which a gap is left; 0 leaves none.
    """
    arms = [s for s in shape.arms if any(table[c, s, k].value is not None for c, _ in blocks for k in columns)]
    places = _row_places([s for s in arms if s in shape.strategies], [s for s in arms if s in shape.controls])
    bound = heat_bound(table.values())
    edges = [j + (0.4 if apart and j >= apart else 0.0) for j in range(len(columns))]
    drawn = [
        alt.hconcat(
            _labels(places, shape.controls),
            _heat_panel(context, dict(zip(columns, edges, strict=True)), grey, places, table, bound),
            spacing=8,
            bounds="flush",
        )
        for context, grey in blocks
    ]
    return _svg(alt.vconcat(*drawn, spacing=22))


def _row_places(strategies: Sequence[str], controls: Sequence[str]) -> dict[str, float]:
    """Row positions from the top; one row's gap before the controls."""
    gap = 0.8 if strategies and controls else 0.0
    own = {s: float(i) for i, s in enumerate(strategies)}
    return own | {s: len(strategies) + gap + i for i, s in enumerate(controls)}


def _height(n: float) -> float:
    return round(n * (26 if n < 12 else 19) + 6)


def _span(places: dict[str, float]) -> float:
    return max(places.values(), default=0.0) + 1


def _y(span: float, field: str = "y") -> alt.Y:
    return alt.Y(
        f"{field}:Q", axis=None, scale=alt.Scale(domain=[-0.6, span - 0.4], reverse=True, nice=False, zero=False)
    )


def _data(values: Sequence[Row]) -> alt.Data:
    return alt.Data(values=list(values))


def _labels(
    places: dict[str, float], controls: Sequence[str], height: float = 0, left: bool = False, title: str = ""
) -> alt.LayerChart:
    """A panel that holds the names of the rows, controls in italics."""
    span = _span(places)
    width = min(_WIDEST, round(max((len(s) for s in places), default=1) * _CHARACTER) + 8)
    base = alt.Chart(_data([{"y": y, "name": s, "control": s in controls} for s, y in places.items()]))
    text = {
        "align": "left" if left else "right",
        "limit": width,
        "fontSize": _SIZE,
        "baseline": "middle",
        "font": _FONT,
    }
    encoded = {"x": alt.value(0 if left else width), "y": _y(span), "text": alt.Text("name:N")}
    plain = base.transform_filter("!datum.control").mark_text(color=C["ink"], **text).encode(**encoded)
    italic = (
        base.transform_filter("datum.control").mark_text(color=C["muted"], fontStyle="italic", **text).encode(**encoded)
    )
    head = {"title": _title(title, "end" if not left else "start")} if title else {}
    return alt.layer(plain, italic).properties(width=width, height=height or _height(span), **head)


def _title(text: str, anchor: Any = "start", offset: int = 8) -> alt.TitleParams:
    return alt.TitleParams(
        text, anchor=anchor, fontSize=12, fontWeight=600, color=C["ink"], font=_FONT, offset=offset, limit=320
    )


def _x(extent: tuple[float, float], title: str) -> alt.X:
    signed_label = "datum.value === 0 ? '0' : format(datum.value, '+.2~f')"
    axis = alt.Axis(title=title, labelExpr=signed_label, tickCount=5, grid=True)
    return alt.X("x:Q", axis=axis, scale=alt.Scale(domain=list(extent), nice=False, zero=False))


def _gain_rows(content: ReportContent, shape: Shape, context: str, places: dict[str, float]) -> list[Row]:
    drawn: list[Row] = []
    for s, y in places.items():
        row, m = shape.gains.get((context, s, ""), {}), shape.gain(context, s)
        if m.value is None:
            continue
        tone = "control" if s in shape.controls else {"yes": "helps", "no": "hurts"}.get(m.verdict, "unclear")
        drawn.append({"context": context, "kind": "gain", "y": y, "x": m.value, "tone": tone})
        for kind, low, high in (
            ("wide", finite(row.get("low_simultaneous")), finite(row.get("high_simultaneous"))),
            ("near", m.low, m.high),
        ):
            if low is not None and high is not None:
                drawn.append({"context": context, "kind": kind, "y": y, "x": low, "x2": high, "tone": tone})
    for s, value in _block_gains(content, context):
        if s in places:
            drawn.append({"context": context, "kind": "block", "y": places[s] + 0.28, "x": value, "tone": "unclear"})
    return drawn


def _block_gains(content: ReportContent, context: str) -> list[tuple[str, float]]:
    """(strategy, value minus the baseline's value) for each data set, model and seed of the context, for the metric."""
    cells = [
        r
        for r in rows(content, "cells")
        if r["context"] == context and not r["domain"] and finite(r["value"]) is not None
    ]
    base = {(r["dataset"], r["model"], r["seed"]): r["value"] for r in cells if r["strategy"] == "baseline"}
    keyed = [
        (r["strategy"], (r["dataset"], r["model"], r["seed"]), r["value"]) for r in cells if r["strategy"] != "baseline"
    ]
    return [(s, value - base[key]) for s, key, value in keyed if key in base]


def _extent(drawn: Sequence[Row], band: float | None) -> tuple[float, float]:
    ends = [v for r in drawn for v in (r["x"], r.get("x2", r["x"]))] + [-(band or 0.5), band or 0.5]
    room = 0.04 * (max(ends) - min(ends))
    return min(ends) - room, max(ends) + room


def _gain_panel(
    context: str,
    drawn: list[Row],
    places: dict[str, float],
    extent: tuple[float, float],
    width: int,
    band: float | None,
    rule: bool,
) -> alt.LayerChart:
    span = _span(places)
    x, y = _x(extent, "gain over the baseline, points"), _y(span)
    colour = alt.Color(
        "tone:N", legend=None,
        scale=alt.Scale(domain=["helps", "hurts", "unclear", "control"], range=[C["helps"], C["hurts"], C["unclear"], C["muted"]]),
    )  # fmt: skip
    base = alt.Chart(_data(drawn))

    def of(kind: str) -> alt.Chart:
        return base.transform_filter(f"datum.kind === '{kind}'")

    layers: list[alt.Chart] = []
    if band:
        edges = _data([{"x": -band, "x2": band}])
        layers.append(alt.Chart(edges).mark_rect(color=C["band"]).encode(x=x, x2="x2:Q"))
    layers.append(alt.Chart(_data([{"x": 0}])).mark_rule(color=C["muted"], strokeWidth=1).encode(x=x))
    first_control = next((p for p in places.values() if p != int(p)), None)
    if rule and first_control is not None:
        line = _data([{"y": first_control - 0.9}])
        layers.append(alt.Chart(line).mark_rule(color=C["rule"], strokeWidth=1).encode(y=y))
    layers += [
        of("block").mark_point(filled=True, size=9, opacity=0.55).encode(x=x, y=y, color=colour),
        of("wide").mark_rule(strokeWidth=1).encode(x=x, x2="x2:Q", y=y, color=colour),
        of("near").mark_rule(strokeWidth=3).encode(x=x, x2="x2:Q", y=y, color=colour),
        of("gain").transform_filter("datum.tone !== 'control'")
        .mark_point(shape="circle", filled=True, size=64, opacity=1).encode(x=x, y=y, color=colour),
        of("gain").transform_filter("datum.tone === 'control'")
        .mark_point(shape="diamond", filled=True, fill=C["paper"], stroke=C["muted"], strokeWidth=1.8, size=70, opacity=1)
        .encode(x=x, y=y),
    ]  # fmt: skip
    return alt.layer(*layers).properties(width=width, height=_height(span), title=_title(context))


def _outside(r: Row) -> str:
    """The tone of a move: past its band of chance upwards or downwards, or within it (or no band given)."""
    move, low, high = (finite(r[k]) for k in ("move", "band_low", "band_high"))
    if move is None or low is None or high is None or low <= move <= high:
        return "within"
    return "up" if r["rank_second"] < r["rank_first"] else "down"


_MOVE_COLOUR = alt.Color(
    "tone:N", legend=None,
    scale=alt.Scale(domain=["within", "up", "down"], range=[C["unclear"], C["helps"], C["hurts"]]),
)  # fmt: skip


def _slopes(found: list[Row], left: dict[str, int], right: dict[str, int], height: float) -> alt.LayerChart:
    lines = [
        {"x": 0, "x2": 1, "y": left[r["strategy"]], "y2": right[r["strategy"]], "tone": _outside(r)} for r in found
    ]
    ends = [{"x": e["x"], "y": e["y"], "tone": e["tone"]} for e in lines] + [
        {"x": 1, "y": e["y2"], "tone": e["tone"]} for e in lines
    ]
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.03, 1.03], nice=False))
    y, x2, y2 = _y(len(found)), "x2:Q", "y2:Q"
    strokes = alt.Chart(_data(lines)).mark_rule().encode(
        x=x, x2=x2, y=y, y2=y2, color=_MOVE_COLOUR,
        strokeWidth=alt.condition("datum.tone === 'within'", alt.value(1.1), alt.value(2.4)),
    )  # fmt: skip
    dots = alt.Chart(_data(ends)).mark_point(filled=True, size=26, opacity=1).encode(x=x, y=y, color=_MOVE_COLOUR)
    return alt.layer(strokes, dots).properties(width=190, height=height, title=_title("rank", "middle"))


def _move_panel(found: list[Row], places: dict[str, float], height: float) -> alt.LayerChart:
    bars = [
        {
            "y": places[r["strategy"]] - 0.32,
            "y2": places[r["strategy"]] + 0.32,
            "x": finite(r["band_low"]),
            "x2": finite(r["band_high"]),
        }
        for r in found
        if finite(r["band_low"]) is not None
    ]
    dots = [
        {"y": places[r["strategy"]], "x": finite(r["move"]), "tone": _outside(r)}
        for r in found
        if finite(r["move"]) is not None
    ]
    reach = max(abs(v) for r in (*bars, *dots) for v in (r["x"], r.get("x2", r["x"]))) + 0.7
    x, y = _x((-reach, reach), "places"), _y(len(found))
    band = alt.Chart(_data(bars)).mark_rect(color=C["chance"]).encode(x=x, x2="x2:Q", y=y, y2="y2:Q")
    zero = alt.Chart(_data([{"x": 0}])).mark_rule(color=C["muted"], strokeWidth=1).encode(x=x)
    point = alt.Chart(_data(dots)).mark_point(filled=True, size=58, opacity=1).encode(x=x, y=y, color=_MOVE_COLOUR)
    return alt.layer(band, zero, point).properties(
        width=230, height=height, title=_title("move and its band of chance")
    )


def _heat_panel(
    context: str,
    edges: dict[str, float],
    grey: Sequence[str],
    places: dict[str, float],
    table: dict[tuple[str, str, str], Measure],
    bound: float,
) -> alt.LayerChart:
    wide = 58
    filled, texts = [], []
    for (column, left), (s, y) in product(edges.items(), places.items()):
        m = table[context, s, column]
        texts.append({"x": left + 0.5, "y": y, "text": signed(m.value), "strong": decided(m.verdict)})
        if m.value is not None:
            tone = "grey" if column in grey else "helps" if m.value > 0 else "hurts"
            share = 1.0 if column in grey else round(0.52 * heat_share(m.value, bound), 3)
            place = {"x": left + 0.03, "x2": left + 0.97, "y": y - 0.46, "y2": y + 0.46}
            filled.append({**place, "tone": tone, "share": share})
    across, span = max(edges.values()) + 1, _span(places)
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, across], nice=False))
    y_of = _y(span)
    tones = alt.Scale(domain=["helps", "hurts", "grey"], range=[C["helps"], C["hurts"], C["faint"]])
    rects = (
        alt.Chart(_data(filled))
        .mark_rect()
        .encode(
            x=x,
            x2="x2:Q",
            y=y_of,
            y2="y2:Q",
            color=alt.Color("tone:N", legend=None, scale=tones),
            opacity=alt.Opacity("share:Q", legend=None, scale=None),
        )
    )
    style: dict[str, Any] = {"fontSize": 10, "font": _FONT, "baseline": "middle", "limit": wide - 2}
    base = alt.Chart(_data(texts)).encode(x=x, y=y_of, text="text:N")
    plain = base.transform_filter("!datum.strong").mark_text(color=C["muted"], **style)
    strong = base.transform_filter("datum.strong").mark_text(color=C["ink"], fontWeight=700, **style)
    heads = _data([{"x": left + 0.5, "text": column} for column, left in edges.items()])
    head = alt.Chart(heads).mark_text(color=C["ink"], dy=-9, **style).encode(x=x, y=alt.value(0), text="text:N")
    title = _title(context, offset=24)
    return alt.layer(rects, plain, strong, head).properties(
        width=round(wide * across), height=_height(span), title=title
    )


def _svg(chart: alt.HConcatChart | alt.VConcatChart) -> str:
    """The chart as SVG text on paper; no clock, no counter and no network goes into it."""
    axis = {
        "labelFont": _FONT, "titleFont": _FONT, "labelFontSize": 10, "titleFontSize": 10, "titleFontWeight": "normal",
        "labelColor": C["muted"], "titleColor": C["muted"], "gridColor": C["faint"], "domain": False, "ticks": False,
        "labelPadding": 6, "titlePadding": 8, "titleAnchor": "start",
    }  # fmt: skip
    chart = chart.configure(
        background=C["paper"], view=alt.ViewConfig(stroke=None), axis=alt.AxisConfig(**axis), aria=False, padding=6
    )
    with alt.data_transformers.enable("default", max_rows=None):
        spec = chart.to_dict()
    return str(vl_convert.vegalite_to_svg(vl_spec=spec))
