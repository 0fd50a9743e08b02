"""The order of the page: the answer first, then what it rests on. Both templates print this one value.

Every sentence of it is the statement or a caveat of a finding, or the statement of a check; the methods alone are prose.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from fairweather.analysis.finding import Finding
from fairweather.audit.check import Check
from fairweather.report import figures, grid
from fairweather.report.answer import lead
from fairweather.report.content import ReportContent
from fairweather.report.grid import Grid, Only
from fairweather.report.shape import Shape, shape_of
from fairweather.report.verdict import Word, decided, in_words

ROWS_OF_A_CHECK = 20
ROWS_OF_A_RECORD = 120
STATEMENTS_IN_SIGHT = 3

# Captions are noun phrases: how to read a figure, never what it shows.
_GAINS_CAPTION = (
    "Dot: mean gain; thick line: 95 % interval; thin line: simultaneous interval; small dots: single blocks",
    "shaded: ±{:g} points, the smallest gain of interest",
    "diamonds: controls",
)
_MOVES_CAPTION = (
    "Rank in each context, 1 the highest; grey bars: 95 % band of chance under equal effects; "
    "in colour: moves outside the band"
)
_DOMAINS_CAPTION = (
    "Gain over the baseline in points; blue: above, orange: below, by the square root, one scale for all contexts; "
    "bold: decided; grey: unsupported"
)
_CLASSES_CAPTION = (
    "Gain over the baseline in points; blue: above, orange: below, by the square root, one scale for all contexts; "
    "bold: decided; small objects to the right of the gap"
)


@dataclass(frozen=True)
class Statement:
    """One finding as it is printed; `label` says where it holds.

    Of its caveats, those of this finding alone are its `asides`; those it shares with others have `notes`, numbers below the
    section.
    """

    id: str
    text: str
    word: Word
    label: str = ""
    question: str = ""
    caveats: tuple[str, ...] = ()
    asides: tuple[str, ...] = ()
    notes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Statements:
    """Findings one below the other; `big` is the answer's type, `folded` is closed until opened."""

    kind: ClassVar[str] = "statements"
    items: tuple[Statement, ...]
    title: str = ""
    big: bool = False
    folded: bool = False
    only: Only = ""


@dataclass(frozen=True)
class Figure:
    """A figure: its file name without ending, what it shows, how to read it, and the SVG."""

    kind: ClassVar[str] = "figure"
    name: str
    title: str
    caption: str
    svg: str
    only: Only = ""


@dataclass(frozen=True)
class Audited:
    """A check, and the rows it names where it does not hold."""

    check: Check
    rows: Grid | None


@dataclass(frozen=True)
class Checks:
    """The checks that failed, errors first, then those that hold."""

    kind: ClassVar[str] = "checks"
    only: ClassVar[Only] = ""
    failed: tuple[Audited, ...]
    held: tuple[Check, ...]


@dataclass(frozen=True)
class Prose:
    """Paragraphs of the methods."""

    kind: ClassVar[str] = "prose"
    only: ClassVar[Only] = ""
    paragraphs: tuple[str, ...]


Block = Statements | Figure | Grid | Checks | Prose


@dataclass(frozen=True)
class Section:
    """A part of the page; `caveats` are (number, sentence, id of the finding it belongs to)."""

    slug: str
    title: str
    blocks: tuple[Block, ...]
    caveats: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True)
class Page:
    """The report, ready to be printed."""

    title: str
    question: str
    commit: str
    heads: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    files: tuple[str, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure of the page, in order."""
        return tuple(b for s in self.sections for b in s.blocks if isinstance(b, Figure))


def assemble(content: ReportContent) -> Page:
    """The page of a content; sections without anything to say are left out."""
    shape = shape_of(content)
    makers: tuple[Callable[[ReportContent, Shape], Section], ...] = (
        _answer, _gains, _domains, _between, _below, _classes, _controls, _budget, _further, _audits, _receipts, _methods,
        _record,
    )  # fmt: skip
    sections = [make(content, shape) for make in makers]
    return Page(
        title=content.title,
        question=content.question,
        commit=content.commit,
        heads=_heads(content, shape),
        sections=_numbered([s for s in sections if s.blocks], _shared(content)),
        files=("findings.json", "audit.json", *(f"tables/{name}.csv" for name in content.tables)),
    )


def _heads(content: ReportContent, shape: Shape) -> tuple[tuple[str, str], ...]:
    """What no sentence about contexts is read without: the metric, the contexts, the budget."""
    budget = " · ".join(f"{k} {v}" for k, v in dict(content.facts).get("budget", ()))
    contexts = [(c, shape.notes[c]) for c in shape.contexts if c in shape.notes]
    pairs = [("metric", shape.metric), *contexts, ("budget", budget), ("commit", content.commit)]
    return tuple((k, v) for k, v in pairs if v)


def _topic(finding: Finding, shape: Shape) -> str:
    """The section a finding belongs to, by what the tables say of it, else by the first part of its id."""
    subject, head = shape.about(finding), finding.id.split(".")[0]
    if subject.of:
        return "domains" if subject.of == "domain" else "classes"
    if subject.asked == "change":
        return "context"
    topics = {
        "strategies": "gains", "family": "gains", "gains": "gains", "best": "gains", "tiers": "gains", "context": "context",
        "gain_change": "context", "below_baseline": "below", "domains": "domains", "classes": "classes",
        "per_class": "classes", "control": "control", "budget": "budget", "design": "budget",
    }  # fmt: skip
    return topics.get(head, "further")


def _of(content: ReportContent, shape: Shape, topic: str) -> tuple[list[Finding], list[Finding]]:
    """The findings of a topic: claims about the whole, and statements about single strategies."""
    found = [f for f in content.findings if _topic(f, shape) == topic]
    single = [f for f in found if f.id in shape.subjects or f.id.split(".")[0] in ("gains", "gain_change", "per_class")]
    single = [f for f in single if not f.id.endswith(".all_positive")]
    return [f for f in found if f not in single], single


def _printed(finding: Finding, shape: Shape) -> Statement:
    subject = shape.about(finding)
    label = subject.context
    if subject.asked == "change" and shape.first:
        label = f"{shape.first} → {shape.second}"
    question = finding.question if subject.asked == "claim" and finding.question.endswith("?") else ""
    return Statement(
        finding.id, finding.statement, in_words(finding.verdict, subject.asked), label, question, finding.caveats
    )


def _listed(
    found: Iterable[Finding], shape: Shape, title: str = "", big: bool = False, folded: bool = False, only: Only = ""
) -> list[Block]:
    items = tuple(_printed(f, shape) for f in found)
    return [Statements(items, title, big, folded, only)] if items else []


def _by_rank(found: Iterable[Finding], shape: Shape) -> list[Finding]:
    """In the order of the verdict table, contexts together."""
    place = {s: i for i, s in enumerate(shape.arms)}
    context = {c: i for i, c in enumerate(shape.contexts)}

    def key(f: Finding) -> tuple[int, int]:
        subject = shape.about(f)
        return context.get(subject.context, -1), place.get(subject.strategy, -1)

    return sorted(found, key=key)


def _decided_first(found: Sequence[Finding], shape: Shape, title: str) -> list[Block]:
    """The largest decided effects in sight, everything else folded; the undecided ones are left to page and CSV."""
    answered = sorted(
        (f for f in found if decided(f.verdict)), key=lambda f: -abs(f.estimate.value if f.estimate else 0.0)
    )
    others = [f for f in found if not decided(f.verdict)]
    return [
        *_listed(answered[:STATEMENTS_IN_SIGHT], shape),
        *_listed(answered[STATEMENTS_IN_SIGHT:], shape, f"Other decided statements by {title}", folded=True),
        *_listed(_by_rank(others, shape), shape, f"Open questions by {title}", folded=True, only="web"),
    ]


def _kept(*grids: Grid) -> list[Block]:
    return [g for g in grids if g.lines]


def _answer(content: ReportContent, shape: Shape) -> Section:
    """The leading findings, the failed checks that put them in doubt, and every strategy's verdict."""
    blocks = _listed(lead(content, shape), shape, big=True)
    grave = tuple(_audited(c) for c in content.checks if c.severity == "error" and not c.holds)
    if grave:
        blocks.append(Checks(grave, ()))
    if shape.contexts:
        blocks += _kept(grid.verdicts(shape))
    return Section("answer", "Answer", tuple(blocks))


def _gains(content: ReportContent, shape: Shape) -> Section:
    claims, single = _of(content, shape, "gains")
    blocks: list[Block] = []
    if any(shape.gain(c, s).value is not None for c in shape.contexts for s in shape.arms):
        marks, band, diamonds = _GAINS_CAPTION
        parts = [marks]
        if content.smallest_gain:
            parts.append(band.format(content.smallest_gain))
        if shape.controls:
            parts.append(diamonds)
        title = "Gain over the baseline by strategy and context"
        blocks.append(Figure("gains", title, "; ".join(parts), figures.gains(content, shape)))
    blocks += _listed(claims, shape)
    for c in shape.contexts:
        mine = [f for f in single if shape.about(f).context == c]
        blocks += _listed(_by_rank(mine, shape), shape, f"Strategy by strategy, {c}", folded=True)
    blocks += _listed([f for f in single if not shape.about(f).context], shape, "Strategy by strategy", folded=True)
    return Section("gains", "Gains", tuple(blocks))


def _domains(content: ReportContent, shape: Shape) -> Section:
    claims, single = _of(content, shape, "domains")
    blocks = _listed(claims, shape)
    scored = [
        c
        for c in shape.contexts
        if any(shape.gain(c, s, d).value is not None for s in shape.arms for d in shape.domains)
    ]
    if scored:
        table = {(c, s, d): shape.gain(c, s, d) for c in scored for s in shape.arms for d in shape.domains}
        grey = sorted(shape.unsupported)
        svg = figures.heat(shape, shape.domains, [(c, grey) for c in scored], table)
        blocks.append(Figure("domains", "Gain by domain", _DOMAINS_CAPTION, svg, only="markdown"))
        blocks += _kept(*(replace(grid.by_domain(shape, c), only="web") for c in scored))
    if any(d for _, d in shape.changes):
        blocks += _kept(grid.change_by_domain(shape))
    return Section(
        "domains", "Domains", (*blocks, *_decided_first(single, shape, "domain"), *_kept(grid.domains(content)))
    )


def _between(content: ReportContent, shape: Shape) -> Section:
    claims, single = _of(content, shape, "context")
    blocks: list[Block] = []
    if len(figures.ranked_moves(content)) > 1:
        svg = figures.moves(content, shape)
        blocks.append(Figure("moves", "Rank moves between the contexts", _MOVES_CAPTION, svg))
    blocks += _listed(claims, shape)
    blocks += _listed(_by_rank(single, shape), shape, "Change of the gain, strategy by strategy", folded=True)
    title = "Rank moves" if shape.first else "Ranks"
    ranks = [grid.ranks(content, shape)] if len(shape.strategies) > 1 else []
    return Section("contexts", title, (*blocks, *_kept(*ranks)))


def _below(content: ReportContent, shape: Shape) -> Section:
    claims, single = _of(content, shape, "below")
    grids = [grid.below_baseline(shape, c) for c in shape.contexts]
    return Section("below", "Strategies below the baseline", (*_listed([*claims, *single], shape), *_kept(*grids)))


def _classes(content: ReportContent, shape: Shape) -> Section:
    claims, single = _of(content, shape, "classes")
    blocks = _listed(claims, shape)
    names = (*shape.classes, *shape.small)
    scored = [c for c in shape.contexts if any(key[0] == c for key in shape.per_class)]
    if scored:
        table = {(c, s, k): shape.class_gain(c, s, k) for c in scored for s in shape.arms for k in names}
        svg = figures.heat(shape, names, [(c, ()) for c in scored], table, apart=len(shape.classes))
        blocks.append(Figure("classes", "Gain by class", _CLASSES_CAPTION, svg, only="markdown"))
        blocks += _kept(*(replace(grid.by_class(shape, c), only="web") for c in scored))
    return Section(
        "classes",
        "Classes and small objects",
        (*blocks, *_decided_first(single, shape, "class"), *_kept(*grid.support(content))),
    )


def _controls(content: ReportContent, shape: Shape) -> Section:
    claims, single = _of(content, shape, "control")
    blocks = _listed([*claims, *_by_rank(single, shape)], shape)
    return Section("controls", "Placebo arms", (*blocks, *_kept(grid.controls(shape), grid.against_placebo(shape))))


def _budget(content: ReportContent, shape: Shape) -> Section:
    claims, single = _of(content, shape, "budget")
    return Section("budget", "Budget and reach of the design", tuple(_listed([*claims, *single], shape)))


def _further(content: ReportContent, shape: Shape) -> Section:
    claims, single = _of(content, shape, "further")
    return Section("further", "Further findings", tuple(_listed([*claims, *single], shape)))


def _audits(content: ReportContent, shape: Shape) -> Section:
    grave = {"error": 0, "warning": 1, "note": 2}
    bad = sorted((c for c in content.checks if not c.holds), key=lambda c: grave[c.severity])
    failed = tuple(_audited(c) for c in bad)
    held = tuple(c for c in content.checks if c.holds)
    return Section("audits", "Audits", (Checks(failed, held),) if content.checks else ())


def _audited(check: Check) -> Audited:
    return Audited(check, grid.of_check(check, ROWS_OF_A_CHECK) if check.rows else None)


def _receipts(content: ReportContent, shape: Shape) -> Section:
    grids = (
        grid.record(content, "receipts", "Consumption of the optimiser by unit", ROWS_OF_A_RECORD),
        grid.record(content, "units", "Units", ROWS_OF_A_RECORD),
        grid.record(content, "coverage", "Coverage, blocks by strategy and context", ROWS_OF_A_RECORD),
    )
    return Section("receipts", "Receipts", tuple(_kept(*grids)))


def _methods(content: ReportContent, shape: Shape) -> Section:
    return Section("methods", "Methods", (Prose(content.methods),) if content.methods else ())


def _record(content: ReportContent, shape: Shape) -> Section:
    grids = [grid.facts(name[:1].upper() + name[1:], pairs) for name, pairs in content.facts]
    return Section("record", "Record", tuple(_kept(*grids)))


def _shared(content: ReportContent) -> frozenset[str]:
    """The caveats that more than one finding carries."""
    uses = Counter(text for f in content.findings for text in set(f.caveats))
    return frozenset(text for text, n in uses.items() if n > 1)


def _numbered(sections: Sequence[Section], shared: frozenset[str]) -> tuple[Section, ...]:
    """Number each shared caveat once over the page, in order of appearance, and hang it below the sections that use it."""
    numbers: dict[str, int] = {}
    done = []
    for section in sections:
        here: dict[int, tuple[int, str, str]] = {}
        blocks: list[Block] = []
        for block in section.blocks:
            if isinstance(block, Statements):
                items = []
                for item in block.items:
                    common = [text for text in item.caveats if text in shared]
                    for text in common:
                        note = numbers.setdefault(text, len(numbers) + 1)
                        here.setdefault(note, (note, text, item.id))
                    notes = tuple(sorted(numbers[text] for text in common))
                    asides = tuple(text for text in item.caveats if text not in shared)
                    items.append(replace(item, notes=notes, asides=asides))
                block = replace(block, items=tuple(items))
            blocks.append(block)
        done.append(replace(section, blocks=tuple(blocks), caveats=tuple(here[n] for n in sorted(here))))
    return tuple(done)
