"""The report on disk: written whole under a temporary name, then swapped in, so that a reader never sees half of one."""

import hashlib
import io
import json
import re
import secrets
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from pyarrow import csv

from fairweather.audit.check import audit_record
from fairweather.errors import InputError, MachineError
from fairweather.report.content import ReportContent
from fairweather.report.latex import to_latex
from fairweather.report.page import assemble
from fairweather.report.template import to_html, to_markdown
from fairweather.report.workshop import prepare

Format = Literal["svg", "png"]
ENTRIES = ("audit.json", "figures", "findings.json", "index.html", "report.md", "tables")

# What a spreadsheet would compute instead of show: a formula sign or a separator first, or behind spaces, quotes and invisible
# characters alone; the wide forms are signs to a Japanese Excel.
_FORMULA = re.compile(r"[\s'\"\x00-\x1f\x7f-\x9f\u200b-\u200f\u2060\ufeff]*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def render(content: ReportContent, folder: Path, figures: Sequence[Format] = ("svg",)) -> tuple[Path, ...]:
    """Write the report of a content into `folder` and return its files, sorted.

    report.md, index.html (one file, no outside request), findings.json, audit.json, tables/*.csv, tables/*.tex, figures/*.
    Equal content gives equal bytes. An older report in `folder` is replaced as a whole, and only when the new one is complete.

    Args:
        figures: what each figure is written as beside the page, which holds them all itself. PNG takes longer than all the
            rest: half a second for each large figure.

    Raises:
        InputError: `folder` is a file, or holds anything that is not part of a report.
        MachineError: the disk refused (full, read-only); what was there before is untouched.
    """
    _refuse_foreign(folder)
    files = _files(content, figures)
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
    """A table as UTF-8 CSV with a header; text is always quoted and null is an empty field, so that both come back.

    Text that a spreadsheet would take for a formula (=, +, -, @, a tab or a line break first, or behind spaces and quotes) has an
    apostrophe put before it, in headings too (OWASP, "CSV Injection"); numbers never. `plain_text` takes it away.
    """
    columns = [_shown_as_text(column) for column in table.columns]
    sink = io.BytesIO()
    csv.write_csv(pa.table(columns, names=[_as_text(name) for name in table.column_names]), sink)
    return sink.getvalue()


def plain_text(cell: str) -> str:
    """The text of a cell written by `table_bytes`: the apostrophe before a formula taken away, anything else as it is."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def _as_text(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _shown_as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column whose text no spreadsheet computes; columns of anything but text as they are."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column
    if not any(_FORMULA.match(text) for text in column.unique().to_pylist() if text):
        return column
    written = [None if text is None else _as_text(text) for text in column.to_pylist()]
    return pa.chunked_array([pa.array(written, column.type)])


def _files(content: ReportContent, figures: Sequence[Format]) -> dict[str, bytes]:
    """Path within the report -> bytes."""
    prepare()  # a second of another core's work; the page waits for it at the end
    page = assemble(content, figures)
    tables = {f"tables/{name}.csv": table_bytes(table) for name, table in content.tables.items()}
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in tables.items()}
    findings = {"schema": 1, "findings": [f.record(digests[f.evidence]) for f in content.findings]}
    texts = {
        **tables,
        **{f"tables/{name}": text.encode() for name, text in to_latex(content).items()},
        "findings.json": _json(findings),
        "audit.json": _json(audit_record(content.checks)),
        "report.md": to_markdown(page).encode(),
    }
    return {  # last what waits for the charts, which are drawn meanwhile
        **texts,
        "index.html": to_html(page).encode(),
        **{f"figures/{p.name}.jpg": p.jpeg for p in page.photographs},
        **{f"figures/{f.name}.svg": f.picture.svg.encode() for f in page.figures if "svg" in figures},
        **{f"figures/{f.name}.png": f.picture.png() for f in page.figures if "png" in figures},
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
