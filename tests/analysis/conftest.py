"""Hand-made worlds: tables of counts whose right answer is known, and the per-cell table of the reference study."""

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from fairweather.analysis import Settings
from fairweather.analysis.spread import Layout, arrange
from fairweather.analysis.table import Block, Scores

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "reference" / "prove_stage1_domains.csv"
CLASSES = ("road", "sky", "car", "pole")
PIXELS = 10**9

Effect = Callable[[str, str, str, str], float]


def family_of(strategy: str) -> tuple[str, bool]:
    """(family, control) of a name, as the registry has it."""
    if strategy == "baseline":
        return "none", True
    prefix = strategy.split("_")[0]
    return prefix, prefix == "placebo" or strategy == "gen_oracle"


def make_world(
    effect: Effect,
    strategies: tuple[str, ...],
    *,
    contexts: tuple[str, ...] = ("stage1", "stage2"),
    seeds: int = 3,
    sd: float = 0.1,
    cells: tuple[tuple[str, str], ...] = (("toy", "tiny"),),
    domains: tuple[str, ...] = ("clear_day", "night"),
    steps: int = 300,
    n_groups: int = 12,
    draw: int = 0,
) -> pa.Table:
    """results.parquet of a study in which strategy s adds effect(context, s, domain, class) points; sd is the run noise."""
    rng = np.random.default_rng([draw, 7])
    rows: list[dict[str, Any]] = []
    for context in contexts:
        for dataset, model in cells:
            for seed in range(seeds):
                shared = rng.normal(0, 0.5)
                for strategy in strategies:
                    run = shared + rng.normal(0, sd)
                    family, control = family_of(strategy)
                    unit = f"{context}-{dataset}-{model}-{strategy}-{seed}"
                    for domain in domains:
                        part = rng.normal(0, sd / 4)
                        for index, name in enumerate(CLASSES):
                            iou = 50 - 5 * index + run + part + rng.normal(0, sd / 4)
                            iou += effect(context, strategy, domain, name)
                            hit = round(2 * PIXELS * iou / (100 + iou))
                            rows.append({
                                "unit": unit, "dataset": dataset, "context": context, "strategy": strategy, "family": family,
                                "model": model, "control": control, "seed": seed, "steps": steps, "generated_share": 0.0,
                                "label_space": "toy4", "domain": domain, "class": name, "class_index": index,
                                "small": name == "pole", "intersection": hit, "predicted": PIXELS, "labelled": PIXELS,
                                "n_images": 60, "n_groups": n_groups, "class_images": 60, "class_groups": n_groups,
                                "domain_supported": True, "supported": True, "iou": iou,
                            })  # fmt: skip
    return pa.Table.from_pylist(rows)


def settings_of(contexts: tuple[str, ...] = ("stage1", "stage2"), **changes: Any) -> Settings:
    """The settings that go with a world."""
    given: Mapping[str, Any] = {
        "baseline": "baseline", "contexts": contexts, "metric": "domain_mean", "smallest_gain": 0.3, "label_space": "toy4",
        "steps": 300,
    }  # fmt: skip
    return Settings(**{**given, **changes})


@pytest.fixture(scope="session", name="make_world")
def world_maker() -> Callable[..., pa.Table]:
    return make_world


@pytest.fixture
def laid() -> Callable[..., Layout]:
    """(y, K, cells, seeds) -> the layout of float64 (arms, cells x seeds) values: K strategies, the baseline, controls."""

    def make(y: np.ndarray, K: int, cells: int, seeds: int = 1) -> Layout:
        arms = (*(f"s{k}" for k in range(K)), "baseline", *(f"placebo_{k}" for k in range(len(y) - K - 1)))
        layout = arrange(y, arms, K, tuple(Block(f"d{c}", "m", s) for c in range(cells) for s in range(seeds)))
        assert isinstance(layout, Layout)
        return layout

    return make


@pytest.fixture(scope="session")
def make_settings() -> Callable[..., Settings]:
    return settings_of


@pytest.fixture(scope="session")
def reference_rows() -> list[dict[str, str]]:
    """The rows of the reference study's per-domain table; the tests that need it are skipped where it is not there."""
    if not REFERENCE.is_file():
        pytest.skip(f"{REFERENCE} is not there: the reference results are not part of the repository")
    with REFERENCE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:  # the one spelling that differs from the registry's
        row["strategy"] = row["strategy"].replace("photometric_distort", "std_photometric_distort").replace(
            "std_std_", "std_"
        )  # fmt: skip
    return rows


@pytest.fixture(scope="session")
def reference(reference_rows: list[dict[str, str]]) -> Scores:
    """The reference study: the image-weighted mean of the domains, 26 strategies and the baseline in 12 cells."""
    names = list(dict.fromkeys(row["strategy"] for row in reference_rows))
    strategies = tuple(name for name in names if name != "baseline")
    blocks = tuple(sorted({Block(row["dataset"], row["model"], 0) for row in reference_rows}))
    total, weight = np.zeros((2, len(strategies) + 1, len(blocks)))
    for row in reference_rows:
        at = (*strategies, "baseline").index(row["strategy"]), blocks.index(Block(row["dataset"], row["model"], 0))
        total[at] += float(row["mIoU"]) * int(row["num_images"])
        weight[at] += int(row["num_images"])
    families = {name: name.split("_")[0] for name in strategies}
    return Scores(
        "image_weighted", ("stage1",), strategies, "baseline", (), families, blocks, ("",), (total / weight)[None, None]
    )  # fmt: skip


@pytest.fixture(scope="session")
def reference_layout(reference: Scores) -> Layout:
    layout = arrange(reference.of("stage1"), reference.arms, len(reference.strategies), reference.blocks)
    assert isinstance(layout, Layout)
    return layout
