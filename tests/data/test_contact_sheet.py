import numpy as np

from fairweather.data import READERS
from fairweather.data.contact_sheet import CAPTION, GAP, coloured, contact_sheet, shaded, spread
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
