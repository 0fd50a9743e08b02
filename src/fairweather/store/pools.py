"""A pool on disk, read as a data set: generated images by file, labels by reference to their sources."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from fairweather.data import Dataset, Row, Sample
from fairweather.data.decode import decode_image, file_digest
from fairweather.errors import StoreError
from fairweather.study import PoolPlan
from fairweather.vocabulary.labels import LabelSpace

MANIFEST = "manifest.parquet"


def item_id(source: str, domain: str) -> str:
    """The id of a generated sample: its source and its target domain."""
    return f"{source}->{domain}"


@dataclass(frozen=True)
class Pool(Dataset):
    """A whole pool: each sample's image is a file of the pool, its label is that of its source."""

    name: str
    folder: Path
    source: Dataset
    samples: tuple[Sample, ...]
    label_space: LabelSpace
    rows: tuple[Row, ...]
    sources: dict[str, str]

    def image(self, sample: Sample) -> np.ndarray:
        return decode_image(self.folder / sample.image)

    def label(self, sample: Sample) -> np.ndarray:
        return self.source.label(self._origin(sample))

    def content(self, sample: Sample) -> tuple[str, str]:
        return file_digest(self.folder / sample.image), self.source.content(self._origin(sample))[1]

    def _origin(self, sample: Sample) -> Sample:
        # Labels are read by reference: the source's sample with the pool's own fields changed back.
        return replace(sample, id=self.sources[sample.id])


def open_pool(plan: PoolPlan, folder: Path, source: Dataset) -> Pool:
    """The pool in `folder`.

    Raises:
        StoreError: the manifest is missing, or names other images than the plan.
    """
    if not (folder / MANIFEST).is_file():
        raise StoreError(f"{folder}: no whole pool there; run the study again to make it")
    table = {row["id"]: row for row in pq.read_table(folder / MANIFEST).to_pylist()}
    rows, sources = [], {}
    for row, domain in plan.items:
        id = item_id(row.sample.id, domain)
        if id not in table:
            raise StoreError(f"{folder / MANIFEST}: does not list {id}; delete the pool and run again")
        record = table[id]
        sample = Sample(id, row.sample.split, domain, row.sample.group, record["file"], row.sample.label)
        rows.append(Row(sample, record["sha256"], row.label_sha256, row.size, row.histogram))
        sources[id] = row.sample.id
    samples = tuple(row.sample for row in rows)
    return Pool(f"pool {plan.id}", folder, source, samples, source.label_space, tuple(rows), sources)


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
