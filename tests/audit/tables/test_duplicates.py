"""Several rows for one value."""

from collections.abc import Callable
from typing import Any

import pytest

from fairweather.audit import audit_table, left_out

Make = Callable[..., Any]
CODE = "table.duplicate_row"


def test_later_copies_are_left_out_and_point_to_the_first(clean: Any, audited: Make, fallen: Make, lines: Make) -> None:
    found = audited([*clean, dict(clean[7]), dict(clean[7]), dict(clean[0])])
    assert fallen(found) == {CODE}
    (check,) = found[CODE]
    assert lines(check) == [56, 57, 58] and check.action == "left out" and check.severity == "error"
    assert [row["copy_of"] for row in check.rows] == ["t.csv line 9", "t.csv line 9", "t.csv line 2"]
    assert check.statement == "2 values stand in the table more than once; the 3 later copies are left out."


def test_contradicting_rows_are_all_left_out_with_their_values(clean: Any, audited: Make, lines: Make) -> None:
    (check,) = audited([*clean, clean[7] | {"value": clean[7]["value"] + 1.25}])[CODE]
    assert lines(check) == [9, 56]
    assert [row["value"] for row in check.rows] == [clean[7]["value"], clean[7]["value"] + 1.25]
    assert "by up to 1.25 points" in check.statement


def test_a_copy_of_one_of_two_contradicting_rows_is_left_out_too(clean: Any, audited: Make, lines: Make) -> None:
    other = clean[7] | {"value": clean[7]["value"] - 2}
    (check,) = audited([*clean, other, dict(clean[7])])[CODE]
    assert lines(check) == [9, 56, 57]


def test_both_kinds_make_two_checks(clean: Any, imported: Make, audited: Make, lines: Make) -> None:
    rows = [*clean, dict(clean[0]), clean[1] | {"value": clean[1]["value"] + 1}]
    copies, fights = audited(rows)[CODE]
    assert lines(copies) == [56] and lines(fights) == [3, 57]
    assert left_out(audit_table(imported(rows))) == {("t.csv", line, "all") for line in (56, 3, 57)}


@pytest.mark.parametrize(
    "change", [{"seed": 1}, {"context": "two"}, {"domain": "night"}, {"class": "car"}, {"model": "x"}]
)
def test_another_run_domain_or_class_is_no_duplicate(change: Any, clean: Any, audited: Make) -> None:
    assert audited([*clean, clean[7] | change])[CODE][0].holds


def test_rows_without_a_value_are_no_duplicates(clean: Any, audited: Make) -> None:
    assert audited([*clean, clean[7] | {"value": None}])[CODE][0].holds


def test_an_alias_beside_its_name_is_a_duplicate_and_its_spelling_is_shown(clean: Any, audited: Make) -> None:
    (check,) = audited([*clean, clean[7] | {"spelled": "aa_arm", "value": clean[7]["value"] + 3}])[CODE]
    assert [row.get("spelled") for row in check.rows] == [None, "aa_arm"]
