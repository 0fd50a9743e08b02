"""The simulated studies behind every property, in full and in the smaller version of `make test`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
from tests.analysis.calibration.measures import (
    Answer,
    BothPopulations,
    Collapsed,
    Crossing,
    MissingCells,
    OneContext,
    Parts,
    Power,
    Ranking,
    Shares,
    TwoContexts,
)
from tests.analysis.calibration.properties import PROPERTIES
from tests.analysis.calibration.studies import Design, Generator, Spreads

SIZES = [(K, n) for K in (4, 7, 26) for n in (3, 6, 12, 24)]
EQUAL = Spreads()
ERRORS = 2.5  # Monte-Carlo standard errors by which a bound is widened


@dataclass(frozen=True)
class Case:
    """One kind of study.

    Args:
        measure: what is simulated and measured in one study.
        shows: name in the measure's answer -> the properties it is a case of.
        studies: how many in full; quick: how many in `make test`, 0 for none.
    """

    name: str
    measure: Callable[[Generator, int], Answer]
    shows: Mapping[str, tuple[str, ...]]
    studies: int
    quick: int = 0


@dataclass(frozen=True)
class Outcome:
    """The mean over studies, its Monte-Carlo standard error (at least what one study more or less would change), and how many
    studies had the number."""

    value: float
    error: float
    studies: int

    def within(self, name: str) -> bool:
        """Whether the bounds of the property hold, widened by 2.5 standard errors; 'none' means none."""
        bounds = PROPERTIES[name]
        slack = ERRORS * self.error if bounds.low < bounds.high else 0.0
        return bounds.low - slack <= self.value <= bounds.high + slack


def simulate(case: Case, studies: int) -> dict[str, Outcome]:
    """Property -> outcome; the studies of a case are the same in every run, and the first of many are those of few."""
    answers = [case.measure(np.random.default_rng([crc32(case.name.encode()), at]), at) for at in range(studies)]
    found = {}
    for key, properties in case.shows.items():
        values = np.array([answer[key] for answer in answers if key in answer])
        error = max(float(values.std(ddof=1)) / np.sqrt(values.size), 1 / values.size)
        outcome = Outcome(float(values.mean()), error, values.size)
        found.update(dict.fromkeys(properties, outcome))
    return found


SPREADS = (
    EQUAL,
    Spreads(cells=0.5),
    Spreads(baseline=2.0),
    Spreads(strategies=0.3, baseline=1.5),
    Spreads(cells=0.5, strategies=0.3, baseline=2.0),
    Spreads("t4", 0.5, 0.3),
    Spreads("exponential"),
    Spreads("t4", baseline=1.5),
    Spreads("exponential", 0.5, 0.3, 2.0),
)


def _one_context() -> Iterator[Case]:
    quick = {(4, 12): EQUAL, (7, 12): SPREADS[4], (7, 6): SPREADS[6]}
    for K, n in SIZES:
        for spread in SPREADS[::2] if K == 26 else SPREADS:  # the draws of many strategies take longest
            kind = "equal" if spread == EQUAL else "normal" if spread.shape == "normal" else "skewed"
            shows = {
                "coverage": (f"coverage.{kind}",),
                "nothing helps": ("claims.nothing", *(["claims.equal"] if kind == "equal" and n >= 12 else [])),
                "half help": ("claims.half",),
                "all help, nothing does": ("all_help.nothing",),
                "all help, all but one do": ("all_help.most",),
                **({"mean": ("mean",)} if spread.shape == "normal" else {}),
            }
            number = 300 if kind != "equal" else 1000 if K < 26 else 600
            design = Design(K, n, 1, spread)
            yield Case(f"gains {design}", OneContext(design), shows, number, 200 if quick.get((K, n)) == spread else 0)


def _few_strategies() -> Iterator[Case]:
    """One and two strategies are a paired t; one cell with seeds is the everyday study of one machine."""
    for K, cells, seeds, quick in ((1, 1, 5, 150), (2, 1, 3, 150), (2, 6, 1, 0), (6, 1, 3, 100)):
        for baseline in (1.0, 2.0):
            design = Design(K, cells, seeds, Spreads(baseline=baseline))
            shows = {"coverage": ("coverage.normal",), "nothing helps": ("claims.nothing",), "mean": ("mean",)}
            shows |= {"half help": ("claims.half",), "all help, all but one do": ("all_help.most",)} if K > 1 else {}
            yield Case(f"gains {design}", OneContext(design), shows, 1000, quick if baseline == 2 else 0)


def _populations() -> Iterator[Case]:
    shows = {"these": ("coverage.seeds",), "like these": ("coverage.seeds_like",)}
    for K, n in SIZES:
        for spread in (EQUAL, Spreads(baseline=1.5), Spreads(strategies=0.3, baseline=2.0), Spreads(cells=0.5)):
            design = Design(K, n, 3, spread, noise=0.7, interaction=0.6)
            quick = 100 if (K, n) == (7, 6) and spread.baseline == 1.5 else 0
            yield Case(f"populations {design}", BothPopulations(design), shows, 600, quick)


def _missing() -> Iterator[Case]:
    for K, n in SIZES:
        if n == 3:
            continue  # a tenth of three cells is none
        for share in (0.10, 0.25):
            for baseline, too in ((1.0, False), (2.0, False), (1.0, True)):
                design = Design(K, n, 1, Spreads(baseline=baseline))
                whose = "strategies and baseline" if too else "strategies"
                name = f"missing {design}, {share:.0%} of {whose}"
                quick = 100 if (K, n, share, baseline) == (7, 12, 0.25, 2.0) else 0
                yield Case(name, MissingCells(design, share, too), {"coverage": ("coverage.missing",)}, 600, quick)


def _crossings() -> Iterator[Case]:
    shows = {"coverage": ("coverage.crossed",), "omnibus": ("omnibus.crossed",)}
    for K in (4, 7, 26):
        for datasets, models in ((3, 2), (3, 3), (4, 3), (6, 4)):
            for parts in ((0.0, 0.0, 1.0), (0.11, 0.05, 0.84), (0.22, 0.11, 0.67)):
                for baseline in (1.0, 2.0):
                    variances = ", ".join(f"{part:g}" for part in parts)
                    name = f"crossing K={K} {datasets}x{models} ({variances}), baseline x{baseline:g}"
                    quick = 120 if (K, datasets, parts[0], baseline) == (7, 4, 0.22, 1.0) else 0
                    measure = Crossing(K, datasets, models, parts, baseline)
                    yield Case(name, measure, shows, 600, quick)


def _rankings() -> Iterator[Case]:
    for K, n in SIZES:
        for spread in (EQUAL, Spreads(cells=0.5, strategies=0.3), Spreads("exponential")):
            for groups in (1, 3):
                design = Design(K, n, 1, spread)
                key = "ranks.equal" if groups == 1 else "ranks.groups"
                quick = 250 if (K, n) == (7, 6) and spread == EQUAL else 0
                name = f"ranks {design}, {'all equal' if groups == 1 else 'three groups'}"
                yield Case(name, Ranking(design, groups), {"held": (key,)}, 400 if K < 26 else 300, quick)


def _contexts() -> Iterator[Case]:
    designs = [Design(K, n, 1, spread, interaction=0.6, balanced=True) for K, n, spread in (
        (4, 6, EQUAL), (4, 12, Spreads(strategies=0.3, baseline=1.5)), (7, 3, EQUAL), (7, 6, Spreads("exponential")),
        (7, 12, EQUAL), (7, 24, Spreads(cells=0.5, strategies=0.3)),
        (26, 6, EQUAL), (26, 12, Spreads(cells=0.5, strategies=0.3, baseline=2.0)), (26, 24, EQUAL),
    )]  # fmt: skip
    designs += [Design(K, n, 3, spread, 0.7, 0.6, True) for K, n, spread in (
        (4, 3, EQUAL), (7, 1, EQUAL), (7, 4, Spreads(strategies=0.3, baseline=1.5)), (26, 4, EQUAL),
    )]  # fmt: skip
    kinds = [("equal", 0.0), ("equal", 2.0), *((kind, 4.0) for kind in ("equal", "x0.3", "x0.1", "x0", "none before"))]
    for design in designs:
        change = "change.D" if design.seeds == 1 else "change.added"
        quick = 150 if (design.K, design.cells) in ((7, 12), (7, 4)) else 0
        for kind, size in kinds:
            if design.K == 26 and size == 2.0:
                continue
            shows = {"change": (change,), "moved": ("moves",), "reversed": ("moves.reversed",)}
            shows |= {"interaction": ("interaction",), "outside the band": ("moves.band",)} if kind == "equal" else {}
            yield _between(design, kind, size, shows, quick if (kind, size) in (("equal", 0.0), ("x0.1", 4.0)) else 0)
        yield _between(design, "bent", 4.0, {"moved": ("moves.bent",)}, quick)
        yield _between(design, "bent, of one size", 4.0, {"moved": ("moves.bent_more",)}, quick)
    many, uneven = Design(26, 12), Spreads(strategies=0.3, baseline=2.0)
    for design in (many, Design(26, 12, 1, uneven), Design(26, 4, 3, EQUAL, 0.7, 0.6, True)):
        yield _between(design, "unrelated", 2.0, {"moved": ("moves.power",)}, 12 if design == many else 0)


def _between(design: Design, kind: str, size: float, shows: Mapping[str, tuple[str, ...]], quick: int = 0) -> Case:
    effects = f"{kind}, effects {size:g} SE" if size else "no effects"
    return Case(f"contexts {design}, {effects}", TwoContexts(design, kind, size), shows, 300, quick)


def _power() -> Iterator[Case]:
    for K in (4, 7, 26):
        for n, seeds in ((3, 1), (6, 1), (12, 1), (24, 1), (6, 3)):
            for data in (False,) if K == 26 and n in (6, 24) else (False, True):
                spreads = Spreads(baseline=2.0 if data else 1.0)
                design = Design(K, n, seeds, spreads)
                name = f"power {design}, {'by the data' if data else 'by the plan'}"
                quick = 80 if (K, seeds, data) == (4, 1, False) and n <= 6 else 0
                key = "power.three" if n == 3 else "power"
                yield Case(name, Power(design, data), {"shown": (key,)}, 600 if K < 26 else 300, quick)


def _collapsed() -> Iterator[Case]:
    shows = {"claim": ("collapsed.claim",), "others": ("collapsed.others",)}
    for K, n in SIZES:
        for baseline in (False, True):
            design = Design(K, n)
            name = f"collapsed {design}, a run of {'the baseline' if baseline else 'a strategy'}"
            quick = 40 if (K, n) == (7, 6) else 0
            yield Case(name, Collapsed(design, baseline), shows, 300, quick)


def _parts() -> Iterator[Case]:
    shows = {"false share": ("false_discoveries",)}
    for K, n, seeds, number, kind, shared in (
        (7, 12, 1, 7, "domain", 0.5), (7, 6, 1, 19, "class", 0.3), (26, 12, 1, 7, "domain", 0.5), (4, 1, 3, 19, "class", 0.0),
        (7, 12, 1, 7, "domain", 0.0), (26, 6, 1, 19, "class", 0.5),
    ):  # fmt: skip
        for spread in (EQUAL, Spreads(strategies=0.3, baseline=2.0)):
            design = Design(K, n, seeds, spread)
            name = f"parts {design}, {number} {'domains' if kind == 'domain' else 'classes'}, {shared:g} shared"
            quick = 20 if (K, kind) == (7, "domain") and shared and spread == EQUAL else 0
            yield Case(name, Parts(design, number, kind, shared), shows, 300, quick)


def _shares() -> Iterator[Case]:
    uneven, skewed = Spreads(strategies=0.3, baseline=1.5), Spreads("t4", 0.5, 0.3)
    for K in (1, 2, 4, 7, 26):
        for cells in (1, 3, 6, 12):
            for spread in (EQUAL, uneven, skewed) if K in (2, 7) else (EQUAL,):
                design = Design(K + 2, cells, 3, spread, 0.7, 0.6, True)
                quick = {(1, 3): 250, (2, 1): 250, (4, 1): 150, (7, 6): 100}.get((K, cells), 0) * (spread == EQUAL)
                name = f"shares {_without_controls(design)}, oracle 10 SE above the placebo"
                yield Case(name, Shares(design, 10.0), {"covered": ("shares",)}, 800 if K < 26 else 400, quick)
    for K, cells, missing in ((4, 6, 0.1), (7, 12, 0.1), (7, 6, 0.05), (26, 12, 0.1)):
        design = Design(K + 2, cells)
        name = f"shares {_without_controls(design)}, oracle 10 SE above the placebo, {missing:.0%} missing"
        yield Case(name, Shares(design, 10.0, missing), {"covered": ("shares",)}, 800 if K < 26 else 400)
    for K in (2, 7):
        for cells in (1, 6):
            design = Design(K + 2, cells, 3, EQUAL, 0.7, 0.6, True)
            name = f"shares {_without_controls(design)}, oracle 2 SE above the placebo"
            quick = 250 if (K, cells) == (2, 6) else 0
            yield Case(name, Shares(design, 2.0), {"covered": ("shares.weak",)}, 2000, quick)


def _without_controls(design: Design) -> str:
    """The design by the number of its strategies alone."""
    return str(replace(design, K=design.K - 2))


CASES: tuple[Case, ...] = tuple(
    case
    for kind in (
        _one_context, _few_strategies, _populations, _missing, _crossings, _rankings, _contexts, _power, _collapsed, _parts,
        _shares,
    )
    for case in kind()
)  # fmt: skip
