"""Mean tone, contrast and class shares of every town and domain: docs/fairtown/tones.csv, which a test holds the world to.

    python -m experiments.tones [--out docs/fairtown/tones.csv]

Over 24 training scenes of each town, each from a sequence of its own, rendered in all domains. Tone and contrast are the mean and
the standard deviation of luma (Rec. 601, 0 .. 255) over all pixels; shares are per cent of labelled pixels.
"""

import argparse
import csv
from pathlib import Path

import numpy as np

from fairweather.data import READERS
from fairweather.data.contact_sheet import spread
from fairweather.data.town.reader import TOWN_NAMES
from fairweather.vocabulary.domains import DOMAINS
from fairweather.vocabulary.streams import stable_hash

SCENES, SIZE = 24, "128x64"
LUMA = np.array([299, 587, 114])


def rows(town: str, scenes: int = SCENES) -> list[dict[str, object]]:
    """A row per domain: tone, contrast; and the class shares, which are the same in all."""
    reader = READERS["fairtown"]
    dataset = reader.open(town, None, ("train",), reader.card.resolved({"town": town, "size": SIZE}, town))
    samples = spread(dataset.samples, scenes)
    counts = sum(np.bincount(dataset.label(s).ravel(), minlength=256)[:19] for s in samples)
    shares = {
        n: round(100 * float(c / counts.sum()), 2) for n, c in zip(dataset.label_space.classes, counts, strict=True)
    }
    found: list[dict[str, object]] = []
    for domain in DOMAINS:
        luma = []
        for sample in samples:
            rng = np.random.Generator(np.random.Philox(stable_hash("tones", town, sample.id, domain)))
            luma.append(dataset.twin(sample, domain, rng) @ LUMA / 1000)
        pixels = np.stack(luma)
        tone, contrast = round(float(pixels.mean()), 1), round(float(pixels.std(axis=(1, 2)).mean()), 1)
        found.append({"town": town, "domain": domain, "tone": tone, "contrast": contrast, **shares})
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/fairtown/tones.csv"))
    options = parser.parse_args()
    table = [row for town in TOWN_NAMES for row in rows(town)]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with options.out.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, table[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
    for row in table:
        print(row["town"], row["domain"], row["tone"], row["contrast"])


if __name__ == "__main__":
    main()
