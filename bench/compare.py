"""`fairweather compare`, cold: a fresh process from the files to the report on disk, in wall seconds and peak memory."""

import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np

from bench.frame import Arms, Row, cost, gigabytes, seconds
from bench.store import CONTEXTS, DATASETS, MODELS, STRATEGIES, synthetic_store
from fairweather.vocabulary.domains import DOMAINS

# A process begins with the peak of the one that started it, and the bench is a large one: so a small one stands between.
LAUNCHER = """
import os, sys
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(pid, 0)
print(usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""
ROOT = Path(tempfile.gettempdir()) / f"fairweather-bench-{os.getuid()}"


def rows() -> list[Row]:
    memory = Peak()
    return [
        Row("compare/store", lambda: Arms(Compare(_store())), seconds(8), clock=time.perf_counter),
        Row("compare/store memory", lambda: Arms(Compare(_store(), memory)), gigabytes(1.5), clock=memory.total),
        Row("compare/csv", lambda: Arms(Compare(_table(1, False))), seconds(4), clock=time.perf_counter),
        Row(
            "compare/1e6 rows, memory to 5e5",
            lambda: Arms(Compare(_table(12, True), memory), Compare(_table(6, True), memory)),
            cost(2.1),
            clock=memory.total,
        ),
        Row("compare/1e6 rows", lambda: Arms(Compare(_table(12, True))), seconds(60), clock=time.perf_counter),
    ]


class Peak:
    """Peak memory of finished processes, summed: a clock of gigabytes."""

    def __init__(self) -> None:
        self._sum = 0.0

    def add(self, kilobytes: int) -> None:
        self._sum += kilobytes / 1e6

    def total(self) -> float:
        return self._sum


class Compare:
    """One run of the command on 2 cores; raises where it fails."""

    def __init__(self, table: Path, memory: Peak | None = None) -> None:
        self._table, self._memory = table, memory

    def __call__(self) -> None:
        environment = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
        command = [
            sys.executable,
            "-m",
            "fairweather.cli.main",
            "compare",
            str(self._table),
            "--out",
            str(ROOT / "out"),
        ]
        launch = [sys.executable, "-I", "-S", "-c", LAUNCHER, *command]
        done = subprocess.run(launch, stdout=subprocess.PIPE, env=environment, text=True)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: status {done.returncode}")
        if self._memory:
            self._memory.add(int(done.stdout.splitlines()[-1]))


@cache
def _store() -> Path:
    """1,296 units x 500 images x 19 classes, 100 groups."""
    folder = ROOT / "store"
    if not (folder / "plan.json").exists():
        synthetic_store(folder)
    return folder


@cache
def _table(seeds: int, parts: bool) -> Path:
    """A CSV of 27 strategies x 12 cells x 2 contexts x seeds; with `parts`, also x 7 domains x 19 classes."""
    path = ROOT / f"table-{seeds}-{parts}.csv"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            extra = ["domain", "num_images", "class"] if parts else []
            writer.writerow(["strategy", "dataset", "model", "context", "seed", *extra, "mIoU"])
            writer.writerows(_rows(seeds, parts))
    return path


def _rows(seeds: int, parts: bool) -> Iterator[list[object]]:
    rng = np.random.default_rng(0)
    level = {cell: rng.uniform(30, 60) for cell in product(DATASETS, MODELS, CONTEXTS)}
    inner: list[tuple[object, ...]] = (
        [(d, 100, f"class {c}") for d, c in product(DOMAINS, range(19))] if parts else [()]
    )
    for strategy, dataset, model, context, seed in product(STRATEGIES, DATASETS, MODELS, CONTEXTS, range(seeds)):
        value = level[dataset, model, context] + 0.7 * rng.normal()
        for part in inner:
            yield [strategy, dataset, model, context, seed, *part, f"{value + 0.5 * rng.normal():.3f}"]
