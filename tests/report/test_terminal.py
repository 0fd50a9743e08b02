"""The summary at the end of a run."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from fairweather.report.terminal import summary


def said(content, width, folder=None):
    sink = io.StringIO()
    summary(content, Console(file=sink, width=width, force_terminal=False), folder)
    return sink.getvalue()


def test_answer_verdicts_failed_checks_and_place(contents):
    text = said(contents["study"], 160, Path("runs/dusk/report"))
    lines = text.splitlines()
    assert lines[0] == next(f.statement for f in contents["study"].findings if f.id == "gains.stage1.std_darken")
    row = next(line for line in lines if line.startswith("std_darken ") and "▲" in line)
    assert row.split()[1:4] == ["▲", "helps", "+9.51"] and "[+8.82, +10.20]" in row and "▼ smaller" in row
    failed = [line for line in lines if line.startswith(("error: ", "warning: "))]
    assert [line.split(":")[0] for line in failed] == ["error", "warning"] and "table.too_good_value" in failed[0]
    assert "checks: 10 made, 2 failed" in lines and lines[-1] == "report: runs/dusk/report/index.html"


@pytest.mark.parametrize("width", [160, 100, 80])
def test_no_number_is_cut(contents, width):
    text = said(contents["study"], width)
    assert "…" not in text and "−11.40" in text
    assert ("[+8.82, +10.20] ▼" in text) == (width == 160), "intervals only where there is room"


def test_names_are_not_read_as_markup(contents):
    text = said(contents["hostile"], 200)
    assert "[x](y)" in text and "two lines" in text and "<script>alert(1)</script>" in text


def test_untestable_and_bare(contents):
    assert "not testable" in said(contents["tiny"], 100)
    assert said(contents["bare"], 100) == "checks: 0 made, 0 failed\n"
