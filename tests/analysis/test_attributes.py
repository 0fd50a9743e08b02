"""attributes.csv, and rank correlations whose answer is known."""

import re
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from fairweather.analysis import rule_of
from fairweather.analysis.attributes import (
    CHANGE,
    OF_POOLS,
    READ,
    Attribute,
    associate,
    attribute_findings,
    attributes,
    spearman,
)
from fairweather.analysis.frame import Frame, Ledger, Settings
from fairweather.analysis.table import Block, Scores
from fairweather.generators.quality import MEASURES

STRATEGIES = Path(__file__).resolve().parents[3] / "shared" / "reference" / "stage_comparison.csv"
MEASURED = ("fid", "lpips", "ssim", "pixel_accuracy", "fw_iou")


def one(values: dict[str, float], kind: str = "measured") -> Attribute:
    return Attribute("fid", kind, values, dict.fromkeys(values, "a table"))


def frame_of(strategies: tuple[str, ...], contexts: tuple[str, ...] = ("stage1",)) -> Frame:
    y = np.zeros((1, len(contexts), len(strategies) + 1, 2))
    blocks = (Block("d", "m", 0), Block("d", "m", 1))
    scores = Scores("m", contexts, strategies, "baseline", (), {s: s[:3] for s in strategies}, blocks, ("",), y)
    empty = replace(scores, variants=(), y=y[:0])
    settings = Settings("baseline", contexts, "m", 0.3, "", None)
    return Frame(settings, scores, empty, empty, scores, scores, frozenset(), {}, None)


def test_every_value_has_its_source_and_its_kind() -> None:
    names = [(a.name, a.kind) for a in attributes()]
    assert [name for name, kind in names if kind == "measured"] == list(MEASURED)
    assert [name for name, kind in names if kind == "labelled"] == [
        "diffusion", "weather_specific", "structure_preserving", "simple", "high_fidelity",
    ]  # fmt: skip
    for a in attributes():
        assert a.name in READ and a.values.keys() == a.sources.keys()
        assert all(source.strip() and not re.search(r"(^|\s)[./]*/|\.md", source) for source in a.sources.values())
        if a.kind == "measured":
            assert len(a.values) == 18 and set(a.sources.values()) == {"PRISM generative_quality.csv"}
            assert all(name.startswith("gen_") for name in a.values)
        else:
            assert set(a.values.values()) == {0.0, 1.0}


def test_the_measured_values_are_the_published_ones() -> None:
    by_name = {a.name: a.values for a in attributes()}
    assert [by_name[name]["gen_cycleGAN"] for name in MEASURED] == [92.7, 0.213, 0.869, 88.6, 83.6]
    assert [by_name[name]["gen_Qwen_Image_Edit"] for name in MEASURED] == [111.4, 0.682, 0.297, 62.3, 52.4]
    assert [by_name[name]["gen_stargan_v2"] for name in MEASURED] == [100.3, 0.736, 0.202, 28.5, 19.6]


def test_every_strategy_named_is_one_of_the_reference_study() -> None:
    if not STRATEGIES.is_file():
        pytest.skip(f"{STRATEGIES} is not there: the reference results are not part of the repository")
    known = {line.split(",")[0].replace("std_std_", "std_") for line in STRATEGIES.read_text().splitlines()[1:]}
    named = {name for a in attributes() for name in a.values}
    assert named == known - {"baseline"}
    (diffusion,) = (a for a in attributes() if a.name == "diffusion")
    assert diffusion.values.keys() == named


@pytest.mark.parametrize("draw", range(5))
def test_rho_is_that_of_scipy_with_ties(draw: int) -> None:
    rng = np.random.default_rng(draw)
    x, y = rng.integers(0, 4, 12).astype(float), rng.normal(0, 1, 12).round(0)
    assert spearman(x, y) == pytest.approx(stats.spearmanr(x, y).statistic)
    assert np.isnan(spearman(np.ones(5), y[:5]))


@pytest.mark.parametrize("binary", [False, True])
def test_p_is_that_of_all_permutations(binary: bool) -> None:
    rng = np.random.default_rng(3)
    names = [f"gen_{k}" for k in range(7)]
    x = np.array([0, 0, 0, 1, 1, 1, 1]) if binary else rng.normal(0, 1, 7)
    y = rng.normal(0, 1, 7) + x
    null = np.array([abs(spearman(x, y[list(order)])) for order in permutations(range(7))])
    found = associate(one(dict(zip(names, x, strict=True))), dict(zip(names, y, strict=True)), "", 0, "id")
    exact = (null >= abs(found.rho) - 1e-9).mean()
    assert found.p == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 10_000))
    tails = {value: (null >= value - 1e-9).mean() for value in np.unique(null.round(9))}
    smallest = min((value for value, tail in tails.items() if tail <= 0.05), default=np.nan)
    assert np.isnan(smallest) == np.isnan(found.critical)
    if not binary:
        assert found.critical == pytest.approx(smallest, abs=0.04)


def test_labels_that_can_show_nothing_say_so() -> None:
    frame, ledger = (
        frame_of(("std_cutmix", "std_mixup", "std_autoaugment", "std_randaugment", "gen_cycleGAN")),
        Ledger(),
    )
    attribute_findings(frame, ledger, "stage1", {s: float(k) for k, s in enumerate(frame.metric.strategies)})
    found = {f.id: f for f in ledger.findings}["attributes.weather_specific.stage1"]
    assert found.verdict == "untestable" and "the value is the same for all of them" in found.statement
    found = {f.id: f for f in ledger.findings}["attributes.diffusion.stage1"]
    assert found.verdict == "untestable" and found.n["strategies"] == 5
    four = associate(
        one({f"gen_{k}": float(k == 0) for k in range(5)}), {f"gen_{k}": float(k) for k in range(5)}, "", 0, "id"
    )
    assert np.isnan(four.critical) and not four.reason and four.p > 0.3


def ordered(frame: Frame, sign: float = 1.0) -> dict[str, float]:
    """Gains in the order of the FID of the generators, half a point for the others."""
    fid = next(a.values for a in attributes() if a.name == "fid")
    return {name: sign * fid[name] / 100 if name in fid else 0.5 for name in frame.metric.strategies}


@pytest.fixture
def study() -> Frame:
    names = tuple(next(a.values for a in attributes() if a.name == "diffusion"))
    return frame_of(names, ("stage1", "stage2"))


@pytest.mark.parametrize(("sign", "verb"), [(1.0, "rises"), (-1.0, "falls")])
def test_what_goes_together_is_found_with_its_sign_and_its_n(study: Frame, sign: float, verb: str) -> None:
    ledger = Ledger()
    attribute_findings(study, ledger, "stage1", ordered(study, sign))
    found = {f.id: f for f in ledger.findings}
    fid = found["attributes.fid.stage1"]
    assert fid.verdict == "yes" and fid.n["strategies"] == 18 and fid.scope == "population"
    assert fid.statement.startswith(
        f"The gain on m in stage1 {verb} with the FID to the target domain (a lower FID is a higher"
    )
    assert f"rho {sign:+.2f} over 18 strategies" in fid.statement and fid.estimate is not None
    assert fid.estimate.value == pytest.approx(sign)
    label = found["attributes.diffusion.stage1"]
    assert "the hand-given label diffusion" in label.statement and "over 26 strategies" in label.statement
    assert "gen_Img2Img" in label.caveats[-1] and "gen_cycleGAN" not in label.caveats[-1]
    few = found["attributes.high_fidelity.stage1"]
    assert few.verdict == "untestable" and "4 strategies have both a value and a gain" in few.statement
    assert "seen: Spearman's rho" in few.statement


def test_the_adjusted_p_is_benjamini_hochberg_over_the_attributes_of_the_context(study: Frame) -> None:
    ledger, rng = Ledger(), np.random.default_rng(1)
    gains = {name: value + rng.normal(0, 0.1) for name, value in ordered(study).items()}
    attribute_findings(study, ledger, "stage1", gains)
    rows = [row for row in ledger.rows["attributes"] if row["p"] is not None]
    assert len(rows) == 9 and len(ledger.rows["attributes"]) == 10
    expected = stats.false_discovery_control([row["p"] for row in rows])
    assert [row["p_adjusted"] for row in rows] == pytest.approx(expected)
    for row in rows:
        assert row["verdict"] == ("yes" if row["p_adjusted"] <= 0.05 else "undecided")
    undecided = [f for f in ledger.findings if f.verdict == "undecided"]
    assert undecided and all("has p <= 0.05 by itself" in f.statement for f in undecided)


def test_the_change_of_the_gain_has_findings_of_its_own(study: Frame) -> None:
    ledger = Ledger()
    attribute_findings(study, ledger, CHANGE, ordered(study))
    fid = next(f for f in ledger.findings if f.id == "attributes.fid.gain_change")
    assert "the change of the gain on m from stage1 to stage2 rises with" in fid.statement.lower()
    assert rule_of(fid.id, study.contexts) == "attributes.<name>.gain_change"
    assert {(row["context"], row["of"]) for row in ledger.rows["attributes"]} == {("", CHANGE)}


def test_gains_that_cannot_be_tested_are_shown_and_not_tested(study: Frame) -> None:
    ledger = Ledger()
    attribute_findings(study, ledger, "stage1", ordered(study), "there is one run of each strategy")
    fid = next(f for f in ledger.findings if f.id == "attributes.fid.stage1")
    assert fid.verdict == "untestable" and fid.test is None
    assert "(seen: Spearman's rho +1.00 over 18 strategies): there is one run of each strategy." in fid.statement


def test_only_the_attributes_of_the_study_are_asked() -> None:
    ledger, frame = Ledger(), frame_of(("std_darken", "gen_own"))
    attribute_findings(frame, ledger, "stage1", {"std_darken": 1.0, "gen_own": 2.0})
    assert ledger.findings == [] and not ledger.rows["attributes"]
    attribute_findings(frame_of(("std_cutmix", "gen_own")), ledger, "stage1", {"std_cutmix": 1.0, "gen_own": 2.0})
    asked: Any = {f.id.split(".")[1] for f in ledger.findings}
    assert asked == {"diffusion", "weather_specific", "structure_preserving", "simple"}


def test_another_seed_moves_the_draws_alone(study: Frame) -> None:
    def rows(seed: int) -> list[dict[str, Any]]:
        ledger = Ledger()
        rng = np.random.default_rng(4)
        gains = {name: float(rng.normal()) for name in study.metric.strategies}
        attribute_findings(replace(study, settings=replace(study.settings, seed=seed)), ledger, "stage1", gains)
        return ledger.rows["attributes"]

    assert rows(0) == rows(0)
    assert [r["rho"] for r in rows(0)] == [r["rho"] for r in rows(1)]
    assert [r["p"] for r in rows(0)] != [r["p"] for r in rows(1)]


def pools_measured(names: tuple[str, ...], name: str = "kernel_distance") -> Attribute:
    return Attribute(name, "pools", {s: float(k) for k, s in enumerate(names)}, dict.fromkeys(names, "pools a"))


def test_a_study_of_ours_is_asked_what_it_measured_and_not_what_others_did(study: Frame) -> None:
    names = study.metric.strategies[:6]
    own = replace(study, settings=replace(study.settings, measured=(pools_measured(names),)))
    ledger = Ledger()
    attribute_findings(own, ledger, "stage1", {name: float(k) for k, name in enumerate(study.metric.strategies)})
    found = {f.id: f for f in ledger.findings}
    assert {row["kind"] for row in ledger.rows["attributes"]} == {"pools", "labelled"}
    assert not {f"attributes.{name}.stage1" for name in MEASURED} & found.keys()
    kernel = found["attributes.kernel_distance.stage1"]
    assert kernel.verdict == "yes" and kernel.n["strategies"] == 6
    assert "over a network trained on the study's real images (a lower one is nearer to them)" in kernel.statement
    assert rule_of(kernel.id, study.contexts) == "attributes.<name>.<context>"


def test_fewer_than_five_measured_strategies_are_untestable(study: Frame) -> None:
    own = replace(study, settings=replace(study.settings, measured=(pools_measured(study.metric.strategies[:4]),)))
    ledger = Ledger()
    attribute_findings(own, ledger, "stage1", {name: float(k) for k, name in enumerate(study.metric.strategies)})
    kernel = next(f for f in ledger.findings if f.id == "attributes.kernel_distance.stage1")
    assert kernel.verdict == "untestable" and "4 strategies have both a value and a gain" in kernel.statement


def test_every_measure_that_can_be_an_attribute_has_its_words() -> None:
    assert OF_POOLS.keys() == {name for name in MEASURES if not name.startswith("source_")}
