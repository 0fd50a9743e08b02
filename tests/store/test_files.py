import errno
import os
from pathlib import Path

import pyarrow as pa
import pytest

from fairweather.errors import MachineError, StoreError
from fairweather.store.files import on_disk, publish, read_json, write_bytes, write_json, write_table


def test_a_failed_write_leaves_the_old_file_and_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.json"
    write_json(path, {"a": 1})

    def full(fd: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MachineError, match=r"x.json: the disk is full"):
        write_bytes(path, b"new")
    assert read_json(path) == {"a": 1} and [p.name for p in tmp_path.iterdir()] == ["x.json"]


def test_equal_tables_give_equal_bytes(tmp_path: Path) -> None:
    for name in "ab":
        write_table(tmp_path / name, pa.table({"x": [1, 2], "y": ["p", "q"]}))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_publish_is_a_rename(tmp_path: Path) -> None:
    (tmp_path / ".x.work").mkdir()
    (tmp_path / ".x.work" / "f").write_text("1")
    publish(tmp_path / ".x.work", tmp_path / "x")
    assert (tmp_path / "x" / "f").read_text() == "1" and not (tmp_path / ".x.work").exists()


def test_errors_of_the_disk_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="not writable"), on_disk(tmp_path):
        raise PermissionError(errno.EACCES, "Permission denied")
    with pytest.raises(IsADirectoryError), on_disk(tmp_path):
        raise IsADirectoryError(errno.EISDIR, "Is a directory")


def test_a_damaged_record_is_named(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("{")
    with pytest.raises(StoreError, match=r"plan.json: cannot be read as JSON"):
        read_json(tmp_path / "plan.json")
