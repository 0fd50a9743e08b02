"""Worlds in which one thing decides, and worlds in which none does."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from fairweather.analysis import Analysis, Settings, analyse
from fairweather.analysis.analyse import compare
from fairweather.analysis.finding import Finding
from fairweather.analysis.frame import Frame
from fairweather.analysis.table import Block, Scores

STRATEGIES = ("std_a", "std_b", "std_c", "gen_a")


def frame_of(y: np.ndarray, blocks: tuple[Block, ...], strategies: tuple[str, ...], **more: Any) -> Frame:
    families = {name: name.split("_")[0] for name in strategies}
    scores = Scores("m", ("all",), strategies, "baseline", (), families, blocks, ("",), y[None, None])
    empty, nothing = replace(scores, variants=(), y=scores.y[:0]), replace(scores, y=scores.y * np.nan)
    settings = Settings("baseline", ("all",), "m", 0.3, "", None)
    return Frame(settings, scores, empty, empty, nothing, nothing, frozenset(), {}, None, **more)


def world(datasets: int, models: int, seeds: int, effect: Callable[[str, Block], float], sd: float = 0.1) -> Frame:
    rng = np.random.default_rng([datasets, models, seeds])
    blocks = tuple(Block(f"d{d}", f"m{m}", s) for d in range(datasets) for m in range(models) for s in range(seeds))
    y = rng.normal(0, sd, (5, len(blocks))) + rng.normal(0, 3, len(blocks))
    y[:4] += np.array([[effect(name, block) for block in blocks] for name in STRATEGIES])
    return frame_of(y, blocks, STRATEGIES)


def finding(analysis: Analysis, id: str = "influence.all") -> Finding:
    return next(f for f in analysis.findings if f.id == id)


def rows(analysis: Analysis, table: str, **where: Any) -> list[dict[str, Any]]:
    return [r for r in analysis.tables[table].to_pylist() if all(r[key] == value for key, value in where.items())]


def test_an_effect_everywhere_hangs_on_nothing() -> None:
    found = compare(world(3, 2, 2, lambda name, _: 1.0 if name == "std_a" else 0.0))
    one = finding(found)
    assert one.verdict == "no" and one.estimate is not None and one.estimate.value == 0
    assert "one of 3 data sets, 2 models and 2 seeds turns none of the" in one.statement
    assert "; nearest to it, without " in one.statement
    assert not any(r["flips"] for r in rows(found, "influence"))


def test_a_yes_into_a_no_is_named_first() -> None:
    def effect(name: str, block: Block) -> float:
        if name == "std_a":
            return 3.0 if block.dataset == "d0" else -1.0  # +1 over both; without d0 it is harmful
        return 1.2

    found = compare(world(2, 3, 3, effect))
    one = finding(found)
    assert finding(found, "gains.all.std_a").verdict == "yes" and one.verdict == "yes"
    cases = one.statement.split(": ", 1)[1]
    assert re.match(
        r"without data set d0 the gain of std_a goes from \+1.\d\d to -[01].\d\d points \(yes, then no\)", cases
    )
    assert "(yes, then no)" in cases
    (row,) = rows(found, "influence_verdicts", left_out="d0", id="gains.all.std_a")
    assert (row["whole"], row["verdict"], row["flips"]) == ("yes", "no", True) and row["p"] < 0.05
    assert row["whole_value"] == pytest.approx(1.0, abs=0.15) and row["value"] == pytest.approx(-1.0, abs=0.15)
    (summary,) = rows(found, "influence", left_out="d0")
    assert summary["factor"] == "dataset" and summary["blocks"] == 9 and summary["strategies"] == 4
    own = rows(found, "influence_verdicts", left_out="d0")
    assert summary["flips"] == sum(r["flips"] for r in own) >= 1
    assert one.estimate is not None and one.estimate.value == sum(r["flips"] for r in rows(found, "influence_verdicts"))


@pytest.mark.parametrize(("rest", "turns"), [(0.25, True), (0.40, False)])  # 0.625 with all; 0.70 with all
def test_half_an_estimate_lost_is_a_turn_and_a_little_less_is_none(rest: float, turns: bool) -> None:
    found = compare(world(2, 3, 3, lambda _, block: 1.0 if block.dataset == "d0" else rest, 0.02))
    gains = [r for r in rows(found, "influence_verdicts", left_out="d0") if r["id"].startswith("gains.")]
    assert [r["flips"] for r in gains] == [turns] * 5
    assert all(r["whole"] == "yes" and r["value"] == pytest.approx(rest, abs=0.03) for r in gains)


def test_a_no_that_changes_its_sign_is_a_turn() -> None:
    found = compare(world(2, 3, 3, lambda _, block: -2.0 if block.dataset == "d0" else 0.03, 0.02))
    assert finding(found, "gains.all.std_a").verdict == "no"
    assert finding(found).verdict == "yes" and "without data set d0 the gain of " in finding(found).statement


def test_another_strategy_ahead_is_a_turn() -> None:
    def effect(name: str, block: Block) -> float:
        ahead = {"std_a": 3.0, "std_b": 0.8} if block.model == "m0" else {"std_a": 1.6, "std_b": 2.0}
        return ahead.get(name, 0.5)

    found = compare(world(2, 2, 3, effect))
    assert finding(found, "best.all").verdict == "yes"
    (row,) = rows(found, "influence_verdicts", left_out="m0", id="best.all")
    assert row["verdict"] == "yes" and row["flips"]
    assert finding(found).verdict == "yes"


def test_nothing_decided_can_turn_nothing() -> None:
    one = finding(compare(world(2, 2, 2, lambda *_: 0.0, 2.0)))
    assert one.verdict == "no"
    assert one.statement == (
        "No verdict in the one context is yes or no, so leaving out one of 2 data sets, 2 models and 2 seeds turns none."
    )
    assert one.caveats[0].startswith("As one is left out, the mean gain, ") and "with all, 0 then." in one.caveats[0]


def test_domains_and_classes_come_from_the_metric_without_them() -> None:
    whole = world(2, 2, 2, lambda name, _: 1.0 if name == "std_a" else 0.0)
    one = replace(whole.metric, y=whole.metric.y - np.array([[1.0], [0], [0], [0], [0]]))  # night carries std_a
    frame = replace(
        whole, without={("domain", "night"): one, ("domain", "foggy"): whole.metric, ("class", "pole"): one}
    )
    found = compare(frame)
    assert re.search(r": without domain night the gain of std_a goes from \+1.0", finding(found).statement)
    assert {(r["factor"], r["left_out"]) for r in rows(found, "influence") if r["factor"] in ("domain", "class")} == {
        ("domain", "night"), ("domain", "foggy"),  # one class cannot be left out
    }  # fmt: skip


def test_what_cannot_be_left_out_is_said() -> None:
    one = world(1, 1, 2, lambda *_: 1.0)
    found = compare(one)
    assert finding(found).verdict == "untestable"
    assert "whatever is left out, too little is left to test" in finding(found).statement
    blocks = tuple(Block("d", "m", 0) for _ in range(2))  # two runs that differ in nothing that has a name
    same = compare(frame_of(one.metric.y[0, 0], blocks, STRATEGIES))
    assert "there is no second data set, model or seed to leave out" in finding(same).statement
    single = compare(frame_of(one.metric.y[0, 0, :, :1], one.metric.blocks[:1], STRATEGIES))
    assert finding(single).verdict == "untestable" and "one run" in finding(single).statement


def test_what_leaves_too_little_is_named_beside_the_rest() -> None:
    whole = world(2, 2, 1, lambda *_: 1.0)
    y = whole.metric.y[0, 0].copy()
    keep = [0, 1, 2]  # d1 has one model: without d0 one cell is left
    found = compare(frame_of(y[:, keep], tuple(whole.metric.blocks[k] for k in keep), STRATEGIES))
    one = finding(found)
    assert one.verdict != "untestable" and "Too little is left to test without data set d0" in one.caveats[1]
    (row,) = rows(found, "influence", left_out="d0")
    assert row["blocks"] is None and row["mean_gain"] is None and row["flips"] == 0
    assert {r["verdict"] for r in rows(found, "influence_verdicts", left_out="d0")} == {"untestable"}


def test_a_study_of_counts_leaves_out_domains_and_classes(
    make_world: Callable[..., pa.Table], make_settings: Callable[..., Settings]
) -> None:
    def effect(context: str, strategy: str, domain: str, name: str) -> float:
        return 8.0 if strategy == "std_a" and domain == "night" else 0.0

    names = ("baseline", "std_a", "std_b", "std_c", "placebo_noise")
    results = make_world(effect, names, contexts=("stage1",), domains=("clear_day", "night", "foggy"), sd=0.05)
    found = analyse(results, make_settings(("stage1",)))
    one = finding(found, "influence.stage1")
    assert one.verdict == "yes" and "without domain night the gain of std_a goes from +2." in one.statement
    assert "3 seeds, 3 domains and 4 classes" in one.statement
    assert not any("placebo" in r["id"] for r in rows(found, "influence_verdicts"))


REFERENCE = [
    # left out, mean gain, leader's gain, Friedman p of the 26 and of gen, separated (statistics.md, "left out")
    ("bdd10k", 0.5547, 1.0028, 0.449, 0.586, 0),
    ("idd-aw", 0.7771, 1.2914, 0.100, 0.577, 0),
    ("mapillaryvistas", 1.1642, 1.6721, 0.483, 0.529, 2),
    ("outside15k", 1.0527, 1.4410, 0.0027, 0.155, 12),
    ("deeplabv3plus_r50", 0.5787, 1.0094, 0.209, 0.332, 0),
    ("pspnet_r50", 1.1335, 1.4308, 0.727, 0.909, 1),
    ("segformer_mit-b5", 0.9492, 1.6152, 0.0028, 0.017, 0),
]


@pytest.fixture(scope="module")
def whole(reference: Scores) -> Analysis:
    empty, nothing = replace(reference, variants=(), y=reference.y[:0]), replace(reference, y=reference.y * np.nan)
    settings = Settings("baseline", ("stage1",), "image_weighted", 0.3, "", None)
    return compare(Frame(settings, reference, empty, empty, nothing, nothing, frozenset(), {}, None))


@pytest.mark.parametrize(("name", "mean", "leader", "p", "p_gen", "separated"), REFERENCE)
def test_the_reference_table(
    whole: Analysis, name: str, mean: float, leader: float, p: float, p_gen: float, separated: int
) -> None:
    (row,) = rows(whole, "influence", left_out=name)
    assert row["leader"] == "gen_Attribute_Hallucination" and row["strategies"] == 26
    assert (row["mean_gain"], row["leader_gain"]) == pytest.approx((mean, leader), abs=5.1e-5)
    digits = 5.1e-5 if p < 0.01 else 5.1e-4
    assert row["differ_p"] == pytest.approx(p, abs=digits) and row["separated"] == separated
    (gen,) = rows(whole, "influence_verdicts", left_out=name, id="family.gen.differ.stage1")
    assert gen["p"] == pytest.approx(p_gen, abs=5.1e-4)


def test_the_reference_details(whole: Analysis) -> None:
    (cutmix,) = rows(whole, "influence_verdicts", left_out="idd-aw", id="gains.stage1.std_cutmix")
    assert cutmix["value"] == pytest.approx(-0.0073, abs=5.1e-5)
    p = [
        r["p"]
        for r in rows(whole, "influence_verdicts", left_out="pspnet_r50")
        if r["id"].startswith("gains.") and r["p"]
    ]
    assert min(p) == pytest.approx(0.049, abs=0.001)
    (nothing,) = rows(whole, "influence", left_out="")
    assert nothing["mean_gain"] == pytest.approx(0.8872, abs=5e-5) and nothing["separated"] == 2
    one = finding(whole, "influence.stage1")
    assert one.verdict == "no" and "none of the 2 verdicts in stage1 that are yes or no" in one.statement
    assert "2 of the strategies are separated from baseline with all, 0 to 12 then." in one.caveats[0]
