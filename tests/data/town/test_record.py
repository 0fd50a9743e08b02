from typing import NamedTuple

import pytest

from fairweather.data.town.record import record


class Point(NamedTuple):
    x: float
    y: float


def test_a_record_holds_a_tuple_by_name() -> None:
    made = record(Point(1, 2.5))
    assert (made.shape, made.dtype.names) == ((1,), ("x", "y"))
    assert (made[0]["x"], made[0]["y"]) == (1.0, 2.5)
    with pytest.raises(ValueError, match="read-only"):
        made[0] = (0.0, 0.0)
