import numpy as np
import pytest

from fairweather.errors import InputError
from fairweather.strategies.darken import Darken
from fairweather.vocabulary.streams import stream


def test_the_exposure_is_uniform_from_a_quarter_to_1_2_and_the_label_stays():
    image, label = np.full((12, 12, 3), 100, np.uint8), np.zeros((12, 12), np.uint8)
    means = []
    for step in range(1000):
        new, labels = Darken().on_sample(image, label, stream(0, "strategy", step))
        assert labels is label
        means.append(new.mean() / 100)
    assert min(means) == pytest.approx(0.25, abs=0.02)
    assert max(means) == pytest.approx(1.2, abs=0.02)
    assert np.mean(means) == pytest.approx(0.725, abs=0.03)
    assert np.std(means) == pytest.approx(0.95 / 12**0.5, abs=0.02)


def test_half_the_samples_at_probability_a_half():
    image, label = np.full((4, 4, 3), 100, np.uint8), np.zeros((4, 4), np.uint8)
    act = Darken(probability=0.5)
    changed = sum(act.on_sample(image, label, stream(0, "strategy", k))[0] is not image for k in range(1000))
    assert changed / 1000 == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("wrong", [{"low": 1.5}, {"low": -0.1}, {"noise": 2}, {"noise": -0.1}])
def test_parameters_outside_their_range_are_refused(wrong):
    with pytest.raises(InputError, match="Darken"):
        Darken(**wrong)
