"""Fitting a generator on unpaired real images, and keeping what it learnt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import overload

import numpy as np
from safetensors.numpy import load_file, save

from fairweather.data import Dataset, Sample
from fairweather.errors import UnitStopped
from fairweather.store.files import clear, publish, write_bytes, write_json
from fairweather.study import FitPlan
from fairweather.vocabulary.domains import in_order
from fairweather.vocabulary.streams import stable_hash

STATE = "state.safetensors"


@dataclass(frozen=True)
class Pictures(Sequence[np.ndarray]):
    """Images of a data set, decoded when they are taken."""

    dataset: Dataset
    samples: tuple[Sample, ...]

    def __len__(self) -> int:
        return len(self.samples)

    @overload
    def __getitem__(self, index: int) -> np.ndarray: ...

    @overload
    def __getitem__(self, index: slice) -> "Pictures": ...

    def __getitem__(self, index: int | slice) -> "np.ndarray | Pictures":
        if isinstance(index, slice):
            return Pictures(self.dataset, self.samples[index])
        return self.dataset.image(self.samples[index])


def examples(plan: FitPlan, dataset: Dataset) -> dict[str, Pictures]:
    """The real images a generator may see, by domain."""
    samples = [row.sample for row in plan.seen]
    domains = in_order({sample.domain for sample in samples})
    return {domain: Pictures(dataset, tuple(s for s in samples if s.domain == domain)) for domain in domains}


def fit_generator(plan: FitPlan, dataset: Dataset, work: Path, final: Path) -> None:
    """Let a generator learn, and keep what it learnt in `final`.

    Raises:
        UnitStopped: it failed, or returned something that is not arrays by name.
    """
    clear(work)
    work.mkdir(parents=True)
    name = plan.generator.card.name
    rng = np.random.Generator(np.random.Philox(key=stable_hash(name, plan.id)))
    try:
        state = plan.generator.fit(examples(plan, dataset), rng)
    except Exception as error:  # a generator may be anybody's code; its arm is stopped by name
        raise UnitStopped("pool.fit_failed", f"{name}: {type(error).__name__}: {error}") from error
    if not all(isinstance(array, np.ndarray) for array in state.values()):
        raise UnitStopped("pool.fit_failed", f"{name}: fit returned something that is not arrays by name")
    write_bytes(work / STATE, save({key: np.ascontiguousarray(array) for key, array in state.items()}))
    write_json(work / "fit.json", {"schema": 1, "id": plan.id, "identity": plan.identity})
    publish(work, final)


def fitted_state(folder: Path) -> Mapping[str, np.ndarray]:
    """What was learnt."""
    state: dict[str, np.ndarray] = load_file(folder / STATE)
    return state
