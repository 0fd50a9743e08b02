import shutil
from pathlib import Path

import numpy as np
import pytest
from tests.data.layouts import scenes
from tests.data.layouts.cityscapes import stem
from tests.data.layouts.foggy_cityscapes import BETAS, LAYOUT, veiled

from fairweather.data import READERS, Dataset, index
from fairweather.errors import DataError, UnknownName

READER = READERS["foggy_cityscapes"]
FOGGY = {stem(scene): scene for scene in scenes() if scene.domain == "foggy"}


def opened(root: Path, splits: tuple[str, ...] = ("train", "val"), **given: str) -> Dataset:
    return READER.open("mine", root, splits, READER.card.resolved(given, "mine"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    LAYOUT.write(tmp_path, scenes())
    return tmp_path


@pytest.mark.parametrize("beta", BETAS)
def test_each_scene_is_read_once_in_the_declared_density(root: Path, beta: str) -> None:
    dataset = opened(root, beta=beta)
    assert {sample.id for sample in dataset.samples} == set(FOGGY) and len(dataset.samples) == len(FOGGY)
    for sample in dataset.samples:
        scene = FOGGY[sample.id]
        assert np.array_equal(dataset.image(sample), veiled(scene.image, beta))
        assert np.array_equal(dataset.label(sample), scene.label)
        assert (sample.domain, sample.group) == ("foggy", sample.id.split("/")[1])


def test_the_densest_is_the_default(root: Path) -> None:
    assert all(sample.image.endswith("_beta_0.02.png") for sample in opened(root).samples)


def test_a_density_may_be_written_as_a_number() -> None:
    for beta in BETAS:
        assert READER.card.resolved({"beta": float(beta)}, "study.yaml")["beta"] == beta
    with pytest.raises(UnknownName, match=r"study.yaml: unknown beta '0.03'.* \(known: 0.005, 0.01, 0.02\)"):
        READER.card.resolved({"beta": 0.03}, "study.yaml")


def test_a_density_that_is_not_there_is_named(root: Path) -> None:
    for path in (root / "leftImg8bit_foggy").rglob("*_beta_0.005.png"):
        path.unlink()
    with pytest.raises(
        DataError, match=r"no file \*_leftImg8bit_foggy_beta_0.005.png in it; they come in leftImg8bit_train"
    ):
        opened(root, beta="0.005")
    assert len(index(opened(root)).rows) == len(FOGGY)


def test_labels_are_expected_beside_the_images(root: Path) -> None:
    shutil.rmtree(root / "gtFine")
    with pytest.raises(DataError, match=r"gtFine/train: no such folder; it comes in gtFine_trainvaltest.zip"):
        opened(root)
    assert READER.recognise(root) == {}


def test_test_is_withheld(root: Path) -> None:
    with pytest.raises(DataError, match="the labels of test are withheld"):
        opened(root, ("test",))
