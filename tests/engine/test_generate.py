from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from fairweather.data import index
from fairweather.engine.generate import encode, make_pool
from fairweather.errors import UnitStopped
from fairweather.generators.noise import Noise
from fairweather.launch.materials import gather
from fairweather.launch.progress import Progress
from fairweather.store.pools import open_pool, pool_problems
from fairweather.study import Material, PoolPlan, Study, plan


@pytest.fixture
def pools(study: Callable[..., Study]) -> tuple[tuple[PoolPlan, ...], Material]:
    asked = study("baseline, placebo_noise, placebo_duplicate")
    materials = gather(asked, Progress(Console(quiet=True)))
    return plan(asked, materials).pools, materials["toy"]


def made(pools: tuple[tuple[PoolPlan, ...], Material], number: int, folder: Path) -> Path:
    plans, material = pools
    make_pool(plans[number], material.dataset, folder / ".work", folder / "pool")
    return folder / "pool"


def test_a_pool_has_one_image_per_source_and_its_manifest_knows_them(pools, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder = made(pools, 1, tmp_path)
    rows = pq.read_table(folder / "manifest.parquet").to_pylist()
    assert len(rows) == len(pools[0][1].items) == 48 and not pool_problems(folder)
    assert {row["target_domain"] for row in rows} == {"clear_day"}


def test_a_pool_reads_as_a_data_set_with_its_sources_labels(pools, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    plans, material = pools
    pool = open_pool(plans[1], made(pools, 1, tmp_path), material.dataset)
    sources = {sample.id: sample for sample in material.dataset.samples}
    for row, described in zip(pool.rows, index(pool).rows, strict=True):
        assert row == described  # what the manifest says is what is on disk
        source = sources[pool.sources[row.sample.id]]
        assert np.array_equal(pool.label(row.sample), material.dataset.label(source))
        difference = pool.image(row.sample).astype(int) - material.dataset.image(source)
        assert np.abs(difference).mean() < 8  # a duplicate, but for the codec


def test_a_pool_is_resumed_image_by_image_with_equal_bytes(pools, tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    whole = made(pools, 0, tmp_path / "whole")
    plans, material = pools
    calls = [0]
    true_generate = Noise.generate

    def generate(self: Noise, *arguments: object) -> np.ndarray:
        calls[0] += 1
        if calls[0] == 20:
            raise KeyboardInterrupt
        return true_generate(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Noise, "generate", generate)
    with pytest.raises(KeyboardInterrupt):
        make_pool(plans[0], material.dataset, tmp_path / ".work", tmp_path / "pool")
    assert not (tmp_path / "pool").exists()
    make_pool(plans[0], material.dataset, tmp_path / ".work", tmp_path / "pool")
    assert calls[0] == 20 + 48 - 19
    for path in whole.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "pool" / path.relative_to(whole)).read_bytes()


def test_what_is_no_image_of_the_sources_size_is_refused(pools, tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(Noise, "generate", lambda self, source, domain, rng: source.image[1:])
    with pytest.raises(UnitStopped, match=r"pool.wrong_size: placebo_noise made uint8 \(47, 64, 3\)"):
        made(pools, 0, tmp_path)


@pytest.mark.parametrize(("codec", "error"), [("png", 0.0), ("jpeg", 3.0)])
def test_codecs(codec: str, error: float, tmp_path: Path) -> None:
    from fairweather.data.decode import decode_image

    image = np.full((16, 16, 3), 90, np.uint8)
    image[4:12, 4:12] = 160
    (tmp_path / "x").write_bytes(encode(image, codec, 95))
    assert np.abs(decode_image(tmp_path / "x").astype(int) - image).mean() <= error
