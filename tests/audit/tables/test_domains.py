"""Domains that are missing."""

from collections.abc import Callable
from typing import Any

Make = Callable[..., Any]
CODE = "table.missing_domain"


def test_a_complete_table_lacks_nothing(by_domain: Any, audited: Make) -> None:
    note, warning = audited(by_domain)[CODE]
    assert (note.severity, warning.severity) == ("note", "warning") and note.holds and warning.holds
    assert note.statement == "Every data set has the same 3 domains."


def test_a_domain_a_data_set_lacks_is_a_note(by_domain: Any, audited: Make, fallen: Make) -> None:
    rows = [row for row in by_domain if row["domain"] != "night" or row["dataset"] != "datab"]
    rows = [
        row | ({"domain": "foggy"} if row["domain"] == "rainy" and row["dataset"] == "dataa" else {}) for row in rows
    ]
    note, warning = audited(rows)[CODE]
    assert note.statement == (
        "Data sets differ in their domains: foggy only for dataa; night missing for datab; rainy missing for dataa."
    )
    assert [(row["dataset"], row["domain"]) for row in note.rows] == [
        ("datab", "foggy"), ("datac", "foggy"), ("datab", "night"), ("dataa", "rainy"),
    ]  # fmt: skip
    assert warning.holds and not any(c.severity == "error" and not c.holds for cs in audited(rows).values() for c in cs)


def test_a_domain_single_runs_lack_is_a_warning(by_domain: Any, audited: Make) -> None:
    gone = [4, 60, 61]
    rows = [row | {"line": at + 2} for at, row in enumerate(by_domain) if at not in gone]
    _, warning = audited(rows)[CODE]
    keys = ("strategy", "dataset", "model", "seed", "domain")
    assert [tuple(row[k] for k in keys) for row in warning.rows] == [
        tuple(by_domain[at][k] for k in keys) for at in gone
    ]
    assert [row["line"] for row in warning.rows] == [5, 64, 64]
    assert warning.statement.startswith("2 cell values lack a domain that others of the data set and model have (")


def test_a_domain_of_one_run_alone_is_not_missed_elsewhere(by_domain: Any, audited: Make) -> None:
    assert audited([*by_domain, by_domain[0] | {"domain": "foggy"}])[CODE][1].holds


def test_an_empty_cell_is_a_missing_domain(by_domain: Any, audited: Make) -> None:
    by_domain[4]["value"] = None
    assert [row["domain"] for row in audited(by_domain)[CODE][1].rows] == ["night"]


def test_a_table_without_domains_says_so(clean: Any, audited: Make) -> None:
    (check,) = audited(clean)[CODE]
    assert check.holds and check.statement == "The table tells no domains apart."
