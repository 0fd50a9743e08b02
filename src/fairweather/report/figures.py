"""The figures of the report: gains with intervals, ranks between two contexts, and colour by domain or class."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import altair as alt

from fairweather.report.content import ReportContent
from fairweather.report.grid import heat_bound, heat_share
from fairweather.report.numbers import finite, rank, signed
from fairweather.report.shape import Measure, Row, Shape, rows
from fairweather.report.sheet import COLOUR, FONT, Sheet, across, bare, down, height, labels, layered, span, title
from fairweather.report.verdict import decided

Numbers = dict[tuple[str, str, str], Measure]


def gains(content: ReportContent, shape: Shape) -> str:
    """Dots and intervals, one panel a context on one scale; strategies by their gain in the first, controls below a rule.

    Thick: the 95 % interval; thin: the simultaneous one; small dots: single blocks; band: the smallest gain of interest.
    """
    sheet = Sheet()
    order = sorted(shape.strategies, key=lambda s: -(shape.gain(shape.contexts[0], s).value or 0.0))
    places = _places(order, shape.controls)
    drawn = {c: _gain_rows(content, shape, c, places) for c in shape.contexts}
    width = 470 if len(shape.contexts) == 1 else max(220, 640 // len(shape.contexts))
    x = _gain_axis([r for found in drawn.values() for r in found], content.smallest_gain)
    panels = [labels(sheet, places, shape.controls)]
    for context, found in drawn.items():
        under = _gain_ground(sheet, x, places, shape.controls, content.smallest_gain)
        layers = [*under, *_gain_marks(sheet, x, down(span(places)), found)]
        panels.append(layered(layers, width=width, height=height(span(places)), title=title(context)))
    return sheet.svg(alt.hconcat(*panels, spacing=18, bounds="flush"))


def ranked_moves(content: ReportContent) -> list[Row]:
    """The rows of the table of moves that have a rank in both contexts."""
    return [r for r in rows(content, "moves") if None not in (finite(r["rank_first"]), finite(r["rank_second"]))]


def moves(content: ReportContent, shape: Shape) -> str:
    """Ranks in the first and the second context joined by lines, and beside them each move on its band of chance."""
    sheet = Sheet()
    found = ranked_moves(content)
    left = {r["strategy"]: i for i, r in enumerate(sorted(found, key=lambda r: (r["rank_first"], r["strategy"])))}
    right = {r["strategy"]: i for i, r in enumerate(sorted(found, key=lambda r: (r["rank_second"], r["strategy"])))}
    first = {f"{r['strategy']}  {rank(finite(r['rank_first']))}": float(left[r["strategy"]]) for r in found}
    second = {f"{rank(finite(r['rank_second']))}  {r['strategy']}": float(right[r["strategy"]]) for r in found}
    panels = [
        labels(sheet, first, head=shape.first),
        _slopes(sheet, found, left, right),
        labels(sheet, second, left=True, head=shape.second),
    ]
    if any(finite(r["band_low"]) is not None for r in found):
        panels.append(_bands(sheet, found, right))
    return sheet.svg(alt.hconcat(*panels, spacing=8, bounds="flush"))


def heat(
    shape: Shape, columns: Sequence[str], blocks: Sequence[tuple[str, Sequence[str]]], table: Numbers, apart: int = 0
) -> str:
    """Colour by gain with the number in the cell, decided ones bold; one block a context.

    Args:
        columns: domains or classes.
        blocks: (context, the columns that are greyed) of each block.
        table: (context, strategy, column) -> measure.
        apart: the column before which a gap is left; 0 leaves none.
    """
    sheet = Sheet()
    arms = [s for s in shape.arms if any(table[c, s, k].value is not None for c, _ in blocks for k in columns)]
    places = _places([s for s in arms if s in shape.strategies], [s for s in arms if s in shape.controls])
    edges = {k: j + (0.4 if apart and j >= apart else 0.0) for j, k in enumerate(columns)}
    drawn = []
    for context, grey in blocks:
        names = labels(sheet, places, shape.controls)
        panel = _heat_panel(sheet, context, edges, grey, places, table)
        drawn.append(alt.hconcat(names, panel, spacing=8, bounds="flush"))
    return sheet.svg(alt.vconcat(*drawn, spacing=22))


def _places(strategies: Sequence[str], controls: Sequence[str]) -> dict[str, float]:
    """Row positions from the top; most of a row's gap before the controls."""
    gap = 0.8 if strategies and controls else 0.0
    own = {s: float(i) for i, s in enumerate(strategies)}
    return own | {s: len(strategies) + gap + i for i, s in enumerate(controls)}


def _gain_rows(content: ReportContent, shape: Shape, context: str, places: dict[str, float]) -> list[Row]:
    """What is drawn in one context; `kind` is gain, near (interval), wide (simultaneous interval) or block."""
    drawn: list[Row] = []
    for s, y in places.items():
        row, m = shape.gains.get((context, s, ""), {}), shape.gain(context, s)
        if m.value is None:
            continue
        tone = "control" if s in shape.controls else {"yes": "helps", "no": "hurts"}.get(m.verdict, "unclear")
        drawn.append({"kind": "gain", "y": y, "x": m.value, "tone": tone})
        wide = finite(row.get("low_simultaneous")), finite(row.get("high_simultaneous"))
        for kind, (low, high) in (("wide", wide), ("near", (m.low, m.high))):
            if low is not None and high is not None:
                drawn.append({"kind": kind, "y": y, "x": low, "x2": high, "tone": tone})
    blocks = _block_gains(content, context)
    return drawn + [
        {"kind": "block", "y": places[s] + 0.28, "x": v, "tone": "unclear"} for s, v in blocks if s in places
    ]


def _block_gains(content: ReportContent, context: str) -> list[tuple[str, float]]:
    """(strategy, value minus the baseline's value) for each data set, model and seed of the context, for the metric."""
    found = [r for r in rows(content, "cells") if r["context"] == context and not r["domain"]]
    keyed = [(r["strategy"], (r["dataset"], r["model"], r["seed"]), finite(r["value"])) for r in found]
    base = {key: value for s, key, value in keyed if s == "baseline"}
    pairs = [(s, value, base.get(key)) for s, key, value in keyed if s != "baseline"]
    return [(s, value - zero) for s, value, zero in pairs if value is not None and zero is not None]


def _gain_axis(drawn: Sequence[Row], band: float | None) -> alt.X:
    """One scale for all contexts that holds everything drawn, zero and the band."""
    reach = band or 0.5
    ends = [-reach, reach, *(r["x"] for r in drawn), *(r["x2"] for r in drawn if "x2" in r)]
    room = 0.04 * (max(ends) - min(ends))
    return across(min(ends) - room, max(ends) + room, "gain over the baseline, points")


def _gain_ground(
    sheet: Sheet, x: alt.X, places: dict[str, float], controls: Sequence[str], band: float | None
) -> list[alt.Chart]:
    """The band of the smallest gain, the line at zero and the rule above the controls."""
    layers = []
    if band:
        layers.append(sheet.chart([{"x": -band, "x2": band}]).mark_rect(color=COLOUR["band"]).encode(x=x, x2="x2:Q"))
    layers.append(sheet.chart([{"x": 0}]).mark_rule(color=COLOUR["muted"], strokeWidth=1).encode(x=x))
    if controls and len(controls) < len(places):
        rule = sheet.chart([{"y": places[controls[0]] - 0.9}])
        layers.append(rule.mark_rule(color=COLOUR["rule"], strokeWidth=1).encode(y=down(span(places))))
    return layers


def _gain_marks(sheet: Sheet, x: alt.X, y: alt.Y, drawn: Sequence[Row]) -> list[alt.Chart]:
    tones = ("helps", "hurts", "unclear", "control")
    scale = alt.Scale(domain=tones, range=[COLOUR[t] for t in tones[:3]] + [COLOUR["muted"]])
    colour = alt.Color("tone:N", legend=None, scale=scale)

    def of(kind: str, control: bool | None = None) -> alt.Chart:
        return sheet.chart([r for r in drawn if r["kind"] == kind and control in (None, r["tone"] == "control")])

    diamond: dict[str, Any] = {
        "shape": "diamond",
        "fill": COLOUR["paper"],
        "stroke": COLOUR["muted"],
        "strokeWidth": 1.8,
        "size": 70,
    }
    return [
        of("block").mark_point(filled=True, size=9, opacity=0.55).encode(x=x, y=y, color=colour),
        of("wide").mark_rule(strokeWidth=1).encode(x=x, x2="x2:Q", y=y, color=colour),
        of("near").mark_rule(strokeWidth=3).encode(x=x, x2="x2:Q", y=y, color=colour),
        of("gain", False).mark_point(filled=True, size=64, opacity=1).encode(x=x, y=y, color=colour),
        of("gain", True).mark_point(filled=True, opacity=1, **diamond).encode(x=x, y=y),
    ]


def _tone_of_move(r: Row) -> str:
    """Past its band of chance upwards or downwards, or within it (or no band given)."""
    move, low, high = (finite(r[k]) for k in ("move", "band_low", "band_high"))
    if move is None or low is None or high is None or low <= move <= high:
        return "within"
    return "up" if r["rank_second"] < r["rank_first"] else "down"


def _move_colour() -> alt.Color:
    scale = alt.Scale(domain=["within", "up", "down"], range=[COLOUR[k] for k in ("unclear", "helps", "hurts")])
    return alt.Color("tone:N", legend=None, scale=scale)


def _slopes(sheet: Sheet, found: Sequence[Row], left: dict[str, int], right: dict[str, int]) -> alt.LayerChart:
    ends = [
        {"x": side, "y": place[r["strategy"]], "tone": _tone_of_move(r)}
        for side, place in ((0, left), (1, right))
        for r in found
    ]
    lines = [{"x2": 1, "y2": right[r["strategy"]], **end} for r, end in zip(found, ends, strict=False)]
    x, y, colour = bare(-0.03, 1.03), down(len(found)), _move_colour()
    strokes = [
        sheet.chart([e for e in lines if (e["tone"] == "within") == within])
        .mark_rule(strokeWidth=1.1 if within else 2.4)
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q", color=colour)
        for within in (True, False)
    ]
    dots = sheet.chart(ends).mark_point(filled=True, size=26, opacity=1).encode(x=x, y=y, color=colour)
    return layered([*strokes, dots], width=190, height=height(len(found)), title=title("rank", "middle"))


def _bands(sheet: Sheet, found: Sequence[Row], places: dict[str, int]) -> alt.LayerChart:
    """Each move as a dot on the band that chance alone gives, in the order of the second context.

    Moves are whole places, so a band reaches a little past its ends: one of no width at all is still seen.
    """
    bars: list[Row] = []
    dots: list[Row] = []
    for r in found:
        place, low, high, move = places[r["strategy"]], *(finite(r[k]) for k in ("band_low", "band_high", "move"))
        if low is not None and high is not None:
            bars.append({"x": low - 0.4, "x2": high + 0.4, "y": place - 0.32, "y2": place + 0.32})
        if move is not None:
            dots.append({"x": move, "y": float(place), "tone": _tone_of_move(r)})
    reach = max(abs(v) for r in (*bars, *dots) for v in (r["x"], r.get("x2", 0.0)) if isinstance(v, float)) + 0.7
    x, y = across(-reach, reach, "places"), down(len(found))
    layers = [
        sheet.chart(bars).mark_rect(color=COLOUR["chance"]).encode(x=x, x2="x2:Q", y=y, y2="y2:Q"),
        sheet.chart([{"x": 0}]).mark_rule(color=COLOUR["muted"], strokeWidth=1).encode(x=x),
        sheet.chart(dots).mark_point(filled=True, size=58, opacity=1).encode(x=x, y=y, color=_move_colour()),
    ]
    return layered(layers, width=230, height=height(len(found)), title=title("move and its band of chance"))


def _heat_panel(
    sheet: Sheet, context: str, edges: dict[str, float], grey: Sequence[str], places: dict[str, float], table: Numbers
) -> alt.LayerChart:
    wide, bound = 58, heat_bound(table.values())
    filled, texts = [], []
    for (column, left), (s, y) in product(edges.items(), places.items()):
        m = table[context, s, column]
        texts.append({"x": left + 0.5, "y": y, "text": signed(m.value), "strong": decided(m.verdict)})
        if m.value is not None:
            tone = "grey" if column in grey else "helps" if m.value > 0 else "hurts"
            share = 1.0 if column in grey else round(0.52 * heat_share(m.value, bound), 3)
            place = {"x": left + 0.03, "x2": left + 0.97, "y": y - 0.46, "y2": y + 0.46}
            filled.append({**place, "tone": tone, "share": share})
    reach = max(edges.values()) + 1
    x, y_of = bare(0, reach), down(span(places))
    tones = alt.Scale(domain=["helps", "hurts", "grey"], range=[COLOUR["helps"], COLOUR["hurts"], COLOUR["faint"]])
    colour, opacity = alt.Color("tone:N", legend=None, scale=tones), alt.Opacity("share:Q", legend=None, scale=None)
    style: dict[str, Any] = {"fontSize": 10, "font": FONT, "baseline": "middle", "limit": wide - 2}
    heads = sheet.chart([{"x": left + 0.5, "text": column} for column, left in edges.items()])
    layers = [sheet.chart(filled).mark_rect().encode(x=x, x2="x2:Q", y=y_of, y2="y2:Q", color=colour, opacity=opacity)]
    for strong, face in ((False, {"color": COLOUR["muted"]}), (True, {"color": COLOUR["ink"], "fontWeight": 700})):
        cells = sheet.chart([t for t in texts if t["strong"] == strong])
        layers.append(cells.mark_text(**face, **style).encode(x=x, y=y_of, text="text:N"))
    head = heads.mark_text(color=COLOUR["ink"], dy=-9, **style)
    layers.append(head.encode(x=x, y=alt.value(0), text="text:N"))
    return layered(layers, width=round(wide * reach), height=height(span(places)), title=title(context, offset=24))
