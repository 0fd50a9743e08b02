"""What stands first."""

from dataclasses import replace

from fairweather.report.answer import IN_BIG_TYPE, lead
from fairweather.report.shape import shape_of


def ids(content):
    return [f.id for f in lead(content, shape_of(content))]


def test_the_most_interesting_strategy_tells_its_story_before_the_questions_that_are_left(contents):
    assert ids(contents["study"]) == [
        "gains.stage1.std_darken", "gains.stage2.std_darken", "gain_change.std_darken", "context.rank_moves",
        "design.smallest_gain",
    ]  # fmt: skip


def test_nothing_decided_gives_the_questions_about_all_the_broadest_first(contents):
    content = contents["study"]
    opened = tuple(replace(f, verdict="undecided") for f in content.findings)
    assert ids(replace(content, findings=opened)) == [
        "strategies.differ.stage1", "below_baseline.stage1", "context.rank_moves", "context.mean_gain_change",
        "design.smallest_gain",
    ]  # fmt: skip


def test_decided_questions_come_in_before_open_ones(contents):
    content = contents["study"]
    decided = {"influence.stage2": "no", "below_baseline.stage2": "yes", "gains.stage1.all_positive": "no"}
    found = tuple(replace(f, verdict=decided.get(f.id, "undecided")) for f in content.findings)
    chosen = ids(replace(content, findings=found))
    assert {"below_baseline.stage2", "influence.stage2", "context.rank_moves", "gains.stage1.all_positive"} <= set(
        chosen
    )
    assert chosen.index("below_baseline.stage2") < chosen.index("context.rank_moves") < chosen.index("influence.stage2")


def test_the_broad_question_is_never_left_out(contents):
    """However much is decided, a reader sees whether ranks move, or with one context whether strategies differ."""
    content = contents["study"]
    found = tuple(replace(f, verdict="undecided" if f.id == "context.rank_moves" else "yes") for f in content.findings)
    assert "context.rank_moves" in ids(replace(content, findings=found))
    one = tuple(f for f in content.findings if not f.id.startswith("context."))
    one = tuple(replace(f, verdict="untestable" if f.id.startswith("strategies.") else "yes") for f in one)
    assert ids(replace(content, findings=one))[0] == "strategies.differ.stage1"


def test_a_printed_yes_stands_before_a_printed_no(contents):
    """A table of gains decides by arithmetic alone: who falls below is said, not that nobody does elsewhere."""
    content = contents["study"]
    decided = {"gains.stage1.all_positive": "yes", "below_baseline.stage1": "no", "below_baseline.stage2": "yes"}
    found = tuple(replace(f, verdict=decided.get(f.id, "untestable")) for f in content.findings)
    chosen = ids(replace(content, findings=found))
    assert "below_baseline.stage2" in chosen and "context.rank_moves" in chosen
    assert chosen.index("below_baseline.stage2") < chosen.index("gains.stage1.all_positive")


def test_one_strategy_speaks_for_itself_even_when_untestable(contents):
    assert "gains.all.std_cutmix" in ids(contents["tiny"])


def test_never_more_than_big_type_bears(contents):
    assert all(len(lead(c, shape_of(c))) <= IN_BIG_TYPE for c in contents.values())
    assert ids(contents["bare"]) == []


def test_findings_nobody_foresaw_still_answer(contents):
    content = contents["study"]
    odd = replace(content.findings[0], id="weather.of.tomorrow")
    assert ids(replace(content, findings=(odd,), tables={"gains": content.tables["gains"]})) == ["weather.of.tomorrow"]
