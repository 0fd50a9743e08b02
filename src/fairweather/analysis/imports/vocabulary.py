"""Domains and classes in tables of others: their spellings, and the classes that count as small objects."""

from functools import cache

from fairweather.analysis.imports.spellings import key
from fairweather.vocabulary.domains import ALIASES, DOMAINS, canonical_domain
from fairweather.vocabulary.labels import label_space, label_space_names

SUMMARIES = frozenset(("all", "average", "avg", "mean", "overall", "total", "miou", "meaniou"))


def domain(name: str, where: str) -> str:
    """The canonical domain of a spelling, whatever its case and with spaces or hyphens; UnknownName otherwise."""
    return canonical_domain(_joined(name), where)


def is_domain(name: str) -> bool:
    return _joined(name) in (*DOMAINS, *ALIASES)


def _joined(name: str) -> str:
    return "_".join(name.strip().lower().replace("-", " ").replace("_", " ").split())


def is_class(name: str) -> bool:
    """Whether a label space has a class of that name."""
    return key(name) in _classes()[0]


def is_small(name: str) -> bool:
    """Whether a label space counts the class of that name among the small objects."""
    return key(name) in _classes()[1]


def is_summary(name: str) -> bool:
    """Whether the name stands for all classes or domains together."""
    return key(name) in SUMMARIES


@cache
def _classes() -> tuple[frozenset[str], frozenset[str]]:
    spaces = [label_space(name) for name in label_space_names()]
    every = frozenset(key(name) for space in spaces for name in space.classes)
    return every, frozenset(key(name) for space in spaces for name in space.small)
