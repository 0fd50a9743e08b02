"""The world as docs/fairtown/tones.csv describes it: tone, contrast and class shares, within what a mended bug may move."""

import csv
from pathlib import Path

import pytest
from experiments import tones

from fairweather.data.town.reader import TOWN_NAMES

TABLE = Path(__file__).parents[3] / "docs" / "fairtown" / "tones.csv"


@pytest.mark.parametrize("town", TOWN_NAMES)
def test_tone_contrast_and_class_shares_are_those_of_the_table(town: str) -> None:
    with TABLE.open(newline="", encoding="utf-8") as lines:
        told = [row for row in csv.DictReader(lines) if row["town"] == town]
    for found, row in zip(tones.rows(town), told, strict=True):
        assert found["domain"] == row["domain"]
        for key, value in found.items():
            if isinstance(value, float):
                assert value == pytest.approx(float(row[key]), abs=4 if key in ("tone", "contrast") else 0.5), key
