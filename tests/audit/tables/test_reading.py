"""What columns were taken for, and the unit of the values."""

from collections.abc import Callable
from typing import Any

from fairweather.analysis.imports.imported import Named

Make = Callable[..., Any]


def test_columns_are_shown_with_what_they_were_taken_for(clean: Any, audited: Make) -> None:
    columns = (
        Named("t.csv", "Method", "strategy"),
        Named("t.csv", "mIoU", "value", "stage1"),
        Named("t.csv", "aAcc", "extra"),
    )
    (check,) = audited(clean, columns=columns)["table.columns"]
    assert check.severity == "note" and check.holds
    assert check.rows[1] == {"file": "t.csv", "line": 1, "column": "mIoU", "role": "value", "context": "stage1"}
    assert check.statement == "Of 3 columns read, used are Method as strategy, mIoU as value; kept aside is aAcc."


def test_the_unit_is_said_with_the_span_of_the_values(clean: Any, audited: Make) -> None:
    clean[7]["value"] = 71.5
    for declared, how in ((True, "declared"), (False, "not declared, and seen from the values")):
        (check,) = audited(clean, declared=declared)["table.unit"]
        low = min(row["value"] for row in clean)
        assert check.statement == f"The unit of mIoU is percent, {how}, from {low} to 71.5 points."
        assert check.rows == ({"file": "t.csv", "line": 9, "unit": "percent", "lowest": low, "highest": 71.5},)
