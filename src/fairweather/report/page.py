"""The order of the page: the answer first, then what it rests on. Both templates print this one value.

Every sentence of it is the statement or a caveat of a finding, or the statement of a check; the methods alone are prose.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from fairweather.report.blocks import Block, Filters, Page, Section, Statements
from fairweather.report.content import ReportContent
from fairweather.report.figures.coverage import pairs
from fairweather.report.sections import SECTIONS
from fairweather.report.shape import Shape, family_of, shape_of


def assemble(content: ReportContent, figures: Sequence[str] = ("svg",)) -> Page:
    """The page of a content; sections without anything to say are left out.

    Args:
        figures: the endings under figures/ of what lies beside the page, for its links.
    """
    shape = shape_of(content)
    sections = [make(content, shape) for make in SECTIONS]
    return Page(
        title=content.title,
        question=content.question,
        commit=content.commit,
        heads=_heads(content, shape),
        sections=_numbered([s for s in sections if s.blocks], _shared(content)),
        endings=tuple(figures),
        files=("findings.json", "audit.json", *(f"tables/{name}.csv" for name in content.tables)),
        filters=_filters(content, shape),
        families={s: family_of(shape, s) for s in (*shape.arms, shape.baseline)},
    )


def _filters(content: ReportContent, shape: Shape) -> Filters:
    """What can be chosen: families where there are two strategies, data sets and models where there are cells."""
    if len(shape.strategies) < 2:
        return Filters()
    orders = [(f"gain-{n}", f"gain in {context}") for n, context in enumerate(shape.contexts[:2], 1)]
    return Filters(
        families=tuple(family_of(shape, s) for s in shape.strategies),
        cells=pairs(content),
        orders=(*orders, ("name", "name"), ("family", "family")),
    )


def _heads(content: ReportContent, shape: Shape) -> tuple[tuple[str, str], ...]:
    """What no sentence about contexts is read without: the metric, the contexts, the budget."""
    budget = " · ".join(f"{k} {v}" for k, v in dict(content.facts).get("budget", ()))
    contexts = [(c, shape.notes[c]) for c in shape.contexts if c in shape.notes]
    pairs = [("metric", shape.metric), *contexts, ("budget", budget), ("commit", content.commit)]
    return tuple((k, v) for k, v in pairs if v)


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
