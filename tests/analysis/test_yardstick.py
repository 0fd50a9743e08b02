"""Gains on the scale placebo 0 to oracle 1: Fieller's interval against hand arithmetic and against its own definition."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from fairweather.analysis import Analysis, Finding, Settings, analyse
from fairweather.analysis.analyse import compare
from fairweather.analysis.frame import Frame, Printed
from fairweather.analysis.frame import Settings as FrameSettings
from fairweather.analysis.gains import gains_among
from fairweather.analysis.spread import Layout, Spread, Untestable, added, arrange, like_these, these
from fairweather.analysis.table import Block, Scores
from fairweather.analysis.within import ORACLE, PLACEBO
from fairweather.analysis.yardstick import Yardstick, share, yardstick

World, Make = Callable[..., pa.Table], Callable[..., Settings]
Find = dict[str, Finding]
RNG = np.random.default_rng(29)
NAMES = ("std_a", "std_b", "gen_d", "gen_e")
ALL = ("baseline", *NAMES, PLACEBO, ORACLE)
GAIN = {"std_a": 0.2, "std_b": 1.6, "gen_d": 4.2, "gen_e": -2.8, PLACEBO: 0.2, ORACLE: 3.0}


def spread_of(y: np.ndarray, cells: int = 1, seeds: int = 1) -> Spread:
    """float64 (K + 3, blocks): strategies, baseline, placebo, oracle."""
    K = len(y) - 3
    arms = (*(f"s{k}" for k in range(K)), "baseline", PLACEBO, ORACLE)
    layout = arrange(y, arms, K, tuple(Block(f"d{c}", "m", s) for c in range(cells) for s in range(seeds)))
    assert isinstance(layout, Layout)
    return these(layout)


def drawn(rng: np.random.Generator, K: int, cells: int, seeds: int, oracle: float, step: float = 1.0) -> Spread:
    """A study whose oracle lies `oracle` standard deviations of a run above the placebo."""
    blocks = cells * seeds
    y = rng.normal(0, 1, (K + 3, blocks)) * rng.uniform(0.5, 2, (K + 3, 1)) + rng.normal(0, 3, blocks)
    y[:K] += step * np.arange(K)[:, None]
    y[-1] += oracle
    return spread_of(y, cells, seeds)


def test_one_strategy_by_hand() -> None:
    """Fieller's own case, with paired observations (1954, section 3: the roots of a quadratic).

    Five seeds, strategy - placebo a = 1 2 3 2 2 and oracle - placebo b = 4 5 3 4 4: means 2 and 4; variances of a mean
    0.5/5 = 0.1 both, covariance -0.25/5 = -0.05; t(0.975, 4)^2 = 2.7764451^2 = 7.7086474. The limits are the roots of
    (16 - 0.7708647) h^2 - 2 (8 + 0.3854324) h + (4 - 0.7708647) = 0: (8.3854324 -+ sqrt(70.3154760 - 49.1769376)) / 15.2291353.
    """
    level = np.array([50.0, 47.0, 52.0, 49.0, 51.0])
    a, b = np.array([1.0, 2, 3, 2, 2]), np.array([4.0, 5, 3, 4, 4])
    spread = spread_of(np.stack([level + a, level - a, level, level + b]), seeds=5)
    found = share(spread, "s0")
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx((0.5, 0.2487184, 0.8525172), abs=1e-7)


def test_several_strategies_by_the_definition() -> None:
    """With complete blocks: S_s + h^2 S_oracle + (1 - h)^2 S_placebo over N, and Welch's degrees of freedom of these three."""
    spread = drawn(np.random.default_rng(4), 5, 3, 3, 6.0)
    S, nu, mean = spread.S, spread.nu, spread.mean
    zero, one = spread.arms.index(PLACEBO), spread.arms.index(ORACLE)
    for s in range(5):
        found = share(spread, f"s{s}")
        assert found is not None
        assert found.value == pytest.approx((mean[s] - mean[zero]) / (mean[one] - mean[zero]))
        for h in (found.low, found.high):
            parts = np.array([S[s] * 1.0, S[one] * h**2, S[zero] * (1 - h) ** 2]) / 9
            dof = parts.sum() ** 2 / (parts**2 / nu[[s, one, zero]]).sum()
            T = (mean[s] - h * mean[one] - (1 - h) * mean[zero]) / np.sqrt(parts.sum())
            assert abs(T) == pytest.approx(stats.t.isf(0.025, dof), rel=1e-9)


def test_two_strategies_by_the_series_of_the_contrast() -> None:
    y = np.random.default_rng(5).normal(0, 1, (5, 6)) + np.array([1.0, 3.0, 0.0, 0.0, 8.0])[:, None]
    found = share(spread_of(y, cells=6), "s1")
    assert found is not None
    for h in (found.low, found.high):
        assert stats.ttest_1samp(y[1] - h * y[4] - (1 - h) * y[3], 0).pvalue == pytest.approx(0.05, rel=1e-9)


@pytest.mark.parametrize("K", [1, 2, 3, 7])
def test_a_contrast_of_two_arms_is_their_difference(K: int) -> None:
    spread = drawn(RNG, K, 3, 1, 5.0)
    for table in (spread, added(spread, drawn(RNG, K, 4, 1, 5.0))):
        if table is not spread and K <= 2:
            continue  # pairs of two contexts are no one series
        a, b = 0, len(table.arms) - 1
        weights = np.zeros(len(table.arms))
        weights[[a, b]] = 1.0, -1.0
        variance, dof = table.contrast(weights)
        assert (variance, dof) == pytest.approx((table.variance(a, b), table.dof(a, b)))
    layout = spread.layouts[0]
    wide = like_these(layout)
    assert wide is not None
    weights = np.zeros(len(wide.arms))
    weights[[0, K]] = 1.0, -1.0
    assert wide.contrast(weights) == pytest.approx((wide.variance(0, K), wide.dof(0, K)))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([1, 2, 3, 6]), st.sampled_from([(1, 3), (3, 1), (3, 3), (6, 2)]))
def test_the_scale_stands_at_its_ends_and_moves_with_the_metric(draw: int, K: int, size: tuple[int, int]) -> None:
    rng = np.random.default_rng(draw)
    cells, seeds = size
    y = rng.normal(0, 1, (K + 3, cells * seeds))
    y[:K] += rng.normal(0, 20, (K, 1))
    y[-1] += 60
    spread = spread_of(y, cells, seeds)
    if share(spread, "s0") is None:
        return
    for name, end in ((PLACEBO, 0.0), (ORACLE, 1.0)):
        found = share(spread, name)
        assert found is not None and (found.value, found.low, found.high) == pytest.approx((end, end, end), abs=1e-6)
    for k in range(min(K, 2)):
        own = share(spread, f"s{k}")
        assert own is not None and own.low <= own.value <= own.high
        for moved in (0.01 * y - 7, -3 * y, y + rng.normal(0, 5, cells * seeds)):  # levels of blocks are in no share
            other = share(spread_of(moved, cells, seeds), f"s{k}")
            assert other is not None
            assert (other.value, other.low, other.high) == pytest.approx(
                (own.value, own.low, own.high), rel=1e-5, abs=1e-6
            )


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([1, 2, 4, 6]), st.sampled_from([(1, 3), (4, 1), (2, 3)]), st.floats(0, 6))
def test_it_is_finite_where_the_denominator_is_told_from_zero_and_only_there(
    draw: int, K: int, size: tuple[int, int], oracle: float
) -> None:
    spread = drawn(np.random.default_rng(draw), K, *size, oracle)
    denominator, found = gains_among(spread, (ORACLE,), PLACEBO, 1), share(spread, "s0")
    assert (found is not None) == bool(denominator.low[0] > 0 or denominator.high[0] < 0)
    if found is not None:
        assert np.isfinite([found.low, found.value, found.high]).all()
        gain = gains_among(spread, ("s0",), PLACEBO, 1)
        if abs(gain.p[0] - 0.05) > 1e-6:  # 0 lies in it where the gain over the placebo is not told from 0
            assert (found.low <= 0 <= found.high) == (gain.p[0] > 0.05)


def test_where_nothing_varies_it_is_a_point() -> None:
    y = np.array([[51.0], [52.0], [52.5], [50.0], [50.0], [54.0]]) + RNG.normal(0, 3, 4)
    found = share(spread_of(y, seeds=4), "s1")
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx((0.5, 0.5, 0.5), abs=1e-6)


def scores_of(y: np.ndarray, blocks: tuple[Block, ...], controls: tuple[str, ...] = (PLACEBO, ORACLE)) -> Scores:
    names = tuple(f"s{k}" for k in range(len(y) - 1 - len(controls)))
    families = dict.fromkeys(names, "std")
    return Scores("mIoU", ("all",), names, "baseline", controls, families, blocks, ("",), y[None, None])


def table_of(rng: np.random.Generator) -> tuple[np.ndarray, tuple[Block, ...]]:
    y = rng.normal(0, 1, (7, 9)) + 8.0 * (np.arange(7) == 6)[:, None] + rng.normal(0, 3, 9)
    return y, tuple(Block(f"d{c}", "m", s) for c in range(3) for s in range(3))


@pytest.mark.parametrize("row", [-1, -2])
def test_blocks_that_one_end_lacks_are_left_out_for_all(row: int) -> None:
    y, blocks = table_of(np.random.default_rng(8))
    gaps = y.copy()
    gaps[row, [0, 3, 6]] = np.nan
    found, few = yardstick(scores_of(gaps, blocks), "all"), [b for b in range(9) if b % 3]
    peer = yardstick(scores_of(y[:, few], tuple(blocks[b] for b in few)), "all")
    assert isinstance(found, Yardstick) and isinstance(peer, Yardstick)
    assert (found.runs, found.shared, peer.shared) == (9, 6, 6)
    assert found.oracle.gain[0] == pytest.approx(peer.oracle.gain[0])
    assert share(found.spread, "s0") == share(peer.spread, "s0")


def test_strategies_that_lack_runs_are_estimated_as_everywhere() -> None:
    y, blocks = table_of(np.random.default_rng(9))
    gaps = y.copy()
    gaps[0, :3], gaps[1, 3:6], gaps[2, 6:] = np.nan, np.nan, np.nan  # no cell is whole: least squares over the cells
    found = yardstick(scores_of(gaps, blocks), "all")
    assert isinstance(found, Yardstick) and not found.layout.matched
    own, spread = share(found.spread, "s0"), found.spread
    assert own is not None
    zero, one = spread.arms.index(PLACEBO), spread.arms.index(ORACLE)
    ratio = (spread.mean[0] - spread.mean[zero]) / (spread.mean[one] - spread.mean[zero])
    assert own.value == pytest.approx(ratio) and own.low < own.value < own.high


def test_what_is_missing_is_said() -> None:
    y, blocks = table_of(np.random.default_rng(10))
    only_noise = yardstick(scores_of(y, blocks, ("placebo_noise", ORACLE)), "all")
    assert (
        isinstance(only_noise, Untestable)
        and "placebo_noise cannot be, for its images are changed" in only_noise.reason
    )
    none = yardstick(scores_of(y, blocks, (ORACLE,)), "all")
    assert none == Untestable(f"there is no {PLACEBO} to be the zero of the scale")
    apart = y.copy()
    apart[-1, :4], apart[-2, 4:] = np.nan, np.nan
    found = yardstick(scores_of(apart, blocks), "all")
    assert isinstance(found, Untestable) and found.reason.startswith(
        "no run of baseline is matched by one of gen_oracle"
    )
    single = y.copy()
    single[-1, 1:] = np.nan
    found = yardstick(scores_of(single, blocks), "all")
    assert isinstance(found, Untestable) and "one run" in found.reason


def effect(gain: dict[str, float]) -> Callable[[str, str, str, str], float]:
    return lambda context, strategy, domain, name: gain.get(strategy, 0.0)


@pytest.fixture(scope="module")
def asked(make_world: World, make_settings: Make) -> Callable[..., Analysis]:
    def ask(gain: dict[str, float], names: tuple[str, ...] = ALL, **world: object) -> Analysis:
        return analyse(make_world(effect(gain), names, **{"sd": 0.05, **world}), make_settings())

    return ask


def by_id(analysis: Analysis) -> Find:
    return {f.id: f for f in analysis.findings if f.id.startswith("yardstick")}


def test_every_answer_is_given(asked: Callable[..., Analysis]) -> None:
    analysis = asked(GAIN)
    found = by_id(analysis)
    verdicts = {name: found[f"yardstick.stage1.{name}"].verdict for name in NAMES}
    assert verdicts == {"std_a": "undecided", "std_b": "yes", "gen_d": "yes", "gen_e": "no"}
    assert found["yardstick.stage1"].verdict == "yes"
    rows = {(r["context"], r["strategy"]): r for r in analysis.tables["yardstick"].to_pylist()}
    assert len(rows) == 2 * (len(NAMES) + 1)
    for name in NAMES:
        finding, row = found[f"yardstick.stage1.{name}"], rows["stage1", name]
        assert finding.estimate and finding.test and finding.evidence == "tables/yardstick.csv"
        assert (finding.estimate.value, finding.estimate.low, finding.estimate.high) == (
            row["share"],
            row["low"],
            row["high"],
        )
        assert finding.estimate.unit == "share of gen_oracle over placebo_duplicate"
        truth = (GAIN[name] - GAIN[PLACEBO]) / (GAIN[ORACLE] - GAIN[PLACEBO])
        assert row["share"] == pytest.approx(truth, abs=0.1)
        assert row["gain"] == pytest.approx(row["share"] * rows["stage1", ORACLE]["gain"])
        above = any(c.startswith("A share above 1 is possible") for c in finding.caveats)
        assert above == (name == "gen_d")
    assert (rows["stage1", ORACLE]["share"], rows["stage1", ORACLE]["control"]) == (1.0, True)
    assert found["yardstick.stage1.std_a"].statement.count("could have shown a share of") == 1
    assert any(p.startswith("Yardstick: ") and "not a bound" in p for p in analysis.methods)


def test_p_is_that_of_the_gain_over_the_placebo_adjusted_over_the_strategies(asked: Callable[..., Analysis]) -> None:
    analysis = asked(GAIN, sd=0.6)
    against = {
        (r["context"], r["strategy"]): r for r in analysis.tables["gains"].to_pylist() if r["against"] == PLACEBO
    }
    for row in analysis.tables["yardstick"].to_pylist():
        if (
            row["context"],
            row["strategy"],
        ) in against:  # gen_* stand against the placebo there, adjusted over gen_* alone
            peer = against[row["context"], row["strategy"]]
            assert (row["gain"], row["se"], row["p"]) == pytest.approx((peer["gain"], peer["se"], peer["p"]))
            assert row["p_adjusted"] >= peer["p_adjusted"] - 0.01 and row["p_adjusted"] >= row["p"]


def test_nothing_is_shown_where_the_oracle_is_not_told_from_the_placebo(asked: Callable[..., Analysis]) -> None:
    for gain, sd, verdict in ((GAIN | {ORACLE: 0.3}, 1.0, "undecided"), (GAIN | {ORACLE: 0.2}, 0.01, "no")):
        analysis = asked(gain, sd=sd, draw=3)
        found = by_id(analysis)
        assert set(found) == {"yardstick.stage1", "yardstick.stage2"}
        for finding in found.values():
            assert finding.verdict == verdict, finding.statement
            assert "no gain is shown on a scale between the two." in finding.statement
            assert finding.estimate and finding.estimate.low is not None
        rows = analysis.tables["yardstick"].to_pylist()
        assert [(r["strategy"], r["share"]) for r in rows] == [(ORACLE, None)] * 2


def test_an_oracle_below_the_placebo_is_a_scale_of_loss_and_says_so(asked: Callable[..., Analysis]) -> None:
    found = by_id(asked({name: -value for name, value in GAIN.items()}))
    finding = found["yardstick.stage1.std_b"]
    assert finding.verdict == "yes" and "of what perfect images cost in domain_mean" in finding.statement
    assert any(c.startswith("Here gen_oracle lies below placebo_duplicate") for c in finding.caveats)


def test_without_an_oracle_nothing_is_asked(asked: Callable[..., Analysis]) -> None:
    analysis = asked(GAIN, names=tuple(n for n in ALL if n != ORACLE))
    assert not by_id(analysis) and "yardstick" not in analysis.tables
    assert not any("Yardstick" in paragraph for paragraph in analysis.methods)


def test_the_noise_placebo_is_no_zero(asked: Callable[..., Analysis]) -> None:
    found = by_id(asked(GAIN, names=("baseline", *NAMES, "placebo_noise", ORACLE)))
    assert {f.verdict for f in found.values()} == {"untestable"} and len(found) == 2
    assert all("placebo_noise cannot be" in f.statement for f in found.values())


def test_one_run_tells_nothing(asked: Callable[..., Analysis]) -> None:
    found = by_id(asked(GAIN, seeds=1))
    assert {f.verdict for f in found.values()} == {"untestable"} and len(found) == 2


def test_controls_alone_give_the_denominator(asked: Callable[..., Analysis]) -> None:
    found = by_id(asked(GAIN, names=("baseline", PLACEBO, ORACLE)))
    assert {id: f.verdict for id, f in found.items()} == {"yardstick.stage1": "yes", "yardstick.stage2": "yes"}


def test_runs_that_lack_an_end_are_counted_in_a_caveat(
    make_world: World, make_settings: Make, asked: Callable[..., Analysis]
) -> None:
    table = make_world(effect(GAIN), ALL, sd=0.05, seeds=4)
    gone = pc.and_(pc.equal(table["strategy"], ORACLE), pc.equal(table["seed"], 3))
    found = by_id(analyse(table.filter(pc.invert(gone)), make_settings()))
    said = "Only the 3 of 4 runs of the baseline that gen_oracle and placebo_duplicate match are compared."
    assert len(found) == 2 + 2 * len(NAMES) and all(said in f.caveats for f in found.values())
    assert {f.n["seeds"] for f in found.values()} == {3}


def test_what_holds_here_but_not_for_others_says_so(make_world: World, make_settings: Make) -> None:
    """An oracle in two of four cells has a scale here; for other data sets it is not told from the placebo."""
    cells = tuple((f"d{i}", "m") for i in range(4))
    table = make_world(effect({}), ALL, cells=cells, sd=0.05, contexts=("stage1",))
    where = zip(table["strategy"].to_pylist(), table["dataset"].to_pylist(), strict=True)
    helped = np.array([name in (ORACLE, "std_b") and dataset in ("d0", "d1") for name, dataset in where])
    pixels = (table["intersection"].to_numpy() * np.where(helped, 1.1, 1.0)).astype(np.int64)
    table = table.set_column(table.column_names.index("intersection"), "intersection", pa.array(pixels))
    found = by_id(analyse(table, make_settings(("stage1",))))
    assert found["yardstick.stage1"].verdict == found["yardstick.stage1.std_b"].verdict == "yes"
    assert (
        found["yardstick.stage1"]
        .caveats[0]
        .startswith("Not shown for other data sets and models, where the interval is")
    )
    assert found["yardstick.stage1.std_b"].caveats[0] == (
        "Not shown for other data sets and models, where gen_oracle is not told from placebo_duplicate."
    )


def test_the_oracle_is_counted_in_no_question_about_strategies(asked: Callable[..., Analysis]) -> None:
    one, two = ({f.id: f for f in asked(GAIN | {ORACLE: v}, sd=0.2).findings} for v in (3.0, 30.0))
    assert set(one) == set(two)
    for id, finding in one.items():
        if not id.startswith((f"control.{ORACLE}", "yardstick")):
            assert two[id].statement == finding.statement
    assert not any(ORACLE in id for id in one if not id.startswith(f"control.{ORACLE}"))


def test_a_printed_table_cannot_be_asked() -> None:
    y = np.array([1.0, 0.5, 0.0, 0.2, 2.0])[None, None, :, None]
    names = ("std_a", "std_b")
    scores = Scores(
        "mIoU",
        ("all",),
        names,
        "baseline",
        (PLACEBO, ORACLE),
        dict.fromkeys(names, "std"),
        (Block("", "", 0),),
        ("",),
        y,
    )
    none = np.full(3, np.nan)
    printed = Printed(names, np.array([[1.0, 0.5]]), none[None], none, none, 1)
    empty = Scores("mIoU", ("all",), names, "baseline", (), {}, scores.blocks, (), y[:0, :, :3])
    settings_ = FrameSettings("baseline", ("all",), "mIoU", 0.3, "", None)
    frame = Frame(settings_, scores, empty, empty, empty, empty, frozenset(), {}, None, printed=printed)
    found = by_id(compare(frame))
    assert {id: f.verdict for id, f in found.items()} == {"yardstick.all": "untestable"}
