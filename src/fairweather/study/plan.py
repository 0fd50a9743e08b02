"""The plan: a study multiplied out over its data into units, pools and prepared caches, with every id fixed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

from fairweather.data import READERS, Dataset, Manifest, Overlap, Row, fingerprint
from fairweather.data.prepared import LAYOUT as CACHE_LAYOUT
from fairweather.data.prepared import REVISION as PREPARED_REVISION
from fairweather.errors import InputError
from fairweather.generators import Generator, GeneratorCard
from fairweather.models import MODELS
from fairweather.study.arms import Arm
from fairweather.study.contexts import Context, admitted
from fairweather.study.study import PoolSpec, Study
from fairweather.study.units import ENGINE_REVISION, Unit, digest
from fairweather.vocabulary.domains import DOMAINS, in_order
from fairweather.vocabulary.labels import harmonised

EVALUATION_REVISION = 1
POOL_REVISION = 2
SOURCE_DOMAIN = "clear_day"  # generated images are made from the context's clear_day images, by definition

OWNED = frozenset(
    {"label", "text"}
)  # of what a generator takes: every data set has labels, prompts are the generator's own


@dataclass(frozen=True)
class Material:
    """One data set of the study: opened, indexed, and divided into what is trained and what is tested on.

    Args:
        overlap: what of the test images training has as good as seen; None where nobody looked.
    """

    dataset: Dataset
    manifest: Manifest
    train: tuple[Row, ...]
    test: tuple[Row, ...]
    overlap: Overlap | None = None


@dataclass(frozen=True)
class FitPlan:
    """What a generator learns from before it makes anything: which real images, and with which seed."""

    id: str
    identity: dict[str, Any]
    dataset: str
    generator: Generator
    seen: tuple[Row, ...]


@dataclass(frozen=True)
class PoolPlan:
    """A pool to be made: which generator, and each (source row, target domain) in order.

    Args:
        dataset: the one its sources are read from; data sets of the same sources share it.
        fit: what the generator learns from first, if it fits.
        left_out: target domains that were asked for and that the generator does not support.
        unasked: target domains that `pool.targets` leaves out.
    """

    id: str
    identity: dict[str, Any]
    dataset: str
    generator: Generator
    items: tuple[tuple[Row, str], ...]
    fit: FitPlan | None = None
    left_out: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()

    @property
    def not_covered(self) -> dict[str, str]:
        """Every target domain of which no image is made -> why, in canonical order."""
        unable = dict.fromkeys(self.left_out, f"not supported by the card of {self.generator.card.name}")
        reasons = unable | dict.fromkeys(self.unasked, "not asked for by pool.targets")
        return {domain: reasons[domain] for domain in in_order(reasons)}


@dataclass(frozen=True)
class CachePlan:
    """A prepared cache to be written: the training or test images of a data set, or the images of a pool, at one size."""

    id: str
    dataset: str
    purpose: Literal["train", "test", "pool"]
    pool: str | None
    short_side: int | None
    native_labels: bool


@dataclass(frozen=True)
class Plan:
    """Everything a study needs, in the order it is made: caches and pools first, then units."""

    study: Study
    materials: dict[str, Material]
    pools: tuple[PoolPlan, ...]
    caches: tuple[CachePlan, ...]
    units: tuple[Unit, ...]

    def cache(self, dataset: str, purpose: Literal["train", "test"]) -> CachePlan:
        """The cache of a data set's training or test images."""
        return next(c for c in self.caches if (c.dataset, c.purpose) == (dataset, purpose))

    def pool_cache(self, pool: str) -> CachePlan:
        """The cache of a pool's images."""
        return next(c for c in self.caches if c.pool == pool)

    def trained(self, dataset: str) -> tuple[Row, ...]:
        """The training rows of a data set that some context of the study admits."""
        contexts = self.study.contexts
        return tuple(r for r in self.materials[dataset].train if any(c.admits(r.sample) for c in contexts))


def plan(study: Study, materials: dict[str, Material]) -> Plan:
    """Multiply the study out.

    Raises:
        InputError: a context no image satisfies, generated images without a source, a domain the test split lacks, two units
            that are one (data sets of the same training images, combinations of the same acts).
    """
    file = study.file
    _check_domains(study, materials)
    pools: dict[str, PoolPlan] = {}
    units: list[Unit] = []
    for (name, material), context, arm in product(materials.items(), study.contexts, study.arms):
        rows = admitted(context, material.train)
        if not rows:
            have = ", ".join(in_order(row.sample.domain for row in material.train)) or "none"
            raise InputError(
                f"{study.path}: contexts.{context.name}: no training image of {name} is admitted (domains there: {have})"
            )
        asked: tuple[PoolPlan | None, ...] = (None,)
        if arm.generator:
            reader = _reader(study, name)
            admits = f"context {context.name} of {name}"
            side, where = file.budget.short_side, str(study.path)
            asked = pool_plans(arm, name, material, rows, file.pool, side, reader, where, admits)
        for pool in asked:
            if pool:
                pools.setdefault(pool.id, pool)
            shares = file.mix.generated_share if pool else (0.0,)
            for share, model, seed in product(shares, file.models, file.seeds):
                units.append(_unit(study, name, material, context, arm, pool, share, model, seed, rows))
    _refuse_equals(study, units)
    return Plan(study, materials, tuple(pools.values()), _caches(study, materials, pools), tuple(units))


def _refuse_equals(study: Study, units: list[Unit]) -> None:
    first: dict[str, Unit] = {}
    for unit in units:
        other = first.setdefault(unit.id, unit)
        if other is not unit:
            raise InputError(
                f"{study.path}: {other.label!r} and {unit.label!r} are the same training; a result counts once, name it once"
            )


def _check_domains(study: Study, materials: dict[str, Material]) -> None:
    for name, material in materials.items():
        if not material.test:
            raise InputError(f"{study.path}: splits.test: {name} has no image in {', '.join(study.file.splits.test)}")
        have = in_order(row.sample.domain for row in material.test)
        for domain in study.file.compare.domains or ():
            if domain not in have:
                raise InputError(
                    f"{study.path}: compare.domains: the test split of {name} has no {domain} image (it has {', '.join(have)})"
                )


def pool_plans(
    arm: Arm,
    name: str,
    material: Material,
    rows: Sequence[Row],
    spec: PoolSpec,
    short_side: int | None,
    reader: dict[str, Any],
    where: str,
    admits: str,
) -> tuple[PoolPlan, ...]:
    """The pools of an arm with a generator, one for each pool seed.

    Args:
        rows: the real images the context admits; those of them that show SOURCE_DOMAIN are the sources.
        short_side: of the training images, which is the pool's where `spec.size` says so.
        reader: what names the reader in an identity; depth and twins are its work.
        where: the file an error names; admits: what admits the rows, in words.

    Raises:
        InputError: no source, a data set without what the generator takes, or no target domain it makes.
    """
    assert arm.generator
    card = arm.generator.card
    sources = tuple(row for row in rows if row.sample.domain == SOURCE_DOMAIN)
    if not sources:
        have = ", ".join(in_order(row.sample.domain for row in rows)) or "none"
        raise InputError(
            f"{where}: strategies: {arm.name} makes images from {SOURCE_DOMAIN} images, and {admits} admits none"
            f" (it admits {have})"
        )
    if missing := set(card.takes) - OWNED - material.dataset.offers:
        raise InputError(
            f"{where}: strategies: {arm.name} needs the {' and the '.join(sorted(missing))} of every scene; data set {name}"
            " has none"
        )
    asked = _targets(spec, card)
    targets = [d for d in asked if d in card.domains_supported]
    if not targets and not card.keeps_domain:
        made = ", ".join(card.domains_supported)
        raise InputError(f"{where}: pool.targets: {arm.name} makes none of {', '.join(asked)} (it makes {made})")
    identity = {
        "revision": POOL_REVISION,
        "generator": arm.identity()["generator"],
        "sources": fingerprint(sources),
        "label_space": material.manifest.label_space.name,
        "targets": [SOURCE_DOMAIN] if card.keeps_domain else sorted(targets),
        "codec": spec.codec,
        "quality": spec.quality if spec.codec == "jpeg" else None,
        "short_side": short_side if spec.size == "training" else None,
        **({"reader": reader} if {*card.takes, *card.may_take} & material.dataset.offers else {}),
    }
    if "text" in card.takes:
        identity["prompts"] = {domain: arm.generator.prompt(domain) for domain in identity["targets"]}
    items = tuple((row, d) for row in sources for d in ([SOURCE_DOMAIN] if card.keeps_domain else targets))
    left_out = () if card.keeps_domain else tuple(d for d in asked if d not in targets)
    others = (d for d in DOMAINS if d != SOURCE_DOMAIN and d not in asked)
    unasked = () if card.keeps_domain else tuple(others)
    # Never more of the source's own domain than the context admits: only the other weather may come from outside it.
    weather = tuple(row for row in material.train if row.sample.domain != SOURCE_DOMAIN)
    seen = (*sources, *weather) if spec.generator_sees == "training" else tuple(rows)
    plans = []
    for seed in spec.seed:
        fit = _fit(arm, name, seen, spec.generator_sees, seed) if card.fits else None
        own = identity | {"pool_seed": seed, "fit": fit and fit.id}
        plans.append(PoolPlan(digest(own), own, name, arm.generator, items, fit, left_out, unasked))
    return tuple(plans)


def by_reason(not_covered: Mapping[str, str]) -> dict[str, str]:
    """Why domains are not covered -> those, in one line."""
    return {why: ", ".join(d for d in not_covered if not_covered[d] == why) for why in not_covered.values()}


def _targets(spec: PoolSpec, card: GeneratorCard) -> tuple[str, ...]:
    """The target domains asked of a generator, in canonical order."""
    if isinstance(spec.targets, tuple):
        wanted: Iterable[str] = spec.targets
    else:
        wanted = card.domains_reference if spec.targets == "reference" and card.domains_reference else DOMAINS
    return tuple(d for d in in_order(wanted) if d != SOURCE_DOMAIN)


def _fit(arm: Arm, name: str, seen: tuple[Row, ...], sees: str, seed: int) -> FitPlan:
    """What a generator that fits learns from: images of the training split alone, whatever the context sees of it."""
    assert arm.generator
    identity = {"generator": arm.identity()["generator"], "sees": sees, "seen": fingerprint(seen), "seed": seed}
    return FitPlan(digest(identity), identity, name, arm.generator, seen)


def _unit(
    study: Study,
    name: str,
    material: Material,
    context: Context,
    arm: Arm,
    pool: PoolPlan | None,
    share: float,
    model: str,
    seed: int,
    rows: Sequence[Row],
) -> Unit:
    file = study.file
    card = MODELS[model].card
    identity = {
        "engine": ENGINE_REVISION,
        "prepared": PREPARED_REVISION,
        "reader": _reader(study, name),
        "data": fingerprint(rows),
        "label_space": material.manifest.label_space.name,
        "context": {"domains": list(context.domains), "share": context.share},
        "strategy": arm.identity(),
        "pool": pool.id if pool else None,
        "generated_share": share,
        "model": {"name": card.name, "revision": card.revision, "origin": MODELS.origin(model)},
        "recipe": file.recipe.model_dump(mode="json"),
        "budget": file.budget.model_dump(mode="json", exclude={"checkpoint"}),
        "seed": seed,
        "threads": file.threads,
    }
    return Unit(
        id=digest(identity),
        identity=identity,
        dataset=name,
        context=context.name,
        strategy=_strategy(study, arm, pool, share),
        arm=arm.name,
        family=arm.family,
        control=arm.control,
        model=card.name,
        seed=seed,
        generated_share=share,
        pool=pool.id if pool else None,
        evaluation=digest(_evaluation(study, material)),
    )


def _strategy(study: Study, arm: Arm, pool: PoolPlan | None, share: float) -> str:
    """The label of a strategy; where the share or the pool's seed is an axis, each of its values is a strategy of its own."""
    share_label = f"@{share:g}" if len(study.file.mix.generated_share) > 1 else ""
    seed_label = f"#{pool.identity['pool_seed']}" if pool and len(study.file.pool.seed) > 1 else ""
    return arm.name + (share_label + seed_label if pool else "")


def _reader(study: Study, name: str) -> dict[str, Any]:
    return reader_identity(study.file.data[name].reader)


def reader_identity(reader: str) -> dict[str, Any]:
    """What names a reader in an identity."""
    card = READERS[reader].card
    return {"name": card.name, "revision": card.revision, **_plug_in(READERS.origin(card.name))}


def _plug_in(origin: str) -> dict[str, str]:
    """What a reader of another distribution adds to the identity; ours are told apart by their revision alone."""
    return {} if origin == "fairweather" else {"origin": origin}


def _evaluation(study: Study, material: Material) -> dict[str, Any]:
    mapped = harmonised(material.manifest.label_space.name)
    return {
        "revision": EVALUATION_REVISION,
        "prepared": PREPARED_REVISION,
        "test": fingerprint(material.test),
        "size": study.file.evaluate.size,
        "short_side": study.file.budget.short_side,
        "label_spaces": [material.manifest.label_space.name, *([mapped.target] if mapped else [])],
    }


def _caches(study: Study, materials: dict[str, Material], pools: dict[str, PoolPlan]) -> tuple[CachePlan, ...]:
    side, native = study.file.budget.short_side, study.file.evaluate.size == "label"
    caches = []
    for name, material in materials.items():
        rows = [row for row in material.train if any(context.admits(row.sample) for context in study.contexts)]
        caches.append(_cache(name, "train", None, side, False, fingerprint(rows)))
        caches.append(_cache(name, "test", None, side, native, fingerprint(material.test)))
    caches += [_cache(pool.dataset, "pool", pool.id, side, False, pool.id) for pool in pools.values()]
    return tuple(caches)


def _cache(
    dataset: str,
    purpose: Literal["train", "test", "pool"],
    pool: str | None,
    short_side: int | None,
    native_labels: bool,
    content: str,
) -> CachePlan:
    id = digest([PREPARED_REVISION, CACHE_LAYOUT, purpose, content, short_side, native_labels])
    return CachePlan(id, dataset, purpose, pool, short_side, native_labels)
