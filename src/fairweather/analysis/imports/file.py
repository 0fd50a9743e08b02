"""A file of results, read by what its ending says and its content confirms."""

from pathlib import Path

from fairweather.analysis.imports.columnar import read_columnar
from fairweather.analysis.imports.delimited import read_delimited
from fairweather.analysis.imports.sheet import Sheet, path_shown, shown
from fairweather.errors import InputError

TEXT_ENDINGS, PARQUET_ENDINGS = (".csv", ".tsv", ".txt"), (".parquet", ".pq")
ALLOWED = "allowed: .csv, .tsv or .txt for delimited text, .parquet for Parquet"
PARQUET = b"PAR1"
# First bytes of what is met under the name of a table of results.
KINDS = {
    PARQUET: "a Parquet file", b"PK\x03\x04": "a zip archive, such as a spreadsheet", b"\x1f\x8b": "a gzip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook", b"%PDF": "a PDF document", b"ARROW1": "an Arrow file",
    b"<!doctype": "an HTML page", b"<html": "an HTML page", b"\x89PNG": "a PNG picture", b"SQLite": "an SQLite database",
}  # fmt: skip


def read_file(path: Path) -> Sheet:
    """The sheet of a .csv, .tsv, .txt or .parquet file.

    Raises:
        InputError: no such file, a folder, unreadable, another ending, content that is not what the ending says, or what
            `read_delimited` and `read_columnar` refuse.
    """
    file, ending = str(path), path.suffix.lower()
    if path.is_dir():
        raise InputError(f"{path_shown(file)} is a folder (needed: a file of results, or the folder of a study)")
    if ending not in (*TEXT_ENDINGS, *PARQUET_ENDINGS):
        raise InputError(f"{path_shown(file)}: {_ending(path)} ({ALLOWED})")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path_shown(file)}: {error.strerror or error} (needed: a file that can be read)") from error
    if not data:
        raise InputError(f"{path_shown(file)}: the file is empty (needed: a header line and a row for each result)")
    start = data[:16].lower()
    kind = next((said for magic, said in KINDS.items() if start.startswith(magic.lower())), "")
    if ending in PARQUET_ENDINGS:
        if not data.startswith(PARQUET):
            raise InputError(
                f"{path_shown(file)}: {kind or 'not a Parquet file'}, although its name ends in {ending} ({ALLOWED})"
            )
        return read_columnar(file, data)
    if kind:
        raise InputError(f"{path_shown(file)}: {kind}, although its name ends in {ending} ({ALLOWED})")
    return read_delimited(file, data)


def _ending(path: Path) -> str:
    if not path.exists():
        return "no such file"
    return f"the ending {shown(path.suffix)} is not known" if path.suffix else "the name has no ending"
