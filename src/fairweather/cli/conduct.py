"""Conducting a study from its file to its report, as `run` and `demo` do."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from fairweather.audit import failed
from fairweather.cli.cores import cores
from fairweather.engine.device import cuda_name
from fairweather.engine.execute import Job
from fairweather.errors import InputError, MachineError, UnknownName
from fairweather.launch.executors import local
from fairweather.launch.materials import gate, gather, job, make_ready, stop_units
from fairweather.launch.probe import estimate
from fairweather.launch.progress import Progress
from fairweather.launch.quality import Due, due, measure_pools
from fairweather.launch.run import duration
from fairweather.launch.run import run as run_jobs
from fairweather.report.compose import compose
from fairweather.report.folder import render
from fairweather.report.terminal import summary
from fairweather.store import Layout, bind, check_out, plan_record
from fairweather.store.files import read_json, write_json
from fairweather.store.provenance import code_commit
from fairweather.store.results import stopped_reason, unit_states
from fairweather.study import Plan, Study, Unit, plan


def conduct(study: Study, out: Path | None, workers: int | None, device: str, force: bool) -> int:
    """Everything from reading the data to the report; the exit status.

    Raises:
        InputError: bad input, found before anything is written; or the machine failed, and what was finished is kept.
    """
    console = Console()
    progress = Progress(console)
    layout = Layout(out or Path("runs") / study.name)
    check_out(layout.out, study)
    device = chosen_device(device, study)
    workers = workers or default_workers(device, study.file.threads)
    planned = plan(study, gather(study, progress))
    before = read_json(layout.plan)["estimate"] if layout.plan.is_file() else None
    bind(layout.out, study)
    write_json(layout.plan, plan_record(planned, before))
    if all(layout.finished(unit.id, unit.evaluation) for unit in planned.units):
        progress.say(f"{study.name}: {len(planned.units)} units, 0 to run, in {layout.out}")
        if wanting := due(planned, layout, device):
            with local(workers, study.file.threads) as executor:
                _measure(wanting, layout, progress, executor)
        return write_report(layout, console)
    with local(workers, study.file.threads) as executor:
        pools, failures = make_ready(planned, layout, progress, executor, workers)
        for id, stop in failures.items():
            progress.say(f"STOPPED pool {id}: {stop}")
        refused = gate(planned, layout, pools, progress)
        reasons, states = {}, _states(layout, planned)
        for unit in planned.units:
            at = unit.pool or "", unit.dataset, unit.context
            if reason := failures.get(at[0]) or (not force and refused.get(at)):
                reasons[unit.id] = reason
        # Another process may be running a unit that it was forced to; it is left to it.
        stop_units(planned, layout, {id: r for id, r in reasons.items() if states[id] not in ("finished", "running")})
        wanted = [u for u in planned.units if u.id not in reasons and not _stays(layout, u, states[u.id], force)]
        jobs = [job(planned, layout, pools, unit, device, code_commit()) for unit in wanted]
        progress.say(f"{study.name}: {len(planned.units)} units, {len(jobs)} to run, in {layout.out}")
        if jobs:
            _run(planned, layout, jobs, executor, workers, progress)
        _measure(due(planned, layout, device), layout, progress, executor)
    return write_report(layout, console)


def _measure(wanting: Sequence[Due], layout: Layout, progress: Progress, executor: Executor) -> None:
    """Measure the quality of pools; what cannot be measured holds up no report."""
    try:
        measure_pools(wanting, layout, progress, executor)
    except InputError as error:
        progress.say(f"quality not measured: {error}")


def _states(layout: Layout, planned: Plan) -> dict[str, str]:
    return {unit["id"]: state for unit, state in unit_states(layout, plan_record(planned, None))}


def _stays(layout: Layout, unit: Unit, state: str, force: bool) -> bool:
    """Whether a unit is left as it is: finished, or stopped by what --force alone tries again.

    What a unit was stopped for because of its pool has just been looked into again.
    """
    if state != "stopped" or force:
        return state == "finished"
    return not stopped_reason(layout, unit.id)["code"].startswith("pool.")


def _run(planned: Plan, layout: Layout, jobs: list[Job], executor: Executor, workers: int, progress: Progress) -> None:
    """Execute the jobs, and record how long that was expected to take and took."""
    tests = {name: len(material.test) for name, material in planned.materials.items()}
    expected = estimate(jobs, executor, workers, tests)
    progress.say(f"expected: {duration(expected.seconds)} with {workers} workers")
    record = {"units": len(jobs), **expected.record()}
    write_json(layout.plan, plan_record(planned, record))
    ran = run_jobs(jobs, executor, progress, lambda j: expected.units[j.unit.id], workers)
    error = f" ({100 * (ran.seconds / expected.seconds - 1):+.0f} %)" if expected.seconds else ""
    progress.say(f"took {duration(ran.seconds)}, expected {duration(expected.seconds)}{error}")
    write_json(layout.plan, plan_record(planned, {**record, "took_seconds": round(ran.seconds, 1)}))


def write_report(layout: Layout, console: Console, png: bool = False, photographs: bool = True) -> int:
    """Write the report of what is there and say what it says; 1 if a check of severity error does not hold.

    Args:
        png: also write every figure as PNG.
        photographs: show generated images beside their sources.

    Raises:
        StoreError: no unit is finished and none was stopped: there is nothing to report.
    """
    content = compose(layout)
    if not photographs:
        content = replace(content, galleries=())
    render(content, layout.report, ("svg", "png") if png else ("svg",))
    summary(content, console, layout.report)
    return 1 if failed(content.checks) else 0


def chosen_device(device: str, study: Study) -> str:
    """cpu or cuda; `auto` is cuda where there is one."""
    if device not in ("auto", "cpu", "cuda"):
        raise UnknownName("device", device, ("auto", "cpu", "cuda"), "--device")
    require_torch()
    found = None if device == "cpu" else cuda_name()
    if device == "cuda" and found is None:
        raise MachineError("--device cuda: no CUDA device is available; allowed here is cpu")
    return "cpu" if found is None else "cuda"


def require_torch() -> None:
    """Refuse in one line where training was not installed."""
    from importlib.util import find_spec

    if find_spec("torch") is None:
        raise InputError("training needs torch; install it with: pip install 'fairweather[train]'")


def default_workers(device: str, threads: int) -> int:
    """One process per `threads` cores; one on a GPU."""
    return 1 if device == "cuda" else max(cores() // threads, 1)
