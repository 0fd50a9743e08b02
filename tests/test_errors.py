import pickle

import pytest

from fairweather.errors import FairweatherError, InputError, MachineError, UnitStopped, UnknownName


@pytest.mark.parametrize(
    "error",
    [InputError("x"), MachineError("x"), UnitStopped("receipt.inert_act", "why"), UnknownName("a", "b", ("c",), "d")],
)
def test_every_error_travels_between_processes(error: FairweatherError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error) and str(again) == str(error)


def test_the_nearest_name_is_suggested_only_if_it_is_near() -> None:
    assert "did you mean 'std_cutmix'" in str(UnknownName("strategy", "std_cutmx", ("baseline", "std_cutmix")))
    assert "did you mean" not in str(UnknownName("strategy", "zzz", ("baseline",)))
