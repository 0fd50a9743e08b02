"""Simulated studies with a known truth. Nothing of the analysis is used here, so that no error of it can be shared.

Every array is float64 and in units of the spread of one run (`noise` = 1) unless a design says otherwise. The last arm is the
baseline, whose effect is 0; blocks run cell by cell, the seeds of a cell side by side.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Generator = np.random.Generator

# mean 0 and variance 1 each
SHAPES: dict[str, Callable[[Generator, tuple[int, ...]], np.ndarray]] = {
    "normal": lambda rng, size: rng.standard_normal(size),
    "exponential": lambda rng, size: rng.standard_exponential(size) - 1.0,
    "t4": lambda rng, size: rng.standard_t(4, size) / np.sqrt(2.0),
}
LEVEL = 3.0  # sd of the block effects, which every interval must be free of


@dataclass(frozen=True)
class Spreads:
    """How unequal the noise is: the sd of the logarithm of the sd of the cells and of the strategies, and the baseline's
    multiple of the usual spread."""

    shape: str = "normal"
    cells: float = 0.0
    strategies: float = 0.0
    baseline: float = 1.0

    def __str__(self) -> str:
        unequal = [name for name, sd in (("cells", self.cells), ("strategies", self.strategies)) if sd]
        spread = f"unequal {'+'.join(unequal)}" if unequal else "equal"
        return f"{self.shape}, {spread}, baseline x{self.baseline:g}"


@dataclass(frozen=True)
class Design:
    """K strategies and a baseline in `cells` cells of `seeds` runs.

    Args:
        noise: sd of a run; interaction: sd of strategy x cell, which stays when a cell is trained again.
        balanced: the interactions of every strategy average to 0 over the cells, so that its effect on these cells is the
            one it has on cells like these.
    """

    K: int
    cells: int
    seeds: int = 1
    spreads: Spreads = Spreads()
    noise: float = 1.0
    interaction: float = 0.0
    balanced: bool = False

    @property
    def blocks(self) -> int:
        return self.cells * self.seeds

    @property
    def se(self) -> float:
        """The standard error of the mean of one strategy, retrained."""
        return self.noise / float(np.sqrt(self.blocks))

    def __str__(self) -> str:
        seeds = f"x{self.seeds}" if self.seeds > 1 else ""
        return f"K={self.K} n={self.cells}{seeds} {self.spreads}"


@dataclass(frozen=True)
class Study:
    """One context: y (K+1, blocks); the true gains (K,) on these cells, and on cells like these."""

    y: np.ndarray
    here: np.ndarray
    anywhere: np.ndarray


def study(design: Design, rng: Generator, effect: np.ndarray | float = 0.0) -> Study:
    return pair(design, rng, effect, effect)[0]


def pair(design: Design, rng: Generator, first: np.ndarray | float, second: np.ndarray | float) -> tuple[Study, Study]:
    """Two contexts of independent runs; strategy x cell and the unequal spreads are common to both."""
    K, cells, seeds = design.K, design.cells, design.seeds
    arm = np.exp(rng.normal(0, design.spreads.strategies, K + 1))
    arm[K] = design.spreads.baseline
    scale = arm[:, None] * np.exp(rng.normal(0, design.spreads.cells, cells))
    fixed = design.interaction * arm[:, None] * rng.standard_normal((K + 1, cells))
    if design.balanced:
        fixed -= fixed.mean(axis=1, keepdims=True)
    both = []
    for effect in (first, second):
        gain = np.zeros(K + 1)
        gain[:K] += effect
        runs = (
            design.noise * SHAPES[design.spreads.shape](rng, (K + 1, cells * seeds)) * np.repeat(scale, seeds, axis=1)
        )
        y = gain[:, None] + rng.normal(0, LEVEL, cells * seeds) + np.repeat(fixed, seeds, axis=1) + runs
        own = gain + fixed.mean(axis=1)
        both.append(Study(y, own[:K] - own[K], gain[:K]))
    return both[0], both[1]


def crossed(
    rng: Generator, K: int, datasets: int, models: int, parts: tuple[float, float, float], baseline: float
) -> np.ndarray:
    """y (K+1, datasets x models) of equal strategies; parts: variances of strategy x data set, x model, and the rest."""
    arm = np.ones(K + 1)
    arm[K] = baseline
    by_dataset, by_model, rest = (
        np.sqrt(part) * arm[:, None, None] * rng.standard_normal((K + 1, *size))
        for part, size in zip(parts, ((datasets, 1), (1, models), (datasets, models)), strict=True)
    )
    y: np.ndarray = (by_dataset + by_model + rest).reshape(K + 1, -1) + rng.normal(0, LEVEL, datasets * models)
    return y


def without(y: np.ndarray, rng: Generator, share: float, rows: int) -> np.ndarray:
    """`y` with that share of the values of the first `rows` arms missing, at random."""
    gaps = y.copy()
    gone = rng.permutation(rows * y.shape[1])[: round(share * rows * y.shape[1])]
    gaps[np.unravel_index(gone, (rows, y.shape[1]))] = np.nan
    return gaps


def in_parts(design: Design, rng: Generator, effects: np.ndarray, shared: float) -> np.ndarray:
    """y (parts, K+1, blocks) of domains or classes, effects (parts, K); `shared`: the part of the variance that all parts of a
    run have in common."""
    common = study(design, rng).y
    own = np.stack([study(design, rng, effect).y for effect in effects])
    y: np.ndarray = np.sqrt(shared) * common + np.sqrt(1 - shared) * own
    y[:, : design.K] += (1 - np.sqrt(1 - shared)) * effects[:, :, None]  # the effects whole, not scaled with the noise
    return y
