"""On real frames: the whole of CamVid holds but for what is known of its split, and a mix-up in it is named."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.audit.datasets.conftest import Findings, surveyed

from fairweather.audit.datasets import check_dataset, survey
from fairweather.data.dataset import Dataset, Sample


@pytest.fixture
def some(camvid_root: Path) -> Dataset:
    """Every tenth frame, and a run of 30 consecutive ones."""
    samples = surveyed_samples(camvid_root)
    return samples.only([*samples.samples[:300:10], *samples.samples[400:430]])


def surveyed_samples(root: Path) -> Dataset:
    from fairweather.data import READERS, SPLITS

    return READERS["camvid"].open("camvid", root, SPLITS, {})


@pytest.mark.slow
def test_camvid_has_no_error_and_the_warnings_of_its_split(camvid_root: Path) -> None:
    found = Findings(check_dataset(surveyed(camvid_root, "camvid")))
    assert found.codes == {"split.group_on_both_sides", "split.domain_within_group"}
    assert not [check for check in found.checks if check.severity == "error" and not check.holds]


def shifted(samples: tuple[Sample, ...]) -> list[Sample]:
    return [replace(s, label=o.label) for s, o in zip(samples, [*samples[1:], samples[0]], strict=True)]


def renamed(samples: tuple[Sample, ...]) -> list[Sample]:
    """Two labels change places."""
    swapped = {3: 4, 4: 3}
    return [replace(s, label=samples[swapped.get(n, n)].label) for n, s in enumerate(samples)]


@pytest.mark.parametrize(
    ("spoil", "severity", "rows"), [(shifted, "error", 50), (renamed, "warning", 2), (list, "", 0)]
)
def test_labels_of_other_frames_are_told_by_the_pictures(
    some: Dataset, spoil: Callable[[tuple[Sample, ...]], list[Sample]], severity: str, rows: int
) -> None:
    from fairweather.data import READERS

    found = Findings(check_dataset(survey(some.only(spoil(some.samples)), READERS["camvid"].card)))
    if not severity:
        assert "labels.other_frame" not in found.codes
        return
    check = found.of("labels.other_frame")
    assert check.severity == severity and len(check.rows) >= rows
    if rows == 2:
        assert {row["file"] for row in check.rows} == {some.samples[n].image for n in (3, 4)}
