"""Domains that are not there: for whole data sets, and for single runs."""

from typing import Any

import numpy as np

from fairweather.audit.check import Check
from fairweather.audit.tables.cells import belongs
from fairweather.audit.tables.rows import CELL, Rows, many, said
from fairweather.vocabulary.domains import DOMAINS

CODE = "table.missing_domain"


def check_domains(rows: Rows) -> tuple[Check, ...]:
    """table.missing_domain: a domain that some data sets lack (note), or that single runs lack (warning). Kept.

    A domain belongs to a data set and model if at least half of its runs have it; a run that lacks one has no value of the
    metric, and is missing from the analysis. One row for each data set and domain, at
    the data set's first line; one for each run and domain, at the run's first line.
    """
    names = [str(name or "") for name in rows.names["domain"]]
    if len(np.unique(rows.codes["domain"])) < 2:
        return (Check(CODE, "note", True, "The table tells no domains apart."),)
    return _of_data_sets(rows, names), _of_runs(rows, names), _partial(rows)


def _of_data_sets(rows: Rows, names: list[str]) -> Check:
    data = rows.group(("dataset",))
    has = np.zeros((data.size, len(names)), bool)
    has[data.of, rows.codes["domain"]] = True
    sets = [said(rows.name("dataset", int(row))) or "the one data set" for row in data.first]
    present = np.flatnonzero(has.any(axis=0))
    records: list[dict[str, Any]] = []
    sentences = []
    for domain in sorted(present.tolist(), key=lambda at: _place(names[at])):
        lacks = np.flatnonzero(~has[:, domain])
        if lacks.size:
            mine = [sets[at] for at in np.flatnonzero(has[:, domain])]
            theirs = [sets[at] for at in lacks]
            few = len(mine) < len(theirs)
            sentences.append(
                f"{names[domain]} {'only for' if few else 'missing for'} {', '.join(mine if few else theirs)}"
            )
            where = rows.where(data.first[lacks], ("dataset",))
            records += [record | {"domain": names[domain]} for record in where]
    if not records:
        return Check(CODE, "note", True, f"Every data set has the same {many(len(present), 'domain')}.")
    return Check(CODE, "note", False, f"Data sets differ in their domains: {'; '.join(sentences)}.", tuple(records))


def _of_runs(rows: Rows, names: list[str]) -> Check:
    inside = belongs(rows)
    run, place, part = rows.group(CELL), rows.group(("dataset", "model")), rows.group((*CELL, "domain"))
    pairs = np.unique((place.of * len(names) + rows.codes["domain"])[inside])
    start = np.searchsorted(pairs // len(names), np.arange(place.size + 1))
    own = place.of[run.first]
    expected = (start[1:] - start[:-1])[own]
    own_pairs = place.of[part.first] * len(names) + rows.codes["domain"][part.first]
    held = np.bincount(run.of[part.first], np.isin(own_pairs, pairs), run.size)
    short = np.flatnonzero(held < expected)
    if not short.size:
        return Check(
            CODE, "warning", True, f"None of {many(run.size, 'cell value')} lacks a domain of its data set and model."
        )
    n = expected[short]
    offsets = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)
    runs, domain = np.repeat(short, n), pairs[np.repeat(start[own[short]], n) + offsets] % len(names)
    have = run.of[part.first] * len(names) + rows.codes["domain"][part.first]
    gone = ~np.isin(runs * len(names) + domain, have)
    runs, domain = runs[gone], domain[gone]
    where = rows.where(run.first[runs], CELL)
    records = tuple(r | {"domain": names[at]} for r, at in zip(where, domain, strict=True))
    strategies = list(dict.fromkeys(str(r.get("strategy", "")) for r in records))
    named = ", ".join(map(said, strategies[:4])) + (f" and {len(strategies) - 4} more" if len(strategies) > 4 else "")
    statement = (
        f"{many(len(short), 'cell value lacks', 'cell values lack')} a domain that others of the data set and model have"
        f" ({named}; {many(len(records), 'value')} in all) and {'is' if len(short) == 1 else 'are'} missing from the analysis."
    )
    return Check(CODE, "warning", False, statement, records)


def _partial(rows: Rows) -> Check:
    """table.partial_domain: values of a domain that, in some context, fewer than half of the runs of the data set and model have.

    Warning, kept: they enter no mean, or the others would be missing. One row for each value.
    """
    code, outside = "table.partial_domain", np.flatnonzero(~belongs(rows))
    if not outside.size:
        return Check(
            code, "warning", True, "Every domain is there for most runs of its data set and model, in each context."
        )
    pairs = {(str(r.get("dataset", "")), str(r.get("domain", ""))) for r in rows.where(outside, ("dataset", "domain"))}
    named = ", ".join(" of ".join(filter(None, (said(d), said(s)))) for s, d in sorted(pairs))
    statement = (
        f"Too few runs have the domain (or a class in it) to be compared there: {named}; {many(outside.size, 'value')} of it"
        " enter no mean."
    )
    return Check(code, "warning", False, statement, rows.evidence(outside))


def _place(domain: str) -> tuple[int, str]:
    return (DOMAINS.index(domain) if domain in DOMAINS else len(DOMAINS), domain)
