"""Claims: whoever works on a unit or a pool holds a file beside it, so that two drivers on one file system never do it twice.

A claim is a file that names its holder, written behind a lock that one taker passes at a time. Its holder touches it every few
seconds. A claim is stale, and may be taken over, if its process is gone (same host) or its heartbeat is old (another host).
"""

import fcntl
import json
import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HEARTBEAT = 5.0  # seconds between touches
STALE = 300.0  # seconds without a touch after which another host's claim is stale; clocks of hosts may differ by less


@dataclass(frozen=True)
class Claim:
    """Who holds something.

    Args:
        host, pid: of the process; `started`: its start time as the kernel counts it, so that a reused pid is told apart.
        token: of this one claim; `after`: the dead holder it was taken over from.
    """

    host: str
    pid: int
    started: str
    token: str
    after: "Claim | None" = None


@contextmanager
def claimed(path: Path) -> Iterator[Claim | None]:
    """Hold the claim file at `path` for the block; yields None if somebody alive holds it."""
    claim = _take(path)
    if claim is None:
        yield None
        return
    done = threading.Event()
    beat = threading.Thread(target=_keep, args=(path, claim, done), daemon=True)
    beat.start()
    try:
        yield claim
    finally:
        done.set()
        beat.join()
        if _ours(path, claim):
            path.unlink(missing_ok=True)


def holder(path: Path) -> Claim | None:
    """Who holds the claim, or None if nobody alive does."""
    claim, age = _read(path)
    if claim is None:
        return None
    if claim.host == socket.gethostname():
        # The process itself can be asked for; its heartbeat may be late, after a suspend for example.
        return claim if _start_time(claim.pid) == claim.started else None
    return claim if age < STALE else None


def _read(path: Path) -> tuple[Claim | None, float]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        claim = Claim(record["host"], record["pid"], record["started"], record["token"])
        return claim, time.time() - path.stat().st_mtime
    except (FileNotFoundError, ValueError, KeyError):  # none, or its taker was killed before filling it
        return None, 0.0


def _take(path: Path) -> Claim | None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Takers pass one at a time, else two that see the same stale claim could both replace it.
    with (path.parent / ".claims.lock").open("a") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        if holder(path) is not None:
            return None
        dead, _ = _read(path)
        own = Claim(socket.gethostname(), os.getpid(), _start_time(os.getpid()), uuid.uuid4().hex, dead)
        record = {"host": own.host, "pid": own.pid, "started": own.started, "token": own.token}
        path.write_text(json.dumps(record), encoding="utf-8")
        return own


def _ours(path: Path, claim: Claim) -> bool:
    found, _ = _read(path)
    return found is not None and found.token == claim.token


def _keep(path: Path, claim: Claim, done: threading.Event) -> None:
    while not done.wait(HEARTBEAT) and _ours(path, claim):
        os.utime(path)


def _start_time(pid: int) -> str:
    """When a live process started, as text; "" if there is none. Without /proc (macOS) every live process starts at "?"."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        pass
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return "?"
    return "" if fields[0] == "Z" else fields[19]
