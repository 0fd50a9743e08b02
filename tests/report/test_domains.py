from typing import Any

from fairweather.report.domains import domain_tables, origins_in_words

CONFUSION = {
    "images": 10, "decided": 8, "right": 7, "coverage": 0.8, "precision": [],
    "counts": [
        {"domain": "night", "said": "night", "images": 4}, {"domain": "night", "said": "undefined", "images": 2},
        {"domain": "cloudy", "said": "cloudy", "images": 3}, {"domain": "cloudy", "said": "foggy", "images": 1},
    ],
}  # fmt: skip


def record(*rows: tuple[str, str, str, int], tagger: dict[str, Any] | None = None) -> dict[str, Any]:
    names = ("side", "domain", "origin", "images")
    return {"data": {"x": {"domains": [dict(zip(names, row, strict=True)) for row in rows], "tagger": tagger}}}


def sheet(**changed: Any) -> dict[str, Any]:
    return {"tagger": "pictures", "origin": "heuristic", "confusion": CONFUSION, "calibration": None} | changed


def test_nothing_is_told_of_attributes_alone_and_of_old_plans() -> None:
    for plan in (record(("test", "night", "attribute", 3)), {"data": {"x": {}}}):
        assert domain_tables(plan) == {} and origins_in_words(plan) == ()


def test_folders_are_told_without_a_word_of_method() -> None:
    plan = record(("train", "night", "folder", 3), ("test", "foggy", "folder", 2), ("test", "night", "attribute", 1))
    rows = domain_tables(plan)["domain_origins"].to_pylist()
    assert [(r["side"], r["domain"], r["folder"], r["attribute"]) for r in rows] == [
        ("train", "night", 3, 0), ("test", "foggy", 2, 0), ("test", "night", 0, 1),
    ]  # fmt: skip
    assert origins_in_words(plan) == ()


def test_a_tagger_is_told_with_its_confusion() -> None:
    plan = record(("test", "night", "heuristic", 3), tagger=sheet())
    rows = domain_tables(plan)["domain_confusion"].to_pylist()
    assert [r["known"] for r in rows] == ["cloudy", "night"]
    assert rows[1]["said night"] == 4 and rows[1]["said undefined"] == 2 and rows[0]["said foggy"] == 1
    (words,) = origins_in_words(plan)
    assert "right on 7 of the 8 images" in words and "no headline" in words


def test_without_labels_of_its_own_the_calibration_judges() -> None:
    calibration = {"source": "bdd", "judged_on": CONFUSION}
    plan = record(
        ("test", "night", "classifier", 3), tagger=sheet(confusion=None, calibration=calibration, origin="classifier")
    )
    assert {r["images"] for r in domain_tables(plan)["domain_confusion"].to_pylist()} == {"bdd, held out"}
    assert "no headline" not in origins_in_words(plan)[0]
    alone = record(("test", "night", "classifier", 3), tagger=sheet(confusion=None))
    assert (
        "domain_confusion" not in domain_tables(alone) and "no image with a known domain" in origins_in_words(alone)[0]
    )
