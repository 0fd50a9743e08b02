"""Printed changes between two contexts."""

from collections.abc import Callable
from typing import Any

import pytest

Make = Callable[..., Any]
CODE = "table.printed_change"
FIRST, SECOND = [1.97, 1.53, 0.27, 0.0], [0.04, 0.15, 1.45, 0.0]
RANKS = [(1, 3), (2, 2), (3, 1), (4, 4)]
NAMES = ["gen_a", "gen_b", "std_c", "baseline"]


def rows() -> list[dict[str, Any]]:
    return [
        {
            "strategy": name,
            "context": context,
            "line": at + 2,
            "digits": 2,
            "value": pair[which],
            "rank": RANKS[at][which],
        }
        for at, (name, pair) in enumerate(zip(NAMES, zip(FIRST, SECOND, strict=True), strict=True))
        for which, context in enumerate(("stage1", "stage2"))
    ]


def printed(gain: list[float | None] | None = None, rank: list[float | None] | None = None) -> list[dict[str, Any]]:
    none: list[float | None] = [None] * 4
    return [
        {"file": "t.csv", "line": at + 2, "strategy": name, "gain_change": g, "rank_change": r, "digits": 2}
        for at, (name, g, r) in enumerate(zip(NAMES, gain or none, rank or none, strict=True))
    ]


@pytest.mark.parametrize(
    ("changes", "statement"),
    [
        (printed(rank=[-2, 0, 2, 0]), "4 printed rank changes equal stage1 minus stage2."),
        (printed(rank=[2, 0, -2, 0]), "4 printed rank changes equal stage2 minus stage1."),
        (printed(gain=[-1.93, -1.38, 1.18, 0.0]), "4 printed gain changes equal stage2 minus stage1."),
        (printed(gain=[1.92, 1.39, -1.17, 0.0]), "4 printed gain changes equal stage1 minus stage2."),
    ],
    ids=["improved is positive", "improved is negative", "gain changes", "reductions, one unit off"],
)
def test_changes_that_agree_name_their_sign(changes: Any, statement: str, audited: Make, fallen: Make) -> None:
    found = audited(rows(), kind="gains", changes=changes)
    assert CODE not in fallen(found) and [check.statement for check in found[CODE]] == [statement]


def test_a_wrong_change_is_named_with_what_was_expected(audited: Make) -> None:
    changes = printed(gain=[-1.93, -1.36, 1.18, 0.0], rank=[-2, 0, 3, 0])
    rank, gain = audited(rows(), kind="gains", changes=changes)[CODE]
    assert rank.severity == gain.severity == "warning" and not rank.holds and not gain.holds
    assert rank.rows == ({"file": "t.csv", "line": 4, "strategy": "std_c", "rank_change": 3.0, "expected": 2.0},)
    assert gain.rows == ({"file": "t.csv", "line": 3, "strategy": "gen_b", "gain_change": -1.36, "expected": -1.38},)
    assert gain.statement == (
        "1 of 4 printed gain changes is not stage2 minus stage1, as -1.36 for gen_b, where the printed numbers give -1.38."
    )


def test_lines_that_lack_a_number_are_counted(audited: Make) -> None:
    known = rows()
    known[1]["value"] = None
    (check,) = audited(known, kind="gains", changes=printed(gain=[-1.93, -1.38, 1.18, 0.0]))[CODE]
    assert check.statement == "3 printed gain changes equal stage2 minus stage1; 1 could not be compared."


def test_the_reference_holds_and_a_changed_digit_is_found(gain_records: Any, audited: Make) -> None:
    values, changes = gain_records
    assert audited(values, kind="gains", changes=changes)[CODE][0].holds
    wrong = [dict(row) for row in changes]
    wrong[25]["rank_change"] = 24.0
    (check,) = audited(values, kind="gains", changes=wrong)[CODE]
    assert [(row["line"], row["strategy"], row["expected"]) for row in check.rows] == [(27, "std_cutmix", 25.0)]


def test_a_table_without_changes_says_so(clean: Any, audited: Make) -> None:
    assert audited(clean)[CODE][0].statement == "The table prints no changes between two contexts."
