import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fairweather.store import claims
from fairweather.store.claims import claimed, holder


def dead_pid() -> int:
    ran = subprocess.Popen([sys.executable, "-c", ""])
    ran.wait()
    return ran.pid


def test_one_holds_it_and_the_next_gets_none(tmp_path: Path) -> None:
    path = tmp_path / "claim"
    with claimed(path) as first:
        assert first is not None and holder(path) is not None
        with claimed(path) as second:
            assert second is None
        assert path.exists()
    assert not path.exists() and holder(path) is None


def test_a_dead_holders_claim_is_taken_over_and_named(tmp_path: Path) -> None:
    path, pid = tmp_path / "claim", dead_pid()
    path.write_text(json.dumps({"host": socket.gethostname(), "pid": pid, "started": "1", "token": "t"}))
    with claimed(path) as claim:
        assert claim is not None and claim.after is not None and claim.after.pid == pid


def test_another_hosts_claim_holds_until_its_heartbeat_is_old(tmp_path: Path) -> None:
    path = tmp_path / "claim"
    path.write_text(json.dumps({"host": "elsewhere", "pid": 1, "started": "1", "token": "t"}))
    with claimed(path) as claim:
        assert claim is None
    old = time.time() - claims.STALE - 1
    os.utime(path, (old, old))
    with claimed(path) as claim:
        assert claim is not None and claim.after is not None and claim.after.host == "elsewhere"


def test_an_empty_claim_is_nobodys(tmp_path: Path) -> None:
    (tmp_path / "claim").touch()
    with claimed(tmp_path / "claim") as claim:
        assert claim is not None


def test_the_heartbeat_keeps_it_fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "HEARTBEAT", 0.01)
    path = tmp_path / "claim"
    with claimed(path):
        os.utime(path, (0, 0))
        for _ in range(200):
            if path.stat().st_mtime > 0:
                break
            time.sleep(0.01)
        assert path.stat().st_mtime > 0


def test_many_takers_of_a_stale_claim_and_one_winner(tmp_path: Path) -> None:
    path = tmp_path / "claim"
    path.write_text(json.dumps({"host": socket.gethostname(), "pid": dead_pid(), "started": "1", "token": "t"}))
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom fairweather.store.claims import claimed\n"
        "with claimed(Path(sys.argv[1])) as held:\n    print('won' if held else 'lost', flush=True)\n    sys.stdin.read()\n"
    )
    takers = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    said = [taker.stdout.readline().strip() for taker in takers if taker.stdout]
    for taker in takers:
        taker.communicate()
    assert sorted(said) == ["lost", "lost", "lost", "won"]


def test_a_live_holder_whose_heartbeat_is_late_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "claim"
    with claimed(path):
        os.utime(path, (0, 0))  # as after a suspend
        with claimed(path) as second:
            assert second is None


def test_a_reused_pid_is_not_the_holder(tmp_path: Path) -> None:
    path = tmp_path / "claim"
    path.write_text(json.dumps({"host": socket.gethostname(), "pid": os.getpid(), "started": "1", "token": "t"}))
    with claimed(path) as claim:
        assert claim is not None


def test_what_was_taken_over_is_not_removed_by_its_first_holder(tmp_path: Path) -> None:
    path = tmp_path / "claim"
    with claimed(path):
        path.write_text(json.dumps({"host": "elsewhere", "pid": 1, "started": "1", "token": "another"}))
    assert path.exists()
