"""Making a pool: one image per (source, target domain), by any number of processes at once.

A pool is filled in chunks. Whoever makes a chunk holds its claim, writes each image whole under its final name and then the
chunk's rows, so that a kill loses no image that was written; images found without their row are described again, not made
again. When every chunk has its rows, one process writes the manifest and renames the folder.
"""

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from fairweather.data import Dataset, Row, Sample, pixel_hash
from fairweather.data.decode import decode_image
from fairweather.data.encode import encode
from fairweather.data.prepared import resized, resized_label
from fairweather.engine.gate import measured
from fairweather.errors import UnitStopped
from fairweather.generators import Generator, Source
from fairweather.generators.gate import Known, known
from fairweather.generators.weather.picture import read_only
from fairweather.store.claims import claimed
from fairweather.store.files import clear_parts, parts, publish, read_json, write_bytes, write_json, write_table
from fairweather.store.pools import CHECKS, MANIFEST, item_id
from fairweather.study import PoolPlan
from fairweather.vocabulary.streams import stable_hash

CHUNK = 8  # images that are claimed together, or a generator's batch if that is more

Item = tuple[Row, str]


@dataclass(frozen=True)
class Making:
    """A pool being made; plain values, so that it travels to another process.

    Args:
        plan: what is made; source: from which data set.
        work, final: the folder it is filled in, and the one it becomes when it is whole.
    """

    plan: PoolPlan
    source: Dataset
    work: Path
    final: Path

    @cached_property
    def chunks(self) -> list[tuple[Item, ...]]:
        """The items in the groups that are claimed: of a generator that works in batches, images of one target domain; of
        any other, all that is made of a few sources, so that each source is read once."""
        if self.plan.generator.card.batch == 1:
            apart = max(CHUNK // max(len(self.plan.identity["targets"]), 1), 1) * len(self.plan.identity["targets"])
            return _cut(self.plan.items, apart)
        domains = dict.fromkeys(domain for _, domain in self.plan.items)
        same = [tuple(item for item in self.plan.items if item[1] == domain) for domain in domains]
        return [chunk for items in same for chunk in _cut(items, max(CHUNK, self.plan.generator.card.batch))]

    @property
    def notes(self) -> Path:
        """Where chunks have their rows and claims until the pool is whole: beside it, so that it is renamed without them."""
        return self.work.with_name(f"{self.work.name}.notes")

    def rows(self, chunk: Sequence[Item]) -> Path:
        """The file of a chunk's rows, there when its images are; named after its items, however they are grouped next time."""
        name = stable_hash(*(item_id(row.sample.id, domain) for row, domain in chunk))
        return self.notes / f"{name:016x}.json"

    def image(self, item: Item) -> Path:
        """The file of an item's image."""
        suffix = "jpg" if self.plan.identity["codec"] == "jpeg" else "png"
        return self.work / "images" / f"{stable_hash(item_id(item[0].sample.id, item[1])):016x}.{suffix}"


def _cut(items: Sequence[Item], size: int) -> list[tuple[Item, ...]]:
    return [tuple(items[start : start + size]) for start in range(0, len(items), size)]


def fill_pool(
    making: Making, state: Mapping[str, np.ndarray] | None = None, tick: Callable[[], object] = lambda: None
) -> None:
    """Make every chunk that nobody has made and nobody alive is making.

    Args:
        state: what the generator's `fit` returned, if it fits.
        tick: called after each image.

    Raises:
        UnitStopped: the generator failed on an image, or returned something that is not an image of the source's size.
        DataError: a source is no longer what was indexed.
        MachineError: the disk is full.
    """
    generator = making.plan.generator if state is None else making.plan.generator.fitted(state)
    with ExitStack() as claims, ThreadPoolExecutor(1, "fairweather-files") as files:
        written: Callable[[], object] = lambda: None  # noqa: E731 - of the chunk before, written while the next is made
        for taken in _one_ahead(_taken(making, claims, files)):
            try:
                described = _chunk(making, generator, taken, files, tick)
            finally:  # a failure loses no image that was made before it
                written()
            written = partial(_described, making.rows(taken.chunk), described, taken.claim)
        written()


@dataclass(frozen=True)
class _Taken:
    """A chunk whose claim this process holds, and the sources of its missing images, by id, being read."""

    chunk: tuple[Item, ...]
    claim: ExitStack
    sources: Mapping[str, Future[Source]]


def _taken(making: Making, claims: ExitStack, files: ThreadPoolExecutor) -> Iterator[_Taken]:
    """The chunks that nobody has made and nobody alive is making, each claimed when it is asked for."""
    left = parts(making.work / "images")
    for chunk in making.chunks:
        rows = making.rows(chunk)
        if rows.is_file() or making.final.is_dir():
            continue
        claim = claims.enter_context(ExitStack())
        held = claim.enter_context(claimed(rows.with_suffix(".claim")))
        # In this order: rows that are missing after a look at the final folder could have left with it.
        if held is None or rows.is_file() or making.final.is_dir():
            claim.close()
            continue
        (making.work / "images").mkdir(parents=True, exist_ok=True)
        for part in (part for item in chunk for part in left.pop(making.image(item).name, ())):
            part.unlink(missing_ok=True)
        missing = {item[0].sample.id: item[0] for item in chunk if not making.image(item).is_file()}
        sources = {id: files.submit(given, making.plan, making.source, row) for id, row in missing.items()}
        yield _Taken(chunk, claim, sources)


def _one_ahead(chunks: Iterable[_Taken]) -> Iterator[_Taken]:
    """Each chunk after the one behind it is asked for, so that its sources are read while this one is made."""
    first = None
    for then in chunks:
        if first is not None:
            yield first
        first = then
    if first is not None:
        yield first


def _described(rows: Path, described: Sequence[Future[dict[str, Any]]], claim: ExitStack) -> None:
    """Wait for a chunk's images, write its rows and let go of it."""
    write_json(rows, [row.result() for row in described])
    claim.close()


def pool_filled(making: Making) -> bool:
    """Whether every chunk has its rows."""
    return all(making.rows(chunk).is_file() for chunk in making.chunks)


def images_made(making: Making) -> int:
    """How many images are described already; what is in hand is not counted."""
    if making.final.is_dir():
        return len(making.plan.items)
    return sum(len(chunk) for chunk in making.chunks if making.rows(chunk).is_file())


def finish_pool(making: Making) -> None:
    """Write the manifest of a filled pool and rename it; for the holder of the pool's claim alone."""
    found = {row["id"]: row for chunk in making.chunks for row in read_json(making.rows(chunk))}
    records = [found[item_id(row.sample.id, domain)] for row, domain in making.plan.items]
    checks = [{"id": r["id"], "target_domain": r["target_domain"], **r["checks"]} for r in records if r["checks"]]
    records = [{key: value for key, value in record.items() if key != "checks"} for record in records]
    clear_parts(making.work)
    if checks:
        write_table(making.work / CHECKS, pa.Table.from_pylist(checks))
    write_table(making.work / MANIFEST, pa.Table.from_pylist(records))
    write_json(making.work / "pool.json", {"schema": 1, "id": making.plan.id, "identity": making.plan.identity})
    publish(making.work, making.final)
    forget(making)  # last: who finds no rows of a filled pool finds the pool itself


def forget(making: Making) -> None:
    """Take away the rows and claims of a whole pool; several processes may be at it."""
    shutil.rmtree(making.notes, ignore_errors=True)


def _chunk(
    making: Making, generator: Generator, taken: _Taken, files: ThreadPoolExecutor, tick: Callable[[], object]
) -> list[Future[dict[str, Any]]]:
    """The rows of a chunk's images, being written and described while the next are made."""
    rows: dict[str, Future[dict[str, Any]]] = {}
    looked: dict[str, tuple[Source, Known]] = {}  # the other thread's alone
    missing = [item for item in taken.chunk if not making.image(item).is_file()]
    for batch in _cut(missing, generator.card.batch):
        sources = [taken.sources[row.sample.id].result() for row, _ in batch]
        began = time.perf_counter()
        made = make_batch(making.plan, generator, batch, sources)
        seconds = (time.perf_counter() - began) / len(batch)
        for item, source, image in zip(batch, sources, made, strict=True):
            rows[item_id(item[0].sample.id, item[1])] = files.submit(
                _write, making, item, looked, source, image, seconds, tick
            )
    for item in taken.chunk:  # made before a kill: described again
        id = item_id(item[0].sample.id, item[1])
        if id not in rows:
            rows[id] = files.submit(_write, making, item, looked, None, None, None, tick)
    return [*rows.values()]


def make_batch(
    plan: PoolPlan, generator: Generator, batch: Sequence[Item], sources: Sequence[Source]
) -> list[np.ndarray]:
    """The images of some items of one target domain, whose sources are `given`; of each the generator is handed what it takes.

    Raises:
        UnitStopped: the generator failed on an image, or returned something that is not an image of the source's size.
    """
    name, domain = generator.card.name, batch[0][1]
    rngs = [np.random.Generator(np.random.Philox(key=seed_of(plan, item))) for item in batch]
    where = ", ".join(row.sample.id for row, _ in batch)
    try:
        made = list(generator.generate_batch([_handed(plan, source, domain) for source in sources], domain, rngs))
    except Exception as error:  # a generator may be anybody's code; its arm is stopped by name
        raise UnitStopped(
            "pool.generator_failed", f"{name} on {where} to {domain}: {type(error).__name__}: {error}"
        ) from error
    if len(made) != len(batch):
        raise UnitStopped("pool.wrong_size", f"{name} made {len(made)} images from {len(batch)} ({where})")
    for (row, _), taken, image in zip(batch, sources, made, strict=True):
        if not isinstance(image, np.ndarray) or image.shape != taken.image.shape or image.dtype != np.uint8:
            kind = f"{image.dtype} {image.shape}" if isinstance(image, np.ndarray) else type(image).__name__
            raise UnitStopped(
                "pool.wrong_size", f"{name} made {kind} from {row.sample.id}, which is uint8 {taken.image.shape}"
            )
    return made


def _write(
    making: Making,
    item: Item,
    looked: dict[str, tuple[Source, Known]],
    source: Source | None,
    image: np.ndarray | None,
    seconds: float | None,
    tick: Callable[[], object],
) -> dict[str, Any]:
    """Write an image, if it is given, and describe it."""
    path, (row, domain), identity = making.image(item), item, making.plan.identity
    if image is not None:
        write_bytes(path, encode(image, identity["codec"], identity["quality"]))
    seen = inspected(making, row, looked, source, path)
    tick()
    return {
        "id": item_id(row.sample.id, domain),
        "source": row.sample.id,
        "source_sha256": row.image_sha256,
        "target_domain": domain,
        "file": f"{path.parent.name}/{path.name}",
        "seed": seed_of(making.plan, item),
        "parameters": json.dumps(identity["generator"], sort_keys=True),
        "codec": identity["codec"],
        "quality": identity["quality"],
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "seconds": seconds,
        **seen,
    }


def inspected(
    making: Making, row: Row, looked: dict[str, tuple[Source, Known]], source: Source | None, path: Path
) -> dict[str, Any]:
    """What the file decodes to, for that is what training will see: the hash of its pixels, and what the gate measures."""
    decoded, checks = decode_image(path), None
    if not making.plan.generator.card.keeps_domain:  # a placebo is a copy and means to be
        if row.sample.id not in looked:
            source = source or given(making.plan, making.source, row)
            looked[row.sample.id] = source, known(source)
        source, of = looked[row.sample.id]
        checks = measured(source, decoded, making.source.label_space.small, of)
    return {"pixels": pixel_hash(decoded), "checks": checks}


def seed_of(plan: PoolPlan, item: Item) -> int:
    """The key of an image's stream: a stable hash of strategy, source, target domain and pool seed."""
    row, domain = item
    return stable_hash(plan.generator.card.name, row.sample.id, domain, plan.identity["pool_seed"])


def given(plan: PoolPlan, dataset: Dataset, row: Row) -> Source:
    """A source at the pool's size, with its label for the gate, and beside that what the pool's generator takes.

    Raises:
        UnitStopped: the source is no longer the image that was indexed.
    """
    card, sample, side = plan.generator.card, row.sample, plan.identity["short_side"]
    image = dataset.image(sample)
    if pixel_hash(image) != row.image_pixels:
        raise UnitStopped("pool.source_pixels", f"{sample.id} does not decode to the pixels it was indexed with")
    taken = {*card.takes, *(set(card.may_take) & dataset.offers)}
    return Source(
        read_only(resized(image, side)),
        read_only(resized_label(dataset.label(sample), side)),
        read_only(resized_label(dataset.depth(sample), side)) if "depth" in taken else None,
        partial(_twin, dataset, sample, side) if "twin" in taken else None,
        dataset.label_space.classes,
    )


def _handed(plan: PoolPlan, source: Source, domain: str) -> Source:
    """What the pool's generator takes of a source that is `given`, and no more; with its prompt, if it takes one."""
    takes = plan.generator.card.takes
    if "label" not in takes:
        source = replace(source, label=None, classes=())
    return replace(source, text=plan.identity["prompts"][domain]) if "text" in takes else source


def _twin(dataset: Dataset, sample: Sample, side: int | None, domain: str, rng: np.random.Generator) -> np.ndarray:
    return resized(dataset.twin(sample, domain, rng), side)
