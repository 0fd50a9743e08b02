import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.data.layouts import Scene, save, scenes
from tests.data.layouts.idd import GROUND, LAYOUT, key, names

from fairweather.data import READERS, Dataset, index
from fairweather.errors import DataError
from fairweather.vocabulary.labels import label_space

READER = READERS["idd"]
DRAWN = {key(scene): scene for scene in scenes()}


def opened(root: Path, splits: tuple[str, ...] = ("train", "val"), **given: str) -> Dataset:
    return READER.open("mine", root, splits, READER.card.resolved(given, "mine"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    LAYOUT.write(tmp_path / "here", scenes())
    return tmp_path / "here"


def in_idd(scene: Scene, space: str) -> np.ndarray:
    """The label of a scene as the layout drew it, by the names of the classes of a space."""
    classes = label_space(space).classes
    lut = np.full(
        256, classes.index(GROUND) if space == "idd" else classes.index("parking / drivable fallback"), np.uint8
    )
    for value, name in names().items():
        lut[value] = next(i for i, listed in enumerate(classes) if name in listed.split(" / "))
    return lut[scene.label]


def test_polygons_are_drawn_straight_to_train_ids(root: Path) -> None:
    dataset = opened(root)
    assert {sample.id for sample in dataset.samples} == set(DRAWN) and len(dataset.samples) == len(scenes())
    for sample in dataset.samples:
        assert np.array_equal(dataset.label(sample), DRAWN[sample.id].label)
        assert (sample.domain, sample.group) == ("undefined", sample.id.split("/")[1])
    assert {Path(sample.image).suffix for sample in dataset.samples} == {".png", ".jpg"}
    assert len({sample.id.rsplit("/", 1)[1] for sample in dataset.samples}) < len(
        dataset.samples
    )  # frame numbers repeat


@pytest.mark.parametrize("space", ["idd", "idd_level3"])
def test_all_classes_of_idd_can_be_had(root: Path, space: str) -> None:
    dataset = opened(root, labels=space)
    assert dataset.label_space.name == space
    for sample in dataset.samples[:5]:
        assert np.array_equal(dataset.label(sample), in_idd(DRAWN[sample.id], space))


def edit(root: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    path = min((root / "gtFine/train").rglob("*_polygons.json"))
    record = json.loads(path.read_text())
    change(record)
    path.write_text(json.dumps(record))
    return path


def relabel(name: object) -> Callable[[Path], object]:
    return lambda root: edit(root, lambda record: record["objects"][1].update(label=name))


WHOLE = [[0, 0], [95, 0], [95, 63], [0, 63]]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("non-drivable fallback", 9), ("drivable fallback", 255), ("person", 11), ("animal", 255), ("persongroup", 11),
        ("polegroup", 255), ("pole", 5), ("rail track", 255), ("train", 16), ("caravan", 255), ("sky", 10),
        ("fallback background", 255), ("vehicle fallback", 255), ("motorcyclegroup", 17), ("license plate", 255),
    ],
)  # fmt: skip
def test_what_level_3_mixes_is_told_apart(root: Path, name: str, value: int) -> None:
    edit(root, lambda record: record["objects"].append({"label": name, "polygon": WHOLE}))
    dataset = opened(root)
    assert np.all(dataset.label(dataset.samples[0]) == value)


BROKEN: list[tuple[Callable[[Path], object], str]] = [
    (relabel("drivable"), r"objects\[1\]: unknown label 'drivable'; the labels of IDD are declared"),
    (relabel("road surface"), r"objects\[1\]: unknown label 'road surface'"),
    (relabel("roads"), r"objects\[1\]: unknown label 'roads'"),
    (relabel(7), r"objects\[1\]: no label"),
    (lambda r: edit(r, lambda record: record.pop("imgHeight")), r"polygons.json: imgHeight and imgWidth are None and 96"),
    (lambda r: edit(r, lambda record: record.update(imgWidth="96")), r"imgHeight and imgWidth are 64 and '96'"),
    (lambda r: edit(r, lambda record: record.pop("objects")), r"polygons.json: no list of objects"),
    (lambda r: edit(r, lambda record: record["objects"][1].pop("polygon")), r"objects\[1\]: drivable fallback has no polygon"),
    (
        lambda r: edit(r, lambda record: record["objects"][1].update(polygon=[[1, 2, 3]] * 3)),
        r"objects\[1\]: drivable fallback has no polygon of number pairs",
    ),
    (lambda r: edit(r, lambda record: None).write_text("{"), r"polygons.json: not JSON: "),
    (lambda r: edit(r, lambda record: None).write_bytes(b""), r"polygons.json: not JSON: "),
    (lambda r: edit(r, lambda record: None).write_bytes(b'{"caf\xe9": 1}'), r"polygons.json: not JSON: "),
    (lambda r: edit(r, lambda record: record.update(imgWidth=95)), r"image and label differ in size: 96x64 and 95x64"),
    (lambda r: edit(r, lambda record: None).unlink(), r"leftImg8bit/train/.*: image without a label \(1 of 28 are\)"),
    (lambda r: shutil.rmtree(r / "gtFine"), r"gtFine/train: no such folder; it comes in the package IDD Segmentation"),
    (
        lambda r: shutil.copy(r / "leftImg8bit/train/1/000001_leftImg8bit.png", r / "leftImg8bit/train/1/000001_leftImg8bit.jpg"),
        r"000001_leftImg8bit.png: a second file for train/1/000001, beside .*000001_leftImg8bit.jpg",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "message"), BROKEN, ids=[m[:50] for _, m in BROKEN])
def test_what_is_wrong_is_one_line(root: Path, spoil: Callable[[Path], object], message: str) -> None:
    spoil(root)
    with pytest.raises(DataError, match=message) as caught:
        index(opened(root))
    assert "\n" not in str(caught.value)


def test_a_broken_record_is_left_out_if_the_user_says_so(root: Path) -> None:
    path = edit(root, lambda record: None)
    path.write_text("{")
    dataset = opened(root, skip_broken="yes")
    assert len(index(dataset).rows) == len(scenes()) - 1
    (line,) = dataset.skipped
    assert line.startswith(f"{path}: not JSON")


def test_test_is_withheld_and_a_root_above_is_told(root: Path) -> None:
    with pytest.raises(DataError, match="the labels of test are withheld by the publisher; use train or val"):
        opened(root, ("test",))
    with pytest.raises(DataError, match=rf"there is one in {root}; point at it"):
        opened(root.parent)


def test_masks_drawn_by_the_tool_are_read_as_declared(root: Path) -> None:
    for id, scene in DRAWN.items():
        save(in_idd(scene, "idd"), root / f"gtFine/{id}_gtFine_labelids.png")
        save(scene.label, root / f"gtFine/{id}_gtFine_labelcsTrainIds.png")
    for masks in ("ids", "trainids"):
        dataset = opened(root, masks=masks)
        assert all(np.array_equal(dataset.label(s), DRAWN[s.id].label) for s in dataset.samples)
    with pytest.raises(DataError, match=r"gtFine/train: no file \*_gtFine_labellevel3Ids.png in it"):
        opened(root, masks="level3")
    assert READER.recognise(root) == {}
