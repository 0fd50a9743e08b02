import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairweather.strategies.mixing import check_mixable, partners
from fairweather.strategies.strategy import MixedBatch
from fairweather.vocabulary.streams import stream


@given(st.integers(2, 40), st.integers(0, 2**63 - 1))
def test_everybody_has_a_partner_and_nobody_is_their_own(n, seed):
    partner = partners(n, stream(seed, "strategy"))
    assert sorted(partner) == list(range(n))
    assert (partner != np.arange(n)).all()


def test_all_partners_are_equally_likely():
    count = np.zeros((4, 4))
    for step in range(1200):
        count[np.arange(4), partners(4, stream(0, "strategy", step))] += 1
    assert abs(count[~np.eye(4, dtype=bool)] / 1200 - 1 / 3).max() < 0.05


def test_a_batch_of_one_and_a_batch_mixed_by_weight_are_refused():
    images, y = np.zeros((2, 3, 4, 4), np.float32), np.zeros((2, 4, 4), np.uint8)
    check_mixable(MixedBatch.plain(images, y), "act")
    with pytest.raises(ValueError, match="act: a batch of 1 has nobody to mix with, allowed is 2 or more"):
        check_mixable(MixedBatch.plain(images[:1], y[:1]), "act")
    with pytest.raises(ValueError, match="already mixed by weight"):
        check_mixable(MixedBatch(images, y, y, np.array([1, 0.5], np.float32)), "act")
