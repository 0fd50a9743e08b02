from collections import Counter

import numpy as np
from torchvision.transforms.autoaugment import AutoAugment as Peer
from torchvision.transforms.autoaugment import AutoAugmentPolicy

from fairweather.strategies import autoaugment
from fairweather.strategies.autoaugment import POLICY, AutoAugment
from fairweather.vocabulary.streams import stream


def test_the_policy_is_torchvisions_row_by_row():
    theirs = Peer(AutoAugmentPolicy.IMAGENET)._get_policies(AutoAugmentPolicy.IMAGENET)
    assert len(POLICY) == len(theirs) == 25
    for ours, row in zip(POLICY, theirs, strict=True):
        assert ours == tuple((operation, probability, level or 0) for operation, probability, level in row)


def test_steps_are_drawn_with_their_probabilities_levels_and_signs(monkeypatch):
    seen = []
    monkeypatch.setattr(autoaugment, "apply", lambda name, value, planes: seen.append((name, value)) or planes)
    image, label = np.zeros((331, 662, 3), np.uint8), np.zeros((331, 662), np.uint8)
    draws = 4000
    for step in range(draws):
        AutoAugment().on_sample(image, label, stream(0, "strategy", step))
    count = Counter(operation for operation, _ in seen)
    for operation in {step[0] for row in POLICY for step in row}:
        expected = sum(step[1] for row in POLICY for step in row if step[0] == operation) / len(POLICY)
        assert abs(count[operation] / draws - expected) < 4 * np.sqrt(max(expected, 0.02) / draws)
    rotations = Counter(round(value, 4) for operation, value in seen if operation == "Rotate")
    assert set(rotations) == {s * round(30 * level / 9, 4) for level in (3, 8, 9) for s in (-1, 1)}
    assert abs(sum(n for value, n in rotations.items() if value > 0) / rotations.total() - 0.5) < 0.05
