"""Every error of fairweather, one tree.

* FairweatherError            anything raised on purpose
  + InputError                the input is bad: the command ends with status 2 and one line
    - UnknownName             a name nobody registered; the nearest known one is suggested
    - DataError               a data set on disk is not what it should be
      * PartMissing           a folder or list of one of its splits is not there at all
    - StoreError              a folder of results is not usable
    - MachineError            the machine failed the run: disk full, worker killed, device missing
  + UnitStopped               a unit whose measurement cannot be trusted; carries an audit code

A message says what is wrong, where, and what is allowed, in one line.
"""

from collections.abc import Iterable
from difflib import get_close_matches


class FairweatherError(Exception):
    """Anything fairweather raises on purpose."""


class InputError(FairweatherError):
    """Bad input: what, where, and what is allowed, in one line."""


class UnknownName(InputError):
    """A name that is not known, with the nearest known one.

    Args:
        kind: what was named, for example "strategy".
        name: the name as written.
        known: the names that are allowed.
        where: file and key, where there is one.
    """

    def __init__(self, kind: str, name: object, known: Iterable[str], where: str = "") -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        near = get_close_matches(str(name), self.known, n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        place = f"{where}: " if where else ""
        super().__init__(f"{place}unknown {kind} {name!r}{hint} (known: {', '.join(self.known) or 'none'})")
        self.where = where

    def __reduce__(self) -> tuple[type["UnknownName"], tuple[str, object, tuple[str, ...], str]]:
        return type(self), (self.kind, self.name, self.known, self.where)


class DataError(InputError):
    """A data set on disk is not what its reader declares."""


class PartMissing(DataError):
    """A folder or a list of a data set is not there at all: not unpacked, or never got."""


class StoreError(InputError):
    """A folder of results cannot be used as asked."""


class MachineError(InputError):
    """The machine failed the run (disk full, worker killed, device missing); what was finished is kept."""


class UnitStopped(FairweatherError):
    """A unit was stopped because its measurement cannot be trusted.

    Args:
        code: the audit code of the failed check, for example "receipt.inert_act".
        reason: one sentence with the evidence.
    """

    def __init__(self, code: str, reason: str) -> None:
        self.code, self.reason = code, reason
        super().__init__(f"{code}: {reason}")

    def __reduce__(self) -> tuple[type["UnitStopped"], tuple[str, str]]:
        return type(self), (self.code, self.reason)
