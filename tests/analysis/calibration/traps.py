"""What the usual shortcuts do in the same simulated studies: plain NumPy and SciPy, nothing of the analysis."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy import stats
from tests.analysis.calibration.cases import Outcome
from tests.analysis.calibration.studies import Design, Generator, Spreads, crossed, pair, study

STUDIES = 2000


@dataclass(frozen=True)
class Trap:
    """A shortcut, the studies it is tried on, and the share of gains its 95 % interval covers in one of them."""

    shortcut: str
    studies: str
    coverage: Callable[[Generator], float]


def simulate(trap: Trap) -> Outcome:
    rng = np.random.default_rng(2024)
    values = np.array([trap.coverage(rng) for _ in range(STUDIES)])
    return Outcome(float(values.mean()), float(values.std(ddof=1) / np.sqrt(STUDIES)), STUDIES)


def covered(gain: np.ndarray, truth: np.ndarray | float, se: np.ndarray | float, dof: float) -> float:
    return float((np.abs(gain - truth) <= stats.t.isf(0.025, dof) * se).mean())


def pooled(y: np.ndarray) -> tuple[float, float]:
    """The residual variance of the two-way layout of all arms, and its degrees of freedom."""
    residual = y - y.mean(axis=0) - y.mean(axis=1, keepdims=True) + y.mean()
    dof = (y.shape[0] - 1) * (y.shape[1] - 1)
    return float((residual**2).sum() / dof), dof


def one_spread(design: Design) -> Callable[[Generator], float]:
    def coverage(rng: Generator) -> float:
        y = study(design, rng).y
        s2, dof = pooled(y)
        return covered(y[:-1].mean(axis=1) - y[-1].mean(), 0.0, np.sqrt(2 * s2 / y.shape[1]), dof)

    return coverage


def baselines_left_out(design: Design) -> Callable[[Generator], float]:
    """The change of a gain between two contexts, with the noise of the strategy alone."""

    def coverage(rng: Generator) -> float:
        one, two = (found.y for found in pair(design, rng, 0.0, 0.0))
        change = (two - two[-1]).mean(axis=1)[:-1] - (one - one[-1]).mean(axis=1)[:-1]
        (s1, dof), (s2, _) = pooled(one), pooled(two)
        return covered(change, 0.0, np.sqrt((s1 + s2) / design.blocks), 2 * dof)

    return coverage


def paired_t(y: np.ndarray) -> float:
    gain, n = y[:-1] - y[-1], y.shape[1]
    return covered(gain.mean(axis=1), 0.0, gain.std(axis=1, ddof=1) / np.sqrt(n), n - 1)


def seeds_as_blocks(design: Design) -> Callable[[Generator], float]:
    return lambda rng: paired_t(study(design, rng).y)


def crossed_as_independent(
    K: int, datasets: int, models: int, parts: tuple[float, float, float]
) -> Callable[[Generator], float]:
    return lambda rng: paired_t(crossed(rng, K, datasets, models, parts, 1.0))


def percentile_bootstrap(design: Design) -> Callable[[Generator], float]:
    def coverage(rng: Generator) -> float:
        y = study(design, rng).y
        gain = y[:-1] - y[-1]
        means = gain[:, rng.integers(0, design.blocks, (400, design.blocks))].mean(axis=2)
        low, high = np.quantile(means, [0.025, 0.975], axis=1)
        return float(((low <= 0) & (high >= 0)).mean())

    return coverage


def traps() -> Iterator[Trap]:
    for multiple in (1.5, 2.0):
        where = f"the baseline has {multiple:g} times the spread"
        yield Trap("one spread for all", where, one_spread(Design(7, 12, 1, Spreads(baseline=multiple))))
    without = "the change of a gain, without the noise of the baselines"
    yield Trap(without, "equal spreads", baselines_left_out(Design(7, 12)))
    seeds = Design(7, 6, 3, noise=0.7, interaction=0.6)
    yield Trap("seeds as blocks, for cells like these", "6 cells, 3 seeds, interactions of 0.6", seeds_as_blocks(seeds))
    parts = (0.22, 0.11, 0.67)
    where = "interactions with the data set (0.22 of the variance) and the model (0.11)"
    yield Trap("12 cells of 4 data sets x 3 models as independent", where, crossed_as_independent(7, 4, 3, parts))
    yield Trap("24 cells of 6 data sets x 4 models as independent", where, crossed_as_independent(7, 6, 4, parts))
    for n in (3, 12):
        yield Trap(f"percentile bootstrap over {n} blocks", "equal spreads", percentile_bootstrap(Design(7, n)))
