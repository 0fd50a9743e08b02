"""One value for each run, as the analysis averages it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fairweather.audit.tables.cells import cells_of
from fairweather.audit.tables.rows import rows_of

Make = Callable[..., Any]


def test_the_value_is_the_image_weighted_mean_of_the_domains(by_domain: Any, imported: Make) -> None:
    cells = cells_of(rows_of(imported(by_domain)))
    at = cells.run.of[0]
    wanted = np.average([row["value"] for row in by_domain[:3]], weights=[500, 80, 120])
    assert cells.value[at] == pytest.approx(wanted) and cells.whole.all() and len(cells.value) == 54


def test_without_a_count_of_images_domains_count_alike(by_domain: Any, imported: Make) -> None:
    by_domain[0]["images"] = None
    cells = cells_of(rows_of(imported(by_domain)))
    assert cells.value[cells.run.of[3]] == pytest.approx(np.mean([row["value"] for row in by_domain[3:6]]))


def test_classes_are_averaged_within_domains(imported: Make) -> None:
    values = {("clear_day", "car"): 60.0, ("clear_day", "pole"): 40.0, ("night", "car"): 20.0, ("night", "pole"): 10.0}
    rows = [
        {"strategy": name, "domain": d, "class": c, "value": v, "images": 300 if d == "night" else 100}
        for name in ("baseline", "std_x")
        for (d, c), v in values.items()
    ]
    assert cells_of(rows_of(imported(rows))).value.tolist() == [pytest.approx((50 * 100 + 15 * 300) / 400)] * 2


def test_a_run_that_lacks_a_domain_is_not_whole_and_a_domain_of_few_belongs_to_none(
    by_domain: Any, imported: Make
) -> None:
    rows = [by_domain[0] | {"domain": "foggy"}, *by_domain[:7], *by_domain[8:]]
    cells = cells_of(rows_of(imported(rows)))
    assert np.flatnonzero(~cells.whole).tolist() == [int(cells.run.of[7])]


def test_the_runs_of_a_strategy_and_context(clean: Any, imported: Make) -> None:
    rows = rows_of(imported([row | {"context": c} for c in ("one", "two") for row in clean]))
    cells = cells_of(rows)
    mine = cells.of(2, 1)
    assert len(mine) == 6 and set(cells.strategy[mine]) == {2} and set(cells.context[mine]) == {1}
    assert cells.of(-1, 1).size == 0
