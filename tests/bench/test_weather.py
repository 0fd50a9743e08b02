"""The weather rows: their limits, what they are measured on, and what they say where the peer is missing. Nothing is timed."""

import sys

import numpy as np
import pytest
from bench.frame import Skip

from bench import weather


def test_the_rows_carry_the_limits_of_the_issue() -> None:
    limits = {row.name: row.required and str(row.required) for row in weather.rows()}
    assert limits == {
        "weather/fog": ">= 50x faster",
        "weather/rain": ">= 5x faster",
        "weather/snow": ">= 5x faster",
        "weather/fog from metres": None,
        "weather/rain from metres": None,
        "weather/snow from metres": None,
    }


def test_without_the_peer_a_row_is_skipped_and_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "albumentations", None)
    with pytest.raises(Skip, match=r"pip install albumentations==2\.0\.8"):
        weather.rows()[0].arms()


def test_the_scene_has_ground_houses_and_sky() -> None:
    depth = weather.street_depth()
    assert weather.picture().shape == (*depth.shape, 3) == (720, 1280, 3)
    assert 0.05 < np.isinf(depth).mean() < 0.6
    assert depth[-1, 640] == pytest.approx(1.5 * 1280 / (719 - 288))
    assert depth.min() > 1
