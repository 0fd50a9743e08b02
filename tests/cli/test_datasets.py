import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.data.layouts import layouts, scenes

LAYOUTS = layouts()
Door = Callable[..., tuple[int, str, str]]  # the fixture `door`


def states(door: Door, tmp_path: Path, *words: str) -> dict[str, str]:
    status, said, err = door("datasets", "--json", *words, cwd=tmp_path)
    assert (status, err) == (0, "")
    return {row["reader"]: row["state"] for row in json.loads(said)}


def test_data_sets_are_found_under_a_folder(door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FAIRWEATHER_DATA", raising=False)
    place = tmp_path / "data"
    for name, layout in LAYOUTS.items():
        (place / name).mkdir(parents=True)
        layout.write(place / name, scenes())
    found = states(door, tmp_path, "--under", str(place))
    assert found["fairtown"] == "built in"
    for name, layout in LAYOUTS.items():
        assert str(place / name) in found[layout.reader]
    for reader, state in found.items():  # each layout is known by its own reader alone
        at = state.removeprefix("found at ").split(", ") if state.startswith("found at") else []
        assert {LAYOUTS[Path(path).name].reader for path in at} <= {reader}, state
    monkeypatch.setenv("FAIRWEATHER_DATA", str(place))
    assert states(door, tmp_path) == found


def test_where_nobody_looked_is_said(door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FAIRWEATHER_DATA", raising=False)
    assert states(door, tmp_path)["camvid"] == "not looked for"
    assert states(door, tmp_path, "--under", str(tmp_path))["camvid"] == f"not found under {tmp_path}"
    status, _, err = door("datasets", "--under", "nowhere", cwd=tmp_path)
    assert status == 2 and err == "fairweather: --under: nowhere is no folder\n"
