"""The reference study through the door an importer uses: a Frame of values without counts."""

from dataclasses import replace

import numpy as np
import pytest

from fairweather.analysis import Analysis, Finding, Settings
from fairweather.analysis.analyse import compare
from fairweather.analysis.frame import Frame
from fairweather.analysis.table import Scores
from fairweather.vocabulary.domains import ADVERSE, NORMAL, in_order


def per_domain(reference: Scores, rows: list[dict[str, str]]) -> Scores:
    domains = in_order(row["domain"] for row in rows)
    y = np.full((len(domains), 1, *reference.y.shape[2:]), np.nan)
    place = {(b.dataset, b.model): at for at, b in enumerate(reference.blocks)}
    for row in rows:
        arm = reference.arms.index(row["strategy"])
        y[domains.index(row["domain"]), 0, arm, place[row["dataset"], row["model"]]] = float(row["mIoU"])
    return replace(reference, metric="domain mIoU", variants=domains, y=y)


@pytest.fixture(scope="module")
def analysis(reference: Scores, reference_rows: list[dict[str, str]]) -> Analysis:
    domains = per_domain(reference, reference_rows)
    images = {(row["dataset"], row["model"], row["domain"]): float(row["num_images"]) for row in reference_rows}
    weight = np.array([[images.get((b.dataset, b.model, d), 0.0) for b in reference.blocks] for d in domains.variants])
    halves = []
    for half in (ADVERSE, NORMAL):  # weighted by images, as the metric is
        own = weight * np.isin(domains.variants, half)[:, None]
        halves.append((np.nan_to_num(domains.y[:, 0]) * own[:, None]).sum(axis=0) / own.sum(axis=0))
    contrast = (halves[0] - halves[1])[None]
    empty = np.full_like(reference.y, np.nan)
    settings = Settings("baseline", ("stage1",), "image_weighted", 0.3, "native", 80_000)
    frame = Frame(
        settings, reference, domains, replace(reference, variants=(), y=reference.y[:0]),
        replace(reference, y=contrast[None]), replace(reference, y=empty), frozenset(), {}, None,
    )  # fmt: skip
    return compare(frame)


@pytest.fixture(scope="module")
def found(analysis: Analysis) -> dict[str, Finding]:
    return {f.id: f for f in analysis.findings}


def test_two_of_26_stand_apart_from_the_baseline_and_say_that_others_may_not(found: dict[str, Finding]) -> None:
    names = {
        id.split(".", 2)[2]
        for id, f in found.items()
        if id.startswith("gains.stage1.") and f.verdict == "yes" and "." not in id[13:]
    }
    assert names == {"gen_Attribute_Hallucination", "gen_Img2Img"}
    for name in names:
        assert found[f"gains.stage1.{name}"].caveats[0].startswith("Not shown for other data sets and models")


def test_the_21_generative_strategies_are_not_told_apart(found: dict[str, Finding], analysis: Analysis) -> None:
    finding = found["family.gen.differ.stage1"]
    assert finding.verdict == "undecided" and finding.n == {"strategies": 21, "cells": 12, "seeds": 1}
    assert "p = 0.372" in finding.statement and "a difference of 1.0" in finding.statement
    assert found["family.std.differ.stage1"].n["strategies"] == 5
    assert found["strategies.differ.stage1"].verdict == "undecided"
    assert {row["tier"] for row in analysis.tables["ranks"].to_pylist()} == {1}


def test_the_leader_is_printed_with_its_shrunken_gain(found: dict[str, Finding]) -> None:
    finding = found["best.stage1"]
    assert finding.verdict == "undecided" and "best" not in finding.statement
    assert "gen_Attribute_Hallucination, +1.35 points, or +1.13 once shrunken" in finding.statement


def test_all_positive_carries_the_baselines_own_spread(found: dict[str, Finding]) -> None:
    finding = found["gains.stage1.all_positive"]
    assert finding.verdict == "undecided"
    assert "20 of 26 one-sided lower limits are above zero" in finding.statement
    assert finding.estimate is not None
    assert (finding.estimate.value, finding.estimate.low, finding.estimate.high) == pytest.approx(
        (0.8872, 0.111, 1.663), abs=6e-4
    )


def test_adverse_minus_normal(found: dict[str, Finding]) -> None:
    finding = found["domains.adverse_vs_normal.stage1"]
    assert finding.verdict == "undecided" and finding.estimate is not None
    assert (finding.estimate.value, finding.estimate.low, finding.estimate.high) == pytest.approx(
        (0.2464, -0.190, 0.683), abs=6e-4
    )


def test_the_182_gains_per_domain(analysis: Analysis) -> None:
    rows = [row for row in analysis.tables["gains"].to_pylist() if row["domain"]]
    assert len(rows) == 182 and sum(row["p"] < 0.05 for row in rows) == 72
    assert {row["domain"]: row["n_blocks"] for row in rows} | {"foggy": 3, "dawn_dusk": 9} == {
        row["domain"]: row["n_blocks"] for row in rows
    }
    yes = {(row["domain"], row["strategy"]): row["gain"] for row in rows if row["verdict"] == "yes"}
    assert yes == {
        ("dawn_dusk", "gen_Attribute_Hallucination"): pytest.approx(2.715, abs=6e-4),
        ("dawn_dusk", "std_autoaugment"): pytest.approx(2.867, abs=6e-4),
        ("night", "std_autoaugment"): pytest.approx(2.397, abs=6e-4),
    }


def test_what_the_design_could_have_shown(found: dict[str, Finding]) -> None:
    finding = found["design.smallest_gain"]
    assert finding.verdict == "no" and finding.estimate is not None
    assert finding.estimate.value == pytest.approx(1.57, abs=0.02)


def test_small_objects_cannot_be_asked_without_classes(found: dict[str, Finding]) -> None:
    finding = found["classes.small_vs_rest.stage1"]
    assert finding.verdict == "untestable" and "do not hold both" in finding.statement
