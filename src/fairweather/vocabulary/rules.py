"""The domain rules: from what a data set says of an image to its domain, by the table `domain_rules.csv`."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from fairweather.errors import UnknownName
from fairweather.vocabulary.domains import DOMAINS, UNDEFINED


@dataclass(frozen=True)
class Rule:
    """One row of the table.

    Args:
        key, value: holds for images of which `key` is `value`; an empty key holds for all.
        domain: canonical, UNDEFINED, or the name of a setting that says which.
        note: why, or what else to know.
    """

    key: str
    value: str
    domain: str
    note: str


@cache
def domain_rules(dataset: str) -> tuple[Rule, ...]:
    """The rules of a data set in their order; UnknownName if it has none."""
    text = files("fairweather.vocabulary").joinpath("domain_rules.csv").read_text(encoding="utf-8")
    table = list(csv.DictReader(text.splitlines()))
    found = []
    for row in sorted((row for row in table if row["dataset"] == dataset), key=lambda row: int(row["order"])):
        key, _, value = ("", "", "") if row["condition"] == "always" else row["condition"].partition("=")
        found.append(Rule(key, value, row["domain"], row["note"]))
    if not found:
        raise UnknownName("data set with domain rules", dataset, sorted({row["dataset"] for row in table}))
    return tuple(found)


def ruled(dataset: str, facts: Mapping[str, str], settings: Mapping[str, str] | None = None) -> tuple[str, str]:
    """The domain of an image and its second condition ("" if there is none): the first rule that holds decides, the next one
    that names another domain is what the first one hides (a rainy night is night; rainy is kept).

    Args:
        facts: what is known of the image, as the rules name it ("timeofday": "night").
        settings: the domain of each rule that leaves it to a setting.

    Raises:
        UnknownName: no such data set, or a setting that is not given.
    """
    held = [rule for rule in domain_rules(dataset) if not rule.key or facts.get(rule.key) == rule.value]
    named = list(dict.fromkeys(_named(rule.domain, settings or {}) for rule in held))
    first = named[0] if named else UNDEFINED
    return first, next((domain for domain in named[1:] if domain != UNDEFINED), "")


def _named(domain: str, settings: Mapping[str, str]) -> str:
    if domain in DOMAINS or domain == UNDEFINED:
        return domain
    if domain not in settings:
        raise UnknownName("setting", domain, settings, "domain_rules.csv")
    return settings[domain]
