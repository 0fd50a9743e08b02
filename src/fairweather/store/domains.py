"""Tables of domains that a tagger wrote, each with its sheet beside it: who said so, by which rule, how often it was right."""

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fairweather.data.frames import frame_rows
from fairweather.data.opening import DOMAIN_COLUMNS
from fairweather.errors import StoreError
from fairweather.store.files import read_json, write_bytes, write_json

COLUMNS = (*DOMAIN_COLUMNS, "confidence", "image_sha256")
SHEET = (
    "table_sha256",
    "tagger",
    "origin",
    "revision",
    "coverage",
    "confusion",
    "calibration",
)  # what readers of it use


def sheet_of(table: Path) -> Path:
    """Where the sheet of a table lies."""
    return table.with_suffix(".json")


def write_domains(table: Path, rows: Sequence[Mapping[str, str]], sheet: Mapping[str, Any]) -> None:
    """Write a table of domains and its sheet; whoever reads between the two sees a sheet of another table, and says so.

    Args:
        rows: a value for each of COLUMNS.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    data = text.getvalue().encode()
    write_json(sheet_of(table), {**sheet, "schema": 1, "table_sha256": hashlib.sha256(data).hexdigest()})
    write_bytes(table, data)


def read_sheet(table: Path) -> dict[str, Any] | None:
    """The sheet of a table of domains; None if there is none, or if it is not of the table as it is now.

    Raises:
        StoreError: the sheet is damaged.
    """
    path = sheet_of(table)
    if not path.is_file() or not table.is_file():
        return None
    record = read_json(path)
    if not isinstance(record, dict) or record.get("schema") != 1 or not set(SHEET) <= set(record):
        raise StoreError(f"{path}: not the sheet of a table of domains, which `fairweather data tag` writes")
    return record if record["table_sha256"] == hashlib.sha256(table.read_bytes()).hexdigest() else None


def said_before(table: Path, settings: str) -> dict[str, dict[str, str]]:
    """The rows of a table by the hash of their image, where its sheet names the same tagger and settings; empty otherwise."""
    sheet = read_sheet(table)
    if sheet is None or sheet.get("settings_sha256") != settings:
        return {}
    return {row["image_sha256"]: row for _, row in frame_rows(table, COLUMNS)}
