"""A pool on disk, read as a data set: generated images by file, labels by reference to their sources."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from fairweather.data import Dataset, Row, Sample
from fairweather.data.decode import decode_image, file_digest
from fairweather.errors import StoreError
from fairweather.store.files import read_json
from fairweather.store.layout import Layout
from fairweather.study import PoolPlan
from fairweather.vocabulary.labels import LabelSpace

MANIFEST = "manifest.parquet"
CHECKS = "checks.parquet"  # what the gate measured on each image; none for a pool that keeps its domain
GALLERY = "gallery"  # of each target domain, the images to look at first
QUALITY = "quality.json"  # how good its images are: measured when the units have run, and no part of what the pool is


def item_id(source: str, domain: str) -> str:
    """The id of a generated sample: its source and its target domain."""
    return f"{source}->{domain}"


def gate_name(domains: Sequence[str], share: float, real: str = "") -> str:
    """The file of the gate's record for a context of a data set; what it admits names it, not what a study calls it.

    Args:
        real: fingerprint of the real images that are admitted; "" of a record from before data sets could share a pool.
    """
    return f"gate-{'-'.join(domains)}-{share:g}{real and f'-{real[:12]}'}.json"


@dataclass(frozen=True)
class GateRecord:
    """What the gate recorded of a planned pool, for the units of one data set and context."""

    pool: Mapping[str, Any]
    dataset: str
    context: str
    record: Mapping[str, Any]


def gate_records(layout: Layout, plan: Mapping[str, Any]) -> Iterator[GateRecord]:
    """What the gate has recorded of the planned pools: for each data set that takes from one, in each context."""
    for pool in plan["pools"]:
        takers = dict.fromkeys((u["dataset"], u["context"]) for u in plan["units"] if u["pool"] == pool["id"])
        for dataset, context in takers:
            spec, real = plan["contexts"][context], plan["data"][dataset].get("admitted", {}).get(context, "")
            names = [gate_name(spec["domains"], spec["share"], real)] if real else []
            # Finished units are not judged again: a record from before data sets could share a pool is about its first one.
            names += [gate_name(spec["domains"], spec["share"])] if dataset == pool["dataset"] else []
            path = next((path for name in names if (path := layout.pool(pool["id"]) / name).is_file()), None)
            if path:
                yield GateRecord(pool, dataset, context, read_json(path))


@dataclass(frozen=True)
class Pool(Dataset):
    """A whole pool: each sample's image is a file of the pool, its label is that of its source."""

    name: str
    folder: Path
    source: Dataset
    samples: tuple[Sample, ...]
    label_space: LabelSpace
    rows: tuple[Row, ...]
    origins: dict[str, Sample]

    def image(self, sample: Sample) -> np.ndarray:
        return decode_image(self.folder / sample.image)

    def label(self, sample: Sample) -> np.ndarray:
        return self.source.label(self.origins[sample.id])

    def content(self, sample: Sample) -> tuple[str, str]:
        return file_digest(self.folder / sample.image), self.source.content(self.origins[sample.id])[1]

    @property
    def sources(self) -> dict[str, str]:
        """Generated id -> id of the real sample it was made from."""
        return {id: origin.id for id, origin in self.origins.items()}


def open_pool(plan: PoolPlan, folder: Path, source: Dataset) -> Pool:
    """The pool in `folder`.

    Raises:
        StoreError: the manifest is missing or names other images or sources than the plan, or a file is not the manifest's.
    """
    if not (folder / MANIFEST).is_file():
        raise StoreError(f"{folder}: no whole pool there; run the study again to make it")
    if problems := pool_problems(folder):
        first = problems[0]
        raise StoreError(f"{folder / first['file']}: {first['problem']}; delete {folder} and run again")
    table = {row["id"]: row for row in pq.read_table(folder / MANIFEST).to_pylist()}
    rows, origins = [], {}
    for row, domain in plan.items:
        id = item_id(row.sample.id, domain)
        record = table.get(id)
        if record is None or record["source_sha256"] != row.image_sha256:
            raise StoreError(
                f"{folder / MANIFEST}: has no {id} made from this study's source; delete {folder} and run again"
            )
        sample = Sample(id, row.sample.split, domain, row.sample.group, record["file"], row.sample.label)
        pixels = record["pixels"], row.label_pixels
        rows.append(Row(sample, record["sha256"], row.label_sha256, *pixels, row.size, row.histogram))
        origins[id] = row.sample
    samples = tuple(row.sample for row in rows)
    return Pool(f"pool {plan.id}", folder, source, samples, source.label_space, tuple(rows), origins)


def pool_problems(folder: Path) -> list[dict[str, str]]:
    """One row for each image of a pool that is missing or is not the one its manifest names."""
    if not (folder / MANIFEST).is_file():
        return [{"pool": folder.name, "file": MANIFEST, "problem": "missing"}]
    rows = []
    for record in pq.read_table(folder / MANIFEST, columns=["file", "sha256"]).to_pylist():
        path = folder / record["file"]
        if not path.is_file():
            rows.append({"pool": folder.name, "file": record["file"], "problem": "missing"})
        elif file_digest(path) != record["sha256"]:
            rows.append({"pool": folder.name, "file": record["file"], "problem": "other bytes than the manifest's"})
    return rows
