"""Strategies whose values are identical where chance would not make them so."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import bdtrc

from fairweather.audit.check import Check
from fairweather.audit.tables.rows import BLOCK, Rows, many, said

CODE = "table.identical_values"
PLACE = (*BLOCK, "domain", "class")
CHANCE, SAFETY, FEWEST = 1e-3, 3.0, 2
ONE_VALUE, LEAST = 0.2, 0.05  # points: the spread assumed where all values are one; the least assumed
FINEST = 9  # decimals: as many as count for a value that was not printed


@dataclass(frozen=True)
class Equal:
    """Rows in order of place, value and strategy, in runs of equal values of one place.

    Args:
        rows: int64 (n,) the rows; run: int64 (n,) the run of each; strategy: int64 (n,).
    """

    rows: np.ndarray
    run: np.ndarray
    strategy: np.ndarray

    def pairs(self, strategies: int) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """(code of the pair of strategies, row of the one, row of the other) of all equal pairs, distance by distance.

        Made anew each time: all of them at once could be many times the rows.
        """
        longest = int(np.bincount(self.run).max()) if len(self.run) else 0
        for step in range(1, longest):
            at = np.flatnonzero(self.run[step:] == self.run[:-step])
            yield self.strategy[at] * strategies + self.strategy[at + step], self.rows[at], self.rows[at + step]


def check_copies(rows: Rows) -> Check:
    """table.identical_values: two strategies that agree to all printed digits more often than chance allows. Warning, kept.

    A pair of strategies shares the (context, data set, model, seed, domain, class) both have a value for. Two values of
    spread sd agree to a step of 10^-digits with chance p = step/(2 sqrt(pi) sd), sd that of the distinct values there (0.2
    points where there is one, at least 0.05). A pair is named if its k >= 2 agreements of n have a binomial chance, at three
    times the mean of p, below 0.001 over the number of pairs: all of three shared values with four digits, never two with
    one. Values of exactly 0 and 100 count on neither side: they are what absent and trivial classes have. One row of evidence
    for each pair and (context, data set, model, seed).
    """
    rows = rows.keep((rows.value != 0) & (rows.value != 100))
    strategies = len(rows.names["strategy"])
    place = rows.group(PLACE)
    order = np.lexsort((rows.codes["strategy"], rows.value, place.of))
    value, where = rows.value[order], place.of[order]
    new = np.concatenate([[True], (value[1:] != value[:-1]) | (where[1:] != where[:-1])])[: len(order)]
    equal = Equal(order, np.cumsum(new) - 1, rows.codes["strategy"][order])
    chance = np.minimum(
        1.0, _step(rows)[place.first] / (2 * np.sqrt(np.pi) * _spread(value[new], where[new], place.size))
    )
    found, k = _counted(code for code, _, _ in equal.pairs(strategies))
    named = found[_beyond(rows, found, k, chance[place.of])]
    if not named.size:
        total, compared = int(k.sum()), strategies * (strategies - 1) // 2
        single = (
            f"; {many(total, 'value coincides', 'values coincide')} between two strategies, as chance has it"
            if total
            else ""
        )
        statement = f"In {many(compared, 'pair')} of strategies no values are identical beyond chance{single}."
        return Check(CODE, "warning", True, statement)
    return _failed(rows, equal, named, dict(zip(found.tolist(), k.tolist(), strict=True)))


def _beyond(rows: Rows, found: np.ndarray, k: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """bool: which pairs agree in k places beyond chance, by a bound on the places they share and on their chance."""
    strategies = len(rows.names["strategy"])
    n = np.bincount(rows.codes["strategy"], minlength=strategies)
    expected = np.bincount(rows.codes["strategy"], chance, strategies)
    one, other = found // strategies, found % strategies
    places = np.minimum(n[one], n[other])
    p = np.minimum(1.0, SAFETY * np.minimum(expected[one], expected[other]) / np.maximum(places, 1))
    tail = bdtrc(np.minimum(k, places) - 1.0, places.astype(np.int64), p)
    mask: np.ndarray = (k >= FEWEST) & (tail * max(strategies * (strategies - 1) // 2, 1) < CHANCE)
    return mask


def _failed(rows: Rows, equal: Equal, named: np.ndarray, k: dict[int, int]) -> Check:
    strategies = len(rows.names["strategy"])
    block = rows.group(BLOCK)
    parts = [
        (code[kept], one[kept], other[kept])
        for code, one, other in equal.pairs(strategies)
        for kept in [np.isin(code, named)]
    ]
    code, one, other = (np.concatenate(column) for column in zip(*parts, strict=True))
    cell = code * block.size + block.of[one]
    order = np.lexsort((one, cell))
    _, first, count = np.unique(cell[order], return_index=True, return_counts=True)
    order = order[first]
    shown, beside = one[order], other[order]
    have = rows.codes["strategy"] * block.size + block.of
    cells, sizes = np.unique(have, return_counts=True)
    own = [sizes[np.searchsorted(cells, rows.codes["strategy"][r] * block.size + block.of[r])] for r in (shown, beside)]
    lines = [row["line"] for row in rows.evidence(beside)]
    same = [rows.name("strategy", int(row)) for row in beside]
    evidence = rows.evidence(shown, identical_to=same, other_line=lines, identical=count, of=np.minimum(*own))
    most = int(max(named.tolist(), key=lambda pair: k[pair]))
    involved = len(np.unique(np.concatenate([named // strategies, named % strategies])))
    a, b = (said(rows.names["strategy"][at]) for at in divmod(most, strategies))
    statement = (
        f"Identical to all printed digits beyond chance are the values of {many(len(named), 'pair')} of strategies,"
        f" {involved} of {strategies} strategies in all; {a} and {b} agree in {many(k[most], 'value')}."
    )
    return Check(CODE, "warning", False, statement, evidence)


def _counted(codes: Iterable[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The distinct codes of several arrays and how often each is met."""
    parts = [np.unique(part, return_counts=True) for part in codes]
    if not parts:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    found, back = np.unique(np.concatenate([part[0] for part in parts]), return_inverse=True)
    total = np.bincount(back, np.concatenate([part[1] for part in parts]), len(found))
    return found, total.astype(np.int64)


def _spread(value: np.ndarray, of: np.ndarray, size: int) -> np.ndarray:
    """float64 (size,): the standard deviation of the distinct values of each place."""
    n = np.bincount(of, minlength=size)
    centred = value - (np.bincount(of, value, size) / np.maximum(n, 1))[of]
    sd = np.sqrt(np.bincount(of, centred**2, size) / np.maximum(n - 1, 1))
    return np.where(n > 1, np.maximum(sd, LEAST), ONE_VALUE)


def _step(rows: Rows) -> np.ndarray:
    """float64 (n,): the last printed digit of each row's file, in points (a file may drop the zeros at the end)."""
    digits = rows.column("digits").fill_null(FINEST).to_numpy().astype(np.int64)
    most = np.zeros(len(rows.names["file"]), np.int64)
    np.maximum.at(most, rows.codes["file"], np.clip(digits, 0, FINEST))
    step: np.ndarray = 10.0 ** -most[rows.codes["file"]].astype(np.float64)
    return step
