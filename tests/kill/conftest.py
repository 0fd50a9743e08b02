"""The driver that is killed, the folders it leaves, and the uninterrupted run they are compared with."""

import hashlib
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

DRIVER = Path(__file__).with_name("driver.py")
ANSWER = 180  # seconds; the driver ends what hangs earlier, by itself
UNITS, IMAGES = 4, 48  # of the study below

STUDY = """
name: killed
data: {{toy: {{reader: toy, world: context}}}}
contexts: {{stage1: {{domains: [clear_day]}}, stage2: {{domains: all}}}}
strategies: [baseline, placebo_noise]
models: [toy_fcn]
seeds: [0]
recipe: {{lr: 1e-2}}
budget: {{steps: {steps}, batch: 8, short_side: 48, crop: [48, 64], checkpoint: 5}}
mix: {{generated_share: 0.5}}
evaluate: {{size: {size}}}
keep: {{weights: last}}
"""


@dataclass
class Driver:
    """Runs studies in processes that can be told when to kill themselves."""

    process: "subprocess.Popen[bytes]"
    room: Path
    log: list[dict[str, Any]] = field(default_factory=list)  # a line for each of the 24 moments that was reached

    def study(self, steps: int = 24, size: str = "label") -> Path:
        """The study file; 2 contexts of 2 arms: 4 units."""
        path = self.room / f"killed-{steps}-{size}.yaml"
        path.write_text(STUDY.format(steps=steps, size=size), encoding="utf-8")
        return path

    def run(self, out: Path, moment: tuple[str, str, int] | None = None, **settings: Any) -> dict[str, Any]:
        """How a run into `out` ended; with a moment, also what it logged before it died."""
        log = Path(f"{out}.log")
        request = {"study": str(self.study(**settings)), "out": str(out), "log": str(log), "moment": moment}
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()
        if not select.select([self.process.stdout], [], [], ANSWER)[0]:
            pytest.fail(f"the driver did not answer within {ANSWER} s")
        ended: dict[str, Any] = json.loads(self.process.stdout.readline())
        ended["said"] = Path(f"{out}.txt").read_text(encoding="utf-8")
        ended["logged"] = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        return ended

    def killed(self, out: Path, moment: tuple[str, str, int], **settings: Any) -> dict[str, Any]:
        """Run into `out` until the moment; what the process logged right before it died of SIGKILL."""
        ended = self.run(out, moment, **settings)
        assert ended["signal"] == signal.SIGKILL, f"{moment} was not reached: {ended['said']}"
        line = ended["logged"][-1]
        assert line["pid"] == ended["pid"]
        found: dict[str, Any] = line
        return found

    def whole(self, out: Path, **settings: Any) -> dict[str, str]:
        """Run into `out` to the end; what it holds."""
        ended = self.run(out, **settings)
        assert (ended["signal"], ended["status"]) == (0, 0), ended["said"]
        return content(out)

    def content(self, out: Path) -> dict[str, str]:
        """What a folder holds, as `whole` returns it."""
        return content(out)


def content(out: Path) -> dict[str, str]:
    """A digest of every file of a study folder that must not depend on who ran it, when, or how often it was killed.

    Left out are the report, the log of progress, and of the records what is measured: times, device, versions and commit.
    """
    found = {}
    for path in sorted(p for p in out.rglob("*") if p.is_file()):
        name = path.relative_to(out).as_posix()
        if name.startswith("report/") or path.name in ("progress.jsonl", ".claims.lock") or path.suffix == ".claim":
            continue
        data = path.read_bytes()
        if path.name in ("plan.json", "unit.json"):
            data = json.dumps({k: v for k, v in json.loads(data).items() if k not in ("estimate", "recorded")}).encode()
        if path.name == "manifest.parquet":
            data = repr(pq.read_table(path).drop_columns("seconds").to_pylist()).encode()
        found[name] = hashlib.sha256(data).hexdigest()
    return found


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    """One driver for all tests of a session."""
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}
    process = subprocess.Popen(
        [sys.executable, str(DRIVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, env=environment
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        yield Driver(process, tmp_path_factory.mktemp("kill"))
        process.stdin.close()
        process.wait(timeout=30)
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


@pytest.fixture(scope="session")
def reference(driver: Driver, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What an uninterrupted run leaves."""
    found = driver.whole(tmp_path_factory.mktemp("reference") / "out")
    endings = ("receipt.json", "model.safetensors", "images.parquet", "groups.parquet", "confusion.parquet")
    assert {end: sum(name.startswith("units/") and name.endswith(end) for name in found) for end in endings} == {
        end: UNITS for end in endings
    }
    assert sum(name.startswith("pools/") and "/images/" in name for name in found) == IMAGES
    assert "results.parquet" in found and sum(name.endswith("manifest.parquet") for name in found) == 1
    return found
