"""A check: one thing that was looked at, whether it holds, and the rows that show it (audit.json, schema 1)."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Check:
    """The outcome of one check; every check that ran is listed, whether it holds or not.

    Args:
        code: begins with table., receipt., labels., split., pool., units. or data.
        statement: one sentence that says what holds or what does not.
        rows: the evidence, one mapping a row.
        action: what was done with those rows.
        advice: what to do about it, one line; "" where the statement says it all.
    """

    code: str
    severity: Severity
    holds: bool
    statement: str
    rows: tuple[dict[str, Any], ...] = ()
    action: Literal["left out", "kept"] = "kept"
    advice: str = ""


def audit_record(checks: Iterable[Check]) -> dict[str, Any]:
    """The object of audit.json."""
    return {"schema": 1, "checks": [_record(check) for check in checks]}


def failed(checks: Iterable[Check]) -> bool:
    """Whether a check of severity error does not hold (exit status 1)."""
    return any(check.severity == "error" and not check.holds for check in checks)


def _record(check: Check) -> dict[str, Any]:
    record = {**asdict(check), "rows": list(check.rows)}
    if not check.advice:
        del record["advice"]
    return record
