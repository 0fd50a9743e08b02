"""Values no table can hold."""

from collections.abc import Callable
from typing import Any

Make = Callable[..., Any]
CODE = "table.out_of_range"


def test_values_outside_0_to_100_are_left_out(clean: Any, audited: Make, fallen: Make, lines: Make) -> None:
    clean[3]["value"], clean[10]["value"], clean[20]["value"] = -1.0, 4210.0, 100.0001
    found = audited(clean)
    assert fallen(found) - {"table.unequal_coverage", "table.plain_ranking"} == {CODE}
    (check,) = found[CODE]
    assert lines(check) == [5, 12, 22] and check.action == "left out"
    assert check.rows[1]["value"] == 4210.0 and check.rows[1]["expected"] == "0 to 100"
    assert check.statement == "Outside 0 and 100 points lie 3 values of 54 (4210 the farthest); left out."


def test_0_and_100_are_in_range(clean: Any, audited: Make) -> None:
    for row in clean[:9]:
        row["value"] = 0.0
    for row in clean[9:18]:
        row["value"] = 100.0
    assert audited(clean)[CODE][0].holds


def test_gains_may_be_negative_but_not_beyond_100(audited: Make, lines: Make) -> None:
    rows = [{"strategy": f"s{k}", "value": float(k)} for k in range(6)]
    rows += [
        {"strategy": "low", "value": -100.5},
        {"strategy": "baseline", "value": 0.0},
        {"strategy": "z", "value": -3.0},
    ]
    (check,) = audited(rows, kind="gains")[CODE]
    assert lines(check) == [8] and "-100 and +100" in check.statement


def test_an_empty_cell_is_not_out_of_range(clean: Any, audited: Make) -> None:
    clean[3]["value"] = None
    assert audited(clean)[CODE][0].holds
