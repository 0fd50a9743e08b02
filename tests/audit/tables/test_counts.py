"""Numbers of classes and of test images."""

from collections.abc import Callable
from typing import Any

import pytest

from fairweather.audit import audit_table, left_out

Make = Callable[..., Any]
CLASSES, IMAGES = "table.class_count", "table.test_images"


@pytest.mark.parametrize(
    ("column", "code", "usual", "other"), [("classes", CLASSES, 66, 24), ("images", IMAGES, 500, 498)]
)
def test_a_number_that_differs_is_an_error_and_kept(
    column: str, code: str, usual: int, other: int, clean: Any, audited: Make, fallen: Make, lines: Make, imported: Make
) -> None:
    rows = [row | {column: usual + 10 * (row["dataset"] == "datab")} for row in clean]
    assert not fallen(audited(rows))
    rows[5][column] = rows[40][column] = other
    found = audited(rows)
    assert fallen(found) == {code}
    (check,) = found[code]
    assert check.severity == "error" and check.action == "kept" and not left_out(audit_table(imported(rows)))
    assert lines(check) == [7, 42] and [(row[column], row["expected"]) for row in check.rows] == [(other, usual)] * 2
    assert f"{other} where others have {usual}" in check.statement


def test_contexts_are_compared_with_one_another(clean: Any, audited: Make, lines: Make) -> None:
    rows = [row | {"context": c, "images": 500} for c in ("one", "two") for row in clean]
    for row in rows[54 : 54 + 18]:
        row["images"] = 400
    (check,) = audited(rows)[IMAGES]
    assert lines(check) == list(range(56, 74)) or lines(check) == list(
        range(2, 20)
    )  # as many of the one as of the other
    assert {row["expected"] for row in check.rows} == {500}


def test_domains_may_differ_in_their_images(by_domain: Any, audited: Make) -> None:
    assert audited(by_domain)[IMAGES][0].holds


def test_missing_class_rows_are_counted(clean: Any, audited: Make, lines: Make) -> None:
    rows = [
        row | {"class": name, "value": row["value"] + shift}
        for row in clean
        for name, shift in (("car", 5), ("sky", 9))
    ]
    assert audited(rows)[CLASSES][0].holds
    rows = [row | {"line": at + 2} for at, row in enumerate(rows) if at != 33]
    (check,) = audited(rows)[CLASSES]
    assert lines(check) == [34] and check.rows[0]["classes"] == 1 and check.rows[0]["expected"] == 2


def test_a_table_without_numbers_says_so(clean: Any, audited: Make) -> None:
    found = audited(clean)
    assert "names no classes" in found[CLASSES][0].statement and "No column gives" in found[IMAGES][0].statement
