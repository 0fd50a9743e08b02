from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairweather.strategies.cutmix import CutMix, _span
from fairweather.strategies.mixup import Mixup
from fairweather.strategies.strategy import MixedBatch
from fairweather.vocabulary.streams import stream


def batch(n=4, height=20, width=30):
    """Each sample is one number, in its pixels and in its label; the second target is 100 more."""
    number = np.arange(n, dtype=np.uint8)[:, None, None].repeat(height, 1).repeat(width, 2)
    images = number[:, None].repeat(3, 1).astype(np.float32)
    return MixedBatch(images, number, number + 100, np.ones(n, np.float32))


def test_pixels_and_both_targets_are_pasted_alike_in_one_box_from_one_partner():
    for step in range(50):
        new = CutMix().on_batch(batch(), stream(0, "strategy", step))
        assert (new.images == new.y[:, None]).all()
        assert (new.y_mix == new.y + 100).all()
        assert (new.weight == 1).all()
        for own, y in enumerate(new.y):
            others = set(np.unique(y)) - {own}
            assert len(others) <= 1
            if others:
                rows, columns = np.nonzero(y != own)
                assert (np.ptp(rows) + 1) * (np.ptp(columns) + 1) == len(rows)  # a full rectangle


def test_the_boxes_have_the_size_of_the_paper():
    """E[share of pixels pasted] by simulation of the published box on another generator."""
    rng, draws = np.random.default_rng(1), 20000
    cut, rows, columns = np.sqrt(rng.random(draws)), rng.random(draws), rng.random(draws)
    sides = [np.minimum(c + cut / 2, 1) - np.maximum(c - cut / 2, 0) for c in (rows, columns)]
    expected = (sides[0] * sides[1]).mean()
    found = []
    for step in range(300):
        new = CutMix().on_batch(batch(height=64, width=96), stream(0, "strategy", step))
        found.extend((y != own).mean() for own, y in enumerate(new.y))
    assert np.mean(found) == pytest.approx(expected, abs=0.02)


@given(st.integers(1, 200), st.floats(0, 1), st.data())
def test_a_box_stays_inside_the_image(length, share, data):
    centre = data.draw(st.integers(0, length - 1))
    span = _span(centre, length, share)
    assert 0 <= span.start <= span.stop <= length
    assert span.stop - span.start <= share * length


def test_ignored_pixels_are_pasted_along():
    given_batch = batch(2)
    given_batch.y[1] = 255
    new = CutMix().on_batch(given_batch, stream(0, "strategy", 2))
    pasted = new.images[0, 0] == 1
    assert pasted.any()
    assert ((new.y[0] == 255) == pasted).all()


def test_half_the_samples_at_probability_a_half():
    act, whole = CutMix(probability=0.5), CutMix()
    touched = [0, 0]
    for step in range(200):
        for k, strategy in enumerate((act, whole)):
            new = strategy.on_batch(batch(8), stream(0, "strategy", step))
            touched[k] += sum((y != own).any() for own, y in enumerate(new.y))
    assert touched[0] / touched[1] == pytest.approx(0.5, abs=0.05)


def test_a_batch_mixed_by_weight_and_a_batch_of_one_are_refused():
    mixed = Mixup().on_batch(batch(), stream(0, "strategy"))
    with pytest.raises(ValueError, match="std_cutmix: the batch is already mixed by weight"):
        CutMix().on_batch(mixed, stream(1, "strategy"))
    with pytest.raises(ValueError, match="std_cutmix: a batch of 1"):
        CutMix().on_batch(batch(1), stream(0, "strategy"))
    hard = Mixup(loss="hard").on_batch(replace(batch()), stream(0, "strategy"))
    assert CutMix().on_batch(hard, stream(1, "strategy")).y.shape == hard.y.shape
