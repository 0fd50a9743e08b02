"""Indexing a data set on disk: what did not change since the last time is not read again.

What was found is kept in the user's cache, one Parquet file for each root, reader and options, and beside it a folder with what
an interrupted run had read. All of it is a cache: what cannot be read is made anew, and a row is taken over only if size and
time of both files are those it was made from.
"""

import os
import time
from collections import deque
from collections.abc import Generator, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from fairweather.data import Dataset, Manifest, Row, Sample, index
from fairweather.data.dataset import COMMON, Stamp
from fairweather.data.manifest import Described, describe
from fairweather.data.manifest_table import manifest_rows, manifest_table
from fairweather.errors import DataError, MachineError, StoreError
from fairweather.kernels import user_cache
from fairweather.launch.executors import local
from fairweather.launch.progress import Progress
from fairweather.store.files import write_table
from fairweather.study import reader_identity
from fairweather.study.units import digest

CHUNK = 64  # images that are handed to a process at once
KEEP_SECONDS = 10.0  # at most about this much reading is lost when a run is killed
WORTH_SECONDS = 4.0  # of reading, for processes to be started, which takes each about a second


@dataclass(frozen=True)
class Source:
    """What was opened, for the cache to be found: the reader's name, its root (None: embedded), its options, and the splits."""

    reader: str
    root: Path | None
    options: Mapping[str, str]
    splits: tuple[str, ...]


@dataclass(frozen=True)
class Indexed:
    """A data set with its manifest, and what indexing it found.

    Args:
        dataset: without the samples that could not be read, which `dataset.skipped` names.
        new, changed, vanished: ids, against the manifest of the last time; broken: ids that were left out.
        path: where the manifest is kept; None for embedded data.
    """

    dataset: Dataset
    manifest: Manifest
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    path: Path | None = None


def indexed(dataset: Dataset, source: Source, progress: Progress, workers: int = 1) -> Indexed:
    """The manifest of an opened data set; of data on disk only what is new or changed is decoded.

    Args:
        workers: processes that may be started if there is much to read.

    Raises:
        DataError: of the first image, in the order of ids, that cannot be read, unless the options say `skip_broken: yes`.
    """
    if source.root is None:
        with progress.ticks(f"reading {dataset.name}", len(dataset.samples)) as tick:
            return Indexed(dataset, index(dataset, tick))
    made_from, skip = _made_from(dataset, source), source.options.get("skip_broken") == "yes"
    path = manifest_path(source, made_from)
    before = {row.sample.id: row for row in _rows(path, made_from)}
    parts = _Parts(path, made_from)
    samples = sorted(dataset.samples, key=lambda sample: sample.id)
    rows = {}
    for sample in samples:
        if row := _still(dataset, sample, (before.get(sample.id), parts.found.get(sample.id))):
            rows[sample.id] = row
    due = dataset.only(sample for sample in samples if sample.id not in rows)
    broken: list[tuple[str, str]] = []
    if due.samples:
        phase = progress.phase(f"reading {dataset.name}", len(due.samples))
        with phase as tell, closing(_described(due, skip, workers)) as described, parts:
            for part in described:
                rows |= {row.sample.id: row for row in part.rows}
                broken += part.broken
                if broken and not skip:
                    raise DataError(broken[0][1])
                parts.add(part.rows)
                tell(len(broken) + parts.added)
    found = tuple(rows[sample.id] for sample in samples if sample.id in rows)
    asked = {sample.id for sample in samples}
    gone = tuple(id for id, row in before.items() if id not in asked and row.sample.split in source.splits)
    others = (row for id, row in before.items() if id not in asked and row.sample.split not in source.splits)
    whole = tuple(sorted([*found, *others], key=lambda row: row.sample.id))
    kept = whole == tuple(before.values()) or parts.replaced_by(whole, progress)
    if broken:
        left = dataset.only(sample for sample in dataset.samples if sample.id in rows)
        dataset = replace(left, skipped=(*dataset.skipped, *(line for _, line in broken)))  # type: ignore[type-var]
    return Indexed(
        dataset,
        Manifest(dataset.name, dataset.label_space, found),
        tuple(row.sample.id for row in found if row.sample.id not in before),
        tuple(row.sample.id for row in found if _stamps(before.get(row.sample.id, row)) != _stamps(row)),
        gone,
        tuple(id for id, _ in broken),
        path if kept else None,
    )


def write_manifest(found: Indexed, source: Source, path: Path) -> None:
    """The manifest as a Parquet file of the user's own."""
    write_table(path, manifest_table(found.manifest.rows, _made_from(found.dataset, source)))


def index_folder() -> Path:
    """Where manifests are kept: FAIRWEATHER_INDEX_DIR if that is set, else in the user's cache."""
    own = os.environ.get("FAIRWEATHER_INDEX_DIR")
    return Path(own) if own else user_cache() / "indexes"


def manifest_path(source: Source, made_from: Mapping[str, object]) -> Path:
    """The file of one root, reader and options."""
    return index_folder() / f"{source.reader}-{digest({'root': str(source.root), **made_from})}.parquet"


def _made_from(dataset: Dataset, source: Source) -> dict[str, object]:
    """What the content of a row depends on, besides the files; options that all data on disk have act on samples alone."""
    options = {key: value for key, value in source.options.items() if key not in COMMON}
    return {"reader": reader_identity(source.reader), "options": options, "label_space": dataset.label_space.name}


def _stamps(row: Row) -> tuple[Stamp | None, Stamp | None]:
    return row.image_stamp, row.label_stamp


def _still(dataset: Dataset, sample: Sample, rows: Iterable[Row | None]) -> Row | None:
    """The row of the same files in the state they are in, with what the reader says of them now."""
    now = dataset.stamps(sample)
    for row in rows:
        same = row and (row.sample.image, row.sample.label) == (sample.image, sample.label)
        if row and same and now is not None and _stamps(row) == now:
            return replace(row, sample=sample)
    return None


def _rows(path: Path, made_from: Mapping[str, object]) -> tuple[Row, ...]:
    try:
        return manifest_rows(pq.read_table(path), made_from)
    except (OSError, pa.ArrowException):  # none, or damaged: it is a cache
        return ()


class _Parts:
    """What was read, kept beside the manifest until that is whole.

    Args of the object:
        found: rows by id that an interrupted run left; added: how many this one has read.
    """

    def __init__(self, path: Path, made_from: Mapping[str, object]) -> None:
        self.path, self.made_from = path, made_from
        self.folder = path.with_suffix(".parts")
        self.files = sorted(self.folder.glob("*.parquet"))
        self.found = {row.sample.id: row for file in self.files for row in _rows(file, made_from)}
        self.added = 0
        self._waiting: list[Row] = []
        self._since = time.monotonic()

    def __enter__(self) -> None:
        self._since = time.monotonic()

    def __exit__(self, *error: object) -> None:
        if error[0] is not None:
            self._flush()

    def add(self, rows: Sequence[Row]) -> None:
        self._waiting += rows
        self.added += len(rows)
        if time.monotonic() - self._since > KEEP_SECONDS:
            self._flush()

    def _flush(self) -> None:
        file = self.folder / f"{os.getpid()}-{uuid4().hex[:8]}.parquet"
        if self._waiting and _written(file, manifest_table(self._waiting, self.made_from)) is None:
            self.files.append(file)
            self._waiting = []
        self._since = time.monotonic()

    def replaced_by(self, rows: Sequence[Row], progress: Progress) -> bool:
        """Write the whole manifest and remove the parts that are in it; False if it cannot be kept, and that is said."""
        if problem := _written(self.path, manifest_table(rows, self.made_from)):
            progress.say(f"the index is not kept: {problem}")
            return False
        for file in self.files:
            file.unlink(missing_ok=True)
        if self.folder.is_dir() and not any(self.folder.iterdir()):
            self.folder.rmdir()
        return True


def _written(path: Path, table: pa.Table) -> str | None:
    """What keeps a table from being kept, in a few words; None if it is."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_table(path, table)
    except (OSError, MachineError, StoreError) as error:  # reading needs no cache, and may not fail for want of one
        return str(error)
    return None


def _described(dataset: Dataset, skip_broken: bool, workers: int) -> Generator[Described]:
    """The samples described in their order, a chunk at a time; by several processes if that is worth starting them."""
    chunks = [dataset.samples[at : at + CHUNK] for at in range(0, len(dataset.samples), CHUNK)]
    look = partial(describe, skip_broken=skip_broken)
    started = time.perf_counter()
    yield look(dataset.only(chunks[0]))
    expected = (time.perf_counter() - started) * (len(dataset.samples) / len(chunks[0]) - 1)
    if workers == 1 or expected < WORTH_SECONDS:
        yield from (look(dataset.only(chunk)) for chunk in chunks[1:])
        return
    with local(min(workers, len(chunks) - 1), 1, torch=False) as executor:
        waiting: deque[Future[Described]] = deque()
        for chunk in chunks[1:]:
            waiting.append(executor.submit(look, dataset.only(chunk)))
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
