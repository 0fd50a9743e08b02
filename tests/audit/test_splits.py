from dataclasses import asdict
from typing import Any

from fairweather.audit.check import Check, failed
from fairweather.audit.splits import check_splits, domain_notes
from fairweather.data.overlap import Near, Overlap


def overlap(**found: Any) -> dict[str, Any]:
    """The record of what test and training share: nothing, but for what is given."""
    near = Near(100, 0, 0, 0, 0)
    return Overlap(100, 30, {"clear_day": near}, 6, 51, 0, (), 0, ()).record() | found


def plan(
    groups: list[tuple[str, str, str, str, int]], official: bool = True, shared: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A plan record with one data set; each group is (side, split, domain, group, images)."""
    names = ("side", "split", "domain", "group", "images")
    rows = [dict(zip(names, group, strict=True)) for group in groups]
    return {
        "data": {"camvid": {"official_splits": official, "groups": rows, "overlap": shared or overlap()}},
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
    assert codes(plan(groups)) == {
        "split.group_on_both_sides": True,
        "split.few_groups": True,
        "split.same_image_on_both_sides": True,
        "split.near_duplicates": True,
        "split.frames_close_in_time": True,
    }


def test_the_caveat_belongs_to_the_context_that_trains_on_the_group() -> None:
    notes = domain_notes(plan(CAMVID))
    assert set(notes) == {("stage2", "dawn_dusk")}
    assert "within one sequence (0001TP)" in notes["stage2", "dawn_dusk"]


def found(code: str, **shared: Any) -> tuple[Check, bool]:
    """The check of that code where test and training share something, and whether the audit fails."""
    record = plan(
        [("train", "train", "clear_day", "a", 9), ("test", "test", "clear_day", "b", 9)], True, overlap(**shared)
    )
    checks = check_splits(record)
    (only,) = [check for check in checks if check.code == code]
    assert not [c.code for c in checks if not c.holds and c is not only and c.code != "split.few_groups"]
    return only, failed(checks)


def test_the_same_image_on_both_sides_is_an_error_even_in_official_splits() -> None:
    check, fails = found("split.same_image_on_both_sides", same=2, same_examples=[["t1", "a1"], ["t2", "a2"]])
    assert (check.severity, check.holds, fails) == ("error", False, True)
    assert "2 of 100 test images of camvid are also trained on" in check.statement and "t1 of a1" in check.statement
    assert check.rows == ({"test": "t1", "train": "a1"}, {"test": "t2", "train": "a2"})


def test_near_duplicates_are_a_warning_with_their_limits() -> None:
    check, fails = found("split.near_duplicates", alike=7, alike_examples=[["t1", "a1"]])
    assert (check.severity, check.holds, fails) == ("warning", False, False)
    assert "7 of 100 test images" in check.statement and "at most 6 of 64 bits" in check.statement
    assert "t1 of a1" in check.statement


def test_frames_close_in_time_are_counted_by_domain() -> None:
    near = {"clear_day": asdict(Near(80, 80, 0, 0, 0)), "dawn_dusk": asdict(Near(20, 20, 5, 0, 0))}
    check, fails = found("split.frames_close_in_time", near=near)
    assert (check.severity, check.holds, fails) == ("warning", False, False)
    assert "5 of 100 test images of camvid (5.0 %) are within 30 frames" in check.statement
    assert "(dawn_dusk 5 of 20)" in check.statement and len(check.rows) == 2


def test_numbers_of_images_without_a_group_are_a_note() -> None:
    check, _ = found("split.frames_close_in_time", near={"clear_day": asdict(Near(100, 0, 0, 90, 40))})
    assert (check.severity, check.holds) == ("note", False)
    assert "40 of 100 test images of camvid have no group" in check.statement


def test_frames_without_numbers_are_said_to_have_none() -> None:
    record = plan([("train", "train", "clear_day", "a", 9), ("test", "test", "clear_day", "b", 9)])
    said = {check.code: check.statement for check in check_splits(record)}
    assert "has a number at the end of its name" in said["split.frames_close_in_time"]
    record["data"]["camvid"]["overlap"]["near"] = {"clear_day": asdict(Near(9, 9, 0, 0, 0))}
    said = {check.code: check.statement for check in check_splits(record)}
    assert "within 30 frames of a training frame" in said["split.frames_close_in_time"]


def test_a_plan_from_before_says_that_nobody_looked() -> None:
    record = plan([("train", "train", "clear_day", "a", 9), ("test", "test", "clear_day", "b", 9)])
    del record["data"]["camvid"]["overlap"]
    (check,) = [check for check in check_splits(record) if check.code == "split.near_duplicates"]
    assert (check.severity, check.holds) == ("note", False) and "was not looked at" in check.statement


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
