import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fairweather.analysis.imports.file import read_file
from fairweather.errors import InputError

TEXT = b"strategy,mIoU\nbaseline,40\n"


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    return out.getvalue()


def parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"strategy": ["baseline"], "mIoU": [40.0]}), out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", TEXT), ("a.TSV", TEXT), ("a.txt", TEXT), ("a.parquet", parquet()), ("a.pq", parquet())],
    ids=["csv", "tsv", "txt", "parquet", "pq"],
)
def test_read_by_ending(write: Callable[..., Path], name: str, content: bytes) -> None:
    path = write(content, name)
    found = read_file(path)
    assert found.file == str(path)
    assert found.header == ("strategy", "mIoU")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", parquet(), "a Parquet file, although its name ends in .csv"),
        ("a.csv", zipped(), "a zip archive, such as a spreadsheet, although its name ends in .csv"),
        ("a.csv", gzip.compress(TEXT), "a gzip archive, although its name ends in .csv"),
        ("a.csv", b"<!DOCTYPE html><html></html>", "an HTML page, although its name ends in .csv"),
        ("a.parquet", TEXT, "not a Parquet file, although its name ends in .parquet"),
        ("a.parquet", zipped(), "a zip archive, such as a spreadsheet, although its name ends in .parquet"),
        ("a.parquet", b"", "the file is empty"),
        ("a.csv", b"", "the file is empty"),
        ("a.xlsx", zipped(), "the ending .xlsx is not known"),
        ("results", TEXT, "the name has no ending"),
    ],
    ids=[
        "parquet.csv", "zip.csv", "gzip.csv", "html.csv", "text.parquet", "zip.parquet", "empty.parquet", "empty.csv", "xlsx",
        "no ending",
    ],
)  # fmt: skip
def test_not_what_its_ending_says(write: Callable[..., Path], name: str, content: bytes, message: str) -> None:
    path = write(content, name)
    with pytest.raises(InputError) as error:
        read_file(path)
    assert str(error.value).startswith(f"{path}")
    assert message in str(error.value)


def test_missing_and_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_file(tmp_path / "none.csv")
    with pytest.raises(InputError, match="no such file"):
        read_file(tmp_path / "none")
    with pytest.raises(InputError, match="is a folder"):
        read_file(tmp_path)
