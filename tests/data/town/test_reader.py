import hashlib
from pathlib import Path

import numpy as np
import pytest

from fairweather.data import READERS, Dataset, index
from fairweather.data.folder import write_folder
from fairweather.data.town.reader import FRAMES, TOWN_NAMES
from fairweather.data.town.street import FRAMES as STREET_FRAMES
from fairweather.data.town.town import TOWNS
from fairweather.errors import DataError, InputError, UnknownName
from fairweather.vocabulary.labels import label_map


def town(splits: tuple[str, ...] = ("train", "test"), size: str = "64x32") -> Dataset:
    return READERS["fairtown"].open("town", None, splits, {"town": "north", "size": size, "labels": "cityscapes19"})


def test_the_sequence_is_the_group_and_splits_share_none() -> None:
    samples = town(("train", "val", "test")).samples
    groups = {split: {s.group for s in samples if s.split == split} for split in ("train", "val", "test")}
    assert not groups["train"] & groups["test"] and not groups["train"] & groups["val"]
    assert len({s.id for s in samples}) == len(samples)
    for group in groups["test"]:
        frames = [s for s in samples if s.group == group]
        assert len(frames) == FRAMES
        assert len({s.domain for s in frames}) == 1


def test_what_the_reader_knows_without_the_renderer_is_what_the_renderer_says() -> None:
    assert tuple(TOWNS) == TOWN_NAMES
    assert STREET_FRAMES == FRAMES


def test_image_label_and_depth_are_of_one_scene_and_content_is_theirs() -> None:
    dataset = town()
    sample = dataset.samples[7]
    image, label, depth = dataset.image(sample), dataset.label(sample), dataset.depth(sample)
    assert image.shape == (32, 64, 3) and label.shape == depth.shape == (32, 64)
    assert dataset.content(sample)[0] == hashlib.sha256(image.tobytes()).hexdigest()
    assert np.array_equal(np.isinf(depth), label == 10)
    assert not image.flags.writeable


def test_a_twin_is_the_same_scene_in_other_weather_drawn_from_its_stream() -> None:
    dataset = town()
    sample = next(s for s in dataset.samples if s.domain == "clear_day")
    night = [dataset.twin(sample, "night", np.random.default_rng(seed)) for seed in (0, 0, 1)]
    assert np.array_equal(night[0], night[1])
    assert not np.array_equal(night[0], night[2])
    assert night[0].mean() < dataset.image(sample).mean()


def test_on_disk_and_on_the_fly_are_the_same_pixels(tmp_path: Path) -> None:
    dataset = READERS["fairtown"].open(
        "town", None, ("val",), {"town": "west", "size": "64x32", "labels": "cityscapes19"}
    )
    write_folder(dataset, tmp_path)
    back = READERS["folder"].open("back", tmp_path, ("val",), {"label_space": "cityscapes19"})
    drawn, read = index(dataset), index(back)
    assert [(r.image_pixels, r.label_pixels) for r in drawn.rows] == [
        (r.image_pixels, r.label_pixels) for r in read.rows
    ]


def test_categories_are_the_classes_merged() -> None:
    options = {"town": "north", "size": "64x32"}
    classes, categories = (
        READERS["fairtown"].open("x", None, ("test",), {**options, "labels": space})
        for space in ("cityscapes19", "cityscapes7")
    )
    a, b = classes.samples[11], categories.samples[11]
    assert np.array_equal(label_map("cityscapes19", "cityscapes7").lut()[classes.label(a)], categories.label(b))
    assert categories.content(b)[0] == classes.content(a)[0] and categories.content(b)[1] != classes.content(a)[1]


def test_bad_options_stop_at_the_door() -> None:
    card = READERS["fairtown"].card
    with pytest.raises(UnknownName, match="unknown town 'nord'; did you mean 'north'"):
        card.resolved({"town": "nord"}, "study.yaml: data.x")
    with pytest.raises(InputError, match=r"study\.yaml: data\.x\.size: 'big' is no size; write width x height"):
        card.resolved({"size": "big"}, "study.yaml: data.x")
    with pytest.raises(DataError, match="takes no root"):
        READERS["fairtown"].open("x", Path(), ("test",), {"town": "north", "size": "64x32", "labels": "cityscapes19"})
