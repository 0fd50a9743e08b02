"""Plans: quotas and consistent numbers."""

import numpy as np
import pytest

from fairweather.data.town.dice import dice
from fairweather.data.town.ground import OFF
from fairweather.data.town.plan import FRAMES, KERB, blank, certain, crossing, lay_out, striped
from fairweather.data.town.town import TOWNS, palette


def _plan(town, sequence, frame=0):
    plan = blank()
    lay_out(palette(town).habits[0], plan[0], dice(np.uint64(sequence + 1)), np.uint64(4), sequence, frame)
    return plan[0]


@pytest.mark.parametrize("share", [0.3, 0.5, 0.75])
def test_every_run_of_sequences_has_its_quota(share):
    for theme in range(12):
        marks = np.array([certain(np.uint64(7), sequence, theme, share) for sequence in range(120)])
        runs = np.convolve(marks, np.ones(30), "valid") / 30
        assert abs(runs - share).max() < 0.15


@pytest.mark.parametrize("town", TOWNS)
def test_a_plan_hangs_together(town):
    for sequence in range(60):
        plan = _plan(town, sequence)
        assert 0.0 < plan["ego"] < plan["own"] * plan["lane"] <= plan["road_own"]
        assert plan["line_own"] == plan["road_own"] + KERB + plan["verge_own"] + plan["walk_own"]
        assert plan["cross_2"] > plan["cross_1"] + plan["cross_width"] + 40.0
        if plan["busy"]:
            assert plan["zebra_1"] > plan["last"] + 7.0
        if plan["track_lane"]:
            assert plan["rails"] != OFF and plan["rails"] != plan["ego"]


def test_frames_differ_in_time_and_place_alone():
    first, last = _plan("south", 3), _plan("south", 3, FRAMES - 1)
    changed = {name for name in first.dtype.names if first[name] != last[name]}
    assert changed == {"time", "z"} and last["z"] == last["last"]


def test_stretches_near_a_side_street_or_zebra_are_known():
    plan = _plan("north", 0)
    plan["cross_1"], plan["cross_2"], plan["cross_width"], plan["zebra_1"] = 40.0, 100.0, 8.0, 30.0
    assert crossing(plan, 46.0, 60.0, 0.0) and not crossing(plan, 50.0, 60.0, 1.0) and crossing(plan, 50.0, 60.0, 3.0)
    assert striped(plan, 32.0, 35.0, 0.0) and not striped(plan, 33.5, 35.0, 0.0)
