from dataclasses import replace

from fairweather.audit.datasets import Survey
from fairweather.audit.datasets.counts import check_attributes, check_counts
from fairweather.data import READERS
from fairweather.data.dataset import ReaderCard, Sample


def whole(town: Survey, card: ReaderCard, **splits: int) -> Survey:
    samples = [
        Sample(f"{split}{n}", split, "clear_day", "g", f"{n}.jpg", f"{n}.png")
        for split, k in splits.items()
        for n in range(k)
    ]
    return replace(town, card=card, dataset=town.dataset.only(samples))


def test_half_a_package_is_named_and_a_whole_one_is_not(town: Survey) -> None:
    card = READERS["camvid"].card
    assert check_counts(whole(town, card, train=367, val=101, test=233)).holds
    check = check_counts(whole(town, card, train=184, val=101, test=116))
    assert not check.holds and check.severity == "warning"
    assert check.statement == "This is not the whole package: train 184 of 367, test 116 of 233 images."
    assert check_counts(town).holds and "No counts are published" in check_counts(town).statement


def test_the_share_of_images_with_an_attribute_is_compared_where_it_is_known(town: Survey) -> None:
    card = replace(READERS["camvid"].card, name="bdd10k")
    assert check_attributes(town) is None
    found = whole(town, card, train=7000, val=1000)
    assert (check := check_attributes(found)) is not None and not check.holds and "100 %" in check.statement
    partly = [replace(s, domain="undefined") if n % 3 == 0 else s for n, s in enumerate(found.dataset.samples)]
    assert (check := check_attributes(replace(found, dataset=found.dataset.only(partly)))) is not None and check.holds
    assert check_attributes(whole(town, card, train=100)) is None
