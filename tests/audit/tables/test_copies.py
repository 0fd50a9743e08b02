"""Values that are identical across strategies."""

from collections.abc import Callable
from typing import Any

Make = Callable[..., Any]
CODE = "table.identical_values"


def copy(records: list[dict[str, Any]], source: str, target: str, cells: int = 99) -> None:
    """Gives one strategy the values of another in its first cells."""
    values = {
        (r["dataset"], r["model"], r["seed"], r.get("domain")): r["value"] for r in records if r["strategy"] == source
    }
    for row in [r for r in records if r["strategy"] == target][:cells]:
        row["value"] = values[row["dataset"], row["model"], row["seed"], row.get("domain")]


def names(records: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(row["strategy"] for row in records))


def test_a_strategy_that_repeats_another_is_named_cell_by_cell(
    clean: Any, audited: Make, fallen: Make, lines: Make
) -> None:
    copy(clean, names(clean)[2], names(clean)[5])
    found = audited(clean)
    assert fallen(found) == {CODE}
    (check,) = found[CODE]
    assert check.severity == "warning" and check.action == "kept"
    assert lines(check) == [4, 13, 22, 31, 40, 49] and [row["other_line"] for row in check.rows] == [
        7,
        16,
        25,
        34,
        43,
        52,
    ]
    assert all(row["identical"] == row["of"] == 1 and row["identical_to"] == names(clean)[5] for row in check.rows)
    assert "1 pair of strategies" in check.statement and "agree in 6 values" in check.statement


def test_six_arms_of_one_configuration_make_fifteen_pairs(clean: Any, audited: Make) -> None:
    for name in names(clean)[1:6]:
        copy(clean, "baseline", name)
    (check,) = audited(clean)[CODE]
    assert "15 pairs of strategies, 6 of 9 strategies in all" in check.statement and len(check.rows) == 15 * 6


def test_all_strategies_the_same_is_found_too(clean: Any, audited: Make) -> None:
    for name in names(clean)[1:]:
        copy(clean, "baseline", name)
    assert "36 pairs" in audited(clean)[CODE][0].statement


def test_one_copied_cell_of_three_domains_is_named(by_domain: Any, audited: Make, lines: Make) -> None:
    copy(by_domain, names(by_domain)[1], names(by_domain)[3], cells=3)
    (check,) = audited(by_domain)[CODE]
    assert lines(check) == [5] and check.rows[0]["identical"] == check.rows[0]["of"] == 3


def test_a_single_coincidence_is_counted_and_no_more(clean: Any, audited: Make) -> None:
    copy(clean, names(clean)[2], names(clean)[5], cells=1)
    (check,) = audited(clean)[CODE]
    assert check.holds and "1 value coincides between two strategies" in check.statement


def test_coarse_digits_do_not_raise_it(simulated: Make, audited: Make) -> None:
    for seed in range(40):
        records = simulated(seed, 20, 3, 2, 1 + seed % 3)
        for row in records:
            row |= {"value": round(row["value"], 1), "digits": 1}
        assert audited(records)[CODE][0].holds


def test_with_one_digit_a_whole_copy_is_found_and_two_shared_values_are_not(simulated: Make, audited: Make) -> None:
    for cells, holds in ((12, False), (2, True)):
        records = simulated(1, 6, 4, 3)
        for row in records:
            row |= {"value": round(row["value"], 1), "digits": 1}
        copy(records, names(records)[2], names(records)[4], cells)
        assert audited(records)[CODE][0].holds == holds


def test_zeros_of_absent_classes_are_no_copies(clean: Any, audited: Make) -> None:
    rows = [
        row | {"class": name, "value": value}
        for row in clean
        for name, value in (("car", row["value"]), ("train", 0.0))
    ]
    check = audited(rows)[CODE][0]
    assert check.holds and "coincide" not in check.statement
