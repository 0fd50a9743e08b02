import numpy as np
import pytest

from fairweather.errors import UnknownName
from fairweather.strategies import build
from fairweather.strategies.cutmix import CutMix
from fairweather.strategies.mixup import Mixup
from fairweather.strategies.strategy import MixedBatch
from fairweather.vocabulary.streams import stream


def batch(n=4):
    """One-hot samples: the pixels of a mixture say who is in it, with which weight."""
    images = np.zeros((n, n, 2, 3), np.float32)
    images[np.arange(n), np.arange(n)] = 1
    return MixedBatch.plain(images, np.arange(n, dtype=np.uint8)[:, None, None].repeat(2, 1).repeat(3, 2))


def test_targets_and_weights_are_those_of_the_two_images_in_the_pixels():
    for step in range(50):
        new = Mixup().on_batch(batch(), stream(0, "strategy", step))
        for i in range(4):
            j = int(new.y_mix[i, 0, 0])
            assert (new.y[i] == i).all()
            assert (new.y_mix[i] == j).all()
            assert i != j
            expected = np.zeros(4, np.float32)
            expected[i], expected[j] = new.weight[i], 1 - new.weight[i]
            assert np.array_equal(new.images[i, :, 1, 1], expected)


def test_the_weights_are_beta_distributed():
    weights = np.concatenate([Mixup().on_batch(batch(), stream(0, "strategy", k)).weight for k in range(1000)])
    assert weights.mean() == pytest.approx(0.5, abs=0.02)
    assert weights.var() == pytest.approx(1 / (4 * (2 * 0.4 + 1)), abs=0.01)  # variance of Beta(a, a)


def test_hard_keeps_the_label_of_the_stronger_image_alone():
    assert build("std_mixup", "prove") == Mixup(probability=0.5, loss="hard")
    shares = []
    for step in range(200):
        new = Mixup(loss="hard").on_batch(batch(), stream(0, "strategy", step))
        own = new.images[np.arange(4), np.arange(4), 0, 0]
        assert (new.weight == 1).all()
        assert np.array_equal(new.y, batch().y)
        assert np.array_equal(new.y_mix, batch().y)
        shares.extend(own)
    assert 0.5 <= min(shares) < 0.55
    assert max(shares) > 0.99


def test_a_cutmixed_batch_can_be_blended_and_a_blended_one_cannot_be_blended_again():
    cut = CutMix().on_batch(batch(), stream(0, "strategy"))
    new = Mixup().on_batch(cut, stream(1, "strategy"))
    assert np.array_equal(new.y, cut.y)
    assert any(np.array_equal(new.y_mix[0], y) for y in cut.y[1:])
    with pytest.raises(ValueError, match="std_mixup: the batch is already mixed by weight"):
        Mixup().on_batch(new, stream(2, "strategy"))


def test_untouched_samples_keep_weight_1_and_their_own_label():
    touched = 0
    for step in range(300):
        new = Mixup(probability=0.5).on_batch(batch(), stream(0, "strategy", step))
        plain = (new.y_mix == new.y).all((1, 2))
        touched += (~plain).sum()
        assert (new.weight[plain] == 1).all()
        assert np.array_equal(new.images[plain], batch().images[plain])
    assert touched / 1200 == pytest.approx(0.5, abs=0.04)


def test_an_unknown_loss_is_refused_with_the_known_ones():
    with pytest.raises(UnknownName, match=r"unknown loss of Mixup 'soft' \(known: loss_mix, hard\)"):
        Mixup(loss="soft")


def test_only_the_weighted_form_mixes_weights():
    assert Mixup().mixes_weights
    assert not Mixup(loss="hard").mixes_weights
    assert not CutMix().mixes_weights
