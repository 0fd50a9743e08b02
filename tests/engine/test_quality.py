"""The quality of a pool: what is compared with what, on equal terms, and never a test image."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from fairweather.data import READERS, index
from fairweather.data.toy import Toy
from fairweather.engine import quality as room
from fairweather.engine.execute import Job, execute
from fairweather.engine.generate import Making, encode, fill_pool, finish_pool
from fairweather.engine.quality import (
    Predictor,
    Reference,
    Share,
    Terms,
    evenly,
    look,
    measured,
    networks,
    quality_of,
    reference,
    shares,
    terms,
    trained,
    write_quality,
)
from fairweather.generators.quality import Composite, Number, Quality
from fairweather.generators.rendering.automold import Automold
from fairweather.launch.materials import gather
from fairweather.launch.progress import Progress
from fairweather.scores.confusion import confusion_matrix
from fairweather.store.pools import QUALITY, Pool, open_pool
from fairweather.study import Material, PoolPlan, Study, plan

pytest.importorskip("torch")

Made = tuple[PoolPlan, Material, Pool]


@pytest.fixture(autouse=True)
def few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "study_network", partial(room.study_network, steps=3))


@pytest.fixture
def made(study: Callable[..., Study], tmp_path: Path) -> Callable[..., Made]:
    """Makes the pool of gen_automold to snow, which the toy twin has, and to fog, which it has not."""

    def make() -> Made:
        asked = study("baseline, gen_automold", extra="pool: {codec: png, targets: [snowy, foggy]}\n")
        materials = gather(asked, Progress(Console(quiet=True)))
        (pool,) = plan(asked, materials).pools
        material = materials["toy"]
        making = Making(pool, material.dataset, tmp_path / ".work", tmp_path / "pool")
        fill_pool(making)
        finish_pool(making)
        return pool, material, open_pool(pool, tmp_path / "pool", material.dataset)

    return make


def agreed(made: Made, predictor: Predictor | None = None, composite: Composite | None = None) -> Terms:
    pool, material, _ = made
    rows = [row for row, _ in pool.items]
    return terms(material.dataset, [rows], material.train, None, predictor, "it has none", composite)


def quality(made: Made, on: Terms, found: Reference | None = None) -> Quality:
    seen = [look(share) for share in shares(made[2], on)]
    return quality_of(made[2], made[0].id, on, seen, found or Reference(None, absent="nobody looked"))


def by_name(quality: Quality, domain: str) -> dict[str, Number]:
    return {number.name: number for number in quality.numbers if number.domain == domain}


def test_a_generator_that_returns_its_source_has_ssim_1_and_an_infinite_psnr_that_is_said(
    made: Callable[..., Made], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Automold, "generate", lambda self, source, domain, rng: source.image.copy())
    pool = made()
    found = by_name(quality(pool, agreed(pool)), "foggy")
    assert found["ssim"].value == 1.0 and found["ssim"].samples == 48 and found["ssim"].standard_error == 0.0
    assert found["psnr"].value is None and found["psnr"].note.startswith("48 of 48 images equal their source (infinite")
    assert found["lpips"].value is None and "lpips" in found["lpips"].note
    assert "oracle_psnr" not in found  # no data set without twins has an oracle


def test_the_record_says_every_number_or_why_there_is_none(made: Callable[..., Made], tmp_path: Path) -> None:
    pool = made()
    on = agreed(pool, composite=Composite.read({"ssim": {"worst": 0, "best": 1, "weight": 1}}))
    targets = ("foggy", "snowy")
    found = quality(pool, on, reference(on, targets))
    snowy, foggy = by_name(found, "snowy"), by_name(found, "foggy")
    assert snowy["kernel_distance"].samples == 48 and snowy["kernel_distance"].standard_error is not None
    assert snowy["kernel_distance"].label.startswith("Kernel distance over study network ")
    assert "torch" in snowy["kernel_distance"].note  # why it is not Inception
    assert foggy["frechet_distance"].note == "0 real training images of foggy; 3 are needed"
    assert foggy["mean_iou"].value is None and foggy["mean_iou"].note == "it has none"
    assert by_name(found, "")["source_mean_iou"].note == "it has none"
    assert snowy["composite"].value == pytest.approx(snowy["ssim"].value)
    write_quality(tmp_path / "pool", found, on)
    assert measured(tmp_path / "pool", on) == found
    first = (tmp_path / "pool" / QUALITY).read_bytes()
    write_quality(tmp_path / "pool", quality(pool, on, reference(on, targets)), on)
    assert (tmp_path / "pool" / QUALITY).read_bytes() == first
    (name,) = networks(found)
    assert name.startswith("study network")


def test_no_test_image_is_ever_read(made: Callable[..., Made], monkeypatch: pytest.MonkeyPatch) -> None:
    pool = made()
    read, image = set(), Toy.image

    def noted(self: Toy, sample: object) -> np.ndarray:
        read.add(sample.id.split("/")[0])  # type: ignore[attr-defined]
        return image(self, sample)  # type: ignore[arg-type]

    monkeypatch.setattr(Toy, "image", noted)
    on = agreed(pool)
    quality(pool, on, reference(on, ("foggy", "snowy")))
    assert read == {"train"}
    tested = {row.sample.id for row in pool[1].test}
    assert tested and not tested & {row.sample.id for rows in (on.sources, *on.real.values()) for row in rows}


def test_all_pools_of_a_data_set_are_measured_on_what_they_have_in_common(made: Callable[..., Made]) -> None:
    pool, material, _ = made()
    rows = [row for row, domain in pool.items if domain == "foggy"]
    fewer = rows[::2]
    on = terms(material.dataset, [rows, fewer], material.train, None, None, "none", None)
    assert on.sources == tuple(fewer)
    assert {domain: len(found) for domain, found in on.real.items()} == {"clear_day": 48, "snowy": 48}
    spaced = evenly(rows, 10)
    assert len(spaced) == 10 and [rows.index(row) for row in spaced] == [0, 4, 9, 14, 19, 24, 28, 33, 38, 43]


def test_a_record_is_made_again_on_other_terms_but_never_loses_its_unit(
    made: Callable[..., Made], tmp_path: Path
) -> None:
    pool = made()
    bare = agreed(pool)
    with_unit = replace(bare, predictor=Predictor("u1", Path("w"), "toy_fcn", 4, None, None, "cpu"))  # type: ignore[arg-type]
    assert measured(tmp_path / "pool", bare) is None
    found = quality(pool, bare)
    write_quality(tmp_path / "pool", found, bare)
    assert measured(tmp_path / "pool", bare) == found and measured(tmp_path / "pool", with_unit) is None
    write_quality(tmp_path / "pool", found, with_unit)
    assert measured(tmp_path / "pool", with_unit) == found == measured(tmp_path / "pool", bare)
    other = replace(bare, composite=Composite.read({"ssim": {"worst": 0, "best": 1, "weight": 1}}))
    assert measured(tmp_path / "pool", other) is None
    assert measured(tmp_path / "pool", replace(bare, sources=bare.sources[1:])) is None
    (tmp_path / "pool" / QUALITY).write_text(json.dumps({"schema": 1}))
    assert measured(tmp_path / "pool", bare) is None


def test_consistency_is_that_of_the_units_own_weights(
    made: Callable[..., Made], ready: Callable[..., list[Job]]
) -> None:
    pool = made()
    (stage1, stage2) = ready("baseline", steps=8)
    assert execute(stage2).state == "done"
    folder = stage2.out / "units" / stage2.unit.id
    how = {"model": "toy_fcn", "num_classes": 4, "recipe": stage2.recipe, "short_side": 48, "device": "cpu"}
    predictor = trained(stage2.unit.id, folder, **how)
    assert predictor is not None
    on = agreed(pool, predictor)
    found = quality(pool, on)
    expected = np.zeros((4, 4), np.int64)
    for row in on.sources:
        image, label = (read(row.sample) for read in (pool[1].dataset.image, pool[1].dataset.label))
        expected += confusion_matrix(label, room.classes(predictor, image), 4)
    accuracy = 100 * np.trace(expected) / expected.sum()
    of_sources, snowy = by_name(found, ""), by_name(found, "snowy")
    assert of_sources["source_pixel_accuracy"].value == pytest.approx(accuracy)
    assert snowy["mean_iou"].recipe.needs_unit == stage2.unit.id and snowy["mean_iou"].samples == 48
    assert [name for name, _ in snowy["mean_iou"].parts] == list(pool[1].manifest.label_space.classes)
    weights = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(weights[:-1] + bytes([weights[-1] ^ 1]))
    assert trained(stage2.unit.id, folder, **how) is None
    assert trained(stage1.unit.id, stage1.out / "units" / stage1.unit.id, **how) is None


def test_scores_that_are_not_finite_are_a_reason(made: Callable[..., Made], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(predictor: Predictor, image: np.ndarray) -> np.ndarray:
        raise room.UnitStopped("units.scores_not_finite", "they are NaN")

    monkeypatch.setattr(room, "classes", fail)
    pool = made()
    on = agreed(pool, Predictor("u1", Path("w"), "toy_fcn", 4, None, None, "cpu"))  # type: ignore[arg-type]
    found = by_name(quality(pool, on), "snowy")
    assert found["mean_iou"].value is None and found["mean_iou"].note == "unit u1: they are NaN"
    assert found["ssim"].value is not None


def test_too_few_real_images_are_a_reason(made: Callable[..., Made]) -> None:
    on = agreed(made())
    few = replace(on, real={domain: rows[:4] for domain, rows in on.real.items()})
    assert reference(few, ("snowy",)).absent == "study network: 8 real images; at least 10 are needed"
    assert "no target domain has 3" in reference(on, ("foggy",)).absent


def test_where_there_is_a_twin_the_oracle_itself_is_at_no_distance(tmp_path: Path) -> None:
    reader = READERS["fairtown"]
    options = reader.card.resolved({"town": "north", "size": "64x32"}, "x")
    town = reader.open("north", None, ("train",), options)
    sample = next(sample for sample in town.samples if sample.domain == "clear_day")
    (row,) = index(town.only([sample])).rows
    file = tmp_path / "image.png"
    file.write_bytes(encode(room._twin(town, sample, "night"), "png", None))
    share = Share(town.only([sample]), ((row.sample, (("night", file),)),), None, None)
    seen = look(share)
    assert seen.values["night", "oracle_psnr"] == [math.inf] and seen.values["night", "oracle_ssim"] == [1.0]
    assert seen.values["night", "psnr"][0] < 30
