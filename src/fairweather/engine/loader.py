"""The loader: which sample goes into which slot, and what happens to it on the way to the optimiser.

Everything is a function of (seed, step, slot), so batch t can be made without batches 0..t-1. What was loaded and every
stage it went through travel with the batch, as references, for the receipt to look at.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from fairweather.data.prepared import Prepared
from fairweather.engine.geometry import Window, cut, draw_window
from fairweather.errors import UnitStopped
from fairweather.kernels import kernel
from fairweather.strategies import Chain, MixedBatch, Strategy
from fairweather.vocabulary.streams import stream

MEAN = np.array([123.675, 116.28, 103.53], np.float32)  # ImageNet, RGB 0-255
STD = np.array([58.395, 57.12, 57.375], np.float32)
BATCH_SLOT = 2**32 - 1  # the slot number of draws that belong to a whole batch


@dataclass(frozen=True)
class Slot:
    """One place of a batch.

    Args:
        origin: whether the sample came from the data set or from the pool.
        id: the sample's id there.
        image, label: as loaded.
        window: the geometry drawn for this slot.
        stages: (image, label) after geometry, then after each act on samples.
    """

    origin: Literal["real", "generated"]
    id: str
    image: np.ndarray
    label: np.ndarray
    window: Window
    stages: tuple[tuple[np.ndarray, np.ndarray], ...]


@dataclass(frozen=True)
class Delivery:
    """A batch on its way: its slots, and the batch as normalised, then after each act on batches; the last is trained on."""

    slots: tuple[Slot, ...]
    batches: tuple[MixedBatch, ...]


@dataclass(frozen=True)
class Feed:
    """What a unit's batches are made from; all of it fixed before the first step.

    Args:
        seed: of the unit.
        batch, crop, scale: of the budget.
        real, real_ids: the training cache and the ids its context admits, in the manifest's order.
        pool, pool_items: the pool's cache and, per source in order, the ids of its images; empty without a generator.
        generated: slots of each batch filled from the pool: the last ones.
        acts: the arm's on-the-fly strategies; an act's number keys its stream.
    """

    seed: int
    batch: int
    crop: tuple[int, int]
    scale: tuple[float, float]
    real: Prepared
    real_ids: tuple[str, ...]
    pool: Prepared | None
    pool_items: tuple[tuple[str, ...], ...]
    generated: int
    acts: Chain


def deliver(feed: Feed, step: int) -> Delivery:
    """The batch of one step: load, cut, act on samples, normalise, act on batches."""
    slots = tuple(_slot(feed, step, number) for number in range(feed.batch))
    batches = [collate(slots)]
    for number, act in enumerate(feed.acts.batch_acts, start=len(feed.acts.sample_acts)):
        with _named(act, step):
            batches.append(act.on_batch(batches[-1], stream(feed.seed, "strategy", step, BATCH_SLOT, number)))
    return Delivery(slots, tuple(batches))


def _slot(feed: Feed, step: int, number: int) -> Slot:
    origin, id = choose(feed, step, number)
    image, label = load(feed, origin, id)
    window = draw_window(stream(feed.seed, "geometry", step, number), label.shape, feed.crop, feed.scale)
    stages = [cut(image, label, window, feed.crop)]
    for place, act in enumerate(feed.acts.sample_acts):
        with _named(act, step):
            stages.append(act.on_sample(*stages[-1], stream(feed.seed, "strategy", step, number, place)))
    return Slot(origin, id, image, label, window, tuple(stages))


@contextmanager
def _named(act: Strategy, step: int) -> Iterator[None]:
    """A failing act stops the unit with its reason; nothing is trained on without it."""
    try:
        yield
    except Exception as error:  # an act may be anybody's code; whatever it raises stops the unit by name
        raise UnitStopped(
            "units.act_failed", f"step {step}: {act.card.name}: {type(error).__name__}: {error}"
        ) from error


def choose(feed: Feed, step: int, number: int) -> tuple[Literal["real", "generated"], str]:
    """Which sample slot `number` of a step takes.

    Real samples are taken in a fresh random order each pass; which one a slot takes does not depend on the other slots
    being real. A generated sample is drawn source first, then domain, so that no domain count weighs on a source.
    """
    if number >= feed.batch - feed.generated:
        rng = stream(feed.seed, "source", step, number + 1)
        images = feed.pool_items[rng.integers(len(feed.pool_items))]
        return "generated", images[rng.integers(len(images))]
    turn, place = divmod(step * feed.batch + number, len(feed.real_ids))
    return "real", feed.real_ids[_order(feed.seed, turn, len(feed.real_ids))[place]]


@lru_cache(maxsize=8)  # a batch spans few passes; older ones are not asked for again
def _order(seed: int, turn: int, count: int) -> np.ndarray:
    return stream(seed, "source", turn).permutation(count)


def load(feed: Feed, origin: Literal["real", "generated"], id: str) -> tuple[np.ndarray, np.ndarray]:
    """The prepared image and label of a sample."""
    cache = feed.pool if origin == "generated" else feed.real
    assert cache is not None
    return cache.image(id), cache.label(id)


def normalise(images: np.ndarray) -> np.ndarray:
    """(N, H, W, 3) uint8 RGB to (N, 3, H, W) float32 with ImageNet's mean and deviation."""
    planes = np.empty((len(images), 3, *images.shape[1:3]), np.float32)
    _normalise(images, MEAN, 1 / STD, planes)
    return planes


@kernel(nogil=True)
def _normalise(images: np.ndarray, mean: np.ndarray, scale: np.ndarray, planes: np.ndarray) -> None:
    # One pass that reads bytes and writes planes; NumPy needs four, which was 5 % of a small network's step.
    for n in range(images.shape[0]):
        for y in range(images.shape[1]):
            for x in range(images.shape[2]):
                for c in range(3):
                    planes[n, c, y, x] = (np.float32(images[n, y, x, c]) - mean[c]) * scale[c]


def collate(slots: Sequence[Slot]) -> MixedBatch:
    """The plain batch of the slots' last stages."""
    images = normalise(np.stack([slot.stages[-1][0] for slot in slots]))
    labels = np.stack([slot.stages[-1][1] for slot in slots])
    return MixedBatch.plain(images, labels)
