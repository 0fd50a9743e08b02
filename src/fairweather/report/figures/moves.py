"""Ranks in two contexts joined by lines, with the band of chance where one is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from fairweather.report.content import ReportContent
from fairweather.report.numbers import MINUS, finite, rank, signed
from fairweather.report.shape import Row, Shape, rows
from fairweather.report.sheet import (
    COLOUR,
    FONT,
    SIZE,
    AtX,
    Sheet,
    across,
    bare,
    beside,
    down,
    height,
    label_width,
    layered,
    noted,
    title,
)


@dataclass(frozen=True)
class Line:
    """A strategy's two ranks; low and high are the band of its move, None where no band is known."""

    strategy: str
    first: float
    second: float
    low: float | None = None
    high: float | None = None
    note: str = ""

    @property
    def move(self) -> float:
        """Places gained (up is positive)."""
        return self.first - self.second


def far(lines: Sequence[Line]) -> int:
    """From how many places on a move stands out where no band is known: 0.37 of the ranks, 10 of 26."""
    return max(2, round(0.37 * len(lines)))


def with_bands(content: ReportContent) -> list[Line]:
    """The moves that have a rank in both contexts, with their bands."""
    found = []
    for r in rows(content, "moves"):
        first, second, low, high = (finite(r[k]) for k in ("rank_first", "rank_second", "band_low", "band_high"))
        if first is not None and second is not None:
            band = "" if low is None or high is None else f"\nband of chance {_places(low)} to {_places(high)}"
            found.append(Line(r["strategy"], first, second, low, high, f"{_from_to(first, second)}{band}"))
    return found


def printed(content: ReportContent) -> list[Line]:
    """The ranks a table of gains prints."""
    found = []
    for r in rows(content, "printed"):
        first, second = finite(r["rank_first"]), finite(r["rank_second"])
        if first is not None and second is not None:
            gains = f"gain {signed(finite(r['gain_first']))} to {signed(finite(r['gain_second']))}"
            found.append(Line(r["strategy"], first, second, note=f"{_from_to(first, second)}\n{gains}"))
    return found


def moves(lines: Sequence[Line], shape: Shape) -> dict[str, Any]:
    """The slopes, and beside them each move on its own band of chance. A line that leaves its band stands on it."""
    sheet = Sheet(shape, [line.strategy for line in lines])
    left, right = _order(lines, "first"), _order(lines, "second")
    for i, line in enumerate(lines):
        sheet.rows += _rows(line, i, lines, left, right)
    hover = alt.selection_point(name="near", on="pointerover", clear="pointerout", fields=["i"], empty=False)
    names = [f"{line.strategy}  {rank(line.first)}" for line in lines]
    panels = [
        _names(sheet, names, "left", hover, shape.first, len(lines)),
        _slopes(sheet, hover, len(lines)),
        _names(sheet, names, "right", hover, shape.second, len(lines)),
    ]
    if any(line.low is not None for line in lines):
        panels.append(_bands(sheet, hover, len(lines)))
    return sheet.spec(beside(panels, 8))


def _order(lines: Sequence[Line], side: str) -> dict[str, int]:
    ordered = sorted(lines, key=lambda line: (getattr(line, side), line.strategy))
    return {line.strategy: i for i, line in enumerate(ordered)}


def _tone(line: Line, lines: Sequence[Line]) -> str:
    """Past its band of chance upwards or downwards, or within it; far in print where no band is known."""
    inside = abs(line.move) < far(lines)
    if line.low is not None and line.high is not None:
        inside = line.low <= line.move <= line.high
    return "within" if inside else "up" if line.move > 0 else "down"


def _rows(line: Line, i: int, lines: Sequence[Line], left: dict[str, int], right: dict[str, int]) -> list[Row]:
    a, b, own = left[line.strategy], right[line.strategy], {"i": i, "tone": _tone(line, lines)}
    made: list[Row] = [
        {"k": "line", **own, "x": 0, "x2": 1, "y": a, "y2": b, "note": line.note},
        {"k": "end", **own, "x": 0, "y": a, "side": "left", "text": f"{line.strategy}  {rank(line.first)}"},
        {"k": "end", **own, "x": 1, "y": b, "side": "right", "text": f"{rank(line.second)}  {line.strategy}"},
        {"k": "move", **own, "x": line.move, "y": b, "note": line.note},
    ]
    if line.low is not None and line.high is not None:
        # Where chance alone lets a strategy of this first rank arrive; cut at the ends of the order.
        top, bottom = (min(max(a - m, -0.4), len(lines) - 0.6) for m in (line.high + 0.4, line.low - 0.4))
        made.append({"k": "fan", **own, "x": 0, "y": a - 0.1, "y2": a + 0.1})
        made.append({"k": "fan", **own, "x": 1, "y": top, "y2": bottom})
        # Moves are whole places, so a band reaches a little past its ends: one of no width at all is still seen.
        made.append(
            {
                "k": "band",
                **own,
                "x": line.low - 0.4,
                "x2": line.high + 0.4,
                "y": b - 0.32,
                "y2": b + 0.32,
                "note": line.note,
            }
        )
    return made


def _colour() -> alt.Color:
    scale = alt.Scale(domain=["within", "up", "down"], range=[COLOUR[k] for k in ("unclear", "helps", "hurts")])
    return alt.Color("tone:N", legend=None, scale=scale)


def _names(
    sheet: Sheet, names: Sequence[str], side: str, hover: alt.Parameter, head: str, count: int
) -> dict[str, Any]:
    width = label_width(names)
    text: dict[str, Any] = {"limit": width, "fontSize": SIZE, "baseline": "middle", "font": FONT}
    text["align"] = "right" if side == "left" else "left"
    chart = sheet.of("end", f"datum.side === '{side}'").mark_text(**text)
    layers = [
        chart.encode(
            x=AtX(width if side == "left" else 0), y=down(count), text=alt.Text("text:N"), tooltip=alt.Tooltip("name:N"),
            color=alt.condition(hover, alt.value(COLOUR["helps"]), alt.value(COLOUR["ink"])),
        )
    ]  # fmt: skip
    return layered(layers, width=width, height=height(count), title=title(head, "end" if side == "left" else "start"))


def _slopes(sheet: Sheet, hover: alt.Parameter, count: int) -> dict[str, Any]:
    x, y, colour = bare(-0.03, 1.03), down(count), _colour()
    area = {"x": x, "y": y, "y2": alt.Y2("y2:Q"), "detail": alt.Detail("i:N")}
    fans = [
        sheet.of("fan", "datum.tone !== 'within'").mark_area(color=COLOUR["chance"], opacity=0.3).encode(**area),
        sheet.of("fan").mark_area(color=COLOUR["chance"]).encode(
            **area, opacity=alt.condition(hover, alt.value(0.9), alt.value(0))
        ),
    ]  # fmt: skip
    ends = sheet.of("end").mark_point(filled=True, size=26, opacity=1).encode(x=x, y=y, color=colour)
    strokes = [
        sheet.of("line", f"(datum.tone === 'within') === {str(within).lower()}")
        .mark_rule(strokeWidth=1.1 if within else 2.4)
        .encode(x=x, x2=alt.X2("x2:Q"), y=y, y2=alt.Y2("y2:Q"), color=colour)
        for within in (True, False)
    ]
    lit = sheet.of("line").mark_rule(strokeWidth=2.4, color=COLOUR["ink"], strokeCap="round")
    lit = lit.encode(
        x=x, x2=alt.X2("x2:Q"), y=y, y2=alt.Y2("y2:Q"), opacity=alt.condition(hover, alt.value(1), alt.value(0))
    )
    touch = noted(sheet.of("line")).mark_rule(strokeWidth=9, opacity=0, color=COLOUR["paper"])
    touch = touch.encode(x=x, x2=alt.X2("x2:Q"), y=y, y2=alt.Y2("y2:Q"), tooltip=alt.Tooltip("tip:N"))
    layers = [*fans, *strokes, ends, lit, touch.add_params(hover)]
    return layered(layers, width=300, height=height(count), title=title("rank", "middle"))


def _bands(sheet: Sheet, hover: alt.Parameter, count: int) -> dict[str, Any]:
    """Each move as a dot on the band that chance alone gives, in the order of the second context."""
    found = [r for r in sheet.rows if r["k"] in ("band", "move")]
    reach = max(abs(v) for r in found for v in (r["x"], r.get("x2", 0.0))) + 0.7
    x, y = across(-reach, reach, "places"), down(count)
    tone = alt.condition(hover, alt.value(COLOUR["ink"]), _colour())
    layers = [
        noted(sheet.of("band"))
        .mark_rect(color=COLOUR["chance"])
        .encode(x=x, x2=alt.X2("x2:Q"), y=y, y2=alt.Y2("y2:Q"), tooltip=alt.Tooltip("tip:N")),
        sheet.own([{"x": 0}]).mark_rule(color=COLOUR["muted"], strokeWidth=1).encode(x=x),
        noted(sheet.of("move"))
        .mark_point(filled=True, size=58, opacity=1)
        .encode(x=x, y=y, color=tone, tooltip=alt.Tooltip("tip:N")),
    ]
    return layered(layers, width=240, height=height(count), title=title("move and its band of chance"))


def _from_to(first: float, second: float) -> str:
    return f"rank {rank(first)} to {rank(second)}, {_places(first - second)}"


def _places(value: float) -> str:
    return f"{value:+.3g}".replace("-", MINUS) if value else "0"
