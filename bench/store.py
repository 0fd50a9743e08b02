"""A synthetic study folder as `run` leaves one: many finished units with counts by image and by group, nothing trained."""

import json
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from fairweather.study import StudyFile, digest
from fairweather.vocabulary.domains import DOMAINS
from fairweather.vocabulary.labels import label_space

SPACE = label_space("cityscapes19")
DATASETS, MODELS = ("alpha", "beta", "gamma", "delta"), ("cnn", "pyramid", "transformer")
STRATEGIES = ("baseline", *(f"gen_{i:02d}" for i in range(21)), *(f"std_{i}" for i in range(5)))
CONTEXTS = ("stage1", "stage2")
LEVEL = {"alpha": 0.55, "beta": 0.6, "gamma": 0.5, "delta": 0.65}  # of the IoU of a data set


def synthetic_store(out: Path, seeds: int = 2, images: int = 500, groups: int = 100, full: bool = True) -> int:
    """Write the folder and return the number of units: 27 strategies x 4 data sets x 3 models x 2 contexts x seeds.

    Args:
        images, groups: test images of a unit, and the groups they are of, spread over the seven domains.
        full: also write images.parquet.
    """
    rng = np.random.default_rng(0)
    domain_of_group = np.arange(groups) % len(DOMAINS)
    group_of_image = np.sort(np.arange(images) % groups)
    domain_of_image = domain_of_group[group_of_image]
    names = {"group": [f"g{g:03d}" for g in group_of_image], "domain": [DOMAINS[d] for d in domain_of_image]}
    names["image"] = [f"i{i:04d}" for i in range(images)]
    labelled = {d: rng.integers(200, 20_000, (images, len(SPACE.classes))) for d in DATASETS}
    recorded = {
        "commit": "synthetic",
        "device": "cpu",
        "device_name": "none",
        "python": "3.11",
        "versions": {"numpy": "2.0"},
    }
    units = []
    for dataset, model, context, strategy, seed in product(DATASETS, MODELS, CONTEXTS, STRATEGIES, range(seeds)):
        identity = {"recipe": {"precision": "fp32"}, "unit": [dataset, model, context, strategy, seed]}
        id, evaluation = digest(identity), digest({"test": dataset})
        units.append(_unit(id, evaluation, dataset, model, context, strategy, seed))
        folder = out / "units" / id
        scored = folder / "evaluations" / evaluation
        scored.mkdir(parents=True)
        _json(folder / "unit.json", {"id": id, "identity": identity, "recorded": recorded, "schema": 1})
        _json(folder / "receipt.json", _receipt(strategy))
        _json(scored / "evaluation.json", {"id": evaluation, "recorded": recorded})
        skill = LEVEL[dataset] + 0.01 * rng.normal() + 0.05 * rng.normal(size=(images, 1))
        hit, predicted = _counts(rng, labelled[dataset], skill)
        if full:
            _table(scored / "images.parquet", names, hit, predicted, labelled[dataset])
        summed = [np.stack([c[group_of_image == g].sum(axis=0) for g in range(groups)]) for c in
                  (hit, predicted, labelled[dataset])]  # fmt: skip
        of_groups = {"group": [f"g{g:03d}" for g in range(groups)], "domain": [DOMAINS[d] for d in domain_of_group]}
        _table(scored / "groups.parquet", of_groups, *summed)
    out.joinpath("study.yaml").write_text("name: synthetic\n")
    _json(out / "plan.json", _plan(units, labelled, domain_of_image, group_of_image))
    return len(units)


def _counts(rng: np.random.Generator, labelled: np.ndarray, skill: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    share = np.clip(skill + 0.1 * rng.normal(size=labelled.shape), 0.02, 0.98)
    hit = (labelled * share).astype(np.int64)
    return hit, hit + (labelled * 0.3 * rng.random(labelled.shape)).astype(np.int64)


def _table(
    path: Path, names: dict[str, list[str]], hit: np.ndarray, predicted: np.ndarray, labelled: np.ndarray
) -> None:
    rows, classes = hit.shape
    columns: dict[str, Any] = {
        key: pa.array(np.repeat(values, classes).tolist()).dictionary_encode() for key, values in names.items()
    }
    columns["label_space"] = pa.array([SPACE.name] * (rows * classes)).dictionary_encode()
    columns["class"] = pa.array(list(SPACE.classes) * rows).dictionary_encode()
    for key, counts in (("intersection", hit), ("predicted", predicted), ("labelled", labelled)):
        columns[key] = counts.ravel()
    pq.write_table(pa.table(columns), path, compression="zstd")


def _unit(id: str, evaluation: str, dataset: str, model: str, context: str, strategy: str, seed: int) -> dict[str, Any]:
    family = {"baseline": "none"}.get(strategy, strategy[:3])
    return {
        "id": id, "evaluation": evaluation, "dataset": dataset, "context": context, "strategy": strategy, "family": family,
        "control": strategy == "baseline", "model": model, "seed": seed, "steps": 300,
        "generated_share": 0.5 if family == "gen" else 0.0, "pool": None,
    }  # fmt: skip


def _receipt(strategy: str) -> dict[str, Any]:
    samples = {"real clear_day": 1200, "generated foggy": 1200} if strategy[:3] == "gen" else {"real clear_day": 2400}
    return {
        "acts": {}, "batch": 8, "distinct_generated": 0, "distinct_real": 400, "geometry": ["0"] * 8, "num_classes": 19,
        "order": ["0"] * 8, "samples": samples, "schema": 1, "slots_hashed": 314, "steps": 300,
    }  # fmt: skip


def _plan(
    units: list[dict[str, Any]],
    labelled: dict[str, np.ndarray],
    domain_of_image: np.ndarray,
    group_of_image: np.ndarray,
) -> dict[str, Any]:
    file = StudyFile.model_validate({
        "name": "synthetic", "data": {"toy": {"reader": "toy"}}, "contexts": {c: {"domains": "all"} for c in CONTEXTS},
        "strategies": ["baseline", "std_cutmix"], "models": ["toy_fcn"], "seeds": [0],
        "compare": {"contexts": list(CONTEXTS)}, "splits": {"train": ["train"], "test": ["test"]},
    })  # fmt: skip
    support, data = [], {}
    for dataset in DATASETS:
        by_domain = {}
        for d, domain in enumerate(DOMAINS):
            here = domain_of_image == d
            by_domain[domain] = [int(n) for n in labelled[dataset][here].sum(axis=0)]
            n_groups = len(np.unique(group_of_image[here]))
            support += [
                {
                    "dataset": dataset, "label_space": SPACE.name, "domain": domain, "n_images": int(here.sum()),
                    "n_groups": n_groups, "domain_supported": True, "class": name, "class_images": int(here.sum()),
                    "class_groups": n_groups, "supported": True,
                }
                for name in SPACE.classes
            ]  # fmt: skip
        data[dataset] = {
            "reader": "toy", "official_splits": True, "label_space": SPACE.name, "fingerprint_train": "0" * 64,
            "fingerprint_test": "1" * 64, "labelled": by_domain,
            "groups": [
                {"side": "test", "split": "test", "domain": DOMAINS[g % len(DOMAINS)], "group": f"g{g:03d}", "images": 5}
                for g in range(int(group_of_image.max()) + 1)
            ],
        }  # fmt: skip
    contexts = {c: {"domains": list(DOMAINS), "share": 1.0} for c in CONTEXTS}
    return {
        "schema": 1, "study": "synthetic", "settings": file.model_dump(mode="json"), "baseline": "baseline", "shorter": None,
        "contexts": contexts, "units": units, "pools": [], "data": data, "support": support, "estimate": None,
    }  # fmt: skip


def _json(path: Path, record: dict[str, Any]) -> None:
    path.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n")
