import numpy as np
import pytest

from fairweather.errors import InputError
from fairweather.strategies.brighten import Brighten
from fairweather.strategies.darken import Darken
from fairweather.vocabulary.streams import stream


def test_the_exposure_is_uniform_from_0_9_to_3_and_the_label_stays():
    image, label = np.full((12, 12, 3), 60, np.uint8), np.zeros((12, 12), np.uint8)
    means = []
    for step in range(1000):
        new, labels = Brighten().on_sample(image, label, stream(0, "strategy", step))
        assert labels is label
        means.append(new.mean() / 60)
    assert min(means) == pytest.approx(0.9, abs=0.03)
    assert max(means) == pytest.approx(3.0, abs=0.03)
    assert np.mean(means) == pytest.approx(1.95, abs=0.06)


def test_it_is_the_same_act_as_darkening_with_another_range():
    image = np.random.default_rng(0).integers(0, 256, (9, 9, 3), dtype=np.uint8)
    label = np.zeros((9, 9), np.uint8)
    ours = Brighten().on_sample(image, label, stream(0, "strategy"))[0]
    theirs = Darken(low=0.9, high=3.0).on_sample(image, label, stream(0, "strategy"))[0]
    assert np.array_equal(ours, theirs)


@pytest.mark.parametrize("wrong", [{"low": 3.5}, {"low": -0.1}, {"noise": 2}])
def test_parameters_outside_their_range_are_refused(wrong):
    with pytest.raises(InputError, match="Brighten"):
        Brighten(**wrong)
