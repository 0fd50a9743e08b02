import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from fairweather.engine import execute as executing
from fairweather.engine import train as training
from fairweather.engine.execute import Job, execute
from fairweather.engine.loader import deliver
from fairweather.engine.train import learning_rate
from fairweather.store.layout import Layout
from fairweather.study.study import Recipe
from fairweather.study.units import ENGINE_REVISION

Ready = Callable[..., list[Job]]


def files(job: Job) -> dict[str, bytes]:
    """Everything a unit leaves that must not depend on who ran it, or when."""
    folder = Layout(job.out).unit(job.unit.id)
    kept = [
        p for p in folder.rglob("*") if p.is_file() and p.name not in ("progress.jsonl", "unit.json", "evaluation.json")
    ]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in kept}


def test_two_runs_are_equal_to_the_byte(ready: Ready) -> None:
    jobs = [ready("baseline, std_mixup", out=name) for name in ("a", "b")]
    for one, two in zip(*jobs, strict=True):
        execute(one), execute(two)
        assert files(one) == files(two)
        assert {"model.safetensors", "receipt.json"} < set(files(one))


def test_a_unit_resumes_in_the_middle_with_equal_bytes(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, broken = (ready("std_cutmix, baseline", out=name)[0] for name in ("whole", "broken"))
    execute(whole)
    true_step, calls = training.take_step, [0]

    def take_step(*arguments: object) -> float:
        calls[0] += 1
        if calls[0] == 17:
            raise KeyboardInterrupt
        return true_step(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(training, "take_step", take_step)
    with pytest.raises(KeyboardInterrupt):
        execute(broken)
    assert not Layout(broken.out).unit(broken.unit.id).exists()
    calls[0] = 100
    assert execute(broken).state == "done"
    assert calls[0] == 100 + 24 - 10  # from the checkpoint after step 10
    assert files(whole) == files(broken)


def test_every_arm_of_a_seed_starts_from_the_same_weights(ready: Ready) -> None:
    jobs = [job for job in ready("baseline, std_mixup, placebo_noise") if job.unit.context == "stage1"]
    states = [training.as_module(executing.prepare(job)[0]).state_dict() for job in jobs]
    for state in states[1:]:
        assert all(torch.equal(value, states[0][name]) for name, value in state.items())


@pytest.mark.parametrize("schedule", ["onecycle", "poly", "constant"])
def test_the_rate_is_a_pure_function_of_the_step(schedule: str) -> None:
    recipe = Recipe(schedule=schedule, lr=0.01)  # type: ignore[arg-type]
    rates = [learning_rate(recipe, step, 100) for step in range(100)]
    assert max(rates) == pytest.approx(0.01) and min(rates) > 0 and all(map(math.isfinite, rates))


def test_onecycle_is_torchs(tmp_path: Path) -> None:
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.02, total_steps=60, cycle_momentum=False)
    for step in range(60):
        assert learning_rate(Recipe(lr=0.02), step, 60) == pytest.approx(scheduler.get_last_lr()[0], rel=1e-6)
        optimizer.step()
        if step < 59:
            scheduler.step()


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 7])
def test_short_budgets_have_rates(steps: int) -> None:
    assert all(0 < learning_rate(Recipe(), step, steps) <= 2e-3 for step in range(steps))


def test_golden_batches(ready: Ready) -> None:
    """Origin: the engine at revision 1. If these change, ENGINE_REVISION must be raised with them."""
    job = next(
        job
        for job in ready("baseline, placebo_duplicate")
        if (job.unit.context, job.unit.strategy) == ("stage2", "placebo_duplicate")
    )
    feed = executing.prepare(job)[1]
    ids = [slot.id for step in (0, 13) for slot in deliver(feed, step).slots]
    windows = [tuple(vars(slot.window).values()) for slot in deliver(feed, 13).slots[3:5]]
    mean = float(np.mean(deliver(feed, 13).batches[-1].images))
    assert ENGINE_REVISION == 1
    assert ids == [
        "train/snowy/013-0",
        "train/snowy/001-1",
        "train/snowy/017-0",
        "train/clear_day/022-0",
        "train/clear_day/003-0->clear_day",
        "train/clear_day/012-0->clear_day",
        "train/clear_day/021-1->clear_day",
        "train/clear_day/011-1->clear_day",
        "train/snowy/011-1",
        "train/clear_day/020-1",
        "train/clear_day/006-1",
        "train/snowy/014-1",
        "train/clear_day/009-1->clear_day",
        "train/clear_day/023-0->clear_day",
        "train/clear_day/000-1->clear_day",
        "train/clear_day/000-0->clear_day",
    ]
    assert windows == [(-6, -8, 59, 78, True), (5, 0, 39, 52, False)]
    assert mean == pytest.approx(-0.464858, abs=1e-4)


def test_a_loss_that_is_not_finite_stops_the_unit(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "take_step", lambda *a: math.nan)
    outcome = execute(ready()[0])
    assert (outcome.state, outcome.code) == ("stopped", "units.loss_not_finite")


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no cuda device")
def test_the_same_engine_runs_on_cuda_with_bf16(ready: Ready) -> None:
    from dataclasses import replace

    job = ready("std_mixup, baseline")[0]
    job = replace(job, device="cuda", recipe=job.recipe.model_copy(update={"precision": "bf16"}))
    assert execute(job).state == "done"
    assert {"receipt.json", "model.safetensors"} < set(files(job))
