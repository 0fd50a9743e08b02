import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fairweather.analysis.imports.columnar import read_columnar
from fairweather.errors import InputError


def data(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def test_text_numbers_and_lines() -> None:
    names = pa.array(["a", "b", "a"]).dictionary_encode()
    table = pa.table(
        {"strategy": names, "other": pa.array(["x", None, "z"], pa.large_string()), "mIoU": [1.0, None, 3.0]}
    )
    found = read_columnar("t.parquet", data(table))
    assert found.header == ("strategy", "other", "mIoU")
    assert found.lines.tolist() == [2, 3, 4]
    assert found.names(0)[0] == ("a", "b")
    assert found.names(1)[0] == ("x", "", "z")
    assert found.columns[2].to_pylist() == [1.0, None, 3.0]


def test_damaged_empty_and_doubled_columns() -> None:
    good = data(pa.table({"a": [1]}))
    doubled = data(pa.table([pa.array([1]), pa.array([2])], names=["a", "a"]))
    cases = {
        good[:-8]: "cannot be read",
        data(pa.table({"a": pa.array([], pa.int64())})): "no rows",
        doubled: "there twice",
    }
    for content, message in cases.items():
        with pytest.raises(InputError, match=message) as error:
            read_columnar("t.parquet", content)
        assert "\n" not in str(error.value)
