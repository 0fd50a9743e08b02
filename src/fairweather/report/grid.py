"""A table as it is printed, and the tables of this report: verdicts, heat, ranks, records."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from fairweather.audit.check import Check
from fairweather.report.content import ReportContent
from fairweather.report.numbers import ABSENT, finite, interval, plain, rank, short, signed
from fairweather.report.shape import Measure, Row, Shape, rows
from fairweather.report.verdict import decided, in_words

Only = Literal["", "web", "markdown"]


@dataclass(frozen=True)
class Column:
    """A column; neighbours of one `group` share a heading, `note` stands small beside the group's name."""

    title: str
    group: str = ""
    note: str = ""
    number: bool = False


@dataclass(frozen=True)
class Cell:
    """One cell: its text, the whole text where that is longer, a mark in shape, and a class for colour and weight."""

    text: str
    full: str = ""
    mark: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Line:
    """One row; the first cell names it. A control is set in another face, `apart` draws a rule above.

    `strategy`, `dataset` and `model` are what the row is about, where it is about one: the filters of the page go by them.
    """

    cells: tuple[Cell, ...]
    control: bool = False
    apart: bool = False
    strategy: str = ""
    dataset: str = ""
    model: str = ""


@dataclass(frozen=True)
class Grid:
    """A printed table.

    Args:
        caption: a noun phrase; source: the CSV it comes from, relative to the report.
        folded: closed until opened; heat: cells are coloured by value.
        only: "web" leaves it out of the Markdown, "markdown" out of the page.
    """

    kind: ClassVar[str] = "grid"
    caption: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    source: str = ""
    folded: bool = False
    heat: bool = False
    only: Only = ""

    @property
    def groups(self) -> tuple[tuple[str, str, int], ...]:
        """(group, note, how many neighbouring columns), in order; empty when no column has a group."""
        if not any(c.group for c in self.columns):
            return ()
        runs: list[tuple[str, str, int]] = []
        for column in self.columns:
            if runs and runs[-1][0] == column.group:
                runs[-1] = (runs[-1][0], runs[-1][1], runs[-1][2] + 1)
            else:
                runs.append((column.group, column.note, 1))
        return tuple(runs)


def verdicts(shape: Shape) -> Grid:
    """Strategy x context: the gain, its interval and the verdict in a word; then what the second context changes."""
    columns = [Column("strategy")]
    for context in shape.contexts:
        columns += _measure_columns(context, shape.notes.get(context, ""), "gain")
    if shape.first:
        columns += _measure_columns(f"{shape.second} − {shape.first}", "change of the gain", "change")
    lines = []
    for strategy in shape.arms:
        cells = [Cell(strategy)]
        for context in shape.contexts:
            cells += _measure_cells(shape.gain(context, strategy))
        if shape.first:
            cells += _measure_cells(shape.change(strategy))
        lines.append(_line(shape, strategy, cells))
    return Grid("Verdict by strategy and context", tuple(columns), tuple(lines), "tables/gains.csv")


def below_baseline(shape: Shape, context: str) -> Grid:
    """The strategies whose gain in the context is below zero, the lowest first."""
    below = [(s, shape.gain(context, s)) for s in shape.strategies]
    below = sorted(((s, m) for s, m in below if m.value is not None and m.value < 0), key=lambda p: p[1].value or 0.0)
    lines = tuple(Line((Cell(s), *_measure_cells(m)), strategy=s) for s, m in below)
    return Grid(f"Gains below zero, {context}", (Column("strategy"), *_measure_columns("", "", "gain")), lines)


def controls(shape: Shape) -> Grid:
    """The placebo arms against the baseline, one row a control."""
    columns = [Column("control")]
    for context in shape.contexts:
        columns += _measure_columns(context, shape.notes.get(context, ""), "gain")
    lines = [
        Line((Cell(s), *(cell for c in shape.contexts for cell in _measure_cells(shape.gain(c, s)))), True, strategy=s)
        for s in shape.controls
    ]
    return Grid("Controls over the baseline", tuple(columns), tuple(lines), "tables/gains.csv")


def against_placebo(shape: Shape) -> Grid:
    """The gains of strategies over a placebo arm instead of the baseline."""
    found = {(r["strategy"], r["against"], r["context"]): r for r in shape.against}
    columns = [Column("strategy"), Column("over")]
    for context in shape.contexts:
        columns += _measure_columns(context, shape.notes.get(context, ""), "gain")
    lines = []
    for strategy, arm in dict.fromkeys((s, a) for s, a, _ in found):
        cells = [Cell(strategy), Cell(arm)]
        for context in shape.contexts:
            cells += _measure_cells(_from_row(found.get((strategy, arm, context), {})))
        lines.append(Line(tuple(cells), strategy=strategy))
    return Grid("Generated images over the placebo arm", tuple(columns), tuple(lines), "tables/gains.csv")


def yardstick(shape: Shape) -> Grid:
    """The gains over the placebo arm, and what share of the oracle's they are."""
    contexts = [c for c in shape.contexts if any(at == c for at, _ in shape.yardstick)]
    columns = [Column("strategy")]
    for context in contexts:
        columns += _measure_columns(context, shape.notes.get(context, ""), "share of the oracle")
        columns.append(Column("gain over the placebo", context, shape.notes.get(context, ""), number=True))
    lines = []
    for strategy in shape.strategies:
        if any((c, strategy) in shape.yardstick for c in contexts):
            cells = [Cell(strategy)]
            for context in contexts:
                gain = finite(shape.yardstick.get((context, strategy), {}).get("gain"))
                cells += [*_measure_cells(shape.share(context, strategy)), Cell(signed(gain))]
            lines.append(_line(shape, strategy, cells))
    return Grid("Shares of the oracle by strategy and context", tuple(columns), tuple(lines), "tables/yardstick.csv")


def by_domain(shape: Shape, context: str) -> Grid:
    """Gain by domain in one context; unsupported domains grey."""
    table = [[shape.gain(context, s, d) for d in shape.domains] for s in shape.arms]
    bound = heat_bound(shape.gain(c, s, d) for c in shape.contexts for s in shape.arms for d in shape.domains)
    return _heat(shape, f"Gain by domain, {context}", _domain_columns(shape), table, bound, "tables/gains.csv")


def change_by_domain(shape: Shape) -> Grid:
    """The change of the gain from the first to the second context, by domain."""
    table = [[shape.change(s, d) for d in shape.domains] for s in shape.arms]
    caption = f"Change of the gain by domain, {shape.second} − {shape.first}"
    bound = heat_bound(m for line in table for m in line)
    return _heat(shape, caption, _domain_columns(shape), table, bound, "tables/changes.csv")


def by_class(shape: Shape, context: str) -> Grid:
    """Gain by class in one context, small objects set apart on the right."""
    names = (*shape.classes, *shape.small)
    columns = [Column(k, "small objects" if k in shape.small else "other classes", number=True) for k in names]
    table = [[shape.class_gain(context, s, k) for k in names] for s in shape.arms]
    bound = heat_bound(shape.class_gain(c, s, k) for c in shape.contexts for s in shape.arms for k in names)
    return _heat(shape, f"Gain by class, {context}", columns, table, bound, "tables/per_class.csv")


def ranks(content: ReportContent, shape: Shape) -> Grid:
    """Rank, rank set and tier in each context, and the move between the two with its band of chance."""
    found = {(r["context"], r["strategy"]): r for r in rows(content, "ranks")}
    moves = {r["strategy"]: r for r in rows(content, "moves")}
    contexts = [c for c in shape.contexts if any(key[0] == c for key in found)]
    columns = [Column("strategy")]
    for c in contexts:
        columns += [Column(t, c, shape.notes.get(c, ""), number=True) for t in ("rank", "rank set", "tier")]
    if moves:
        columns += [Column(t, "move", number=True) for t in ("places", "95 % band of chance")]
    lines = []
    place = {s: finite(r.get("rank")) or math.inf for (c, s), r in found.items() if c == contexts[0]}
    for s in sorted(dict.fromkeys(s for _, s in found), key=lambda s: place.get(s, math.inf)):
        cells = [Cell(s)]
        for c in contexts:
            r = found.get((c, s), {})
            low, high = rank(finite(r.get("rank_low"))), rank(finite(r.get("rank_high")))
            whole = "" if ABSENT in (low, high) else f"{low} to {high}"
            cells += [Cell(rank(finite(r.get("rank")))), Cell(whole), Cell(plain(r.get("tier")))]
        if moves:
            cells += _move_cells(moves.get(s, {}))
        lines.append(Line(tuple(cells), strategy=s))
    return Grid("Ranks, rank sets and moves", tuple(columns), tuple(lines), "tables/ranks.csv", folded=True)


def domains(content: ReportContent) -> Grid:
    """The test images behind each domain, by data set and label space."""
    seen = {(_tested_on(r), r["domain"]): r for r in rows(content, "support")}
    columns = (
        Column("domain"), Column("test set"), Column("test images", number=True), Column("groups", number=True),
        Column("supported"),
    )  # fmt: skip
    lines = tuple(
        Line(
            (Cell(d), Cell(place), *(Cell(plain(r[k])) for k in ("n_images", "n_groups", "domain_supported"))),
            control=not r["domain_supported"],
        )
        for (place, d), r in seen.items()
    )
    return Grid("Test images by domain", columns, lines, "tables/support.csv")


def support(content: ReportContent) -> tuple[Grid, ...]:
    """The labelled test images of each class in each domain, one table a test set; grey where not supported."""
    places: dict[str, list[Row]] = {}
    for row in rows(content, "support"):
        places.setdefault(_tested_on(row), []).append(row)
    grids = []
    for place, found in places.items():
        cells = {(r["class"], r["domain"]): r for r in found}
        domains = tuple(dict.fromkeys(r["domain"] for r in found))
        lines = []
        for name in dict.fromkeys(r["class"] for r in found):
            here = [cells.get((name, d), {}) for d in domains]
            shown = [Cell(plain(r.get("class_images")), tone="" if r.get("supported") else "grey") for r in here]
            lines.append(Line((Cell(name), *shown)))
        columns = (Column("class"), *(Column(d, number=True) for d in domains))
        caption = f"Labelled test images by class and domain, {place}"
        grids.append(Grid(caption, columns, tuple(lines), "tables/support.csv", folded=True))
    return tuple(grids)


def _tested_on(row: Row) -> str:
    """The data set, where the table names it, and the label space."""
    return " ".join(str(row[k]) for k in ("dataset", "label_space") if row.get(k))


def record(
    content: ReportContent, name: str, caption: str, limit: int, folded: bool = True,
    columns: Sequence[str] = (), where: Callable[[Row], bool] | None = None,
) -> Grid:  # fmt: skip
    """Any table as it is, the first `limit` of the rows that `where` keeps, with these columns (none: all it has)."""
    found = [r for r in rows(content, name) if where is None or where(r)]
    if columns:
        found = [{k: r[k] for k in columns if k in r} for r in found]
    return of_rows(caption, found[:limit], len(found), f"tables/{name}.csv", folded)


def of_check(check: Check, limit: int) -> Grid:
    """The rows a failed check names, the first `limit` of them."""
    return of_rows(f"Rows of {check.code}", check.rows[:limit], len(check.rows), "audit.json", False)


def facts(caption: str, pairs: Iterable[tuple[str, str]]) -> Grid:
    """Key and value, printed in full."""
    return Grid(caption, (), tuple(Line((Cell(k), Cell(v))) for k, v in pairs))


def of_rows(caption: str, found: Sequence[Row], total: int, source: str, folded: bool) -> Grid:
    """Rows of mappings as a grid; the columns are the keys in order of appearance."""
    keys = list(dict.fromkeys(key for row in found for key in row))
    numeric = {k: all(finite(r.get(k)) is not None for r in found if r.get(k) is not None) for k in keys}
    lines = []
    for row in found:
        texts = [plain(row.get(k)) for k in keys]
        about: Row = {k: v for k in ("strategy", "dataset", "model") if isinstance(v := row.get(k), str)}
        lines.append(Line(tuple(Cell(short(t), t if short(t) != t else "") for t in texts), **about))
    shown = caption if len(found) == total else f"{caption}, first {len(found)} of {total:,}"
    return Grid(shown, tuple(Column(k, number=numeric[k]) for k in keys), tuple(lines), source, folded)


def _measure_columns(group: str, note: str, title: str) -> list[Column]:
    named = (("verdict", False), (title, True), ("95 % interval", True))
    return [Column(name, group, note, number) for name, number in named]


def _measure_cells(m: Measure) -> list[Cell]:
    word = in_words(m.verdict, m.asked)
    return [
        Cell(word.word, mark=word.mark, tone=word.tone),
        Cell(signed(m.value), tone="strong" if decided(m.verdict) else ""),
        Cell(interval(m.low, m.high), tone="quiet"),
    ]


def _from_row(r: Row) -> Measure:
    value, low, high = (finite(r.get(k)) for k in ("gain", "low", "high"))
    return Measure(value, low, high, r.get("verdict") or "", "gain")


def _line(shape: Shape, strategy: str, cells: Sequence[Cell]) -> Line:
    control = strategy in shape.controls
    return Line(tuple(cells), control, control and strategy == shape.controls[0] and bool(shape.strategies), strategy)


def _domain_columns(shape: Shape) -> list[Column]:
    return [Column(d, note="unsupported" if d in shape.unsupported else "", number=True) for d in shape.domains]


def heat_bound(measures: Iterable[Measure]) -> float:
    """The gain at which the colour is full: the largest absolute one, but at least one point."""
    return max([1.0, *(abs(m.value) for m in measures if m.value is not None)])


def heat_share(value: float, bound: float) -> float:
    """How full the colour is, 0 to 1: the square root, so that one large gain does not bleach the others."""
    return min(1.0, math.sqrt(abs(value) / bound))


def _heat(
    shape: Shape, caption: str, columns: list[Column], table: list[list[Measure]], bound: float, source: str
) -> Grid:
    lines = [
        _line(shape, s, [Cell(s), *(_heat_cell(m, c, bound) for m, c in zip(line, columns, strict=True))])
        for s, line in zip(shape.arms, table, strict=True)
        if any(m.value is not None for m in line)
    ]
    first = Column("strategy", " " if columns[0].group else "")
    return Grid(caption, (first, *columns), tuple(lines), source, heat=True)


def _heat_cell(m: Measure, column: Column, bound: float) -> Cell:
    word = in_words(m.verdict, m.asked)
    mark = word.mark if decided(m.verdict) else ""
    full = " ".join(t for t in (signed(m.value), interval(m.low, m.high), word.word) if t)
    if m.value is None or column.note == "unsupported":
        return Cell(signed(m.value), full, tone="grey")
    step = int(heat_share(m.value, bound) * 4.999)
    return Cell(signed(m.value), full, mark, f"heat-{'p' if m.value > 0 else 'n'}{step}" if step else "heat-0")


def _move_cells(r: Row) -> list[Cell]:
    move, low, high = (finite(r.get(k)) for k in ("move", "band_low", "band_high"))
    band = "" if low is None or high is None else f"[{_places(low)}, {_places(high)}]"
    outside = move is not None and low is not None and high is not None and not low <= move <= high
    return [Cell(_places(move), tone="strong" if outside else ""), Cell(band, tone="quiet")]


def _places(value: float | None) -> str:
    return ABSENT if value is None else f"{value:+.3g}".replace("-", "−")
