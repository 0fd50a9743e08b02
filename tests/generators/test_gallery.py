import numpy as np

from fairweather.generators.gallery import before_after, outline
from fairweather.vocabulary.labels import label_space


def test_an_outline_lies_where_the_label_changes() -> None:
    label = np.zeros((6, 8), np.uint8)
    label[:, 4:] = 3
    edges = outline(label)
    assert edges[:, 3].all() and edges.sum() == 6


def test_a_sheet_shows_the_source_what_was_made_and_the_change() -> None:
    image = np.full((40, 60, 3), 90, np.uint8)
    label = np.zeros((40, 60), np.uint8)
    label[20:] = 1
    block = before_after("a", image, label, {"night": image // 3, "snowy": image * 2}, label_space("toy4"))
    height = block.shape[0] // 3
    assert block.shape[1] == 3 * 62
    assert (block[18:58, :60] == 90).all() and (block[18:58, 62:122] == 30).all()
    assert (block[2 * height + 18 : 2 * height + 58, 62:122] == 128 - 30).all()  # half of the change, around mid grey
    overlaid = block[height + 18 : height + 58, :60]
    assert (overlaid[19] != 90).any() and (overlaid[10] == 90).all()
