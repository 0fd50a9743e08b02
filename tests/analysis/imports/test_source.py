from pathlib import Path

import pytest

from fairweather.analysis.imports import Source, parse_columns, parse_sources
from fairweather.errors import InputError


def test_path_and_context() -> None:
    assert parse_sources(["a.csv", "stage1=b.csv", "x=y/c=d.csv"]) == (
        Source(Path("a.csv")), Source(Path("b.csv"), "stage1"), Source(Path("y/c=d.csv"), "x"),
    )  # fmt: skip


def test_a_path_that_exists_as_written_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("lr=0.1.csv").write_text("")
    assert parse_sources(["lr=0.1.csv", "lr=0.2.csv"]) == (Source(Path("lr=0.1.csv")), Source(Path("0.2.csv"), "lr"))


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["s=a.csv", "s=b.csv"], "context 's' is named twice, for a.csv and b.csv"),
        (["a.csv", "a.csv"], "a.csv is named twice"),
        (["=a.csv"], "'=a.csv' does not name a table"),
        (["stage1="], "'stage1=' does not name a table"),
    ],
)
def test_refused(texts: list[str], message: str) -> None:
    with pytest.raises(InputError) as error:
        parse_sources(texts)
    assert str(error.value).startswith(message)


def test_columns() -> None:
    assert parse_columns("value=mIoU (%), seed=,unit=percent") == {"value": "mIoU (%)", "seed": "", "unit": "percent"}
    assert parse_columns("") == {}


@pytest.mark.parametrize(
    ("text", "message"), [("mIoU", "'mIoU' is no ROLE=NAME"), ("value=a,value=b", "'value' is given twice")]
)
def test_columns_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_columns(text)
