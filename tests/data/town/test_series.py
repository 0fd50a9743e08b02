from collections import Counter

import pytest

from fairweather.data.town.reader import FRAMES, TOWN_NAMES
from fairweather.data.town.series import SIZE, shares, weather
from fairweather.vocabulary.domains import DOMAINS

# The seven counts of ../shared/facts/labels/prove_counts.csv for BDD10k sum to 1857.
BDD10K = {"clear_day": 1016 / 1857, "snowy": 221 / 1857}


def test_the_shares_are_those_of_the_data_set_a_town_is_modelled_on():
    assert {domain: shares("north")[domain] for domain in BDD10K} == pytest.approx(BDD10K)
    for town in TOWN_NAMES:
        assert sum(shares(town).values()) == pytest.approx(1)


@pytest.mark.parametrize("town", TOWN_NAMES)
@pytest.mark.parametrize("split", SIZE)
def test_every_domain_has_its_share_or_the_fewest_sequences(town, split):
    size, fewest = SIZE[split]
    found = Counter(weather(town, split))
    assert sorted(found) == sorted(DOMAINS)
    for domain, count in found.items():
        assert count >= fewest
        assert count == fewest or abs(count - size * shares(town)[domain]) <= 0.5


@pytest.mark.parametrize("town", TOWN_NAMES)
def test_in_test_every_domain_is_supported(town):
    found = Counter(weather(town, "test"))
    assert min(found.values()) >= 10  # groups
    assert min(found.values()) * FRAMES >= 50  # images


def test_the_order_is_no_period_of_the_sequence_number():
    for period in (2, 3, 4, 5):
        for town in TOWN_NAMES:
            remainders = Counter(k % period for k, d in enumerate(weather(town, "train")) if d == "clear_day")
            assert max(remainders.values()) < 0.75 * sum(remainders.values())
