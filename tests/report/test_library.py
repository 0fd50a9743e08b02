"""The chart library comes from vl-convert and can stand inside a page."""

import subprocess

import pytest

from fairweather.errors import MachineError
from fairweather.report import library


def test_it_defines_the_embedding_layer_and_closes_no_script():
    text = library.source()
    assert text.rstrip().endswith(";") and "window.vegaEmbed=" in text
    assert "</script" not in text.lower() and "<!--" not in text and text.isprintable() is False
    assert library.source() is text, "made once"


class Ended:
    def __init__(self, out, said, code):
        self.out, self.said, self.returncode = out, said, code

    def communicate(self):
        return self.out, self.said


@pytest.mark.parametrize(
    ("ended", "reason"),
    [(Ended(b"", b"Traceback\nImportError: no vl_convert", 1), "no vl_convert"), (Ended(b"", b"", 0), "no output"),
     (Ended(b"x</SCRIPT>", b"", 0), "no output that a page can hold")],
)  # fmt: skip
def test_a_bundler_that_fails_is_named(monkeypatch, ended, reason):
    monkeypatch.setattr(library, "prepare", lambda: ended)
    with pytest.raises(MachineError, match=reason):
        library.source.__wrapped__()


def test_it_begins_once():
    assert library.prepare() is library.prepare() and isinstance(library.prepare(), subprocess.Popen)
