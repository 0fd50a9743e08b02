from typing import Any

from fairweather.audit.check import failed
from fairweather.audit.splits import check_splits, domain_notes


def plan(groups: list[tuple[str, str, str, str, int]], official: bool = True) -> dict[str, Any]:
    """A plan record with one data set; each group is (side, split, domain, group, images)."""
    names = ("side", "split", "domain", "group", "images")
    rows = [dict(zip(names, group, strict=True)) for group in groups]
    return {
        "data": {"camvid": {"official_splits": official, "groups": rows}},
        "contexts": {"stage1": {"domains": ["clear_day"]}, "stage2": {"domains": ["clear_day", "dawn_dusk"]}},
    }


CAMVID = [
    ("train", "train", "dawn_dusk", "0001TP", 62),
    ("train", "train", "clear_day", "0006R0", 101),
    ("train", "train", "clear_day", "0016E5", 204),
    ("train", "val", "clear_day", "0016E5", 101),
    ("test", "test", "dawn_dusk", "0001TP", 62),
    ("test", "test", "clear_day", "Seq05VD", 171),
]


def codes(record: dict[str, Any]) -> dict[str, bool]:
    return {check.code: check.holds for check in check_splits(record)}


def test_camvids_official_split_is_named_as_a_warning() -> None:
    checks = {check.code: check for check in check_splits(plan(CAMVID))}
    both = checks["split.group_on_both_sides"]
    assert (both.severity, both.holds) == ("warning", False)
    assert "0001TP (train and test)" in both.statement and "0016E5 (train and val)" in both.statement
    within = checks["split.domain_within_group"]
    assert "dawn_dusk" in within.statement and "0001TP" in within.statement and not within.holds
    assert "frames are not replicates" in checks["split.few_groups"].statement


def test_our_own_split_with_a_group_on_both_sides_is_an_error() -> None:
    both = next(c for c in check_splits(plan(CAMVID, official=False)) if c.code == "split.group_on_both_sides")
    assert both.severity == "error" and not both.holds
    assert "0001TP (train and test)" in both.statement and "0016E5" not in both.statement


def test_our_own_split_with_a_group_in_two_splits_of_one_side_is_a_warning() -> None:
    checks = [c for c in check_splits(plan(CAMVID, official=False)) if c.code == "split.group_on_both_sides"]
    assert [c.severity for c in checks] == ["error", "warning"]
    assert "0016E5 (train and val)" in checks[1].statement and "0001TP" not in checks[1].statement
    trained = [group for group in CAMVID if group[3] == "0016E5"]
    (only,) = [c for c in check_splits(plan(trained, official=False)) if c.code == "split.group_on_both_sides"]
    assert (only.severity, only.holds) == ("warning", False)
    assert not failed(check_splits(plan(trained, official=False)))


def test_a_clean_split_holds() -> None:
    groups = [("train", "train", "clear_day", f"a{i}", 5) for i in range(12)]
    groups += [("test", "test", "clear_day", f"b{i}", 5) for i in range(12)]
    assert codes(plan(groups)) == {"split.group_on_both_sides": True, "split.few_groups": True}


def test_the_caveat_belongs_to_the_context_that_trains_on_the_group() -> None:
    notes = domain_notes(plan(CAMVID))
    assert set(notes) == {("stage2", "dawn_dusk")}
    assert "within one sequence (0001TP)" in notes["stage2", "dawn_dusk"]


def test_guessed_domains_of_test_images_are_a_warning() -> None:
    record = plan(CAMVID)
    data = record["data"]["camvid"]
    assert "split.heuristic_domains" not in codes(record)  # a plan of before origins were counted
    names = ("side", "domain", "origin", "images")
    rows = [("train", "night", "heuristic", 5), ("test", "night", "attribute", 3), ("test", "foggy", "classifier", 2)]
    data["domains"] = [dict(zip(names, row, strict=True)) for row in rows]
    assert codes(record)["split.heuristic_domains"]
    data["domains"].append(dict(zip(names, ("test", "cloudy", "heuristic", 4), strict=True)))
    (check,) = [c for c in check_splits(record) if c.code == "split.heuristic_domains"]
    assert (check.severity, check.holds) == ("warning", False) and not failed([check])
    assert "4 of 9 test images of camvid" in check.statement and "(4 cloudy)" in check.statement
    assert [row["domain"] for row in check.rows] == ["cloudy"]
