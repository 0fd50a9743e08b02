from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest

from fairweather.errors import InputError
from fairweather.strategies.strategy import MixedBatch, Strategy, StrategyCard, parameters


@dataclass(frozen=True)
class Example(Strategy):
    value: Any = 1
    card: ClassVar = StrategyCard("example", "for this test")


def test_a_plain_batch_has_one_target_of_weight_1():
    y = np.zeros((2, 4, 4), np.uint8)
    plain = MixedBatch.plain(np.zeros((2, 3, 4, 4), np.float32), y)
    assert plain.y_mix is plain.y is y
    assert plain.weight.dtype == np.float32
    assert (plain.weight == 1).all()


def test_parameters_are_json_values():
    assert parameters(Example((1, 2))) == {"value": [1, 2]}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), np.float32(1)])
def test_a_parameter_that_is_not_a_finite_json_value_is_refused(value):
    with pytest.raises(InputError, match="Example: every field must be a finite JSON value"):
        parameters(Example(value))


def test_what_is_no_dataclass_has_no_parameters():
    with pytest.raises(InputError, match="frozen dataclasses"):
        parameters(Strategy())
    with pytest.raises(InputError, match="frozen dataclasses"):
        parameters(Example)
