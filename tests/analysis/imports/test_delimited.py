import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairweather.analysis.imports.delimited import read_delimited
from fairweather.analysis.imports.sheet import Sheet
from fairweather.errors import InputError


def sheet(text: str | bytes) -> Sheet:
    return read_delimited("t.csv", text.encode() if isinstance(text, str) else text)


def cells(found: Sheet) -> list[tuple[str, ...]]:
    return list(zip(*(column.to_pylist() for column in found.columns), strict=True))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"], ids=["plain", "bom"])
def test_delimiters_line_ends_and_marks(delimiter: str, end: str, bom: bytes) -> None:
    text = end.join([delimiter.join("ab"), delimiter.join("12"), "", delimiter.join("34")])
    found = sheet(bom + text.encode())
    assert found.header == ("a", "b")
    assert cells(found) == [("1", "2"), ("3", "4")]
    assert found.lines.tolist() == [2, 4]


def test_quoted_line_ends_keep_the_line_where_the_record_starts() -> None:
    found = sheet('a,b\n"x\ny",1\n\n"p""q\r\n",2\nz,3')
    assert cells(found) == [("x\ny", "1"), ('p"q\r\n', "2"), ("z", "3")]
    assert found.lines.tolist() == [2, 5, 7]


def test_the_header_may_hold_line_ends_and_delimiters() -> None:
    found = sheet('"a\nx;y;z;",b\n1,2\n')
    assert found.header == ("a\nx;y;z;", "b")
    assert found.lines.tolist() == [3]


def test_a_quote_inside_a_plain_cell_is_a_quote() -> None:
    found = sheet('a,b\n5" tall,1\nx,2\n')
    assert cells(found) == [('5" tall', "1"), ("x", "2")]
    assert found.lines.tolist() == [2, 3]


def test_rows_of_empty_cells_are_no_rows() -> None:
    found = sheet("a,b\n1,2\n,\n3,\n,\n")
    assert cells(found) == [("1", "2"), ("3", "")]
    assert found.lines.tolist() == [2, 4]


def test_a_column_without_a_name_is_no_error() -> None:
    assert sheet(",a,\n0,1,\n").header == ("", "a", "")


name = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=12
) | st.sampled_from(
    ["<script>alert(1)</script>", 'a"b,c', "x\ny", "\r\n", "🌧️", "n" * 300, "=1+1", '"', '""', ",", " ", "a;b\tc", "𝔘"]
)


@given(st.lists(st.tuples(name, name), min_size=1, max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_names_written_by_python_come_back_with_their_lines(rows: list[tuple[str, str]], end: str) -> None:
    """The writer quotes what must be quoted; lines are counted here in the text written so far."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(["left", "right"])
    lines = []
    for row in rows:
        written = out.getvalue().replace("\r\n", "\n").replace("\r", "\n")
        lines.append(1 + written.count("\n"))
        writer.writerow(row)
    found = sheet(out.getvalue())
    assert cells(found) == rows
    assert found.lines.tolist() == lines


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "t.csv: the file is empty"),
        (b"\xef\xbb\xbf\n \n", "t.csv: the file is empty"),
        ("a,b\n", "t.csv: a header line and no rows"),
        ("a,b\n,\n", "t.csv: a header line and no rows"),
        ("a,b,a\n1,2,3\n", "t.csv: column a is there twice"),
        ("a,b\n1,2\n\n1\n", "t.csv line 4: 1 cell where the header has 2"),
        ("a,b\n1,2,3\n", "t.csv line 2: 3 cells where the header has 2"),
        ('a,b\n"x\ny",1\nz\n', "t.csv line 4: 1 cell where the header has 2"),
        ('a,b\n1,2\n"x,3\n4,5\n', "t.csv line 3: 1 cell where the header has 2 (a double quote that is not closed?)"),
        (b"a,b\nx,1\ncaf\xe9,2\n", "t.csv line 3: byte 0xe9 is not UTF-8"),
        ("a,b\nx,1\n".encode("utf-16"), "t.csv: UTF-16 text"),
        (b"a,b\r\nx\0,1\r\n", "t.csv line 2: byte 0x00, so this is no text"),
    ],
)
def test_refused_in_one_line(text: str | bytes, message: str) -> None:
    with pytest.raises(InputError) as error:
        sheet(text)
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)
    assert "(" in str(error.value)


def test_many_rows_have_the_lines_they_stand_in() -> None:
    """Several blocks of the reader: more text than one of them holds, and an empty line now and then."""
    rows = [f"name{at},{at}" + ("\n" if at % 1000 == 0 else "") for at in range(100_000)]
    found = sheet("a,b\n" + "\n".join(rows) + "\n")
    at = np.arange(100_000)
    assert (found.lines == 2 + at + (at + 999) // 1000).all()
    assert found.columns[1][99_999].as_py() == "99999"
