"""The pictures of docs/generated-images.md: what each generator makes of two streets of Fairtown.

    python -m experiments.strategies [--out docs/strategies]

The first sequence of two towns; nothing is picked. Rows: the source and the six target domains; oracle last, for comparison.
"""

import argparse
from pathlib import Path

import numpy as np

from fairweather.data import READERS, index
from fairweather.data.contact_sheet import captioned
from fairweather.data.encode import encode
from fairweather.engine.generate import given, make_batch
from fairweather.study import Material, PoolPlan, PoolSpec, pool_plans, reader_identity, resolve

STRATEGIES = (
    "gen_automold",
    "gen_albumentations_weather",
    "gen_augmenters",
    "gen_Weather_Effect_Generator",
    "gen_oracle",
)
TOWNS, SIZE = ("north", "south"), "384x192"


def pool(strategy: str, town: str) -> tuple[PoolPlan, Material]:
    """The pool of a strategy from a town's first clear_day test scene; no study takes one from test images."""
    reader = READERS["fairtown"]
    dataset = reader.open(town, None, ("test",), reader.card.resolved({"town": town, "size": SIZE}, town))
    dataset = dataset.only([next(s for s in dataset.samples if s.domain == "clear_day")])
    manifest = index(dataset)
    material = Material(dataset, manifest, manifest.rows, ())
    identity = reader_identity("fairtown")
    arm = resolve(strategy, None, "strategies")
    return pool_plans(arm, town, material, manifest.rows, PoolSpec(), None, identity, "docs", "docs")[0], material


def column(strategy: str, town: str) -> np.ndarray:
    """The source and what the strategy makes of it, three by three."""
    plan, material = pool(strategy, town)
    row = material.train[0]
    source = given(plan, material.dataset, row)
    cells = [captioned(source.image, f"source, {town}")]
    for item in plan.items:
        cells.append(captioned(make_batch(plan, plan.generator, [item], [source])[0], item[1]))
    cells += [np.full_like(cells[0], 255)] * (-len(cells) % 4)
    return np.concatenate([np.concatenate(cells[k : k + 4], axis=1) for k in range(0, len(cells), 4)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("docs/strategies"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for strategy in STRATEGIES:
        sheet = np.concatenate([column(strategy, town) for town in TOWNS])
        (options.out / f"{strategy}.jpg").write_bytes(encode(sheet, "jpeg", 82))


if __name__ == "__main__":
    main()
