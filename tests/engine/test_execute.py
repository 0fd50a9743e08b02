import errno
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from fairweather.engine import execute as executing
from fairweather.engine import train as training
from fairweather.engine.execute import Job, execute
from fairweather.errors import MachineError
from fairweather.store import files as storing
from fairweather.store.claims import claimed
from fairweather.store.files import read_json
from fairweather.store.layout import Layout, claim, work

Ready = Callable[..., list[Job]]


def folder(job: Job) -> Path:
    return Layout(job.out).unit(job.unit.id)


def test_a_unit_leaves_what_the_design_says(ready: Ready) -> None:
    job = ready()[0]
    assert execute(job).state == "done"
    names = {p.relative_to(folder(job)).as_posix() for p in folder(job).rglob("*") if p.is_file()}
    tables = ("groups.parquet", "images.parquet", "confusion.parquet", "evaluation.json")
    counts = {f"evaluations/{job.unit.evaluation}/{name}" for name in tables}
    assert names == {"unit.json", "receipt.json", "progress.jsonl", "model.safetensors"} | counts
    record = read_json(folder(job) / "unit.json")
    assert record["identity"] == json.loads(json.dumps(job.unit.identity)) and record["recorded"]["device"] == "cpu"
    assert not list(folder(job).parent.glob(".*work")) and not list(folder(job).parent.glob(".*claim"))


def test_a_finished_unit_is_found_not_done_again(ready: Ready) -> None:
    job = ready()[0]
    execute(job)
    assert execute(job).state == "found"


def test_a_unit_somebody_holds_is_left_alone(ready: Ready) -> None:
    job = ready()[0]
    with claimed(claim(folder(job))) as held:
        assert held is not None
        assert execute(job).state == "held"
    assert execute(job).state == "done"


def test_counts_agree_between_tables(ready: Ready) -> None:
    job = ready()[0]
    execute(job)
    evaluation = folder(job) / "evaluations" / job.unit.evaluation
    tables = {name: pq.read_table(evaluation / f"{name}.parquet") for name in ("images", "groups", "confusion")}
    for name in ("intersection", "predicted", "labelled"):
        sums = []
        for table in ("images", "groups"):
            totals = tables[table].group_by(["domain", "class"]).aggregate([(name, "sum")]).to_pylist()
            sums.append({(row["domain"], row["class"]): row[f"{name}_sum"] for row in totals})
        assert sums[0] == sums[1]
    assert sum(tables["confusion"]["pixels"].to_pylist()) == sum(tables["images"]["labelled"].to_pylist())
    assert sum(tables["images"]["labelled"].to_pylist()) == 120 * 46 * 64  # every labelled pixel of every test image


@pytest.mark.parametrize("kept", [True, False], ids=["weights kept", "trained again"])
def test_another_evaluation_is_added_beside_the_first(ready: Ready, kept: bool) -> None:
    job = ready()[0]
    job = job if kept else replace(job, keep=job.keep.model_copy(update={"weights": "none"}))
    execute(job)
    first = folder(job) / "evaluations" / job.unit.evaluation
    other = replace(job, unit=replace(job.unit, evaluation="another"))
    assert execute(other).state == "done"
    second = folder(job) / "evaluations" / "another"
    for name in ("groups", "images", "confusion"):
        assert (first / f"{name}.parquet").read_bytes() == (second / f"{name}.parquet").read_bytes()


def test_a_stopped_unit_says_why_and_leaves_no_result(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    job = ready()[0]
    with monkeypatch.context() as patch:
        true_step = training.take_step
        patch.setattr(training, "take_step", lambda *a: float("inf") if a[5] == 15 else true_step(*a))
        execute(job)
    assert read_json(work(folder(job)) / "stopped.json")["code"] == "units.loss_not_finite"
    assert not (work(folder(job)) / "checkpoint.safetensors").exists()  # nothing of it is gone on with
    assert not folder(job).exists()
    assert execute(job).state == "done"  # once the cause is gone


@pytest.mark.parametrize("moment", ["checkpoint.safetensors", "groups.parquet", "receipt.json"])
def test_a_disk_that_fills_up_mid_unit(ready: Ready, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    job = ready()[0]
    true_write = storing.write_bytes

    def write_bytes(path: Path, data: bytes) -> None:
        if path.name == moment:
            with storing.on_disk(path):
                raise OSError(errno.ENOSPC, "No space left on device")
        true_write(path, data)

    with monkeypatch.context() as patch:
        for module in ("fairweather.store.files", "fairweather.engine.checkpoint", "fairweather.engine.execute"):
            patch.setattr(f"{module}.write_bytes", write_bytes)
        with pytest.raises(MachineError, match=r"the disk is full .*; what was finished is kept") as caught:
            execute(job)
    assert "\n" not in str(caught.value) and not folder(job).exists()
    assert execute(job).state == "done"


def test_a_missing_device_is_one_line(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(MachineError, match="no CUDA device is available"):
        execute(replace(ready()[0], device="cuda"))


def test_a_cache_of_other_pixels_stops_the_unit(ready: Ready) -> None:
    job = ready()[0]
    data = bytearray((job.caches["train"] / "images.bin").read_bytes())
    (job.caches["train"] / "images.bin").write_bytes(bytes(255 - b for b in data))
    executing.open_cache.cache_clear()
    outcome = execute(job)
    assert (outcome.state, outcome.code) == ("stopped", "receipt.source_pixels")


@pytest.mark.parametrize("file", ["images.bin", "labels.bin"])
def test_a_test_cache_of_other_pixels_stops_the_unit(ready: Ready, file: str) -> None:
    job = ready()[0]
    data = bytearray((job.caches["test"] / file).read_bytes())
    data[len(data) // 2] ^= 1  # one bit of one test image or label
    (job.caches["test"] / file).write_bytes(data)
    executing.open_cache.cache_clear()
    outcome = execute(job)
    assert (outcome.state, outcome.code) == ("stopped", "units.test_pixels")


def test_a_test_image_that_is_not_scored_stops_the_unit(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    true_evaluate = executing.evaluate
    monkeypatch.setattr(executing, "evaluate", lambda *a, **k: true_evaluate(*a, **k)[:-1])
    outcome = execute(ready()[0])
    assert (outcome.state, outcome.code) == ("stopped", "units.other_test_images")


def test_training_again_must_make_the_same_weights(ready: Ready) -> None:
    job = ready()[0]
    job = replace(job, keep=job.keep.model_copy(update={"weights": "none"}))
    execute(job)
    record = read_json(folder(job) / "unit.json")
    storing.write_json(folder(job) / "unit.json", record | {"weights_sha256": "0" * 64})
    outcome = execute(replace(job, unit=replace(job.unit, evaluation="another")))
    assert (outcome.state, outcome.code) == ("stopped", "units.not_repeated")


def test_a_checkpoint_of_another_environment_is_not_gone_on_with(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    job, true_step, calls = ready()[0], training.take_step, [0]

    def take_step(*arguments: object) -> float:
        calls[0] += 1
        if calls[0] == 15:
            raise KeyboardInterrupt
        return true_step(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(training, "take_step", take_step)
    with pytest.raises(KeyboardInterrupt):
        execute(job)
    monkeypatch.setattr(
        executing,
        "environment",
        lambda device, commit: {"device": device, "device_name": "other", "versions": {}, "commit": "", "python": ""},
    )
    calls[0] = 100
    assert execute(job).state == "done"
    assert calls[0] == 100 + 24  # from the first step


@pytest.mark.parametrize(("share", "expected"), [(0.125, {"generated": 1, "real": 7}), (1.0, {"generated": 8})])
def test_the_generated_share_is_exact_up_to_all_of_a_batch(
    ready: Ready, share: float, expected: dict[str, int]
) -> None:
    job = next(job for job in ready("baseline, placebo_noise", steps=4, share=share) if job.unit.pool)
    assert execute(job).state == "done"
    counts: dict[str, int] = {}
    for kind, number in read_json(folder(job) / "receipt.json")["samples"].items():
        counts[kind.split()[0]] = counts.get(kind.split()[0], 0) + number
    assert counts == {kind: 4 * number for kind, number in expected.items()}
