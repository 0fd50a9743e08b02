"""The pool rows: their limit, and that both arms make the same images. Nothing is timed."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from bench import pools


def test_the_row_carries_the_limit_of_the_issue() -> None:
    limits = {row.name: row.required and str(row.required) for row in pools.rows()}
    assert limits == {"pools/writing": "<= 1.18x", "pools/writing and looking": None}


def test_a_whole_pool_is_written_and_the_gate_looks_only_where_it_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "SOURCES", 1)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for gate in (False, True):
        pools.rows()[gate].arms().ours()
    manifests = list(tmp_path.glob("*/gen_automold/manifest.parquet"))
    assert [pq.read_table(path).num_rows for path in manifests] == [6, 6]
    assert sorted((path.parent / "checks.parquet").exists() for path in manifests) == [False, True]
