"""How long will it take: a few steps and a few scored images of each model, timed in the processes that will do the work."""

import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from itertools import islice
from statistics import median
from typing import Any

from fairweather.data.prepared import Prepared
from fairweather.engine.evaluate import BATCH, evaluate
from fairweather.engine.execute import Job, open_cache, prepare
from fairweather.engine.loader import deliver
from fairweather.engine.train import as_module, make_optimizer, take_step

STEPS = 8  # timed steps of a model, after two that warm it up
BATCHES = 4  # timed batches of an arm


@dataclass(frozen=True)
class Speed:
    """Seconds measured for one (data set, model): to build it, for one step without its batch, for one scored image, and for
    one batch of each arm."""

    build: float
    step: float
    score: float
    batch: dict[str, float]


@dataclass(frozen=True)
class Estimate:
    """Expected seconds of every unit by id, and of the whole on a number of workers."""

    units: dict[str, float]
    workers: int

    @property
    def seconds(self) -> float:
        """Wall seconds: the units dealt out to the workers, longest first."""
        loads = [0.0] * self.workers
        for cost in sorted(self.units.values(), reverse=True):
            loads[loads.index(min(loads))] += cost
        return max(loads)

    def record(self) -> dict[str, Any]:
        """As stored in plan.json."""
        return {
            "workers": self.workers,
            "seconds": round(self.seconds, 1),
            "unit_seconds": round(sum(self.units.values()), 1),
        }


def estimate(jobs: Sequence[Job], executor: Executor, workers: int, tests: dict[str, int]) -> Estimate:
    """Probe every (data set, model) on all workers at once, because they slow one another, and add up.

    Args:
        tests: test images by data set.
    """
    kinds: dict[tuple[str, str], list[Job]] = {}
    for job in jobs:
        kinds.setdefault((job.unit.dataset, job.unit.model), []).append(job)
    costs: dict[str, float] = {}
    for (dataset, _), same in kinds.items():
        arms = list({job.unit.strategy: job for job in same}.values())
        speeds = [future.result() for future in [executor.submit(measure, arms) for _ in range(workers)]]
        for job in same:
            costs[job.unit.id] = _mean(_cost(speed, job, tests[dataset]) for speed in speeds)
    return Estimate(costs, workers)


def _cost(speed: Speed, job: Job, images: int) -> float:
    return speed.build + job.budget.steps * (speed.step + speed.batch[job.unit.strategy]) + images * speed.score


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)


def measure(arms: Sequence[Job]) -> Speed:
    """Time the model of these jobs (one job per arm) in this process; nothing is written."""
    clock = time.perf_counter
    started = clock()
    short = replace(arms[0], budget=arms[0].budget.model_copy(update={"steps": STEPS + 2}))
    model, feed, receipt = prepare(short)
    build = clock() - started
    optimizer = make_optimizer(short.recipe, model)
    as_module(model).train()
    steps = []
    for step in range(STEPS + 2):
        delivery = deliver(feed, step)
        started = clock()
        take_step(model, optimizer, delivery, receipt, short.recipe, step, STEPS + 2, short.device, feed.seed)
        steps.append(clock() - started)
    test = _first(open_cache(short.caches["test"], short.ram_limit), BATCH)
    scores = []
    for _ in range(4):
        started = clock()
        evaluate(model, test, short.label_space.num_classes, short.recipe, short.device)
        scores.append((clock() - started) / len(test.rows))
    return Speed(build, median(steps[2:]), median(scores[1:]), {job.unit.strategy: _batch(job) for job in arms})


def _batch(job: Job) -> float:
    feed = prepare(job)[1]
    times = []
    for step in range(BATCHES + 1):
        started = time.perf_counter()
        deliver(feed, step)
        times.append(time.perf_counter() - started)
    return median(times[1:])


def _first(test: Prepared, count: int) -> Prepared:
    return Prepared(dict(islice(test.rows.items(), count)), test.images, test.labels)
