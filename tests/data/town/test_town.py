"""The four towns."""

import numpy as np
import pytest

from fairweather.data.town.tiles import TILES
from fairweather.data.town.town import TOWNS, Habits, palette


def test_there_are_four_towns_with_a_line_each():
    assert list(TOWNS) == ["north", "east", "south", "west"]
    for name, town in TOWNS.items():
        assert town.name == name
        assert town.summary and "\n" not in town.summary


def test_one_town_keeps_left():
    assert [TOWNS[name].habits.right for name in ("north", "east", "west")] == [1.0, 0.0, 1.0]


@pytest.mark.parametrize("name", TOWNS)
def test_ranges_are_in_order(name):
    habits = TOWNS[name].habits
    for field in Habits._fields:
        if field.endswith("_low"):
            assert getattr(habits, field) <= getattr(habits, field[:-4] + "_high"), field


@pytest.mark.parametrize("name", TOWNS)
def test_shares_are_shares_and_colours_reflectances(name):
    town = TOWNS[name]
    assert all(0.0 <= getattr(town.habits, field) <= 1.0 for field in Habits._fields if field.startswith("with_"))
    assert all(0 <= tile < len(TILES) for tile in town.facades)
    assert all(0.0 < channel <= 1.1 for colour in town.tints + town.paints for channel in colour)


def test_paint_is_mostly_grey():
    for town in TOWNS.values():
        assert np.median([max(paint) - min(paint) for paint in town.paints]) < 0.08


def test_a_palette_is_made_once_and_holds_the_habits():
    assert palette("east") is palette("east")
    assert palette("east").habits[0]["motorcycle"] == TOWNS["east"].habits.motorcycle
