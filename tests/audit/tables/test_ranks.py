"""Printed ranks beside printed values."""

from collections.abc import Callable
from typing import Any

import pytest

Make = Callable[..., Any]
RANK, TIE = "table.printed_rank", "table.printed_tie"


def ranked(values: list[float], ranks: list[float | None], context: str = "all") -> list[dict[str, Any]]:
    names = ["baseline", *(f"std_{chr(97 + k)}x" for k in range(len(values) - 1))]
    return [
        {"strategy": name, "context": context, "value": value, "rank": rank, "digits": 2}
        for name, value, rank in zip(names, values, ranks, strict=True)
    ]


VALUES = [0.0, 2.41, 1.93, 1.52, 1.11, 0.72, 0.33]
RANKS: list[float | None] = [7, 1, 2, 3, 4, 5, 6]


def test_ranks_that_agree_hold(audited: Make, fallen: Make) -> None:
    found = audited(ranked(VALUES, RANKS), kind="gains")
    assert not fallen(found) and found[RANK][0].statement == "7 printed ranks agree with the printed values."


@pytest.mark.parametrize(
    ("change", "wrong", "expected"),
    [
        ({1: 2, 2: 1}, [3, 4], ["1", "2"]),
        ({1: 6, 6: 1}, [3, 8], ["1", "6"]),
        ({6: 1}, [8], ["6"]),
        ({0: 0.5}, [2], ["7"]),
    ],
    ids=["neighbours swapped", "far ones swapped", "one wrong", "baseline first"],
)
def test_ranks_at_odds_are_named_with_their_place(
    change: dict[int, float], wrong: list[int], expected: list[str], audited: Make, fallen: Make, lines: Make
) -> None:
    ranks = [change.get(at, rank) for at, rank in enumerate(RANKS)]
    found = audited(ranked(VALUES, ranks), kind="gains")
    assert fallen(found) == {RANK}
    (check,) = found[RANK]
    assert check.severity == "warning" and lines(check) == wrong
    assert [row["expected"] for row in check.rows] == expected
    assert check.statement.startswith(f"{len(wrong)} of 7 printed ranks contradict")


def test_contexts_have_their_own_ranks(audited: Make) -> None:
    rows = ranked(VALUES, RANKS, "one") + ranked(VALUES[::-1], RANKS[::-1], "two")
    assert audited(rows, kind="gains")[RANK][0].holds


def test_gaps_and_missing_ranks_do_not_matter(audited: Make) -> None:
    assert audited(ranked(VALUES, [90, 3, None, 12, 40, 41, 77]), kind="gains")[RANK][0].holds


def test_ties_beyond_the_printed_digits_are_a_note(audited: Make, fallen: Make, lines: Make) -> None:
    values = [*VALUES[:3], 1.52, 1.52, *VALUES[5:]]
    for ranks in (RANKS, [7, 1, 2, 4, 3, 5, 6]):
        found = audited(ranked(values, ranks), kind="gains")
        assert fallen(found) == {TIE}
        assert found[TIE][0].severity == "note" and lines(found[TIE][0]) == [5, 6]
    assert not fallen(audited(ranked(values, [7, 1, 2, 3, 3, 5, 6]), kind="gains"))


def test_a_table_without_ranks_says_so(clean: Any, audited: Make) -> None:
    found = audited(clean)
    assert found[RANK][0].statement == found[TIE][0].statement == "The table prints no ranks."


def test_a_printed_rank_of_the_reference_that_is_changed_is_found(
    gain_records: Any, audited: Make, lines: Make
) -> None:
    rows, changes = gain_records
    rows = [dict(row) for row in rows]
    at = next(k for k, row in enumerate(rows) if row["strategy"] == "std_cutmix" and row["context"] == "stage2")
    rows[at]["rank"] = 11.5
    found = audited(rows, kind="gains", changes=changes)
    assert lines(found[RANK][0]) == [27] and found[RANK][0].rows[0]["expected"] == "1"
