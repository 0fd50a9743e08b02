"""Running a plan: every unit that is not there yet, on an executor, with progress; what is there is left alone."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass

from rich.progress import Progress as Bars
from rich.progress import TaskID

from fairweather.engine.execute import Job, Outcome, execute
from fairweather.launch.progress import Progress, last_line
from fairweather.store.layout import Layout, work


@dataclass(frozen=True)
class Ran:
    """What a run did: the outcomes by unit, and the wall seconds it took."""

    outcomes: tuple[Outcome, ...]
    seconds: float

    def stopped(self) -> tuple[Outcome, ...]:
        """Units that were stopped because their measurement cannot be trusted."""
        return tuple(outcome for outcome in self.outcomes if outcome.state == "stopped")


def run(
    jobs: Sequence[Job],
    executor: Executor,
    progress: Progress,
    expected: Callable[[Job], float],
    workers: int,
) -> Ran:
    """Execute the jobs that are not finished.

    Args:
        expected: seconds a job should take, from the probe; for the time left.

    Raises:
        MachineError: the disk is full; finished units are kept and a second run goes on.
    """
    started = time.perf_counter()
    outcomes: list[Outcome] = []
    with progress.bars() as bars:
        total = bars.add_task("units", total=len(jobs))
        view = _View(bars, total, progress, expected, workers, len(jobs))
        waiting: dict[Future[Outcome], Job] = {}
        queue = list(jobs)
        try:
            while queue or waiting:
                # One job more than workers waits in line, so that an error leaves little to cancel.
                while queue and len(waiting) <= workers:
                    job = queue.pop(0)
                    view.begin(job)
                    waiting[executor.submit(execute, job)] = job
                done, _ = wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED)
                for future in done:
                    job = waiting.pop(future)
                    outcomes.append(future.result())
                    view.end(job, outcomes[-1])
                view.refresh([*waiting.values()], queue)
        finally:
            for future in waiting:
                future.cancel()
    return Ran(tuple(outcomes), time.perf_counter() - started)


class _View:
    """The live picture of a run."""

    def __init__(
        self, bars: Bars, total: TaskID, progress: Progress, expected: Callable[[Job], float], workers: int, jobs: int
    ) -> None:
        self.bars, self.total, self.progress, self.expected = bars, total, progress, expected
        self.workers, self.jobs, self.done = workers, jobs, 0
        self.tasks: dict[str, TaskID] = {}

    def begin(self, job: Job) -> None:
        if self.progress.console.is_terminal:
            self.tasks[job.unit.id] = self.bars.add_task(job.unit.label, total=job.budget.steps, visible=False)

    def end(self, job: Job, outcome: Outcome) -> None:
        self.done += 1
        self.bars.advance(self.total)
        if job.unit.id in self.tasks:
            self.bars.remove_task(self.tasks.pop(job.unit.id))
        if outcome.after:
            gone = f"process {outcome.after.pid} on {outcome.after.host}"
            self.progress.say(f"took over from {gone}, which is gone: {job.unit.label}")
        if outcome.state == "stopped":
            self.progress.say(f"STOPPED {job.unit.label}: {outcome.code}: {outcome.reason}")
        if outcome.state == "held":
            self.progress.say(f"left to another process: {job.unit.label}")

    def refresh(self, running: Sequence[Job], queue: Sequence[Job]) -> None:
        losses = []
        for job in running:
            line = last_line(work(Layout(job.out).unit(job.unit.id)))
            if line and "loss" in line:
                losses.append(f"{line['loss']:.3f}")
            if line and job.unit.id in self.tasks:
                text = f"  {job.unit.label}: {line['phase']}" + (f" loss {line['loss']:.3f}" if "loss" in line else "")
                self.bars.update(
                    self.tasks[job.unit.id], completed=line["step"], total=line["of"], description=text, visible=True
                )
        left = sum(self.expected(job) for job in (*running, *queue)) / self.workers
        shown = f", losses {', '.join(losses)}" if losses else ""
        self.progress.seldom(lambda: f"{self.done} of {self.jobs} units done{shown}, about {duration(left)} left")


def duration(seconds: float) -> str:
    """Seconds as a person says them: 42 s, 12 min, 3 h 20 min."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60:02d} min"
