"""fairweather audit: check a study folder."""

from pathlib import Path
from typing import Annotated

import typer


def audit(
    paths: Annotated[list[Path], typer.Argument(help="Study folders.")],
    json: Annotated[bool, typer.Option("--json", help="Print the object of audit.json.")] = False,
) -> None:
    """Check study folders; status 1 if a check of severity error does not hold."""
    import sys
    from json import dumps

    from rich.console import Console

    from fairweather.audit import Check, audit_record, audit_study, failed, study_folder
    from fairweather.errors import InputError
    from fairweather.report.terminal import print_checks

    checks: list[Check] = []
    for path in paths:
        layout = study_folder(path)
        if layout is None:
            raise InputError(f"{path}: not a study folder (no plan.json); name the folder a study was run into")
        checks += audit_study(layout)
    if json:
        sys.stdout.write(dumps(audit_record(checks), indent=1) + "\n")
    else:
        print_checks(checks, Console())
    raise typer.Exit(1 if failed(checks) else 0)
