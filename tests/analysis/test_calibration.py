"""Does the analysis keep what it promises: simulated studies with a known truth (`calibration/`), every property with its bounds.

A smaller, still significant version runs with all tests; `make test-calibration` runs every case in full. Each bound is widened
by 2.5 Monte-Carlo standard errors; the studies are the same in every run.
"""

from pathlib import Path

import numpy as np
import pytest
from tests.analysis.calibration import report
from tests.analysis.calibration.cases import CASES, Case, Outcome, simulate
from tests.analysis.calibration.properties import PROPERTIES

DOCS = Path(__file__).parents[2] / "docs"
QUICK = [case for case in CASES if case.quick]


def check(case: Case, studies: int, test: pytest.Item) -> None:
    """Simulate, say the numbers with their Monte-Carlo standard errors (in the JUnit report too), hold them to the bounds."""
    found = simulate(case, studies)
    for name, outcome in found.items():
        test.user_properties.append((name, report.written(outcome)))
        print(
            f"{PROPERTIES[name].title}: {report.percent(outcome)} (required: {PROPERTIES[name].required}) in {case.name}"
        )
    broken = [f"{name} {report.percent(found[name])}" for name in found if not found[name].within(name)]
    assert not broken, f"{case.name}: {', '.join(broken)}"


@pytest.mark.parametrize("case", QUICK, ids=lambda case: case.name)
def test_a_smaller_version(case: Case, request: pytest.FixtureRequest) -> None:
    check(case, case.quick, request.node)


@pytest.mark.calibration
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_case_in_full(case: Case, request: pytest.FixtureRequest) -> None:
    check(case, case.studies, request.node)


def test_every_property_has_cases_and_the_smaller_version_leaves_none_out() -> None:
    shown = {name for case in CASES for names in case.shows.values() for name in names}
    quick = {name for case in QUICK for names in case.shows.values() for name in names}
    assert shown == set(PROPERTIES) == quick
    assert len({case.name for case in CASES}) == len(CASES)


def test_the_bounds_are_widened_by_the_error_of_the_simulation_and_no_more() -> None:
    bounds = PROPERTIES["coverage.equal"]
    assert Outcome(bounds.low - 0.024, 0.01, 300).within("coverage.equal")
    assert not Outcome(bounds.low - 0.026, 0.01, 300).within("coverage.equal")
    assert not Outcome(bounds.high + 0.026, 0.01, 300).within("coverage.equal")


def test_the_page_says_what_the_simulations_found() -> None:
    """The table of the page is made from its own file of results, which holds every property of every case."""
    results = report.read(DOCS / "calibration.csv")
    assert list(results) == [(case.name, name) for case in CASES for names in case.shows.values() for name in names]
    page = (DOCS / "statistics.md").read_text(encoding="utf-8")
    assert report.between_markers(page, "calibration") == report.table(results)
    broken = [key for key, outcome in results.items() if not outcome.within(key[1])]
    assert not broken


def test_the_page_says_what_the_shortcuts_do_and_what_a_design_can_show() -> None:
    page = (DOCS / "statistics.md").read_text(encoding="utf-8")
    assert report.between_markers(page, "traps") == report.traps_table()
    assert report.between_markers(page, "plan") == report.plan_table()


def test_a_simulated_case_is_the_same_in_every_run() -> None:
    case = next(case for case in QUICK if case.name.startswith("populations"))
    first, second = simulate(case, 20), simulate(case, 20)
    assert first == second
    assert all(0 < outcome.error < 0.1 and np.isfinite(outcome.value) for outcome in first.values())
