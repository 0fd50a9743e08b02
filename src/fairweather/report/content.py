"""Everything a report is made of: the findings, the checks, the tables behind them and the facts of the run."""

import re
from dataclasses import dataclass, field

import pyarrow as pa

from fairweather.analysis.finding import Finding
from fairweather.audit.check import Check
from fairweather.errors import InputError

Facts = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]

_TABLE_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Gallery:
    """Images of one pool and target domain, those first that break most rules of the gate.

    Args:
        strategy, dataset, domain: of the pool; jpeg: one picture, sources above.
        contexts: those that take from it, where another pool has the same strategy and data set.
    """

    strategy: str
    dataset: str
    domain: str
    jpeg: bytes = field(repr=False)
    contexts: str = ""


@dataclass(frozen=True, eq=False)
class ReportContent:
    """What the report prints; it computes nothing that is not in here.

    Args:
        title: the study's name, a noun phrase.
        question: what the study asks; one sentence that ends with a question mark.
        findings: every sentence the report may print about results; the order is the order in findings.json.
        checks: every check that ran, whether it holds or not.
        tables: name -> table, written as tables/<name>.csv. Known to the page: gains, changes, ranks, moves, per_class,
            cells, support, coverage, receipts, units, gate, not_covered, quality, quality_recipes; any may be missing or
            empty, others are written and listed.
        facts: (section, ((key, value), ...)): data fingerprints, recipe, budget, versions, timing, contexts. The pairs of
            the section "contexts" are (context, its domains), those of "budget" also stand at the head of the page.
        methods: paragraphs of the methods section, the only free prose of the page.
        commit: the commit of the code that made the results.
        galleries: generated images to look at first, one picture for each strategy, data set and target domain.
        smallest_gain: the gain in points below which a difference does not matter (`compare.smallest_gain`), drawn as a
            band; None draws none.

    Raises:
        InputError: a question without its mark, an id given twice, a table name that is no file name, or a finding whose
            evidence is not among the tables.
    """

    title: str
    question: str
    findings: tuple[Finding, ...]
    checks: tuple[Check, ...]
    tables: dict[str, pa.Table]
    facts: Facts
    methods: tuple[str, ...]
    commit: str
    smallest_gain: float | None = None
    galleries: tuple["Gallery", ...] = ()

    def __post_init__(self) -> None:
        if not self.question.endswith("?"):
            raise InputError(f"report: the question {self.question!r} is printed as one; it must end with '?'")
        for name in self.tables:
            if not _TABLE_NAME.fullmatch(name):
                raise InputError(f"report: table name {name!r} becomes a file name; allowed are a-z, 0-9 and _")
        seen: set[str] = set()
        for finding in self.findings:
            if finding.id in seen:
                raise InputError(f"report: finding id {finding.id!r} is given twice; an id names one statement")
            seen.add(finding.id)
            if finding.evidence not in {f"tables/{name}.csv" for name in self.tables}:
                known = ", ".join(sorted(self.tables)) or "none"
                raise InputError(
                    f"report: finding {finding.id!r} rests on {finding.evidence!r}, which is not among the tables ({known})"
                )
