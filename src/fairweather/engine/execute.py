"""Executing one unit: claim it, train it, look at what it consumed, evaluate it, and rename it into place when all is whole."""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from fairweather.data.prepared import Prepared, open_prepared
from fairweather.engine import checkpoint
from fairweather.engine.device import cuda_name, environment, set_threads
from fairweather.engine.evaluate import evaluate, write_counts
from fairweather.engine.loader import Feed
from fairweather.engine.receipt import Expected, Receipt, check_sources
from fairweather.engine.train import as_module, train
from fairweather.errors import MachineError, UnitStopped
from fairweather.models import build
from fairweather.store.claims import Claim, claimed
from fairweather.store.files import clear, clear_parts, on_disk, publish, read_json, write_bytes, write_json
from fairweather.store.layout import Layout, claim, work
from fairweather.study import Arm, Context, Unit
from fairweather.study.study import Budget, Keep, Recipe
from fairweather.vocabulary.labels import LabelSpace
from fairweather.vocabulary.streams import stable_hash

if TYPE_CHECKING:
    from fairweather.models import Segmenter


@dataclass(frozen=True)
class Job:
    """Everything a worker needs to execute one unit; plain values, so that it travels to another process.

    Args:
        unit, arm, context, recipe, budget, keep: what is trained and how.
        real_ids: ids the context admits, in the manifest's order.
        pool_items: per source, the ids of its generated images; pool_sources: generated id -> source id.
        manifests: by purpose, id -> (image, label) pixel hashes of the data set's or the pool's manifest, for every sample
            the unit may take and for every test image, in order.
        caches: folders of the prepared caches by purpose: "train", "test" and, with a generator, "pool".
        threads, device: what it runs on.
        ram_limit: bytes above which a cache is memory-mapped.
        commit: of this project, recorded.
    """

    out: Path
    unit: Unit
    arm: Arm
    context: Context
    recipe: Recipe
    budget: Budget
    keep: Keep
    label_space: LabelSpace
    real_ids: tuple[str, ...]
    pool_items: tuple[tuple[str, ...], ...]
    pool_sources: dict[str, str]
    manifests: dict[str, dict[str, tuple[str, str]]]
    caches: dict[str, Path]
    threads: int
    device: str
    ram_limit: int
    commit: str


@dataclass(frozen=True)
class Outcome:
    """How a unit ended: done now, found done, held by somebody else, or stopped with its audit code and reason.

    `after` names the dead process whose claim was taken over, if there was one.
    """

    unit: str
    state: Literal["done", "found", "held", "stopped"]
    seconds: float = 0.0
    code: str = ""
    reason: str = ""
    after: Claim | None = None


def execute(job: Job) -> Outcome:
    """Bring one unit to its end; safe to call again after any kill.

    Raises:
        MachineError: the disk is full, or the device is missing. What was finished is kept.
    """
    layout, started = Layout(job.out), time.perf_counter()
    final = layout.unit(job.unit.id)
    if layout.finished(job.unit.id, job.unit.evaluation):
        return Outcome(job.unit.id, "found")
    with on_disk(final), claimed(claim(final)) as held:
        if held is None:
            return Outcome(job.unit.id, "held")
        if layout.finished(job.unit.id, job.unit.evaluation):
            return Outcome(job.unit.id, "found")
        folder = work(final)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            clear_parts(folder)
            _execute(job, folder, final)
        except UnitStopped as stop:
            stop_unit(folder, stop)
            return Outcome(job.unit.id, "stopped", time.perf_counter() - started, stop.code, stop.reason, held.after)
    return Outcome(job.unit.id, "done", time.perf_counter() - started, after=held.after)


def stop_unit(folder: Path, stop: UnitStopped) -> None:
    """Record why a unit was stopped; what led there is removed, so that it starts anew once the cause is mended."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / checkpoint.NAME).unlink(missing_ok=True)
    write_json(folder / "stopped.json", {"code": stop.code, "reason": stop.reason})


def _execute(job: Job, folder: Path, final: Path) -> None:
    (folder / "stopped.json").unlink(missing_ok=True)
    if final.is_dir():
        _evaluate_again(job, folder, final)
        return
    evaluation = folder / "evaluations" / job.unit.evaluation
    # Killed between the last file and the rename: all is there, and the checkpoint may be gone already.
    if not ((folder / "unit.json").is_file() and evaluation.is_dir()):
        _measure(job, folder, evaluation)
    (folder / checkpoint.NAME).unlink(missing_ok=True)
    publish(folder, final)


def _measure(job: Job, folder: Path, evaluation: Path) -> None:
    """Train, evaluate, and fill the folder; unit.json is written last, so that its presence says that nothing is missing."""
    (folder / "unit.json").unlink(missing_ok=True)
    clear(folder / "evaluations")  # perhaps another evaluation's, begun before the study was changed
    recorded = environment(job.device, job.commit)
    model, feed, receipt = prepare(job)
    train(model, feed, receipt, job.recipe, job.budget, job.device, folder, recorded)
    _evaluate(job, model, folder, evaluation)
    write_json(folder / "receipt.json", receipt.record())
    weights = _weights(model)
    if job.keep.weights == "last":
        write_bytes(folder / "model.safetensors", weights)
    write_json(folder / "unit.json", unit_record(job, recorded, hashlib.sha256(weights).hexdigest()))


def prepare(job: Job) -> tuple["Segmenter", Feed, Receipt]:
    """The model with its seeded weights, the feed of its batches, and an empty receipt.

    Raises:
        UnitStopped: the model does not score the label space's number of classes, or a cache was not made from the pixels
            its manifest names.
        MachineError: the device is missing.
    """
    set_threads(job.threads)
    if job.device == "cuda" and cuda_name() is None:
        raise MachineError("device cuda: no CUDA device is available; use --device cpu")
    model = _build(job)
    _check_classes(model, job)
    real = open_cache(job.caches["train"], job.ram_limit)
    check_sources(real.rows, job.manifests["train"], "training")
    pool = open_cache(job.caches["pool"], job.ram_limit) if "pool" in job.caches else None
    if pool:
        check_sources(pool.rows, job.manifests["pool"], "generated")
    generated = round(job.unit.generated_share * job.budget.batch)
    feed = Feed(
        job.unit.seed, job.budget.batch, job.budget.crop, job.budget.scale, real, job.real_ids, pool,
        job.pool_items, generated, job.arm.acts,
    )  # fmt: skip
    names = [act.card.name for act in (*job.arm.acts.sample_acts, *job.arm.acts.batch_acts)]
    expected = Expected(
        context=job.context,
        real=real.rows,
        pool=pool.rows if pool else {},
        pool_sources=job.pool_sources,
        admitted=frozenset(job.real_ids),
        acts=tuple(names),
        batch=job.budget.batch,
        generated=generated,
        steps=job.budget.steps,
        crop=job.budget.crop,
        num_classes=job.label_space.num_classes,
    )
    return model, feed, Receipt(expected)


def _build(job: Job) -> "Segmenter":
    import torch

    torch.manual_seed(stable_hash(job.unit.seed, "init"))
    model = build(job.unit.model, job.label_space.num_classes, job.recipe.pretrained)
    as_module(model).to(job.device)
    return model


def _check_classes(model: "Segmenter", job: Job) -> None:
    import torch

    as_module(model).eval()
    with torch.inference_mode():
        found = model.scores(torch.zeros((1, 3, *job.budget.crop), device=job.device)).shape[1]
    if found != job.label_space.num_classes:
        raise UnitStopped(
            "receipt.class_count",
            f"the model scores {found} classes; {job.label_space.name} has {job.label_space.num_classes}",
        )


@lru_cache(maxsize=4)
def open_cache(folder: Path, ram_limit: int) -> Prepared:
    """A prepared cache, shared by the units a worker executes."""
    return open_prepared(folder, ram_limit)


def _evaluate(job: Job, model: "Segmenter", folder: Path, target: Path) -> None:
    test = open_cache(job.caches["test"], job.ram_limit)
    check_sources(test.rows, job.manifests["test"], "test")
    tick = _progress(folder, len(test.rows))
    counted = evaluate(model, test, job.label_space.num_classes, job.recipe, job.device, tick)
    if [count.row.id for count in counted] != list(job.manifests["test"]):
        raise UnitStopped(
            "units.other_test_images", f"{len(counted)} images were scored, not those of the test manifest"
        )
    target.mkdir(parents=True, exist_ok=True)
    images = job.keep.images == "full" and len(counted) <= 20_000
    write_counts(counted, job.label_space, target, images)
    write_json(target / "evaluation.json", {"id": job.unit.evaluation, "recorded": environment(job.device, job.commit)})


def _evaluate_again(job: Job, folder: Path, final: Path) -> None:
    """A new evaluation of a finished unit: from its weights if they were kept, else by training it again."""
    from safetensors.torch import load_file

    clear(folder / "evaluation")
    model, feed, receipt = prepare(job)
    if (final / "model.safetensors").is_file():
        as_module(model).load_state_dict(load_file(final / "model.safetensors", device=job.device))
    else:
        train(model, feed, receipt, job.recipe, job.budget, job.device, folder, environment(job.device, job.commit))
    made, first = hashlib.sha256(_weights(model)).hexdigest(), read_json(final / "unit.json")["weights_sha256"]
    if made != first:
        raise UnitStopped(
            "units.not_repeated", f"training again made other weights ({made[:12]}) than the first time ({first[:12]})"
        )
    _evaluate(job, model, folder, folder / "evaluation")
    (final / "evaluations").mkdir(exist_ok=True)
    publish(folder / "evaluation", final / "evaluations" / job.unit.evaluation)
    clear(folder)


def _progress(folder: Path, total: int) -> Callable[[int], None]:
    def tick(done: int) -> None:
        with (folder / "progress.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({"phase": "score", "step": done, "of": total, "time": time.time()}) + "\n")

    return tick


def _weights(model: "Segmenter") -> bytes:
    from safetensors.torch import save

    state = as_module(model).state_dict()
    return bytes(save({name: value.detach().cpu().clone().contiguous() for name, value in state.items()}))


def unit_record(job: Job, recorded: dict[str, Any], weights_sha256: str) -> dict[str, Any]:
    """What unit.json holds: the identity that is hashed, and beside it what is recorded only."""
    return {
        "schema": 1,
        "id": job.unit.id,
        "identity": job.unit.identity,
        "labels": {"dataset": job.unit.dataset, "context": job.unit.context, "strategy": job.unit.strategy},
        "weights_sha256": weights_sha256,
        "recorded": recorded,
    }
