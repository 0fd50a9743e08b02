"""fairweather audit: check study folders and tables of results."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from fairweather.audit import Check


def audit(
    paths: Annotated[list[Path], typer.Argument(help="Study folders, or tables of results (CSV, Parquet).")],
    json: Annotated[bool, typer.Option("--json", help="Print the object of audit.json.")] = False,
    baseline: Annotated[
        str | None, typer.Option(metavar="NAME", help="The baseline of tables, if it has another name.")
    ] = None,
) -> None:
    """Check study folders and tables of results; status 1 if a check of severity error does not hold."""
    import sys
    from json import dumps

    from fairweather.audit import audit_record, failed

    checks = [check for path in paths for check in _checks(path, baseline)]
    if json:
        sys.stdout.write(dumps(audit_record(checks), indent=1) + "\n")
    else:
        _print(checks)
    raise typer.Exit(1 if failed(checks) else 0)


def _checks(path: Path, baseline: str | None) -> "tuple[Check, ...]":
    from fairweather.analysis.imports import Source, read_tables
    from fairweather.audit import audit_study, audit_table, study_folder
    from fairweather.errors import InputError

    layout = study_folder(path)
    if layout is not None:
        return audit_study(layout)
    if path.is_dir():
        raise InputError(f"{path}: not a study folder (no plan.json); name a table of results or a study folder")
    return audit_table(read_tables([Source(path)], baseline, (), {}))


def _print(checks: "list[Check]") -> None:
    """Failed checks first, with their rows; then those that hold."""
    from rich.console import Console

    console = Console(highlight=False)
    order = {"error": 0, "warning": 1, "note": 2}
    for check in sorted(checks, key=lambda check: (check.holds, order[check.severity])):
        state = "holds" if check.holds else f"FAILED ({check.severity})"
        console.print(f"{state}  {check.code}", markup=False, style="" if check.holds else "bold")
        console.print(f"    {check.statement}", markup=False)
        for row in check.rows if not check.holds else ():
            console.print("      " + ", ".join(f"{key} {value}" for key, value in row.items()), markup=False)
    failures = sum(not check.holds for check in checks)
    console.print(f"{len(checks)} checks, {failures} failed")
