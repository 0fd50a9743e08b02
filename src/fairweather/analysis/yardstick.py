"""The yardstick: each gain as a share of what perfect images give, on the scale placebo 0 to oracle 1.

The numerator is strategy - placebo, the denominator oracle - placebo; they share the placebo, and both are differences
within the same blocks. The interval is Fieller's (E. C. Fieller 1954, "Some problems in interval estimation", Journal of
the Royal Statistical Society B 16, 175-185): all theta whose contrast strategy - theta oracle - (1 - theta) placebo is not
told from 0. Its variance and degrees of freedom are those of the spread table, as for any difference of arms. At theta = 0
the contrast is the gain over the placebo; as theta grows without bound it is the denominator, so that the interval is
finite if and only if the denominator is told from 0 at the same level.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fairweather.analysis import power, rules
from fairweather.analysis.distributions import t_isf
from fairweather.analysis.finding import Estimate, Test
from fairweather.analysis.frame import Frame, Ledger, at, coverage_caveats, group_caveats, over, plain, points
from fairweather.analysis.gains import Gains, gains, gains_among
from fairweather.analysis.spread import Layout, Spread, Untestable, arrange, like_these, select, these
from fairweather.analysis.table import Scores
from fairweather.analysis.within import ORACLE, PLACEBO, wide_caveat

_SCALE = f"on the scale from {PLACEBO} 0 to {ORACLE} 1"
_UNIT = f"share of {ORACLE} over {PLACEBO}"
_ABOVE_ONE = (
    f"A share above 1 is possible: {ORACLE} is the reference of perfect fidelity, not a bound on what images give."
)
_ONE_IS_LOWER = f"Here {ORACLE} lies below {PLACEBO}: the larger the share, the larger the loss."

_GRID = np.linspace(-np.pi / 2, np.pi / 2, 721)
_BRACKET = np.linspace(0.0, 1.0, 65)
_ROUNDS = 9  # each leaves a 64th: from a quarter of a degree to what rounding leaves


@dataclass(frozen=True)
class Yardstick:
    """The scale of one context, on the blocks that placebo and oracle share.

    Args:
        layout, spread: of these blocks; wide: for data sets and models like these.
        runs: of the baseline; shared: how many of them are matched by both controls.
        oracle, like: the denominator, oracle over placebo, uncorrected: for these, and for others like these.
    """

    context: str
    layout: Layout
    spread: Spread
    wide: Spread | None
    runs: int
    shared: int
    oracle: Gains
    like: Gains | None

    @property
    def shown(self) -> bool:
        """Whether the interval of the denominator excludes 0: else there is no scale."""
        return bool(self.oracle.low[0] > 0 or self.oracle.high[0] < 0)


@dataclass(frozen=True)
class Share:
    """A gain over the placebo as a share of the oracle's, with its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{plain(self.value)} [{plain(self.low)}, {plain(self.high)}]"


def yardstick(scores: Scores, context: str) -> Yardstick | Untestable:
    """Lay out the blocks that oracle and placebo share, and estimate the denominator."""
    if PLACEBO not in scores.controls:
        noise = (
            ", and placebo_noise cannot be, for its images are changed" if "placebo_noise" in scores.controls else ""
        )
        return Untestable(f"there is no {PLACEBO} to be the zero of the scale{noise}")
    y = scores.of(context).copy()
    base = np.isfinite(y[len(scores.strategies)])
    both = np.isfinite(y[[scores.arms.index(name) for name in (PLACEBO, ORACLE)]]).all(axis=0)
    if not (base & both).any():
        return Untestable(f"no run of {scores.baseline} is matched by one of {ORACLE} and one of {PLACEBO}")
    y[:, ~both] = np.nan
    layout = arrange(y, scores.arms, len(scores.strategies), scores.blocks)
    if isinstance(layout, Untestable):
        return layout
    if not {PLACEBO, ORACLE} <= set(layout.arms):
        return Untestable(f"{ORACLE} and {PLACEBO} have too few runs in common")
    spread, wide = these(layout), like_these(layout)
    oracle = gains_among(spread, (ORACLE,), PLACEBO, 1)
    like = gains_among(wide, (ORACLE,), PLACEBO, 1) if wide is not None else None
    return Yardstick(context, layout, spread, wide, int(base.sum()), int((base & both).sum()), oracle, like)


def share(spread: Spread, name: str, zero: str = PLACEBO, one: str = ORACLE) -> Share | None:
    """(name - zero)/(one - zero) with Fieller's 95 % interval; None where one - zero is not told from 0 at that level, for
    then the theta that are not rejected are no finite interval.

    The degrees of freedom depend on theta (Welch's, of the contrast), so the limits are searched for rather than solved
    for, over the angle whose tangent is theta. Were the kept theta in several pieces, the interval would span them all.
    """
    table = select(spread, (name, zero, one), 1)
    numerator, denominator = float(table.mean[0] - table.mean[1]), float(table.mean[2] - table.mean[1])

    def rejected(angle: np.ndarray) -> np.ndarray:
        c, s = np.cos(angle), np.sin(angle)
        variance, nu = table.contrast(np.stack([c, s - c, -s], axis=-1))
        found: np.ndarray = (c * numerator - s * denominator) ** 2 > t_isf(rules.ALPHA / 2, nu) ** 2 * variance
        return found

    if not rejected(_GRID[-1:])[0]:
        return None
    value = numerator / denominator
    angles = np.sort(np.append(_GRID, np.arctan(value)))
    kept = ~rejected(angles) | (angles == np.arctan(value))  # where the contrast is 0, but for rounding
    first, last = np.flatnonzero(kept)[[0, -1]]
    low, high = (_edge(rejected, angles[a], angles[b]) for a, b in ((first - 1, first), (last + 1, last)))
    return Share(value, min(low, value), max(high, value))


def _edge(rejected: Callable[[np.ndarray], np.ndarray], outside: float, inside: float) -> float:
    """The tangent of the angle between a rejected and a kept one at which one goes over into the other."""
    for _ in range(_ROUNDS):
        between = outside + (inside - outside) * _BRACKET
        out = rejected(between[1:-1])
        first = 1 + int(np.append(out, False).argmin())
        outside, inside = between[first - 1], between[first]
    return float(np.tan(inside))


def yardstick_findings(frame: Frame, ledger: Ledger, context: str) -> None:
    """yardstick.<context> where there is an oracle; where it is yes, yardstick.<context>.<strategy> too."""
    if ORACLE not in frame.metric.controls:
        return
    metric, where = frame.metric.metric, at(frame, context)
    id, question = f"yardstick.{context}", f"Does {ORACLE} move {metric} from {PLACEBO} {where}?"
    found = yardstick(frame.metric, context)
    if isinstance(found, Untestable):
        statement = f"Whether {ORACLE} moves {metric} from {PLACEBO} {where} is untestable: {found.reason}."
        ledger.add(frame, id, question, "untestable", statement, evidence="yardstick")
        return
    _denominator(frame, ledger, found, id, question)
    if found.shown:
        _shares(frame, ledger, found)


def _denominator(frame: Frame, ledger: Ledger, found: Yardstick, id: str, question: str) -> None:
    g, delta, metric = found.oracle, frame.settings.smallest_gain, frame.metric.metric
    value, low, high = float(g.gain[0]), float(g.low[0]), float(g.high[0])
    verdict = rules.effect(low, high, delta)
    caveats: tuple[str, ...] = ()
    if found.like is not None:
        wide = float(found.like.low[0]), float(found.like.high[0])
        caveats = wide_caveat(verdict, rules.effect(*wide, delta), *wide)
    numbers, where = points(value, low, high), f"{at(frame, found.context)}, {over(found.layout)}"
    smallest = power.smallest_single(found.spread, ORACLE, PLACEBO)
    nothing = "no gain is shown on a scale between the two"
    ledger.add(
        frame, id, question, verdict,
        {
            "yes": f"{ORACLE}, which renders the same scenes in the target domain, moves {metric} by {numbers} from {PLACEBO} "
                   f"{where}, so gains are also shown {_SCALE}.",
            "no": f"{ORACLE} moves {metric} by less than {plain(delta)} points from {PLACEBO} {where}: {numbers}; {nothing}.",
        }.get(verdict, f"Whether {ORACLE} moves {metric} from {PLACEBO} {where} cannot be told: {numbers}; this design could "
                       f"have shown {plain(smallest, 1)} points, and {nothing}."),
        found.layout, evidence="yardstick", estimate=Estimate(value, low, high),
        test=Test("t, own variances", g.statistic(0), float(g.p[0])), caveats=(*caveats, *_common(frame, found)),
        about=(ORACLE,),
    )  # fmt: skip
    ends = (1.0, None, None) if found.shown else (None, None, None)
    _row(ledger, found, ORACLE, g, 0, ends, None, verdict, None)


def _shares(frame: Frame, ledger: Ledger, found: Yardstick) -> None:
    layout, context, metric = found.layout, found.context, frame.metric.metric
    names, D = layout.arms[: layout.K], float(found.oracle.gain[0])
    give = "give" if D > 0 else "cost"
    what, where = f"what perfect images {give} in {metric}", f"{at(frame, context)}, {over(layout)}"
    for name in layout.left_out:
        ledger.add(
            frame, f"yardstick.{context}.{name}", _asked(name, what, frame, context), "untestable",
            f"Whether {name} realises part of {what} {at(frame, context)} is untestable: it has fewer than half of the runs, or "
            "a single one.", evidence="yardstick",
        )  # fmt: skip
    if not names:
        return
    key = f"yardstick.{context}"
    g = gains(found.spread, names, PLACEBO, frame.settings.seed, key)
    like = gains(found.wide, names, PLACEBO, frame.settings.seed, f"{key}:like") if found.wide is not None else None
    smallest = power.smallest_gain(found.spread, g.c, PLACEBO) / abs(D)
    for k, name in enumerate(names):
        own = share(found.spread, name)
        assert own is not None  # the denominator is told from 0
        wide = share(found.wide, name) if found.wide is not None else None
        verdict = rules.share(own.value, g.p_adjusted[k])
        caveats: tuple[str, ...] = ()
        if like is not None and wide is not None:
            caveats = wide_caveat(verdict, rules.share(wide.value, like.p_adjusted[k]), wide.low, wide.high)
        elif like is not None and verdict in ("yes", "no"):
            caveats = (f"Not shown for other data sets and models, where {ORACLE} is not told from {PLACEBO}.",)
        alone = own.low > 0 or own.high < 0
        multiple = f" once all {len(names)} comparisons are allowed for" if alone else ""
        ledger.add(
            frame, f"{key}.{name}", _asked(name, what, frame, context), verdict,
            {
                "yes": f"{name} realises {own} of {what} {where}, {_SCALE}.",
                "no": f"{name} leads away from {what} {where}: its share is {own} {_SCALE}.",
            }.get(verdict, f"Whether {name} realises part of {what} {where} cannot be told{multiple}: its share is {own} "
                           f"{_SCALE}; this design could have shown a share of {plain(smallest)}."),
            layout, evidence="yardstick", estimate=Estimate(own.value, own.low, own.high, _UNIT),
            test=Test(f"t of the paired difference from {PLACEBO}, max-T adjusted", g.statistic(k), g.p[k], g.p_adjusted[k]),
            caveats=(
                *caveats, *((_ONE_IS_LOWER,) if D < 0 else ()), *((_ABOVE_ONE,) if own.value > 1 else ()),
                *_common(frame, found),
            ),
            about=(name, ORACLE),
        )  # fmt: skip
        _row(ledger, found, name, g, k, (own.value, own.low, own.high), g.p_adjusted[k], verdict, wide)


def _asked(name: str, what: str, frame: Frame, context: str) -> str:
    return f"Does {name} realise part of {what} {at(frame, context)}?"


def _common(frame: Frame, found: Yardstick) -> tuple[str, ...]:
    """What limits every finding of the scale."""
    part = (
        f"Only the {found.shared} of {found.runs} runs of the baseline that {ORACLE} and {PLACEBO} match are compared."
    )
    lacking = (part,) if found.shared < found.runs else ()
    return (*lacking, *coverage_caveats(found.layout), *group_caveats(frame))


def _row(
    ledger: Ledger, found: Yardstick, name: str, g: Gains, k: int, ends: tuple[float | None, float | None, float | None],
    p_adjusted: float | None, verdict: str, wide: Share | None,
) -> None:  # fmt: skip
    """A row of tables/yardstick.csv: `gain` is that over the placebo."""
    rows = [found.layout.arms.index(arm) for arm in (name, PLACEBO)]
    ledger.rows["yardstick"].append({
        "context": found.context, "strategy": name, "control": name == ORACLE, "share": ends[0], "low": ends[1], "high": ends[2],
        "gain": g.gain[k], "gain_low": g.low[k], "gain_high": g.high[k], "se": g.se[k], "dof": g.dof[k], "p": g.p[k],
        "p_adjusted": p_adjusted, "verdict": verdict, "n_blocks": int(np.isfinite(found.layout.y[rows]).all(axis=0).sum()),
        "low_like": wide.low if wide else None, "high_like": wide.high if wide else None,
    })  # fmt: skip
