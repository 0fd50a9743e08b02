"""What the mixing strategies share: who is mixed with whom, and which batches can be mixed at all."""

import numpy as np

from fairweather.strategies.strategy import MixedBatch


def partners(n: int, rng: np.random.Generator) -> np.ndarray:
    """The partner of each of n samples, int64 (n,): a cyclic shift of a random permutation, so nobody is its own."""
    order = rng.permutation(n)
    partner = np.empty_like(order)
    partner[order] = np.roll(order, -1)
    return partner


def check_mixable(batch: MixedBatch, act: str) -> None:
    """ValueError unless the batch has two samples or more and every weight is 1."""
    if len(batch.images) < 2:
        raise ValueError(f"{act}: a batch of {len(batch.images)} has nobody to mix with, allowed is 2 or more")
    if np.any(batch.weight != 1):
        raise ValueError(f"{act}: the batch is already mixed by weight, allowed is a batch whose weights are all 1")
