from pathlib import Path

import numpy as np
import pytest

from fairweather.data import READERS, index
from fairweather.data.prepared import open_prepared, pixel_hash, resized, resized_label, write_prepared
from fairweather.errors import StoreError


@pytest.fixture
def cache(tmp_path: Path):  # type: ignore[no-untyped-def]
    dataset = READERS["toy"].open("toy", None, ("test",), {"world": "context"})
    rows = index(dataset).rows[:9]
    write_prepared(dataset, rows, 24, False, tmp_path)
    return dataset, rows, tmp_path


@pytest.mark.parametrize("ram_limit", [0, 2**30], ids=["mapped", "in memory"])
def test_what_is_read_is_what_was_decoded(cache, ram_limit: int) -> None:  # type: ignore[no-untyped-def]
    dataset, rows, folder = cache
    prepared = open_prepared(folder, ram_limit)
    assert isinstance(prepared.images, np.memmap) == (ram_limit == 0)
    for row in rows:
        image, label = prepared.image(row.sample.id), prepared.label(row.sample.id)
        assert np.array_equal(image, resized(dataset.image(row.sample), 24)) and image.shape == (24, 32, 3)
        assert np.array_equal(label, resized_label(dataset.label(row.sample), 24))
        assert pixel_hash(image) == prepared.rows[row.sample.id].image_hash
        assert not image.flags.writeable and not label.flags.writeable


def test_native_labels_keep_their_size(cache, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    dataset, rows, _ = cache
    folder = tmp_path / "native"
    folder.mkdir()
    write_prepared(dataset, rows, 24, True, folder)
    prepared = open_prepared(folder)
    assert np.array_equal(prepared.label(rows[3].sample.id), dataset.label(rows[3].sample))


def test_a_cache_that_is_cut_short_is_refused(cache) -> None:  # type: ignore[no-untyped-def]
    folder = cache[2]
    data = (folder / "images.bin").read_bytes()
    (folder / "images.bin").write_bytes(data[:-1])
    with pytest.raises(StoreError, match="cut short"):
        open_prepared(folder)
    (folder / "images.bin").unlink()
    with pytest.raises(StoreError, match=r"images.bin: missing"):
        open_prepared(folder)


def test_the_hash_knows_shape_and_pixels() -> None:
    a = np.arange(12, dtype=np.uint8).reshape(3, 4)
    assert pixel_hash(a) == pixel_hash(a.copy()) == pixel_hash(np.asfortranarray(a))
    assert pixel_hash(a) != pixel_hash(a.reshape(4, 3)) and pixel_hash(a) != pixel_hash(a + 1)
