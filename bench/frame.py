"""The frame of the benchmark: a row has two arms, which are timed in turn, round by round, in process CPU time.

A topic is a module with `rows() -> list[Row]`. Nothing is built before a row is measured: `Row.arms` builds what the arms need.

    def rows() -> list[Row]:
        return [Row("confusion/real", build_arms, faster(25), period=64)]
"""

import math
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

MIN_ROUNDS = 7
ROUND_SECONDS = 0.2  # an arm repeats its calls until a round lasts about this long


class Skip(Exception):
    """Raised by `Row.arms`: the row cannot be measured here, and why."""


@dataclass(frozen=True)
class Limit:
    """What a row must reach. `faster`: peer / ours at least; `cost`: ours / peer at most; `seconds`, `gigabytes`: ours at most,
    no peer."""

    kind: Literal["faster", "cost", "seconds", "gigabytes"]
    value: float

    def __str__(self) -> str:
        return {"faster": ">= {:g}x faster", "cost": "<= {:.2f}x", "seconds": "<= {:g} s", "gigabytes": "<= {:g} GB"}[
            self.kind
        ].format(self.value)

    def holds(self, ratio: float) -> bool:
        return ratio >= self.value if self.kind == "faster" else ratio <= self.value


def faster(times: float) -> Limit:
    """Ours takes at most 1 / `times` of the peer's time."""
    return Limit("faster", times)


def cost(times: float) -> Limit:
    """Ours takes at most `times` of the peer's time."""
    return Limit("cost", times)


def seconds(most: float) -> Limit:
    """A call of ours takes at most this long."""
    return Limit("seconds", most)


def gigabytes(most: float) -> Limit:
    """A call of ours takes at most this much memory; the row's clock counts gigabytes."""
    return Limit("gigabytes", most)


@dataclass(frozen=True)
class Arms:
    """What is timed: `ours` and `peer` do the same work; no peer where the limit is in seconds."""

    ours: Callable[[], object]
    peer: Callable[[], object] | None = None


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Args:
        name: "topic/what".
        arms: builds the arms when the row's turn has come; raises Skip where that is impossible.
        required: the limit, or None for a row that is only noted (its ratio is peer / ours).
        period: calls after which an arm has gone once through its inputs; every round is whole periods.
        clock: what is summed over calls: seconds of process CPU time of all threads unless told otherwise (children_cpu for
            subprocesses, gigabytes of peak memory).
    """

    name: str
    arms: Callable[[], Arms]
    required: Limit | None = None
    period: int = 1
    clock: Callable[[], float] = time.process_time


@dataclass(frozen=True)
class Result:
    """A measured row: times in ms (memory in MB) per call (medians), the median ratio of the rounds and its quartiles."""

    name: str
    required: str | None
    ours: float | None = None
    peer: float | None = None
    ratio: float | None = None
    spread: tuple[float, float] | None = None
    holds: bool | None = None
    rounds: int = 0
    skipped: str | None = None


def children_cpu() -> float:
    """CPU seconds of finished child processes: the clock of rows that start programs."""
    import resource

    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measure(row: Row, rounds: int = MIN_ROUNDS, round_seconds: float = ROUND_SECONDS) -> Result:
    """Warm up, then time both arms in each round, taking turns in who goes first."""
    if rounds < MIN_ROUNDS:
        raise ValueError(f"{rounds} rounds; at least {MIN_ROUNDS} are needed for a median and its spread")
    required = str(row.required) if row.required else None
    try:
        arms = row.arms()
    except Skip as reason:
        return Result(row.name, required, skipped=str(reason))
    kind = row.required.kind if row.required else "faster"
    alone = kind in ("seconds", "gigabytes")
    if (arms.peer is None) != alone:
        raise ValueError(f"{row.name}: a limit of ours alone has no peer, every other row has one")
    timed = [arms.ours] if arms.peer is None else [arms.ours, arms.peer]
    calls = [_calls(arm, row, round_seconds) for arm in timed]
    times: list[list[float]] = [[] for _ in timed]
    for r in range(rounds):
        for i in range(len(timed)) if r % 2 == 0 else reversed(range(len(timed))):
            times[i].append(_seconds_per_call(timed[i], calls[i], row.clock))
    ratios = [_ratio(kind, *pair) for pair in zip(*times, strict=True)]
    low, ratio, high = statistics.quantiles(ratios, n=4, method="inclusive")
    ours, *peer = [1000 * statistics.median(arm) for arm in times]
    holds = row.required.holds(ratio) if row.required else None
    return Result(row.name, required, ours, peer[0] if peer else None, ratio, (low, high), holds, rounds)


def _ratio(kind: str, ours: float, peer: float = math.nan) -> float:
    return {"faster": peer / ours, "cost": ours / peer}.get(kind, ours)


def _calls(arm: Callable[[], object], row: Row, round_seconds: float) -> int:
    """Whole periods that fill a round, after one to warm up (compiled code, caches)."""
    _seconds_per_call(arm, row.period, row.clock)
    once = _seconds_per_call(arm, row.period, row.clock) * row.period
    return row.period * max(1, math.ceil(round_seconds / once))


def _seconds_per_call(arm: Callable[[], object], calls: int, clock: Callable[[], float]) -> float:
    start = clock()
    for _ in range(calls):
        arm()
    return (clock() - start) / calls
