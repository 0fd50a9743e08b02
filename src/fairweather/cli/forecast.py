"""What `plan` prints: units, pools, time from a short probe, disk, support, and the smallest detectable gain."""

import tempfile
from pathlib import Path
from typing import Any

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
from fairweather.study import Plan, Study, plan
from fairweather.vocabulary.labels import harmonised, label_space


def forecast(study: Study, out: Path | None, workers: int | None) -> None:
    """Print what a study would need. The probe works in a temporary folder; OUT is looked at, never written."""
    console = Console()
    progress = Progress(console)
    layout = Layout(out or Path("runs") / study.name)
    check_out(layout.out, study)
    planned = plan(study, gather(study, progress))
    _print_units(planned, layout)
    _print_support(planned)
    workers = workers or default_workers(chosen_device("auto", study), study.file.threads)
    with tempfile.TemporaryDirectory(prefix="fairweather-plan-") as folder:
        _print_cost(planned, Layout(Path(folder) / study.name), workers, progress)
    _print_power(planned, progress)


def _print_units(planned: Plan, layout: Layout) -> None:
    rows: list[dict[str, Any]] = []
    for unit in planned.units:
        key = {"data set": unit.dataset, "context": unit.context, "strategy": unit.strategy, "model": unit.model}
        if not rows or {k: rows[-1][k] for k in key} != key:
            rows.append({**key, "units": 0, "finished": 0})
        rows[-1]["units"] += 1
        rows[-1]["finished"] += layout.finished(unit.id, unit.evaluation)
    print_listing(f"{planned.study.name}: {len(planned.units)} units", rows, json=False)


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
    study = planned.study
    bind(scratch.out, study)
    pools, failures = make_ready(planned, scratch, progress)
    for pool in planned.pools:
        if pool.id in failures:
            progress.say(f"{pool.generator.card.name}: its units would be stopped: {failures[pool.id]}")
    device = chosen_device("auto", study)
    jobs = [job(planned, scratch, pools, unit, device, "") for unit in planned.units if unit.pool not in failures]
    tests = {name: len(material.test) for name, material in planned.materials.items()}
    with local(workers, study.file.threads) as executor:
        expected = estimate(jobs, executor, workers, tests)
    disk = sum(file.stat().st_size for file in scratch.out.rglob("*") if file.is_file())
    counts = sum(_counts_bytes(planned, unit.dataset) for unit in planned.units)
    progress.say(
        f"time: {duration(expected.seconds)} with {workers} workers on {cores()} cores"
        f" ({duration(sum(expected.units.values()))} of work), from a probe of every model and strategy"
    )
    progress.say(
        f"disk: {(disk + counts) / 2**20:.0f} MiB (caches and pools {disk / 2**20:.0f}, counts {counts / 2**20:.0f})"
    )


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
