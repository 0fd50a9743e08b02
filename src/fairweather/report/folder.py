"""The report on disk: written whole under a temporary name, then swapped in, so that a reader never sees half of one."""

import hashlib
import io
import json
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import csv

from fairweather.audit.check import audit_record
from fairweather.errors import InputError, MachineError
from fairweather.report.content import ReportContent
from fairweather.report.page import assemble
from fairweather.report.template import to_html, to_markdown

ENTRIES = ("audit.json", "figures", "findings.json", "index.html", "report.md", "tables")


def render(content: ReportContent, folder: Path) -> tuple[Path, ...]:
    """Write the report of a content into `folder` and return its files, sorted.

    report.md, index.html (one file, no outside request), findings.json, audit.json, tables/*.csv, figures/*.svg. Equal
    content gives equal bytes. An older report in `folder` is replaced as a whole, and only when the new one is complete.

    Raises:
        InputError: `folder` is a file, or holds anything that is not part of a report.
        MachineError: the disk refused (full, read-only); what was there before is untouched.
    """
    _refuse_foreign(folder)
    files = _files(content)
    fresh = folder.parent / f".{folder.name}.{secrets.token_hex(4)}"
    try:
        for name, data in files.items():
            target = fresh / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        _swap(fresh, folder)
    except OSError as error:
        reason = error.strerror or str(error)
        raise MachineError(f"{folder}: the report could not be written ({reason}); an older one is kept") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return tuple(folder / name for name in sorted(files))


def table_bytes(table: pa.Table) -> bytes:
    """A table as UTF-8 CSV with a header; text is always quoted and null is an empty field, so that both come back."""
    sink = io.BytesIO()
    csv.write_csv(table, sink)
    return sink.getvalue()


def _files(content: ReportContent) -> dict[str, bytes]:
    """Path within the report -> bytes."""
    page = assemble(content)
    tables = {f"tables/{name}.csv": table_bytes(table) for name, table in content.tables.items()}
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in tables.items()}
    findings = {"schema": 1, "findings": [f.record(digests[f.evidence]) for f in content.findings]}
    return {
        "report.md": to_markdown(page).encode(),
        "index.html": to_html(page).encode(),
        "findings.json": _json(findings),
        "audit.json": _json(audit_record(content.checks)),
        **{f"figures/{figure.name}.svg": figure.svg.encode() for figure in page.figures},
        **tables,
    }


def _json(record: Mapping[str, Any]) -> bytes:
    return (json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False, default=_number) + "\n").encode()


def _number(value: object) -> Any:
    """NumPy scalars among the rows of a check; anything else is a mistake of the check."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(
        f"a record holds {value!r} of type {type(value).__name__}; allowed are text, numbers, booleans and lists"
    )


def _refuse_foreign(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise InputError(f"{folder}: the report is a folder, but this is a file or a link; name another place")
    foreign = sorted(p.name for p in folder.iterdir() if p.name not in ENTRIES) if folder.exists() else []
    if foreign:
        raise InputError(
            f"{folder}: holds {foreign[0]!r}, which is not part of a report; a report is replaced as a whole"
        )


def _swap(fresh: Path, folder: Path) -> None:
    """Put `fresh` in the place of `folder`; the older report is taken away only after the new one stands."""
    old = fresh.with_name(fresh.name + ".old")
    if folder.exists():
        folder.rename(old)
        try:
            fresh.rename(folder)
        except OSError:
            old.rename(folder)
            raise
        shutil.rmtree(old, ignore_errors=True)
    else:
        fresh.rename(folder)
