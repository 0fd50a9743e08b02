"""Fitting: what a generator may see, and that what it learnt is kept and used."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from rich.console import Console

from fairweather.data import Dataset, Sample
from fairweather.engine.fit import examples, fit_generator, fitted_state
from fairweather.engine.generate import Making, fill_pool, finish_pool
from fairweather.errors import UnitStopped
from fairweather.generators import GENERATORS, Generator, GeneratorCard, Source
from fairweather.launch.materials import gather
from fairweather.launch.progress import Progress
from fairweather.store import plan_record
from fairweather.store.pools import open_pool
from fairweather.study import FitPlan, Material, Plan, Study, by_reason, plan
from fairweather.vocabulary.registry import Registry


@dataclass(frozen=True)
class Tint(Generator):
    """Learns the mean colour of every domain it is shown, and moves a source's mean there."""

    card: ClassVar = GeneratorCard(
        "gen_tint", "moves the mean colour", family="gen", fits=True, batch=3, domains_supported=("snowy",)
    )

    def fit(self, examples: Mapping[str, Sequence[np.ndarray]], rng: np.random.Generator) -> Mapping[str, np.ndarray]:
        return {domain: np.mean([image.mean((0, 1)) for image in images], 0) for domain, images in examples.items()}

    def fitted(self, state: Mapping[str, np.ndarray]) -> "Fitted":
        return Fitted(dict(state))

    def generate(self, source: Source, domain: str, rng: np.random.Generator) -> np.ndarray:
        raise AssertionError("not fitted")


class Fitted(Tint):
    def __init__(self, means: Mapping[str, np.ndarray]) -> None:
        object.__setattr__(self, "means", means)

    def generate(self, source: Source, domain: str, rng: np.random.Generator) -> np.ndarray:
        moved = source.image + (self.means[domain] - source.image.mean((0, 1)))  # type: ignore[attr-defined]
        return np.clip(moved, 0, 255).astype(np.uint8)


@pytest.fixture
def tinted(study: Callable[..., Study], monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Plan, Material]]:
    registry = Registry(GENERATORS.kind, GENERATORS.group, [*GENERATORS.values(), Tint])
    for module in ("fairweather.generators", "fairweather.study.arms"):
        monkeypatch.setattr(f"{module}.GENERATORS", registry)

    def make(extra: str = "") -> tuple[Plan, Material]:
        asked = study("baseline, gen_tint", extra=extra)
        materials = gather(asked, Progress(Console(quiet=True)))
        return plan(asked, materials), materials["toy"]

    return make


def fits(found: Plan) -> list[FitPlan]:
    return [pool.fit for pool in found.pools if pool.fit]


def test_what_a_generator_learns_from_is_in_the_pools_id_and_is_the_contexts_unless_said_otherwise(tinted) -> None:  # type: ignore[no-untyped-def]
    context, _ = tinted()
    training, _ = tinted("pool: {generator_sees: training}\n")
    seen = [{row.sample.domain for row in fit.seen} for fit in fits(context)]
    assert {"clear_day"} in seen and any(len(domains) > 1 for domains in seen)  # stage1 and stage2
    assert all(len({row.sample.domain for row in fit.seen}) > 1 for fit in fits(training))
    assert {pool.id for pool in context.pools} != {pool.id for pool in training.pools}
    assert all(fit.identity["sees"] == "training" for fit in fits(training))


@dataclass(frozen=True)
class Watched(Dataset):
    """A data set that refuses to show its test images."""

    whole: Dataset
    name: str
    samples: tuple[Sample, ...]

    @property
    def label_space(self):  # type: ignore[no-untyped-def, override]
        return self.whole.label_space

    def image(self, sample: Sample) -> np.ndarray:
        assert sample.split == "train", "a test image was looked at"
        return self.whole.image(sample)

    def label(self, sample: Sample) -> np.ndarray:
        assert sample.split == "train", "a test label was looked at"
        return self.whole.label(sample)

    def content(self, sample: Sample) -> tuple[str, str]:
        return self.whole.content(sample)


def test_a_generator_never_sees_a_test_image(tinted, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    found, material = tinted("pool: {generator_sees: training}\n")
    watched = Watched(material.dataset, "toy", material.dataset.samples)
    tested = {row.sample.id for row in material.test}
    for number, pool in enumerate(found.pools):
        assert tested.isdisjoint(row.sample.id for row in pool.fit.seen)
        assert tested.isdisjoint(row.sample.id for row, _ in pool.items)
        fit_generator(pool.fit, watched, tmp_path / ".fit", tmp_path / f"fit{number}")
        making = Making(pool, watched, tmp_path / ".work", tmp_path / f"pool{number}")
        fill_pool(making, fitted_state(tmp_path / f"fit{number}"))


def test_what_was_learnt_is_what_generates(tinted, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    found, material = tinted("pool: {generator_sees: training, codec: png}\n")
    pool = found.pools[0]
    fit_generator(pool.fit, material.dataset, tmp_path / ".fit", tmp_path / "fit")
    making = Making(pool, material.dataset, tmp_path / ".work", tmp_path / "pool")
    fill_pool(making, fitted_state(tmp_path / "fit"))
    finish_pool(making)
    made = open_pool(pool, tmp_path / "pool", material.dataset)
    snows = [r.sample for r in material.train if r.sample.domain == "snowy"]
    learnt = np.mean([material.dataset.image(s).mean((0, 1)) for s in snows], 0)
    row = next(row for row in made.rows if row.sample.domain == "snowy")
    assert np.abs(made.image(row.sample).mean((0, 1)) - learnt).max() < 12  # clipping moves it a little
    assert {row.sample.domain for row in made.rows} == {"snowy"}


def test_a_domain_the_generator_does_not_make_is_left_out_by_name_and_reason(tinted) -> None:  # type: ignore[no-untyped-def]
    unable, unasked = "not supported by the card of gen_tint", "not asked for by pool.targets"
    found, _ = tinted()
    assert all(pool.left_out == ("cloudy", "dawn_dusk", "foggy", "night", "rainy") for pool in found.pools)
    assert all(pool.not_covered == dict.fromkeys(pool.left_out, unable) for pool in found.pools)
    found, _ = tinted("pool: {targets: [snow, night]}\n")
    recorded = plan_record(found, None)["pools"][0]["not_covered"]
    assert by_reason(recorded) == {unasked: "cloudy, dawn_dusk, foggy, rainy", unable: "night"}
    assert list(recorded) == ["cloudy", "dawn_dusk", "foggy", "night", "rainy"]


def test_a_fit_that_fails_stops_by_name(tinted, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    found, material = tinted()
    fit = found.pools[0].fit
    empty = replace(fit, seen=(), generator=_Failing())
    with pytest.raises(UnitStopped, match=r"pool.fit_failed: gen_tint: ValueError: nothing to learn from"):
        fit_generator(empty, material.dataset, tmp_path / ".fit", tmp_path / "fit")
    assert not (tmp_path / "fit").exists()


@dataclass(frozen=True)
class _Failing(Tint):
    def fit(self, examples: Mapping[str, Sequence[np.ndarray]], rng: np.random.Generator) -> Mapping[str, np.ndarray]:
        raise ValueError("nothing to learn from")


def test_examples_are_decoded_when_they_are_taken(tinted) -> None:  # type: ignore[no-untyped-def]
    found, material = tinted("pool: {generator_sees: training}\n")
    shown = examples(fits(found)[0], material.dataset)
    snow = shown["snowy"]
    assert len(snow) == sum(row.sample.domain == "snowy" for row in material.train)
    assert snow[0].shape == (48, 64, 3) and len(snow[1:3]) == 2
