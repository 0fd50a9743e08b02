import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.conftest import SHARED
from tests.data.layouts import inverse, mapillary_v12, mapillary_v20, scenes

from fairweather.data import READERS
from fairweather.data.encoding import Palette, table
from fairweather.data.files import Files
from fairweather.data.mapillary import UNVERIFIED
from fairweather.errors import DataError, UnknownName
from fairweather.vocabulary.labels import IGNORE, label_map, label_space

SAMPLES = SHARED / "data" / "format_samples" / "mapillary"
KEY = "__CRyFzoDOXn6unQ6a3DnQ"
READER = READERS["mapillary"]
FEW = [scene for scene in scenes() if scene.group == 0]
V12, V20 = (
    Palette(space, table(space), (other,))
    for space, other in (("mapillary66", "mapillary124"), ("mapillary124", "mapillary66"))
)


def opened(root: Path, *splits: str, **given: object) -> Files:
    return READER.open("vistas", root, splits or ("train", "val"), READER.card.resolved(given, "data.vistas"))


@pytest.fixture
def v12(tmp_path: Path) -> Path:
    mapillary_v12.write(tmp_path, FEW)
    return tmp_path


@pytest.fixture
def v20(tmp_path: Path) -> Path:
    mapillary_v20.write(tmp_path, FEW)
    return tmp_path


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """The real files in the layout of the v2.0 package."""
    if not SAMPLES.is_dir():
        pytest.skip("../shared/data/format_samples is not there")
    for version in ("v1.2", "v2.0"):
        (tmp_path / "training" / version / "labels").mkdir(parents=True)
        shutil.copy(SAMPLES / version / f"{KEY}.png", tmp_path / "training" / version / "labels")
    (tmp_path / "training" / "images").mkdir()
    shutil.copy(SAMPLES / "images" / f"{KEY}.jpg", tmp_path / "training" / "images")
    return tmp_path


def test_keys_may_begin_with_a_hyphen_and_nothing_but_labels_is_read(v12: Path) -> None:
    dataset = opened(v12)
    assert {sample.id.partition("/")[2][0] for sample in dataset.samples} == set("-_K")
    for sample in dataset.samples:
        assert Path(sample.label).parent.name == "labels" and Path(sample.label).stem == Path(sample.image).stem
        assert (sample.domain, sample.group) == ("undefined", "")
    assert len(dataset.samples) == len(FEW) and dataset.notes == ()


def test_native_indices_are_kept_and_what_is_not_evaluated_is_ignored(v12: Path) -> None:
    dataset = opened(v12)
    assert dataset.label_space == label_space("mapillary66")
    lut = inverse("mapillary66", 65)
    lut[lut == 65] = IGNORE
    by_key = {f"{scene.split}/{mapillary_v12.key(scene)}": scene for scene in FEW}
    for sample in dataset.samples:
        assert np.array_equal(dataset.label(sample), lut[by_key[sample.id].label])


@pytest.mark.parametrize("version", ["v1.2", "v2.0"])
def test_harmonised_labels_are_those_that_were_drawn(version: str, v20: Path) -> None:
    dataset = opened(v20, version=version, labels="cityscapes19")
    assert dataset.label_space == label_space("cityscapes19")
    assert dataset.notes == ((UNVERIFIED,) if version == "v2.0" else ())
    reached = set(label_map({"v1.2": "mapillary66", "v2.0": "mapillary124"}[version], "cityscapes19").table)
    by_key = {f"{scene.split}/{mapillary_v12.key(scene)}": scene for scene in FEW}
    for sample in dataset.samples:
        drawn = by_key[sample.id].label
        assert np.array_equal(dataset.label(sample), np.where(np.isin(drawn, list(reached)), drawn, IGNORE))


def test_two_versions_need_a_choice_and_one_does_not(v20: Path) -> None:
    with pytest.raises(DataError, match=r"labels of v1\.2 and v2\.0 are there; say version: v1\.2 or version: v2\.0$"):
        opened(v20)
    assert READER.recognise(v20) == {"version": "v1.2"}
    for split in ("training", "validation"):
        shutil.rmtree(v20 / split / "v1.2")
    assert opened(v20).label_space.name == "mapillary124" and READER.recognise(v20) == {}
    with pytest.raises(DataError, match=r"no labels of v1\.2, only of v2\.0"):
        opened(v20, version="v1.2")
    with pytest.raises(UnknownName, match=r"unknown version 'v1\.1'; did you mean 'v1\.2'"):
        opened(v20, version="v1.1")


def test_two_packages_in_one_folder_are_refused(v20: Path) -> None:
    shutil.copytree(v20 / "training/v1.2/labels", v20 / "training/labels")
    with pytest.raises(
        DataError, match=r"labels and v1\.2/labels both hold labels of v1\.2; two packages were unpacked"
    ):
        opened(v20, version="v1.2")
    assert opened(v20, version="v2.0").samples


def test_labels_of_the_other_version_are_refused_by_name(v20: Path) -> None:
    for split in ("training", "validation"):
        shutil.rmtree(v20 / split / "v1.2")
        shutil.copytree(v20 / split / "v2.0/labels", v20 / split / "labels")
    dataset = opened(v20, version="v1.2")
    with pytest.raises(
        DataError, match=r"its palette is not that of mapillary66: .*; it is the palette of mapillary124$"
    ):
        dataset.label(dataset.samples[0])


def test_files_that_are_no_palette_are_refused(v12: Path) -> None:
    dataset = opened(v12)
    label, folder = v12 / dataset.samples[0].label, Path(dataset.samples[0].label).parents[1]
    grey = Image.fromarray(np.array(Image.open(label)))
    for picture, message in (
        (grey, "one channel without a palette"),
        (Image.open(label).convert("RGB"), "RGB colours"),
    ):
        picture.save(label)
        with pytest.raises(DataError, match=f"the label holds {message}; palette indices are declared"):
            dataset.label(dataset.samples[0])
    for other in ("instances", "panoptic"):
        shutil.copy(v12 / folder / other / label.name, label)
        with pytest.raises(DataError, match="palette indices are declared"):
            dataset.label(dataset.samples[0])


def test_an_index_without_a_class_is_refused(v12: Path) -> None:
    dataset = opened(v12)
    label = v12 / dataset.samples[0].label
    picture = Image.open(label)
    picture.putpixel((0, 0), 66)
    picture.save(label)
    with pytest.raises(
        DataError, match=r"1 pixels of value 66; allowed are 0\.\.65 \(palette indices of mapillary66\)"
    ):
        dataset.label(dataset.samples[0])


def test_keys_that_differ_in_case_alone_are_refused(v12: Path) -> None:
    images = v12 / "training/images"
    name = next(path.name for path in images.iterdir() if path.name.startswith("K"))
    shutil.copy(images / name, images / name.lower())
    with pytest.raises(DataError, match=r"differs from K.* in case alone; on many systems one overwrites the other"):
        opened(v12)


def test_what_is_missing_is_said_in_one_line(v12: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(
        DataError, match=r"^data set 'vistas': the labels of test are withheld by the publisher; use train or val$"
    ):
        opened(v12, "test")
    with pytest.raises(DataError, match=rf"training/images: no such folder.*there is one in {v12}; point at it"):
        opened(v12 / "training")
    above = tmp_path_factory.mktemp("above")
    (above / "vistas").symlink_to(v12)
    with pytest.raises(DataError, match=rf"there is one in {above}/vistas; point at it"):
        opened(above)
    shutil.rmtree(v12 / "validation/labels")
    with pytest.raises(DataError, match=r"validation/labels: no such folder; it comes in the Vistas v1\.x package"):
        opened(v12)
    assert opened(v12, "train").samples
    shutil.rmtree(v12 / "training/labels")
    with pytest.raises(DataError, match=r"neither .*/labels nor .*/v1\.2/labels nor .*/v2\.0/labels is there"):
        opened(v12)
    assert READER.recognise(v12) == {}
    shutil.copy(next((v12 / "training/images").iterdir()), v12 / "training/images/copy.jpg")
    (v12 / "training/labels").mkdir()
    with pytest.raises(DataError, match=r"copy\.jpg: no key of Mapillary; they are 22 letters, digits, - and _"):
        opened(v12, "train")


def test_an_image_without_a_label_is_named(v12: Path) -> None:
    next((v12 / "training/labels").iterdir()).unlink()
    with pytest.raises(DataError, match=r"\.jpg: image without a label \(1 of 14 are\)"):
        opened(v12)
    (line,) = opened(v12, skip_broken="yes").skipped
    assert line.endswith(".jpg: image without a label")


@pytest.mark.parametrize(("version", "held"), [("v1.2", {17, 44, 45}), ("v2.0", {27, 84, 85})])
def test_real_labels_hold_the_measured_indices(version: str, held: set[int], real: Path) -> None:
    dataset = opened(real, "train", version=version)
    (sample,) = dataset.samples
    assert sample.id == f"train/{KEY}"
    assert set(np.unique(dataset.label(sample)).tolist()) == held
    assert {dataset.label_space.classes[i] for i in held} == {"Building", "Street Light", "Pole"}


def test_a_real_label_is_refused_through_the_encoding_of_the_other_version(real: Path) -> None:
    label = real / "training" / "{}" / "labels" / f"{KEY}.png"
    with pytest.raises(DataError, match=r"not that of mapillary66.*; it is the palette of mapillary124$"):
        V12.decode(Path(str(label).format("v2.0")))
    with pytest.raises(DataError, match=r"not that of mapillary124.*; it is the palette of mapillary66$"):
        V20.decode(Path(str(label).format("v1.2")))
