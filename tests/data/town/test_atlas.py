"""The atlas: layout, mip levels in linear light, the cache file, and the bytes."""

import hashlib
import multiprocessing
import os
from pathlib import Path

import numpy as np
import pytest

from fairweather.data.town.atlas import LEVELS, Atlas, atlas, build_atlas, mip_levels, read_atlas, write_atlas
from fairweather.data.town.tiles import NUMBER, TILES

# sha256 of table and texels, written down on Linux x86-64 (AMD EPYC, AVX-512) with NumPy 2.4 and OpenCV 5.0:
# hashlib.sha256(built.table.tobytes() + built.texels.tobytes()). A painter that is changed on purpose changes it:
# look at the tiles, raise atlas.REVISION, and write down the new one.
GOLDEN = "e51843352662e5c1b09432f14c18cdcfe3da2d40c151e5251b74914bc09e4b0e"


@pytest.fixture(scope="module")
def built() -> Atlas:
    return build_atlas()


def level(value: Atlas, tile: str, number: int) -> np.ndarray:
    row = value.table[NUMBER[tile]]
    height, width = max(1, (1 << row[1]) >> number), max(1, (1 << row[0]) >> number)
    return value.texels[row[2 + number] : row[2 + number] + height * width].reshape(height, width, 4)


def test_bytes_are_those_written_down(built: Atlas) -> None:
    assert hashlib.sha256(built.table.tobytes() + built.texels.tobytes()).hexdigest() == GOLDEN


def test_levels_fill_the_table_without_gap_or_overlap(built: Atlas) -> None:
    assert built.texels.dtype == np.uint8 and built.table.dtype == np.int32
    assert built.table.shape == (len(TILES), 2 + LEVELS)
    first = 0
    for row in built.table:
        assert 1 <= max(row[:2]) <= 8
        for number in range(LEVELS):
            assert row[2 + number] == first
            if number < max(row[:2]):
                first += max(1, (1 << row[0]) >> number) * max(1, (1 << row[1]) >> number)
        first += 1
    assert first == len(built.texels)
    assert built.texels.nbytes < 13.5e6


@pytest.mark.parametrize("tile", ["facade_0", "tree_6", "person_3", "pole", "sign_8"])
def test_mips_average_in_linear_light(built: Atlas, tile: str) -> None:
    """The mean light of a level is that of the finest, weighted by alpha where the fourth channel is alpha."""
    cutout = tile.startswith(("tree", "person", "sign"))
    finest, last = level(built, tile, 0).astype(float), max(built.table[NUMBER[tile]][:2])
    weight = finest[..., 3:] if cutout else np.ones_like(finest[..., 3:])
    light = (np.square(finest[..., :3] / 255) * weight).sum((0, 1)) / weight.sum()
    for number in range(1, last + 1):
        texels = level(built, tile, number).astype(float)
        share = texels[..., 3:] if cutout else np.ones_like(texels[..., 3:])
        np.testing.assert_allclose(
            (np.square(texels[..., :3] / 255) * share).sum((0, 1)) / share.sum(), light, rtol=0.05, atol=0.004
        )
        assert abs(texels[..., 3].mean() - finest[..., 3].mean()) < 1.0


def test_black_and_white_average_to_half_the_light() -> None:
    board = np.zeros((2, 2, 3), np.uint16)
    board[0, 0] = board[1, 1] = 65535
    assert mip_levels(board, np.zeros((2, 2), np.uint8), False)[-1][0, 0] == 180  # 255 sqrt(1 / 2)
    alpha = np.array([[255, 0], [0, 0]], np.uint8)
    assert mip_levels(board, alpha, True)[-1].tolist() == [[255, 255, 255, 64]]  # what is not there has no colour


def test_file_is_rebuilt_when_altered_or_cut_short(tmp_path: Path, built: Atlas) -> None:
    path = tmp_path / "atlas.bin"
    assert read_atlas(path) is None
    write_atlas(path, built)
    found = read_atlas(path)
    assert found is not None and np.array_equal(found.texels, built.texels) and np.array_equal(found.table, built.table)
    assert not found.texels.flags.writeable and type(found.texels) is np.ndarray
    whole = path.read_bytes()
    for damaged in (whole[:-4], whole[:40], b"", whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:]):
        path.write_bytes(damaged)
        assert read_atlas(path) is None


def test_atlas_repairs_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, built: Atlas) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("fairweather.data.town.atlas.build_atlas", lambda: built)
    atlas.cache_clear()
    try:
        atlas()
        (path,) = (tmp_path / "fairweather").iterdir()
        path.write_bytes(path.read_bytes()[:1000])
        atlas.cache_clear()
        assert np.array_equal(atlas().texels, built.texels)
        assert read_atlas(path) is not None
        assert [p.name for p in path.parent.iterdir()] == [path.name]  # no temporary file stays
    finally:
        atlas.cache_clear()


def test_atlas_without_a_folder_is_built_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, built: Atlas
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setattr("fairweather.data.town.atlas._folders", lambda: [blocked / "a", blocked / "b"])
    monkeypatch.setattr("fairweather.data.town.atlas.build_atlas", lambda: built)
    atlas.cache_clear()
    try:
        assert atlas() is built
    finally:
        atlas.cache_clear()


def _digest_in_a_new_process(folder: str, results: "multiprocessing.Queue[str]") -> None:
    os.environ["XDG_CACHE_HOME"] = folder
    value = atlas()
    results.put(hashlib.sha256(value.table.tobytes() + value.texels.tobytes()).hexdigest())


def test_two_processes_build_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    workers = [context.Process(target=_digest_in_a_new_process, args=(str(tmp_path), results)) for _ in range(2)]
    for worker in workers:
        worker.start()
    found = {results.get(timeout=120) for _ in workers}
    for worker in workers:
        worker.join()
    assert found == {GOLDEN}
    assert len(list((tmp_path / "fairweather").iterdir())) == 1
