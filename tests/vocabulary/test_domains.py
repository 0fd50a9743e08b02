import pytest

from fairweather.errors import UnknownName
from fairweather.vocabulary.domains import ADVERSE, ALIASES, DOMAINS, NORMAL, canonical_domain, in_order


def test_normal_and_adverse_divide_the_domains() -> None:
    assert sorted(NORMAL + ADVERSE) == sorted(DOMAINS)


@pytest.mark.parametrize(("spelling", "domain"), ALIASES.items())
def test_aliases_lead_to_canonical_names(spelling: str, domain: str) -> None:
    assert canonical_domain(spelling) == domain in DOMAINS


def test_an_unknown_domain_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match=r"frames.csv line 3: unknown domain 'fogy'; did you mean 'foggy'"):
        canonical_domain("fogy", "frames.csv line 3")


def test_in_order_drops_repeats() -> None:
    assert in_order(["night", "clear_day", "night"]) == ("clear_day", "night")
