"""From a study to what its units need on disk: data sets opened and indexed, pools made, caches written."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from fairweather.data import READERS, Dataset, Row, index
from fairweather.data.prepared import RAM_LIMIT, write_prepared
from fairweather.engine.execute import Job, stop_unit
from fairweather.engine.generate import make_pool
from fairweather.errors import UnitStopped
from fairweather.launch.progress import Progress
from fairweather.store.claims import claimed
from fairweather.store.files import clear, on_disk, publish
from fairweather.store.layout import Layout, claim, work
from fairweather.store.pools import Pool, open_pool
from fairweather.study import CachePlan, Material, Plan, PoolPlan, Study, Unit, admitted


def gather(study: Study, progress: Progress) -> dict[str, Material]:
    """Open and index every data set of the study; nothing is written.

    Raises:
        DataError: what is on disk is not what the reader declares, naming the file.
    """
    materials = {}
    for name, source in study.file.data.items():
        reader = READERS[source.reader]
        options = reader.card.resolved(source.model_extra or {}, f"{study.path}: data.{name}")
        splits = (*study.file.splits.train, *study.file.splits.test)
        dataset = reader.open(name, study.root(source), splits, options)
        with progress.phase(f"reading {name}", len(dataset.samples)) as tick:
            manifest = index(dataset, tick)
        train, test = manifest.split(*study.file.splits.train), manifest.split(*study.file.splits.test)
        materials[name] = Material(dataset, manifest, train, test)
    return materials


def make_ready(plan: Plan, layout: Layout, progress: Progress) -> tuple[dict[str, Pool], dict[str, UnitStopped]]:
    """Make the pools and write the caches that are not there yet; the opened pools by id, and those that failed with why."""
    pools: dict[str, Pool] = {}
    failures: dict[str, UnitStopped] = {}
    for pool in plan.pools:
        source = plan.materials[pool.dataset].dataset
        final = layout.pool(pool.id)
        try:
            _once(final, partial(_make, pool, source, progress), progress)
            pools[pool.id] = open_pool(pool, final, source)
        except UnitStopped as stop:
            failures[pool.id] = stop
    for cache in plan.caches:
        if cache.pool not in failures:
            _once(layout.cache(cache.id), partial(_write, plan, cache, pools, progress), progress)
    return pools, failures


def stop_units(plan: Plan, layout: Layout, failures: dict[str, UnitStopped]) -> None:
    """Record the units of failed pools as stopped, with the pool's reason."""
    for unit in plan.units:
        if unit.pool in failures:
            stop_unit(work(layout.unit(unit.id)), failures[unit.pool])


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


def _make(pool: PoolPlan, source: Dataset, progress: Progress, final: Path) -> None:
    with progress.phase(f"making {pool.generator.card.name}", len(pool.items)) as tick:
        make_pool(pool, source, work(final), final, tick)


def _write(plan: Plan, cache: CachePlan, pools: dict[str, Pool], progress: Progress, final: Path) -> None:
    dataset, rows = cache_rows(plan, cache, pools)
    folder = work(final)
    clear(folder)  # a half-written cache is cheaper to write again than to check
    folder.mkdir(parents=True)
    with progress.phase(f"preparing {dataset.name} ({cache.purpose})", len(rows)) as tick:
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
