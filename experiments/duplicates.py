"""What the two hashes of data/duplicates.py join, in each weather: docs/splits.csv.

    python -m experiments.duplicates [--camvid ROOT] [--out docs/splits.csv]

Fairtown: 100 streets of the town north, each rendered in all seven domains at 192 x 96, so that domains are compared on the same
places. CamVid: all frames, of five sequences. `pairs` are pairs of images of one domain and different groups (streets,
sequences); `first_K` of them the difference hash joins at K bits, `both_K` with the detail hash too. `copies` are altered copies
(JPEG of quality 50, half the size, 1 % cut off left and right, gamma 1.3, 15 % brighter); `found_first` and `found_both` per cent
of them are found at 6 bits.
"""

import argparse
import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from fairweather.data import READERS
from fairweather.data.duplicates import DETAIL_DISTANCE, DISTANCE, close_pairs
from fairweather.data.encode import encode
from fairweather.data.manifest import detail_hash, difference_hash
from fairweather.vocabulary.domains import DOMAINS, in_order
from fairweather.vocabulary.streams import stable_hash

STREETS, SIZE = 100, "192x96"
DISTANCES = (DISTANCE, 10)


def compressed(image: np.ndarray) -> np.ndarray:
    stored = np.frombuffer(encode(image, "jpeg", 50), np.uint8)
    return cv2.cvtColor(cv2.imdecode(stored, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


def halved(image: np.ndarray) -> np.ndarray:
    return cv2.resize(image, (image.shape[1] // 2, image.shape[0] // 2), interpolation=cv2.INTER_AREA)


def cropped(image: np.ndarray) -> np.ndarray:
    cut = max(image.shape[1] // 100, 1)
    return image[:, cut:-cut]


def darkened(image: np.ndarray) -> np.ndarray:
    return np.rint(255 * (image / 255.0) ** 1.3).astype(np.uint8)


def brightened(image: np.ndarray) -> np.ndarray:
    return np.clip(image * 1.15 + 8, 0, 255).astype(np.uint8)


ALTERED: tuple[Callable[[np.ndarray], np.ndarray], ...] = (compressed, halved, cropped, darkened, brightened)


def fairtown() -> Iterator[tuple[str, str, np.ndarray]]:
    """(domain, street, image)."""
    reader = READERS["fairtown"]
    town = reader.open("north", None, ("train",), reader.card.resolved({"town": "north", "size": SIZE}, "north"))
    streets = list({sample.group: sample for sample in town.samples}.values())[:STREETS]
    for domain in DOMAINS:
        for sample in streets:
            rng = np.random.Generator(np.random.Philox(stable_hash("duplicates", sample.id, domain)))
            yield domain, sample.group, town.twin(sample, domain, rng)


def camvid(root: Path) -> Iterator[tuple[str, str, np.ndarray]]:
    """(domain, sequence, image)."""
    reader = READERS["camvid"]
    dataset = reader.open("camvid", root, ("train", "val", "test"), reader.card.resolved({}, "camvid"))
    for sample in dataset.samples:
        yield sample.domain, sample.group, dataset.image(sample)


Hashes = tuple[np.ndarray, np.ndarray]


def hashes(images: Sequence[np.ndarray]) -> Hashes:
    """(N,) and (N, 4) uint64."""
    fine = np.frombuffer(b"".join(detail_hash(image) for image in images), np.uint64).reshape(len(images), -1)
    return np.array([difference_hash(image) for image in images], np.uint64), fine


def rows(name: str, images: Iterator[tuple[str, str, np.ndarray]]) -> Iterator[dict[str, object]]:
    """A row per domain."""
    found: dict[str, list[tuple[str, Hashes, list[Hashes]]]] = {}
    for domain, group, image in images:
        copies = [hashes([alter(image)]) for alter in ALTERED]
        found.setdefault(domain, []).append((group, hashes([image]), copies))
    for domain in in_order(found):
        groups = np.array([group for group, _, _ in found[domain]])
        coarse, fine = (np.concatenate([own[part] for _, own, _ in found[domain]]) for part in (0, 1))
        pairs = int((groups[:, None] != groups).sum()) // 2
        row: dict[str, object] = {"data set": name, "domain": domain, "images": len(groups), "pairs": pairs}
        for distance in DISTANCES:
            first = both = 0
            for i, j in close_pairs(coarse, coarse, distance):
                kept = (i < j) & (groups[i] != groups[j])
                first += int(kept.sum())
                both += int((kept & (apart(fine[i], fine[j]) <= DETAIL_DISTANCE)).sum())
            row |= {f"first_{distance}": first, f"both_{distance}": both}
        near = [
            (int(np.bitwise_count(own[0] ^ copy[0])[0]) <= DISTANCE, int(apart(own[1], copy[1])[0]) <= DETAIL_DISTANCE)
            for _, own, copies in found[domain]
            for copy in copies
        ]
        row["copies"] = len(near)
        row["found_first"] = round(100 * float(np.mean([first for first, _ in near])), 1)
        row["found_both"] = round(100 * float(np.mean([first and second for first, second in near])), 1)
        yield row


def apart(details: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(N,) bits in which (N, 4) uint64 differ."""
    return np.bitwise_count(details ^ others).sum(axis=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--camvid", type=Path, default=Path("../shared/data/camvid"))
    parser.add_argument("--out", type=Path, default=Path("docs/splits.csv"))
    options = parser.parse_args()
    table = [*rows("fairtown", fairtown()), *rows("camvid", camvid(options.camvid))]
    with options.out.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, table[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
    for row in table:
        print(*row.values())


if __name__ == "__main__":
    main()
