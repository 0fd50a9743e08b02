"""What `plan` prints: units, pools, time from a short probe, disk, support, and the smallest detectable gain."""

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import pyarrow.parquet as pq
from rich.console import Console

from fairweather.analysis import planned_detectable
from fairweather.cli.conduct import chosen_device, default_workers
from fairweather.cli.cores import cores
from fairweather.cli.listing import print_listing
from fairweather.launch.executors import local
from fairweather.launch.materials import gather, job, make_ready
from fairweather.launch.probe import estimate
from fairweather.launch.progress import Progress
from fairweather.launch.run import duration
from fairweather.store import Layout, bind, check_out, support_table
from fairweather.store.pools import MANIFEST
from fairweather.study import Plan, PoolPlan, Study, Unit, by_reason, plan
from fairweather.vocabulary.labels import harmonised, label_space

PROBED = 4  # sources of each pool that are made to see how long one takes


def forecast(study: Study, out: Path | None, workers: int | None) -> None:
    """Print what a study would need. The probe works in a temporary folder; OUT is looked at, never written."""
    console = Console()
    progress = Progress(console)
    layout = Layout(out or Path("runs") / study.name)
    check_out(layout.out, study)
    planned = plan(study, gather(study, progress))
    _print_units(planned, layout, progress)
    _print_support(planned)
    workers = workers or default_workers(chosen_device("auto", study), study.file.threads)
    with tempfile.TemporaryDirectory(prefix="fairweather-plan-") as folder:
        _print_cost(planned, Layout(Path(folder) / study.name), workers, progress)
    _print_power(planned, progress)


def _print_units(planned: Plan, layout: Layout, progress: Progress) -> None:
    groups: dict[tuple[str, str], list[Unit]] = {}
    for unit in planned.units:
        groups.setdefault((unit.dataset, unit.context), []).append(unit)
    rows = [
        {
            "data set": dataset,
            "context": context,
            "strategies": len({unit.strategy for unit in units}),
            "models": len({unit.model for unit in units}),
            "units": len(units),
            "finished": sum(layout.finished(unit.id, unit.evaluation) for unit in units),
        }
        for (dataset, context), units in groups.items()
    ]
    print_listing(f"{planned.study.name}: {len(planned.units)} units", rows, json=False)
    for noun, names in (
        ("strategies", dict.fromkeys(unit.strategy for unit in planned.units)),
        ("models", dict.fromkeys(unit.model for unit in planned.units)),
    ):
        progress.say(f"{noun}: {', '.join(names)}")


def _print_support(planned: Plan) -> None:
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for row in support_table(planned.materials).to_pylist():
        if row["label_space"] == planned.materials[row["dataset"]].manifest.label_space.name:
            entry = rows.setdefault(
                (row["dataset"], row["domain"]),
                {
                    "data set": row["dataset"],
                    "domain": row["domain"],
                    "test images": row["n_images"],
                    "groups": row["n_groups"],
                    "ranked": "yes" if row["domain_supported"] else "no, fewer than 50 images",
                    "classes left out": [],
                },
            )
            if not row["supported"]:
                entry["classes left out"].append(row["class"])
    print_listing("what the test labels carry", list(rows.values()), json=False)


def _print_cost(planned: Plan, scratch: Layout, workers: int, progress: Progress) -> None:
    study, begun = planned.study, _beginning(planned)
    bind(scratch.out, study)
    pools, failures = make_ready(begun, scratch, progress)
    for pool in begun.pools:
        if pool.id in failures:
            progress.say(f"{pool.generator.card.name}: its units would be stopped: {failures[pool.id]}")
    if fitted := dict.fromkeys(pool.generator.card.name for pool in planned.pools if pool.fit is not None):
        progress.say(f"not counted: {', '.join(fitted)}, to be fitted first, and the units that take their images")
    making = _print_pools(planned, begun, scratch, workers, progress)
    device = chosen_device("auto", study)
    units = [unit for unit in planned.units if unit.pool is None or unit.pool in pools]
    jobs = [job(begun, scratch, pools, unit, device, "") for unit in units]
    tests = {name: len(material.test) for name, material in planned.materials.items()}
    with local(workers, study.file.threads) as executor:
        expected = estimate(jobs, executor, workers, tests)
    disk = _disk(planned, begun, scratch)
    counts = sum(_counts_bytes(planned, unit.dataset) for unit in planned.units)
    progress.say(
        f"time: {duration(making + expected.seconds)} with {workers} workers on {cores()} cores"
        f" ({duration(making)} to make images, not counting to write and inspect them,"
        f" {duration(sum(expected.units.values()))} of work to train and score), from a"
        " probe of every generator, model and strategy"
    )
    progress.say(
        f"disk: {(disk + counts) / 2**20:.0f} MiB (caches and pools {disk / 2**20:.0f}, counts {counts / 2**20:.0f})"
    )


def _beginning(planned: Plan) -> Plan:
    """The plan with the first sources of each pool alone, enough to be timed; what must be fitted first is left out."""
    pools = []
    for pool in planned.pools:
        first = list(dict.fromkeys(row.sample.id for row, _ in pool.items))[:PROBED]
        items = tuple(item for item in pool.items if item[0].sample.id in first)
        if pool.fit is None:
            pools.append(replace(pool, items=items))
    kept = {pool.id for pool in pools}
    return replace(
        planned, pools=tuple(pools), caches=tuple(c for c in planned.caches if c.pool is None or c.pool in kept)
    )


def _print_pools(planned: Plan, begun: Plan, scratch: Layout, workers: int, progress: Progress) -> float:
    """List the pools with what they take; the seconds it takes to make them all."""
    rows, total, timed = [], 0.0, {pool.id: pool for pool in begun.pools}
    for pool in planned.pools:
        row: dict[str, Any] = {"pool of": pool.generator.card.name, "data set": pool.dataset, "images": len(pool.items)}
        row["not covered"] = list(pool.not_covered)
        if pool.id in timed and scratch.pool(pool.id).is_dir():
            made = pq.read_table(scratch.pool(pool.id) / MANIFEST).to_pylist()
            seconds = _seconds(pool, made)
            total += seconds
            size = _bytes(scratch.pool(pool.id)) * len(pool.items) / len(made)
            row |= {"images/s": f"{len(pool.items) / max(seconds, 1e-9):.1f}", "hours": f"{seconds / 3600:.2f}"}
            row["MiB"] = f"{size / 2**20:.0f}"
        else:
            row |= {"images/s": "", "hours": "", "MiB": ""}
        rows.append(row)
    if rows:
        print_listing("pools of generated images", rows, json=False)
    for name, dataset, why, domains in dict.fromkeys(_uncovered(planned)):
        progress.say(f"{name} on {dataset} does not cover {domains}: {why}")
    return total / workers


def _uncovered(planned: Plan) -> Iterator[tuple[str, str, str, str]]:
    """Generator, data set, why, and the target domains it makes no image of there."""
    for pool in planned.pools:
        for why, domains in by_reason(pool.not_covered).items():
            yield pool.generator.card.name, pool.dataset, why, domains


def _seconds(pool: PoolPlan, made: Sequence[Mapping[str, Any]]) -> float:
    """To make a whole pool: the median of each domain's images, for the first of them may wait for kernels to compile."""
    count = Counter(domain for _, domain in pool.items)
    found = {domain: [row["seconds"] for row in made if row["target_domain"] == domain] for domain in count}
    return float(sum(number * median(found[domain]) for domain, number in count.items()))


def _disk(planned: Plan, begun: Plan, scratch: Layout) -> float:
    """Bytes of caches and pools: those of the probe, and of each pool as many times more as it has more images."""
    total = float(_bytes(scratch.out))
    for whole, first in ((p, b) for p in planned.pools for b in begun.pools if p.id == b.id):
        for folder in (scratch.pool(first.id), scratch.cache(begun.pool_cache(first.id).id)):
            if folder.is_dir():
                total += _bytes(folder) * (len(whole.items) / len(first.items) - 1)
    return total


def _bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _counts_bytes(planned: Plan, dataset: str) -> int:
    """Bytes of one unit's records: 5 for each test image and class of each label space, and 12,000 for the rest, as measured on
    CamVid (6,990 rows in 34,997 bytes)."""
    material = planned.materials[dataset]
    native = material.manifest.label_space
    spaces = [native.num_classes] + [label_space(m.target).num_classes for m in [harmonised(native.name)] if m]
    return 5 * len(material.test) * sum(spaces) + 12_000


def _print_power(planned: Plan, progress: Progress) -> None:
    study = planned.study
    strategies = sum(not arm.control for arm in study.arms)
    cells, seeds = len(study.file.data) * len(study.file.models), len(study.file.seeds)
    for line in planned_detectable(strategies, cells, seeds):
        progress.say(line)
