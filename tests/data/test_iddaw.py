from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.data.layouts import save, scenes
from tests.data.layouts.iddaw import FOLDERS, LAYOUT, place

from fairweather.data import READERS, Dataset, index
from fairweather.errors import DataError, InputError
from fairweather.vocabulary.labels import label_map, label_space

READER = READERS["iddaw"]
SCENES = [scene for scene in scenes() if scene.domain in FOLDERS]
DRAWN = {place(Path(), scene, "").replace("./", "").replace("//", "/"): scene for scene in SCENES}


def opened(root: Path, splits: tuple[str, ...] = ("train", "val"), **given: str) -> Dataset:
    return READER.open("mine", root, splits, READER.card.resolved(given, "mine"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    LAYOUT.write(tmp_path / "IDDAW", scenes())
    return tmp_path / "IDDAW"


def without_polygons(root: Path, folder: str, ending: str, draw: Callable[[np.ndarray], np.ndarray]) -> None:
    for scene in SCENES:
        Path(place(root, scene, "gtSeg") + "_mask.json").unlink()
        save(draw(scene.label), Path(place(root, scene, folder) + ending))


def level3(label: np.ndarray) -> np.ndarray:
    """(H, W) level 3 ids of train ids, what has none ignored."""
    lut = np.full(256, 255, np.uint8)
    for number, target in reversed(list(enumerate(label_map("idd_level3", "cityscapes19").table))):
        lut[target] = number
    for name, number in (("terrain", 3), ("train", 12)):
        lut[label_space("cityscapes19").classes.index(name)] = number
    lut[255] = 255
    return lut[label]


def test_colour_is_read_and_the_folder_is_the_domain(root: Path) -> None:
    dataset = opened(root)
    assert {sample.id for sample in dataset.samples} == set(DRAWN) and len(dataset.samples) == len(SCENES)
    for sample in dataset.samples:
        scene = DRAWN[sample.id]
        assert np.array_equal(dataset.image(sample), scene.image) and np.array_equal(dataset.label(sample), scene.label)
        assert (sample.domain, sample.origin, sample.split) == (scene.domain, "folder", scene.split)
        assert sample.group == f"{FOLDERS[scene.domain]}/{sample.id.split('/')[2]}"
    assert not any("nir" in sample.image for sample in dataset.samples)
    assert {Path(sample.image).name for sample in dataset.samples} == {"00000007_rgb.png"}  # so the whole key is the id


@pytest.mark.parametrize("folder", ["gtSegPNG", "gtSeg"])
@pytest.mark.parametrize(("masks", "ending"), [("trainids", "_mask.png"), ("trainids", "_labelcsTrainIds.png")])
def test_drawn_masks_are_read_as_declared(root: Path, folder: str, masks: str, ending: str) -> None:
    without_polygons(root, folder, ending, lambda label: label)
    dataset = opened(root, masks=masks)
    assert all(np.array_equal(dataset.label(s), DRAWN[s.id].label) for s in dataset.samples)


def test_level_3_gives_up_what_it_mixes(root: Path) -> None:
    without_polygons(root, "gtSegPNG", "_mask.png", level3)
    mixed = [label_space("cityscapes19").classes.index(name) for name in ("terrain", "train")]
    assert all(any((scene.label == value).any() for scene in SCENES) for value in mixed)
    dataset = opened(root, masks="level3")
    for sample in dataset.samples:
        drawn = DRAWN[sample.id].label
        assert np.array_equal(dataset.label(sample), np.where(np.isin(drawn, mixed), 255, drawn))
    own = opened(root, masks="level3", labels="idd_level3")
    assert np.array_equal(own.label(own.samples[0]), level3(DRAWN[own.samples[0].id].label))


@pytest.mark.parametrize(
    ("masks", "labels", "allowed"),
    [
        ("level3", "idd", "use labels: idd_level3 or labels: cityscapes19"),
        ("trainids", "idd", "use labels: cityscapes19"),
        ("trainids", "idd_level3", "use labels: cityscapes19"),
    ],
)
def test_masks_that_do_not_tell_the_classes_apart_are_refused(
    root: Path, masks: str, labels: str, allowed: str
) -> None:
    with pytest.raises(InputError, match=f"'mine': masks: {masks} do not hold the classes of {labels}; {allowed}"):
        opened(root, masks=masks, labels=labels)


def test_masks_are_never_guessed(root: Path) -> None:
    without_polygons(root, "gtSeg", "_mask.png", lambda label: label)
    with pytest.raises(DataError, match=r"gtSeg: no file \*_mask.json in it; .* say masks: ids, level3 or trainids"):
        opened(root)
    with pytest.raises(DataError, match=r"pixels of value 255; allowed are 0..39 \(IDD ids\)"):
        index(opened(root, masks="ids"))  # train ids: ignored pixels give them away


def test_declared_masks_that_are_not_there(root: Path) -> None:
    with pytest.raises(
        DataError, match=r"train/FOG: no mask \*_labelids.png or \*_mask.png in gtSegPNG or gtSeg; draw them"
    ):
        opened(root, masks="ids")


def test_bad_roots_and_splits(root: Path) -> None:
    with pytest.raises(DataError, match="the labels of test are withheld by the publisher; use train or val"):
        opened(root, ("test",))
    for given in (root.parent, root / "train"):
        with pytest.raises(
            DataError, match=rf"rgb: no such folder; it comes in .*; there is one in {root}; point at it"
        ):
            opened(given)


def test_what_is_broken_is_left_out_if_the_user_says_so(root: Path) -> None:
    Path(place(root, SCENES[0], "gtSeg") + "_mask.json").write_text("[]")
    Path(place(root, SCENES[1], "rgb") + "_rgb.png").unlink()
    dataset = opened(root, skip_broken="yes")
    assert len(index(dataset).rows) == len(SCENES) - 2 and len(dataset.skipped) == 2
    with pytest.raises(DataError, match="label without an image"):
        opened(root)
