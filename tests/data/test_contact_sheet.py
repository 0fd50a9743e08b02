import numpy as np

from fairweather.data import READERS
from fairweather.data.contact_sheet import (
    CAPTION,
    COLUMNS,
    FRAME,
    GAP,
    PATCH,
    coloured,
    contact_sheet,
    label_sheet,
    overlay,
    shaded,
    spread,
)
from fairweather.vocabulary.labels import label_space


def test_a_data_set_without_twins_gets_a_row_per_domain_with_image_and_label_by_turns():
    toy = READERS["toy"].open("toy", None, ("test",), {"world": "context"})
    sheet = contact_sheet(toy, 3)
    assert sheet.shape == (2 * (48 + CAPTION + GAP), 6 * (64 + GAP), 3)
    first = spread([s for s in toy.samples if s.domain == "clear_day"], 3)[0]
    assert np.array_equal(sheet[CAPTION : CAPTION + 48, :64], toy.image(first))
    assert np.array_equal(
        sheet[CAPTION : CAPTION + 48, 64 + GAP : 128 + GAP], coloured(toy.label(first), toy.label_space)
    )


def test_a_data_set_with_twins_gets_a_row_per_scene_in_every_domain():
    town = READERS["fairtown"].open(
        "town", None, ("test",), {"town": "north", "size": "64x32", "labels": "cityscapes19"}
    )
    sheet = contact_sheet(town, 2)
    assert sheet.shape == (2 * (32 + CAPTION + GAP), 9 * (64 + GAP), 3)
    cells = [sheet[CAPTION : CAPTION + 32, k * (64 + GAP) :][:, :64] for k in range(9)]
    assert len({cell.tobytes() for cell in cells}) == 9


def test_spread_takes_different_groups_while_there_are_enough():
    toy = READERS["toy"].open("toy", None, ("test",), {"world": "context"})
    assert len({s.group for s in spread(toy.samples, 40)}) == 40
    assert len(spread(toy.samples, 50)) == 50
    assert len(spread(toy.samples[:2], 5)) == 2


def test_ignored_pixels_are_black_and_near_is_brighter_than_far():
    space = label_space("cityscapes19")
    picture = coloured(np.array([[0, 255]], np.uint8), space)
    assert picture.tolist() == [[[128, 64, 128], [0, 0, 0]]]
    depth = shaded(np.array([[2.0, 10.0, 100.0, np.inf]], np.float32)).astype(int).sum(2)[0]
    assert (np.diff(depth) < 0).all()


def test_the_label_sheet_has_a_patch_of_each_class_and_up_to_eight_frames_of_each_domain() -> None:
    toy = READERS["toy"].open("toy", None, ("test",), {"world": "context"})
    counts = [(s, np.bincount(toy.label(s).ravel(), minlength=256)[: toy.label_space.num_classes]) for s in toy.samples]
    sheet = label_sheet(toy, counts)
    domains = {sample.domain for sample in toy.samples}
    frame = round(48 * FRAME / 64) + CAPTION + GAP
    patches = PATCH[0] + CAPTION + GAP
    assert sheet.shape == (26 + GAP + patches + len(domains) * (26 + GAP + 2 * frame), COLUMNS * (FRAME + GAP), 3)
    bare = label_sheet(toy, [(s, [n if k < 2 else 0 for k, n in enumerate(each)]) for s, each in counts])
    assert bare.shape[0] == sheet.shape[0] + CAPTION + GAP  # a line names the absent classes


def test_an_overlay_shows_colours_ignored_pixels_dark_and_borders_bright() -> None:
    space = label_space("cityscapes19")
    image, label = np.full((8, 12, 3), 90, np.uint8), np.zeros((8, 12), np.uint8)
    label[:, 6:9], label[:, 9:] = 10, 255
    picture = overlay(image, label, space)
    assert picture[4, 2].tolist() == [109, 77, 109] and picture[4, 11].tolist() == [30, 30, 30]
    assert picture[4, 6].tolist() == [255, 255, 255]
