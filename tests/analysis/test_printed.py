"""Ready-made tables of gains: what their numbers say, and that nothing more is claimed."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from fairweather.analysis import Analysis, Finding, rule_of
from fairweather.analysis.analyse import compare
from fairweather.analysis.frame import Frame, Printed, Settings
from fairweather.analysis.table import Block, Scores

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "reference" / "stage_comparison.csv"
NONE = float("nan")


def frame_of(
    gain: dict[str, tuple[float, ...]], rank: dict[str, tuple[float, ...]] | None = None, digits: int = 2
) -> Frame:
    """A table of printed gains, strategy -> one a context; `rank` likewise, with the baseline."""
    names = tuple(gain)
    table = np.array(list(gain.values())).T
    C = len(table)
    contexts = ("stage1", "stage2")[:C] if C > 1 else ("all",)
    ranks = np.full((C, len(names) + 1), NONE) if rank is None else np.array([rank[n] for n in (*names, "baseline")]).T
    change = ranks[0] - ranks[-1]
    printed = Printed(names, table, ranks, change, np.full(len(names) + 1, NONE), digits)
    y = np.concatenate([table, np.zeros((C, 1))], axis=1)[None, :, :, None]
    families = {name: name.split("_")[0] for name in names}
    scores = Scores("mIoU", contexts, names, "baseline", (), families, (Block("", "", 0),), ("",), y)
    empty, nothing = replace(scores, variants=(), y=y[:0]), replace(scores, y=y * np.nan)
    settings = Settings("baseline", contexts, "mIoU", 0.3, "", None)
    return Frame(settings, scores, empty, empty, nothing, nothing, frozenset(), {}, None, printed=printed)


@pytest.fixture(scope="module")
def reference() -> Analysis:
    if not REFERENCE.is_file():
        pytest.skip(f"{REFERENCE} is not there: the reference results are not part of the repository")
    with REFERENCE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    gain, rank = {}, {}
    for row in rows:
        name = row["strategy"].replace("std_std_", "std_")
        rank[name] = (float(row["stage1_rank"]), float(row["stage2_rank"]))
        if name != "baseline":
            gain[name] = (float(row["stage1_gain"]), float(row["stage2_gain"]))
    return compare(frame_of(gain, rank))


def by_id(analysis: Analysis) -> dict[str, Finding]:
    found = {f.id: f for f in analysis.findings}
    assert len(found) == len(analysis.findings)  # each id once
    return found


TABLE = {
    "gains.stage1.all_positive": "yes", "gains.stage2.all_positive": "no", "below_baseline.stage1": "no",
    "below_baseline.stage2": "yes", "context.mean_gain_change": "yes", "context.all_gains_smaller": "no",
}  # fmt: skip


def test_only_arithmetic_is_answered(reference: Analysis) -> None:
    found = by_id(reference)
    assert {id: f.verdict for id, f in found.items() if f.scope == "table"} == TABLE
    for id, f in found.items():
        assert f.test is None and rule_of(id, ("stage1", "stage2"))
        assert f.n["cells"] == f.n["seeds"] == 0
        said = " ".join((f.statement, *f.caveats))
        assert "no cells" in said and "no seeds" in said
        assert f.estimate is None or f.estimate.low is f.estimate.high is None
        assert (f.scope == "table") != (f.verdict == "untestable"), id


def test_every_question_is_there(reference: Analysis) -> None:
    found = by_id(reference)
    for c in ("stage1", "stage2"):
        assert {f"{id}.{c}" for id in (
            "strategies.differ", "family.gen.differ", "family.std.differ", "best", "tiers", "domains.adverse_vs_normal",
            "classes.small_vs_rest", "influence", "attributes.fid", "attributes.simple", "gains", "below_baseline",
        )} - {f"gains.{c}"} <= found.keys()  # fmt: skip
        assert sum(id.startswith(f"gains.{c}.") for id in found) == 27
    assert sum(id.startswith("gain_change.") for id in found) == 26
    assert {
        "context.interaction", "context.order_kept", "context.rank_moves", "design.smallest_gain", "attributes.fid.gain_change",
    } <= found.keys()  # fmt: skip


def test_the_reference_gains(reference: Analysis) -> None:
    found = by_id(reference)
    below = found["below_baseline.stage2"].statement
    assert below == (
        "Printed below the baseline in mIoU in stage2: gen_step1x_new (-0.03), gen_Weather_Effect_Generator (-0.15) and "
        "std_mixup (-0.25)."
    )
    mean = found["context.mean_gain_change"]
    assert "falls by 0.7608 points from stage1 to stage2, from +1.0435 to +0.2827" in mean.statement
    assert mean.estimate is not None and mean.estimate.value == pytest.approx(-0.7608, abs=5e-5)
    assert mean.caveats[0] == (
        "The mean change is -0.7608 points, the median -0.775; 25 gains become smaller and 1 larger; the largest loss is that of "
        "gen_Qwen_Image_Edit, -1.93."
    )
    assert mean.caveats[1] == "Mean change by family (strategies): gen -0.8524 (21) and std -0.3760 (5)."
    smaller = found["context.all_gains_smaller"]
    assert smaller.statement.endswith("from stage1 to stage2: that of std_cutmix changes by +1.18 points.")
    assert "(printed: +0.04 points)" in found["gains.stage2.gen_Qwen_Image_Edit"].statement
    assert "(printed: +1.18 points)" in found["gain_change.std_cutmix"].statement
    best = found["best.stage2"]
    assert "(printed: the largest gain is +1.45 points, std_cutmix)" in best.statement


def test_the_reference_order_and_moves(reference: Analysis) -> None:
    found = by_id(reference)
    order = found["context.order_kept"]
    assert "Kendall's tau -0.124 between the printed gains, -0.128 between the printed ranks" in order.statement
    moves = found["context.rank_moves"].statement
    assert "moves of 258 places in all, 15 of 27 of 10 places or more, the largest +25 (std_cutmix)" in moves
    assert "two unrelated orders of 27 give 242.7 and 11.3 (95 %: 7 to 16)" in moves


def test_the_reference_rows(reference: Analysis) -> None:
    rows = {row["strategy"]: row for row in reference.tables["printed"].to_pylist()}
    assert len(rows) == 27
    assert rows["std_cutmix"] == {
        "strategy": "std_cutmix", "first": "stage1", "second": "stage2", "gain_first": 0.27, "gain_second": 1.45, "change": 1.18,
        "rank_first": 26.0, "rank_second": 1.0, "rank_change": 25.0,
    }  # fmt: skip
    assert rows["baseline"]["gain_first"] == 0.0 and rows["baseline"]["rank_change"] == 3.0
    assert reference.tables["gains"].num_rows == 0 and reference.tables["influence"].num_rows == 0


def test_what_is_printed_as_zero_is_neither_above_nor_below() -> None:
    found = by_id(compare(frame_of({"std_a": (0.4, 0.1), "std_b": (0.0, 0.2), "gen_a": (0.2, 0.2)})))
    for id in ("gains.stage1.all_positive", "below_baseline.stage1"):
        assert found[id].verdict == "undecided" and "std_b is printed as 0.00" in found[id].statement
    assert found["gains.stage2.all_positive"].verdict == "yes" and found["below_baseline.stage2"].verdict == "no"
    smaller = found["context.all_gains_smaller"]
    assert smaller.verdict == "no"
    assert "that of std_b changes by +0.20 points and that of gen_a changes by +0.00 points" in smaller.statement
    assert "family.gen.differ.stage1" not in found


def test_all_gains_smaller() -> None:
    found = by_id(compare(frame_of({"std_a": (0.4, 0.1), "std_b": (0.3, -0.2)})))
    one = found["context.all_gains_smaller"]
    assert one.verdict == "yes" and "the smallest loss is that of std_a, -0.30 points" in one.statement
    assert "2 gains become smaller and 0 larger" in one.caveats[0]


def test_a_mean_that_stays_is_a_no() -> None:
    found = by_id(compare(frame_of({"std_a": (0.4, 0.1), "std_b": (0.1, 0.4)})))
    mean = found["context.mean_gain_change"]
    assert mean.verdict == "no" and "is the same from stage1 to stage2, +0.2500 points" in mean.statement


def test_one_context_has_its_own_findings_alone() -> None:
    analysis = compare(frame_of({"std_a": (0.4,), "gen_a": (-0.1,), "gen_b": (0.2,)}))
    found = by_id(analysis)
    assert not any(id.startswith(("context.", "gain_change.")) or id.endswith(".gain_change") for id in found)
    assert found["below_baseline.all"].verdict == "yes"
    assert (
        found["below_baseline.all"].statement == "Printed below the baseline in mIoU in the one context: gen_a (-0.10)."
    )
    assert {(row["second"], row["gain_second"], row["change"]) for row in analysis.tables["printed"].to_pylist()} == {
        ("", None, None)
    }


def test_a_gain_that_is_not_printed_is_missed_and_not_taken_for_zero() -> None:
    found = by_id(compare(frame_of({"std_a": (0.4, 0.1), "std_b": (NONE, 0.3), "std_c": (0.5, 0.3)})))
    assert "the table prints no gain for it there" in found["gains.stage1.std_b"].statement
    assert "the table prints no two gains for it" in found["gain_change.std_b"].statement
    assert "The mean of the 2 printed gains in mIoU falls by 0.2500" in found["context.mean_gain_change"].statement
    assert "Whether the 2 strategies differ in mIoU in stage1" in found["strategies.differ.stage1"].statement
    apart = by_id(compare(frame_of({"std_a": (0.4, NONE), "std_b": (NONE, 0.3)})))
    assert apart["context.mean_gain_change"].verdict == apart["context.all_gains_smaller"].verdict == "untestable"
    empty = by_id(compare(frame_of({"std_a": (NONE, 0.1), "std_b": (NONE, 0.3)})))
    assert empty["gains.stage1.all_positive"].verdict == "untestable"
    assert empty["context.rank_moves"].verdict == "untestable"


def test_without_printed_ranks_those_of_the_gains_are_taken_and_said() -> None:
    gain = {f"gen_{k}": (float(k), float(-k)) for k in range(1, 6)}
    found = by_id(compare(frame_of(gain)))["context.rank_moves"]
    first, second = (stats.rankdata([-v[c] for v in (*gain.values(), (0.0, 0.0))]) for c in (0, 1))
    total = int(np.abs(first - second).sum())
    assert (
        f"moves of {total} places in all" in found.statement
        and "two unrelated orders of 6 give 11.7" in found.statement
    )
    assert "The table prints no ranks" in found.caveats[0]


def test_a_table_with_cells_is_analysed_like_any_other() -> None:
    frame = frame_of({"std_a": (0.4, 0.1), "std_b": (0.3, 0.3), "std_c": (0.2, 0.1)})
    rng = np.random.default_rng(0)
    y = np.repeat(frame.metric.y, 8, axis=3) + rng.normal(0, 0.1, (1, 2, 4, 8)) * np.array([1, 1, 1, 0])[:, None]
    metric = replace(frame.metric, y=y, blocks=tuple(Block(f"d{k}", "m", 0) for k in range(8)))
    nothing = replace(metric, y=y * np.nan)
    cells = replace(frame, metric=metric, adverse=nothing, small=nothing)
    found = by_id(compare(cells))
    assert all(f.scope == "population" for f in found.values())
    assert found["gains.stage1.std_a"].verdict == "yes"
