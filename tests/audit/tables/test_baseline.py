"""The baseline's rows: are they there, and of the same origin."""

from collections.abc import Callable
from typing import Any

Make = Callable[..., Any]
MISSING, ORIGIN = "table.baseline_missing", "table.baseline_origin"


def test_cells_without_a_baseline_are_listed(clean: Any, audited: Make, fallen: Make) -> None:
    clean[9]["value"] = None
    assert clean[9]["strategy"] == "baseline"
    found = audited(clean)
    assert fallen(found) == {MISSING, "table.plain_ranking"}
    (check,) = found[MISSING]
    assert check.severity == "warning" and check.action == "kept"
    wanted = {k: clean[9][k] for k in ("dataset", "model", "seed")}
    assert check.rows == ({"file": "t.csv", "line": 12, "context": "all"} | wanted | {"strategies": 8},)
    assert check.statement.startswith("The baseline has no value in 1 of 6 cells")


def test_a_table_of_gains_needs_no_baseline(clean: Any, audited: Make) -> None:
    rows = [row for row in clean if row["strategy"] != "baseline"]
    assert audited(rows, kind="gains")[MISSING][0].holds


def test_a_baseline_of_another_origin_is_named(clean: Any, audited: Make, fallen: Make, lines: Make) -> None:
    rows = [row | {"origin": "ours"} for row in clean]
    assert not fallen(audited(rows))
    for at in (0, 18):
        rows[at]["origin"] = "paper"
    found = audited(rows)
    assert fallen(found) == {ORIGIN}
    (check,) = found[ORIGIN]
    assert lines(check) == [2, 20] and {row["expected"] for row in check.rows} == {"ours"}
    assert "2 of 6 rows of the baseline (paper beside ours)" in check.statement


def test_an_origin_some_strategies_share_is_fine(clean: Any, audited: Make) -> None:
    rows = [row | {"origin": "paper" if row["strategy"] in ("baseline", "std_ab_arm") else "ours"} for row in clean]
    assert audited(rows)[ORIGIN][0].holds


def test_rows_without_an_origin_are_not_judged(clean: Any, audited: Make) -> None:
    clean[0]["origin"] = "paper"
    assert audited(clean)[ORIGIN][0].holds
