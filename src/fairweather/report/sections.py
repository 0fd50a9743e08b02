"""The sections of the page, one function each: which findings, figures and tables stand in them, and in which order."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from fairweather.analysis.finding import Finding
from fairweather.audit.check import Check
from fairweather.report import charts, generated, grid
from fairweather.report.answer import lead
from fairweather.report.blocks import Audited, Block, Checks, Figure, Prose, Section, Statement, Statements
from fairweather.report.content import ReportContent
from fairweather.report.grid import Grid, Only
from fairweather.report.quality import by_strategy
from fairweather.report.shape import Shape
from fairweather.report.verdict import decided, in_words

ROWS_OF_A_CHECK = 20
ROWS_OF_A_RECORD = 120
STATEMENTS_IN_SIGHT = 3
OPEN_STATEMENTS = 200


def _topic(finding: Finding, shape: Shape) -> str:
    """The section a finding belongs to, by what the tables say of it, else by the first part of its id."""
    subject, head = shape.about(finding), finding.id.split(".")[0]
    if subject.of:
        return "domains" if subject.of == "domain" else "classes"
    if subject.asked == "change":
        return "context"
    topics = {
        "strategies": "gains", "family": "gains", "gains": "gains", "best": "gains", "tiers": "gains", "context": "context",
        "gain_change": "context", "below_baseline": "gains", "domains": "domains", "classes": "classes",
        "per_class": "classes", "control": "control", "budget": "budget", "design": "budget", "influence": "influence",
        "attributes": "attributes", "yardstick": "yardstick",
    }  # fmt: skip
    return topics.get(head, "further")


def _of(content: ReportContent, shape: Shape, topic: str) -> tuple[list[Finding], list[Finding]]:
    """The findings of a topic: claims about the whole, and statements about single strategies."""
    found = [f for f in content.findings if _topic(f, shape) == topic]
    single = [f for f in found if f.id in shape.subjects or f.id.split(".")[0] in ("gains", "gain_change", "per_class")]
    single = [f for f in single if not f.id.endswith(".all_positive")]
    alone = {f.id for f in single}
    return [f for f in found if f.id not in alone], single


def _printed(finding: Finding, shape: Shape) -> Statement:
    subject = shape.about(finding)
    label = subject.context
    if subject.asked == "change" and shape.first:
        label = f"{shape.first} → {shape.second}"
    question = finding.question if subject.asked == "claim" and finding.question.endswith("?") else ""
    return Statement(
        finding.id, finding.statement, in_words(finding.verdict, subject.asked), label, question,
        finding.scope == "table", finding.caveats,
    )  # fmt: skip


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
        *_listed(_by_rank(others, shape)[:OPEN_STATEMENTS], shape, f"Open questions by {title}{_first(others)}",
                 folded=True, only="web"),
    ]  # fmt: skip


def _first(found: Sequence[Finding]) -> str:
    """How many of many are printed; the others stand in findings.json."""
    return f", first {OPEN_STATEMENTS} of {len(found):,}" if len(found) > OPEN_STATEMENTS else ""


def _kept(*grids: Grid) -> list[Block]:
    return [g for g in grids if g.lines]


def answer(content: ReportContent, shape: Shape) -> Section:
    """The leading findings, and the failed checks that put them in doubt."""
    blocks = _listed(lead(content, shape), shape, big=True)
    grave = tuple(_audited(c) for c in content.checks if c.severity == "error" and not c.holds)
    if grave:
        blocks.append(Checks(grave, ()))
    return Section("answer", "Answer", tuple(blocks))


def verdicts(content: ReportContent, shape: Shape) -> Section:
    """Every strategy's verdict."""
    grids = _kept(grid.verdicts(shape)) if shape.contexts else []
    return Section("verdicts", "Verdicts", tuple(grids))


def gains(content: ReportContent, shape: Shape) -> Section:
    claims, single = _of(content, shape, "gains")
    blocks: list[Block] = list(charts.gains(content, shape))
    blocks += _listed(claims, shape)
    blocks += _kept(*(grid.below_baseline(shape, c) for c in shape.contexts))
    for c in shape.contexts:
        mine = [f for f in single if shape.about(f).context == c]
        blocks += _listed(_by_rank(mine, shape), shape, f"Strategy by strategy, {c}", folded=True)
    blocks += _listed([f for f in single if not shape.about(f).context], shape, "Strategy by strategy", folded=True)
    return Section("gains", "Gains", tuple(blocks))


def between(content: ReportContent, shape: Shape) -> Section:
    claims, single = _of(content, shape, "context")
    blocks: list[Block] = list(charts.moves(content, shape))
    blocks += _listed(claims, shape)
    blocks += _listed(_by_rank(single, shape), shape, "Change of the gain, strategy by strategy", folded=True)
    if len(shape.strategies) > 1 and not any(isinstance(b, Figure) for b in blocks):
        blocks += _kept(grid.ranks(content, shape))
    return Section("contexts", "Rank moves" if shape.first else "Ranks", tuple(blocks))


def domains(content: ReportContent, shape: Shape) -> Section:
    claims, single = _of(content, shape, "domains")
    blocks = [*charts.domains(shape), *_listed(claims, shape), *_decided_first(single, shape, "domain")]
    if any(d for _, d in shape.changes):
        blocks += _kept(replace(grid.change_by_domain(shape), folded=True))
    return Section("domains", "Domains", (*blocks, *_kept(grid.domains(content))))


def origins(content: ReportContent, shape: Shape) -> Section:
    """Who says which domain an image shows, and how often a tagger that said it was right."""
    grids = (
        grid.record(content, "domain_origins", "Images by domain and who says so", ROWS_OF_A_RECORD, folded=False),
        grid.record(content, "domain_confusion", "Taggers on images of known domain", ROWS_OF_A_RECORD, folded=False),
    )
    return Section("origins", "Where the domains come from", tuple(_kept(*grids)))


def classes(content: ReportContent, shape: Shape) -> Section:
    claims, single = _of(content, shape, "classes")
    blocks = [*charts.classes(shape), *_listed(claims, shape), *_decided_first(single, shape, "class")]
    return Section("classes", "Classes", (*blocks, *_kept(*grid.support(content))))


def coverage(content: ReportContent, shape: Shape) -> Section:
    blocks: list[Block] = list(charts.coverage(content, shape))
    if not blocks:
        blocks += _kept(_blocks_by_strategy(content))
    return Section("coverage", "Coverage", tuple(blocks))


def influence(content: ReportContent, shape: Shape) -> Section:
    claims, single = _of(content, shape, "influence")
    turned = grid.record(
        content,
        "influence_verdicts",
        "Verdicts with one thing left out",
        ROWS_OF_A_RECORD,
        where=lambda r: bool(r["flips"]),
    )
    blocks = (*charts.influence(content, shape), *_listed([*claims, *single], shape), *_kept(turned))
    return Section("influence", "Influence", blocks)


def attributes(content: ReportContent, shape: Shape) -> Section:
    claims, single = _of(content, shape, "attributes")
    return Section(
        "attributes",
        "Attributes",
        (*charts.attributes(content, shape), *_listed([*claims, *single], shape)),
    )


def controls(content: ReportContent, shape: Shape) -> Section:
    claims, single = _of(content, shape, "control")
    blocks = _listed([*claims, *_by_rank(single, shape)], shape)
    return Section("controls", "Placebo arms", (*blocks, *_kept(grid.controls(shape), grid.against_placebo(shape))))


def yardstick(content: ReportContent, shape: Shape) -> Section:
    """The gains as shares of what perfect images give, where the study holds an oracle."""
    claims, single = _of(content, shape, "yardstick")
    blocks: list[Block] = [*charts.yardstick(content, shape), *_listed(claims, shape)]
    blocks += _listed(_by_rank(single, shape), shape, "Share of the oracle, strategy by strategy", folded=True)
    return Section("yardstick", "From placebo to oracle", tuple(blocks))


def images(content: ReportContent, shape: Shape) -> Section:
    """What the gate says of the generated images, what was measured on them afterwards, and the images themselves."""
    gate = _kept(generated.verdicts(content), generated.uncovered(content))
    blocks = (*gate, *by_strategy(content), *generated.galleries(content))
    return Section("images", "Generated images", blocks)


def budget(content: ReportContent, shape: Shape) -> Section:
    claims, single = _of(content, shape, "budget")
    return Section("budget", "Budget and reach", tuple(_listed([*claims, *single], shape)))


def further(content: ReportContent, shape: Shape) -> Section:
    claims, single = _of(content, shape, "further")
    return Section("further", "Further findings", tuple(_listed([*claims, *single], shape)))


def audits(content: ReportContent, shape: Shape) -> Section:
    grave = {"error": 0, "warning": 1, "note": 2}
    bad = sorted((c for c in content.checks if not c.holds), key=lambda c: grave[c.severity])
    failed = tuple(_audited(c) for c in bad)
    held = tuple(c for c in content.checks if c.holds)
    flagged = grid.record(
        content, "flagged", "Verdicts with and without the flagged rows", ROWS_OF_A_RECORD, folded=False
    )
    checked = (Checks(failed, held),) if content.checks else ()
    return Section("audits", "Audits", (*_kept(flagged), *checked))


def _blocks_by_strategy(content: ReportContent) -> Grid:
    return grid.record(content, "coverage", "Blocks by strategy and context", ROWS_OF_A_RECORD, folded=False)


def _audited(check: Check) -> Audited:
    return Audited(check, grid.of_check(check, ROWS_OF_A_CHECK) if check.rows else None)


def receipts(content: ReportContent, shape: Shape) -> Section:
    grids = (
        grid.record(content, "receipts", "Consumption of the optimiser by unit", ROWS_OF_A_RECORD),
        grid.record(content, "units", "Units", ROWS_OF_A_RECORD),
    )
    return Section("receipts", "Receipts", tuple(_kept(*grids)))


def methods(content: ReportContent, shape: Shape) -> Section:
    return Section("methods", "Methods", (Prose(content.methods),) if content.methods else ())


def record(content: ReportContent, shape: Shape) -> Section:
    grids = [grid.facts(name[:1].upper() + name[1:], pairs) for name, pairs in content.facts]
    return Section("record", "Record", tuple(_kept(*grids)))


# In the order of the page.
SECTIONS: tuple[Callable[[ReportContent, Shape], Section], ...] = (
    answer, verdicts, gains, between, domains, classes, coverage, influence, attributes, controls, yardstick, images, budget,
    further, origins, audits, receipts, methods, record,
)  # fmt: skip
