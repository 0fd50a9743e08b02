"""A pool that cannot be made stops its own arm and no other; the run ends with status 1 and says why."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from fairweather.cli import conduct as conducting
from fairweather.cli.conduct import conduct
from fairweather.generators.noise import Noise
from fairweather.launch.executors import Here
from fairweather.strategies.darken import Darken
from fairweather.study import Study


@contextmanager
def here(workers: int, threads: int) -> Iterator[Executor]:
    yield Here()


@pytest.fixture(autouse=True)
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conducting, "local", here)


def checks(out: Path) -> dict[str, dict[str, object]]:
    return {check["code"]: check for check in json.loads((out / "report" / "audit.json").read_text())["checks"]}


def test_a_generator_that_fails(study: Callable[..., Study], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Noise, image: np.ndarray, label: np.ndarray, domain: str, rng: np.random.Generator) -> np.ndarray:
        raise RuntimeError("out of noise")

    monkeypatch.setattr(Noise, "generate", fail)
    asked = study("baseline, std_darken, placebo_noise", seeds="0, 1")
    assert conduct(asked, tmp_path / "out", 1, "cpu", force=False) == 1
    stopped = checks(tmp_path / "out")["units.stopped"]
    assert len(stopped["rows"]) == 4  # type: ignore[arg-type]
    assert {row["code"] for row in stopped["rows"]} == {"pool.generator_failed"}  # type: ignore[attr-defined]
    assert len(list((tmp_path / "out" / "units").glob("[!.]*"))) == 8


def test_an_inert_strategy_stops_its_units_in_a_run_and_no_other(
    study: Callable[..., Study], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Darken, "on_sample", lambda self, image, label, rng: (image, label))
    asked = study("baseline, std_darken, std_mixup", seeds="0, 1")
    assert conduct(asked, tmp_path / "out", 1, "cpu", force=False) == 1
    stopped = checks(tmp_path / "out")["units.stopped"]
    assert {row["code"] for row in stopped["rows"]} == {"receipt.inert_act"}  # type: ignore[attr-defined]
    assert len(stopped["rows"]) == 4  # type: ignore[arg-type]
    monkeypatch.undo()
    monkeypatch.setattr(conducting, "local", here)
    assert (
        conduct(asked, tmp_path / "out", 1, "cpu", force=False) == 1
    )  # stopped units are not tried again by themselves
    assert conduct(asked, tmp_path / "out", 1, "cpu", force=True) == 0
