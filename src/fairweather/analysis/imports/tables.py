"""Tables of others, read together: one kind of value, one metric, one unit, at most two contexts, one baseline."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fairweather.analysis.imports import naming
from fairweather.analysis.imports.columns import check_mapped, declared_unit
from fairweather.analysis.imports.file import read_file
from fairweather.analysis.imports.imported import PRINTED, Imported, Source
from fairweather.analysis.imports.part import ALL, Part, in_points, read_part, seen_unit
from fairweather.analysis.imports.sheet import listing, path_shown, shown
from fairweather.analysis.imports.spellings import Unit
from fairweather.analysis.table import encode
from fairweather.errors import InputError, UnknownName

BASELINE = "baseline"


def read_tables(
    sources: Sequence[Source], baseline: str | None, contexts: Sequence[str], columns: Mapping[str, str]
) -> Imported:
    """The rows of some files under common names; nothing is left out, nothing is averaged.

    Args:
        sources: the files; baseline: its name, None for the strategy called "baseline".
        contexts: one or two to compare, in order; none for those of the files, in the order in which they appear.
        columns: role -> name of a column, "" for none; and unit (or scale) -> percent or fraction.

    Raises:
        InputError: a file, column or cell that cannot be read, or files that do not fit together; one line that says
            where, and what is allowed.
        UnknownName: a role, column, unit, context, baseline or domain that is not known.
    """
    if not sources:
        raise InputError("no table of results is given (needed: one file or more)")
    unit = declared_unit(columns)
    sheets = [read_file(source.path) for source in sources]
    check_mapped(columns, [sheet.header for sheet in sheets])
    parts = [read_part(sheet, source, columns, unit) for sheet, source in zip(sheets, sources, strict=True)]
    _alike(parts)
    units = _units(parts)
    tables = [in_points(part, one) for part, one in zip(parts, units, strict=True)]
    rows = pa.concat_tables([values for values, _ in tables])
    printed = pa.concat_tables([PRINTED.empty_table(), *(changes for _, changes in tables)])
    order = _contexts(encode(rows["context"])[0], tuple(contexts))
    rows = rows.filter(pc.is_in(rows["context"], pa.array(order, pa.string())))
    gains = parts[0].columns.kind == "gains"
    reference = _baseline(rows, baseline, order, gains)
    if gains:
        _own_gain(rows, reference)
    undeclared = [one for part, one in zip(parts, units, strict=True) if part.declared is None]
    return Imported(
        parts[0].columns.kind, rows.combine_chunks(), printed.combine_chunks(), reference, order, parts[0].columns.metric,
        (undeclared or units)[0], not undeclared, tuple(named for part in parts for named in part.named),
        tuple(renamed for part in parts for renamed in part.renamed),
    )  # fmt: skip


def _alike(parts: Sequence[Part]) -> None:
    """InputError where files differ in what a row is."""
    first = parts[0]
    names = [path_shown(part.file) for part in parts]
    for part, name in zip(parts[1:], names[1:], strict=True):
        pair = f"{names[0]} and {name}"
        kinds = {"values": f"values of {first.columns.metric}", "gains": "gains"}
        if part.columns.kind != first.columns.kind:
            held = f"{kinds[first.columns.kind]} and {kinds[part.columns.kind]}"
            raise InputError(f"{pair} hold {held} (allowed: one of the two in all files)")
        if part.columns.metric != first.columns.metric:
            held = f"{shown(first.columns.metric)} and {shown(part.columns.metric)}"
            raise InputError(
                f"{pair} hold {held} (allowed: one metric in all files; --columns value=NAME chooses a column)"
            )
        for role in ("domain", "class", "images"):
            if _has(part, role) != _has(first, role):
                raise InputError(
                    f"{pair}: one of them has a column for the {role} and the other has none (allowed: all files alike)"
                )
    unnamed = [name for part, name in zip(parts, names, strict=True) if _contexts_of(part) == {ALL}]
    if unnamed and len(unnamed) < len(parts):
        raise InputError(
            f"{unnamed[0]} names no context while another file does (allowed: CONTEXT=PATH, or a column context)"
        )


def _has(part: Part, role: str) -> bool:
    column = part.rows[role]
    return bool(pc.any(column.is_valid() if role == "images" else pc.not_equal(column, "")).as_py())


def _contexts_of(part: Part) -> set[str]:
    return set(encode(part.rows["context"])[0])


def _units(parts: Sequence[Part]) -> list[Unit]:
    """The unit of every file; files that declare none must agree."""
    units = [part.declared or seen_unit(part) for part in parts]
    seen = [(part.file, unit) for part, unit in zip(parts, units, strict=True) if part.declared is None]
    for file, unit in seen[1:]:
        if unit != seen[0][1]:
            raise InputError(
                f"{path_shown(seen[0][0])} looks like {seen[0][1]} and {path_shown(file)} like {unit}, and neither says so "
                "(allowed: --columns unit=percent or unit=fraction for all, or column names such as 'mIoU (%)')"
            )
    return units


def _contexts(known: tuple[str, ...], asked: tuple[str, ...]) -> tuple[str, ...]:
    """The contexts to compare, in order."""
    for at, context in enumerate(asked):
        if context not in known:
            raise UnknownName("context", context, [shown(name) for name in known], "--contexts")
        if context in asked[:at]:
            raise InputError(f"--contexts: {shown(context)} is named twice (allowed: once)")
    if len(asked or known) > 2:
        held = (
            f"{len(asked)} contexts are named" if asked else f"the tables hold {len(known)} contexts ({listing(known)})"
        )
        raise InputError(f"{held} (allowed: one or two; --contexts A,B says which)")
    return asked or known


def _baseline(rows: pa.Table, asked: str | None, contexts: tuple[str, ...], gains: bool) -> str:
    """The baseline as the rows spell it; every context has rows of it and of something else. Gains are over a baseline that
    needs no row: it is 0."""
    names = encode(rows["strategy"])[0]
    listed = [shown(name) for name in names]
    found = BASELINE if asked is None else asked if asked in names else naming.canonical(asked)
    if found not in names and asked is None and gains:
        return found
    if found not in names and asked is None:
        raise InputError(f"no strategy is called {BASELINE!r} (allowed: --baseline NAME; strategies: {listing(names)})")
    if found not in names:
        raise UnknownName("baseline", asked, listed, "--baseline")
    for context in contexts:
        own = encode(rows.filter(pc.equal(rows["context"], context))["strategy"])[0]
        if found not in own:
            raise InputError(
                f"the baseline {shown(found)!r} has no row in context {shown(context)} (strategies there: {listing(own)})"
            )
    if len(names) == 1:
        raise InputError(
            f"only the baseline {shown(found)!r} is in the table (needed: rows of at least one other strategy)"
        )
    return found


def _own_gain(rows: pa.Table, baseline: str) -> None:
    """InputError where the baseline gains over itself."""
    values = np.asarray(rows["value"].to_numpy(zero_copy_only=False), np.float64)
    wrong = pc.equal(rows["strategy"], baseline).to_numpy() & np.isfinite(values) & (values != 0)
    if wrong.any():
        row: dict[str, Any] = rows.slice(int(np.argmax(wrong)), 1).to_pylist()[0]
        where = f"{path_shown(row['file'])} line {row['line']}"
        raise InputError(
            f"{where}: the baseline {shown(baseline)!r} has a gain of {row['value']:g} (allowed: 0, its gain over itself)"
        )
