"""Which sequences a town's splits hold, and the weather each was filmed in."""

import csv
from functools import cache
from importlib.resources import files

from fairweather.vocabulary.domains import DOMAINS
from fairweather.vocabulary.streams import stable_hash

# Sequences of a split if the shares were met exactly, and the fewest of one domain. Ten in test: its groups and, at five
# frames each, its 50 images make a domain supported. Eight in training: a domain that is there at all can be learnt.
SIZE = {"train": (100, 8), "val": (20, 2), "test": (100, 10)}


@cache
def shares(town: str) -> dict[str, float]:
    """Each domain's share of the images of the data set the town is modelled on."""
    text = files("fairweather.data.town").joinpath("shares.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    images = {row["domain"]: int(row["images"]) for row in rows if row["town"] == town}
    return {domain: images[domain] / sum(images.values()) for domain in DOMAINS}


@cache
def weather(town: str, split: str) -> tuple[str, ...]:
    """The domain of every sequence of a split, by sequence number.

    A domain has its share of `SIZE`, rounded, or the fewest. The order is drawn once per (town, split), so that no
    periodic choice of the street plan falls together with a domain.
    """
    size, fewest = SIZE[split]
    rounded = {domain: max(fewest, int(size * share + 0.5)) for domain, share in shares(town).items()}
    domains = [domain for domain in DOMAINS for _ in range(rounded[domain])]
    order = sorted(range(len(domains)), key=lambda k: stable_hash("town weather", town, split, k))
    return tuple(domains[k] for k in order)
