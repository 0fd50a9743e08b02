"""From a study to what its units need on disk: data sets opened and indexed, pools made, caches written."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from fairweather.data import READERS, Dataset, Row, index
from fairweather.data.prepared import RAM_LIMIT, write_prepared
from fairweather.engine.execute import Job
from fairweather.engine.generate import make_pool
from fairweather.errors import StoreError
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
        options = {key: allowed[0] for key, allowed in reader.card.options.items()} | (source.model_extra or {})
        splits = (*study.file.splits.train, *study.file.splits.test)
        dataset = reader.open(name, study.root(source), splits, options)
        with progress.phase(f"reading {name}", len(dataset.samples)) as tick:
            manifest = index(dataset, tick)
        train, test = manifest.split(*study.file.splits.train), manifest.split(*study.file.splits.test)
        materials[name] = Material(dataset, manifest, train, test)
    return materials


def make_ready(plan: Plan, layout: Layout, progress: Progress) -> dict[str, Pool]:
    """Make the pools and write the caches that are not there yet; the opened pools by id."""
    pools = {}
    for pool in plan.pools:
        source = plan.materials[pool.dataset].dataset
        final = layout.pool(pool.id)
        _once(final, partial(_make, pool, source, progress))
        pools[pool.id] = open_pool(pool, final, source)
    for cache in plan.caches:
        _once(layout.cache(cache.id), partial(_write, plan, cache, pools, progress))
    return pools


def _once(final: Path, make: Callable[[Path], None]) -> None:
    """Let exactly one process fill and rename a folder that is not there."""
    if final.is_dir():
        return
    with claimed(claim(final)) as held:
        if held is None:
            raise StoreError(f"{final}: another process is making it; run again when it is done")
        if not final.is_dir():
            with on_disk(final):
                make(final)


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
    items: dict[str, list[str]] = {}
    if unit.pool:
        caches["pool"] = layout.cache(plan.pool_cache(unit.pool).id)
        for id, source in pools[unit.pool].sources.items():
            items.setdefault(source, []).append(id)
    return Job(
        out=layout.out.resolve(),
        unit=unit,
        arm=next(arm for arm in study.arms if arm.name == unit.strategy.split("@")[0]),
        context=context,
        recipe=study.file.recipe,
        budget=study.file.budget,
        keep=study.file.keep,
        label_space=material.manifest.label_space,
        real_ids=tuple(row.sample.id for row in admitted(context, material.train)),
        pool_items=tuple(tuple(ids) for ids in items.values()),
        pool_sources=pools[unit.pool].sources if unit.pool else {},
        caches={purpose: path.resolve() for purpose, path in caches.items()},
        threads=study.file.threads,
        device=device,
        ram_limit=RAM_LIMIT,
        commit=commit,
    )
