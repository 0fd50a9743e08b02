"""The pictures of docs/fairtown.md.

    python -m experiments.pictures [--out docs/fairtown]

Four clear_day sequences of each test split, evenly spaced; nothing is picked.
"""

import argparse
import io
from pathlib import Path

import numpy as np
from PIL import Image

from fairweather.data import READERS, Dataset, Sample
from fairweather.data.contact_sheet import coloured, shaded, spread
from fairweather.data.town.reader import TOWN_NAMES
from fairweather.vocabulary.domains import DOMAINS
from fairweather.vocabulary.streams import stable_hash


def town(name: str, size: str) -> tuple[Dataset, list[Sample]]:
    """A town's test split, and four of its clear_day samples."""
    reader = READERS["fairtown"]
    dataset = reader.open(name, None, ("test",), reader.card.resolved({"town": name, "size": size}, name))
    return dataset, spread([s for s in dataset.samples if s.domain == "clear_day"], 4)


def seen(dataset: Dataset, sample: Sample, domain: str) -> np.ndarray:
    """The sample's scene in a domain."""
    rng = np.random.Generator(np.random.Philox(stable_hash("docs", dataset.name, sample.id, domain)))
    return dataset.twin(sample, domain, rng)


def grid(pictures: list[np.ndarray], columns: int) -> np.ndarray:
    """Pictures of one size side by side, row by row."""
    return np.concatenate(
        [np.concatenate(pictures[k : k + columns], axis=1) for k in range(0, len(pictures), columns)], axis=0
    )


def everything(name: str, size: str) -> np.ndarray:
    """One scene in seven domains, with label and depth, three by three."""
    dataset, samples = town(name, size)
    pictures = [seen(dataset, samples[0], domain) for domain in DOMAINS]
    return grid(
        [*pictures, coloured(dataset.label(samples[0]), dataset.label_space), shaded(dataset.depth(samples[0]))], 3
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/fairtown"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    towns = {name: town(name, "320x160") for name in TOWN_NAMES}
    sheets = {
        "domains": np.concatenate([everything("north", "256x128"), everything("south", "256x128")], axis=1),
        "towns": np.concatenate([grid([seen(d, s, "clear_day") for s in ss], 1) for d, ss in towns.values()], axis=1),
        "large": grid(
            [
                seen(d, s[1], w)
                for (d, s), w in zip(
                    (town(name, "640x320") for name in TOWN_NAMES),
                    ("dawn_dusk", "night", "rainy", "snowy"),
                    strict=True,
                )
            ],
            2,
        ),
    }
    for name, sheet in sheets.items():
        buffer = io.BytesIO()
        Image.fromarray(sheet).save(buffer, "JPEG", quality=88)
        (options.out / f"{name}.jpg").write_bytes(buffer.getvalue())
        print(options.out / f"{name}.jpg", sheet.shape, f"{len(buffer.getvalue()) / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
