"""Rank correlations between the gains and what is known of the strategies."""

from typing import Any

import altair as alt

from fairweather.report.content import ReportContent
from fairweather.report.numbers import finite, plain, signed
from fairweather.report.shape import Row, Shape, rows
from fairweather.report.sheet import (
    COLOUR,
    FONT,
    SIZE,
    AtX,
    Sheet,
    across,
    beside,
    down,
    height,
    label_width,
    layered,
    title,
)
from fairweather.report.verdict import decided


def correlations(content: ReportContent) -> list[Row]:
    """The rows of the table that hold a correlation."""
    return [r for r in rows(content, "attributes") if finite(r["rho"]) is not None]


def attributes(content: ReportContent, shape: Shape) -> dict[str, Any]:
    """A dot for each attribute on the axis from -1 to +1, one panel for each context and each thing it is set against."""
    sheet = Sheet(shape)
    found = correlations(content)
    names = list(dict.fromkeys((r["attribute"], r["kind"]) for r in found))
    place = {key: float(i) for i, key in enumerate(names)}
    kinds = list(dict.fromkeys((r["context"] or "", r["of"] or "") for r in found))
    for r in found:
        tip = [
            f"{r['attribute']} ({r['kind']})", f"rho {signed(r['rho'])} over {r['strategies']} strategies",
            f"p {plain(finite(r['p']))}, adjusted {plain(finite(r['p_adjusted']))}",
        ]  # fmt: skip
        own = {"c": kinds.index((r["context"] or "", r["of"] or "")), "y": place[r["attribute"], r["kind"]]}
        tone = "unclear" if not decided(r["verdict"]) else "helps" if r["rho"] > 0 else "hurts"
        sheet.rows.append({"k": "rho", **own, "x": round(r["rho"], 4), "tone": tone, "tip": "\n".join(tip)})
    x = across(-1.05, 1.05, "rank correlation")
    span = float(len(names))
    counted = {key: max(r["strategies"] for r in found if (r["attribute"], r["kind"]) == key) for key in names}
    labels = [f"{attribute} · {kind}, n = {counted[attribute, kind]}" for attribute, kind in names]
    width = label_width(labels)
    text: dict[str, Any] = {"fontSize": SIZE, "baseline": "middle", "font": FONT, "align": "right", "limit": width}
    axis = sheet.own([{"y": float(i), "name": label} for i, label in enumerate(labels)])
    panels = [
        layered(
            [axis.mark_text(color=COLOUR["ink"], **text).encode(x=AtX(width), y=down(span), text=alt.Text("name:N"))],
            width=width, height=height(span),
        )
    ]  # fmt: skip
    wide = 420 if len(kinds) == 1 else 270
    for c, (context, of) in enumerate(kinds):
        head = " · ".join(part for part in (of.replace("_", " "), context) if part)
        panels.append(_panel(sheet, c, head, x, span, wide))
    return sheet.spec(beside(panels, 26))


def _panel(sheet: Sheet, c: int, head: str, x: alt.X, span: float, width: int) -> dict[str, Any]:
    tones = alt.Scale(domain=["helps", "hurts", "unclear"], range=[COLOUR[t] for t in ("helps", "hurts", "unclear")])
    colour, dots = alt.Color("tone:N", legend=None, scale=tones), sheet.of("rho", f"datum.c === {c}")
    layers = [
        sheet.own([{"x": 0}]).mark_rule(color=COLOUR["muted"], strokeWidth=1).encode(x=x),
        dots.mark_rule(strokeWidth=1.5).encode(x=x, x2=alt.X2Datum(0), y=down(span), color=colour),
        dots.mark_point(filled=True, size=64, opacity=1).encode(
            x=x, y=down(span), color=colour, tooltip=alt.Tooltip("tip:N")
        ),
    ]
    return layered(layers, width=width, height=height(span), title=title(head))
