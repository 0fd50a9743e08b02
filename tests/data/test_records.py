import json
from pathlib import Path

import pytest

from fairweather.data import records
from fairweather.data.records import json_records
from fairweather.errors import DataError


@pytest.fixture(autouse=True, params=[1, 7, 4096])
def chunk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Every test with reads that cut records anywhere."""
    monkeypatch.setattr(records, "CHUNK", request.param)
    return int(request.param)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("indent", [None, 4])
def test_the_entries_are_those_of_json_load(indent: int | None, tmp_path: Path) -> None:
    entries = [{"name": "a", "box": [1.5, -2e3]}, {"näme": "b] }, {"}, 12345, "text", [], None, True]
    path = written(tmp_path / "file.json", json.dumps(entries, indent=indent, ensure_ascii=False))
    assert list(json_records(path)) == entries


def test_an_empty_list_has_no_entries(tmp_path: Path) -> None:
    assert list(json_records(written(tmp_path / "file.json", " [ ]\n"))) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not a JSON list of records"),
        ('{"name": "a"}', "not a JSON list of records"),
        ('[{"name": "a"}, {"name": "b"', "record 2: not JSON, or the file is cut short"),
        ('[{"name": "a"}', "record 1: not JSON, or the file is cut short"),
        ('[{"name": "a"}, ]', "record 2: not JSON"),
        ('[{"name": "a"} {"name": "b"}]', "record 1: followed by '{'; a comma or the end of the list is due"),
    ],
)
def test_a_broken_file_is_named_with_the_record(text: str, message: str, tmp_path: Path) -> None:
    path = written(tmp_path / "file.json", text)
    with pytest.raises(DataError, match=message) as caught:
        list(json_records(path))
    assert str(caught.value).startswith(str(path)) and "\n" not in str(caught.value)


def test_brackets_that_never_close_do_not_take_the_whole_file_into_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "LONGEST", 100)
    path = written(tmp_path / "file.json", '[{"name": [' + "1, " * 5000)
    with pytest.raises(DataError, match="record 1: not JSON"):
        list(json_records(path))


def test_lists_in_lists_in_lists_are_one_line(tmp_path: Path) -> None:
    path = written(tmp_path / "file.json", "[" * 100_000)
    with pytest.raises(DataError, match="record 1: lists in lists in lists"):
        list(json_records(path))


def test_what_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.json: no such file"):
        list(json_records(tmp_path / "none.json"))
    (tmp_path / "latin.json").write_bytes('["grün"]'.encode("latin-1"))
    with pytest.raises(DataError, match=r"latin\.json: not UTF-8 text"):
        list(json_records(tmp_path / "latin.json"))
    with pytest.raises(DataError, match="cannot be read: Is a directory"):
        list(json_records(tmp_path))
