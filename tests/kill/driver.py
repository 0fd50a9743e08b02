"""Conducts a study and, if told a moment, kills itself there with SIGKILL.

Started once by the tests; it imports everything, then reads one JSON request per line from stdin,

    {"study": FILE, "out": FOLDER, "log": FILE, "moment": [PHASE, EVENT, N] or null}

forks a process that conducts the study, and answers on stdout with {"pid": ..., "signal": ..., "status": ...}. Forking saves
importing torch 48 times; the forked process is one that has not run anything yet, as a fresh start is.

The product knows nothing of this: moments are found by wrapping its functions, and the one call by which it renames files
and folders, by assignment. A moment is logged with its phase, on disk, right before the kill.
"""

import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import torch._dynamo  # otherwise imported by the first optimizer of every process

from fairweather.cli import conduct as conducting
from fairweather.engine import evaluate as evaluating
from fairweather.engine import generate as generating
from fairweather.engine import train as training
from fairweather.launch import run as running
from fairweather.launch.executors import Here
from fairweather.store import Layout, collect
from fairweather.store.files import read_json, write_table
from fairweather.study import read

LIMIT = 120  # seconds after which the system ends a process that hangs, by SIGALRM
TABLES = ("images.parquet", "groups.parquet", "confusion.parquet")


class Moments:
    """Counts the moments of the kind that is wanted, and ends the process at the n-th."""

    def __init__(self, phase: str, event: str, nth: int, log: Path) -> None:
        self.wanted, self.nth, self.log, self.seen = (phase, event), nth, log, 0

    def at(self, phase: str, event: str, where: str, first: Callable[[], object] = lambda: None) -> None:
        """Here is a moment of this phase; `first` is done before dying, if it is the one."""
        if (phase, event) != self.wanted:
            return
        self.seen += 1
        if self.seen == self.nth:
            first()
            line = {"phase": phase, "event": event, "nth": self.nth, "where": where, "pid": os.getpid()}
            with self.log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
                file.flush()
                os.fsync(file.fileno())
            os.kill(os.getpid(), signal.SIGKILL)


def watch_renames(moments: Moments) -> None:
    """Every file and folder of the store gets its name by Path.replace; the state before and after it is a moment."""
    true_replace = Path.replace

    def replace(part: Path, target: Path) -> Path:
        phase, what = of_rename(part, target)
        name = f"{part.parent.name}/{part.name}"
        if part.is_file():
            # What a kill in the middle of writing leaves: a part that holds some of the bytes.
            half = part.stat().st_size // 2
            moments.at(phase, f"{what} half written", name, lambda: os.truncate(part, half))
        moments.at(phase, f"{what} not renamed", name)
        result = true_replace(part, target)
        moments.at(phase, f"{what} renamed", name)
        return result

    Path.replace = replace  # type: ignore[method-assign, assignment]


def of_rename(part: Path, target: Path) -> tuple[str, str]:
    """The phase a rename belongs to, and what is renamed."""
    if part.is_dir():
        return "rename", {"pools": "pool", "cache": "cache", "units": "unit"}[target.parent.name]
    if target.name == "checkpoint.safetensors":
        return "checkpoint", "checkpoint"
    if target.parent.name == "images":
        return "generate", "image"
    if target.name == "manifest.parquet":
        return "generate", "manifest.parquet"
    if target.name in TABLES:
        return "score", target.name
    return "record", target.name  # study, plan, receipt, unit, weights, results


def watch_generation(moments: Moments) -> None:
    """A generated image is there and not written."""
    true_encode = generating.encode

    def encode(image: Any, codec: str, quality: int | None) -> bytes:
        moments.at("generate", "image made", f"{image.shape} to be {codec}")
        return true_encode(image, codec, quality)

    generating.encode = encode


def watch_units(moments: Moments) -> None:
    """Steps and scored batches of units; the probe before them takes steps too, which do not count."""
    inside = threading.Event()
    true_execute, true_predict = running.execute, evaluating.predict
    true_step, true_backward = training.take_step, torch.Tensor.backward
    step, unit = [0], [""]

    def execute(job: Any) -> Any:
        inside.set()
        unit[0] = job.unit.label
        try:
            return true_execute(job)
        finally:
            inside.clear()

    def take_step(*arguments: Any) -> float:
        step[0] = arguments[5]
        moments.at("train", "step begun", f"{unit[0]}, step {step[0]}")
        loss = true_step(*arguments)
        moments.at("train", "step taken", f"{unit[0]}, step {step[0]}")
        return loss

    def backward(*arguments: Any, **settings: Any) -> None:
        true_backward(*arguments, **settings)
        if inside.is_set():
            moments.at("train", "gradients computed", f"{unit[0]}, step {step[0]}")

    def predict(*arguments: Any) -> Any:
        if inside.is_set():
            moments.at("score", "batch begun", unit[0])
        return true_predict(*arguments)

    running.execute, training.take_step, evaluating.predict = execute, take_step, predict
    torch.Tensor.backward = backward  # type: ignore[method-assign, assignment]


def write_results(layout: Layout, console: object) -> int:
    """The last thing a run does before its report: results.parquet."""
    write_table(layout.results, collect(layout, read_json(layout.plan))[0])
    return 0


def conduct(request: dict[str, Any]) -> int:
    """Conduct the study in this process, dying at the moment asked for."""
    if request["moment"]:
        moments = Moments(*request["moment"], Path(request["log"]))
        watch_renames(moments), watch_generation(moments), watch_units(moments)
    conducting.local = lambda workers, threads: Here()  # type: ignore[assignment]
    conducting.write_report = write_results
    return conducting.conduct(read(Path(request["study"])), Path(request["out"]), 1, "cpu", force=False)


def forked(request: dict[str, Any]) -> dict[str, int]:
    """Conduct in a process of its own; how it ended."""
    pid = os.fork()
    if pid == 0:
        signal.alarm(LIMIT)
        said = os.open(f"{request['out']}.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(said, 1), os.dup2(said, 2)
        status = 70
        try:
            status = conduct(request)
        except BaseException:  # noqa: BLE001 - said, and the status is the answer
            traceback.print_exc()
        finally:
            sys.stdout.flush(), sys.stderr.flush()
            os._exit(status)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return {"pid": pid, "signal": max(-code, 0), "status": max(code, 0)}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(forked(json.loads(line))), flush=True)
