"""Dividing a data set anew: whole groups to training or test, stratified by domain (datasets.md 7)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from fairweather.data.dataset import Sample
from fairweather.data.duplicates import clusters
from fairweather.data.manifest import Row
from fairweather.vocabulary.domains import UNDEFINED, in_order
from fairweather.vocabulary.streams import stable_hash

DIVIDED = ("train", "test")  # the splits there are afterwards
TEST_SHARE = 0.3
SEED = 0  # private: a split that is drawn until it pleases is no split
TOLERANCE = 0.03
SHUFFLES = 64  # looked at where the first does not come within the tolerance, as with a few large groups
LONE = "image:"  # begins the group of an image without one: its near-duplicates and itself, named by the first of them


def divided(rows: Sequence[Row], share: float = TEST_SHARE, seed: int = SEED) -> tuple[Row, ...]:
    """The rows in the order of their ids, each with the split "train" or "test", whatever split it had.

    What is kept together: the images of a group, and groups that hold near-duplicates of one another. An image without a group
    gets one: that of its near-duplicates, or else `image:` and the first id among them.

    Domains are handled from the rarest to the most frequent; in each, its groups are shuffled and each is given to the side that
    lacks the larger part of its share (of equals to training). Where that ends further than 3 points from the share in some
    domain, other shuffles are tried and the closest is kept. It depends on ids, groups, domains and the hashes of the pictures,
    never on the order of the rows.

    Args:
        share: of each domain's images, for the test.
    """
    if not 0 < share < 1:
        raise ValueError(f"a test share of {share}; it lies between 0 and 1")
    rows = sorted(rows, key=lambda row: row.sample.id)
    parts = _parts(rows)
    counts = {part: Counter(rows[i].sample.domain for i in members) for part, members in parts.items()}
    whole = Counter(row.sample.domain for row in rows)
    tested: frozenset[str] = frozenset()
    least: float | None = None
    for shuffle in range(SHUFFLES):
        drawn, images = _drawn(counts, whole, share, (seed, shuffle))
        beyond = {d: max(abs(images[d] / n - share) - TOLERANCE, 0.0) for d, n in whole.items() if d != UNDEFINED}
        excess = sum(beyond.values())
        if least is None or excess < least:
            tested, least = drawn, excess
        if not least:
            break
    found = []
    for part, members in parts.items():
        groups = {rows[i].sample.group for i in members} - {""}
        name = min(groups) if groups else LONE + rows[members[0]].sample.id
        for i in members:
            sample = rows[i].sample
            split = "test" if part in tested else "train"
            found.append(replace(rows[i], sample=replace(sample, split=split, group=sample.group or name)))
    return tuple(sorted(found, key=lambda row: row.sample.id))


def reached(samples: Sequence[Sample]) -> Mapping[str, tuple[int, int]]:
    """How many images of each domain are in the split "test", and how many there are, domains in canonical order."""
    whole = Counter(sample.domain for sample in samples)
    tested = Counter(sample.domain for sample in samples if sample.split == "test")
    return {domain: (tested[domain], whole[domain]) for domain in in_order(whole)}


def _parts(rows: Sequence[Row]) -> dict[str, tuple[int, ...]]:
    """The positions of rows that stay together, by the id of the first of them."""
    of = [_key(row.sample) for row in rows]
    joined = {key: key for key in of}

    def root(key: str) -> str:
        while joined[key] != key:
            joined[key] = joined[joined[key]]
            key = joined[key]
        return key

    for members in clusters(rows):
        for i in members[1:]:
            a, b = sorted((root(of[members[0]]), root(of[i])))
            joined[b] = a
    found: dict[str, list[int]] = {}
    for i, key in enumerate(of):
        found.setdefault(root(key), []).append(i)
    return {rows[members[0]].sample.id: tuple(members) for members in found.values()}


def _key(sample: Sample) -> str:
    return f"group {sample.group}" if sample.group else f"image {sample.id}"


def _drawn(
    counts: Mapping[str, Counter[str]], whole: Counter[str], share: float, key: tuple[int, int]
) -> tuple[frozenset[str], Counter[str]]:
    """The parts that one shuffle gives to the test, and their images by domain; a shuffle is an order by hash, which is the same
    on every machine."""
    have = {"train": Counter[str](), "test": Counter[str]()}
    wanted = {"train": 1 - share, "test": share}
    # What no domain is known of comes last, so that it displaces nothing.
    order = sorted(whole, key=lambda domain: (domain == UNDEFINED, whole[domain], domain))
    of: dict[str, list[str]] = {domain: [] for domain in order}
    for part, images in counts.items():
        of[next(domain for domain in order if domain in images)].append(part)
    tested = set()
    for domain in order:
        for part in sorted(of[domain], key=lambda part: stable_hash("split", *key, domain, part)):
            filled = {side: have[side][domain] / (wanted[side] * whole[domain]) for side in have}
            side = "test" if filled["test"] < filled["train"] else "train"
            have[side].update(counts[part])
            if side == "test":
                tested.add(part)
    return frozenset(tested), have["test"]
