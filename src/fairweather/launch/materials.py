"""From a study to what its units need on disk: data sets opened and indexed, pools made, caches written."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, wait
from dataclasses import replace
from functools import lru_cache, partial
from itertools import count, product
from pathlib import Path

import numpy as np

from fairweather.data import READERS, Dataset, Manifest, Overlap, Row, divided, open_dataset, overlap, reached
from fairweather.data.opening import refuse_other_pictures
from fairweather.data.overlap import FRAMES
from fairweather.data.prepared import RAM_LIMIT, write_prepared
from fairweather.engine.execute import Job, stop_unit
from fairweather.engine.fit import fit_generator, fitted_state
from fairweather.engine.gate import gate_pool, judged, tones, why_not
from fairweather.engine.generate import Making, fill_pool, finish_pool, forget, images_made, pool_filled
from fairweather.errors import DataError, UnitStopped
from fairweather.launch.indexing import Source, indexed
from fairweather.launch.progress import Progress
from fairweather.store.claims import claimed
from fairweather.store.files import clear, on_disk, publish
from fairweather.store.layout import Layout, claim, work
from fairweather.store.pools import Pool, open_pool
from fairweather.study import CachePlan, Context, FitPlan, Material, Plan, PoolPlan, Study, Unit, admitted
from fairweather.vocabulary.domains import UNDEFINED


def gather(study: Study, progress: Progress, workers: int = 1) -> dict[str, Material]:
    """Open and index every data set of the study; nothing is written but the indexes in the user's cache.

    Args:
        workers: processes that may be started to read images.

    Raises:
        DataError: what is on disk is not what the reader declares, naming the file.
    """
    materials = {}
    for name, source in study.file.data.items():
        reader, options = READERS[source.reader], study.options(name)
        splits = (*study.file.splits.train, *study.file.splits.test)
        dataset = open_dataset(reader, name, study.root(source), splits, options)
        grouped = options.get("split") == "grouped"
        asked = reader.card.splits if grouped else splits
        read = indexed(dataset, Source(source.reader, study.root(source), options, asked), progress, workers)
        dataset, manifest = read.dataset, read.manifest
        for line in (*dataset.notes, *(f"LEFT OUT: {line}" for line in dataset.skipped)):
            progress.say(f"{name}: {line}")
        if dataset.skipped:
            progress.say(f"{name}: {len(dataset.skipped)} records are left out (skip_broken: yes)")
        if options.get("domains"):
            refuse_other_pictures(manifest.rows, Path(options["domains"]))
        if grouped:
            dataset, manifest = _divided(dataset, manifest, progress)
        train, test = (_known(manifest.split(*part)) for part in (study.file.splits.train, study.file.splits.test))
        if nameless := len(manifest.rows) - len(train) - len(test):
            progress.say(
                f"{name}: {nameless} of {len(manifest.rows)} images are left out, nobody knows their domain; `fairweather data"
                " tag` looks at them"
            )
        found = overlap(train, test, int(options.get("close_frames", FRAMES)))
        if told := _told(found):
            progress.say(f"{name}: {told}")
        materials[name] = Material(dataset, manifest, train, test, found)
    return materials


def _divided(dataset: Dataset, manifest: Manifest, progress: Progress) -> tuple[Dataset, Manifest]:
    """Both with the splits and groups of a new division, which is told."""
    rows = divided(manifest.rows)
    samples = tuple(row.sample for row in rows)
    if all(sample.split == "train" for sample in samples):
        raise DataError(f"{dataset.name}: split: grouped: no domain has two groups, so none can be divided")
    shares = ", ".join(f"{domain} {t} of {n} ({100 * t / n:.0f} %)" for domain, (t, n) in reached(samples).items())
    groups = len({sample.group for sample in samples})
    progress.say(f"{dataset.name}: divided anew by {groups} groups; for the test: {shares}")
    return dataset.only(samples), replace(manifest, rows=rows)


def _told(found: Overlap) -> str:
    """What of the test images training has as good as seen, in a line; "" if nothing is."""
    close = sum(near.close for near in found.near.values())
    counts = {
        "trained on to the pixel": found.same,
        "near-duplicates of training images": found.alike,
        f"within {found.frames} frames of a training frame": close,
    }
    told = ", ".join(f"{count} {words}" for words, count in counts.items() if count)
    return told and f"of {found.test_images} test images {told}"


def _known(rows: Sequence[Row]) -> tuple[Row, ...]:
    return tuple(row for row in rows if row.sample.domain != UNDEFINED)


def make_ready(
    plan: Plan, layout: Layout, progress: Progress, executor: Executor | None = None, workers: int = 1
) -> tuple[dict[str, Pool], dict[str, UnitStopped]]:
    """Make the pools and write the caches that are not there yet; the opened pools by id, and those that failed with why.

    Args:
        executor: what pools are made on by `workers` at once; None: this process alone.
    """
    pools: dict[str, Pool] = {}
    failures: dict[str, UnitStopped] = {}
    for pool in plan.pools:
        source = plan.materials[pool.dataset].dataset
        final = layout.pool(pool.id)
        try:
            make_pool(pool, source, final, layout, progress, executor, workers)
            pools[pool.id] = open_pool(pool, final, source)
        except UnitStopped as stop:
            failures[pool.id] = stop
    for cache in plan.caches:
        if cache.pool not in failures:
            _once(layout.cache(cache.id), partial(_write, plan, cache, pools, progress), progress)
    return pools, failures


def gate(
    plan: Plan, layout: Layout, pools: Mapping[str, Pool], progress: Progress
) -> dict[tuple[str, str, str], UnitStopped]:
    """Judge every pool for every data set and context whose units take from it; by those three, why it is not delivered.

    Data sets of the same clear_day images share a pool, but what their other weather looks like each says for itself.

    A record that was made by the same rules, limits and real images is taken as it is.
    """
    found: dict[tuple[str, str, str], UnitStopped] = {}

    @lru_cache(None)
    def real(dataset: str, context: Context, short_side: int | None, domain: str) -> np.ndarray:
        material = plan.materials[dataset]
        return tones(admitted(context, material.train), domain, material.dataset, short_side)

    uses = {(unit.pool, unit.dataset, unit.context) for unit in plan.units}
    for pool, (dataset, material), context in product(plan.pools, plan.materials.items(), plan.study.contexts):
        at = pool.id, dataset, context.name
        if at not in uses or pool.id not in pools or pool.generator.card.keeps_domain:
            continue
        name, seen = pool.generator.card.name, partial(real, dataset, context, pool.identity["short_side"])
        rows = admitted(context, material.train)
        record = judged(layout.pool(pool.id), context, rows) or gate_pool(pool, pools[pool.id], context, rows, seen)
        if not record["delivered"]:
            found[at] = UnitStopped("pool.not_delivered", f"{name}: {why_not(record)}")
            progress.say(f"NOT DELIVERED {name} in {context.name} on {dataset}: {why_not(record)}")
    return found


def stop_units(plan: Plan, layout: Layout, failures: Mapping[str, UnitStopped]) -> None:
    """Record units as stopped, each with its reason; `failures` are by unit."""
    for id, stop in failures.items():
        stop_unit(work(layout.unit(id)), stop)


def _once(final: Path, make: Callable[[Path], None], progress: Progress) -> None:
    """Let exactly one process fill and rename a folder that is not there; others wait for it."""
    said = False
    while not final.is_dir():
        with on_disk(final), claimed(claim(final)) as held:
            if held and not final.is_dir():
                make(final)
        if held is None:
            if not said:
                progress.say(f"waiting for another process that is making {final}")
            said = True
            time.sleep(0.5)


def make_pool(
    pool: PoolPlan,
    source: Dataset,
    final: Path,
    layout: Layout,
    progress: Progress,
    executor: Executor | None = None,
    workers: int = 1,
) -> None:
    """Make a pool that is not there, together with whoever else is at it.

    Args:
        executor: what it is made on by `workers` at once; None: this process alone.

    Raises:
        UnitStopped: the generator failed, or returned something that is not an image.
        DataError, MachineError: a source cannot be read; the disk is full.
    """
    making = Making(pool, source, final.with_name(f".{final.name}.{pool.id}.work"), final)
    if final.is_dir():
        forget(making)  # of a process that was killed right after it had renamed the pool
        return
    state = _fitted(making, layout, progress)
    said = False
    with progress.phase(f"making {making.plan.generator.card.name}", len(making.plan.items)) as tell:
        while not making.final.is_dir():
            with on_disk(making.final):
                if executor is None:
                    counted = count(images_made(making) + 1)
                    fill_pool(making, state, lambda counted=counted: tell(next(counted)))  # type: ignore[misc]
                else:
                    _fill(making, state, executor, workers, tell)
                if pool_filled(making):
                    with claimed(claim(making.final)) as held:
                        if held and not making.final.is_dir():
                            finish_pool(making)
                    if held:
                        continue
            if not said:
                progress.say(f"waiting for another process that is making {making.final}")
            said = True
            time.sleep(0.5)
    clear(making.work)  # what a process that came late may have begun beside the finished pool


def _fill(
    making: Making,
    state: Mapping[str, np.ndarray] | None,
    executor: Executor,
    workers: int,
    tell: Callable[[int], None],
) -> None:
    futures = [executor.submit(fill_pool, making, state) for _ in range(workers)]
    waiting = set(futures)
    while waiting:
        _, waiting = wait(waiting, timeout=0.5)
        tell(images_made(making))
    for future in futures:
        future.result()


def _fitted(making: Making, layout: Layout, progress: Progress) -> Mapping[str, np.ndarray] | None:
    """What the pool's generator has learnt, made once and kept in the store; None if it does not fit."""
    fit = making.plan.fit
    if fit is None:
        return None
    final = layout.fit(fit.id)
    _once(final, partial(_learn, fit, making.source, progress), progress)
    return fitted_state(final)


def _learn(fit: FitPlan, source: Dataset, progress: Progress, final: Path) -> None:
    progress.say(f"fitting {fit.generator.card.name} on {len(fit.seen)} real images")
    fit_generator(fit, source, work(final), final)


def _write(plan: Plan, cache: CachePlan, pools: dict[str, Pool], progress: Progress, final: Path) -> None:
    dataset, rows = cache_rows(plan, cache, pools)
    folder = work(final)
    clear(folder)  # a half-written cache is cheaper to write again than to check
    folder.mkdir(parents=True)
    with progress.ticks(f"preparing {dataset.name} ({cache.purpose})", len(rows)) as tick:
        write_prepared(dataset, rows, cache.short_side, cache.native_labels, folder, tick)
    publish(folder, final)


def cache_rows(plan: Plan, cache: CachePlan, pools: dict[str, Pool]) -> tuple[Dataset, tuple[Row, ...]]:
    """The data set and the rows a cache holds."""
    if cache.pool:
        return pools[cache.pool], pools[cache.pool].rows
    material = plan.materials[cache.dataset]
    return material.dataset, material.test if cache.purpose == "test" else plan.trained(cache.dataset)


def job(plan: Plan, layout: Layout, pools: dict[str, Pool], unit: Unit, device: str, commit: str) -> Job:
    """What a worker needs to execute a unit."""
    study, material = plan.study, plan.materials[unit.dataset]
    context = next(c for c in study.contexts if c.name == unit.context)
    caches = {p: layout.cache(plan.cache(unit.dataset, p).id) for p in ("train", "test")}
    rows = admitted(context, material.train)
    items: dict[str, list[str]] = {}
    if unit.pool:
        caches["pool"] = layout.cache(plan.pool_cache(unit.pool).id)
        for id, source in pools[unit.pool].sources.items():
            items.setdefault(source, []).append(id)
    return Job(
        out=layout.out.resolve(),
        unit=unit,
        arm=next(arm for arm in study.arms if arm.name == unit.arm),
        context=context,
        recipe=study.file.recipe,
        budget=study.file.budget,
        keep=study.file.keep,
        label_space=material.manifest.label_space,
        real_ids=tuple(row.sample.id for row in rows),
        pool_items=tuple(tuple(ids) for ids in items.values()),
        pool_sources=pools[unit.pool].sources if unit.pool else {},
        manifests={
            "train": _hashes(rows),
            "test": _hashes(material.test),
            **({"pool": _hashes(pools[unit.pool].rows)} if unit.pool else {}),
        },
        caches={purpose: path.resolve() for purpose, path in caches.items()},
        threads=study.file.threads,
        device=device,
        ram_limit=RAM_LIMIT,
        commit=commit,
    )


def _hashes(rows: Sequence[Row]) -> dict[str, tuple[str, str]]:
    return {row.sample.id: (row.image_pixels, row.label_pixels) for row in rows}
