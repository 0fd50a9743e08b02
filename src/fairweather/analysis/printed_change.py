"""What a table of printed gains says from one context to the other."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from fairweather.analysis import contexts, draws, rules
from fairweather.analysis.attributes import CHANGE, attribute_findings
from fairweather.analysis.distributions import average_ranks
from fairweather.analysis.finding import Estimate
from fairweather.analysis.frame import Frame, Ledger, Printed, from_to, listed, number, plain
from fairweather.analysis.printed_gains import ALL, REASON, of_table, span, untestable


@dataclass(frozen=True)
class Moved:
    """Moves of ranks between two printed orders of n names, first minus second: up is positive.

    footrule: sum of |move|; far: how many move `places` or more. By chance, two unrelated orders: footrule_expected and
    far_expected (exact), far_low and far_high (95 %, from permutations).
    """

    names: tuple[str, ...]
    move: np.ndarray
    footrule: int
    places: int
    far: int
    footrule_expected: float
    far_expected: float
    far_low: int
    far_high: int


def change_findings(frame: Frame, ledger: Ledger, printed: Printed) -> None:
    """Every finding from the first context to the second."""
    change = {
        name: round(float(value), printed.digits) + 0.0
        for name, value in zip(printed.strategies, printed.gain[1] - printed.gain[0], strict=True)
    }
    metric, where = frame.metric.metric, from_to(frame)
    for name in frame.metric.strategies:
        value = change.get(name, np.nan)
        known = bool(np.isfinite(value))
        untestable(
            frame, ledger, f"gain_change.{name}", f"Does the gain of {name} on {metric} grow {where}?",
            f"Whether the gain of {name} on {metric} changes {where}",
            f"{plain(value, printed.digits, True)} points" if known else "",
            REASON if known else "the table prints no two gains for it", Estimate(value, None, None) if known else None,
        )  # fmt: skip
    there = {name: value for name, value in change.items() if np.isfinite(value)}
    _changes(frame, ledger, printed, there)
    untestable(
        frame, ledger, "context.interaction", f"Does the context change what the strategies do relative to one another {where}?",
        f"Whether the context changes what the strategies do relative to one another {where}",
        span(there, printed.digits).replace("gains", "changes of the gain", 1),
    )  # fmt: skip
    _order(frame, ledger, printed)
    _moves(frame, ledger, printed)
    attribute_findings(frame, ledger, CHANGE, change, REASON)


def ranks_of(printed: Printed, context: int) -> np.ndarray:
    """float64 (strategies + 1,), the baseline last: the ranks as printed, or, where the table prints none, those of the
    printed gains (ties share theirs)."""
    if np.isfinite(printed.rank[context]).any():
        return np.asarray(printed.rank[context], float)
    gain = np.append(printed.gain[context], 0.0)
    rank = np.full(gain.size, np.nan)
    there = np.isfinite(gain)
    rank[there] = average_ranks(-gain[there])
    return rank


def moved(first: np.ndarray, second: np.ndarray, names: tuple[str, ...], seed: int) -> Moved:
    """The moves between two ranks float64 (n,) of the same names."""
    n = first.size
    move = first - second
    places = max(2, round(0.37 * n))
    order = np.arange(n)
    null = draws.generator(seed, "context.rank_moves").permuted(np.tile(order, (draws.R, 1)), axis=1) - order
    far = (np.abs(null) >= places).sum(axis=1)
    low, high = np.quantile(far, [0.025, 0.975], method="inverted_cdf")
    return Moved(
        names, move, round(float(np.abs(move).sum())), places, int((np.abs(move) >= places).sum()), (n * n - 1) / 3,
        max(n - places, 0) * (n - places + 1) / n, int(low), int(high),
    )  # fmt: skip


def _changes(frame: Frame, ledger: Ledger, printed: Printed, change: Mapping[str, float]) -> None:
    """context.mean_gain_change and context.all_gains_smaller."""
    where = from_to(frame)
    if not change:
        nothing = "the table prints no strategy's gain in both contexts"
        for id, what in (
            ("mean_gain_change", "the mean gain changes"),
            ("all_gains_smaller", "every gain becomes smaller"),
        ):
            question, whether = f"Is it so that {what} {where}?", f"Whether {what} {where}"
            untestable(frame, ledger, f"context.{id}", question, whether, "", nothing)
        return
    _mean(frame, ledger, printed, change)
    _smaller(frame, ledger, printed, change)


def _how_many(change: Mapping[str, float]) -> str:
    fewer, more = (sum(sign * value > 0 for value in change.values()) for sign in (-1, 1))
    return f"{number(fewer, 'gain')} {'becomes' if fewer == 1 else 'become'} smaller and {more} larger"


def _mean(frame: Frame, ledger: Ledger, printed: Printed, change: Mapping[str, float]) -> None:
    where, digits, fine = from_to(frame), printed.digits, printed.digits + 2
    values = np.array(list(change.values()))
    rows = [printed.strategies.index(name) for name in change]
    first, second = (plain(float(printed.gain[c, rows].mean()), fine, True) for c in (0, 1))
    mean, median = float(values.mean()), float(np.median(values))
    worst = min(change, key=lambda name: change[name])
    loss = (
        f"the largest loss is that of {worst}, {plain(change[worst], digits, True)}"
        if change[worst] < 0
        else "none loses"
    )
    families: dict[str, list[float]] = {}
    for name, value in change.items():
        families.setdefault(frame.metric.families[name], []).append(value)
    each = listed([f"{f} {plain(float(np.mean(own)), fine, True)} ({len(own)})" for f, own in families.items()], ALL)
    whose = f"The mean of the {len(values)} printed gains in {frame.metric.metric}"
    verdict = rules.effect(mean, mean, frame.settings.smallest_gain)
    moves = "rises" if mean > 0 else "falls"
    of_table(
        frame, ledger, "context.mean_gain_change", f"Does the mean gain change {where}?", verdict,
        f"{whose} {moves} by {plain(abs(mean), fine)} points {where}, from {first} to {second}."
        if verdict == "yes"
        else f"{whose} is the same {where}, {first} points.",
        mean,
        (
            f"The mean change is {plain(mean, fine, True)} points, the median {plain(median, digits + 1, True)}; "
            f"{_how_many(change)}; {loss}.",
            f"Mean change by family (strategies): {each}.",
        ),
    )  # fmt: skip


def _smaller(frame: Frame, ledger: Ledger, printed: Printed, change: Mapping[str, float]) -> None:
    where, digits, metric = from_to(frame), printed.digits, frame.metric.metric
    values = np.array(list(change.values()))
    verdict = rules.all_smaller(values, ["yes" if value >= 0 else "no" for value in values])
    kept = [
        f"that of {name} changes by {plain(value, digits, True)} points" for name, value in change.items() if value >= 0
    ]
    top = max(change, key=lambda name: change[name])
    of_table(
        frame, ledger, "context.all_gains_smaller", f"Does every gain become smaller {where}?", verdict,
        f"Every one of the {len(values)} printed gains in {metric} becomes smaller {where}; the smallest loss is that of {top}, "
        f"{plain(change[top], digits, True)} points."
        if verdict == "yes"
        else f"Not every printed gain in {metric} becomes smaller {where}: {listed(kept, ALL)}.",
        change[top], (f"Of {len(values)}, {_how_many(change)}.",),
    )  # fmt: skip


def _order(frame: Frame, ledger: Ledger, printed: Printed) -> None:
    """Kendall's tau with the baseline among the strategies, at a gain of 0, as in the printed ranks."""
    where = from_to(frame)
    gain = np.concatenate([printed.gain, np.zeros((2, 1))], axis=1)
    taus = [_tau(both) for both in (gain, printed.rank)]
    seen = [
        f"{plain(tau, 3, True)} between the printed {what}" for tau, what in zip(taus, ("gains", "ranks"), strict=True)
        if np.isfinite(tau)
    ]  # fmt: skip
    untestable(
        frame, ledger, "context.order_kept", f"Is the order of the strategies kept {where}?",
        f"Whether the order of the strategies is kept {where}", f"Kendall's tau {', '.join(seen)}" if seen else "",
        estimate=Estimate(taus[0], None, None, "Kendall tau-b") if np.isfinite(taus[0]) else None,
    )  # fmt: skip


def _tau(both: np.ndarray) -> float:
    """Kendall's tau-b of two rows over the entries both have; NaN below two."""
    both = both[:, np.isfinite(both).all(axis=0)]
    return float(contexts.kendall(both[0], both[1:])[0]) if both.shape[1] >= 2 else np.nan


def _moves(frame: Frame, ledger: Ledger, printed: Printed) -> None:
    where, metric = from_to(frame), frame.metric.metric
    question = f"Do the ranks move more than chance {where}?"
    both = [ranks_of(printed, c) for c in (0, 1)]
    there = np.isfinite(both[0]) & np.isfinite(both[1])
    whether = f"whether the ranks in {metric} move more than chance {where}"
    if there.sum() < 2:
        untestable(frame, ledger, "context.rank_moves", question, f"{whether[0].upper()}{whether[1:]}")
        return
    names = tuple(np.array([*printed.strategies, frame.metric.baseline])[there])
    found = moved(both[0][there], both[1][there], names, frame.settings.seed)
    n, top = len(names), int(np.argmax(np.abs(found.move)))
    chance = (
        f"two unrelated orders of {n} give {plain(found.footrule_expected, 1)} and {plain(found.far_expected, 1)} "
        f"(95 %: {found.far_low} to {found.far_high})"
    )
    statement = (
        f"{whether[0].upper()}{whether[1:]} is untestable: {REASON}; seen are moves of {found.footrule} places in all, "
        f"{found.far} of {n} of {found.places} places or more, the largest {found.move[top]:+g} ({names[top]}), where {chance}."
    )
    ledger.add(
        frame, "context.rank_moves", question, "untestable", statement, evidence="printed",
        estimate=Estimate(float(found.footrule), None, None, "places in all"),
        caveats=() if np.isfinite(printed.rank).any() else ("The table prints no ranks: these are the ranks of its gains.",),
    )  # fmt: skip
