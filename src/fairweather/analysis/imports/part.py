"""A part: the rows of one file under the names of ROWS, values still in the file's own unit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fairweather.analysis.imports import naming, vocabulary
from fairweather.analysis.imports.columns import Columns, recognise
from fairweather.analysis.imports.imported import PRINTED, ROWS, Named, Renamed, Source
from fairweather.analysis.imports.numbers import UNKNOWN, Reals, moments, reals, wholes
from fairweather.analysis.imports.scale import judge
from fairweather.analysis.imports.sheet import Sheet, path_shown, shown
from fairweather.analysis.imports.spellings import Unit
from fairweather.errors import InputError

ALL = "all"  # the context of a table that names none
SMALL_GAINS = 0.1  # gains that are all smaller may be fractions
NO_SEED = "; --columns seed= if this column is something else"
NO_IMAGES = "; --columns images= leaves the counts out"


@dataclass(frozen=True)
class Part:
    """One file, read.

    Args:
        rows: ROWS, the value as the file prints it; printed: PRINTED.
        columns: the roles; declared: the unit a column's name, its percent signs or --columns declare.
        named, renamed: what was recognised, to be shown back.
    """

    file: str
    rows: pa.Table = field(repr=False)
    printed: pa.Table = field(repr=False)
    columns: Columns
    declared: Unit | None
    named: tuple[Named, ...]
    renamed: tuple[Renamed, ...]


@dataclass(frozen=True)
class _Names:
    """Distinct names, and int64 (rows,) their positions."""

    names: tuple[str, ...]
    codes: np.ndarray = field(repr=False)

    def column(self) -> pa.Array:
        return pa.array(self.names, pa.string()).take(pa.array(self.codes))


def read_part(sheet: Sheet, source: Source, mapping: Mapping[str, str], unit: Unit | None) -> Part:
    """The rows of a sheet.

    Raises:
        InputError: what `recognise` refuses; empty names; cells that are no numbers; a context in both PATH and columns.
    """
    columns = recognise(sheet, mapping)
    spelled = _names(sheet, columns, "strategy")
    strategies, renamed = _canonical(sheet.file, spelled)
    shared = _shared(sheet, columns) | {
        "strategy": strategies.column(), "spelled": spelled.column(), "seed": _whole(sheet, columns, "seed", NO_SEED, True),
        "domain": _domains(sheet, columns).column(), "class": _classes(sheet, columns).column(),
        "classes": _whole(sheet, columns, "classes", "", False), "time": _times(sheet, columns, mapping),
    }  # fmt: skip
    named = tuple(one for one in columns.named if one.role != "time" or shared["time"].null_count < len(shared["time"]))
    contexts = _contexts(sheet, columns, source)
    values = {context: reals(sheet, at) for context, at in columns.values.items()}
    _some_value(sheet, columns, values)
    declared = unit or columns.unit or ("percent" if any(one.percent for one in values.values()) else None)
    tables = [_rows(sheet, columns, shared, contexts(context), context, one) for context, one in values.items()]
    rows = pa.concat_tables(tables)
    if len(tables) > 1:  # the contexts of one line stand beside one another
        rows = rows.take(pa.array(np.argsort(rows["line"].to_numpy(), kind="stable")))
    _images(sheet, columns, rows)
    used = {one.column for one in columns.named}
    unused = tuple(Named(sheet.file, column, "unused") for column in sheet.header if column not in used)
    return Part(sheet.file, rows, _printed(sheet, columns, strategies), columns, declared, (*named, *unused), renamed)


def in_points(part: Part, unit: Unit) -> tuple[pa.Table, pa.Table]:
    """ROWS and PRINTED with values in points: a fraction times 100, with two decimals fewer."""
    if unit == "percent":
        return part.rows, part.printed
    return _hundredfold(part.rows, "value"), _hundredfold(part.printed, "gain_change")


def _hundredfold(table: pa.Table, name: str) -> pa.Table:
    values = np.asarray(table[name].to_numpy(zero_copy_only=False), np.float64) * 100.0
    digits = np.asarray(table["digits"].fill_null(UNKNOWN).to_numpy(), np.int64)
    fewer = np.where(digits == UNKNOWN, UNKNOWN, np.maximum(digits - 2, 0))
    for column, array in ((name, _filled(values)), ("digits", _filled(fewer, UNKNOWN))):
        at = table.schema.get_field_index(column)
        table = table.set_column(at, table.schema.field(at), array)
    return table


def seen_unit(part: Part) -> Unit:
    """The unit the values of an undeclared file show; gains are read as points.

    Raises:
        InputError: they do not tell, or percentages and fractions are mixed.
    """
    rows = part.rows
    if part.columns.kind == "gains":
        largest = pc.max(pc.abs(rows["value"])).as_py() or 0.0
        if 0 < largest < SMALL_GAINS:
            raise InputError(
                f"{part.file}: gains of at most {largest:g} may be points or fractions (allowed: declared, by --columns "
                "unit=percent or unit=fraction)"
            )
        return "percent"
    cells = _together(rows, ("dataset", "model"))
    values = np.asarray(rows["value"].to_numpy(zero_copy_only=False), np.float64)
    arms, groups = _together(rows, ("strategy",)), _together(rows, ("dataset", "model", "domain", "class"))
    return judge(part.file, rows["line"].to_numpy(), values, groups, cells, arms)


def _together(rows: pa.Table, names: Sequence[str]) -> np.ndarray:
    """int64 (rows,): equal where all the named columns are equal."""
    joint = np.zeros(rows.num_rows, np.int64)
    for name in names:
        coded = rows[name].combine_chunks().dictionary_encode()
        codes = np.asarray(coded.indices.to_numpy(zero_copy_only=False), np.int64)
        _, joint = np.unique(joint * (len(coded.dictionary) + 1) + codes, return_inverse=True)
    return joint


def _names(sheet: Sheet, columns: Columns, role: str) -> _Names:
    """A column of names without gaps; "" in every row where the file has no such column or all its cells are empty."""
    if role not in columns.roles:
        return _Names(("",), np.zeros(sheet.lines.size, np.int64))
    at = columns.roles[role]
    names, codes = sheet.names(at)
    if "" in names and (len(names) > 1 or role == "strategy"):
        row = int(np.argmax(codes == names.index("")))
        raise InputError(f"{sheet.place(row, at)}: an empty cell (allowed: a name in every row)")
    return _Names(names, codes)


def _canonical(file: str, spelled: _Names) -> tuple[_Names, tuple[Renamed, ...]]:
    """Strategies as the registry spells them, and those that were spelled otherwise."""
    names = [naming.canonical(name) for name in spelled.names]
    renamed = tuple(Renamed(file, old, new) for old, new in zip(spelled.names, names, strict=True) if old != new)
    return _recoded(names, spelled.codes), renamed


def _recoded(names: Sequence[str], codes: np.ndarray) -> _Names:
    """Names of which some may have become equal."""
    place = {name: at for at, name in enumerate(dict.fromkeys(names))}
    return _Names(tuple(place), np.array([place[name] for name in names], np.int64)[codes])


def _domains(sheet: Sheet, columns: Columns) -> _Names:
    found = _names(sheet, columns, "domain")
    if found.names == ("",):
        return found
    names = []
    for code, name in enumerate(found.names):
        where = sheet.place(int(np.argmax(found.codes == code)), columns.roles["domain"])
        if vocabulary.is_summary(name):
            raise InputError(f"{where}: '{shown(name)}' is a summary of the other rows (allowed: one domain in a row)")
        names.append(vocabulary.domain(name, where))
    return _recoded(names, found.codes)


def _classes(sheet: Sheet, columns: Columns) -> _Names:
    found = _names(sheet, columns, "class")
    for code, name in enumerate(found.names):
        if vocabulary.is_summary(name):
            where = sheet.place(int(np.argmax(found.codes == code)), columns.roles["class"])
            raise InputError(f"{where}: '{shown(name)}' is a summary of the other rows (allowed: one class in a row)")
    return found


def _shared(sheet: Sheet, columns: Columns) -> dict[str, Any]:
    """The columns that every context of a line shares and that need no reading."""
    rows = sheet.lines.size
    origin = sheet.names(columns.roles["origin"]) if "origin" in columns.roles else (("",), np.zeros(rows, np.int64))
    return {
        "file": pa.array([sheet.file], pa.string()).take(pa.array(np.zeros(rows, np.int64))),
        "line": pa.array(sheet.lines),
        "dataset": _names(sheet, columns, "dataset").column(),
        "model": _names(sheet, columns, "model").column(),
        "images": _whole(sheet, columns, "images", NO_IMAGES, False),
        "origin": _Names(*origin).column(),
    }


def _whole(sheet: Sheet, columns: Columns, role: str, hint: str, every: bool) -> pa.Array:
    """int64 (rows,) of a column of whole numbers, null where the cell is empty or there is no such column."""
    if role not in columns.roles:
        return pa.nulls(sheet.lines.size, pa.int64())
    at = columns.roles[role]
    values = wholes(sheet, at, hint)
    empty = np.isnan(values)
    bad = empty if every and not empty.all() else ~empty & (values < 0) & (role != "seed")
    if bad.any():
        row = int(np.argmax(bad))
        said = "an empty cell" if empty[row] else f"{values[row]:g} is negative"
        raise InputError(f"{sheet.place(row, at)}: {said} (allowed: a whole number in every row{hint})")
    return pa.array(np.where(empty, 0, values).astype(np.int64), mask=empty)


def _times(sheet: Sheet, columns: Columns, mapping: Mapping[str, str]) -> pa.Array:
    """When each row was made; a column that is merely called so and holds no dates (training time in hours) is none."""
    nothing = pa.nulls(sheet.lines.size, pa.timestamp("us"))
    if "time" not in columns.roles:
        return nothing
    at = columns.roles["time"]
    found = moments(sheet, at)
    if found is None and mapping.get("time") == sheet.header[at]:
        where = f"{path_shown(sheet.file)}: column {shown(sheet.header[at])}"
        raise InputError(f"{where} does not read as dates (allowed: 2026-01-21 10:15:00, or seconds since 1970)")
    return nothing if found is None else found


def _contexts(sheet: Sheet, columns: Columns, source: Source) -> Callable[[str], _Names]:
    """context of the columns ("" in a table that is not wide) -> the contexts of the rows."""
    none = np.zeros(sheet.lines.size, np.int64)
    column = _names(sheet, columns, "context")
    held = column.names != ("",)
    where = path_shown(sheet.file)
    if columns.wide and held:
        raise InputError(
            f"{where}: contexts are named by a column's cells and by columns' names (allowed: one of them)"
        )
    known = tuple(columns.values) if columns.wide else column.names if held else ()
    if source.context and len(known) > 1:
        raise InputError(
            f"{where} holds {len(known)} contexts ({', '.join(map(shown, known))}) and is given as context "
            f"{shown(source.context)} (allowed: a file of one context, or PATH alone)"
        )
    if source.context:
        return lambda context: _Names((source.context,), none)
    if columns.wide:
        return lambda context: _Names((context,), none)
    return lambda context: column if held else _Names((ALL,), none)


def _some_value(sheet: Sheet, columns: Columns, values: Mapping[str, Reals]) -> None:
    for context, one in values.items():
        if np.isnan(one.values).all():
            name = shown(sheet.header[columns.values[context]])
            raise InputError(
                f"{path_shown(sheet.file)}: column {name} has no value in any row (needed: a number in some)"
            )


def _rows(
    sheet: Sheet, columns: Columns, shared: Mapping[str, Any], contexts: _Names, context: str, values: Reals
) -> pa.Table:
    own = {
        "context": contexts.column(), "value": _filled(values.values), "digits": _filled(values.digits, UNKNOWN),
        "rank": _filled(_reals(sheet, columns.ranks.get(context))),
    }  # fmt: skip
    columns_of = {**shared, **own}
    return pa.table([columns_of[name] for name in ROWS.names], schema=ROWS)


def _reals(sheet: Sheet, at: int | None) -> np.ndarray:
    return np.full(sheet.lines.size, np.nan) if at is None else reals(sheet, at).values


def _filled(values: np.ndarray, missing: float = np.nan) -> pa.Array:
    """A pyarrow array that is null where the value is missing."""
    return pa.array(values, mask=np.isnan(values) if np.isnan(missing) else values == missing)


def _images(sheet: Sheet, columns: Columns, rows: pa.Table) -> None:
    """Weights are known for every value of a domain, or for none."""
    if "images" not in columns.roles or "domain" not in columns.roles:
        return
    lacking = rows["images"].is_null().to_numpy() & rows["value"].is_valid().to_numpy()
    if lacking.any() and rows["images"].null_count < rows.num_rows:
        line = rows["line"][int(np.argmax(lacking))].as_py()
        name = shown(sheet.header[columns.roles["images"]])
        raise InputError(
            f"{path_shown(sheet.file)} line {line}, column {name}: an empty cell (allowed: a whole number wherever there is a "
            f"value{NO_IMAGES})"
        )


def _printed(sheet: Sheet, columns: Columns, strategies: _Names) -> pa.Table:
    """The printed differences between contexts, one row a line where the file prints any."""
    roles = columns.roles
    if "rank_change" not in roles and "gain_change" not in roles:
        return PRINTED.empty_table()
    shared = {"file": pa.array([sheet.file] * sheet.lines.size), "line": sheet.lines, "strategy": strategies.column()}
    gain = reals(sheet, roles["gain_change"]) if "gain_change" in roles else None
    digits = gain.digits if gain is not None else np.full(sheet.lines.size, UNKNOWN)
    own = {
        "rank_change": _filled(_reals(sheet, roles.get("rank_change"))),
        "gain_change": _filled(_reals(sheet, roles.get("gain_change"))),
        "digits": _filled(digits, UNKNOWN),
    }
    columns_of = shared | own
    return pa.table([columns_of[name] for name in PRINTED.names], schema=PRINTED)
