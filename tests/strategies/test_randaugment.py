from collections import Counter

import numpy as np
import pytest

from fairweather.errors import InputError
from fairweather.strategies import build, randaugment
from fairweather.strategies.randaugment import DRAWN, RandAugment
from fairweather.vocabulary.streams import stream


def drawn(strategy, monkeypatch, draws):
    """The operations and values of each draw on a 200 x 100 image."""
    seen = []
    monkeypatch.setattr(randaugment, "apply", lambda name, value, planes: seen.append((name, value)) or planes)
    image, label = np.zeros((100, 200, 3), np.uint8), np.zeros((100, 200), np.uint8)
    rows = []
    for step in range(draws):
        seen.clear()
        strategy.on_sample(image, label, stream(0, "strategy", step))
        rows.append(tuple(seen))
    return rows


def test_two_operations_of_fourteen_with_replacement_at_level_9_of_31(monkeypatch):
    assert len(DRAWN) == 14
    assert RandAugment().level == 9
    rows = drawn(RandAugment(), monkeypatch, 3000)
    assert {len(row) for row in rows} == {2}
    count = Counter(operation for row in rows for operation, _ in row)
    assert set(count) == set(DRAWN)
    assert max(abs(n / 6000 - 1 / 14) for n in count.values()) < 0.015
    assert sum(a[0] == b[0] for a, b in rows) / 3000 == pytest.approx(1 / 14, abs=0.02)
    values = {operation: {round(v, 6) for row in rows for o, v in row if o == operation} for operation in DRAWN}
    assert values["Rotate"] == {-9.0, 9.0}
    assert values["Color"] == {-0.27, 0.27}
    assert values["TranslateX"] == {s * round(0.3 * 150 / 331 * 200, 6) for s in (-1, 1)}
    assert values["Solarize"] == {178.5}
    assert values["Posterize"] == {7}


def test_under_prove_half_the_samples_get_two_different_operations_at_90_percent(monkeypatch):
    strategy = build("std_randaugment", "prove")
    assert strategy == RandAugment(0.5, 2, 9, "prove", replacement=False)
    rows = drawn(strategy, monkeypatch, 3000)
    touched = [row for row in rows if row]
    assert len(touched) / 3000 == pytest.approx(0.5, abs=0.03)
    assert all(a[0] != b[0] for a, b in touched)
    values = {operation: {round(v, 6) for row in touched for o, v in row if o == operation} for operation in DRAWN}
    assert values["Rotate"] == {-27.0, 27.0}
    assert values["Color"] == {0.72}
    assert values["TranslateX"] == {-81.0, 81.0}


@pytest.mark.parametrize(
    "wrong",
    [
        {"level": 31},
        {"level": -1},
        {"level": 11, "magnitude_scale": "prove"},
        {"magnitude_scale": "paper"},
        {"operations": 0},
        {"operations": 1.5},
        {"operations": 15},
    ],
)
def test_parameters_outside_their_range_are_refused(wrong):
    with pytest.raises(InputError, match="RandAugment"):
        RandAugment(**wrong)
