import numpy as np
import pytest

from fairweather.analysis.imports.scale import judge
from fairweather.errors import InputError


def unit(values: list[float], groups: list[int] | None = None, cells: list[int] | None = None) -> str:
    n = len(values)
    one = np.array(groups or [0] * n)
    return judge("t.csv", np.arange(2, n + 2), np.array(values), one, np.array(cells or one), np.arange(n))


def test_told_apart() -> None:
    assert unit([0.42, 0.40, np.nan, 1.0]) == "fraction"
    assert unit([42, 40, np.nan]) == "percent"
    assert unit([0, 0.2, 0.0]) == "fraction"
    assert unit([42, 0, 41]) == "percent"


def test_a_lone_small_value_is_a_collapsed_one() -> None:
    assert unit([42, 41, 0.2, 43]) == "percent"
    assert unit([42, 41, 0.9, 43]) == "percent"
    assert unit([42, 41, -0.3, 143]) == "percent"


def test_mixed() -> None:
    with pytest.raises(
        InputError, match=r"^t.csv line 4: 0.4 may be a fraction among percentages .*--columns unit=percent"
    ):
        unit([42, 41, 0.4, 43])


def test_a_fraction_is_compared_with_its_own_group() -> None:
    """0.2 is a fifth of 100 where the others have 21, and a collapsed value where they have 60."""
    groups = [0, 0, 0, 1, 1, 1]
    assert unit([60, 61, 0.2, 21, 20, 22], groups) == "percent"
    with pytest.raises(InputError, match=r"line 7: 0.2 may be"):
        unit([60, 61, 62, 21, 20, 0.2], groups)


def test_a_whole_cell_of_fractions() -> None:
    cells = [0, 0, 0, 1, 1]
    with pytest.raises(InputError, match=r"line 5: 0.21 may be a fraction"):
        unit([60, 61, 62, 0.21, 0.20], cells, cells)
    assert unit([60, 61, 62, 0.21], [0, 0, 0, 1], [0, 0, 0, 1]) == "percent"


def test_most_are_fractions() -> None:
    with pytest.raises(InputError, match="line 4: 42 is no fraction, while most values are"):
        unit([0.42, 0.41, 42, 0.40])


def test_nothing_to_tell_by() -> None:
    with pytest.raises(InputError, match=r"no value is above 0.01"):
        unit([0.0, 0.005])
