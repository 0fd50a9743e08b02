import pyarrow as pa

from fairweather.analysis.imports.imported import PRINTED, ROWS


def test_every_row_is_found_again_in_its_file() -> None:
    for schema in (ROWS, PRINTED):
        assert schema.names[:2] == ["file", "line"]
        assert schema.field("line").type == pa.int64()
        assert len(set(schema.names)) == len(schema.names)
