"""One training step of the engine (load, cut, augment, receipt, optimise) against a bare loop over tensors in memory.

A small model, 96x192, batch 8, one thread. The bare loop runs the same model, loss and optimiser on batches made beforehand.
"""

import tempfile
import time
from collections.abc import Callable
from itertools import count, cycle
from pathlib import Path

from bench.frame import Arms, Row, cost
from bench.samples import prepared
from fairweather.data.prepared import Prepared
from fairweather.engine.loader import Feed, deliver
from fairweather.engine.receipt import Expected, Receipt
from fairweather.engine.train import as_module, make_optimizer, take_step, tensors
from fairweather.models import build
from fairweather.strategies import STRATEGIES, Chain
from fairweather.strategies import build as build_strategy
from fairweather.study import Context
from fairweather.study.study import Recipe
from fairweather.vocabulary.labels import label_space

MODEL, SPACE, BATCH, CROP = "pspnet_small", "cityscapes19", 8, (96, 192)
SAMPLES, STEPS = 160, 10**6
SMALL_LIMIT = 2**20  # bytes: far below the cache, which is therefore memory-mapped


def rows() -> list[Row]:
    return [
        Row("training/in memory", lambda: _arms("baseline", 2**31), cost(1.10), 4),
        Row("training/memory-mapped", lambda: _arms("baseline", SMALL_LIMIT), cost(1.15), 4),
        Row("training/most expensive std", lambda: _arms(most_expensive(), 2**31), cost(1.35), 4),
    ]


def _arms(strategy: str, ram_limit: int) -> Arms:
    # The folder may go at once: the cache is in memory, or mapped by its open file.
    with tempfile.TemporaryDirectory() as folder:
        cache = prepared(Path(folder), SAMPLES, (192, 384), CROP[0], SPACE, False, ram_limit)
        return Arms(_engine(cache, strategy), _bare(cache))


def _feed(cache: Prepared, strategy: str) -> Feed:
    acts = Chain((build_strategy(strategy),))
    return Feed(0, BATCH, CROP, (0.75, 1.5), cache, tuple(cache.rows), None, (), 0, acts)


def _engine(cache: Prepared, strategy: str) -> Callable[[], object]:
    feed, recipe = _feed(cache, strategy), Recipe()
    names = tuple(act.card.name for act in (*feed.acts.sample_acts, *feed.acts.batch_acts))
    ids = frozenset(cache.rows)
    context = Context("all", ("clear_day",))
    expected = Expected(context, cache.rows, {}, {}, ids, names, BATCH, 0, STEPS, CROP, label_space(SPACE).num_classes)
    receipt, steps = Receipt(expected), count()
    model = build(MODEL, label_space(SPACE).num_classes)
    optimizer = make_optimizer(recipe, model)

    def step() -> None:
        number = next(steps)
        take_step(model, optimizer, deliver(feed, number), receipt, recipe, number, STEPS, "cpu", feed.seed)

    return step


def _bare(cache: Prepared) -> Callable[[], object]:
    import torch

    feed = _feed(cache, "baseline")
    batches = [deliver(feed, step).batches[-1] for step in range(16)]
    ready = cycle([(torch.from_numpy(batch.images), tensors(batch, "cpu")) for batch in batches])
    model = build(MODEL, label_space(SPACE).num_classes)
    optimizer = make_optimizer(Recipe(), model)
    as_module(model).train()

    def step() -> None:
        images, targets = next(ready)
        optimizer.zero_grad(set_to_none=True)
        loss = model.loss(images, targets)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        float(loss.detach())

    return step


def most_expensive() -> str:
    """The std_* whose batches take longest to make, timed here and now."""
    with tempfile.TemporaryDirectory() as folder:
        cache = prepared(Path(folder), 32, (192, 384), CROP[0], SPACE, False, 2**31)
        return max(
            (name for name in STRATEGIES if name.startswith("std_")), key=lambda name: _batch_seconds(cache, name)
        )


def _batch_seconds(cache: Prepared, strategy: str) -> float:
    feed = _feed(cache, strategy)
    deliver(feed, 0)
    started = time.process_time()
    for step in range(1, 21):
        deliver(feed, step)
    return time.process_time() - started
