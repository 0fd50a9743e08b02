"""Asked of everything, the short way gives the verdicts of the findings themselves."""

from dataclasses import replace

import numpy as np
import pytest

from fairweather.analysis.answers import Answers, answers
from fairweather.analysis.frame import Frame, Ledger, Settings
from fairweather.analysis.spread import Untestable
from fairweather.analysis.table import Block, Scores
from fairweather.analysis.within import Part, metric_findings


def frame_of(y: np.ndarray, blocks: tuple[Block, ...], delta: float = 0.3) -> Frame:
    """Values float64 (K + 1, blocks) of K strategies, every third of family std, and the baseline."""
    K = len(y) - 1
    names = tuple(f"{'std' if k % 3 == 0 else 'gen'}_{k}" for k in range(K))
    families = {name: name[:3] for name in names}
    scores = Scores("m", ("all",), names, "baseline", (), families, blocks, ("",), y[None, None])
    empty, nothing = replace(scores, variants=(), y=scores.y[:0]), replace(scores, y=scores.y * np.nan)
    settings = Settings("baseline", ("all",), "m", delta, "", None)
    return Frame(settings, scores, empty, empty, nothing, nothing, frozenset(), {}, None)


def blocks_of(cells: int, seeds: int) -> tuple[Block, ...]:
    return tuple(Block(f"d{c % 2}", f"m{c // 2}", s) for c in range(cells) for s in range(seeds))


CASES = [
    # K, cells, seeds, step between strategies, delta, share missing
    (8, 8, 1, 0.0, 0.3, 0.0),
    (8, 8, 1, 0.5, 0.3, 0.0),
    (8, 6, 3, 0.15, 0.3, 0.0),
    (8, 8, 2, -0.4, 0.3, 0.0),
    (8, 8, 3, 0.02, 3.0, 0.0),  # all within delta
    (6, 8, 1, 0.3, 0.3, 0.12),  # least squares
    (2, 6, 2, 0.8, 0.3, 0.0),
    (1, 6, 2, 0.8, 0.3, 0.0),
    (3, 1, 4, 0.6, 0.3, 0.0),
]


@pytest.mark.parametrize(("K", "cells", "seeds", "step", "delta", "missing"), CASES)
@pytest.mark.parametrize("draw", range(4))
def test_the_verdicts_are_those_of_the_findings(
    K: int, cells: int, seeds: int, step: float, delta: float, missing: float, draw: int
) -> None:
    rng = np.random.default_rng([K, cells, seeds, draw])
    blocks = blocks_of(cells, seeds)
    y = rng.normal(0, 0.4, (K + 1, len(blocks))) + rng.normal(0, 3, len(blocks))
    y[:K] += step * np.arange(1, K + 1)[:, None]
    if missing:
        y[:K][rng.random((K, len(blocks))) < missing] = np.nan
    frame, ledger = frame_of(y, blocks, delta), Ledger()
    found = metric_findings(frame, ledger, "all")
    assert isinstance(found, Part)
    known = {f.id: f for f in ledger.findings}
    leader = found.gains.names[int(np.argmax(found.gains.gain))]
    again = answers(frame, "all", y, blocks, leader, tuple(known))
    assert isinstance(again, Answers)
    for id, finding in known.items():
        assert again.verdict.get(id, "untestable") == finding.verdict, id
        if finding.estimate is not None:
            assert again.value[id] == pytest.approx(finding.estimate.value), id
        if id in again.p and np.isfinite(again.p[id]) and finding.test is not None:
            p = finding.test.p_adjusted if finding.test.p_adjusted is not None else finding.test.p
            assert p is not None and again.p[id] >= p - 0.01, id  # Bonferroni's where that already decides
    assert (again.leader, again.leader_gain) == (leader, pytest.approx(found.gains.gain.max()))
    assert again.separated == int((found.gains.p_adjusted <= 0.05).sum())


def test_too_little_is_untestable() -> None:
    y = np.array([[1.0, np.nan], [np.nan, np.nan], [0.0, 0.5]])
    blocks = blocks_of(2, 1)
    assert isinstance(answers(frame_of(y, blocks), "all", y[:, :1], blocks[:1], "gen_1", ()), Untestable)
    none = np.array([[np.nan, np.nan], [np.nan, np.nan], [0.0, 0.5]])
    gone = answers(frame_of(none, blocks), "all", none, blocks, "gen_1", ())
    assert isinstance(gone, Untestable) and "no strategy" in gone.reason


def test_the_value_behind_best_is_that_of_the_strategy_that_led() -> None:
    rng = np.random.default_rng(5)
    blocks = blocks_of(6, 2)
    y = rng.normal(0, 0.1, (5, 12)) + np.array([3.0, 2.0, 1.0, 0.5, 0.0])[:, None]
    again = answers(frame_of(y, blocks), "all", y, blocks, "gen_1", ())
    assert isinstance(again, Answers) and again.leader == "std_0"
    assert again.value["best.all"] == pytest.approx(2.0, abs=0.1)
