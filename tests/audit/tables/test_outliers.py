"""Collapsed values and values too good: what is named, and what is merely weak."""

from collections.abc import Callable
from typing import Any

import pytest

Make = Callable[..., Any]
LOW, HIGH = "table.collapsed_value", "table.too_good_value"


def runs_of(records: list[dict[str, Any]], **wanted: Any) -> list[int]:
    return [at for at, record in enumerate(records) if all(record[k] == v for k, v in wanted.items())]


def lines_of(places: list[int]) -> list[int]:
    return [at + 2 for at in places]


@pytest.mark.parametrize(
    ("value", "code"), [(lambda v: 0.2, LOW), (lambda v: v / 2, LOW), (lambda v: v - 12, LOW), (lambda v: v + 15, HIGH)]
)
def test_a_run_far_off_is_named_with_what_was_expected(
    value: Callable[[float], float], code: str, clean: Any, audited: Make, fallen: Make, lines: Make
) -> None:
    at, others = 40, runs_of(clean, dataset=clean[40]["dataset"], model=clean[40]["model"])
    clean[at]["value"] = value(clean[at]["value"])
    found = audited(clean)
    assert fallen(found) - {"table.plain_ranking"} == {code}
    check = found[code][0]
    assert lines(check) == [at + 2] and check.action == "left out" and check.severity == "error"
    row = check.rows[0]
    assert {k: row[k] for k in ("strategy", "dataset", "model", "seed", "value")} == {
        k: clean[at][k] for k in ("strategy", "dataset", "model", "seed", "value")
    }
    assert row["expected"] == round(sorted(clean[k]["value"] for k in others)[4], 4)


def test_three_of_nine_collapsed_runs_of_a_cell_are_all_found(clean: Any, audited: Make, lines: Make) -> None:
    chosen = runs_of(clean, dataset="datab", model="neta")[3:6]
    for at in chosen:
        clean[at]["value"] = 0.2
    assert lines(audited(clean)[LOW][0]) == lines_of(chosen)


def test_a_strategy_that_collapsed_everywhere_is_found(clean: Any, audited: Make, lines: Make) -> None:
    chosen = runs_of(clean, strategy=clean[4]["strategy"])
    for at in chosen:
        clean[at]["value"] = 0.3
    assert lines(audited(clean)[LOW][0]) == lines_of(chosen)


@pytest.mark.parametrize("shift", [-5.0, -4.0, 4.0, 5.0])
@pytest.mark.parametrize("everywhere", [False, True])
def test_a_weak_or_strong_strategy_is_not_off(
    shift: float, everywhere: bool, clean: Any, audited: Make, fallen: Make
) -> None:
    for at in runs_of(clean, strategy=clean[4]["strategy"]) if everywhere else [4]:
        clean[at]["value"] += shift
    assert not fallen(audited(clean)) & {LOW, HIGH}


def test_a_strategy_ten_points_lower_everywhere_is_bad_and_not_collapsed(
    clean: Any, audited: Make, fallen: Make
) -> None:
    for at in runs_of(clean, strategy=clean[4]["strategy"]):
        clean[at]["value"] -= 10
    assert not fallen(audited(clean))


def test_one_collapsed_domain_is_left_out_alone(by_domain: Any, audited: Make, lines: Make) -> None:
    by_domain[4]["value"] = 0.2
    assert by_domain[4]["domain"] == "night"
    assert lines(audited(by_domain)[LOW][0]) == [6]


def test_a_run_half_of_whose_domains_collapsed_is_left_out_whole(by_domain: Any, audited: Make, lines: Make) -> None:
    by_domain[3]["value"] = by_domain[4]["value"] = 0.2
    assert lines(audited(by_domain)[LOW][0]) == [5, 6, 7]


def test_a_run_at_half_its_value_is_left_out_whole(by_domain: Any, audited: Make, lines: Make) -> None:
    for at in (30, 31, 32):
        by_domain[at]["value"] /= 2
    assert lines(audited(by_domain)[LOW][0]) == [32, 33, 34]


def with_classes(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each run with three classes, the rare one at 0 for every second strategy."""
    shifts = {"road": 25.0, "car": 5.0}
    rows = []
    for at, record in enumerate(records):
        rows += [record | {"class": name, "value": record["value"] + shift} for name, shift in shifts.items()]
        rows.append(record | {"class": "train", "value": 0.0 if at % 2 else 6.0 + at % 5})
    return rows


def test_a_rare_class_at_zero_is_no_collapse(clean: Any, audited: Make, fallen: Make) -> None:
    assert not fallen(audited(with_classes(clean)))


def test_a_run_whose_classes_are_all_zero_is_a_collapse(clean: Any, audited: Make, lines: Make) -> None:
    rows = with_classes(clean)
    for at in (60, 61, 62):
        rows[at]["value"] = 0.0
    assert lines(audited(rows)[LOW][0]) == [62, 63, 64]


def test_few_runs_are_compared_across_contexts(simulated: Make, audited: Make, lines: Make) -> None:
    records = [row | {"context": context} for context in ("one", "two") for row in simulated(5, 2, 2, 2)]
    records[4]["value"] -= 12
    assert lines(audited(records)[LOW][0]) == [6]


def test_contexts_with_enough_runs_are_not_mixed(clean: Any, audited: Make, fallen: Make) -> None:
    rows = [row | {"context": "one"} for row in clean]
    rows += [row | {"context": "two", "value": row["value"] - 14} for row in clean]
    assert not fallen(audited(rows)) & {LOW, HIGH}


def test_two_runs_alone_are_not_judged_and_it_is_said(audited: Make) -> None:
    rows = [{"strategy": "baseline", "value": 42.0}, {"strategy": "std_x", "value": 0.2}]
    check = audited(rows)[LOW][0]
    assert (
        check.holds
        and "not judged, with fewer than 3 values of one data set and model, were 2 cell values" in check.statement
    )


def test_a_gain_far_off_is_named_and_the_baseline_at_zero_is_not(audited: Make, lines: Make) -> None:
    gains = [30.1, 30.4, 29.8, 30.0, 29.5, 30.9, 15.0]
    rows = [{"strategy": "baseline", "value": 0.0}] + [
        {"strategy": f"std_{k}x", "value": g} for k, g in enumerate(gains)
    ]
    found = audited(rows, kind="gains")
    assert lines(found[LOW][0]) == [9] and found[HIGH][0].holds


def test_a_value_above_99_5_among_94s_is_too_good(clean: Any, audited: Make, lines: Make) -> None:
    for at in runs_of(clean, dataset="dataa"):
        clean[at]["value"] = 94.0 + at % 5 / 10
    clean[3]["value"] = 99.6
    assert lines(audited(clean)[HIGH][0]) == [5]
