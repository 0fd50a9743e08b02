"""`fairweather plan` of a data set that is divided anew."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.data.layouts import layouts, scenes

from fairweather.vocabulary.domains import DOMAINS

Door = Callable[..., tuple[int, str, str]]  # the fixture `door`

STUDY = """
name: grouped
data: {town: {reader: folder, root: town, split: grouped}}
contexts: {stage1: {domains: [clear_day]}, stage2: {domains: all}}
strategies: [baseline, std_darken]
models: [toy_fcn]
seeds: [0]
budget: {steps: 4, batch: 4, short_side: 32, crop: [32, 32]}
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    (tmp_path / "town").mkdir()
    layouts()["folder"].write(tmp_path / "town", scenes())
    (tmp_path / "grouped.yaml").write_text(STUDY)
    return tmp_path


def test_a_grouped_study_is_planned_and_says_how_it_was_divided(
    study: Path, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "250")
    status, said, _ = door("plan", "grouped.yaml", "--workers", 1, cwd=study)
    assert status == 0
    assert "town: divided anew by 4 groups; for the test: clear_day 1 of 4 (25 %), cloudy 1 of 4 (25 %)" in said
    assert "grouped: 4 units" in said and said.count("no, fewer than 50 images") == len(DOMAINS)


@pytest.mark.parametrize("splits", ("{train: [train, val], test: [test]}", "{train: [train], test: [val]}"))
def test_a_grouped_study_that_asks_for_val_is_refused(study: Path, door: Door, splits: str) -> None:
    (study / "grouped.yaml").write_text(f"{STUDY}splits: {splits}\n")
    status, _, told = door("plan", "grouped.yaml", cwd=study)
    assert status == 2 and len(told.strip().splitlines()) == 1
    assert "splits: town is divided anew (split: grouped), into train and test; it has no 'val'" in told


def test_a_distance_in_frames_that_is_no_number_is_refused(study: Path, door: Door) -> None:
    (study / "grouped.yaml").write_text(STUDY.replace("split: grouped", "close_frames: near"))
    status, _, told = door("plan", "grouped.yaml", cwd=study)
    assert status == 2 and "data.town.close_frames: 'near' is no number of frames" in told
