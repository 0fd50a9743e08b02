"""What stands first."""

from dataclasses import replace

from fairweather.report.answer import IN_BIG_TYPE, lead
from fairweather.report.shape import shape_of


def ids(content):
    return [f.id for f in lead(content, shape_of(content))]


def test_the_most_interesting_strategy_tells_its_story(contents):
    assert ids(contents["study"]) == ["gains.stage1.std_darken", "gains.stage2.std_darken", "gain_change.std_darken"]


def test_nothing_decided_gives_the_questions_about_all(contents):
    content = contents["study"]
    opened = tuple(replace(f, verdict="undecided") for f in content.findings)
    assert ids(replace(content, findings=opened)) == [
        "strategies.differ.stage1", "strategies.differ.stage2", "gains.stage1.all_positive",
    ]  # fmt: skip


def test_decided_questions_come_before_open_ones(contents):
    content = contents["study"]
    found = tuple(replace(f, verdict="no" if f.id == "context.rank_moves" else "undecided") for f in content.findings)
    assert ids(replace(content, findings=found))[0] == "context.rank_moves"


def test_one_strategy_speaks_for_itself_even_when_untestable(contents):
    assert ids(contents["tiny"])[0] == "gains.all.std_cutmix"


def test_never_more_than_big_type_bears(contents):
    assert all(len(lead(c, shape_of(c))) <= IN_BIG_TYPE for c in contents.values())
    assert ids(contents["bare"]) == []


def test_findings_nobody_foresaw_still_answer(contents):
    content = contents["study"]
    odd = replace(content.findings[0], id="weather.of.tomorrow")
    assert ids(replace(content, findings=(odd,), tables={"gains": content.tables["gains"]})) == ["weather.of.tomorrow"]
