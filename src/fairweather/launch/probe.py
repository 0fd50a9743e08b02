"""How long will it take: a few steps and a few scored images of each model, timed in the processes that will do the work."""

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from itertools import islice
from statistics import median
from typing import Any, TypeVar

from fairweather.data.prepared import Prepared
from fairweather.engine.evaluate import BATCH, evaluate
from fairweather.engine.execute import Job, open_cache, prepare
from fairweather.engine.loader import deliver
from fairweather.engine.train import as_module, make_optimizer, take_step
from fairweather.errors import UnitStopped

Timing = TypeVar("Timing")

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
            costs[job.unit.id] = _mean(_cost(speed, job, tests[dataset]) for speed in speeds if speed)
    return Estimate(costs, workers)


def _cost(speed: Speed, job: Job, images: int) -> float:
    if job.unit.strategy not in speed.batch:  # its act failed: the unit itself will stop by name, at once
        return 0.0
    return speed.build + job.budget.steps * (speed.step + speed.batch[job.unit.strategy]) + images * speed.score


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0


def measure(arms: Sequence[Job]) -> Speed | None:
    """Time the model of these jobs (one job per arm) in this process; nothing is written.

    Nothing is judged here: an arm that cannot be timed has no entry, None if none can; its units stop by name when they run.
    """
    batches = {job.unit.strategy: seconds for job in arms if (seconds := _unless_stopped(_batch, job)) is not None}
    for job in arms:
        if job.unit.strategy in batches and (found := _unless_stopped(_model, job)) is not None:
            return Speed(*found, batches)
    return None


def _unless_stopped(timed: Callable[[Job], Timing], job: Job) -> Timing | None:
    try:
        return timed(job)
    except UnitStopped:
        return None


def _model(job: Job) -> tuple[float, float, float]:
    """Seconds to build the model, for a step without its batch, and for a scored image."""
    clock = time.perf_counter
    started = clock()
    job = replace(job, budget=job.budget.model_copy(update={"steps": STEPS + 2}))
    model, feed, receipt = prepare(job)
    build = clock() - started
    optimizer = make_optimizer(job.recipe, model)
    as_module(model).train()
    steps = []
    for step in range(STEPS + 2):
        delivery = deliver(feed, step)
        started = clock()
        take_step(model, optimizer, delivery, receipt, job.recipe, step, STEPS + 2, job.device, feed.seed)
        steps.append(clock() - started)
    test = _first(open_cache(job.caches["test"], job.ram_limit), BATCH)
    scores = []
    for _ in range(4):
        started = clock()
        evaluate(model, test, job.label_space.num_classes, job.recipe, job.device)
        scores.append((clock() - started) / len(test.rows))
    return build, median(steps[2:]), median(scores[1:])


def _batch(job: Job) -> float:
    """Seconds for one batch of an arm."""
    feed = prepare(job)[1]
    times = []
    for step in range(BATCHES + 1):
        started = time.perf_counter()
        deliver(feed, step)
        times.append(time.perf_counter() - started)
    return median(times[1:])


def _first(test: Prepared, count: int) -> Prepared:
    return Prepared(dict(islice(test.rows.items(), count)), test.images, test.labels)
