import pytest

from fairweather.models.taggers import confusion, wilson
from fairweather.vocabulary.domains import UNDEFINED


def test_what_is_said_is_counted_against_what_is_known() -> None:
    found = confusion(["night", "night", "cloudy", "cloudy"], ["night", UNDEFINED, "night", "cloudy"])
    record = found.record()
    assert (record["images"], record["decided"], record["right"], record["coverage"]) == (4, 3, 2, 0.75)
    assert {"domain": "night", "said": UNDEFINED, "images": 1} in record["counts"]
    (night,) = [row for row in record["precision"] if row["domain"] == "night"]
    assert (night["said"], night["right"], night["precision"]) == (2, 1, 0.5)


def test_the_interval_is_that_of_wilson() -> None:
    # by hand: (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n) with z 1.959964, p 0.9, n 50
    assert wilson(45, 50) == pytest.approx((0.786398, 0.956524), abs=1e-5)
    low, high = wilson(10, 10)
    assert 0.69 < low < 0.73 and high == pytest.approx(1)
