"""The indexing rows: their limits, and that both arms read every frame. Nothing is timed."""

from pathlib import Path

import pytest

from bench import indexing


def test_the_row_carries_the_limit_of_the_issue() -> None:
    limits = {row.name: row.required and str(row.required) for row in indexing.rows()}
    assert limits == {"indexing/first": "<= 1.25x", "indexing/again": None}


def test_frames_are_photographs_and_read_by_both_arms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "FRAMES", 2)
    monkeypatch.setattr(indexing, "CHUNK", 1)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    decoded: list[str] = []
    monkeypatch.setattr(indexing, "_decode", lambda dataset: decoded.extend(s.id for s in dataset.samples))
    for row in indexing.rows():
        arms = row.arms()
        for _ in range(2):
            arms.ours()
            assert arms.peer
            arms.peer()
    assert len(set(decoded)) == 2 and len(decoded) == 6
    assert {path.suffix for path in tmp_path.glob("*/images/**/*.*")} == {".jpg"}
    assert len(list(tmp_path.glob("*/folder-*.parquet"))) == 1
    indexing._frames.cache_clear()
