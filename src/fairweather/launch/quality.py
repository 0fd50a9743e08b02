"""Measuring the pools of a study when its units have run: which of them, on what terms, and by whom."""

from collections.abc import Sequence
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass

from fairweather.engine.quality import (
    Predictor,
    Reference,
    Seen,
    Terms,
    look,
    measured,
    networks,
    quality_of,
    reference,
    shares,
    terms,
    trained,
    write_quality,
)
from fairweather.errors import StoreError
from fairweather.launch.progress import Progress
from fairweather.store.layout import Layout
from fairweather.store.pools import Pool, open_pool
from fairweather.study import Plan, PoolPlan, Unit


@dataclass(frozen=True, eq=False)
class Due:
    """Finished pools of one data set of which some have no record on the terms of today.

    Args:
        missing: those; pools: they and the others.
    """

    terms: Terms
    pools: tuple[PoolPlan, ...]
    missing: tuple[PoolPlan, ...]


def due(plan: Plan, layout: Layout, device: str) -> tuple[Due, ...]:
    """The pools that are to be measured, by data set; pools that keep the domain of their sources never are."""
    found = []
    for dataset, material in plan.materials.items():
        planned = [pool for pool in plan.pools if pool.dataset == dataset and not pool.generator.card.keeps_domain]
        whole = tuple(pool for pool in planned if layout.pool(pool.id).is_dir())
        if not whole:
            continue
        predictor, no_unit = baseline(plan, layout, dataset, device)
        sources = [[row for row, _ in pool.items] for pool in planned]
        side, composite = planned[0].identity["short_side"], plan.study.composite
        agreed = terms(material.dataset, sources, material.train, side, predictor, no_unit, composite)
        missing = tuple(pool for pool in whole if measured(layout.pool(pool.id), agreed) is None)
        if missing:
            found.append(Due(agreed, whole, missing))
    return tuple(found)


def baseline(plan: Plan, layout: Layout, dataset: str, device: str) -> tuple[Predictor | None, str]:
    """The unit whose predictions are taken, or why there is none.

    Of the finished units of the study's baseline that kept their weights: the context that admits most, the first model of the
    study, the lowest seed.
    """
    study = plan.study
    contexts = {context.name: context for context in study.contexts}

    def order(unit: Unit) -> tuple[int, float, int, int]:
        context = contexts[unit.context]
        return -len(context.domains), -context.share, study.file.models.index(unit.model), unit.seed

    asked = [u for u in plan.units if (u.dataset, u.arm) == (dataset, study.baseline)]
    for unit in sorted((u for u in asked if layout.finished(u.id, u.evaluation)), key=order):
        found = trained(
            unit.id,
            layout.unit(unit.id),
            model=unit.model,
            num_classes=plan.materials[dataset].manifest.label_space.num_classes,
            recipe=study.file.recipe,
            short_side=study.file.budget.short_side,
            device=device,
        )
        if found:
            return found, ""
    return None, f"no finished unit of {study.baseline} on {dataset} kept its weights (keep.weights: last)"


def measure_pools(wanted: Sequence[Due], layout: Layout, progress: Progress, executor: Executor) -> None:
    """Measure the pools that are due and write their quality.json; each is whole or not there.

    A pool that is no longer whole is named and left alone: the audit speaks of it.
    """
    for one in wanted:
        jobs = {pool.id: _begun(pool, one.terms, layout, progress, executor) for pool in one.missing}
        found = _reference(one, progress)
        # A network that others were not measured over (another machine's, or Inception by now): all are measured again.
        for pool in one.pools:
            record = measured(layout.pool(pool.id), one.terms)
            if found.network and record and networks(record) - {found.network.name}:
                jobs[pool.id] = _begun(pool, one.terms, layout, progress, executor)
        for pool in one.pools:
            if job := jobs.get(pool.id):
                _measure(pool, one.terms, found, *job, layout, progress)


def _begun(
    plan: PoolPlan, terms: Terms, layout: Layout, progress: Progress, executor: Executor
) -> tuple[Pool, list[Future[Seen]]] | None:
    """A pool and the work on it, handed to the executor."""
    try:
        pool = open_pool(plan, layout.pool(plan.id), terms.dataset)
    except StoreError as error:
        progress.say(f"quality of {plan.generator.card.name} not measured: {error}")
        return None
    return pool, [executor.submit(look, share) for share in shares(pool, terms)]


def _reference(one: Due, progress: Progress) -> Reference:
    targets = dict.fromkeys(domain for pool in one.pools for domain in pool.identity["targets"])
    total = sum(map(len, one.terms.real.values()))
    with progress.ticks(f"looking at real images of {one.terms.dataset.name}", total) as tick:
        return reference(one.terms, tuple(targets), tick)


def _measure(
    plan: PoolPlan,
    terms: Terms,
    found: Reference,
    pool: Pool,
    work: list[Future[Seen]],
    layout: Layout,
    progress: Progress,
) -> None:
    made = len(terms.sources) * len(plan.identity["targets"])
    with progress.phase(f"measuring quality of {plan.generator.card.name} on {plan.dataset}", made) as tell:
        for done, _ in enumerate(as_completed(work), 1):
            tell(made * done // len(work))
        seen = [future.result() for future in work]
        write_quality(layout.pool(plan.id), quality_of(pool, plan.id, terms, seen, found), terms)
