"""What a page is made of: statements, figures, tables, checks and the prose of the methods, in sections."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from fairweather.audit.check import Check
from fairweather.report.grid import Grid, Only
from fairweather.report.picture import Picture
from fairweather.report.verdict import Word


@dataclass(frozen=True)
class Statement:
    """One finding as it is printed; `label` says where it holds, `printed` that it is arithmetic on printed numbers.

    Of its caveats, those of this finding alone are its `asides`; those it shares with others have `notes`, numbers below the
    section.
    """

    id: str
    text: str
    word: Word
    label: str = ""
    question: str = ""
    printed: bool = False
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
class Key:
    """One entry of a figure's legend: a noun phrase, and the glyph (a class of the style sheet) it explains, if any."""

    text: str
    glyph: str = ""


@dataclass(frozen=True)
class Figure:
    """A chart: its file name without ending, what it shows, how to read it, the picture and the tables behind it."""

    kind: ClassVar[str] = "figure"
    only: ClassVar[Only] = ""
    name: str
    title: str
    keys: tuple[Key, ...]
    picture: Picture
    behind: tuple[Grid, ...] = ()

    @property
    def caption(self) -> str:
        """The legend in one line."""
        return "; ".join(key.text for key in self.keys)


@dataclass(frozen=True)
class Photograph:
    """A picture of images: its file name without ending, what it shows, the JPEG."""

    name: str
    title: str
    jpeg: bytes = field(repr=False)


@dataclass(frozen=True)
class Photographs:
    """Pictures one below the other, closed until opened."""

    kind: ClassVar[str] = "photographs"
    only: ClassVar[Only] = ""
    title: str
    items: tuple[Photograph, ...]


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


Block = Statements | Figure | Photographs | Grid | Checks | Prose


@dataclass(frozen=True)
class Section:
    """A part of the page; `caveats` are (number, sentence, id of the finding it belongs to)."""

    slug: str
    title: str
    blocks: tuple[Block, ...]
    caveats: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True)
class Filters:
    """What the reader can choose on the page; empty where there is nothing to choose between.

    Args:
        families: one for each strategy; cells: the (data set, model) with a run.
        orders: (value of the signal `sort`, its name).
    """

    families: tuple[str, ...] = ()
    cells: tuple[tuple[str, str], ...] = ()
    orders: tuple[tuple[str, str], ...] = ()

    @property
    def choices(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """(signal, label, names) of each filter that has two names or more."""
        found = (
            ("family", "family", tuple(sorted(set(self.families)))),
            ("dataset", "data set", tuple(sorted({d for d, _ in self.cells}))),
            ("model", "model", tuple(sorted({m for _, m in self.cells}))),
        )
        return tuple(choice for choice in found if len(choice[2]) > 1)


@dataclass(frozen=True)
class Page:
    """The report, ready to be printed; `families` names the family of every arm and of the baseline,
    `endings` are those of the files that hold a figure."""

    title: str
    question: str
    commit: str
    heads: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    endings: tuple[str, ...]
    files: tuple[str, ...]
    filters: Filters
    families: Mapping[str, str]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure of the page, in order."""
        return tuple(b for s in self.sections for b in s.blocks if isinstance(b, Figure))

    @property
    def photographs(self) -> tuple[Photograph, ...]:
        """Every picture of images, in order."""
        return tuple(p for s in self.sections for b in s.blocks if isinstance(b, Photographs) for p in b.items)
