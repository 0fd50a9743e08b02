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
    return f"{moment[0]}: {moment[1]} {moment[2]}"


def kill_and_go_on(driver: Any, reference: dict[str, bytes], out: Path, moment: tuple[str, str, int]) -> dict[str, Any]:
    """Kill a run at the moment, run again, compare; the line it logged."""
    line: dict[str, Any] = driver.killed(out, moment)
    assert list(out.rglob(".*.claim")), "it died holding nothing"
    assert bool(list(out.rglob(".*.part"))) == ("half written" in moment[1] or "file not renamed" in moment[1] or ...)
    assert driver.whole(out) == reference
    assert_tidy(out)
    return line
