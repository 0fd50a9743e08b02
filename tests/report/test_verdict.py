"""The word for a verdict depends on what was asked."""

import pytest

from fairweather.report.verdict import decided, in_words

ASKED = ("gain", "change", "control", "share", "claim")


@pytest.mark.parametrize(
    ("asked", "yes", "no"),
    [("gain", "▲ helps", "▼ hurts"), ("change", "▲ larger", "▼ smaller"), ("control", "◆ differs", "= no difference"),
     ("share", "◆ part of it", "◇ away from it"), ("claim", "yes", "no")],
)  # fmt: skip
def test_decided_words(asked, yes, no):
    assert (str(in_words("yes", asked)), str(in_words("no", asked))) == (yes, no)
    assert decided("yes") and decided("no")


@pytest.mark.parametrize("asked", ASKED)
def test_open_words_never_take_a_side(asked):
    assert in_words("undecided", asked).word == "cannot tell"
    assert in_words("untestable", asked).word == "not testable"
    assert not decided("undecided") and not decided("untestable")


def test_marks_tell_apart_what_colour_tells_apart():
    told = [in_words(v, "gain") for v in ("yes", "no", "undecided", "untestable")]
    assert len({w.mark for w in told}) == len({w.tone for w in told}) == 4


def test_no_verdict_no_word():
    assert str(in_words("", "gain")) == ""
