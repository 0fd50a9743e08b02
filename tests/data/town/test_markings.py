from collections.abc import Callable

import numpy as np
import pytest

from fairweather.data.town.markings import DASH, PERIOD, band, line, paint, pulses, rails, track
from fairweather.data.town.record import record
from fairweather.data.town.scene import Scene


def test_a_band_covers_its_share_of_a_footprint() -> None:
    assert band(0.0, 0.5, 2.0) == 0.5
    assert band(1.0, 0.5, 2.0) == 0.25
    assert band(3.0, 0.5, 2.0) == 0.0
    assert band(0.0, 5.0, 2.0) == 1.0


def test_pulses_keep_their_mean_at_any_distance() -> None:
    for foot in (0.05, 1.0, 30.0):
        at = np.arange(0.0, 90.0, 0.01)
        assert np.mean([pulses(z, DASH, PERIOD, foot) for z in at]) == pytest.approx(DASH / PERIOD, abs=2e-3)
    assert pulses(-7.5, DASH, PERIOD, 0.1) == pytest.approx(1.0)
    assert pulses(-4.0, DASH, PERIOD, 0.1) == 0.0


def test_lines_are_dashed_solid_or_double() -> None:
    def profile(kind: float, z: float) -> list[bool]:
        return [line(s, z, 0.0, kind, 0.01, 0.01) > 0.5 for s in (-0.13, 0.0, 0.13)]

    assert profile(0.0, 1.0) == [False] * 3
    assert profile(1.0, 1.0) == [False, True, False]
    assert profile(1.0, 5.0) == [False] * 3
    assert profile(2.0, 5.0) == [False, True, False]
    assert profile(3.0, 5.0) == [True, False, True]


def test_paint_stops_at_side_streets_and_zebras_have_bars_and_a_stop_line(make_scene: Callable[..., Scene]) -> None:
    ground = record(make_scene(zebra_1=20.0, line_1=0.0, kind_1=2.0, cross_1=40.0).ground)[0]

    def painted(s: float, z: float) -> bool:
        return bool(paint(ground, s, z, 0.01, 0.01, 1.0) > 0.5)

    assert [painted(s, 21.0) for s in (0.25, 0.75, 1.25, 1.75)] == [True, False, True, False]
    assert [painted(2.0, 18.8), painted(-2.0, 18.8), painted(-2.0, 24.2), painted(2.0, 24.2)] == [
        True,
        False,
        True,
        False,
    ]
    assert painted(0.0, 30.0)
    assert not painted(0.0, 44.0)


def test_rails_are_a_gauge_apart_and_wheels_run_in_the_lanes(make_scene: Callable[..., Scene]) -> None:
    ground = record(make_scene(rails=1.0).ground)[0]
    heads = [s for s in np.arange(-2.0, 4.0, 0.01) if rails(ground, s, 0.01)[0] > 0.9]
    assert max(heads) - min(heads) == pytest.approx(1.435 + 0.06, abs=0.03)
    assert track(ground, 2.0 - 0.75) == pytest.approx(0.0)
    assert track(ground, -2.0 + 0.75) == pytest.approx(0.0)
    assert track(ground, 2.0) == pytest.approx(0.75)
    assert track(ground, 6.0) > 5.0
