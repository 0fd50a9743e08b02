"""Showing a run as it goes: a live display on a terminal, plain lines elsewhere. State is read from the folders."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.text import Text

QUIET = 10.0  # seconds between plain lines
FIRST = 10  # images that must be done before a speed is told


class Rate(ProgressColumn):
    """Items per second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:.1f}/s")


class Progress:
    """Prints to one console; every method may be called without a terminal."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._said = 0.0

    def say(self, line: str) -> None:
        """One line that stays."""
        self.console.print(line, highlight=False, markup=False, soft_wrap=True)

    @contextmanager
    def phase(self, title: str, total: int) -> Iterator[Callable[[int], None]]:
        """A bar for `total` items with its rate and the time left; yields the function that is told how many are done."""
        started = time.perf_counter()
        if not self.console.is_terminal:
            self._said = time.monotonic()
            before: list[int] = []  # what was there when it was first told: made by an earlier run

            def tell(done: int) -> None:
                if not before:
                    before.append(done - 1)
                new = done - before[0]
                rate = new / max(time.perf_counter() - started, 1e-9)
                # The first may wait for a process to start and for kernels to compile; they say nothing about the rest.
                left = f", {rate:.1f}/s, about {(total - done) / rate:.0f} s left" if new >= FIRST else ""
                self.seldom(lambda: f"{title}: {done} of {total} images{left}")

            yield tell
            self.say(f"{title}: {total} images in {time.perf_counter() - started:.1f} s")
            return
        with self.bars() as bars:
            task = bars.add_task(title, total=total)
            yield lambda done: bars.update(task, completed=done)

    @contextmanager
    def ticks(self, title: str, total: int) -> Iterator[Callable[[], None]]:
        """As `phase`; yields the function to call after each item."""
        with self.phase(title, total) as tell:
            counted = count(1)
            yield lambda: tell(next(counted))

    def bars(self) -> Bars:
        """The live bars of this run."""
        columns = (
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn(),
        )  # fmt: skip
        return Bars(*columns, console=self.console, transient=True)

    def seldom(self, line: Callable[[], str]) -> None:
        """A plain line every few seconds, for logs; nothing on a terminal, which has its bars."""
        if not self.console.is_terminal and time.monotonic() - self._said > QUIET:
            self._said = time.monotonic()
            self.say(line())


def last_line(folder: Path) -> dict[str, Any]:
    """The last whole line of a unit's progress.jsonl; empty before the first."""
    try:
        with (folder / "progress.jsonl").open("rb") as file:
            file.seek(max(file.seek(0, 2) - 4096, 0))
            lines = file.read().splitlines()
    except FileNotFoundError:
        return {}
    for line in reversed(lines):
        try:
            record = json.loads(line)
        except ValueError:  # being written at this moment
            continue
        return record if isinstance(record, dict) else {}
    return {}
