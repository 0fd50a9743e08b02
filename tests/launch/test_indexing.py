"""What did not change is not read again; what did is; and a run that is killed loses little."""

import os
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from rich.console import Console
from tests.data.layouts import layouts, scenes

from fairweather.data import READERS, Sample, index, open_dataset
from fairweather.data.files import Files
from fairweather.errors import DataError
from fairweather.launch import indexing
from fairweather.launch.indexing import Indexed, Source, index_folder, indexed, write_manifest
from fairweather.launch.progress import Progress

LAYOUTS = layouts()
Read = Callable[..., Indexed]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The ids that are decoded, in order; and an index folder of the test's own."""
    monkeypatch.setenv("FAIRWEATHER_INDEX_DIR", str(tmp_path / "indexes"))
    ids: list[str] = []
    read = Files.read

    def noted(self: Files, sample: Sample) -> object:
        ids.append(sample.id)
        return read(self, sample)

    monkeypatch.setattr(Files, "read", noted)
    return ids


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    LAYOUTS["folder"].write(folder, scenes())
    return folder


def again(root: Path, name: str = "folder", splits: tuple[str, ...] | None = None, **options: str) -> Indexed:
    layout = LAYOUTS[name]
    reader = READERS[layout.reader]
    resolved = reader.card.resolved({**layout.options, **options}, name)
    source = Source(layout.reader, root, resolved, splits or layout.splits)
    return indexed(open_dataset(reader, name, root, source.splits, resolved), source, Progress(Console(quiet=True)))


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_is_read_once_and_then_never_again(name: str, tmp_path: Path, seen: list[str]) -> None:
    (tmp_path / "data").mkdir()
    LAYOUTS[name].write(tmp_path / "data", scenes())
    first = again(tmp_path / "data", name)
    assert seen == sorted(seen) == list(first.new) and len(seen) == len(first.manifest.rows)
    assert first.manifest == index(first.dataset)
    seen.clear()
    second = again(tmp_path / "data", name)
    assert seen == [] and second.manifest == first.manifest
    assert not (second.new or second.changed or second.vanished or second.broken)
    assert [path.name for path in index_folder().iterdir()] == [first.path.name] if first.path else False


def test_what_changed_what_is_new_and_what_is_gone(root: Path, seen: list[str]) -> None:
    table = root / "frames.csv"
    lines = table.read_text().splitlines(keepends=True)
    table.write_text("".join(lines[:-1]))
    before = again(root)
    seen.clear()
    stamp = (root / "labels/003.png").stat()
    label = np.asarray(Image.open(root / "labels/003.png")).copy()
    label[0, :3] = 1 - label[0, :3].clip(0, 1)
    Image.fromarray(label).save(root / "labels/003.png")
    os.utime(root / "labels/003.png", ns=(stamp.st_atime_ns, stamp.st_mtime_ns + 1))
    (root / "images/001.jpg").touch()
    table.write_text("".join([lines[0], *lines[2:]]).replace(",train,night,", ",train,foggy,"))
    now = again(root)
    assert seen == ["images/001", "images/003", f"images/{len(lines) - 2:03d}"]
    assert now.new == (seen[2],) and now.changed == ("images/001", "images/003") and now.vanished == ("images/000",)
    assert now.manifest == index(now.dataset)
    assert not any(row.sample.domain == "night" and row.sample.split == "train" for row in now.manifest.rows)
    assert before.path == now.path


def test_another_file_under_the_same_id_is_read(root: Path, seen: list[str]) -> None:
    again(root)
    seen.clear()
    stamp = (root / "images/002.jpg").stat()
    (root / "images/002.jpg").rename(root / "images/002.jpeg")
    os.utime(root / "images/002.jpeg", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    table = root / "frames.csv"
    table.write_text(table.read_text().replace("002.jpg", "002.jpeg"))
    again(root)
    assert seen == ["images/002"]


def test_splits_that_are_not_asked_for_stay_in_the_index(root: Path, seen: list[str]) -> None:
    whole = again(root)
    seen.clear()
    part = again(root, splits=("val",))
    assert {row.sample.split for row in part.manifest.rows} == {"val"} and not part.vanished
    assert again(root).manifest == whole.manifest and seen == []


def test_options_that_change_pixels_have_an_index_of_their_own(root: Path, seen: list[str]) -> None:
    first = again(root)
    seen.clear()
    assert again(root, skip_broken="yes").path == first.path and seen == []
    assert again(root, label_space="mapillary66").path != first.path and len(seen) == len(first.manifest.rows)


@pytest.mark.parametrize("spoil", [b"", b"PAR1 but no more", None], ids=["empty", "damaged", "a folder"])
def test_an_index_that_cannot_be_read_is_made_anew(root: Path, seen: list[str], spoil: bytes | None) -> None:
    first = again(root)
    assert first.path
    seen.clear()
    if spoil is None:
        first.path.unlink()
        first.path.mkdir()
    else:
        first.path.write_bytes(spoil)
    second = again(root)
    assert second.manifest == first.manifest and len(seen) == len(first.manifest.rows)
    assert second.path == (None if spoil is None else first.path)  # a folder stays; it is said that nothing is kept


def test_the_first_broken_file_is_the_error_and_what_was_read_is_kept(root: Path, seen: list[str]) -> None:
    for number in ("011", "007"):
        (root / f"images/{number}.jpg").write_bytes((root / f"images/{number}.jpg").read_bytes()[:800])
    with pytest.raises(DataError, match=r"images/007\.jpg: damaged or cut short") as caught:
        again(root)
    assert "\n" not in str(caught.value)
    seen.clear()
    left = again(root, skip_broken="yes")
    assert left.broken == ("images/007", "images/011")
    assert [line.split(":")[0] for line in left.dataset.skipped] == [
        str(root / f"images/{n}.jpg") for n in ("007", "011")
    ]
    assert [s.id for s in left.dataset.samples] == [row.sample.id for row in left.manifest.rows]
    assert len(left.manifest.rows) == len(scenes()) - 2


def test_what_was_read_before_a_kill_is_not_read_again(
    root: Path, seen: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "CHUNK", 4)
    read, count = Files.read, len(scenes())

    def killed(self: Files, sample: Sample) -> object:
        if sample.id == "images/010":
            raise KeyboardInterrupt
        return read(self, sample)

    with monkeypatch.context() as patch:
        patch.setattr(Files, "read", killed)
        with pytest.raises(KeyboardInterrupt):
            again(root)
    assert [path.suffix for path in index_folder().iterdir()] == [".parts"]
    seen.clear()
    whole = again(root)
    assert seen == [f"images/{n:03d}" for n in range(8, count)] and len(whole.new) == count
    assert whole.manifest == index(whole.dataset)
    assert [path.suffix for path in index_folder().iterdir()] == [".parquet"]


def test_parts_are_kept_while_it_goes_on(root: Path, seen: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "CHUNK", 4)
    monkeypatch.setattr(indexing, "KEEP_SECONDS", 0.0)
    lasting: list[int] = []
    written = indexing._written

    def noted(path: Path, table: object) -> str | None:
        lasting.append(table.num_rows)  # type: ignore[attr-defined]
        return written(path, table)  # type: ignore[arg-type]

    monkeypatch.setattr(indexing, "_written", noted)
    again(root)
    assert lasting == [4] * (len(scenes()) // 4) + [len(scenes())]
    assert [path.suffix for path in index_folder().iterdir()] == [".parquet"]


def test_processes_give_the_same_rows(root: Path, seen: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    alone = again(root)
    assert alone.path
    alone.path.unlink()
    monkeypatch.setattr(indexing, "CHUNK", 4)
    monkeypatch.setattr(indexing, "WORTH_SECONDS", 0.0)
    started: list[tuple[object, ...]] = []
    local = indexing.local

    @contextmanager
    def noted(*given: object, **named: object):  # type: ignore[no-untyped-def]
        started.append(given)
        with local(*given, **named) as executor:  # type: ignore[arg-type]
            yield executor

    monkeypatch.setattr(indexing, "local", noted)
    source = Source("folder", root, alone_options(), ("train", "val"))
    both = indexed(alone.dataset, source, Progress(Console(quiet=True)), workers=2)
    assert started == [(2, 1)] and both.manifest == alone.manifest


def alone_options() -> dict[str, str]:
    return READERS["folder"].card.resolved({}, "folder")


def test_an_index_that_cannot_be_kept_stops_nobody(root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FAIRWEATHER_INDEX_DIR", str(tmp_path / "file" / "indexes"))
    found = again(root)
    assert found.path is None and found.manifest == index(found.dataset)


def test_a_copy_of_the_manifest_is_a_table_of_this_opening(root: Path, seen: list[str], tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    again(root)
    part = again(root, splits=("val",))
    write_manifest(part, Source("folder", root, alone_options(), ("val",)), tmp_path / "m.parquet")
    table = pq.read_table(tmp_path / "m.parquet")
    assert set(table["split"].to_pylist()) == {"val"} and table.num_rows == len(part.manifest.rows)
