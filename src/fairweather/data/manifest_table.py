"""A manifest as a Parquet table: one row per image, and what the whole was made from in the metadata."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from fairweather.data.dataset import Sample
from fairweather.data.manifest import DETAIL_BYTES, Row, fingerprint

SCHEMA = 1  # of the table; another one is not read
KEY = b"fairweather"

_TEXT = ("id", "image", "label", "split", "domain", "origin", "secondary", "group")
_HASHES = ("image_sha256", "label_sha256", "image_pixels", "label_pixels")
_STAMPS = ("image_bytes", "image_mtime_ns", "label_bytes", "label_mtime_ns")
COLUMNS = pa.schema(
    [pa.field(name, pa.string(), nullable=False) for name in _TEXT]
    + [pa.field(name, pa.int32(), nullable=False) for name in ("height", "width")]
    + [pa.field(name, pa.string(), nullable=False) for name in _HASHES]
    + [pa.field("histogram", pa.list_(pa.int64()), nullable=False), pa.field("dhash", pa.uint64(), nullable=False)]
    + [pa.field("detail", pa.binary(DETAIL_BYTES), nullable=False)]
    + [pa.field(name, pa.int64()) for name in _STAMPS]
)


def manifest_table(rows: Sequence[Row], made_from: Mapping[str, Any]) -> pa.Table:
    """The rows in the order given.

    Args:
        made_from: reader, revision, options, label space: what content depends on besides the files. Kept in the metadata
            with the schema and the fingerprint of the rows.
    """
    whole = {"schema": SCHEMA, "fingerprint": fingerprint(rows), "made_from": dict(made_from)}
    metadata = {KEY: json.dumps(whole, sort_keys=True).encode()}
    return pa.Table.from_pylist([_record(row) for row in rows], COLUMNS.with_metadata(metadata))


def manifest_rows(table: pa.Table, made_from: Mapping[str, Any]) -> tuple[Row, ...]:
    """The rows of a table; none if it is of another schema, made from something else, or not what its fingerprint says."""
    try:
        whole = json.loads((table.schema.metadata or {})[KEY])
    except (KeyError, ValueError):
        return ()
    if not isinstance(whole, dict) or (whole.get("schema"), whole.get("made_from")) != (SCHEMA, dict(made_from)):
        return ()
    if not table.schema.remove_metadata().equals(COLUMNS):
        return ()
    rows = tuple(_row(record) for record in table.to_pylist())
    return rows if fingerprint(rows) == whole.get("fingerprint") else ()


def _record(row: Row) -> dict[str, Any]:
    stamps = (*(row.image_stamp or (None, None)), *(row.label_stamp or (None, None)))
    return {
        **{name: getattr(row.sample, name) for name in _TEXT},
        "height": row.size[0],
        "width": row.size[1],
        **{name: getattr(row, name) for name in _HASHES},
        "histogram": row.histogram,
        "dhash": row.dhash,
        "detail": row.detail,
        **dict(zip(_STAMPS, stamps, strict=True)),
    }


def _row(record: Mapping[str, Any]) -> Row:
    image, label = ((record[a], record[b]) for a, b in (_STAMPS[:2], _STAMPS[2:]))
    return Row(
        sample=Sample(**{name: record[name] for name in _TEXT}),
        size=(record["height"], record["width"]),
        histogram=tuple(record["histogram"]),
        dhash=record["dhash"],
        detail=record["detail"],
        image_stamp=image if image[0] is not None else None,
        label_stamp=label if label[0] is not None else None,
        **{name: record[name] for name in _HASHES},
    )
