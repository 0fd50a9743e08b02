import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from fairweather.data import index
from fairweather.data.encode import encode
from fairweather.engine.generate import Making, fill_pool, finish_pool, given, images_made, pool_filled
from fairweather.errors import UnitStopped
from fairweather.generators import GENERATORS, Generator, GeneratorCard, Source
from fairweather.generators.noise import Noise
from fairweather.generators.rendering.automold import Automold
from fairweather.launch.materials import gather, make_pool
from fairweather.launch.progress import Progress
from fairweather.store import Layout
from fairweather.store.files import write_table
from fairweather.store.pools import CHECKS, open_pool, pool_problems
from fairweather.study import Material, Plan, PoolPlan, Study, parse, plan
from fairweather.vocabulary.registry import Registry

Pools = tuple[tuple[PoolPlan, ...], Material]


def planned(asked: Study) -> tuple[Plan, Material]:
    materials = gather(asked, Progress(Console(quiet=True)))
    return plan(asked, materials), materials["toy"]


@pytest.fixture
def pools(study: Callable[..., Study]) -> Pools:
    found, material = planned(study("baseline, placebo_noise, placebo_duplicate"))
    return found.pools, material


def begun(pools: Pools, number: int, folder: Path) -> Making:
    plans, material = pools
    return Making(plans[number], material.dataset, folder / ".work", folder / "pool")


def made(pools: Pools, number: int, folder: Path) -> Path:
    making = begun(pools, number, folder)
    fill_pool(making)
    finish_pool(making)
    return folder / "pool"


def images(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "images").iterdir()}


def without_seconds(folder: Path) -> list[dict[str, object]]:
    rows = pq.read_table(folder / "manifest.parquet").to_pylist()
    return [{key: value for key, value in row.items() if key != "seconds"} for row in rows]


def test_a_pool_has_one_image_per_source_and_its_manifest_knows_them(pools: Pools, tmp_path: Path) -> None:
    folder = made(pools, 1, tmp_path)
    rows = pq.read_table(folder / "manifest.parquet").to_pylist()
    assert len(rows) == len(pools[0][1].items) == 48 and not pool_problems(folder)
    assert {row["target_domain"] for row in rows} == {"clear_day"}
    assert all(0 <= row["seconds"] < 60 for row in rows)
    assert sorted(path.name for path in folder.iterdir()) == ["images", "manifest.parquet", "pool.json"]


def test_a_pool_reads_as_a_data_set_with_its_sources_labels(pools: Pools, tmp_path: Path) -> None:
    plans, material = pools
    pool = open_pool(plans[1], made(pools, 1, tmp_path), material.dataset)
    sources = {sample.id: sample for sample in material.dataset.samples}
    for row, described in zip(pool.rows, index(pool).rows, strict=True):
        # What the manifest says is what is on disk; it has no perceptual hashes.
        assert row == replace(described, dhash=row.dhash, detail=row.detail)
        source = sources[pool.sources[row.sample.id]]
        assert np.array_equal(pool.label(row.sample), material.dataset.label(source))
        difference = pool.image(row.sample).astype(int) - material.dataset.image(source)
        assert np.abs(difference).mean() < 8  # a duplicate, but for the codec


def test_a_pool_is_resumed_image_by_image_with_equal_bytes(
    pools: Pools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = made(pools, 0, tmp_path / "whole")
    calls = [0]

    def generate(self: Noise, source: Source, domain: str, rng: np.random.Generator) -> np.ndarray:
        calls[0] += 1
        if calls[0] == 20:
            raise KeyboardInterrupt
        return TRUE(self, source, domain, rng)

    monkeypatch.setattr(Noise, "generate", generate)
    making = begun(pools, 0, tmp_path)
    with pytest.raises(KeyboardInterrupt):
        fill_pool(making)
    assert not pool_filled(making) and images_made(making) == 16
    fill_pool(making)
    finish_pool(making)
    assert calls[0] == 20 + 48 - 19
    assert images(whole) == images(tmp_path / "pool")
    assert without_seconds(whole) == without_seconds(tmp_path / "pool")


TRUE = Noise.generate


def slow(self: Noise, source: Source, domain: str, rng: np.random.Generator) -> np.ndarray:
    """Noise that leaves time to be killed in, and a line for each image it makes."""
    time.sleep(0.004)
    with Path(os.environ["CALLS"]).open("a") as lines:
        lines.write(f"{source.image.sum()}\n")
    return TRUE(self, source, domain, rng)


DRAWN = Automold.generate


def slowly_drawn(self: Automold, source: Source, domain: str, rng: np.random.Generator) -> np.ndarray:
    time.sleep(0.004)
    return DRAWN(self, source, domain, rng)


def _fill(making: Making) -> None:
    fill_pool(making)


@pytest.mark.parametrize("strategy", ["placebo_noise", "gen_automold"])
@pytest.mark.parametrize("workers", [1, 2])
def test_a_pool_that_is_killed_again_and_again_has_the_bytes_of_one_that_was_not(
    study: Callable[..., Study], tmp_path: Path, workers: int, strategy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans, material = planned(study(f"baseline, {strategy}", extra="pool: {targets: [snowy]}\n"))
    pools = plans.pools, material
    whole = made(pools, 0, tmp_path / "whole")
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.setattr(Noise, "generate", slow)
    monkeypatch.setattr(Automold, "generate", slowly_drawn)
    context, rng = multiprocessing.get_context("fork"), np.random.default_rng(workers)
    making = begun(pools, 0, tmp_path)
    for _ in range(20):
        started = [context.Process(target=_fill, args=(making,)) for _ in range(workers)]
        for process in started:
            process.start()
        time.sleep(rng.uniform(0.01, 0.12))
        for process in started:
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
            process.join()
    fill_pool(making)
    finish_pool(making)
    assert images(whole) == images(tmp_path / "pool")
    assert without_seconds(whole) == without_seconds(tmp_path / "pool")
    checks = [folder / CHECKS for folder in (whole, tmp_path / "pool")]
    assert [path.exists() for path in checks] == [strategy == "gen_automold"] * 2
    if checks[0].exists():
        assert pq.read_table(checks[0]).equals(pq.read_table(checks[1]))


def test_several_processes_share_the_work_without_doing_it_twice(
    pools: Pools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.setattr(Noise, "generate", slow)
    context, making = multiprocessing.get_context("fork"), begun(pools, 0, tmp_path)
    started = [context.Process(target=_fill, args=(making,)) for _ in range(3)]
    for process in started:
        process.start()
    for process in started:
        process.join()
        assert process.exitcode == 0
    assert pool_filled(making)
    assert len((tmp_path / "calls").read_text().splitlines()) == 48


def test_a_pool_published_by_another_process_is_left_alone(pools: Pools, tmp_path: Path) -> None:
    folder, making = made(pools, 0, tmp_path), begun(pools, 0, tmp_path)
    before = images(folder)
    fill_pool(making)
    assert images(folder) == before and not (tmp_path / ".work" / "images").exists()


def grey(self: Noise, source: Source, domain: str, rng: np.random.Generator) -> object:
    return source.image[..., 0]


def smaller(self: Noise, source: Source, domain: str, rng: np.random.Generator) -> object:
    return source.image[1:]


def floating(self: Noise, source: Source, domain: str, rng: np.random.Generator) -> object:
    return np.full(source.image.shape, np.nan)


def nothing(self: Noise, source: Source, domain: str, rng: np.random.Generator) -> object:
    return None


def failing(self: Noise, source: Source, domain: str, rng: np.random.Generator) -> object:
    raise OSError("no weights")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (grey, r"pool.wrong_size: placebo_noise made uint8 \(48, 64\) from \S+, which is uint8 \(48, 64, 3\)"),
        (smaller, r"pool.wrong_size: placebo_noise made uint8 \(47, 64, 3\)"),
        (floating, r"pool.wrong_size: placebo_noise made float64 \(48, 64, 3\)"),
        (nothing, r"pool.wrong_size: placebo_noise made NoneType"),
        (failing, r"pool.generator_failed: placebo_noise on \S+ to clear_day: OSError: no weights"),
    ],
)
def test_what_is_no_image_of_the_sources_size_is_refused_and_the_pool_stays_resumable(
    pools: Pools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: Callable[..., object], message: str
) -> None:
    making = begun(pools, 0, tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(Noise, "generate", body)
        with pytest.raises(UnitStopped, match=message):
            fill_pool(making)
    fill_pool(making)
    finish_pool(making)
    assert images(tmp_path / "pool") == images(made(pools, 0, tmp_path / "whole"))


def test_a_source_that_is_no_longer_what_was_indexed_is_refused(pools: Pools) -> None:
    plans, material = pools
    row = replace(plans[0].items[0][0], image_pixels="0" * 64)
    with pytest.raises(UnitStopped, match=r"pool.source_pixels: \S+ does not decode to the pixels it was indexed with"):
        given(plans[0], material.dataset, row)


@dataclass(frozen=True)
class Told(Generator):
    """Keeps what it was handed, and paints half the light."""

    card: ClassVar = GeneratorCard("gen_told", "half the light", family="gen", domains_supported=("snowy",))
    words: str = "snow in {}"

    def prompt(self, domain: str) -> str:
        return self.words.format(domain)

    def generate(self, source: Source, domain: str, rng: np.random.Generator) -> np.ndarray:
        HANDED.append(source)
        return source.image // 2


HANDED: list[Source] = []


@pytest.mark.parametrize("takes", [(), ("label",), ("text",)], ids=str)
def test_a_generator_is_handed_what_its_card_takes_and_the_gate_has_the_label(
    study: Callable[..., Study], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, takes: tuple[str, ...]
) -> None:
    registry = Registry(GENERATORS.kind, GENERATORS.group, [*GENERATORS.values(), Told])
    for module in ("fairweather.generators", "fairweather.study.arms"):
        monkeypatch.setattr(f"{module}.GENERATORS", registry)
    asked = study("baseline, gen_told")
    plain = planned(asked)[0].pools[0].id
    monkeypatch.setattr(Told, "card", replace(Told.card, takes=takes))
    found, material = planned(asked)
    HANDED.clear()
    folder = made((found.pools, material), 0, tmp_path)
    assert len(HANDED) == len(found.pools[0].items) == 48
    for source in HANDED:
        assert (source.label is not None) == bool(source.classes) == ("label" in takes)
        assert source.text == ("snow in snowy" if "text" in takes else None)
        assert source.depth is None and source.twin is None
    assert (found.pools[0].id != plain) == ("text" in takes)  # other words make other images
    checks = pq.read_table(folder / CHECKS).to_pylist()
    assert len(checks) == 48 and any(row["edges_before"] for row in checks)


def test_no_test_image_is_a_source(pools: Pools) -> None:
    plans, material = pools
    tested = {row.sample.id for row in material.test}
    for pool in plans:
        assert tested.isdisjoint(row.sample.id for row, _ in pool.items)


def test_at_the_training_size_images_are_made_small(study: Callable[..., Study], tmp_path: Path) -> None:
    text = study("baseline, placebo_duplicate", extra="pool: {size: training}\n").text
    found, material = planned(parse(text.replace("short_side: 48", "short_side: 24"), Path("small.yaml")))
    folder = made((found.pools, material), 0, tmp_path)
    pool = open_pool(found.pools[0], folder, material.dataset)
    assert {pool.image(row.sample).shape for row in pool.rows} == {(24, 32, 3)}


def test_each_pool_seed_is_an_arm_with_a_pool_of_its_own(study: Callable[..., Study], tmp_path: Path) -> None:
    found, material = planned(study("baseline, placebo_noise", extra="pool: {seed: [0, 4]}\n"))
    assert {unit.strategy for unit in found.units} == {"baseline", "placebo_noise#0", "placebo_noise#4"}
    assert len(found.pools) == 2
    one, other = (images(made((found.pools, material), k, tmp_path / str(k))) for k in range(2))
    assert one.keys() == other.keys() and not set(one.values()) & set(other.values())


@pytest.mark.parametrize(("codec", "error"), [("png", 0.0), ("jpeg", 3.0)])
def test_codecs(codec: str, error: float, tmp_path: Path) -> None:
    from fairweather.data.decode import decode_image

    image = np.full((16, 16, 3), 90, np.uint8)
    image[4:12, 4:12] = 160
    (tmp_path / "x").write_bytes(encode(image, codec, 95))
    assert np.abs(decode_image(tmp_path / "x").astype(int) - image).mean() <= error


def _drive(pools: Pools, out: Path) -> None:
    plans, material = pools
    make_pool(plans[0], material.dataset, out / "pools" / plans[0].id, Layout(out), Progress(Console(quiet=True)))


def test_drivers_that_meet_at_the_end_of_a_pool_leave_one_whole_pool(
    pools: Pools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes while the pool is being finished finds nothing to do, and nothing half-cleared."""
    whole = made(pools, 0, tmp_path / "whole")
    monkeypatch.setattr("fairweather.engine.generate.write_table", lambda *what: (time.sleep(0.3), write_table(*what)))
    context = multiprocessing.get_context("fork")
    started = [context.Process(target=_drive, args=(pools, tmp_path / "out")) for _ in range(3)]
    for process in started:
        process.start()
    for process in started:
        process.join()
        assert process.exitcode == 0
    assert images(whole) == images(next((tmp_path / "out/pools").glob("[!.]*")))
    left = {p.relative_to(tmp_path / "out/pools").as_posix() for p in (tmp_path / "out/pools").rglob("*.json")}
    assert left == {f"{pools[0][0].id}/pool.json"}


def test_rows_of_chunks_that_were_cut_otherwise_are_not_taken_for_ours(
    pools: Pools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, making = made(pools, 0, tmp_path / "whole"), begun(pools, 0, tmp_path)
    fill_pool(making)
    monkeypatch.setattr("fairweather.engine.generate.CHUNK", 16)
    again = begun(pools, 0, tmp_path)
    assert not pool_filled(again)
    fill_pool(again)
    finish_pool(again)
    assert images(whole) == images(tmp_path / "pool")
