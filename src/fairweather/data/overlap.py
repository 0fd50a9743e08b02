"""What of the tested images training has as good as seen: the same picture, a near-duplicate, a frame close in time."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fairweather.data.dataset import COMMON, Sample
from fairweather.data.duplicates import DETAIL_DISTANCE, DISTANCE, likest
from fairweather.data.manifest import Row
from fairweather.data.splits import LONE
from fairweather.vocabulary.domains import in_order

FRAMES = int(COMMON["close_frames"].default)
EXAMPLES = 5

_NUMBER = re.compile(r"(.*?)(\d+)$")


@dataclass(frozen=True)
class Near:
    """Frames of one domain by their number: how many test images have a group and a number in their name, how many of them are
    within reach of a training frame of the same group and name; the same of images without a group, where nobody knows whether
    the number is a time."""

    images: int
    numbered: int
    close: int
    loose_numbered: int
    loose_close: int


@dataclass(frozen=True)
class Overlap:
    """Test images and the training images they repeat.

    Args:
        frames: the distance in frames that counts as close; near: by domain.
        distance, detail: bits by which the hashes of near-duplicates may differ.
        same, alike: how many test images are also trained on to the pixel; have a near-duplicate among those trained on that is
            not the same. Of both some examples, (test id, training id).
    """

    test_images: int
    frames: int
    near: dict[str, Near]
    distance: int
    detail: int
    same: int
    same_examples: tuple[tuple[str, str], ...]
    alike: int
    alike_examples: tuple[tuple[str, str], ...]

    def record(self) -> dict[str, Any]:
        """As it stands in plan.json."""
        return asdict(self)


def overlap(train: Sequence[Row], test: Sequence[Row], frames: int = FRAMES) -> Overlap:
    """Compare what is tested with what is trained on.

    Args:
        frames: how far apart the numbers of two frames may be to count as close in time.
    """
    pixels = {row.image_pixels: row.sample.id for row in reversed(train)}
    same = tuple((row.sample.id, pixels[row.image_pixels]) for row in test if row.image_pixels in pixels)
    others = [row for row in test if row.image_pixels not in pixels]
    pairs = zip(others, likest(others, train), strict=True)
    alike = tuple((row.sample.id, train[found].sample.id) for row, found in pairs if found is not None)
    near = _near([row.sample for row in train], [row.sample for row in test], frames)
    return Overlap(len(test), frames, near, DISTANCE, DETAIL_DISTANCE, len(same), _some(same), len(alike), _some(alike))


def frame_number(sample: Sample) -> tuple[tuple[str, str], int] | None:
    """What a frame is numbered within (its group, and its name before the number) and the number that ends its id; None if its
    id does not end in one."""
    found = _NUMBER.match(sample.id.rsplit("/", 1)[-1])
    if found is None:
        return None
    group = "" if sample.group.startswith(LONE) else sample.group
    return (group, found[1]), int(found[2])


def _near(train: Sequence[Sample], test: Sequence[Sample], frames: int) -> dict[str, Near]:
    trained: dict[tuple[str, str], list[int]] = {}
    for sample in train:
        if known := frame_number(sample):
            trained.setdefault(known[0], []).append(known[1])
    numbers = {key: sorted(found) for key, found in trained.items()}
    counts: dict[str, Counter[str]] = {}
    for sample in test:
        here = counts.setdefault(sample.domain, Counter())
        here["images"] += 1
        if known := frame_number(sample):
            loose = "" if known[0][0] else "loose_"
            here[f"{loose}numbered"] += 1
            here[f"{loose}close"] += _distance(numbers.get(known[0], ()), known[1]) <= frames
    names = ("images", "numbered", "close", "loose_numbered", "loose_close")
    return {domain: Near(**{name: counts[domain][name] for name in names}) for domain in in_order(counts)}


def _distance(numbers: Sequence[int], number: int) -> float:
    """From a number to the nearest of sorted numbers; inf if there are none."""
    at = bisect_left(numbers, number)
    return min((abs(other - number) for other in numbers[max(at - 1, 0) : at + 1]), default=float("inf"))


def _some(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """EXAMPLES of them, evenly spaced, so that they are not all of one sequence."""
    if len(pairs) <= EXAMPLES:
        return pairs
    return tuple(pairs[i * len(pairs) // EXAMPLES] for i in range(EXAMPLES))
