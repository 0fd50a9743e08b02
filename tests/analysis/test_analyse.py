"""Worlds whose answer is known: every id takes every verdict it can take."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from statsmodels.stats.multitest import multipletests

from fairweather.analysis import RULES, Analysis, Finding, Settings, analyse, rule_of
from fairweather.analysis.analyse import COLUMNS
from fairweather.errors import InputError, UnknownName

World, Make = Callable[..., pa.Table], Callable[..., Settings]
STRATEGIES = ("std_a", "std_b", "std_c", "gen_d", "gen_e")
ALL = ("baseline", *STRATEGIES, "placebo_duplicate", "placebo_noise")
STEP = dict(zip(STRATEGIES, (4.0, 3.0, 2.0, 1.0, 0.5), strict=True))


def turns(context: str, strategy: str, domain: str, name: str) -> float:
    """Everything helps in the first context and harms in the second, where the order is turned over."""
    if strategy == "placebo_noise":
        return -5.0
    if strategy not in STEP:
        return 0.0
    size = STEP[strategy] + (domain == "night") + (name == "pole")
    return size if context == "stage1" else -size


def kept(context: str, strategy: str, domain: str, name: str) -> float:
    return STEP.get(strategy, 0.0)


def level(context: str, strategy: str, domain: str, name: str) -> float:
    return 1.0 if strategy in STEP else 0.0


def grows(context: str, strategy: str, domain: str, name: str) -> float:
    return STEP.get(strategy, 0.0) * (2 if context == "stage2" else 1)


def nothing(context: str, strategy: str, domain: str, name: str) -> float:
    return 0.0


WORLDS = {
    "turns": (turns, {"sd": 0.03}),
    "kept": (kept, {"sd": 0.03}),
    "level": (level, {"sd": 0.03}),
    "grows": (grows, {"sd": 0.03}),
    "noise": (nothing, {"sd": 1.0, "draw": 1}),  # with draw 0 one of its thirty 5 % tests says yes
    "single": (kept, {"seeds": 1}),
}


@pytest.fixture(scope="module")
def analysed(make_world: World, make_settings: Make) -> Callable[[str], Analysis]:
    @cache
    def of(name: str) -> Analysis:
        effect, given = WORLDS[name]
        return analyse(make_world(effect, ALL, **given), make_settings())

    return of


@pytest.fixture(scope="module")
def answers(analysed: Callable[[str], Analysis]) -> Callable[[str], dict[str, Finding]]:
    return lambda name: {f.id: f for f in analysed(name).findings}


def verdicts(text: str) -> list[tuple[str, str, str]]:
    """Lines "id: world verdict, world verdict" as (id, world, verdict)."""
    found = []
    for line in text.strip().splitlines():
        id, rest = line.strip().split(": ")
        found += [(id, *pair.split()) for pair in rest.split(", ")]
    return found


@pytest.mark.parametrize(
    ("id", "world", "verdict"),
    verdicts("""
        strategies.differ.stage1: turns yes, level no, noise undecided, single untestable
        family.std.differ.stage1: turns yes, level no, noise undecided
        gains.stage1.std_a: turns yes, noise undecided, single untestable
        gains.stage2.std_a: turns no
        gains.stage1.std_a.night: turns yes, noise undecided, single untestable
        gains.stage2.std_a.night: turns no
        per_class.stage1.std_a.pole: turns yes, noise undecided, single untestable
        per_class.stage2.std_a.pole: turns no
        gains.stage1.all_positive: turns yes, noise undecided, single untestable
        gains.stage2.all_positive: turns no
        below_baseline.stage1: turns no, noise undecided, single untestable
        below_baseline.stage2: turns yes
        best.stage1: turns yes, level no, noise undecided, single untestable
        tiers.stage1: turns yes, level no, noise undecided, single untestable
        control.placebo_noise.stage1: turns yes, noise undecided, single untestable
        control.placebo_duplicate.stage1: turns no
        domains.adverse_vs_normal.stage1: turns yes, noise undecided, single untestable
        domains.adverse_vs_normal.stage2: turns no
        classes.small_vs_rest.stage1: turns yes, noise undecided, single untestable
        classes.small_vs_rest.stage2: turns no
        context.mean_gain_change: turns yes, kept no, noise undecided, single untestable
        context.all_gains_smaller: turns yes, grows no, noise undecided, single untestable
        context.interaction: turns yes, kept no, noise undecided, single untestable
        context.order_kept: turns no, kept yes, noise undecided, single untestable
        context.rank_moves: turns yes, kept no, noise undecided, single untestable
        gain_change.std_a: turns no, grows yes, noise undecided, single untestable
        gain_change.std_a.night: turns no, grows yes, noise undecided, single untestable
        design.smallest_gain: turns yes, noise no, single untestable
    """),
)
def test_each_question_gets_each_of_its_answers(
    answers: Callable[[str], dict[str, Finding]], id: str, world: str, verdict: str
) -> None:
    finding = answers(world)[id]
    assert finding.verdict == verdict, finding.statement


@pytest.mark.parametrize("world", WORLDS)
def test_statements_are_single_sentences_that_name_the_budget(
    answers: Callable[[str], dict[str, Finding]], world: str
) -> None:
    for finding in answers(world).values():
        for text in (finding.statement, *finding.caveats):
            assert text.endswith(".") and not text.endswith("..") and "\n" not in text and "  " not in text, text
            assert text[0].isupper() or text.startswith((*STRATEGIES, "placebo", "gen_")), text
            assert " nan" not in text and "inf " not in text and "None" not in text, text
        assert "300 steps" in finding.statement, finding.statement
        assert finding.question.endswith("?") and "\n" not in finding.question
        if finding.verdict == "undecided":
            assert "could have shown" in finding.statement or finding.id == "context.rank_moves", finding.statement
        if "best" in f"{finding.statement} {finding.question}".split():
            assert (
                finding.id.startswith("best.") and finding.verdict == "yes" and "rank set is {1}" in finding.statement
            )


@pytest.mark.parametrize("world", WORLDS)
def test_every_finding_has_a_rule_and_its_number_stands_in_its_table(
    analysed: Callable[[str], Analysis], world: str
) -> None:
    analysis = analysed(world)
    assert set(analysis.tables) == set(COLUMNS) - {"yardstick"}, "there is no oracle"
    assert len({f.id for f in analysis.findings}) == len(analysis.findings)
    for finding in analysis.findings:
        assert rule_of(finding.id, ("stage1", "stage2")) in RULES
        assert finding.metric and finding.scope == "population"
        name = finding.evidence.removeprefix("tables/").removesuffix(".csv")
        assert name in analysis.tables
        if finding.estimate and finding.estimate.low is not None and name in ("gains", "changes", "per_class", "tests"):
            column = {"gains": "gain", "changes": "change", "per_class": "gain", "tests": "value"}[name]
            assert finding.estimate.value in analysis.tables[name][column].to_pylist(), finding.id
    for name, table in analysis.tables.items():
        assert table.column_names == list(COLUMNS[name])


def test_controls_are_counted_in_no_test_over_strategies(make_world: World, make_settings: Make) -> None:
    def with_noise(value: float) -> Callable[[str, str, str, str], float]:
        return lambda c, s, d, k: value if s == "placebo_noise" else kept(c, s, d, k)

    one, two = (
        {f.id: f for f in analyse(make_world(with_noise(v), ALL, sd=0.2), make_settings()).findings}
        for v in (-1.0, -30.0)
    )
    for id, finding in one.items():
        if not id.startswith("control.placebo_noise"):
            assert two[id].statement == finding.statement
    assert not any(id.startswith(("gains.stage1.placebo", "family.placebo", "family.none")) for id in one)


def test_gen_strategies_stand_against_the_placebo_too(make_world: World, make_settings: Make) -> None:
    def diluted(context: str, strategy: str, domain: str, name: str) -> float:
        return {"placebo_duplicate": 2.0, "gen_d": 2.0, "gen_e": 5.0}.get(strategy, 0.0)

    analysis = analyse(make_world(diluted, ALL, sd=0.05), make_settings())
    rows = [
        r
        for r in analysis.tables["gains"].to_pylist()
        if r["against"] == "placebo_duplicate" and r["context"] == "stage1"
    ]
    assert {r["strategy"]: r["verdict"] for r in rows} == {"gen_d": "undecided", "gen_e": "yes"}
    finding = next(f for f in analysis.findings if f.id == "gains.stage1.gen_d")
    assert finding.verdict == "yes" and finding.caveats[0].startswith(
        "Against placebo_duplicate instead of the baseline"
    )


@pytest.mark.parametrize("strategies", [(), ("std_a",), ("std_a", "std_b")])
@pytest.mark.parametrize("contexts", [("stage1",), ("stage1", "stage2")])
def test_few_strategies_work(
    make_world: World, make_settings: Make, strategies: tuple[str, ...], contexts: tuple[str, ...]
) -> None:
    names = ("baseline", *strategies, "placebo_noise")
    table = make_world(turns, names, contexts=contexts, sd=0.03)
    found = {f.id: f for f in analyse(table, make_settings(contexts)).findings}
    assert found["control.placebo_noise.stage1"].verdict == "yes"
    assert ("context.rank_moves" in found) == (len(contexts) == 2)
    if strategies:
        assert found["gains.stage1.std_a"].verdict == "yes"
        assert found["design.smallest_gain"].verdict in ("yes", "no")
    else:
        assert found["design.smallest_gain"].verdict == "untestable"
    if len(strategies) < 2:
        ids = ["strategies.differ.stage1", "best.stage1", "tiers.stage1"]
        ids += ["context.rank_moves", "context.order_kept", "context.interaction"] * (len(contexts) == 2)
        assert {found[id].verdict for id in ids} == {"untestable"}
    if len(strategies) == 2:
        assert found["best.stage1"].verdict == "yes"
    if strategies and len(contexts) == 2:
        assert found["gain_change.std_a"].verdict == "no"
        assert found["context.mean_gain_change"].verdict == "yes"


def test_what_holds_here_but_not_for_others_says_so(make_world: World, make_settings: Make) -> None:
    """A gain in two of four cells: it would be found again on these, and says nothing of others."""
    cells = tuple((f"d{i}", "m") for i in range(4))
    table = make_world(nothing, ("baseline", "std_a", "std_b", "std_c"), cells=cells, sd=0.05, contexts=("stage1",))
    where = zip(table["strategy"].to_pylist(), table["dataset"].to_pylist(), strict=True)
    helped = np.array([strategy == "std_a" and dataset in ("d0", "d1") for strategy, dataset in where])
    pixels = (table["intersection"].to_numpy() * np.where(helped, 1.1, 1.0)).astype(np.int64)
    table = table.set_column(table.column_names.index("intersection"), "intersection", pa.array(pixels))
    found = {f.id: f for f in analyse(table, make_settings(("stage1",))).findings}
    assert found["gains.stage1.std_a"].verdict == "yes"
    assert (
        found["gains.stage1.std_a"]
        .caveats[0]
        .startswith("Not shown for other data sets and models, where the interval")
    )
    assert "4 cells (4 data sets, 1 model, 3 seeds each)" in found["gains.stage1.std_a"].statement


def test_per_domain_p_values_are_adjusted_over_strategies_and_domains(make_world: World, make_settings: Make) -> None:
    table = make_world(lambda c, s, d, k: 0.3 * STEP.get(s, 0), ALL, sd=0.5, contexts=("stage1",))
    rows = [
        r
        for r in analyse(table, make_settings(("stage1",))).tables["gains"].to_pylist()
        if r["domain"] and not r["control"]
    ]
    peer = multipletests([r["p"] for r in rows], method="fdr_bh")[1]
    assert len(rows) == 10
    np.testing.assert_allclose([r["p_adjusted"] for r in rows], peer)


def test_caveats_on_domains_and_groups(make_world: World, make_settings: Make) -> None:
    note = "In stage2 the night figure of toy is within one sequence (s): training and test frames come from it."
    table = make_world(kept, ALL, n_groups=2)
    found = {f.id: f for f in analyse(table, make_settings(domain_notes={("stage2", "night"): note})).findings}
    for id in ("gains.stage2.std_a.night", "gain_change.std_a.night", "domains.adverse_vs_normal.stage2"):
        assert note in found[id].caveats, id
    for id in ("gains.stage1.std_a.night", "gains.stage2.std_a.clear_day"):
        assert note not in found[id].caveats, id
    assert any(
        c.startswith("Frames are not replicates: 2 groups in clear_day and 2 groups in night;")
        for c in found["gains.stage1.std_a"].caveats
    )


def test_context_words_are_said(make_world: World, make_settings: Make) -> None:
    settings = make_settings(context_words={"stage1": "training sees clear_day only"})
    found = {f.id: f for f in analyse(make_world(kept, ALL), settings).findings}
    assert (
        "when training sees clear_day only (stage1), at 300 steps, over 3 retrainings of tiny on toy"
        in found["gains.stage1.std_a"].statement
    )
    assert (
        "from stage1 (training sees clear_day only) to stage2, at 300 steps" in found["context.interaction"].statement
    )


def test_a_strategy_with_too_few_runs_is_named(make_world: World, make_settings: Make) -> None:
    table = make_world(kept, ALL, seeds=4)
    keep = [
        not (s == "std_a" and seed > 0)
        for s, seed in zip(table["strategy"].to_pylist(), table["seed"].to_pylist(), strict=True)
    ]
    analysis = analyse(table.filter(pa.array(keep)), make_settings())
    found = {f.id: f for f in analysis.findings}
    assert (
        found["gains.stage1.std_a"].verdict == "untestable"
        and "fewer than half" in found["gains.stage1.std_a"].statement
    )
    assert "std_a" in " ".join(found["tiers.stage1"].caveats)
    assert {"context": "stage1", "strategy": "std_a", "blocks": 1, "of": 4} in analysis.tables["coverage"].to_pylist()


def test_one_missing_run_is_bridged(make_world: World, make_settings: Make) -> None:
    table = make_world(kept, ALL, sd=0.03)
    keep = [u != "stage1-toy-tiny-std_a-1" for u in table["unit"].to_pylist()]
    found = {f.id: f for f in analyse(table.filter(pa.array(keep)), make_settings()).findings}
    gain = found["gains.stage1.std_a"].estimate
    assert gain is not None and gain.value == pytest.approx(4.0, abs=0.15)
    assert (
        "Runs are missing; the means are least-squares estimates over the runs there are."
        in found["tiers.stage1"].caveats
    )


def test_the_analysis_is_the_same_twice_and_another_seed_moves_only_the_draws(
    make_world: World, make_settings: Make
) -> None:
    table = make_world(kept, ALL)
    one, two, other = (analyse(table, make_settings(seed=seed)) for seed in (0, 0, 1))
    assert one.findings == two.findings
    assert one.tables["gains"]["gain"] == other.tables["gains"]["gain"]
    assert one.tables["gains"]["p_adjusted"] != other.tables["gains"]["p_adjusted"]


def test_a_domain_without_enough_images_makes_its_metric_untestable(make_world: World, make_settings: Make) -> None:
    table = make_world(kept, ALL)
    at = table.column_names.index("domain_supported")
    table = table.set_column(at, "domain_supported", pa.array([False] * table.num_rows))
    found = {f.id: f for f in analyse(table, make_settings()).findings}
    assert found["gains.stage1.std_a"].verdict == "untestable"
    assert "too few test images" in found["gains.stage1.std_a"].statement
    assert not any(id.endswith(".night") for id in found)


def test_bad_input_is_refused_by_name(make_world: World, make_settings: Make) -> None:
    table = make_world(kept, ("baseline", "std_a"))
    for changes, error, message in (
        ({"metric": "median"}, UnknownName, "unknown metric 'median'"),
        ({"domains": ("nigth",)}, UnknownName, "did you mean 'night'"),
        ({"steps": 900}, InputError, "units of 300 steps among units of 900"),
    ):
        with pytest.raises(error, match=message):
            analyse(table, make_settings(**changes))
    with pytest.raises(InputError, match="only the baseline"):
        analyse(make_world(kept, ("baseline",)), make_settings())
    with pytest.raises(InputError, match="the shorter study has 300 steps"):
        analyse(table, make_settings(), shorter=(table, 300))


def test_the_methods_name_the_numbers_in_force(make_world: World, make_settings: Make) -> None:
    analysis: Analysis = analyse(make_world(kept, ALL, n_groups=3), make_settings())
    text = " ".join(analysis.methods)
    for part in (
        "domain_mean",
        "300 steps",
        "5 strategies",
        "10,000",
        "retraining this model",
        "night (3)",
        "0.30 points",
    ):
        assert part in text
    assert all("\n" not in paragraph for paragraph in analysis.methods)


def split_in_groups(results: pa.Table, groups: int) -> pa.Table:
    """The counts of every unit spread unevenly over the groups of each domain, dictionaries as the store writes them."""
    rng, rows = np.random.default_rng(5), []
    for row in results.to_pylist():
        share = rng.dirichlet(np.full(groups, 50.0))
        label = 10**9 // groups
        for g in range(groups):
            rows.append({
                **{k: row[k] for k in ("unit", "label_space", "domain", "class")}, "group": f"g{g}",
                "intersection": int(row["intersection"] * share[g]), "predicted": label, "labelled": label,
            })  # fmt: skip
    table = pa.Table.from_pylist(rows)
    for name in ("unit", "label_space", "domain", "group", "class"):
        at = table.column_names.index(name)
        table = table.set_column(at, name, table[name].dictionary_encode())
    return table


def test_an_interval_over_other_test_images_is_wider_and_needs_ten_groups(
    make_world: World, make_settings: Make
) -> None:
    for groups in (12, 9):
        table = make_world(kept, ALL, contexts=("stage1",), n_groups=groups)
        analysis = analyse(table, make_settings(("stage1",)), split_in_groups(table, groups))
        rows = analysis.tables["gains"].to_pylist()
        assert len(rows) == 3 * 7 + 2  # metric and two domains; two gen_* against the placebo
        for row in rows:
            if groups == 12:
                assert row["low_images"] < row["low"] and row["high"] < row["high_images"]
            else:
                assert row["low_images"] is None and row["high_images"] is None
        caveats = next(f for f in analysis.findings if f.id == "gains.stage1.std_a").caveats
        assert any("Frames are not replicates" in c for c in caveats) == (groups == 9)


NOTE = "In stage2 the night figure is within one sequence."


def test_a_noted_domain_is_told_with_every_finding_it_enters(make_world: World, make_settings: Make) -> None:
    table = make_world(kept, ALL, seeds=3)
    found = analyse(table, make_settings(domain_notes={("stage2", "night"): NOTE})).findings
    for finding in found:
        parts = finding.id.split(".")
        rests = "stage1" not in parts and "clear_day" not in parts  # on stage2, and not on its clear_day alone
        assert (NOTE in finding.caveats) == rests, finding.id
        assert finding.caveats.count(NOTE) <= 1, finding.id
    assert {"gains.stage2.std_a", "control.placebo_noise.stage2", "tiers.stage2", "context.rank_moves", "gain_change.std_a",
            "per_class.stage2.std_a.pole", "gains.stage2.std_a.night"} <= {f.id for f in found if NOTE in f.caveats}  # fmt: skip
    fewer = make_settings(domain_notes={("stage2", "night"): NOTE}, domains=("clear_day",))
    held = {f.id for f in analyse(table, fewer).findings if NOTE in f.caveats}
    assert "gains.stage2.std_a" not in held and "gains.stage2.std_a.night" in held


def test_a_noted_strategy_is_told_with_every_finding_that_rests_on_its_runs(
    make_world: World, make_settings: Make
) -> None:
    noted = "In stage2 std_a was trained by --force on images that the gate refused: snowy (edges) on toy."
    found = analyse(make_world(kept, ALL, seeds=3), make_settings(strategy_notes={("stage2", "std_a"): noted})).findings
    for finding in found:
        parts = finding.id.split(".")
        alone = {"std_a"} & set(parts) or not set(ALL) & set(parts)  # of it, or of all strategies
        rests = bool(alone) and "stage1" not in parts and parts[0] != "design"
        if parts[0] != "family" and finding.verdict != "untestable":
            assert (noted in finding.caveats) == rests, finding.id
        assert finding.caveats.count(noted) <= 1, finding.id
    held = {f.id for f in found if noted in f.caveats}
    assert {"gains.stage2.std_a", "gains.stage2.std_a.night", "per_class.stage2.std_a.pole", "gain_change.std_a",
            "best.stage2", "tiers.stage2", "strategies.differ.stage2", "context.rank_moves"} <= held  # fmt: skip
    assert not {"gains.stage1.std_a", "gains.stage2.std_b", "control.placebo_noise.stage2"} & held


FEW = ("baseline", "std_a", "std_b", "gen_d", "gen_e", "placebo_duplicate")
CROSSED = (("a", "m"), ("a", "n"), ("b", "m"), ("b", "n"))


@pytest.mark.parametrize("draw", range(5))
@pytest.mark.parametrize(
    ("cells", "seeds"), [((("a", "m"),), 3), ((("a", "m"), ("a", "n")), 3), (CROSSED, 1), (CROSSED, 2)], ids=str
)
def test_whatever_is_missing_the_rest_is_analysed(
    make_world: World, make_settings: Make, cells: tuple[tuple[str, str], ...], seeds: int, draw: int
) -> None:
    rng = np.random.default_rng(draw)
    table = make_world(kept, FEW, seeds=seeds, cells=cells)
    share = (0.5, 0.6, 0.7, 0.8, 0.9)[draw]
    units = [unit for unit in table["unit"].unique().to_pylist() if rng.random() < share]
    rows = table.filter(pc.is_in(table["unit"], pa.array(units, pa.string())))
    strategies = set(rows["strategy"].to_pylist())
    contexts = tuple(context for context in ("stage1", "stage2") if context in set(rows["context"].to_pylist()))
    assert "baseline" in strategies and len(strategies) > 1
    analysis = analyse(rows, make_settings(contexts))
    asked = {f"gains.{c}.{s}" for c in contexts for s in strategies - {"baseline", "placebo_duplicate"}}
    assert asked <= {f.id for f in analysis.findings}
    for finding in analysis.findings:
        assert finding.evidence.removeprefix("tables/").removesuffix(".csv") in analysis.tables
