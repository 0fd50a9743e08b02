"""Training one unit: the same budget, recipe and streams for every arm; the last step's weights are what is scored."""

import json
import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fairweather.engine import checkpoint
from fairweather.engine.loader import Delivery, Feed, deliver
from fairweather.engine.receipt import Receipt
from fairweather.errors import UnitStopped
from fairweather.models.model import Targets
from fairweather.strategies import MixedBatch
from fairweather.study.study import Budget, Recipe
from fairweather.vocabulary.streams import stable_hash

if TYPE_CHECKING:
    import torch

    from fairweather.models import Segmenter

AHEAD = 4  # batches made ahead by threads while a GPU works; a CPU unit makes its own between steps
LOG_EVERY = 10  # steps between lines of progress.jsonl


def learning_rate(recipe: Recipe, step: int, steps: int) -> float:
    """The rate of one step, a pure function, so that a resumed unit goes on where it was.

    onecycle: cosine from lr/25 up to lr over the first 30 % of steps, then down to lr/250000 (Smith and Topin 2019, as in
    torch's OneCycleLR without momentum cycling). poly: lr (1 - step/steps)^0.9 (Chen et al. 2017).
    """
    if recipe.schedule == "constant":
        return recipe.lr
    if recipe.schedule == "poly":
        return float(recipe.lr * (1 - step / steps) ** 0.9)
    low, last = recipe.lr / 25, recipe.lr / 25 / 1e4
    turn = 0.3 * steps - 1
    if step <= turn:
        return _cosine(low, recipe.lr, step / turn)
    return _cosine(recipe.lr, last, (step - turn) / max(steps - 1 - turn, 1))


def _cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) / 2 * (1 + math.cos(math.pi * share))


def make_optimizer(recipe: Recipe, model: "Segmenter") -> "torch.optim.Optimizer":
    """AdamW (Loshchilov and Hutter 2019) or SGD with momentum 0.9; fused, which computes the same in one call."""
    import torch

    if recipe.optimizer == "adamw":
        return torch.optim.AdamW(model.parameters(), lr=recipe.lr, weight_decay=recipe.weight_decay, fused=True)
    return torch.optim.SGD(model.parameters(), lr=recipe.lr, momentum=0.9, weight_decay=recipe.weight_decay, fused=True)


def autocast(recipe: Recipe, device: str) -> AbstractContextManager[Any]:
    """bfloat16 where the recipe asks for it."""
    import torch

    return torch.autocast(device, torch.bfloat16) if recipe.precision == "bf16" else nullcontext()


def train(
    model: "Segmenter",
    feed: Feed,
    receipt: Receipt,
    recipe: Recipe,
    budget: Budget,
    device: str,
    work: Path,
    recorded: dict[str, Any],
    tick: Callable[[int, float], object] = lambda step, loss: None,
) -> None:
    """Train `model` in place for the budget's steps, from its checkpoint in `work` if there is one.

    Args:
        work: where checkpoints and progress.jsonl go.
        recorded: the environment (engine.device), stored with checkpoints.
        tick: called after each step with the steps done and the loss.

    Raises:
        UnitStopped: the receipt refused a batch, or the loss is not finite.
    """
    import torch

    optimizer = make_optimizer(recipe, model)
    start, state = checkpoint.load(work, as_module(model), optimizer, recorded)
    if state is not None:
        receipt.restore(state)
    as_module(model).train()
    for step, delivery in zip(range(start, budget.steps), _deliveries(feed, start, budget.steps, device), strict=True):
        loss = take_step(model, optimizer, delivery, receipt, recipe, step, budget.steps, device, feed.seed)
        if not math.isfinite(loss):
            raise UnitStopped("units.loss_not_finite", f"step {step}: the loss is {loss}")
        done = step + 1
        _log(work, done, budget.steps, loss)
        if done % budget.checkpoint == 0 or done == budget.steps:
            checkpoint.save(work, done, as_module(model), optimizer, receipt.state(), recorded)
        tick(done, loss)
    receipt.close()
    if device != "cpu":
        torch.cuda.synchronize()


def take_step(
    model: "Segmenter",
    optimizer: "torch.optim.Optimizer",
    delivery: Delivery,
    receipt: Receipt,
    recipe: Recipe,
    step: int,
    steps: int,
    device: str,
    seed: int,
) -> float:
    """One step of the optimiser on one delivered batch, looked at by the receipt; the loss."""
    import torch

    batch = delivery.batches[-1]
    images = torch.from_numpy(batch.images).to(device, non_blocking=True)
    targets = tensors(batch, device)
    receipt.take(step, delivery, images.cpu().numpy(), arrays(targets))
    torch.manual_seed(stable_hash(seed, "dropout", step))
    for group in optimizer.param_groups:
        group["lr"] = learning_rate(recipe, step, steps)
    optimizer.zero_grad(set_to_none=True)
    with autocast(recipe, device):
        loss = model.loss(images, targets)
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    return float(loss.detach())


def tensors(batch: MixedBatch, device: str) -> Targets:
    """The targets of a batch on the device; y_mix is y itself where nothing is mixed."""
    import torch

    y = torch.from_numpy(batch.y).to(device).long()
    y_mix = y if batch.y_mix is batch.y else torch.from_numpy(batch.y_mix).to(device).long()
    return Targets(y, y_mix, torch.from_numpy(batch.weight).to(device))


def arrays(targets: Targets) -> MixedBatch:
    """The targets as the model is given them, back in NumPy for the receipt."""
    import numpy as np

    y = targets.y.cpu().numpy().astype(np.uint8)
    y_mix = y if targets.y_mix is targets.y else targets.y_mix.cpu().numpy().astype(np.uint8)
    return MixedBatch(np.empty(0, np.float32), y, y_mix, targets.weight.cpu().numpy())


def _deliveries(feed: Feed, start: int, steps: int, device: str) -> Iterator[Delivery]:
    if device == "cpu":
        yield from (deliver(feed, step) for step in range(start, steps))
        return
    with ThreadPoolExecutor(AHEAD) as threads:
        waiting: list[Future[Delivery]] = [
            threads.submit(deliver, feed, step) for step in range(start, min(start + AHEAD, steps))
        ]
        for step in range(start, steps):
            if step + AHEAD < steps:
                waiting.append(threads.submit(deliver, feed, step + AHEAD))
            yield waiting.pop(0).result()


def _log(work: Path, done: int, steps: int, loss: float) -> None:
    if done % LOG_EVERY == 0 or done == steps:
        with (work / "progress.jsonl").open("a", encoding="utf-8") as file:
            file.write(
                json.dumps({"phase": "train", "step": done, "of": steps, "loss": round(loss, 6), "time": time.time()})
                + "\n"
            )


def as_module(model: "Segmenter") -> "torch.nn.Module":
    """The model as the torch module it also is."""
    import torch

    assert isinstance(model, torch.nn.Module)
    return model
