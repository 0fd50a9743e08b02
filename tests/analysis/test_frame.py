import numpy as np
import pytest

from fairweather.analysis.frame import listed, number, over, p_text, plain, points
from fairweather.analysis.spread import Layout


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((3.14159, 1.2, 5.0), "+3.1 points [+1.2, +5.0]"),
        ((0.14159, 0.1, 0.2), "+0.14 points [+0.10, +0.20]"),
        ((3.0, 0.04, 6.0), "+3.00 points [+0.04, +6.00]"),  # one decimal would hide the sign
        ((-0.001, -2.0, 2.0), "+0.00 points [-2.00, +2.00]"),
        ((-1.25, None, None), "-1.25 points"),
    ],
)
def test_points_show_as_many_digits_as_the_interval_bears(numbers: tuple, text: str) -> None:
    assert points(*numbers) == text


def test_an_amount_has_no_sign() -> None:
    assert points(3.14, 1.2, 5.0, signed=False) == "3.1 points [1.2, 5.0]"
    assert points(0.5, -0.2, 1.9, signed=False) == "0.5 points [-0.2, 1.9]"


def test_zero_is_never_negative() -> None:
    assert plain(-0.004) == "0.00" and plain(-0.004, 2, True) == "+0.00" and plain(0.004, 1) == "0.0"


def test_small_p_values_are_bounded() -> None:
    assert p_text(0.0123) == "p = 0.012" and p_text(1e-5) == "p < 0.001"


def test_lists_read_as_english() -> None:
    assert listed(("a",)) == "a" and listed(("a", "b", "c")) == "a, b and c"
    assert listed(tuple("abcdefgh")) == "a, b, c, d, e, f and 2 more" and listed(()) == "none"


@pytest.mark.parametrize(
    ("grid", "seeds", "text"),
    [
        ((("camvid", "psp"),), 3, "over 3 retrainings of psp on camvid"),
        ((("", ""),), 3, "over 3 retrainings"),
        ((("camvid", ""),), 3, "over 3 retrainings on camvid"),
        ((("a", "x"), ("b", "x")), 1, "over 2 cells (2 data sets, 1 model)"),
        ((("a", ""), ("b", "")), 2, "over 2 cells (2 data sets, 2 seeds each)"),
    ],
)
def test_the_population_is_named_as_far_as_the_table_names_it(
    grid: tuple[tuple[str, str], ...], seeds: int, text: str
) -> None:
    n = len(grid) * seeds
    layout = Layout(("std_a", "baseline"), 1, np.zeros((2, n)), np.repeat(np.arange(len(grid)), seeds), grid, seeds)
    assert over(layout) == text


def test_nouns_are_counted() -> None:
    assert [number(n, noun) for n, noun in ((1, "class"), (2, "class"), (3, "data set"), (4, "strategy"))] == [
        "1 class", "2 classes", "3 data sets", "4 strategies",
    ]  # fmt: skip
