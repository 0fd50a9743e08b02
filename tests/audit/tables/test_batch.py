"""Batches of runs that are off together, and what is none."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

Make = Callable[..., Any]
CODE = "table.batch_off"
SLICE = [("neta", 2), ("netb", 3), ("neta", 4), ("netb", 5), ("neta", 6), ("netb", 7)]


@pytest.fixture
def table(simulated: Make) -> list[dict[str, Any]]:
    """20 strategies and the baseline on 3 data sets x 2 models x 2 seeds."""
    records: list[dict[str, Any]] = simulated(8, 20, 3, 2, 2)
    return records


def shifted(table: list[dict[str, Any]], points: float, runs: int = 6) -> list[int]:
    """Shifts one run of each of several strategies on the first data set and gives their lines."""
    names = list(dict.fromkeys(row["strategy"] for row in table))
    chosen = []
    for model, place in SLICE[:runs]:
        wanted = {"dataset": "dataa", "model": model, "strategy": names[place], "seed": place % 2}
        chosen.append(next(at for at, row in enumerate(table) if wanted.items() <= row.items()))
    for at in chosen:
        table[at]["value"] = round(table[at]["value"] + points, 4)
    return sorted(at + 2 for at in chosen)


@pytest.mark.parametrize(("points", "word"), [(-4.0, "downwards"), (5.0, "upwards")])
def test_runs_off_together_are_listed_and_kept(
    points: float, word: str, table: Any, audited: Make, fallen: Make, lines: Make
) -> None:
    wanted = shifted(table, points)
    found = audited(table)
    assert fallen(found) == {CODE}
    (check,) = found[CODE]
    assert check.severity == "warning" and lines(check) == wanted
    assert f"Off together {word} are 6 cell values of 6 strategies on dataa" in check.statement


def test_the_span_of_time_is_found(table: Any, audited: Make, lines: Make) -> None:
    wanted = shifted(table, -3.5, runs=4)
    for at, row in enumerate(table):
        row["time"] = datetime(2025, 1, 1) + timedelta(hours=3 * at)
    for hour, line in enumerate(wanted):
        table[line - 2]["time"] = datetime(2025, 6, 1, 8 + hour, 30)
    check = audited(table)[CODE][0]
    assert lines(check) == wanted
    assert "between 2025-06-01 08:30:00 and 2025-06-01 11:30:00" in check.statement
    assert "a time in which 4 cell values of it were made" in check.statement


def test_times_that_do_not_lie_together_are_said(table: Any, audited: Make) -> None:
    shifted(table, -4)
    for at, row in enumerate(table):
        row["time"] = datetime(2025, 1, 1) + timedelta(hours=(at * 7919) % 5003)
    assert "without times that lie together" in audited(table)[CODE][0].statement


def test_a_strategy_off_everywhere_is_no_batch(table: Any, audited: Make, fallen: Make) -> None:
    for row in table:
        if row["strategy"] == table[5]["strategy"]:
            row["value"] -= 4
    assert not fallen(audited(table))


def test_one_strategy_off_on_one_data_set_is_no_batch(table: Any, audited: Make, fallen: Make) -> None:
    for row in table:
        if row["strategy"] == table[5]["strategy"] and row["dataset"] == "dataa":
            row["value"] -= 4
    assert not fallen(audited(table))


def test_a_data_set_at_another_level_is_no_batch(table: Any, audited: Make, fallen: Make) -> None:
    for row in table:
        row["value"] += 6 * (row["dataset"] == "dataa")
    assert not fallen(audited(table))


def test_noisy_data_sets_are_no_batch(simulated: Make, audited: Make) -> None:
    rng = np.random.default_rng(2)
    fired: Counter[bool] = Counter()
    for seed in range(30):
        table = simulated(seed, 18, 3, 2, 2)
        for row in table:
            row["value"] += rng.normal(0, 1.5) * (row["dataset"] == "dataa")
        fired[audited(table)[CODE][0].holds] += 1
    assert fired[False] == 0


def test_collapsed_runs_are_not_a_batch_as_well(table: Any, audited: Make, fallen: Make) -> None:
    shifted(table, -15)
    found = audited(table)
    assert "table.collapsed_value" in fallen(found) and CODE not in fallen(found)
