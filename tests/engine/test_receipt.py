"""Each way in which a measurement can be hollow must stop the unit by name, and the clean unit must pass."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from fairweather.engine import execute as executing
from fairweather.engine import loader
from fairweather.engine.execute import Job, Outcome, execute
from fairweather.store.files import read_json
from fairweather.store.layout import Layout
from fairweather.strategies import MixedBatch
from fairweather.strategies.cutmix import CutMix
from fairweather.strategies.darken import Darken
from fairweather.study import Context

Ready = Callable[..., list[Job]]


def stage(jobs: list[Job], context: str, strategy: str) -> Job:
    return next(job for job in jobs if (job.unit.context, job.unit.strategy) == (context, strategy))


def stopped(outcome: Outcome, code: str, *words: str) -> None:
    assert (outcome.state, outcome.code) == ("stopped", code), outcome
    assert all(word in outcome.reason for word in words), outcome.reason


@pytest.mark.parametrize(
    "strategy",
    [
        "baseline",
        "std_cutmix",
        "std_mixup",
        "std_randaugment",
        "std_darken+std_cutmix",
        "placebo_noise",
        "placebo_duplicate+std_darken",
    ],
)
def test_the_clean_unit_passes(ready: Ready, strategy: str) -> None:
    job = stage(ready(strategy + ("" if strategy == "baseline" else ", baseline")), "stage1", strategy)
    assert execute(job).state == "done"
    receipt = read_json(Layout(job.out).unit(job.unit.id) / "receipt.json")
    assert sum(receipt["samples"].values()) == 24 * 8
    generated = sum(n for kind, n in receipt["samples"].items() if kind.startswith("generated"))
    assert generated == (24 * 4 if "placebo" in strategy else 0)
    assert set(receipt["acts"]) == {name for name in strategy.split("+") if name.startswith("std_")}
    assert all(act["slots_changed"] > 0 for act in receipt["acts"].values())
    assert receipt["slots_hashed"] == 8 + 8 + 22


def test_arms_of_one_seed_meet_the_same_real_samples(ready: Ready) -> None:
    arms = ["baseline", "std_mixup", "std_randaugment", "placebo_noise"]
    receipts = []
    for job in ready(", ".join(arms)):
        if job.unit.context == "stage1":
            execute(job)
            receipts.append(read_json(Layout(job.out).unit(job.unit.id) / "receipt.json"))
    assert len(receipts) == 4
    for receipt in receipts[1:]:
        shared = 4 if any(kind.startswith("generated") for kind in receipt["samples"]) else 8
        assert receipt["order"][:shared] == receipts[0]["order"][:shared]
        assert receipt["geometry"] == receipts[0]["geometry"]


def test_another_seed_meets_others(ready: Ready) -> None:
    jobs = [job for job in ready(seeds="0, 1") if job.unit.context == "stage1"]
    for job in jobs:
        execute(job)
    first, second = (read_json(Layout(job.out).unit(job.unit.id) / "receipt.json") for job in jobs)
    assert first["order"] != second["order"] and first["geometry"] != second["geometry"]


@pytest.mark.parametrize("late", [0, 21], ids=["from the start", "late"])
def test_real_pixels_under_a_generated_tag(ready: Ready, monkeypatch: pytest.MonkeyPatch, late: int) -> None:
    true_load, calls = loader.load, [0]

    def load(feed: loader.Feed, origin: Any, id: str) -> Any:
        calls[0] += 1
        image, label = true_load(feed, origin, id)
        if origin == "generated" and calls[0] > 8 * late:
            return feed.real.image(id.split("->")[0]), label
        return image, label

    job = stage(ready("baseline, placebo_noise"), "stage1", "placebo_noise")
    monkeypatch.setattr(loader, "load", load)
    stopped(execute(job), "receipt.source_pixels", "generated image")


def test_another_data_sets_images(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    true_load = loader.load
    monkeypatch.setattr(
        loader,
        "load",
        lambda feed, origin, id: (true_load(feed, origin, id)[0][::-1].copy(), true_load(feed, origin, id)[1]),
    )
    stopped(execute(ready()[0]), "receipt.source_pixels", "real image")


def test_another_images_label(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    true_load = loader.load
    monkeypatch.setattr(
        loader, "load", lambda feed, origin, id: (true_load(feed, origin, id)[0], feed.real.label(feed.real_ids[0]))
    )
    stopped(execute(ready()[0]), "receipt.source_label")


def test_a_strategy_applied_to_a_copy_that_is_thrown_away(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    def collate(slots: Any) -> MixedBatch:
        return true_collate([replace(slot, stages=slot.stages[:1]) for slot in slots])

    true_collate = loader.collate
    job = stage(ready("baseline, std_darken"), "stage1", "std_darken")
    monkeypatch.setattr(loader, "collate", collate)
    stopped(execute(job), "receipt.not_delivered")


def test_a_mixed_batch_that_is_thrown_away(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    from fairweather.engine import train

    true_deliver = train.deliver
    job = stage(ready("baseline, std_cutmix"), "stage1", "std_cutmix")

    def deliver(feed: loader.Feed, step: int) -> loader.Delivery:
        delivery = true_deliver(feed, step)
        return replace(delivery, batches=delivery.batches[:1])

    monkeypatch.setattr(train, "deliver", deliver)
    stopped(execute(job), "receipt.act_missing", "std_cutmix")


def test_an_inert_strategy(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = ready("baseline, std_darken, std_cutmix")
    monkeypatch.setattr(Darken, "on_sample", lambda self, image, label, rng: (image.copy(), label.copy()))
    monkeypatch.setattr(CutMix, "on_batch", lambda self, batch, rng: batch)
    stopped(execute(stage(jobs, "stage1", "std_darken")), "receipt.inert_act", "std_darken", "20 steps")
    stopped(execute(stage(jobs, "stage1", "std_cutmix")), "receipt.inert_act", "std_cutmix")
    assert execute(stage(jobs, "stage1", "baseline")).state == "done"


def test_a_combination_with_an_inert_part(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    job = stage(ready("baseline, std_darken+std_cutmix"), "stage1", "std_darken+std_cutmix")
    monkeypatch.setattr(CutMix, "on_batch", lambda self, batch, rng: batch)
    stopped(execute(job), "receipt.inert_act", "std_cutmix")


def test_a_wrong_class_count(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    job, true_build = ready()[0], executing.build
    monkeypatch.setattr(
        executing, "build", lambda name, classes, pretrained: true_build(name, classes + 15, pretrained)
    )
    stopped(execute(job), "receipt.class_count", "19 classes", "has 4")


def test_a_context_filter_that_is_ignored(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Context, "admits", lambda self, sample: True)
    job = stage(ready(), "stage1", "baseline")
    stopped(execute(job), "receipt.outside_context", "snowy", "stage1")


def test_a_loader_that_draws_beyond_the_plan(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    job = stage(ready(), "stage1", "baseline")
    everything = tuple(executing.open_cache(job.caches["train"], job.ram_limit).rows)
    true_prepare = executing.prepare

    def prepare(job: Job) -> Any:
        model, feed, receipt = true_prepare(job)
        return model, replace(feed, real_ids=everything), receipt

    monkeypatch.setattr(executing, "prepare", prepare)
    stopped(execute(job), "receipt.outside_context")


def test_a_wrong_share(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    # Step 6 is looked at in slot 6 alone: slot 4 becomes real unseen, and the count at the end must tell.
    job = stage(ready("baseline, placebo_noise"), "stage1", "placebo_noise")
    true_choose = loader.choose
    monkeypatch.setattr(
        loader,
        "choose",
        lambda feed, step, number: true_choose(replace(feed, generated=3) if step == 6 else feed, step, number),
    )
    stopped(execute(job), "receipt.generated_share", "95 generated samples were taken, 96 are declared")


def test_a_geometry_that_is_not_the_drawn_one(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    true_cut = loader.cut
    monkeypatch.setattr(
        loader,
        "cut",
        lambda image, label, window, crop: true_cut(image, label, replace(window, flip=not window.flip), crop),
    )
    stopped(execute(ready()[0]), "receipt.geometry")


def test_labels_that_are_no_class(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    job = stage(ready("baseline, std_darken"), "stage1", "std_darken")
    monkeypatch.setattr(Darken, "on_sample", lambda self, image, label, rng: (image // 2, np.full_like(label, 7)))
    stopped(execute(job), "receipt.label_value", "label value 7")


def test_a_pool_whose_pixels_are_not_its_manifests(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    """The void study's failure one step earlier: the cache itself is made from the real images."""
    from fairweather.errors import DataError
    from fairweather.store.pools import Pool

    monkeypatch.setattr(Pool, "image", lambda self, sample: self.source.image(self.origins[sample.id]))
    with pytest.raises(DataError, match=r"train/.*->clear_day does not decode to the pixels of its manifest"):
        ready("baseline, placebo_noise")


def test_a_cache_made_from_other_pixels_than_the_manifests(ready: Ready) -> None:
    job = stage(ready("baseline, placebo_noise"), "stage1", "placebo_noise")
    id = next(iter(job.manifests["pool"]))
    other = {**job.manifests, "pool": {**job.manifests["pool"], id: ("0" * 64, "0" * 64)}}
    stopped(execute(replace(job, manifests=other)), "receipt.source_pixels", id)


def test_a_strategy_that_acts_in_the_first_steps_alone(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    job = stage(ready("baseline, std_darken", steps=48), "stage1", "std_darken")
    true_act, calls = Darken.on_sample, [0]

    def on_sample(self: Darken, image: np.ndarray, label: np.ndarray, rng: np.random.Generator) -> Any:
        calls[0] += 1
        return true_act(self, image, label, rng) if calls[0] <= 10 * 8 else (image, label)

    monkeypatch.setattr(Darken, "on_sample", on_sample)
    stopped(execute(job), "receipt.inert_act", "std_darken", "after the first 20 steps")


def test_targets_that_are_swapped_on_the_way_to_the_model(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    from fairweather.engine import train
    from fairweather.models import Targets

    true_tensors = train.tensors
    job = stage(ready("baseline, std_mixup"), "stage1", "std_mixup")

    def tensors(batch: MixedBatch, device: str) -> Targets:
        made = true_tensors(batch, device)
        return Targets(made.y_mix, made.y, made.weight)

    monkeypatch.setattr(train, "tensors", tensors)
    stopped(execute(job), "receipt.not_delivered", "other labels")


def test_images_that_are_changed_on_the_way_to_the_model(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    true_from_numpy = torch.from_numpy
    job = ready()[0]

    def from_numpy(array: np.ndarray) -> Any:
        return true_from_numpy(array.copy() * 2 if array.dtype == np.float32 and array.ndim == 4 else array)

    monkeypatch.setattr(torch, "from_numpy", from_numpy)
    stopped(execute(job), "receipt.not_delivered", "other pixels")


def test_an_act_that_fails(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    job = stage(ready("baseline, std_darken"), "stage1", "std_darken")

    def fail(self: Darken, image: np.ndarray, label: np.ndarray, rng: np.random.Generator) -> Any:
        raise RuntimeError("no light")

    monkeypatch.setattr(Darken, "on_sample", fail)
    stopped(execute(job), "units.act_failed", "std_darken", "RuntimeError: no light")


def test_a_batch_of_another_size(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    from fairweather.engine import train

    true_deliver = train.deliver
    monkeypatch.setattr(train, "deliver", lambda feed, step: true_deliver(replace(feed, batch=6), step))
    stopped(execute(ready()[0]), "receipt.batch_size", "6 samples, not 8")
