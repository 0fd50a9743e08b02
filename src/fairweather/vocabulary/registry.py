"""A registry: the named entries of one room, and what outsiders add through an entry-point group."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Generic, TypeVar

from fairweather.errors import InputError, UnknownName


@dataclass(frozen=True)
class Card:
    """What every registered thing says of itself.

    Args:
        name: canonical name, as written in a study file.
        summary: one line for the listing.
        source: paper, repository or standard it follows.
        revision: raised whenever its output changes; part of the unit's identity.
        aliases: other spellings that are met in files.
        licence: what its code or weights require.
        needs: what must be there ("torch", "labels", "gpu", ...).
    """

    name: str
    summary: str
    source: str = ""
    revision: int = 1
    aliases: tuple[str, ...] = ()
    licence: str = "Apache-2.0"
    needs: tuple[str, ...] = ()


Entry = TypeVar("Entry")


class Registry(Mapping[str, Entry], Generic[Entry]):
    """Canonical name -> entry, in the order of registration; an entry is anything with a `card`.

    Plug-ins of the entry-point group are loaded on first use. Looking up an alias gives the canonical entry; looking up
    an unknown name raises UnknownName with the nearest known one.

    Args:
        kind: the word for one entry in messages, for example "strategy".
        group: entry-point group through which other distributions add entries.
        entries: the entries of this project.
    """

    def __init__(self, kind: str, group: str, entries: Iterable[Entry]) -> None:
        self.kind, self.group = kind, group
        self._own = tuple(entries)
        self._table: dict[str, Entry] | None = None
        self._canonical: dict[str, str] = {}
        self._origin: dict[str, str] = {}

    def _loaded(self) -> dict[str, Entry]:
        if self._table is None:
            # Kept only when it is whole: after an error the next look-up meets the same error, not half a table.
            self._table, self._canonical, self._origin = self._fill()
        return self._table

    def _fill(self) -> tuple[dict[str, Entry], dict[str, str], dict[str, str]]:
        """Entries by canonical name, canonical name by spelling, origin by canonical name."""
        table: dict[str, Entry] = {}
        canonical: dict[str, str] = {}
        origins: dict[str, str] = {}
        for entry, origin in (*((own, "fairweather") for own in self._own), *self._plug_ins()):
            card = self._card(entry, origin)
            for name in (card.name, *card.aliases):
                if name in canonical:
                    first = origins[canonical[name]]
                    raise InputError(f"{self.kind} {name!r} of {origin} is already registered by {first}")
                canonical[name], origins[card.name] = card.name, origin
            table[card.name] = entry
        return table, canonical, origins

    def _plug_ins(self) -> Iterator[tuple[Entry, str]]:
        """What other distributions add, each with its distribution and version."""
        for point in sorted(entry_points(group=self.group), key=lambda p: p.name):
            origin = f"{point.dist.name} {point.dist.version}" if point.dist else point.value
            try:
                entry = point.load()
            except Exception as error:  # the code of a plug-in runs here, and may raise anything
                reason = " ".join(f"{type(error).__name__}: {error}".split())
                raise InputError(
                    f"{self.kind} {point.name!r} of {origin} cannot be loaded from {point.value} ({reason});"
                    " repair or remove that distribution"
                ) from error
            yield entry, origin

    def _card(self, entry: Entry, origin: str) -> Card:
        card = getattr(entry, "card", None)
        if not isinstance(card, Card):
            raise InputError(f"{self.kind} {entry!r} of {origin} has no card; an entry needs a `card` of type Card")
        return card

    def canonical(self, name: str, where: str = "") -> str:
        """The canonical spelling of a name or alias; UnknownName if nobody registered it."""
        table = self._loaded()
        if not isinstance(name, str) or name not in self._canonical:
            raise UnknownName(self.kind, name, table, where)
        return self._canonical[name]

    def origin(self, name: str) -> str:
        """The distribution and version an entry comes from ("fairweather" for our own)."""
        return self._origin[self.canonical(name)]

    def __getitem__(self, name: str) -> Entry:
        return self._loaded()[self.canonical(name)]

    def __contains__(self, name: object) -> bool:
        self._loaded()
        return name in self._canonical

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaded())

    def __len__(self) -> int:
        return len(self._loaded())
