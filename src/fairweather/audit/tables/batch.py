"""Runs of one data set that are off together, as runs of one evening on a wrong mount are."""

from dataclasses import dataclass

import numpy as np
from scipy.special import bdtrc, pdtrc

from fairweather.audit.check import Check
from fairweather.audit.tables.deviation import deviations
from fairweather.audit.tables.residual import residuals
from fairweather.audit.tables.rows import Rows, many, said

CODE = "table.batch_off"
SDS, SDS_IN_TIME, LEAST = (2.5, 3.5, 5.0), 2.5, 2.0
RUNS, STRATEGIES = 4, 3
CHANCE, LOPSIDED = 1e-3, 0.05
DENSITY = 2 / 3


@dataclass(frozen=True)
class Batch:
    """Runs that are off together.

    Args:
        runs: int64, positions among the runs; span: first and last time, "" where times do not tell them apart;
        within: how many runs of the data set lie in that span.
    """

    runs: np.ndarray
    span: tuple[str, str] = ("", "")
    within: int = 0


@dataclass(frozen=True)
class Runs:
    """The runs of a table, U of them.

    Args:
        dataset, strategy: int64 (U,); points: float64 (U,), the residual, 0 where the plain deviation has the other sign.
        sds: float64 (U,), the same in standard deviations.
        time: datetime64[us] (U,), NaT where it is not known.
    """

    dataset: np.ndarray
    strategy: np.ndarray
    sds: np.ndarray
    points: np.ndarray
    time: np.ndarray


def check_batches(rows: Rows, expected: np.ndarray) -> tuple[Check, ...]:
    """table.batch_off: runs of one data set, of several strategies, off in one direction together. Warning, kept.

    A run is off if its two-way residual (see `residuals`) is beyond 2.5 of its standard deviations, those of its own data
    set and model, and beyond 2 points, its plain deviation on the same side. Runs that are off are a batch if they are
    at least 4, of at least 3 strategies none of which is more than half of them; if so many have a chance below 0.001
    (Poisson, at the rate of the other direction or of the other data sets, whichever is larger, half a run added); and if
    they outnumber those off in the other direction (binomial, below 0.05). What is not one so is tried at 3.5 and 5 sd,
    where heavy tails are thinner. Where runs carry times, they are a batch already if they fill two thirds of a span.
    What is collapsed or too good is gone before; a strategy off everywhere is in the strategy's own term; a data set
    that is merely noisier has its own standard deviation. A batch that is the greater part of a data set and model
    cannot be told from the rest.
    """
    mine = rows.codes["strategy"] != rows.baseline_code if rows.gains else np.ones(len(rows), bool)
    judged = rows.keep(mine)
    found = deviations(judged, by_domain=False, expected=expected[mine])
    first = found.unit.first
    rest, sd = residuals(found)
    points = np.where(np.sign(rest) == np.sign(found.shift), rest, 0.0)
    codes = judged.codes
    runs = Runs(
        codes["dataset"][first],
        codes["strategy"][first],
        points / sd,
        points,
        _times(judged, found.unit.of, len(first)),
    )
    checks = []
    for dataset in np.unique(runs.dataset):
        for sign in (-1, 1):
            batch = _batch(runs, int(dataset), sign)
            if batch is not None:
                members = np.flatnonzero(np.isin(found.unit.of, batch.runs))
                checks.append(_failed(judged, found.expected, runs, batch, members, sign))
    n = len(first)
    good = Check(CODE, "warning", True, f"Among {many(n, 'cell value')} no batch of one data set is off together.")
    return tuple(checks) or (good,)


def _batch(runs: Runs, dataset: int, sign: int) -> Batch | None:
    """The batch of one data set and direction, if there is one."""
    inside = runs.dataset == dataset
    side = np.abs(runs.points) > LEAST
    timed = _in_time(runs, np.flatnonzero(inside & ~np.isnat(runs.time)), sign)
    if timed is not None:
        return timed
    for least in SDS:
        members = np.flatnonzero(side & inside & (sign * runs.sds > least))
        back = int((side & inside & (-sign * runs.sds > least)).sum())
        k, expected = members.size, inside.sum() * _rate(runs, inside, sign, least)
        if _several(runs, members) and pdtrc(k - 1, expected) < CHANCE and bdtrc(k - 1.0, k + back, 0.5) < LOPSIDED:
            return Batch(members)
    return None


def _rate(runs: Runs, inside: np.ndarray, sign: int, least: float) -> float:
    """How often a run is off: the larger of the rates in the other direction and in the other data sets, half a run added."""
    side = np.abs(runs.points) > LEAST
    back = side & (-sign * runs.sds > least)
    away = side & ~inside & (sign * runs.sds > least)
    elsewhere = int((~inside).sum())
    return max(float(back.sum() + 0.5) / len(inside), float(away.sum() + 0.5) / elsewhere if elsewhere else 0.0)


def _in_time(runs: Runs, inside: np.ndarray, sign: int) -> Batch | None:
    """The span of time in which runs that are off outnumber the others most; None if they do not fill two thirds of it."""
    ordered = inside[np.argsort(runs.time[inside], kind="stable")]
    off = (sign * runs.sds[ordered] > SDS_IN_TIME) & (np.abs(runs.points[ordered]) > LEAST)
    if off.sum() < RUNS:
        return None
    time = runs.time[ordered]
    total = np.concatenate([[0], np.cumsum(np.where(off, 1, -1))])
    # runs of one time cannot be told apart: a span begins and ends where the time changes
    opens = np.concatenate([[True], time[1:] != time[:-1], [False]])
    closes = np.concatenate([[False], time[1:] != time[:-1], [True]])
    low = np.minimum.accumulate(np.where(opens, total, len(total)))
    end = int(np.argmax(np.where(closes, total - low, -1)))
    start = int(np.flatnonzero(opens[:end] & (total[:end] == low[end - 1]))[-1])
    members = ordered[start:end][off[start:end]]
    if members.size < DENSITY * (end - start) or not _several(runs, members):
        return None
    return Batch(members, (_stamp(time[start]), _stamp(time[end - 1])), end - start)


def _several(runs: Runs, members: np.ndarray) -> bool:
    """Whether these are enough runs, of enough strategies, and no strategy is most of them."""
    if members.size < RUNS:
        return False
    each = np.bincount(runs.strategy[members])
    return int((each > 0).sum()) >= STRATEGIES and 2 * int(each.max()) <= members.size


def _failed(rows: Rows, expected: np.ndarray, runs: Runs, batch: Batch, members: np.ndarray, sign: int) -> Check:
    strategies = len(np.unique(runs.strategy[batch.runs]))
    span = (
        f", between {batch.span[0]} and {batch.span[1]}, a time in which {many(batch.within, 'cell value')} of it"
        f" {'was' if batch.within == 1 else 'were'} made"
        if batch.span[0]
        else ", without times that lie together"
        if not np.isnat(runs.time[batch.runs]).all()
        else ""
    )
    where = said(rows.name("dataset", members[0])) or "the one data set"
    statement = (
        f"Off together {'upwards' if sign > 0 else 'downwards'} are {many(len(batch.runs), 'cell value')} of {strategies}"
        f" strategies on {where}, by {abs(np.median(runs.points[batch.runs])):.1f} points in the median{span}."
    )
    wanted = [round(float(v), 4) for v in expected[members]]
    return Check(CODE, "warning", False, statement, rows.evidence(members, expected=wanted))


def _times(rows: Rows, of: np.ndarray, size: int) -> np.ndarray:
    """datetime64[us] (U,): the latest time on the rows of each run, NaT where it has none."""
    given = rows.column("time").to_numpy(zero_copy_only=False).astype("datetime64[us]")
    whole = np.full(size, np.iinfo(np.int64).min)  # NaT
    known = ~np.isnat(given)
    np.maximum.at(whole, of[known], given[known].astype(np.int64))
    return whole.astype("datetime64[us]")


def _stamp(time: np.datetime64) -> str:
    return str(time.astype("datetime64[s]")).replace("T", " ")
