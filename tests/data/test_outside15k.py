import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.data.layouts import outside15k, scenes

from fairweather.data import READERS
from fairweather.data.files import Files
from fairweather.data.outside15k import LOSSY
from fairweather.errors import DataError
from fairweather.vocabulary.labels import IGNORE, label_map, label_space

READER = READERS["outside15k"]
FEW = [scene for scene in scenes() if scene.group == 0]


def opened(root: Path, *splits: str, **given: object) -> Files:
    return READER.open("outside", root, splits or ("train", "val"), READER.card.resolved(given, "data.outside"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    outside15k.write(folder, FEW)
    return folder


@pytest.fixture
def edit(root: Path) -> Callable[..., Path]:
    """Replaces the second line of the training list (by changes to its record, or by a text) and returns its path."""

    def change(text: str | None = None, **fields: object) -> Path:
        path = root / "outside15k_train.odgt"
        lines = path.read_text().splitlines()
        lines[1] = text if text is not None else json.dumps({**json.loads(lines[1]), **fields})
        path.write_text("\n".join(lines) + "\n")
        return path

    return change


def test_labels_are_native_and_zero_is_ignored(root: Path) -> None:
    dataset = opened(root)
    lut = outside15k.classes()
    by_id = {f"images/{Path(outside15k.name(scene)).stem}": lut[scene.label] for scene in FEW}
    assert dataset.label_space == label_space("outside24") and {s.id for s in dataset.samples} == set(by_id)
    for sample in dataset.samples:
        drawn = by_id[sample.id]
        assert np.array_equal(dataset.label(sample), np.where(drawn == 0, IGNORE, drawn))
        assert sample.domain == "undefined"


def test_harmonised_labels_leave_out_what_cannot_be_told_apart(root: Path) -> None:
    dataset = opened(root, labels="cityscapes19")
    mapped = np.array(label_map("outside24", "cityscapes19").table)
    lut, names = outside15k.classes(), label_space("outside24").classes
    for name in ("vehicle", "barrier"):
        assert mapped[names.index(name)] == IGNORE
    by_id = {f"images/{Path(outside15k.name(scene)).stem}": scene for scene in FEW}
    for sample in dataset.samples:
        assert np.array_equal(dataset.label(sample), mapped[lut[by_id[sample.id].label]])
    assert dataset.notes[-1] == LOSSY


def test_the_group_is_the_city_and_the_leak_to_cityscapes_is_told(root: Path, edit: Callable[..., Path]) -> None:
    dataset = opened(root)
    frames = [sample for sample in dataset.samples if sample.group]
    assert {sample.group for sample in frames} == {"aachen"} and {Path(s.image).suffix for s in frames} == {".png"}
    assert {Path(s.image).suffix for s in dataset.samples if not s.group} == {".jpg"}
    assert dataset.notes == (
        f"{len(frames)} of 14 images are Cityscapes frames (aachen {len(frames)}); no city of Cityscapes val inside",
    )
    frame = root / "images/frankfurt_000000_000294_leftImg8bit.png"
    Image.fromarray(FEW[0].image).save(frame)
    edit(fpath_img=f"images/{frame.name}")
    assert "frankfurt of Cityscapes val inside: no test there" in opened(root).notes[0]


def test_a_set_of_ade_alone_says_so(root: Path) -> None:
    for split in ("train", "val"):
        path = root / f"outside15k_{split}.odgt"
        path.write_text("\n".join(line for line in path.read_text().splitlines() if "aachen" not in line))
    assert opened(root).notes == ("no Cityscapes frame is inside, by name",)


@pytest.mark.parametrize(("mode", "kind"), [("P", "a palette"), ("RGB", "RGB colours"), ("RGBA", "RGBA colours")])
def test_labels_in_colour_or_with_a_palette_are_refused(mode: str, kind: str, root: Path) -> None:
    dataset = opened(root)
    label = root / dataset.samples[0].label
    Image.open(label).convert(mode).save(label)
    with pytest.raises(DataError, match=f"the label holds {kind}; one 8-bit channel of class indices is declared"):
        dataset.label(dataset.samples[0])


@pytest.mark.parametrize("value", [24, 255])
def test_a_value_without_a_class_is_refused(value: int, root: Path) -> None:
    dataset = opened(root)
    label = root / dataset.samples[0].label
    picture = Image.open(label)
    picture.putpixel((3, 3), value)
    picture.save(label)
    with pytest.raises(
        DataError, match=rf"1 pixels of value {value}; allowed are 0\.\.23 \(classes of outside24, 0 is"
    ):
        dataset.label(dataset.samples[0])


@pytest.mark.parametrize(
    ("text", "fields", "message"),
    [
        ("{", {}, "not JSON"),
        ("[1, 2]", {}, "not a JSON object"),
        ("[" * 100_000, {}, "not JSON"),
        (None, {"fpath_img": None}, "fpath_img is None, not a path"),
        (None, {"fpath_segm": 7}, "fpath_segm is 7, not a path"),
        (None, {"width": "96"}, "width is '96', not a number of pixels"),
        (None, {"height": 0}, "height is 0, not a number of pixels"),
    ],
)
def test_a_broken_line_is_named_or_left_out_on_demand(
    text: str | None, fields: dict[str, object], message: str, root: Path, edit: Callable[..., Path]
) -> None:
    path = edit(text, **fields)
    with pytest.raises(DataError, match=message) as caught:
        opened(root)
    assert str(caught.value).startswith(f"{path} line 2: ") and "\n" not in str(caught.value)
    dataset = opened(root, skip_broken="yes")
    assert dataset.skipped == (str(caught.value),) and len(dataset.samples) == 13


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"width": 97}, r"line 2: says 97x64, .* is 96x64"),
        ({"width": 64, "height": 96}, r"line 2: says 64x96, .* is 96x64"),
        ({"fpath_img": "images/none.jpg"}, r"line 2: no file .*images/none\.jpg"),
        ({"fpath_segm": "labels/small.png"}, r"image and label differ in size: 96x64 and 5x4"),
        ({"fpath_segm": "labels/empty.png"}, r"labels/empty\.png: not a readable image"),
    ],
)
def test_files_that_do_not_fit_are_named_or_left_out_on_demand(
    fields: dict[str, object], message: str, root: Path, edit: Callable[..., Path]
) -> None:
    Image.new("L", (5, 4)).save(root / "labels/small.png")
    (root / "labels/empty.png").touch()
    edit(**fields)
    with pytest.raises(DataError, match=message) as caught:
        opened(root)
    assert "\n" not in str(caught.value)
    dataset = opened(root, skip_broken="yes")
    assert dataset.skipped == (str(caught.value),) and len(dataset.samples) == 13


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"fpath_img": "../secret.jpg"}, r"line 2: \.\./secret\.jpg leads out of .*; paths are relative to it"),
        ({"fpath_segm": "/etc/passwd"}, r"line 2: /etc/passwd leads out of "),
        ({"fpath_img": "images/\ud800.png"}, r"line 2: 'images/.*' is no name of a file"),
        ({"fpath_img": f"./images/{outside15k.name(FEW[0])}"}, r"line 2: images/\S+ is listed twice"),
    ],
)
def test_what_leaves_the_root_or_comes_twice_is_refused_whatever_may_be_skipped(
    fields: dict[str, object], message: str, root: Path, edit: Callable[..., Path]
) -> None:
    shutil.copy(root / "images" / outside15k.name(FEW[1]), root.parent / "secret.jpg")
    edit(**fields)
    for skip in ("no", "yes"):
        with pytest.raises(DataError, match=message):
            opened(root, skip_broken=skip)


def test_lists_of_broken_lines_alone_are_refused(root: Path) -> None:
    for split in ("train", "val"):
        (root / f"outside15k_{split}.odgt").write_text("{\n{\n")
    with pytest.raises(DataError, match=r"all 4 lines are broken, the first: .*train\.odgt line 1: not JSON"):
        opened(root, skip_broken="yes")


def test_an_image_in_both_lists_is_refused(root: Path) -> None:
    lists = [root / f"outside15k_{split}.odgt" for split in ("train", "val")]
    lists[1].write_text(lists[1].read_text() + lists[0].read_text().splitlines()[0] + "\n")
    with pytest.raises(DataError, match=r"val\.odgt line 8: images/\S+ is listed twice"):
        opened(root)


def test_the_lists_may_have_other_names_inside_the_root(root: Path) -> None:
    (root / "outside15k_val.odgt").rename(root / "validation.odgt")
    with pytest.raises(
        DataError, match=r"outside15k_val\.odgt: no such file; it lists the val images, option val_list"
    ):
        opened(root)
    assert READER.recognise(root) == {}
    assert opened(root, val_list="validation.odgt").samples
    (root / "validation.odgt").rename(root.parent / "validation.odgt")
    with pytest.raises(DataError, match=r"option val_list: \.\./validation\.odgt leads out of"):
        opened(root, val_list="../validation.odgt")


def test_what_is_missing_is_said_in_one_line(root: Path) -> None:
    with pytest.raises(DataError, match=r"^data set 'outside': there is no list of test; use train or val$"):
        opened(root, "test")
    for near in (root.parent, root / "images"):
        with pytest.raises(DataError, match=rf"train\.odgt: no such file.*there is one in {root}; point at it"):
            opened(near)
    (root / "outside15k_train.odgt").write_text("\n")
    with pytest.raises(DataError, match=r"train\.odgt: lists no image"):
        opened(root)


def test_names_may_hold_any_letters(root: Path, edit: Callable[..., Path]) -> None:
    name = "images/stra\u00dfe\u2028 \u96ea.jpg"  # a line separator that is no end of a line of JSON
    shutil.copy(root / "images" / outside15k.name(FEW[1]), root / name)
    path = edit(fpath_img=name)
    path.write_text(
        "\n".join(json.dumps(json.loads(line), ensure_ascii=False) for line in path.read_text().splitlines())
    )
    dataset = opened(root)
    (sample,) = (sample for sample in dataset.samples if sample.image == name)
    assert dataset.image(sample).shape == (64, 96, 3)
