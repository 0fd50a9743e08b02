"""Gains over the placebo as shares of the oracle's, one panel a context on one scale."""

from typing import Any

import altair as alt

from fairweather.report.numbers import finite, interval, plain, signed
from fairweather.report.shape import Row, Shape
from fairweather.report.sheet import (
    COLOUR,
    STEP,
    Sheet,
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
from fairweather.report.verdict import decided, in_words

# The scale always shows placebo and oracle; beyond these ends it follows the shares themselves, but no interval: where the
# oracle is barely told from the placebo one interval would press all the rest together.
_LEFT, _RIGHT = -2.0, 3.0


def yardstick(shape: Shape) -> dict[str, Any]:
    """Dots and intervals between the upright lines of the placebo, 0, and the oracle, 1; an arrow where an interval goes on."""
    arms = [s for s in shape.strategies if any((c, s) in shape.yardstick for c in shape.contexts)]
    contexts = [c for c in shape.contexts if any(at == c for at, _ in shape.yardstick)]
    sheet, (left, right) = Sheet(shape, by_gain(shape, arms, contexts[0])), _ends(shape)
    for c, context in enumerate(contexts):
        sheet.rows += _rows(shape, sheet, c, context, left, right)
    x = across(left, right, "share of the oracle's gain over the placebo", signed=False)
    width = 560 if len(contexts) == 1 else max(220, 720 // len(contexts))
    panels = [labels(sheet), *(_panel(sheet, c, context, x, width) for c, context in enumerate(contexts))]
    return sheet.spec(beside(panels, 14))


def beyond(shape: Shape) -> bool:
    """Whether some interval goes on beyond the edge of the scale."""
    left, right = _ends(shape)
    ends = [(finite(r["low"]), finite(r["high"])) for r in shape.yardstick.values()]
    return any((low is not None and low < left) or (high is not None and high > right) for low, high in ends)


def _ends(shape: Shape) -> tuple[float, float]:
    """The scale: from the lowest to the highest end of an interval, within _LEFT and _RIGHT, and all shares."""
    found = shape.yardstick.values()
    low, high = ([v for r in found if (v := finite(r[key])) is not None] for key in ("low", "high"))
    shares = [v for r in found if (v := finite(r["share"])) is not None]
    left = min(0.0, *shares, max(_LEFT, min(low, default=0.0)))
    right = max(1.0, *shares, min(_RIGHT, max(high, default=1.0)))
    room = 0.04 * (right - left)
    return round(left - room, 3), round(right + room, 3)


def _rows(shape: Shape, sheet: Sheet, c: int, context: str, left: float, right: float) -> list[Row]:
    """What is drawn in one context; `k` is share, near (interval), less or more (where it goes on beyond the edge)."""
    drawn: list[Row] = []
    for s, i in sheet.index.items():
        row, m = shape.yardstick.get((context, s), {}), shape.share(context, s)
        if not row or m.value is None:
            continue
        gain = finite(row.get("gain"))
        tone = "unclear" if not decided(m.verdict) else "helps" if (gain or 0.0) > 0 else "hurts"
        note = [
            f"{context}: {signed(m.value)} {interval(m.low, m.high)}".strip(), str(in_words(m.verdict, m.asked)),
            f"over the placebo {signed(gain)} points", f"adjusted p {plain(finite(row.get('p_adjusted')))}",
        ]  # fmt: skip
        own = {"c": c, "i": i, "tone": tone, "note": "\n".join(note)}
        drawn.append({"k": "share", **own, "x": round(m.value, 4)})
        if m.low is not None and m.high is not None:
            low, high = max(m.low, left), min(m.high, right)
            drawn.append({"k": "near", **own, "x": round(low, 4), "x2": round(high, 4)})
            drawn += [{"k": "less", **own, "x": left}] * (m.low < left)
            drawn += [{"k": "more", **own, "x": right}] * (m.high > right)
    return drawn


def _panel(sheet: Sheet, c: int, context: str, x: alt.X, width: int) -> dict[str, Any]:
    tones = ("helps", "hurts", "unclear")
    colour = alt.Color("tone:N", legend=None, scale=alt.Scale(domain=tones, range=[COLOUR[t] for t in tones]))
    y, here = rowwise(), f"datum.c === {c}"
    ends = sheet.own([{"x": 0}, {"x": 1}])
    layers = [
        ground(sheet, width),
        ends.mark_rule(color=COLOUR["muted"], strokeWidth=1, strokeDash=[3, 3]).encode(x=x),
        sheet.of("near", here).mark_rule(strokeWidth=3).encode(x=x, x2=alt.X2("x2:Q"), y=y, color=colour),
        *(
            sheet.of(k, here)
            .mark_point(filled=True, shape=f"triangle-{side}", size=46, opacity=1)
            .encode(x=x, y=y, color=colour)
            for k, side in (("less", "left"), ("more", "right"))
        ),
        noted(sheet.of("share", here))
        .mark_point(filled=True, size=64, opacity=1)
        .encode(x=x, y=y, color=colour, tooltip=alt.Tooltip("tip:N")),
    ]
    return layered(layers, width=width, height=alt.Step(STEP), title=title(context))
