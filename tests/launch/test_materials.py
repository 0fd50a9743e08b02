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


def run_at_the_door(asked: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """The exit status of `fairweather run` on the study."""
    from fairweather.cli.main import main

    (tmp_path / "probe.yaml").write_text(asked.text)
    words = ["fairweather", "run", str(tmp_path / "probe.yaml"), "--out", str(tmp_path / "out"), "--device", "cpu"]
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as end:
        main()
    assert isinstance(end.value.code, int)
    return end.value.code


def test_a_disk_that_fills_up_mid_unit_is_status_2_and_one_line(
    study: Callable[..., Study],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    import errno

    from fairweather.store import files

    def full(path: Path, data: bytes) -> None:
        with files.on_disk(path):
            raise OSError(errno.ENOSPC, "No space left on device")

    asked = study("baseline, std_mixup")
    with monkeypatch.context() as patch:
        patch.setattr("fairweather.engine.checkpoint.write_bytes", full)
        assert run_at_the_door(asked, tmp_path, monkeypatch) == 2
    said = capsys.readouterr().err
    assert "the disk is full" in said and said.count("\n") == 1
    assert not list((tmp_path / "out" / "units").glob("[!.]*"))
    assert run_at_the_door(asked, tmp_path, monkeypatch) == 0  # nothing was lost: the same command goes on


def test_a_worker_killed_by_the_system_is_status_2_and_one_line(
    study: Callable[..., Study],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    import os
    import signal

    from fairweather.launch import executors
    from fairweather.launch.probe import Estimate

    def killed(jobs: object, executor: Executor, *rest: object) -> None:
        executor.submit(os.kill, executor.submit(os.getpid).result(), signal.SIGKILL).result()

    monkeypatch.setattr(conducting, "local", executors.local)
    monkeypatch.setattr(conducting, "estimate", lambda jobs, executor, workers, tests: Estimate({}, workers))
    monkeypatch.setattr(conducting, "run_jobs", killed)
    assert run_at_the_door(study("baseline, std_mixup"), tmp_path, monkeypatch) == 2
    said = capsys.readouterr().err
    assert "worker process was killed by the system" in said and said.splitlines()[-1].startswith("fairweather: ")
