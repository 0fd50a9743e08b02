"""Small tables of results on disk, and what reads them."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from fairweather.analysis import Settings
from fairweather.analysis.frame import Frame
from fairweather.analysis.imports import Imported, frame_of, metric_of, parse_sources, read_tables

REFERENCE = Path(__file__).resolve().parents[4] / "shared" / "reference"

Read = Callable[..., Imported]


@pytest.fixture(scope="session")
def reference_file() -> Callable[[str], Path]:
    """The path of a reference file; the test is skipped where it is not there."""

    def find(name: str) -> Path:
        if not (REFERENCE / name).is_file():
            pytest.skip(f"{REFERENCE / name} is not there: the reference results are not part of the repository")
        return REFERENCE / name

    return find


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a text, bytes or a pyarrow table into a file of that name."""

    def make(content: object, name: str = "results.csv") -> Path:
        path = tmp_path / name
        if isinstance(content, str):
            path.write_text(content, encoding="utf-8", newline="")
        elif isinstance(content, bytes):
            path.write_bytes(content)
        else:
            pq.write_table(content, path)
        return path

    return make


@pytest.fixture
def read(write: Callable[..., Path]) -> Read:
    """Reads one table given as text, bytes or a pyarrow table."""

    def make(
        content: object,
        name: str = "results.csv",
        baseline: str | None = None,
        contexts: Sequence[str] = (),
        **columns: str,
    ) -> Imported:
        return read_tables(parse_sources([str(write(content, name))]), baseline, contexts, columns)

    return make


def framed(imported: Imported, without: frozenset[tuple[str, int]] = frozenset()) -> Frame:
    settings = Settings(imported.baseline, imported.contexts, metric_of(imported), 0.3, "", None)
    return frame_of(imported, settings, without)


@pytest.fixture(scope="session")
def frame() -> Callable[..., Frame]:
    """The frame of an imported table, with the settings that go with it."""
    return framed
