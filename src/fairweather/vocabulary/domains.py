"""The seven domains, their aliases, and the two halves they fall into."""

from collections.abc import Iterable

from fairweather.errors import UnknownName

DOMAINS = ("clear_day", "cloudy", "dawn_dusk", "foggy", "night", "rainy", "snowy")
NORMAL = ("clear_day", "cloudy")
ADVERSE = tuple(d for d in DOMAINS if d not in NORMAL)
UNDEFINED = "undefined"  # of an image whose domain nobody knows: it is in no context and in no figure
ORIGINS = ("attribute", "folder", "classifier", "heuristic")  # who says what an image's domain is

# Spellings met in published data sets, manifests and result tables (facts of the reference systems PROVE and PRISM).
ALIASES = {
    "sunny": "clear_day", "sunny_day": "clear_day", "clear": "clear_day", "overcast": "cloudy", "clouds": "cloudy",
    "dawn": "dawn_dusk", "dusk": "dawn_dusk", "dawndusk": "dawn_dusk", "sunrise_sunset": "dawn_dusk",
    "sunrisesunset": "dawn_dusk", "fog": "foggy", "fog_light": "foggy", "fog_heavy": "foggy", "dark": "night",
    "rain": "rainy", "rain_drizzle": "rainy", "rain_heavy": "rainy", "rain_torrential": "rainy", "snow": "snowy",
    "snow_heavy": "snowy", "snow_no_flakes": "snowy",
}  # fmt: skip


def canonical_domain(name: str, where: str = "") -> str:
    """The canonical domain of a spelling; UnknownName with the nearest known one otherwise."""
    found = ALIASES.get(name, name)
    if found not in DOMAINS:
        raise UnknownName("domain", name, DOMAINS, where)
    return found


def in_order(domains: Iterable[str]) -> tuple[str, ...]:
    """The given canonical domains, without repeats, in the order of DOMAINS."""
    chosen = set(domains)
    return tuple(d for d in DOMAINS if d in chosen)
