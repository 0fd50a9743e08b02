from pathlib import Path

import pytest

from fairweather.errors import StoreError
from fairweather.store import bind, check_out
from fairweather.study import parse

TEXT = """
name: {name}
data: {{toy: {{reader: toy}}}}
contexts: {{all: {{domains: all}}}}
strategies: [baseline]
models: [toy_fcn]
seeds: [0]
"""


def study(name: str = "probe"):  # type: ignore[no-untyped-def]
    return parse(TEXT.format(name=name), Path("p.yaml"))


def test_out_is_bound_to_the_studys_name(tmp_path: Path) -> None:
    bind(tmp_path / "out", study())
    bind(tmp_path / "out", study())  # the same study goes on
    with pytest.raises(StoreError, match=r"holds the study 'probe', not 'other'"):
        check_out(tmp_path / "out", study("other"))


def test_an_out_that_cannot_be_used_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="is a file; name a folder"):
        check_out(tmp_path / "file", study())
    with pytest.raises(StoreError, match="is not writable"):
        check_out(tmp_path / "file" / "below", study())
    with pytest.raises(StoreError, match="is not writable"):
        check_out(Path("/proc/fairweather"), study())
    with pytest.raises(StoreError, match=r"holds files but no study.yaml"):
        check_out(tmp_path, study())
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
