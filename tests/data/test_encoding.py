import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from fairweather.data.encoding import REFUSED, Colours, OneChannel, Palette, Polygons, table
from fairweather.errors import DataError
from fairweather.vocabulary.labels import IGNORE, label_map, label_space

ONE_CHANNEL = OneChannel("Cityscapes train ids, 255 is ignored", table("cityscapes19", ignored=(IGNORE,)))
IDS = OneChannel("Cityscapes ids", table("cityscapes34", "cityscapes19"))
VISTAS = Palette("mapillary66", table("mapillary66"), ("mapillary124",))
CITYSCAPES = label_space("cityscapes19").colours
COLOURS = Colours("cityscapes19", (*CITYSCAPES, (0, 0, 0)), (*range(19), IGNORE))
NAMES = ("road", "sky", "person", "car")
POLYGONS = Polygons("the labels of the test", tuple((name, value) for value, name in enumerate(NAMES)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("labels")


def of(values: st.SearchStrategy[int]) -> st.SearchStrategy[np.ndarray]:
    """Label maps of up to 12 x 12 pixels."""
    return arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12)), elements=values)


def saved(path: Path, label: np.ndarray, palette: np.ndarray | None = None) -> Path:
    picture = Image.fromarray(label)
    if palette is not None:
        picture.putpalette(palette.astype(np.uint8).tobytes())
    picture.save(path)
    return path


def palette_of(space: str) -> np.ndarray:
    """(256, 3): the colours of a space, black after them."""
    palette = np.zeros((256, 3), np.uint8)
    palette[: label_space(space).num_classes] = label_space(space).colours
    return palette


TRAIN_VALUES = st.sampled_from([*range(19), IGNORE])


@given(of(TRAIN_VALUES))
def test_one_channel_is_read_as_it_was_written(folder: Path, label: np.ndarray) -> None:
    path = saved(folder / "one.png", label)
    assert np.array_equal(ONE_CHANNEL.decode(path), label) and ONE_CHANNEL.size(path) == label.shape


@given(of(st.integers(0, 33)))
def test_ids_become_what_the_table_says(folder: Path, ids: np.ndarray) -> None:
    lut = label_map("cityscapes34", "cityscapes19").lut()
    assert np.array_equal(IDS.decode(saved(folder / "ids.png", ids)), lut[ids])


@given(of(st.integers(0, 65)))
def test_palette_indices_are_read_as_indices(folder: Path, label: np.ndarray) -> None:
    path = saved(folder / "palette.png", label, palette_of("mapillary66"))
    unlabeled = label_space("mapillary66").classes.index("Unlabeled")
    assert np.array_equal(VISTAS.decode(path), np.where(label == unlabeled, IGNORE, label))


@given(of(TRAIN_VALUES))
def test_colours_are_read_as_they_were_painted(folder: Path, label: np.ndarray) -> None:
    paint = np.zeros((256, 3), np.uint8)
    paint[:19] = CITYSCAPES
    assert np.array_equal(COLOURS.decode(saved(folder / "colours.png", paint[label])), label)


@given(of(st.sampled_from([*range(len(NAMES)), IGNORE])))
@settings(max_examples=50)
def test_polygons_of_single_pixels_are_drawn_where_they_lie(folder: Path, label: np.ndarray) -> None:
    objects = [
        {"label": NAMES[value], "polygon": [[x, y]] * 4} for (y, x), value in np.ndenumerate(label) if value != IGNORE
    ]
    path = written(folder, objects, label.shape)
    assert np.array_equal(POLYGONS.decode(path), label) and POLYGONS.size(path) == label.shape


@given(of(st.integers(0, 255)))
def test_a_value_that_is_not_allowed_is_named_with_its_count_and_never_clipped(folder: Path, label: np.ndarray) -> None:
    path = saved(folder / "values.png", label)
    wrong = label[(label > 18) & (label != IGNORE)]
    if not wrong.size:
        assert np.array_equal(ONE_CHANNEL.decode(path), label)
        return
    values, counts = np.unique(wrong, return_counts=True)
    worst = int(values[counts.argmax()])
    with pytest.raises(DataError) as caught:
        ONE_CHANNEL.decode(path)
    assert str(caught.value) == (
        f"{path}: {counts.max()} pixels of value {worst}; allowed are 0..18 and 255 (Cityscapes train ids, 255 is ignored)"
    )


@given(arrays(np.uint8, (3, 4, 3)))
def test_a_colour_that_is_no_class_is_never_taken_for_the_nearest(folder: Path, pixels: np.ndarray) -> None:
    path = saved(folder / "any.png", pixels)
    known = {*CITYSCAPES, (0, 0, 0)}
    found = {tuple(int(v) for v in pixel) for pixel in pixels.reshape(-1, 3)}
    if found <= known:
        assert COLOURS.decode(path).shape == (3, 4)
        return
    with pytest.raises(
        DataError, match=r"any.png: \d+ pixels of colour \(\d+, \d+, \d+\), which is no class of citysc"
    ):
        COLOURS.decode(path)


def test_the_colour_that_is_wrong_most_often_is_named(folder: Path) -> None:
    pixels = np.zeros((2, 3, 3), np.uint8)
    pixels[0, :2], pixels[1, 0] = (128, 64, 129), (1, 2, 3)
    with pytest.raises(DataError, match=r"2 pixels of colour \(128, 64, 129\), which is no class of cityscapes19"):
        COLOURS.decode(saved(folder / "most.png", pixels))


def test_red_and_blue_swapped_are_refused(folder: Path) -> None:
    road = np.full((4, 4, 3), CITYSCAPES[0], np.uint8)
    assert (COLOURS.decode(saved(folder / "road.png", road)) == 0).all()  # (128, 64, 128) is the same either way
    car = np.full((4, 4, 3), CITYSCAPES[13], np.uint8)
    assert (COLOURS.decode(saved(folder / "car.png", car)) == 13).all()
    with pytest.raises(DataError, match=r"16 pixels of colour \(142, 0, 0\), which is no class"):
        COLOURS.decode(saved(folder / "swapped.png", car[..., ::-1].copy()))


@pytest.mark.parametrize("swap", ["two entries", "red and blue", "a shade"])
def test_a_palette_with_other_colours_is_refused(folder: Path, swap: str) -> None:
    palette = palette_of("mapillary66")
    if swap == "two entries":
        palette[[55, 42]] = palette[[42, 55]]
    elif swap == "red and blue":
        palette = palette[:, ::-1]
    else:
        palette[65, 2] += 1
    with pytest.raises(
        DataError, match=r"its palette is not that of mapillary66: index \d+ \(.+\) is \(.+\), declared is"
    ):
        VISTAS.decode(saved(folder / "other.png", np.zeros((2, 2), np.uint8), palette))


def test_the_palette_of_another_version_is_named(folder: Path) -> None:
    path = saved(folder / "v2.png", np.full((2, 2), 13, np.uint8), palette_of("mapillary124"))
    with pytest.raises(DataError, match=r"is not that of mapillary66: .*; it is the palette of mapillary124$"):
        VISTAS.decode(path)


def test_a_palette_that_ends_too_early_is_refused(folder: Path) -> None:
    path = saved(folder / "short.png", np.zeros((2, 2), np.uint8), palette_of("mapillary66")[:60])
    with pytest.raises(DataError, match=r"its palette is not that of mapillary66: index 60 "):
        VISTAS.decode(path)


def test_an_index_without_a_class_is_refused(folder: Path) -> None:
    path = saved(folder / "index.png", np.array([[66, 0, 66]], np.uint8), palette_of("mapillary66"))
    with pytest.raises(DataError, match=r"2 pixels of value 66; allowed are 0..65 \(palette indices of mapillary66\)"):
        VISTAS.decode(path)


@pytest.mark.parametrize(
    ("encoding", "mode", "said"),
    [
        (ONE_CHANNEL, "P", "holds a palette; one 8-bit channel"),
        (ONE_CHANNEL, "RGB", "holds RGB colours; one 8-bit channel"),
        (ONE_CHANNEL, "RGBA", "holds RGBA colours; one 8-bit channel"),
        (ONE_CHANNEL, "1", "one 8-bit channel"),
        (ONE_CHANNEL, "I;16", "holds mode I;16B?; one 8-bit channel"),
        (VISTAS, "L", "holds one channel without a palette; palette indices"),
        (VISTAS, "RGB", "holds RGB colours; palette indices"),
        (COLOURS, "L", "holds one channel; RGB colours"),
        (COLOURS, "P", "holds a palette; RGB colours"),
    ],
)
def test_a_file_of_another_kind_is_refused(folder: Path, encoding: OneChannel, mode: str, said: str) -> None:
    path = folder / "kind.png"
    Image.new(mode, (3, 2)).save(path)
    with pytest.raises(DataError, match=f"kind.png: the label .*{said}"):
        encoding.decode(path)


def test_colours_that_stand_for_two_classes_are_no_encoding() -> None:
    v20 = label_space("mapillary124")
    with pytest.raises(ValueError, match="stands for two classes; such labels cannot be read by colour"):
        Colours("mapillary124", v20.colours, tuple(range(v20.num_classes)))
    Colours("mapillary66", label_space("mapillary66").colours, tuple(range(66)))


def test_tables_ignore_what_is_not_evaluated_and_refuse_what_is_not_there() -> None:
    own, other = table("cityscapes34"), table("cityscapes34", "cityscapes19")
    assert own[0] == IGNORE and own[7] == 7 and own[34] == REFUSED == own[255]
    assert other[7] == 0 and other[9] == IGNORE and other[33] == 18 and other[34] == REFUSED
    assert table("cityscapes19", ignored=(255,))[255] == IGNORE


# Polygons


def written(folder: Path, objects: list[dict[str, Any]], shape: tuple[int, ...] = (6, 8)) -> Path:
    path = folder / "polygons.json"
    path.write_text(json.dumps({"imgHeight": shape[0], "imgWidth": shape[1], "objects": objects}))
    return path


def box(x: int, y: int, right: int, bottom: int) -> list[list[int]]:
    return [[x, y], [right, y], [right, bottom], [x, bottom]]


def test_later_covers_earlier_whatever_its_size(folder: Path) -> None:
    small, large = {"label": "car", "polygon": box(2, 2, 3, 3)}, {"label": "road", "polygon": box(0, 0, 7, 5)}
    covered = POLYGONS.decode(written(folder, [small, large]))
    assert (covered == 0).all()
    upon = POLYGONS.decode(written(folder, [large, small]))
    assert (upon[2:4, 2:4] == 3).all() and np.count_nonzero(upon == 3) == 4 and np.count_nonzero(upon == 0) == 44


def test_nothing_drawn_is_ignored(folder: Path) -> None:
    label = POLYGONS.decode(written(folder, [{"label": "car", "polygon": box(0, 0, 1, 1)}]))
    assert label.dtype == np.uint8 and (label[:2, :2] == 3).all() and np.count_nonzero(label == IGNORE) == 44


@pytest.mark.parametrize(
    "unseen",
    [
        {"label": "car", "polygon": box(0, 0, 7, 5), "deleted": 1},
        {"label": "car", "polygon": box(0, 0, 7, 5), "deleted": True},
        {"label": "unheard of", "polygon": box(0, 0, 7, 5), "deleted": 1},
        {"label": "car", "polygon": [[0, 0], [7, 5]]},
        {"label": "car", "polygon": [[3, 3]]},
        {"label": "car", "polygon": []},
    ],
)
def test_deleted_objects_and_lines_are_not_drawn(folder: Path, unseen: dict[str, Any]) -> None:
    ground = {"label": "road", "polygon": box(0, 0, 7, 5), "deleted": 0}
    assert (POLYGONS.decode(written(folder, [ground, unseen])) == 0).all()


def test_a_group_is_its_class_unless_it_is_one_itself(folder: Path) -> None:
    path = written(folder, [{"label": "persongroup", "polygon": box(0, 0, 7, 5)}])
    assert (POLYGONS.decode(path) == 2).all()
    assert (Polygons("groups", (("person", 2), ("persongroup", 9))).decode(path) == 9).all()


@pytest.mark.parametrize("name", ["cars", "Car", "carpark", "ca", "group", "cargroups", ""])
def test_labels_are_matched_whole(folder: Path, name: str) -> None:
    path = written(folder, [{"label": name, "polygon": box(0, 0, 7, 5)}])
    with pytest.raises(DataError, match=rf"objects\[0\]: unknown label '{name}'; the labels of the test are declared"):
        POLYGONS.decode(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "no list of objects"),
        ('{"objects": {}}', "no list of objects"),
        ('{"objects": []}', "imgHeight and imgWidth are None and None"),
        ('{"imgHeight": 6, "imgWidth": 0, "objects": []}', "imgHeight and imgWidth are 6 and 0"),
        ('{"imgHeight": 6, "imgWidth": true, "objects": []}', "imgHeight and imgWidth are 6 and True"),
        ('{"imgHeight": 6, "imgWidth": 8, "objects": [3]}', r"objects\[0\]: no label"),
        ('{"imgHeight": 6, "imgWidth": 8, "objects": [{"label": "car"}]}', r"objects\[0\]: car has no polygon"),
        (
            '{"imgHeight": 6, "imgWidth": 8, "objects": [{"label": "car", "polygon": [[0, 0], [1, NaN], [2, 2]]}]}',
            r"objects\[0\]: car has a polygon with points that lie nowhere near",
        ),
        (
            '{"imgHeight": 6, "imgWidth": 8, "objects": [{"label": "car", "polygon": [[0, 0], [1, 1e300], [2, 2]]}]}',
            r"objects\[0\]: car has a polygon with points that lie nowhere near",
        ),
    ],
)
def test_a_broken_file_is_one_line(folder: Path, text: str, said: str) -> None:
    path = folder / "broken.json"
    path.write_text(text)
    with pytest.raises(DataError, match=f"broken.json: {said}") as caught:
        POLYGONS.decode(path)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there(folder: Path) -> None:
    for encoding in (ONE_CHANNEL, VISTAS, COLOURS, POLYGONS):
        with pytest.raises(DataError, match="nowhere: no such file"):
            encoding.decode(folder / "nowhere")
    with pytest.raises(DataError, match="cannot be read"):
        POLYGONS.decode(folder)
