"""Claims: whoever works on a unit or a pool holds a file beside it, so that two drivers on one file system never do it twice.

A claim is taken by creating the file exclusively. Its holder touches it every few seconds; a claim whose process is gone
(same host) or whose heartbeat is old (any host) is stale and may be taken over.
"""

import fcntl
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HEARTBEAT = 5.0  # seconds between touches
STALE = 60.0  # seconds without a touch after which another host's claim is stale


@dataclass(frozen=True)
class Claim:
    """Who holds something: host and process id; `after` names the dead holder it was taken over from."""

    host: str
    pid: int
    after: "Claim | None" = None


@contextmanager
def claimed(path: Path) -> Iterator[Claim | None]:
    """Hold the claim file at `path` for the block; yields None if somebody alive holds it."""
    claim = _take(path)
    if claim is None:
        yield None
        return
    done = threading.Event()
    beat = threading.Thread(target=_keep, args=(path, done), daemon=True)
    beat.start()
    try:
        yield claim
    finally:
        done.set()
        beat.join()
        path.unlink(missing_ok=True)


def holder(path: Path) -> Claim | None:
    """Who holds the claim, or None if nobody alive does."""
    claim, age = _read(path)
    if claim is None or age > STALE:
        return None
    return claim if claim.host != socket.gethostname() or _alive(claim.pid) else None


def _read(path: Path) -> tuple[Claim | None, float]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return Claim(record["host"], record["pid"]), time.time() - path.stat().st_mtime
    except (FileNotFoundError, ValueError):  # none, or its taker was killed before filling it
        return None, 0.0


def _take(path: Path) -> Claim | None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Takers pass one at a time, else two that see the same stale claim could both replace it.
    with (path.parent / ".claims.lock").open("a") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        if holder(path) is not None:
            return None
        dead, _ = _read(path)
        own = Claim(socket.gethostname(), os.getpid(), dead)
        path.write_text(json.dumps({"host": own.host, "pid": own.pid}), encoding="utf-8")
        return own


def _keep(path: Path, done: threading.Event) -> None:
    while not done.wait(HEARTBEAT):
        try:
            os.utime(path)
        except FileNotFoundError:  # its folder was removed under us: nothing to keep
            return


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _zombie(pid)


def _zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:  # no /proc on this system, or gone meanwhile
        return False
