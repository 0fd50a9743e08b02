from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.audit.datasets.conftest import frames, surveyed, write

from fairweather.audit.datasets import Survey, survey
from fairweather.audit.datasets.survey import heights, mean_heights, shares
from fairweather.data import READERS, index
from fairweather.data.files import headers_unread
from fairweather.errors import DataError


def test_a_look_says_what_the_manifest_says(town: Survey) -> None:
    rows = index(town.dataset).rows
    assert [look.sample for look in town.looks] == [row.sample for row in rows]
    for look, row in zip(town.looks, rows, strict=True):
        assert look.row == replace(row, image_stamp=None, label_stamp=None)
        assert sum(look.histogram) + look.ignored == row.size[0] * row.size[1]


def test_workers_change_nothing_and_every_sample_ticks(town: Survey) -> None:
    ticks: list[None] = []
    again = survey(town.dataset, town.card, workers=3, tick=lambda: ticks.append(None))
    assert len(ticks) == len(town.looks)
    for one, other in zip(town.looks, again.looks, strict=True):
        assert (one.sample, one.own, one.others, one.light) == (other.sample, other.own, other.others, other.light)


def test_each_label_is_compared_with_the_pictures_around_it(town: Survey) -> None:
    ids = [look.sample.id for look in town.looks]
    for n, look in enumerate(town.looks):
        around = {*ids[max(n - 2, 0) : n], *ids[n + 1 : n + 3]}
        assert {id for id, _ in look.others} <= around and len(look.others) >= 2
        assert look.own > max(value for _, value in look.others)


def test_heights_and_shares() -> None:
    values = np.array([[0, 0], [1, 0], [1, 1], [255, 1]], np.uint8)
    found = mean_heights(values)
    assert found[0] == pytest.approx((0.125 * 2 + 0.375) / 3) and np.isnan(found[2]) and found[255] == 0.875


def test_shares_and_heights_are_over_all_looks(town: Survey) -> None:
    labels = np.concatenate([frame.label for frame in frames()])
    assert shares(town.looks)[0] == pytest.approx(np.mean(labels == 0)) and shares(town.looks).sum() == pytest.approx(1)
    assert heights(town.looks)[10] < 0.3 < 0.7 < heights(town.looks)[0]


def test_opening_leaves_sizes_to_the_survey_and_to_nobody_else(tmp_path: Path) -> None:
    some = frames()[:3]
    root = write(tmp_path / "cut", [some[0], replace(some[1], label=some[1].label[:-1]), some[2]])
    found = surveyed(root)
    assert [fault.code for fault in found.faults] == ["data.other_size"] and len(found.looks) == 2
    reader = READERS["folder"]
    options = reader.card.resolved({}, "cut")
    with headers_unread():
        assert reader.open("cut", root, ("train",), options).samples
    with pytest.raises(DataError, match="differ in size"):
        reader.open("cut", root, ("train",), options)
