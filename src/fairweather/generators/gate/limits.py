"""The limits a picture is held to, by target domain: thresholds.csv, written by experiments/gate.py."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from fairweather.errors import UnknownName


@dataclass(frozen=True)
class Limits:
    """Of one target domain.

    Args:
        shift: pixels; from there on the picture lies beside its label.
        agreement: below, the picture does not show the scene of its source.
        difference, structure: below both, it is a near copy.
        spread: below, it is near constant.
        objects: of small objects' contrast after over before; below, they vanished.
        nearness: of a pool to its target domain; below, it is nearer its source.
    """

    shift: float
    agreement: float
    difference: float
    structure: float
    spread: float
    objects: float
    nearness: float


@cache
def table() -> dict[str, Limits]:
    """The limits of every target domain."""
    text = files("fairweather.generators.gate").joinpath("thresholds.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {row.pop("domain"): Limits(**{name: float(value) for name, value in row.items()}) for row in rows}


def limits(domain: str) -> Limits:
    """The limits of a target domain.

    Raises:
        UnknownName: no such domain, or none that is a target.
    """
    if domain not in table():
        raise UnknownName("target domain", domain, table())
    return table()[domain]
