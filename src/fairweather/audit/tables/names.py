"""Names that may mean one thing: spelled nearly alike, or joined because the registry says so."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from fairweather.audit.check import Check
from fairweather.audit.tables.rows import Rows, many, said

if TYPE_CHECKING:
    from fairweather.analysis.imports.imported import Renamed

NOUNS = {"strategy": "strategies", "dataset": "data sets", "model": "models", "domain": "domains", "class": "classes"}
PREFIXES = ("gen", "std", "placebo")
# Endings of a copy or a share of the same thing, always taken away.
COPY = re.compile(r"(ratio\d+(p\d+)?|r?\d+pct|backup|bak|old|orig|original|copy|final|tmp|fixed|rerun|retry)$")
# Endings that tell two things apart, taken away on one side only: x and x_v2 are near, x_v1 and x_v2 are not.
VERSION = re.compile(r"(v\d+(p\d+)*|new|\d+(p\d+)?)$")


def check_joined(rows: Rows, renamed: "Sequence[Renamed]") -> Check:
    """table.joined_name: spellings that the registry knows for another name were read as that name. Note.

    Nothing else is ever joined. One row for each spelling and file, at its first line.
    """
    if not renamed:
        return Check(
            "table.joined_name", "note", True, "No two spellings were joined; every strategy is named as in its file."
        )
    files, spelled = rows.column("file").to_numpy(False), rows.column("spelled").to_numpy(False)
    records = []
    for one in renamed:
        at = np.flatnonzero((files == one.file) & (spelled == one.spelled))
        named = {"spelled": one.spelled, "strategy": one.strategy, "rows": int(at.size)}
        records.append((rows.where(at[:1], ())[0] if at.size else {"file": one.file, "line": 1}) | named)
    spellings = dict.fromkeys(f"{said(one.spelled)} as {said(one.strategy)}" for one in renamed)
    statement = f"Known to the registry by another name, and read by that: {', '.join(spellings)}."
    return Check("table.joined_name", "note", True, statement, tuple(records))


def check_names(rows: Rows) -> Check:
    """table.near_duplicate_name: names of one column that may mean one thing. Warning, never merged.

    Two names are near if they are equal without case, accents, spaces and signs; strategies also without a prefix
    gen_, std_, placebo_ that one of them lacks, without the ending of a copy or a share (_ratio0p50, _backup, _old, _copy,
    ...), or if one is the other with a version or number (_v2, _new, _2) behind it. Names with two different versions
    (step1x_new, step1x_v1p2) are not near. One row for each pair, at the first line of the second.
    """
    records: list[dict[str, Any]] = []
    for column in NOUNS:
        names = [str(name or "") for name in rows.names[column]]
        counts, first = _counted(rows, column)
        for one, other in _near(names, loose=column == "strategy"):
            if counts[one] and counts[other]:
                where = rows.where(first[[other]], ())[0]
                pair = {"column": column, "name": names[one], "near": names[other]}
                records.append(where | pair | {"rows": int(counts[one]), "rows_near": int(counts[other])})
    if not records:
        n = len(rows.names["strategy"])
        return Check(
            "table.near_duplicate_name",
            "warning",
            True,
            f"No two names are nearly alike, {many(n, 'strategy', 'strategies')} among them.",
        )
    shown = [f"{said(r['name'])} ({r['rows']:,} rows) and {said(r['near'])} ({r['rows_near']:,})" for r in records[:4]]
    more = f", and {many(len(records) - 4, 'pair')} more" if len(records) > 4 else ""
    pairs = many(len(records), "pair of names is", "pairs of names are")
    statement = f"{pairs} nearly alike, and kept apart: {'; '.join(shown)}{more}."
    return Check("table.near_duplicate_name", "warning", False, statement, tuple(records))


def _counted(rows: Rows, column: str) -> tuple[np.ndarray, np.ndarray]:
    """int64 (names,): the rows of each name, and the first of them (0 where there is none)."""
    codes, size = rows.codes[column], len(rows.names[column])
    first = np.zeros(size, np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    return np.bincount(codes, minlength=size), first


def _near(names: Sequence[str], loose: bool) -> list[tuple[int, int]]:
    """Pairs (earlier, later) of names that are near."""
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for at, name in enumerate(names):
        groups[_stem(name)[1] if loose else bare(name)].append(at)
    pairs = {
        (a, b) for members in groups.values() for a, b in _both(members) if not loose or _prefixes(names[a], names[b])
    }
    for at, name in enumerate(names) if loose else ():
        shorter = VERSION.sub("", _stem(name)[1])
        if shorter != _stem(name)[1] and shorter:
            pairs |= {
                (min(at, b), max(at, b)) for b in groups.get(shorter, ()) if _prefixes(name, names[b])
            }  # fmt: skip
    return sorted(pairs)


def _both(members: Sequence[int]) -> Iterable[tuple[int, int]]:
    """The first of a group with each other one: k names that are alike make k - 1 pairs, not k(k - 1)/2."""
    return ((members[0], other) for other in members[1:])


def bare(name: str) -> str:
    """A name without case, accents, spaces and signs; a decimal point between digits is a p, zeros behind it are dropped."""
    text = unicodedata.normalize("NFKD", name).casefold()
    text = re.sub(r"(?<=\d)[.,](?=\d)", "p", text)
    text = re.sub(r"(?<=\d)(p\d*?)0+(?!\d)", lambda m: m[1] if m[1] != "p" else "", text)
    kept = "".join(c for c in text if c.isalnum() or c == "+")
    return kept or text


def _stem(name: str) -> tuple[str, str]:
    """(prefix, what is left without prefix and endings of a copy) of the bare name of a strategy."""
    text = bare(name)
    head = re.split(r"[^a-z0-9]", name.casefold(), maxsplit=1)[0]
    prefix = head if head in PREFIXES else ""
    while prefix and text.startswith(prefix) and len(text) > len(prefix):
        text = text.removeprefix(prefix)
    while COPY.search(text) and COPY.sub("", text):
        text = COPY.sub("", text)
    return prefix, text


def _prefixes(one: str, other: str) -> bool:
    """Whether the prefixes of two strategies allow them to be one: the same, or one has none."""
    a, b = _stem(one)[0], _stem(other)[0]
    return a == b or "" in (a, b)
