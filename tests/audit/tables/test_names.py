"""Names that are nearly alike, and names that were joined."""

from collections.abc import Callable
from typing import Any

import pytest

from fairweather.analysis.imports.imported import Renamed
from fairweather.audit.tables.names import bare

Make = Callable[..., Any]
CODE = "table.near_duplicate_name"
NEAR = [
    ("gen_cycleGAN", "gen_CycleGan"), ("gen_flux_kontext", "gen-flux-kontext"), ("gen_CUT", "cut"), ("std_mixup", "mixup"),
    ("std_cutmix", "std_cutmix_ratio0p50"), ("std_cutmix", "std_cutmix_backup"), ("gen_IP2P", "gen_IP2P_old"),
    ("gen_cut_ratio0p25", "gen_cut_ratio0p50"), ("std_mixup", "std_std_mixup"), ("std_mixup", "std_mixup_v2"),
    ("std_mixup", "std_mixup_2"), ("std_mixup", "Std Mixup"), ("mixup_0.5", "mixup_0p50"), ("std_mixup_v2", "std_mixup"),
    ("gen_stargan", "gen_stargan_v2"),
]  # fmt: skip
APART = [
    ("gen_step1x_new", "gen_step1x_v1p2"), ("gen_noise", "std_noise"), ("std_cutmix", "std_mixup"), ("gen_CUT", "std_cutmix"),
    ("std_mixup_v1", "std_mixup_v2"), ("placebo_noise", "gen_noise"), ("std_a+std_b", "std_ab"),
]  # fmt: skip


def rows_with(clean: list[dict[str, Any]], one: str, other: str) -> list[dict[str, Any]]:
    named = dict(zip(dict.fromkeys(row["strategy"] for row in clean), ["baseline", one, other], strict=False))
    return [row | {"strategy": named.get(row["strategy"], row["strategy"])} for row in clean]


@pytest.mark.parametrize(("one", "other"), NEAR)
def test_near_names_are_listed_with_their_rows_and_kept(
    one: str, other: str, clean: Any, audited: Make, fallen: Make
) -> None:
    found = audited(rows_with(clean, one, other))
    assert fallen(found) == {CODE}
    (check,) = found[CODE]
    assert check.severity == "warning" and len(check.rows) == 1
    wanted = {"file": "t.csv", "line": 4, "column": "strategy", "name": one, "near": other, "rows": 6, "rows_near": 6}
    assert check.rows[0] == wanted
    assert check.statement == f"1 pair of names is nearly alike, and kept apart: {one} (6 rows) and {other} (6)."


@pytest.mark.parametrize(("one", "other"), APART)
def test_other_names_are_not_near(one: str, other: str, clean: Any, audited: Make) -> None:
    assert audited(rows_with(clean, one, other))[CODE][0].holds


@pytest.mark.parametrize(("column", "spelled"), [("dataset", "DataA"), ("model", "net-a")])
def test_data_sets_and_models_are_compared_without_case_and_signs(
    column: str, spelled: str, clean: Any, audited: Make
) -> None:
    rows = [row | ({column: spelled} if at % 9 == 4 and row[column][-1] == "a" else {}) for at, row in enumerate(clean)]
    (check,) = audited(rows)[CODE]
    assert [(row["column"], row["near"]) for row in check.rows] == [(column, spelled)]


def test_models_that_differ_in_a_number_are_not_near(clean: Any, audited: Make) -> None:
    rows = [row | {"model": {"neta": "pspnet_r50", "netb": "pspnet_r5"}[row["model"]]} for row in clean]
    assert audited(rows)[CODE][0].holds


@pytest.mark.parametrize("name", ["", "___", "🌧️", "<script>", "x" * 300, "v2", "_backup", "gen_"])
def test_any_name_has_a_bare_form(name: str, clean: Any, audited: Make) -> None:
    assert isinstance(bare(name), str)
    assert audited(rows_with(clean, name, "std_other"))[CODE][0].holds


def test_joined_names_are_shown_as_a_note(clean: Any, audited: Make, fallen: Make) -> None:
    rows = [row | ({"spelled": "ab_arm"} if row["strategy"] == "std_ab_arm" else {}) for row in clean]
    found = audited(rows, renamed=(Renamed("t.csv", "ab_arm", "std_ab_arm"),))
    assert not fallen(found)
    (check,) = found["table.joined_name"]
    assert check.severity == "note" and "ab_arm as std_ab_arm" in check.statement
    assert check.rows == ({"file": "t.csv", "line": 4, "spelled": "ab_arm", "strategy": "std_ab_arm", "rows": 6},)
