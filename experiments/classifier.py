"""Can a domain be named from its picture, and not only from its tone?

    python -m experiments.classifier [--out docs/fairtown/classifier.csv]

A small network (MobileNetV3-small, half width, random weights) names the domain of test scenes of all four towns, each
rendered in all seven domains. Twice: on the pictures as they are, and on pictures that all have the same mean and the same
spread in every channel, so that brightness, contrast and tint say nothing.
"""

import argparse
import csv
from pathlib import Path

import numpy as np
import timm
import torch

from experiments.training import batch_of, fit
from fairweather.data import READERS, Dataset, Sample
from fairweather.data.contact_sheet import spread
from fairweather.data.town.reader import TOWN_NAMES
from fairweather.vocabulary.domains import DOMAINS
from fairweather.vocabulary.streams import stable_hash

SIZE = "192x96"
TRAIN, TEST = 100, 40  # scenes of each town, each from a sequence of its own
STEPS, BATCH = 1000, 16


def pictures(split: str, scenes: int) -> tuple[np.ndarray, np.ndarray]:
    """(N, H, W, 3) uint8 and (N,) domain numbers: scenes of every town in every domain."""
    images, domains = [], []
    for town in TOWN_NAMES:
        dataset = READERS["fairtown"].open(
            town, None, (split,), READERS["fairtown"].card.resolved({"town": town, "size": SIZE}, town)
        )
        for sample in spread(dataset.samples, scenes):
            for number, domain in enumerate(DOMAINS):
                images.append(_in(dataset, sample, domain))
                domains.append(number)
    return np.stack(images), np.array(domains)


def _in(dataset: Dataset, sample: Sample, domain: str) -> np.ndarray:
    rng = np.random.Generator(np.random.Philox(stable_hash("classifier", dataset.name, sample.id, domain)))
    return dataset.twin(sample, domain, rng)


def matched(images: np.ndarray) -> np.ndarray:
    """Every channel of every picture moved to mean 128 and standard deviation 48, values beyond 0 .. 255 cut."""
    pixels = images.astype(np.float32)
    mean, spread_ = pixels.mean((1, 2), keepdims=True), pixels.std((1, 2), keepdims=True)
    moved: np.ndarray = np.clip(128 + 48 * (pixels - mean) / np.maximum(spread_, 1), 0, 255).astype(np.uint8)
    return moved


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/fairtown/classifier.csv"))
    options = parser.parse_args()
    torch.set_num_threads(1)
    (images, domains), (test, truth) = pictures("train", TRAIN), pictures("test", TEST)
    target, rows = torch.from_numpy(domains), []
    for arm, change in {"as they are": lambda x: x, "matched in mean and spread": matched}.items():
        torch.manual_seed(0)
        model = timm.create_model("mobilenetv3_small_050", num_classes=len(DOMAINS))
        fit(
            model,
            lambda x, chosen, _, model=model: torch.nn.functional.cross_entropy(model(x), target[chosen]),  # type: ignore[misc]
            change(images),
            STEPS,
            seed=0,
            batch=BATCH,
        )
        with torch.no_grad():
            guess = np.concatenate(
                [model(batch_of(part)).argmax(1).numpy() for part in np.array_split(change(test), len(test) // 32)]
            )
        for number, domain in enumerate(DOMAINS):
            named = np.bincount(guess[truth == number], minlength=len(DOMAINS))
            rows.append([arm, domain, f"{100 * named[number] / named.sum():.1f}", *named])
        rows.append([arm, "all", f"{100 * (guess == truth).mean():.1f}", *np.bincount(guess, minlength=len(DOMAINS))])
        print(*rows[-1], flush=True)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with options.out.open("w", newline="", encoding="utf-8") as lines:
        header = ["pictures", "domain", "named_right_percent", *(f"named_{domain}" for domain in DOMAINS)]
        csv.writer(lines, lineterminator="\n").writerows([header, *rows])


if __name__ == "__main__":
    main()
