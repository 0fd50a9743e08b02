"""The mean gain and the leader's gain with each data set, model, seed, domain or class left out."""

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

MOST_ROWS = 80


def left_out(content: ReportContent) -> list[Row]:
    """The rows of the table that leave something out."""
    return [r for r in rows(content, "influence") if r["left_out"] and finite(r["mean_gain"]) is not None]


def influence(content: ReportContent, shape: Shape) -> dict[str, Any]:
    """One row for each thing left out, a panel a context; verdicts that turn are counted at the right end."""
    sheet = Sheet(shape)
    found = left_out(content)
    wanted = dict.fromkeys((r["factor"], r["left_out"]) for r in found)
    factors = list(dict.fromkeys(f for f, _ in wanted))
    keys = sorted(wanted, key=lambda key: factors.index(key[0]))[:MOST_ROWS]
    place = {key: i + 0.6 * factors.index(key[0]) for i, key in enumerate(keys)}
    span = max(place.values()) + 1
    contexts = [c for c in shape.contexts if any(r["context"] == c for r in found)]
    for r in found:
        if (r["factor"], r["left_out"]) in place:
            sheet.rows += _rows(r, contexts.index(r["context"]), place[r["factor"], r["left_out"]])
    whole = [r for r in rows(content, "influence") if not r["left_out"] and r["context"] in contexts]
    for r in whole:
        sheet.rows += [{**row, "k": f"whole {row['k']}"} for row in _rows(r, contexts.index(r["context"]), 0)]
    ends = [0.0, *(r["x"] for r in sheet.rows if "x" in r)]
    room = 0.08 * (max(ends) - min(ends) or 1.0)
    x = across(round(min(ends) - room, 3), round(max(ends) + 1.8 * room, 3), "gain over the baseline, points")
    width = 560 if len(contexts) == 1 else 360
    panels = [_names(sheet, place, span)]
    panels += [_panel(sheet, c, context, x, span, width) for c, context in enumerate(contexts)]
    return sheet.spec(beside(panels, 14))


def _rows(r: Row, c: int, y: float) -> list[Row]:
    flips = r["flips"] or 0
    note = [
        f"without {r['left_out']} ({r['factor']})" if r["left_out"] else "nothing left out",
        f"mean gain {signed(finite(r['mean_gain']))}", f"leader {r['leader']} {signed(finite(r['leader_gain']))}",
        f"p of a difference {plain(finite(r['differ_p']))}", f"strategies apart from the baseline {plain(r['separated'])}",
        f"verdicts turned {flips}",
    ]  # fmt: skip
    own = {"c": c, "y": y, "tip": "\n".join(note), "flips": flips}
    made: list[Row] = [{"k": "mean", **own, "x": round(r["mean_gain"], 4)}]
    if finite(r["leader_gain"]) is not None:
        made.append({"k": "leader", **own, "x": round(r["leader_gain"], 4)})
    return made


def _names(sheet: Sheet, place: dict[tuple[str, str], float], span: float) -> dict[str, Any]:
    width = label_width([f"{factor}  {name}" for factor, name in place])
    first = {factor: key for key in reversed(place) for factor in (key[0],)}
    text: dict[str, Any] = {"fontSize": SIZE, "baseline": "middle", "font": FONT}
    names = sheet.own([{"y": y, "name": key[1]} for key, y in place.items()])
    heads = sheet.own([{"y": place[key], "name": factor} for factor, key in first.items()])
    layers = [
        names.mark_text(color=COLOUR["ink"], align="right", limit=width, **text).encode(
            x=AtX(width), y=down(span), text=alt.Text("name:N")
        ),
        heads.mark_text(color=COLOUR["muted"], align="left", **text).encode(
            x=AtX(0), y=down(span), text=alt.Text("name:N")
        ),
    ]
    return layered(layers, width=width, height=height(span), title=title("left out", "end"))


def _panel(sheet: Sheet, c: int, context: str, x: alt.X, span: float, width: int) -> dict[str, Any]:
    y, here = down(span), f"datum.c === {c}"
    ring: dict[str, Any] = {"fill": COLOUR["paper"], "stroke": COLOUR["helps"], "strokeWidth": 1.6, "size": 52}
    turned: dict[str, Any] = {"shape": "triangle-up", "color": COLOUR["hurts"], "size": 60, "opacity": 1}
    flag = sheet.of("mean", f"{here} && datum.flips > 0")
    count: dict[str, Any] = {"align": "right", "dx": -10, "font": FONT, "fontSize": 10, "baseline": "middle"}
    layers = [
        sheet.own([{"x": 0}]).mark_rule(color=COLOUR["muted"], strokeWidth=1).encode(x=x),
        sheet.of("whole mean", here).mark_rule(color=COLOUR["ink"], strokeDash=[3, 3]).encode(x=x),
        sheet.of("whole leader", here).mark_rule(color=COLOUR["helps"], strokeDash=[3, 3]).encode(x=x),
        sheet.of("mean", here)
        .mark_point(filled=True, size=58, opacity=1, color=COLOUR["ink"])
        .encode(x=x, y=y, tooltip=alt.Tooltip("tip:N")),
        sheet.of("leader", here)
        .mark_point(filled=True, opacity=1, **ring)
        .encode(x=x, y=y, tooltip=alt.Tooltip("tip:N")),
        flag.mark_point(filled=True, **turned).encode(x=AtX(width - 4), y=y, tooltip=alt.Tooltip("tip:N")),
        flag.mark_text(color=COLOUR["hurts"], **count).encode(x=AtX(width - 4), y=y, text=alt.Text("flips:N")),
    ]
    return layered(layers, width=width, height=height(span), title=title(context))
