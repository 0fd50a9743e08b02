import json

import pytest

from fairweather.cli.listing import print_listing

ROWS = [
    {"name": "a", "what": "install fairweather[train]", "control": True},
    {"name": "b", "what": "", "control": False},
]


def test_brackets_in_a_cell_are_printed_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    print_listing("things", ROWS, json=False)
    assert "fairweather[train]" in capsys.readouterr().out


def test_json_holds_every_key_and_the_table_those_shown(capsys: pytest.CaptureFixture[str]) -> None:
    print_listing("things", ROWS, json=True, shown=("name",))
    assert json.loads(capsys.readouterr().out) == ROWS
    print_listing("things", ROWS, json=False, shown=("name",))
    assert "install" not in capsys.readouterr().out
