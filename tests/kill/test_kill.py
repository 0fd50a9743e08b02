"""A running study killed with SIGKILL at 24 moments, and gone on with: what it leaves is what an uninterrupted run leaves.

`make test-kill` runs all 24 and checks that they were spread over the phases; `make test` runs the four of FEW.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

PHASES = ("generate", "train", "checkpoint", "score", "rename")
# Phase, event and the how-manieth of the run. A unit has 24 steps, 5 checkpoints (after 5, 10, 15, 20, 24) and 15 scored
# batches; the pool has 48 images; the caches hold 96, 120 and 48 samples, each with two hashes.
INSIDE = (
    ("generate", "image made", 1),
    ("generate", "image half written", 20),
    ("generate", "image renamed", 48),
    ("generate", "manifest.parquet half written", 1),
    ("train", "step begun", 1),
    ("train", "gradients computed", 13),
    ("train", "step taken", 24 + 5),  # the fifth step of the second unit, before its checkpoint
    ("train", "gradients computed", 4 * 24),
    ("checkpoint", "checkpoint half written", 1),
    ("checkpoint", "checkpoint not renamed", 3),
    ("checkpoint", "checkpoint half written", 5),
    ("checkpoint", "checkpoint renamed", 10),
    ("score", "batch begun", 1),
    ("score", "batch begun", 15 + 8),
    ("score", "groups.parquet not renamed", 2),
    ("score", "confusion.parquet half written", 3),
    ("rename", "pool not renamed", 1),
    ("rename", "pool renamed", 1),
    ("rename", "cache not renamed", 3),
    ("rename", "unit not renamed", 1),
    ("rename", "unit renamed", 2),
)
FEW = (
    ("train", "gradients computed", 13),
    ("checkpoint", "checkpoint half written", 5),
    ("score", "groups.parquet not renamed", 2),
    ("rename", "unit not renamed", 1),
)
OUTSIDE = ("generate", "train", "score")  # killed from outside: a real run on two workers
STEPS = 120  # of the study killed from outside: long enough to be seen training
SEEN = 60  # seconds within which the phase must show in the files


def name(moment: tuple[str, str, int]) -> str:
    return "-".join(map(str, moment)).replace(" ", "_")


def kill_and_go_on(driver: Any, reference: dict[str, str], out: Path, moment: tuple[str, str, int]) -> dict[str, Any]:
    """Kill a run at the moment, run again, compare; the line it logged right before it died."""
    line: dict[str, Any] = driver.killed(out, moment)
    writing = moment[0] != "rename" and moment[1].endswith(("half written", "not renamed"))
    assert bool(list(out.rglob(".*.part"))) == writing, "it died elsewhere than it said"
    assert driver.whole(out) == reference
    assert_tidy(out)
    return line


def assert_tidy(out: Path) -> None:
    """Nothing of the killed process is left but the claim of a folder it had finished, which nobody holds."""
    hidden = {p.relative_to(out) for p in out.rglob(".*") if p.name != ".claims.lock" and "report" not in p.parts}
    finished = {p.relative_to(out) for p in out.glob("*/*") if not p.name.startswith(".")}
    assert {p for p in hidden if p.parent / p.name.removeprefix(".").removesuffix(".claim") not in finished} == set()


@pytest.mark.parametrize("moment", FEW, ids=name)
def test_a_killed_study_goes_on_to_equal_bytes(
    driver: Any, reference: dict[str, str], tmp_path: Path, moment: tuple[str, str, int]
) -> None:
    """The four of the ordinary suite."""
    line = kill_and_go_on(driver, reference, tmp_path / "out", moment)
    print(f"killed in phase {line['phase']}: {line['event']} ({line['where']})")
    assert line["phase"] == moment[0]


@pytest.mark.kill
@pytest.mark.parametrize("moment", INSIDE, ids=name)
def test_killed_at_a_moment(
    driver: Any, reference: dict[str, str], tmp_path: Path, moment: tuple[str, str, int]
) -> None:
    line = kill_and_go_on(driver, reference, tmp_path / "out", moment)
    driver.log.append(line)
    print(f"moment {len(driver.log)} of 24: killed in phase {line['phase']}: {line['event']} ({line['where']})")


@pytest.fixture(scope="session")
def long_reference(driver: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The study killed from outside, uninterrupted and in one process."""
    found: dict[str, str] = driver.whole(tmp_path_factory.mktemp("long") / "out", steps=STEPS)
    return found


@pytest.mark.kill
@pytest.mark.parametrize("phase", OUTSIDE)
def test_a_real_run_on_two_workers_is_killed_from_outside(
    driver: Any, long_reference: dict[str, str], tmp_path: Path, phase: str
) -> None:
    command, out = [Path(sys.executable).with_name("fairweather"), "run", driver.study(STEPS)], tmp_path / "out"
    full = [*map(str, command), "--workers", "2", "--device", "cpu", "--out", str(out)]
    workers = kill_when(full, lambda: phase in phases(out), tmp_path / "said")
    assert workers
    assert_gone(workers)
    driver.log.append({"phase": phase})
    print(
        f"moment {len(driver.log)} of 24: killed in phase {phase}, from outside; workers {workers}, left: {phases(out)}"
    )
    went_on = subprocess.run(full, capture_output=True, text=True, timeout=300)
    assert went_on.returncode == 0, went_on.stderr
    assert driver.content(out) == long_reference
    assert_tidy(out)


def kill_when(command: list[str], seen: Callable[[], bool], said: Path) -> list[int]:
    """Start a run and kill its first process with SIGKILL once `seen`; the ids of the processes it had started."""
    with said.open("w") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, start_new_session=True)
    try:
        until = time.monotonic() + SEEN
        while not stopped_when(process, seen):
            assert process.poll() is None, f"it ended before it was killed: {said.read_text()}"
            assert time.monotonic() < until, f"the phase was not seen in {SEEN} s: {said.read_text()}"
            time.sleep(0.002)
        started = descendants(process.pid)
        process.kill()
        assert process.wait(timeout=30) == -signal.SIGKILL
        os.killpg(process.pid, signal.SIGCONT)
        return started
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=30)


def stopped_when(process: "subprocess.Popen[bytes]", seen: Callable[[], bool]) -> bool:
    """Whether all processes of the run stand still at the moment asked for: they might leave it between a look and a kill."""
    if not seen():
        return False
    os.killpg(process.pid, signal.SIGSTOP)
    if still := seen():
        return still
    os.killpg(process.pid, signal.SIGCONT)
    return False


def phases(out: Path) -> list[str]:
    """The phases a study folder is seen to be in."""
    found = ["generate"] if list(out.glob("pools/.*.work/images/*")) else []
    for path in out.glob("units/.*.work/progress.jsonl"):
        try:
            last = json.loads(path.read_text(encoding="utf-8").splitlines()[-1])
        except (FileNotFoundError, ValueError, IndexError):  # renamed, or being written, at this moment
            continue
        if last["step"] < last["of"]:
            found.append(last["phase"])
    return found


def descendants(pid: int) -> list[int]:
    """The living processes below one, from /proc."""
    children: dict[int, list[int]] = {}
    for id, parent in _parents():
        children.setdefault(parent, []).append(id)
    found, waiting = [], [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def _parents() -> Iterable[tuple[int, int]]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rsplit(")", 1)[1].split()[:2]
        except (FileNotFoundError, ProcessLookupError):  # ended meanwhile
            continue
        if state != "Z":
            yield int(stat.parent.name), int(parent)


def assert_gone(workers: list[int]) -> None:
    """No worker outlives its driver: it would go on holding a claim."""
    until = time.monotonic() + 20
    while left := {id for id, _ in _parents()} & set(workers):
        assert time.monotonic() < until, f"processes {left} outlived their driver"
        time.sleep(0.05)


@pytest.mark.kill
def test_the_moments_were_spread_over_the_phases(driver: Any) -> None:
    """After all others: 24 moments were reached, by what was logged right before each kill, and no phase has few of them."""
    counted = Counter(line["phase"] for line in driver.log)
    print(f"killed at {counted.total()} moments: {dict(counted)}")
    assert counted.total() == 24
    assert set(counted) == set(PHASES) and min(counted.values()) >= 3
