from collections.abc import Callable

import pyarrow as pa
import pytest
from scipy import stats

from fairweather.analysis import Finding, Settings, analyse

World, Make = Callable[..., pa.Table], Callable[..., Settings]
SHORT = ("baseline", "std_a", "std_b", "std_c", "std_d", "placebo_noise")
LONG = ("baseline", "std_a", "std_b")


def short(context: str, strategy: str, domain: str, name: str) -> float:
    if strategy != "std_a":
        return 0.0
    return (10.0 if domain == "night" else 0.0) * (1 if context == "stage1" else -0.5)


def long(context: str, strategy: str, domain: str, name: str) -> float:
    return short(context, strategy, domain, name) / 5


@pytest.fixture(scope="module")
def found(make_world: World, make_settings: Make) -> dict[str, Finding]:
    table = make_world(long, LONG, sd=0.03, steps=1200, draw=1)
    shorter = make_world(short, SHORT, sd=0.03, draw=2)
    return {f.id: f for f in analyse(table, make_settings(steps=1200), shorter=(shorter, 300)).findings}


@pytest.mark.parametrize(
    ("id", "verdict", "value"),
    [
        ("budget.std_a", "yes", 6.0),  # the change between contexts: -7.5 at 300 steps, -1.5 at 1200
        ("budget.std_a.stage1", "yes", -4.0),
        ("budget.std_a.stage2", "yes", 2.0),
        ("budget.std_a.night", "yes", 12.0),
        ("budget.std_a.stage1.night", "yes", -8.0),
        ("budget.std_a.clear_day", "no", 0.0),
        ("budget.std_b.stage1", "no", 0.0),
        ("budget.std_b", "no", 0.0),
    ],
)
def test_a_gain_that_depends_on_the_budget(found: dict[str, Finding], id: str, verdict: str, value: float) -> None:
    finding = found[id]
    assert finding.verdict == verdict, finding.statement
    assert finding.estimate is not None and finding.estimate.value == pytest.approx(value, abs=0.15)
    assert "between 300 and 1200 steps" in finding.statement and finding.statement.endswith(".")


def test_only_strategies_of_both_studies_are_asked_about(found: dict[str, Finding]) -> None:
    asked = {id.split(".")[1] for id in found if id.startswith("budget.")}
    assert asked == {"std_a", "std_b"}


def test_noise_is_undecided_and_one_run_is_untestable(make_world: World, make_settings: Make) -> None:
    loud = make_world(lambda *_: 0.0, LONG, sd=1.0, steps=1200, draw=1)
    shorter = make_world(lambda *_: 0.0, SHORT, sd=1.0, draw=2)
    noisy = {f.id: f for f in analyse(loud, make_settings(steps=1200), shorter=(shorter, 300)).findings}
    assert noisy["budget.std_b.stage1"].verdict == "undecided"
    assert "these designs could have shown" in noisy["budget.std_b.stage1"].statement
    one = make_world(lambda *_: 0.0, SHORT, seeds=1)
    single = {f.id: f for f in analyse(loud, make_settings(steps=1200), shorter=(one, 300)).findings}
    assert single["budget.std_a"].verdict == single["budget.std_a.night"].verdict == "untestable"
    assert "at the shorter budget there is one run" in single["budget.std_a"].statement


def test_with_one_context_it_is_the_gain_that_may_depend(make_world: World, make_settings: Make) -> None:
    table = make_world(long, ("baseline", "std_a"), contexts=("stage1",), sd=0.3, steps=1200, draw=1)
    shorter = make_world(short, ("baseline", "std_a"), contexts=("stage1",), sd=0.3, draw=2)
    analysis = analyse(table, make_settings(("stage1",), steps=1200), shorter=(shorter, 300))
    found = {f.id: f for f in analysis.findings}
    assert "budget.std_a" in found and "budget.std_a.stage1" not in found
    cells = analysis.tables["cells"].to_pylist()
    gains = {}
    for steps, rows in ((1200, cells), (300, analyse(shorter, make_settings(("stage1",))).tables["cells"].to_pylist())):
        value = {(r["strategy"], r["seed"]): r["value"] for r in rows if not r["domain"]}
        gains[steps] = [value["std_a", s] - value["baseline", s] for s in range(3)]
    peer = stats.ttest_ind(gains[1200], gains[300], equal_var=False)
    test = found["budget.std_a"].test
    assert test is not None and (test.statistic, test.p) == pytest.approx((peer.statistic, peer.pvalue))


def test_what_cannot_be_compared_is_said_and_never_left_out(make_world: World, make_settings: Make) -> None:
    table = make_world(long, (*LONG, "std_e"), steps=1200)
    reason = "no results of the shorter study probe lie beside this folder"
    missing = {f.id: f for f in analyse(table, make_settings(steps=1200), shorter_missing=reason).findings}
    for name in ("std_a", "std_b", "std_e"):
        finding = missing[f"budget.{name}"]
        assert finding.verdict == "untestable" and finding.statement.endswith(f"is untestable: {reason}.")
        assert "1200 steps" in finding.statement
    assert not [id for id in analyse_ids(table, make_settings(steps=1200)) if id.startswith("budget.")]
    shorter = make_world(short, SHORT)
    found = {f.id: f for f in analyse(table, make_settings(steps=1200), shorter=(shorter, 300)).findings}
    assert found["budget.std_e"].verdict == "untestable"
    assert "the study of 300 steps has no run of it" in found["budget.std_e"].statement


def analyse_ids(table: pa.Table, settings: Settings) -> list[str]:
    return [f.id for f in analyse(table, settings).findings]


def test_the_note_of_a_domain_stands_with_the_context_it_is_about(make_world: World, make_settings: Make) -> None:
    table, shorter = make_world(long, LONG, steps=1200), make_world(short, SHORT)
    settings = make_settings(steps=1200, domain_notes={("stage2", "night"): "Noted."})
    found = {f.id: f for f in analyse(table, settings, shorter=(shorter, 300)).findings}
    noted = {id for id in found if id.startswith("budget.std_a") and "Noted." in found[id].caveats}
    assert noted == {"budget.std_a", "budget.std_a.stage2", "budget.std_a.night", "budget.std_a.stage2.night"}
