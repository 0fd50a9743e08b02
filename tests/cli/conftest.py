"""The command line in this process."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fairweather.cli.main import main

Door = Callable[..., tuple[int, str, str]]


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Door:
    """The command in this process, which has imported everything once: (status, stdout, stderr)."""

    def enter(*words: object, cwd: Path) -> tuple[int, str, str]:
        monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "argv", ["fairweather", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        said = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code, said.out, said.err

    return enter
