r"""The report's tables in LaTeX, to be \input into a paper: booktabs rules, no other package, captions that are noun phrases.

Decided values are bold, missing ones an en dash. The text is Latin-1 at most: pdfLaTeX, XeLaTeX and LuaLaTeX set it alike.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from fairweather.analysis.finding import Estimate
from fairweather.report.content import ReportContent
from fairweather.report.numbers import ABSENT, finite, interval, rank, signed
from fairweather.report.shape import Measure, Row, Shape, rows, shape_of
from fairweather.report.verdict import decided, in_words

POINTS = "mIoU points"
HEAD = "% Needs \\usepackage{booktabs}; with a LaTeX older than 2020 also textcomp.\n"
ROWS = 40  # of one float; what is longer does not fit a page and is split
COLUMNS = 5  # set in small type; with more the type is smaller still
LONG = 40  # characters of a name that stand on one line, and of a word that never breaks
WORD = 10  # characters between the places where a longer one may

_ESCAPES = {
    **{char: f"\\{char}" for char in "_%&#${}"},
    # `\\[`, `\\*` begin arguments of the end of a row; -- and --- are ligatures; " is active in some languages of babel
    **{char: f"{{{char}}}" for char in "[]*-"},
    "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "\\": "\\textbackslash{}", "<": "\\textless{}",
    ">": "\\textgreater{}", "|": "\\textbar{}", '"': "{\\char34}", "'": "\\textquotesingle{}", "`": "\\textasciigrave{}",
    "\N{EN DASH}": "--", "\N{EM DASH}": "---", "\N{MINUS SIGN}": "$-$", "\N{HORIZONTAL ELLIPSIS}": "\\ldots{}",
    "\N{PLUS-MINUS SIGN}": "$\\pm$", "\N{MULTIPLICATION SIGN}": "$\\times$", "\N{DAGGER}": "\\dag{}",
}  # fmt: skip
# The letters of Latin-1 that every font encoding sets.
_LETTERS = re.compile(r"[A-Za-z0-9 !()+,./:;=?@À-ÏÑ-ÖØ-Ýß-ïñ-öø-ýÿ]")


Cells = tuple[str, ...]
Lines = tuple[Cells, ...]


@dataclass(frozen=True)
class Tabular:
    """One table: `align` has a letter for each heading, the rows are ready for LaTeX; controls stand below a rule."""

    label: str
    caption: str
    align: str
    headings: tuple[str, ...]
    rows: Lines
    controls: Lines = ()


def to_latex(content: ReportContent) -> dict[str, str]:
    r"""File name -> text, for each kind of table the content has rows for; written as tables/<file name>.

    gains.tex (one table a context), changes.tex, moves.tex, domains.tex (one a context), verdicts.tex (strategies),
    claims.tex (questions about all strategies), yardstick.tex (shares of the oracle, one a context), printed.tex (gains and
    ranks as an imported table prints them). A file holds `table` environments labelled tab:<kind> or tab:<kind>-<context>,
    none longer than ROWS rows.
    """
    shape = shape_of(content)
    makers: dict[str, Callable[[ReportContent, Shape], Iterable[Tabular]]] = {
        "gains": _gains, "changes": _changes, "moves": _moves, "domains": _domains, "verdicts": _verdicts, "claims": _claims,
        "yardstick": _yardstick, "printed": _printed,
    }  # fmt: skip
    found = {name: [t for t in make(content, shape) if t.rows or t.controls] for name, make in makers.items()}
    return {f"{name}.tex": HEAD + "".join(map(_floats, made)) for name, made in found.items() if made}


def escape(text: str) -> str:
    r"""Text as LaTeX prints it, in one line: specials by their commands, what fonts may lack as U+ and its number.

    Spaces that TeX would drop are made visible. A word of more than LONG characters may break after every WORD of them.
    """
    runs = re.findall(r" +|[^ ]+", text)
    inner = range(1, len(runs) - 1)
    return "".join(" " if run == " " and i in inner else _unbroken(run) for i, run in enumerate(runs))


def _unbroken(word: str) -> str:
    """A run of letters (or of spaces, which are shown), with places where it may break if it is too long for a line."""
    parts = ["\\textvisiblespace{}" if char == " " else _ESCAPES.get(char) or _letter(char) for char in word]
    step = WORD if len(parts) > LONG else len(parts)
    return "\\hspace{0pt}".join("".join(parts[i : i + step]) for i in range(0, len(parts), step))


def _letter(char: str) -> str:
    return char if _LETTERS.fullmatch(char) else f"\\texttt{{U+{ord(char):04X}}}"


def _name(text: str) -> str:
    return _fit(text, escape(text))


def _code(text: str) -> str:
    return _fit(text, f"\\texttt{{{escape(text)}}}")


def _fit(text: str, cell: str) -> str:
    """The cell of a text; a long one is broken within two fifths of the line."""
    return cell if len(text) <= LONG else f"\\parbox[t]{{0.4\\linewidth}}{{\\raggedright\\strut {cell}\\strut}}"


def _bold(text: str, verdict: str) -> str:
    return f"\\textbf{{{text}}}" if decided(verdict) else text


def _p(value: object) -> str:
    p = finite(value)
    return escape(ABSENT if p is None else "<0.001" if p < 0.001 else f"{p:.3f}")


def _value(measure: Measure) -> str:
    return _bold(escape(signed(measure.value)), measure.verdict)


def _interval(low: float | None, high: float | None) -> str:
    return escape(interval(low, high) or ABSENT)


def _word(measure: Measure) -> str:
    return escape(in_words(measure.verdict, measure.asked).word or ABSENT)


def _set(low: object, high: object) -> str:
    ends = [rank(finite(end)) for end in (low, high)]
    return escape(ends[0] if ends[0] == ends[1] else "\N{EN DASH}".join(ends))


def _by_value(names: Iterable[str], value: Callable[[str], float | None]) -> list[str]:
    """Names from the highest value to the lowest, those without one last; ties by name."""

    def key(name: str) -> tuple[bool, float, str]:
        found = value(name)
        return found is None, -(found or 0.0), name

    return sorted(names, key=key)


def _both(shape: Shape, value: Callable[[str], float | None], row: Callable[[str], Cells]) -> tuple[Lines, Lines]:
    """The rows of the strategies and those of the controls, from the highest value to the lowest; none where all lack it."""
    strategies, controls = (
        tuple(row(name) for name in _by_value(names, value)) if any(value(name) is not None for name in names) else ()
        for names in (shape.strategies, shape.controls)
    )
    return strategies, controls


def _tag(kind: str, context: str, place: int) -> str:
    """A label made of letters and digits; a name with more than that is told apart by its place."""
    kept = re.sub(r"[^A-Za-z0-9]", "", context)
    return f"{kind}-{kept}" if kept == context else f"{kind}-{kept}-{place}"


def _gains(content: ReportContent, shape: Shape) -> Iterable[Tabular]:
    ranks = {(r["context"], r["strategy"]): r for r in rows(content, "ranks")}
    headings = ("strategy", "gain", "95 % interval", "adjusted p", "verdict", "rank set", "tier")
    for place, context in enumerate(shape.contexts, 1):

        def row(name: str, context: str = context) -> Cells:
            measure, standing = shape.gain(context, name), ranks.get((context, name), {})
            p = shape.gains.get((context, name, ""), {}).get("p_adjusted")
            low, high, tier = (standing.get(key) for key in ("rank_low", "rank_high", "tier"))
            cells = _value(measure), _interval(measure.low, measure.high), _p(p), _word(measure)
            return _name(name), *cells, _set(low, high), escape(rank(finite(tier)))

        def value(name: str, context: str = context) -> float | None:
            return shape.gain(context, name).value

        caption = f"Gains over the baseline in points, {context}"
        yield Tabular(_tag("gains", context, place), caption, "lrrrlrr", headings, *_both(shape, value, row))


def _changes(content: ReportContent, shape: Shape) -> Iterable[Tabular]:
    def row(name: str) -> Cells:
        measure, found = shape.change(name), shape.changes.get((name, ""), {})
        each = (
            escape(signed(finite(found.get(key, shape.gain(context, name).value))))
            for key, context in (("gain_first", shape.first), ("gain_second", shape.second))
        )
        interval = _interval(measure.low, measure.high)
        return _name(name), *each, _value(measure), interval, _p(found.get("p_adjusted")), _word(measure)

    headings = ("strategy", shape.first, shape.second, "change", "95 % interval", "adjusted p", "verdict")
    caption = f"Changes of the gain in points from {shape.first} to {shape.second}"
    yield Tabular("changes", caption, "lrrrrrl", headings, *_both(shape, lambda s: shape.change(s).value, row))


def _moves(content: ReportContent, shape: Shape) -> Iterable[Tabular]:
    found = {r["strategy"]: r for r in rows(content, "moves")}

    def row(name: str) -> Cells:
        move = found[name]
        places = (escape(rank(finite(move[key]))) for key in ("rank_first", "rank_second"))
        low, high = (_places(move[key]) for key in ("band_low", "band_high"))
        band = escape(ABSENT) if low == high == escape(ABSENT) else f"{low} to {high}"
        return _name(name), *places, _places(move["move"]), band, _p(move["p_adjusted"])

    order = _by_value(found, lambda s: finite(found[s]["move"]))
    headings = ("strategy", shape.first, shape.second, "move", "95 % band of chance", "adjusted p")
    caption = f"Ranks and rank moves between {shape.first} and {shape.second}"
    yield Tabular("moves", caption, "lrrrrr", headings, tuple(row(s) for s in order))


def _places(value: object) -> str:
    """A number of places with its sign."""
    places = finite(value)
    if places is None:
        return escape(ABSENT)
    return escape(("+" if places > 0 else "\N{MINUS SIGN}" if places < 0 else "") + rank(abs(places)))


def _domains(content: ReportContent, shape: Shape) -> Iterable[Tabular]:
    for place, context in enumerate(shape.contexts, 1):
        given = [d for d in shape.domains if any(shape.gain(context, s, d).value is not None for s in shape.arms)]

        def row(name: str, context: str = context, given: Sequence[str] = given) -> Cells:
            return _name(name), *(_value(shape.gain(context, name, d)) for d in given)

        def value(name: str, context: str = context, given: Sequence[str] = given) -> float | None:
            values = [shape.gain(context, name, d).value for d in given]
            return shape.gain(context, name).value if any(v is not None for v in values) else None

        heads = (f"{d}\N{DAGGER}" if d in shape.unsupported else d for d in given)
        note = "; \N{DAGGER}: unsupported" if shape.unsupported.intersection(given) else ""
        caption = f"Gains over the baseline in points by domain, {context}{note}"
        align = "l" + "r" * len(given)
        yield Tabular(_tag("domains", context, place), caption, align, ("strategy", *heads), *_both(shape, value, row))


def _verdicts(content: ReportContent, shape: Shape) -> Iterable[Tabular]:
    """The verdict of every strategy in each context, and on the change between them."""

    def measures(name: str) -> list[Measure]:
        found = [shape.gain(context, name) for context in shape.contexts]
        return [*found, shape.change(name)] if shape.first else found

    def row(name: str) -> Cells:
        return _name(name), *(_bold(_word(m), m.verdict) for m in measures(name))

    change = (f"change from {shape.first} to {shape.second}",) if shape.first else ()
    headings = ("strategy", *shape.contexts, *change)
    strategies, controls = (
        tuple(row(s) for s in sorted(names) if any(m.verdict for m in measures(s)))
        for names in (shape.strategies, shape.controls)
    )
    yield Tabular("verdicts", "Verdicts by strategy", "l" * len(headings), headings, strategies, controls)


def _claims(content: ReportContent, shape: Shape) -> Iterable[Tabular]:
    """The findings about all strategies together, by their ids."""
    lines = []
    for finding in content.findings:
        if shape.about(finding).asked == "claim":
            estimate, test = finding.estimate, finding.test
            value = _bold(escape(_with_unit(estimate)), finding.verdict) if estimate else escape(ABSENT)
            between = _interval(estimate.low, estimate.high) if estimate else escape(ABSENT)
            p = (test.p if test.p_adjusted is None else test.p_adjusted) if test else None
            verdict = _bold(escape(finding.verdict), finding.verdict)
            lines.append((_code(finding.id), verdict, escape(finding.scope), value, between, _p(p)))
    headings = ("finding", "verdict", "scope", "estimate", "95 % interval", "p")
    caption = "Verdicts on all strategies together; estimates in points or the unit given"
    yield Tabular("claims", caption, "lllrrr", headings, tuple(lines))


def _yardstick(content: ReportContent, shape: Shape) -> Iterable[Tabular]:
    headings = ("strategy", "share of the oracle", "95 % interval", "gain over the placebo", "adjusted p", "verdict")
    for place, context in enumerate(shape.contexts, 1):

        def row(name: str, context: str = context) -> Cells:
            measure, found = shape.share(context, name), shape.yardstick.get((context, name), {})
            gain = escape(signed(finite(found.get("gain"))))
            between = _interval(measure.low, measure.high)
            return _name(name), _value(measure), between, gain, _p(found.get("p_adjusted")), _word(measure)

        def value(name: str, context: str = context) -> float | None:
            return shape.share(context, name).value

        caption = f"Gains over the placebo as shares of that of the oracle, {context}"
        yield Tabular(_tag("yardstick", context, place), caption, "lrrrrl", headings, *_both(shape, value, row))


def _with_unit(estimate: Estimate) -> str:
    """A value in points as it is, any other with its unit; what is counted has no sign and no decimals."""
    if estimate.unit == POINTS:
        return signed(estimate.value)
    return (
        f"{rank(estimate.value) if estimate.value == round(estimate.value) else signed(estimate.value)} {estimate.unit}"
    )


def _printed(content: ReportContent, shape: Shape) -> Iterable[Tabular]:
    """What an imported table prints of itself: nothing here is computed."""
    found = rows(content, "printed")
    if found:
        first, second = found[0]["first"], found[0]["second"]
        headings = (
            "strategy",
            f"gain, {first}",
            f"gain, {second}",
            "change",
            f"rank, {first}",
            f"rank, {second}",
            "move",
        )
        caption = f"Gains and ranks as printed, {first} and {second}"
        yield Tabular("printed", caption, "lrrrrrr", headings, tuple(map(_printed_row, found)))


def _printed_row(row: Row) -> Cells:
    gains = (escape(signed(finite(row[key]))) for key in ("gain_first", "gain_second", "change"))
    ranks = (escape(rank(finite(row[key]))) for key in ("rank_first", "rank_second"))
    return _name(row["strategy"]), *gains, *ranks, _places(row["rank_change"])


def _floats(table: Tabular) -> str:
    """The table as floats of at most ROWS rows."""
    lines = [(row, False) for row in table.rows] + [(row, True) for row in table.controls]
    pages = [lines[i : i + ROWS] for i in range(0, len(lines), ROWS)]
    if len(pages) == 1:
        return _float(table)
    made = []
    for n, page in enumerate(pages, 1):
        strategies, controls = (tuple(row for row, control in page if control is which) for which in (False, True))
        caption, label = f"{table.caption} ({n} of {len(pages)})", f"{table.label}-{n}" if n > 1 else table.label
        made.append(_float(replace(table, caption=caption, label=label, rows=strategies, controls=controls)))
    return "".join(made)


def _float(table: Tabular) -> str:
    parts = [part for part in (table.rows, table.controls) if part]
    body = "\\midrule\n".join("".join(" & ".join(row) + " \\\\\n" for row in part) for part in parts)
    headings = " & ".join(map(escape, table.headings))
    size = "\\footnotesize" if len(table.headings) > COLUMNS else "\\small"
    return (
        f"\n\\begin{{table}}\n\\centering\n{size}\n\\setlength{{\\tabcolsep}}{{4pt}}\n\\caption{{{escape(table.caption)}}}\n\\label{{tab:{table.label}}}\n"
        f"\\begin{{tabular}}{{{table.align}}}\n\\toprule\n{headings} \\\\\n\\midrule\n{body}\\bottomrule\n"
        "\\end{tabular}\n\\end{table}\n"
    )
