"""Writing so that a reader never sees half a file: everything is made under a temporary name and renamed when whole."""

import errno
import io
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from fairweather.errors import MachineError, StoreError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def on_disk(path: Path) -> Iterator[None]:
    """Turns a full or read-only disk into one line; any other OSError passes through."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise MachineError(
                f"{path}: the disk is full ({error.strerror}); what was finished is kept, make room and run again"
            ) from error
        if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
            raise StoreError(f"{path}: not writable ({error.strerror})") from error
        raise


def write_bytes(path: Path, data: bytes) -> None:
    """Replace the file at `path` in one step; after a crash it holds the old bytes or the new ones."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with on_disk(path):
        try:
            with part.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


def write_json(path: Path, record: Any) -> None:
    """As `write_bytes`, the record as indented JSON with sorted keys."""
    write_bytes(path, (json.dumps(record, indent=1, sort_keys=True, allow_nan=False) + "\n").encode())


def read_json(path: Path) -> Any:
    """The record in a JSON file; StoreError if it is missing or damaged."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"{path}: cannot be read as JSON: {error}") from error


def write_table(path: Path, table: pa.Table) -> None:
    """As `write_bytes`, the table as Parquet; equal tables give equal bytes."""
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    write_bytes(path, buffer.getvalue())


def publish(work: Path, final: Path) -> None:
    """Rename a finished folder to its final name: the proof that it is whole."""
    with on_disk(final):
        work.replace(final)


def clear_parts(work: Path) -> None:
    """Remove the files a killed process was writing in a folder; for the holder of the folder's claim alone."""
    for part in list(work.rglob(".*.part")):
        part.unlink()


def parts(folder: Path) -> dict[str, list[Path]]:
    """What processes were writing in a folder when they were killed, or are writing now, by the name it should have got."""
    found: dict[str, list[Path]] = {}
    for part in folder.glob(".*.part"):
        found.setdefault(part.name.removeprefix(".").rsplit(".", 2)[0], []).append(part)
    return found


def clear(folder: Path) -> None:
    """Remove a folder with all it holds, if it is there."""
    if folder.exists():
        shutil.rmtree(folder)
