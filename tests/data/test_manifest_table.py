"""A manifest survives the Parquet file, and what is not that manifest is not taken for it."""

from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairweather.data import Row, Sample
from fairweather.data.manifest_table import KEY, manifest_rows, manifest_table

MADE_FROM = {"reader": {"name": "folder", "revision": 1}, "options": {"label_space": "toy4"}, "label_space": "toy4"}
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
DIGITS = st.text("0123456789abcdef", min_size=4, max_size=4)
SAMPLES = st.builds(Sample, WORDS, WORDS, WORDS, WORDS, WORDS, WORDS, WORDS, WORDS)
STAMPS = st.none() | st.tuples(st.integers(0, 2**40), st.integers(0, 2**62))
ROWS = st.builds(
    Row,
    SAMPLES,
    DIGITS,
    DIGITS,
    DIGITS,
    DIGITS,
    st.tuples(st.integers(1, 9000), st.integers(1, 9000)),
    st.lists(st.integers(0, 2**40), max_size=4).map(tuple),
    st.integers(0, 2**64 - 1),
    st.binary(min_size=32, max_size=32),
    STAMPS,
    STAMPS,
)


@given(st.lists(ROWS, max_size=4))
def test_rows_come_back_as_they_were(rows: list[Row]) -> None:
    assert manifest_rows(manifest_table(rows, MADE_FROM), MADE_FROM) == tuple(rows)


@pytest.fixture
def rows() -> tuple[Row, ...]:
    sample = Sample("a", "train", "night", "g", "images/a.jpg", "labels/a.png", "folder", "rainy")
    return (Row(sample, "1", "2", "3", "4", (720, 1280), (5, 0, 2), 2**63 + 1, bytes(range(32)), (10, 20), (30, 40)),)


def test_a_file_keeps_it(rows: tuple[Row, ...], tmp_path: Path) -> None:
    pq.write_table(manifest_table(rows, MADE_FROM), tmp_path / "m.parquet")
    table = pq.read_table(tmp_path / "m.parquet")
    assert manifest_rows(table, MADE_FROM) == rows
    assert table.column("image").to_pylist() == ["images/a.jpg"] and table.column("image_bytes").to_pylist() == [10]


def test_what_is_of_another_make_is_not_read(rows: tuple[Row, ...]) -> None:
    table = manifest_table(rows, MADE_FROM)
    for key, value in (("label_space", "toy5"), ("options", {}), ("reader", {"name": "folder", "revision": 2})):
        assert manifest_rows(table, {**MADE_FROM, key: value}) == ()
    whole = table.schema.metadata[KEY]
    assert (
        manifest_rows(table.replace_schema_metadata({KEY: whole.replace(b'"schema": 1', b'"schema": 0')}), MADE_FROM)
        == ()
    )
    assert manifest_rows(table.replace_schema_metadata({}), MADE_FROM) == ()
    assert manifest_rows(table.replace_schema_metadata({KEY: b"{"}), MADE_FROM) == ()
    assert manifest_rows(table.drop_columns(["dhash"]), MADE_FROM) == ()
    other = manifest_table([replace(rows[0], image_sha256="9")], MADE_FROM)
    assert manifest_rows(other.replace_schema_metadata(table.schema.metadata), MADE_FROM) == ()
