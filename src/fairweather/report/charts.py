"""The figures of the page: which are drawn, their legends, and the tables behind them.

Legends are noun phrases: how to read a chart, never what it shows.
"""

from dataclasses import replace

from fairweather.report import grid
from fairweather.report.blocks import Figure, Key
from fairweather.report.content import ReportContent
from fairweather.report.figures import attributes as of_attributes
from fairweather.report.figures import coverage as of_coverage
from fairweather.report.figures import gains as of_gains
from fairweather.report.figures import heat as of_heat
from fairweather.report.figures import influence as of_influence
from fairweather.report.figures import moves as of_moves
from fairweather.report.figures import yardstick as of_yardstick
from fairweather.report.figures.heat import Panel
from fairweather.report.picture import picture
from fairweather.report.shape import Shape, rows

ROWS_BEHIND = 200
_GAIN_COLUMNS = (
    "context", "strategy", "against", "gain", "low", "high", "low_simultaneous", "high_simultaneous", "low_like", "high_like",
    "p", "p_adjusted", "verdict", "n_blocks",
)  # fmt: skip
_COLOURS = (
    Key("above the baseline", "blue"),
    Key("below", "orange"),
    Key("bold: decided"),
)


def gains(content: ReportContent, shape: Shape) -> tuple[Figure, ...]:
    """Gains with intervals, where there is any gain."""
    if not any(shape.gain(c, s).value is not None for c in shape.contexts for s in shape.arms):
        return ()
    near = any(row.get("low") is not None for row in shape.gains.values())
    wide = any(row.get("low_simultaneous") is not None for row in shape.gains.values())
    dots = of_gains.cell_gains(content, shape)[1] if of_coverage.pairs(content) else ""
    keys = [Key("mean gain, in blue or orange where decided", "dot")]
    keys += [Key("95 % interval", "thick")] * near + [Key("simultaneous interval", "thin")] * wide
    if dots:
        keys += [Key(dots, "small"), Key("plain mean of the cells shown, under a filter", "tick")]
    elif of_coverage.pairs(content):
        keys.append(Key(f"single cells left out, more than {of_gains.MOST_DOTS:,}"))
    if any(r.get("tier") == 1 for r in rows(content, "ranks")):
        keys.append(Key("first tier", "tier"))
    if content.smallest_gain:
        keys.append(Key(f"±{content.smallest_gain:g} points, the smallest gain of interest", "band"))
    keys += [Key("controls", "diamond")] * bool(shape.controls)
    behind = grid.record(
        content, "gains", "Gains", ROWS_BEHIND, columns=_GAIN_COLUMNS, where=lambda r: not r["domain"]
    )  # fmt: skip
    drawn = picture(of_gains.gains, content, shape)
    return (Figure("gains", "Gain over the baseline by strategy and context", tuple(keys), drawn, (behind,)),)


def moves(content: ReportContent, shape: Shape) -> tuple[Figure, ...]:
    """Ranks in two contexts: tested ones with their band of chance, else those a table prints."""
    lines, behind = of_moves.with_bands(content), [grid.ranks(content, shape)]
    title = "Ranks in both contexts and the band of chance"
    if len(lines) > 1:
        keys = [Key("move outside its band, up", "up"), Key("down", "down"), Key("within", "line")]
        keys.append(Key("95 % band of chance under equal effects", "chance"))
    else:
        lines, title = of_moves.printed(content), "Ranks in both contexts, as printed"
        behind = [grid.record(content, "printed", "Printed gains and ranks", ROWS_BEHIND)]
        places = f"{of_moves.far(lines)} places or more"
        keys = [Key(f"up by {places}", "up"), Key(f"down by {places}", "down"), Key("fewer", "line")]
        keys.append(Key("no band of chance: no cells, no seeds"))
    if len(lines) < 2:
        return ()
    found = tuple(g for g in behind if g.lines)
    return (Figure("moves", title, tuple(keys), picture(of_moves.moves, lines, shape), found),)


def domains(shape: Shape) -> tuple[Figure, ...]:
    """Strategy x domain, one panel a context; unsupported domains grey."""
    table = {(c, s, d): shape.gain(c, s, d) for c in shape.contexts for s in shape.arms for d in shape.domains}
    scored = [c for c in shape.contexts if any(m.value is not None for (at, _, _), m in table.items() if at == c)]
    if not scored:
        return ()
    panels = [Panel(c, c, shape.domains, shape.unsupported) for c in scored]
    keys = (*_COLOURS, *([Key("unsupported domain", "grey")] if shape.unsupported else []))
    behind = tuple(grid.by_domain(shape, c) for c in scored)
    return (Figure("domains", "Gain by domain", keys, picture(of_heat.heat, shape, panels, table), behind),)


def classes(shape: Shape) -> tuple[Figure, ...]:
    """Strategy x class, small objects in a panel of their own."""
    names = (*shape.classes, *shape.small)
    scored = [c for c in shape.contexts if any(key[0] == c for key in shape.per_class)]
    if not scored:
        return ()
    table = {(c, s, k): shape.class_gain(c, s, k) for c in scored for s in shape.arms for k in names}
    panels = []
    for c in scored:
        parts = ((f"{c}, other classes" if shape.small else c, shape.classes), (f"{c}, small objects", shape.small))
        panels += [Panel(title, c, columns) for title, columns in parts if columns]
    behind = tuple(grid.by_class(shape, c) for c in scored)
    return (Figure("classes", "Gain by class", _COLOURS, picture(of_heat.heat, shape, panels, table), behind),)


def coverage(content: ReportContent, shape: Shape) -> tuple[Figure, ...]:
    """Which runs are there, where there are cells to show and few enough to see."""
    columns = of_coverage.pairs(content)
    if not columns or not shape.strategies or not shape.contexts:
        return ()
    if len(columns) * (len(shape.arms) + 1) * len(shape.contexts) > of_coverage.MOST_CELLS:
        return ()
    keys = [Key("every run there", "full"), Key("some, with their number", "some"), Key("none", "cross")]
    lacking = of_coverage.missing(content, shape)
    keys.append(Key(f"{lacking} {'cell' if lacking == 1 else 'cells'} without a run"))
    behind = grid.record(content, "coverage", "Blocks by strategy and context", ROWS_BEHIND)
    drawn = picture(of_coverage.coverage, content, shape)
    found = (behind,) if behind.lines else ()
    return (Figure("coverage", "Runs by strategy, data set and model", tuple(keys), drawn, found),)


def influence(content: ReportContent, shape: Shape) -> tuple[Figure, ...]:
    """The gains with one thing left out."""
    if not of_influence.left_out(content):
        return ()
    keys = [Key("mean gain of all strategies", "ink"), Key("gain of the leader", "ring")]
    keys.append(Key("verdicts turned, with their number", "turned"))
    if any(not r["left_out"] for r in rows(content, "influence")):
        keys.append(Key("nothing left out", "dashed"))
    behind = grid.record(content, "influence", "Gains with one thing left out", ROWS_BEHIND)
    drawn = picture(of_influence.influence, content, shape)
    return (Figure("influence", "Gains with one thing left out", tuple(keys), drawn, (behind,)),)


def attributes(content: ReportContent, shape: Shape) -> tuple[Figure, ...]:
    """Rank correlations with what is known of the strategies."""
    if not of_attributes.correlations(content):
        return ()
    keys = (Key("rank correlation over strategies", "small"), Key("in colour: decided", "dot"))
    behind = grid.record(content, "attributes", "Attributes", ROWS_BEHIND)
    drawn = picture(of_attributes.attributes, content, shape)
    return (Figure("attributes", "Attributes and gains", keys, drawn, (replace(behind, folded=False),)),)


def yardstick(content: ReportContent, shape: Shape) -> tuple[Figure, ...]:
    """Shares of the oracle's gain with intervals, where there is a scale to show them on."""
    if not shape.yardstick:
        return ()
    keys = [Key("share of the oracle's gain, in blue (gain) or orange (loss) where decided", "dot")]
    keys += [Key("95 % interval (Fieller)", "thick"), Key("placebo at 0, oracle at 1", "dashed")]
    keys += [Key("arrow: interval beyond the edge")] * of_yardstick.beyond(shape)
    drawn, behind = picture(of_yardstick.yardstick, shape), grid.yardstick(shape)
    title = "Gain over the placebo as a share of the oracle's"
    return (Figure("yardstick", title, tuple(keys), drawn, (behind,)),)
