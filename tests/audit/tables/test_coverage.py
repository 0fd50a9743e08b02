"""Cells that strategies lack, and what a plain mean makes of it."""

from collections.abc import Callable
from typing import Any

import pytest

Make = Callable[..., Any]
CODE, RANKING = "table.unequal_coverage", "table.plain_ranking"


def without(records: list[dict[str, Any]], strategy: str, **cells: Any) -> list[dict[str, Any]]:
    """The records on their old lines, less those of one strategy in some cells."""
    return [
        {"line": at + 2} | row
        for at, row in enumerate(records)
        if not ({"strategy": strategy} | cells).items() <= row.items()
    ]


def test_missing_cells_are_listed_by_strategy(clean: Any, audited: Make) -> None:
    rows = without(without(clean, "std_ab_arm", dataset="dataa"), "std_ac_arm", dataset="datab", model="neta")
    (check,) = audited(rows)[CODE]
    assert check.severity == "warning"
    shown = [{k: row[k] for k in ("strategy", "cells", "of", "missing")} for row in check.rows]
    assert shown == [
        {"strategy": "std_ac_arm", "cells": 5, "of": 6, "missing": ["datab, neta, seed 0"]},
        {"strategy": "std_ab_arm", "cells": 4, "of": 6, "missing": ["dataa, neta, seed 0", "dataa, netb, seed 0"]},
    ]
    assert [row["line"] for row in check.rows] == [5, 22]  # the first line each strategy has
    assert "2 strategies lack cells that the baseline has, std_ab_arm the most with 4 of 6" in check.statement


def test_a_strategy_absent_in_one_context_lacks_all_of_it(clean: Any, audited: Make) -> None:
    rows = [
        row | {"context": c} for c in ("one", "two") for row in clean if c == "one" or row["strategy"] != "std_ab_arm"
    ]
    (check,) = audited(rows)[CODE]
    assert [(row["context"], row["strategy"], row["cells"], row["of"]) for row in check.rows] == [
        ("two", "std_ab_arm", 0, 6)
    ]


def test_a_missing_seed_is_a_missing_cell(simulated: Make, audited: Make) -> None:
    (check,) = audited(without(simulated(2, 6, 2, 2, 3), "std_ac_arm", dataset="dataa", model="netb", seed=2))[CODE]
    assert [row["missing"] for row in check.rows] == [["dataa, netb, seed 2"]]


def weak_models(baseline_only: bool) -> list[dict[str, Any]]:
    """Two strong models and, of the baseline alone or of all, a weak one: the published +8.14 for +2.90 in small."""
    levels = {"strong": 60.0, "fair": 55.0, "weak": 42.0}
    gains = {"baseline": 0.0, "std_x": 2.9, "std_y": 1.0, "std_z": 0.4}
    return [
        {"strategy": name, "dataset": "d", "model": model, "value": round(level + gain + at / 100, 2)}
        for at, (model, level) in enumerate(levels.items())
        for name, gain in gains.items()
        if model != "weak" or name in ("baseline", "std_z") or not baseline_only
    ]


def test_the_plain_ranking_stands_beside_the_matched_one(audited: Make) -> None:
    (check,) = audited(weak_models(True))[RANKING]
    assert not check.holds and check.severity == "warning"
    keys = ("strategy", "cells", "plain_gain", "plain_rank", "matched_gain", "matched_rank")
    assert [tuple(row[k] for k in keys) for row in check.rows] == [
        ("std_x", 2, pytest.approx(8.061667), 1, 2.9, 1),
        ("std_y", 2, pytest.approx(6.161667), 2, 1.0, 2),
        ("std_z", 3, 0.4, 3, 0.4, 3),
    ]
    assert "A plain mean shows +8.06 for std_x where the cells all share (2) give +2.90" in check.statement
    assert check.statement.endswith("0 strategies change rank.")


def test_equal_coverage_gives_equal_rankings(audited: Make) -> None:
    assert audited(weak_models(False))[RANKING][0].holds


def test_a_strategy_with_fewer_than_half_of_the_cells_has_no_matched_mean(clean: Any, audited: Make) -> None:
    rows = without(without(clean, "std_ab_arm", dataset="dataa"), "std_ab_arm", dataset="datab")
    (check,) = audited(rows)[RANKING]
    assert [row["strategy"] for row in check.rows if row["matched_gain"] is None] == ["std_ab_arm"]
    assert "(6)" in check.statement


def test_a_collapsed_run_moves_the_plain_mean_alone(clean: Any, audited: Make) -> None:
    before = {row["strategy"]: row["value"] for row in clean if row["dataset"] == "datac" and row["model"] == "netb"}
    at = next(k for k, row in enumerate(clean) if row["strategy"] == "std_ac_arm")
    clean[at]["value"] = 0.2
    (check,) = audited(clean)[RANKING]
    worst = max(check.rows, key=lambda row: abs(row["plain_gain"] - row["matched_gain"]))
    assert worst["strategy"] == "std_ac_arm" and worst["plain_gain"] < worst["matched_gain"] - 3 and before


def test_no_shared_cell_is_said(audited: Make) -> None:
    rows = [
        {"strategy": "baseline", "dataset": "a", "value": 40.0},
        {"strategy": "std_x", "dataset": "b", "value": 50.0},
    ]
    assert "share no cell" in audited(rows)[RANKING][0].statement


def test_gains_need_no_baseline(audited: Make, clean: Any) -> None:
    rows = [row | {"value": row["value"] / 50} for row in clean if row["strategy"] != "baseline"]
    found = audited(without(rows, "std_ab_arm", dataset="dataa"), kind="gains")
    assert [row["cells"] for row in found[CODE][0].rows] == [4]
    assert not found[RANKING][0].holds
