"""What every column of a file is taken for: by what --columns says, then by the usual spellings, never by guess."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from fairweather.analysis.imports import spellings
from fairweather.analysis.imports.imported import Named
from fairweather.analysis.imports.numbers import numeric
from fairweather.analysis.imports.sheet import Sheet, listing, path_shown, shown
from fairweather.analysis.imports.spellings import ROLES, UNIT_WORDS, Guess, Unit
from fairweather.analysis.imports.vocabulary import is_class, is_domain
from fairweather.errors import InputError, UnknownName

MAPPED = (*ROLES, "value", "gain")  # what --columns may name
UNITS = ("unit", "scale")


@dataclass(frozen=True)
class Columns:
    """The columns of one file.

    Args:
        roles: role of `spellings.ROLES` -> position.
        values: context -> position of the value; the context is "" where rows are not spread over columns.
        ranks: context -> position of a printed rank, as `values`.
        metric: what the value is; unit: as the name of the column declares it.
        named: what was recognised, in the order of the file.
    """

    roles: Mapping[str, int]
    values: Mapping[str, int]
    ranks: Mapping[str, int]
    kind: Literal["values", "gains"]
    metric: str
    unit: Unit | None
    named: tuple[Named, ...]

    @property
    def wide(self) -> bool:
        """Whether contexts are columns."""
        return "" not in self.values


@dataclass(frozen=True)
class _Value:
    """A column that can be the value."""

    at: int
    guess: Guess


def declared_unit(mapping: Mapping[str, str]) -> Unit | None:
    """The unit that --columns declares.

    Raises:
        UnknownName: a role that is not one of MAPPED, or a unit that is neither percent nor fraction.
    """
    for role in mapping:
        if role not in (*MAPPED, *UNITS):
            raise UnknownName("role", role, (*MAPPED, "unit"), "--columns")
    words = [mapping[role] for role in UNITS if role in mapping]
    for word in words:
        if word not in ("percent", "fraction"):
            raise UnknownName("unit", word, ("percent", "fraction"), "--columns")
    return UNIT_WORDS[words[0]] if words else None


def check_mapped(mapping: Mapping[str, str], headers: Sequence[Sequence[str]]) -> None:
    """UnknownName for a column that no file has; InputError for one that is given two roles."""
    known = tuple(dict.fromkeys(name for header in headers for name in header if name))
    used: dict[str, str] = {}
    for role, name in mapping.items():
        if role in UNITS or not name:
            continue
        if name not in known:
            raise UnknownName("column", name, [shown(each) for each in known], f"--columns {role}")
        if name in used:
            raise InputError(f"--columns: {shown(name)} is given two roles, {used[name]} and {role} (allowed: one)")
        used[name] = role


def recognise(sheet: Sheet, mapping: Mapping[str, str]) -> Columns:
    """The roles of a file's columns; `mapping` (role -> column, "" for none) wins over spellings.

    Raises:
        InputError: no strategy, no value, or two columns of equal standing for one role.
    """
    explicit = {role: sheet.header.index(name) for role, name in mapping.items() if name in sheet.header and name}
    explicit = {role: at for role, at in explicit.items() if role not in UNITS}
    guesses = {
        at: spellings.guess(name) for at, name in enumerate(sheet.header) if name and at not in explicit.values()
    }
    roles = _roles(sheet, guesses, mapping, explicit)
    if "strategy" not in roles:
        raise InputError(
            f"{path_shown(sheet.file)}: no column for the strategy (columns: {listing(sheet.header)}; allowed: "
            f"{', '.join(ROLES['strategy'][:5])}, or --columns strategy=NAME)"
        )
    values, chosen = _value(sheet, guesses, explicit, any(role in mapping for role in UNITS))
    ranks = {guess.context: at for at, guess in guesses.items() if guess.kind == "rank" and guess.context in values}
    if "rank" in roles:
        ranks = {"": roles["rank"]} if "" in values else ranks
        del roles["rank"]
    kind: Literal["values", "gains"] = "gains" if chosen.kind == "gain" else "values"
    named = _named(sheet, roles, values, ranks, guesses)
    return Columns(roles, values, ranks, kind, chosen.word, chosen.unit, named)


def _roles(
    sheet: Sheet, guesses: Mapping[int, Guess], mapping: Mapping[str, str], explicit: Mapping[str, int]
) -> dict[str, int]:
    roles = {role: at for role, at in explicit.items() if role in ROLES}
    for role, spelled in ROLES.items():
        if role in roles or mapping.get(role) == "":
            continue
        found = [at for at, guess in guesses.items() if guess == Guess("role", role)]
        own = [at for at in found if spellings.key(sheet.header[at]) == spelled[0]]
        if len(own or found) > 1:
            raise _ambiguous(sheet, own or found, role, f"the {role}")
        if found:
            roles[role] = (own or found)[0]
    return roles


def _ambiguous(sheet: Sheet, found: Sequence[int], role: str, what: str) -> InputError:
    names = " and ".join(shown(sheet.header[at]) for at in found[:2])
    return InputError(
        f"{path_shown(sheet.file)}: columns {names} could both be {what} (allowed: one; say which with --columns {role}=NAME)"
    )


def _value(
    sheet: Sheet, guesses: Mapping[int, Guess], explicit: Mapping[str, int], declared: bool
) -> tuple[dict[str, int], Guess]:
    """context -> position of the value, and what the first of these columns says it is."""
    for role in ("value", "gain"):
        if role in explicit:
            at = explicit[role]
            said = spellings.guess(sheet.header[at])
            metric = said.word if said.kind in ("metric", "gain") else sheet.header[at]
            return {"": at}, Guess("gain" if role == "gain" else "metric", metric, "", said.unit)
    found = [_Value(at, guess) for at, guess in guesses.items() if guess.kind in ("metric", "gain")]
    metrics = [value for value in found if value.guess.kind == "metric"]
    for candidates in (
        [value for value in metrics if value.guess.word in spellings.FIRST],
        metrics,
        [value for value in found if value.guess.kind == "gain"],
    ):
        if candidates:
            return _chosen(sheet, candidates, declared)
    raise _no_value(sheet, guesses)


def _chosen(sheet: Sheet, candidates: Sequence[_Value], declared: bool) -> tuple[dict[str, int], Guess]:
    """The value among columns of one standing: one column, or one for each context."""
    parts = [value for value in candidates if is_domain(value.guess.context) or is_class(value.guess.context)]
    whole = [value for value in candidates if value not in parts]
    plain = [value for value in whole if not value.guess.context]
    if not whole:
        name = parts[0].guess.context
        noun = "domain" if is_domain(name) else "class"
        raise InputError(
            f"{path_shown(sheet.file)}: column {shown(sheet.header[parts[0].at])} names a {noun}, not a context (needed: a "
            f"row for each {noun}, with columns {noun} and mIoU)"
        )
    if plain and len(whole) > 1:
        others = [value.at for value in whole if value is not plain[0]]
        raise _ambiguous(sheet, sorted([plain[0].at, others[0]]), "value", "the value")
    values: dict[str, int] = {}
    for value in whole:
        context = value.guess.context
        if context in values or value.guess.word != whole[0].guess.word:
            first = values.get(context, whole[0].at)
            raise _ambiguous(
                sheet, [first, value.at], "value", f"the value{f' of {shown(context)}' if context else ''}"
            )
        values[context] = value.at
    units = {value.guess.unit for value in whole}
    if len(units) > 1 and not declared:
        names = listing([sheet.header[value.at] for value in whole])
        raise InputError(
            f"{path_shown(sheet.file)}: columns {names} do not name one unit (allowed: "
            "one for all, or --columns unit=percent or unit=fraction)"
        )
    return values, whole[0].guess


def _no_value(sheet: Sheet, guesses: Mapping[int, Guess]) -> InputError:
    numbers = [sheet.header[at] for at in range(len(sheet.header)) if sheet.header[at] and numeric(sheet, at)]
    where = path_shown(sheet.file)
    if not numbers:
        return InputError(
            f"{where}: no numeric column (columns: {listing(sheet.header)}; needed: one with the value, as mIoU)"
        )
    return InputError(
        f"{where}: no column for the value (columns with numbers: {listing(numbers)}; allowed: mIoU, IoU, Jaccard, gain, "
        "or --columns value=NAME)"
    )


def _named(
    sheet: Sheet,
    roles: Mapping[str, int],
    values: Mapping[str, int],
    ranks: Mapping[str, int],
    guesses: Mapping[int, Guess],
) -> tuple[Named, ...]:
    used = {at: (role, "") for role, at in roles.items()}
    used |= {at: ("value", context) for context, at in values.items()}
    used |= {at: ("rank", context) for context, at in ranks.items()}
    for at, guess in guesses.items():
        if at not in used and guess.kind in ("metric", "gain", "aside", "rank"):
            used[at] = ("extra", guess.context)
    return tuple(Named(sheet.file, sheet.header[at], *used[at]) for at in sorted(used))
