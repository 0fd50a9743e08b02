"""A finding: one machine-checked statement with its verdict, estimate, test and evidence (findings.json, schema 1)."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Verdict = Literal["yes", "no", "undecided", "untestable"]
Scope = Literal["population", "table"]


@dataclass(frozen=True)
class Estimate:
    """A value with its interval at `level`; `unit` names what is counted."""

    value: float
    low: float | None
    high: float | None
    unit: str = "mIoU points"
    level: float = 0.95


@dataclass(frozen=True)
class Test:
    """A test by name, its statistic, its p-value and, where several were made, the adjusted one."""

    name: str
    statistic: float | None
    p: float | None
    p_adjusted: float | None = None


@dataclass(frozen=True)
class Finding:
    """One statement the report may print.

    Args:
        id: stable and dotted, for example "gains.stage1.std_cutmix".
        question: what was asked; statement: the one sentence that answers it.
        n: what was counted, for example {"strategies": 6, "cells": 1, "seeds": 3}.
        evidence: the table of the report the numbers stand in, for example "tables/gains.csv".
        caveats: further sentences that belong to the statement.
    """

    id: str
    question: str
    verdict: Verdict
    scope: Scope
    statement: str
    estimate: Estimate | None
    test: Test | None
    n: dict[str, int]
    metric: str
    evidence: str
    caveats: tuple[str, ...] = ()

    def record(self, sha256: str) -> dict[str, Any]:
        """The finding as it stands in findings.json, its evidence pinned by the table's digest."""
        row = asdict(self)
        row["evidence"] = {"table": self.evidence, "sha256": sha256}
        row["caveats"] = list(self.caveats)
        return row
