"""Names of strategies in tables of others: joined to the registry by its aliases alone, with family and control."""

from fairweather.analysis.within import ORACLE
from fairweather.generators import GENERATORS, GeneratorCard
from fairweather.strategies import STRATEGIES, StrategyCard

PREFIXES = ("gen", "std", "placebo")
OTHER = "other"  # the family of all that neither a prefix nor a registry places


def canonical(name: str) -> str:
    """The registry's spelling of a name or alias, part by part where "+" joins several; any other name as it is."""
    return "+".join(_canonical(part) for part in name.split("+"))


def _canonical(part: str) -> str:
    if part in STRATEGIES:
        return STRATEGIES.canonical(part)
    return GENERATORS.canonical(part) if part in GENERATORS else part


def family(name: str) -> str:
    """The prefix gen, std or placebo; else the registry's family; else OTHER. Of several parts that of a gen_* part, or the
    first one's."""
    families = [_family(part) for part in name.split("+")]
    return "gen" if "gen" in families else families[0]


def _family(part: str) -> str:
    prefix = part.split("_", 1)[0]
    if "_" in part and prefix in PREFIXES:
        return prefix
    card = _card(part)
    return str(card.family) if card is not None else OTHER


def is_control(name: str) -> bool:
    """Whether it stands beside the strategies and is counted in no test over them: the baseline, placebo_*, gen_oracle."""
    return all(_control(part) for part in name.split("+"))


def _control(part: str) -> bool:
    card = _card(part)
    return part.startswith("placebo_") or part == ORACLE or (card is not None and bool(card.control))


def _card(part: str) -> StrategyCard | GeneratorCard | None:
    if part in STRATEGIES:
        return STRATEGIES[part].card
    return GENERATORS[part].card if part in GENERATORS else None
