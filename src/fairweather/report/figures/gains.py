"""Gains over the baseline with their intervals, one panel a context on one scale."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import altair as alt

from fairweather.report.content import ReportContent
from fairweather.report.numbers import finite, interval, plain, signed
from fairweather.report.shape import Row, Shape, rows
from fairweather.report.sheet import (
    COLOUR,
    FILTERED,
    SHOWN,
    STEP,
    AtX,
    AtX2,
    Sheet,
    above_controls,
    across,
    beside,
    by_gain,
    ground,
    labels,
    layered,
    noted,
    rowwise,
    title,
)
from fairweather.report.verdict import in_words

MOST_DOTS = 5_000
_SIGNED = "replace(format(datum.x, '+.2f'), '-', '−')"
_SEED = "(datum.seed === null ? '' : ' · seed ' + datum.seed)"
_CELL_TIP = f"datum.name + '\\n' + datum.d + ' · ' + datum.m + {_SEED} + '\\n' + {_SIGNED}"


def gains(content: ReportContent, shape: Shape) -> dict[str, Any]:
    """Dots and intervals; strategies by their gain in the first context, controls below a rule.

    Thick: the 95 % interval; thin: the simultaneous one; small dots: single cells; shaded rows: the first tier; upright band:
    the smallest gain of interest. Under a filter by data set or model a tick marks the plain mean of the cells shown.
    """
    sheet = Sheet(shape, by_gain(shape, shape.arms, shape.contexts[0]))
    tiers = {(r["context"], r["strategy"]) for r in rows(content, "ranks") if r.get("tier") == 1}
    for c, context in enumerate(shape.contexts):
        sheet.rows += _rows(shape, sheet, c, context)
        sheet.rows += [
            {"k": "tier", "c": c, "i": sheet.index[s]} for t, s in tiers if t == context and s in sheet.index
        ]
    sheet.rows.sort(key=lambda r: (r["k"], r.get("c", 0), r["i"]))
    sheet.rows += [
        {"k": "cell", "c": shape.contexts.index(r["context"]), "i": sheet.index[r["strategy"]], "x": r["x"],
         "d": r["dataset"], "m": r["model"], "seed": r["seed"]}
        for r in cell_gains(content, shape)[0] if r["strategy"] in sheet.index and r["context"] in shape.contexts
    ]  # fmt: skip
    width = 560 if len(shape.contexts) == 1 else max(220, 720 // len(shape.contexts))
    x = _axis(sheet.rows, content.smallest_gain)
    panels = [labels(sheet)]
    for c, context in enumerate(shape.contexts):
        layers = [*_ground(sheet, c, x, width, content.smallest_gain), *_marks(sheet, c, x)]
        panels.append(layered(layers, width=width, height=alt.Step(STEP), title=title(context)))
    return sheet.spec(beside(panels, 14))


def cell_gains(content: ReportContent, shape: Shape) -> tuple[list[Row], str]:
    """Value minus the baseline's value for each data set, model and seed, for the metric; and what had to be done.

    Above MOST_DOTS rows the seeds of a data set and model are averaged ("means over seeds"); where that is not enough none is
    given ("").
    """
    named = [r for r in rows(content, "cells") if not r["domain"] and (r["dataset"] or r["model"])]
    found = [r for r in named if finite(r["value"]) is not None]
    base = {_cell(r): r["value"] for r in found if r["strategy"] == shape.baseline}
    own = [r for r in found if r["strategy"] != shape.baseline and _cell(r) in base]
    made = [{**r, "x": round(r["value"] - base[_cell(r)], 4)} for r in own]
    if len(made) <= MOST_DOTS:
        return made, "single cells" if all(r["seed"] in (None, 0) for r in made) else "single runs"
    groups: defaultdict[tuple[str, ...], list[Row]] = defaultdict(list)
    for r in made:
        groups[r["context"], r["strategy"], r["dataset"], r["model"]].append(r)
    means = []
    for several in groups.values():
        means.append({**several[0], "seed": None, "x": round(sum(r["x"] for r in several) / len(several), 4)})
    return (means, "means over seeds") if len(means) <= MOST_DOTS else ([], "")


def _cell(r: Row) -> tuple[Any, ...]:
    return r["context"], r["dataset"], r["model"], r["seed"]


def _rows(shape: Shape, sheet: Sheet, c: int, context: str) -> list[Row]:
    """What is drawn in one context; `k` is gain, near (interval) or wide (simultaneous interval)."""
    drawn: list[Row] = []
    for s, i in sheet.index.items():
        row, m = shape.gains.get((context, s, ""), {}), shape.gain(context, s)
        if m.value is None:
            continue
        tone = "control" if s in shape.controls else {"yes": "helps", "no": "hurts"}.get(m.verdict, "unclear")
        wide = finite(row.get("low_simultaneous")), finite(row.get("high_simultaneous"))
        like = finite(row.get("low_like")), finite(row.get("high_like"))
        parts = [
            f"{context}: {signed(m.value)} {interval(m.low, m.high)}".strip(), str(in_words(m.verdict, m.asked)),
            _named("simultaneous", *wide), _named("data sets and models like these", *like),
            f"adjusted p {plain(row['p_adjusted'])}" if finite(row.get("p_adjusted")) is not None else "",
        ]  # fmt: skip
        drawn.append(
            {
                "k": "gain",
                "c": c,
                "i": i,
                "x": round(m.value, 4),
                "tone": tone,
                "note": "\n".join(p for p in parts if p),
            }
        )
        for kind, (low, high) in (("wide", wide), ("near", (m.low, m.high))):
            if low is not None and high is not None:
                drawn.append({"k": kind, "c": c, "i": i, "x": round(low, 4), "x2": round(high, 4), "tone": tone})
    return drawn


def _named(name: str, low: float | None, high: float | None) -> str:
    text = interval(low, high)
    return f"{name} {text}" if text else ""


def _axis(drawn: Sequence[Row], band: float | None) -> alt.X:
    """One scale for all contexts that holds everything drawn, zero and the band."""
    reach = band or 0.5
    ends = [-reach, reach, *(r["x"] for r in drawn if "x" in r), *(r["x2"] for r in drawn if "x2" in r)]
    room = 0.04 * (max(ends) - min(ends))
    return across(round(min(ends) - room, 3), round(max(ends) + room, 3), "gain over the baseline, points")


def _ground(sheet: Sheet, c: int, x: alt.X, width: int, band: float | None) -> list[alt.Chart]:
    """The shade of the first tier, the band of the smallest gain, the line at zero and the rule above the controls."""
    ends = {"x": AtX(0), "x2": AtX2(width)}
    layers = [
        ground(sheet, width),
        sheet.of("tier", f"datum.c === {c}").mark_rect(color=COLOUR["tier"]).encode(y=rowwise(), **ends),
    ]
    if band:
        layers.append(
            sheet.own([{"x": -band, "x2": band}]).mark_rect(color=COLOUR["band"]).encode(x=x, x2=alt.X2("x2:Q"))
        )
    layers.append(sheet.own([{"x": 0}]).mark_rule(color=COLOUR["muted"], strokeWidth=1).encode(x=x))
    return [*layers, above_controls(sheet)]


def _marks(sheet: Sheet, c: int, x: alt.X) -> list[alt.Chart]:
    tones = ("helps", "hurts", "unclear", "control")
    scale = alt.Scale(domain=tones, range=[COLOUR[t] for t in tones[:3]] + [COLOUR["muted"]])
    colour = alt.Color("tone:N", legend=None, scale=scale)
    y, here = rowwise(), f"datum.c === {c}"
    diamond: dict[str, Any] = {
        "shape": "diamond", "fill": COLOUR["paper"], "stroke": COLOUR["muted"], "strokeWidth": 1.8, "size": 70,
    }  # fmt: skip
    mean = sheet.of("cell", f"{here} && {FILTERED} && {SHOWN}")
    return [
        sheet.of("cell", f"{here} && {SHOWN}")
        .transform_calculate(tip=_CELL_TIP)
        .mark_point(filled=True, size=11, opacity=0.5, color=COLOUR["unclear"], yOffset=5)
        .encode(x=x, y=y, tooltip=alt.Tooltip("tip:N")),
        sheet.of("wide", here).mark_rule(strokeWidth=1).encode(x=x, x2=alt.X2("x2:Q"), y=y, color=colour),
        sheet.of("near", here).mark_rule(strokeWidth=3).encode(x=x, x2=alt.X2("x2:Q"), y=y, color=colour),
        mean.transform_aggregate(x="mean(x)", groupby=["i", "place"])
        .mark_tick(orient="vertical", color=COLOUR["ink"], thickness=2, height=STEP - 4)
        .encode(x=x, y=y),
        noted(sheet.of("gain", f"{here} && datum.tone !== 'control'"))
        .mark_point(filled=True, size=64, opacity=1)
        .encode(x=x, y=y, color=colour, tooltip=alt.Tooltip("tip:N")),
        noted(sheet.of("gain", f"{here} && datum.tone === 'control'"))
        .mark_point(filled=True, opacity=1, **diamond)
        .encode(x=x, y=y, tooltip=alt.Tooltip("tip:N")),
    ]
