"""The receipt: what the optimiser really consumed, computed from the pixels it took, never from what the loader says of them.

Looked at are every slot of the first and of the last batch and one slot, in turn, of every other batch. For each the source
pixels must hash to the manifest's value, the sample must be one the context admits, the geometry must reproduce, every act is
measured before and after, and the tensor given to the model must be what the last act returned. A failed check stops the unit
by name; nothing is repaired.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fairweather.data import pixel_hash
from fairweather.data.prepared import PreparedRow
from fairweather.engine.geometry import cut
from fairweather.engine.loader import MEAN, STD, Delivery, Slot
from fairweather.errors import UnitStopped
from fairweather.strategies import MixedBatch
from fairweather.study import Context

GATE = 20  # steps after which an act that has changed nothing stops the unit


@dataclass(frozen=True)
class Expected:
    """What the unit's description says must be seen; taken from the plan, not from the loader.

    Args:
        context: the training context.
        real: rows of the training cache by id; pool: rows of the pool's cache by id. `check_sources` has compared what they
            were made from with the manifests of the data set and of the pool.
        pool_sources: for each pool id the id of its source.
        admitted: ids of the real samples the context admits, from the plan.
        acts: names of the arm's on-the-fly parts: acts on samples first, then acts on batches, as they are applied.
        batch, generated, steps, crop, num_classes: of the budget, the mix and the label space.
    """

    context: Context
    real: dict[str, PreparedRow]
    pool: dict[str, PreparedRow]
    pool_sources: dict[str, str]
    admitted: frozenset[str]
    acts: tuple[str, ...]
    batch: int
    generated: int
    steps: int
    crop: tuple[int, int]
    num_classes: int


def check_sources(rows: dict[str, PreparedRow], sources: dict[str, tuple[str, str]], kind: str) -> None:
    """Compare what a cache says it was made from with the manifest.

    Args:
        sources: id -> (image, label) pixel hashes of the data set's or the pool's manifest.

    Raises:
        UnitStopped: an image is missing, or was made from other pixels.
    """
    for id, wanted in sources.items():
        row = rows.get(id)
        if row is None or (row.source_pixels, row.source_label) != wanted:
            raise UnitStopped(
                "receipt.source_pixels", f"the cache's {kind} image {id} was not made from its manifest's pixels"
            )


@dataclass
class Receipt:
    """Accumulates over the steps of one unit; `state` and `restore` carry it across a checkpoint."""

    expected: Expected
    taken: Counter[str] = field(default_factory=Counter)
    looked: int = 0
    acts: dict[str, dict[str, float]] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    geometry: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        counters = ("looked", "changed", "difference", "late_looked", "late_changed")
        self.acts = {name: dict.fromkeys(counters, 0.0) for name in self.expected.acts}
        self.order = ["" for _ in range(self.expected.batch)]
        self.geometry = ["" for _ in range(self.expected.batch)]

    def take(self, step: int, delivery: Delivery, images: np.ndarray, targets: MixedBatch) -> None:
        """Look at one batch before the optimiser takes it.

        Args:
            images: (N, 3, H, W) float32 as handed to the model, copied back from its device.
            targets: the targets as handed to the model.
        """
        if len(delivery.slots) != self.expected.batch or len(images) != self.expected.batch:
            raise UnitStopped("receipt.batch_size", f"step {step}: {len(images)} samples, not {self.expected.batch}")
        whole = step in (0, self.expected.steps - 1)
        for number, slot in enumerate(delivery.slots):
            looked = whole or number == step % self.expected.batch
            if looked:
                self._look(step, number, slot, delivery, images, targets)
            self._count(step, number, slot, looked)
        if step + 1 == min(GATE, self.expected.steps):
            self._refuse_inert(step)

    def close(self) -> None:
        """The checks that need all steps: no inert act, and real and generated samples in exactly the declared share."""
        self._refuse_inert(self.expected.steps - 1)
        for name, counts in self.acts.items():
            if counts["late_looked"] >= GATE and counts["late_changed"] == 0:
                raise UnitStopped("receipt.inert_act", f"{name} changed nothing after the first {GATE} steps")
        generated = sum(n for kind, n in self.taken.items() if kind.startswith("generated "))
        declared = self.expected.generated * self.expected.steps
        if generated != declared:
            raise UnitStopped(
                "receipt.generated_share", f"{generated} generated samples were taken, {declared} are declared"
            )

    def record(self) -> dict[str, Any]:
        """The receipt as stored; equal units give equal records."""
        return {
            "schema": 1,
            "steps": self.expected.steps,
            "batch": self.expected.batch,
            "samples": dict(sorted(self.taken.items())),
            "distinct_real": len([id for id in self.seen if id in self.expected.real]),
            "distinct_generated": len([id for id in self.seen if id in self.expected.pool]),
            "slots_hashed": self.looked,
            "acts": {name: self._act(counts) for name, counts in self.acts.items()},
            "order": self.order,
            "geometry": self.geometry,
            "num_classes": self.expected.num_classes,
        }

    def state(self) -> dict[str, Any]:
        """All that must survive a kill, JSON-able."""
        return {
            "taken": dict(self.taken),
            "looked": self.looked,
            "acts": self.acts,
            "order": self.order,
            "geometry": self.geometry,
            "seen": sorted(self.seen),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take up a stored state."""
        self.taken, self.seen = Counter(state["taken"]), set(state["seen"])
        self.looked, self.acts = state["looked"], state["acts"]
        self.order, self.geometry = state["order"], state["geometry"]

    def _act(self, counts: dict[str, float]) -> dict[str, float]:
        looked = counts["looked"]
        return {
            "slots_looked_at": int(looked),
            "slots_changed": int(counts["changed"]),
            "mean_absolute_change": counts["difference"] / looked if looked else 0.0,  # grey levels, 0-255
        }

    def _look(
        self, step: int, number: int, slot: Slot, delivery: Delivery, images: np.ndarray, targets: MixedBatch
    ) -> None:
        where = f"step {step}, slot {number} ({slot.id})"
        self.looked += 1
        self._same_source(where, number, slot)
        shaped = cut(slot.image, slot.label, slot.window, self.expected.crop)
        if not _equal(shaped, slot.stages[0]):
            raise UnitStopped("receipt.geometry", f"{where}: the crop is not the drawn window of the loaded sample")
        _check_labels(where, slot.stages[-1][1], self.expected.num_classes)
        acts = iter(self.expected.acts)
        for before, after in zip(slot.stages, slot.stages[1:], strict=False):
            self._measure(step, next(acts), _difference(before, after))
        self._same_tensor(where, number, slot.stages[-1], delivery.batches[0])
        for mixed, remixed in zip(delivery.batches, delivery.batches[1:], strict=False):
            self._measure(step, next(acts), _mixed_difference(mixed, remixed, number))
        if (left := next(acts, None)) is not None:
            raise UnitStopped("receipt.act_missing", f"{where}: {left} was not applied")
        last = delivery.batches[-1]
        if not np.array_equal(images[number], last.images[number]):
            raise UnitStopped(
                "receipt.not_delivered", f"{where}: the model was given other pixels than the last act made"
            )
        given = (targets.y, targets.y_mix, targets.weight)
        if not all(
            np.array_equal(a[number], b[number]) for a, b in zip(given, (last.y, last.y_mix, last.weight), strict=True)
        ):
            raise UnitStopped(
                "receipt.not_delivered", f"{where}: the model was given other labels than the last act made"
            )

    def _same_source(self, where: str, number: int, slot: Slot) -> None:
        generated = number >= self.expected.batch - self.expected.generated
        rows = self.expected.pool if generated else self.expected.real
        kind = "generated" if generated else "real"
        if slot.id not in rows:
            raise UnitStopped("receipt.source_pixels", f"{where}: no {kind} image of that id is in the unit's manifest")
        row = rows[slot.id]
        if pixel_hash(slot.image) != row.image_hash:
            raise UnitStopped(
                "receipt.source_pixels", f"{where}: the pixels are not those of the manifest's {kind} image"
            )
        if pixel_hash(slot.label) != row.label_hash:
            raise UnitStopped("receipt.source_label", f"{where}: the label is not that of the manifest's {kind} image")

    def _count(self, step: int, number: int, slot: Slot, looked: bool) -> None:
        generated = slot.id in self.expected.pool and slot.id not in self.expected.real
        origin = self.expected.pool_sources[slot.id] if generated else slot.id
        row = (self.expected.pool if generated else self.expected.real).get(slot.id)
        if row is None or origin not in self.expected.admitted:
            raise UnitStopped(
                "receipt.outside_context",
                f"step {step}, slot {number}: {slot.id} is not admitted by the unit's context",
            )
        if not generated and row.domain not in self.expected.context.domains:
            raise UnitStopped(
                "receipt.outside_context",
                f"step {step}, slot {number}: {slot.id} shows {row.domain}, which {self.expected.context.name} leaves out",
            )
        self.taken[f"{'generated' if generated else 'real'} {row.domain}"] += 1
        self.seen.add(slot.id)
        self.order[number] = _chain(self.order[number], row.image_hash if looked else slot.id)
        self.geometry[number] = _chain(self.geometry[number], repr(slot.window))

    def _same_tensor(self, where: str, number: int, stage: tuple[np.ndarray, np.ndarray], batch: MixedBatch) -> None:
        # Written out here rather than calling the loader's own normalisation: the two must agree to rounding.
        wanted = np.moveaxis((stage[0].astype(np.float32) - MEAN) / STD, -1, 0)
        if not np.allclose(batch.images[number], wanted, atol=1e-3) or not np.array_equal(batch.y[number], stage[1]):
            raise UnitStopped(
                "receipt.not_delivered", f"{where}: the batch does not hold what the last act on samples made"
            )

    def _measure(self, step: int, act: str, difference: float) -> None:
        counts = self.acts[act]
        counts["looked"] += 1
        counts["changed"] += difference > 0
        counts["difference"] += difference
        if step >= GATE:
            counts["late_looked"] += 1
            counts["late_changed"] += difference > 0

    def _refuse_inert(self, step: int) -> None:
        for name, counts in self.acts.items():
            if counts["changed"] == 0:
                raise UnitStopped(
                    "receipt.inert_act",
                    f"{name} changed none of the {counts['looked']:.0f} samples looked at in {step + 1} steps",
                )


def _equal(a: tuple[np.ndarray, np.ndarray], b: tuple[np.ndarray, np.ndarray]) -> bool:
    return all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


def _difference(before: tuple[np.ndarray, np.ndarray], after: tuple[np.ndarray, np.ndarray]) -> float:
    """Mean absolute change in grey levels; a change of labels alone counts by its share of pixels."""
    pixels = float(np.mean(np.abs(before[0].astype(np.int16) - after[0].astype(np.int16))))
    return pixels or float(np.mean(before[1] != after[1]))


def _mixed_difference(before: MixedBatch, after: MixedBatch, number: int) -> float:
    scale = STD.reshape(3, 1, 1)
    pixels = float(np.mean(np.abs(before.images[number] - after.images[number]) * scale))
    return pixels or float(np.mean(before.y[number] != after.y[number]))


def _check_labels(where: str, label: np.ndarray, num_classes: int) -> None:
    values = np.flatnonzero(np.bincount(label.ravel(), minlength=256))
    wrong = [int(value) for value in values if num_classes <= value < 255]
    if wrong:
        raise UnitStopped("receipt.label_value", f"{where}: label value {wrong[0]} is not one of {num_classes} classes")


def _chain(previous: str, item: str) -> str:
    return hashlib.sha256(f"{previous}\n{item}".encode()).hexdigest()[:32]
