"""What a killed process leaves behind: claims are taken over, and nothing of it is found in a finished folder, or lost."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from fairweather.store.claims import claimed, holder


def hidden(out: Path) -> list[str]:
    """Hidden files within finished pools, caches and units."""
    finished = [folder for folder in out.glob("*/*") if folder.is_dir() and not folder.name.startswith(".")]
    return [p.relative_to(out).as_posix() for folder in finished for p in folder.rglob(".*")]


def test_the_claim_of_a_killed_process_is_taken_over(driver: Any, reference: dict[str, str], tmp_path: Path) -> None:
    line = driver.killed(tmp_path / "out", ("train", "step taken", 7))
    (claim,) = (tmp_path / "out" / "units").glob(".*.claim")
    assert json.loads(claim.read_text())["pid"] == line["pid"]
    assert holder(claim) is None
    copy = shutil.copy2(claim, tmp_path / claim.name)
    with claimed(copy) as held:
        assert held is not None and held.after is not None and held.after.pid == line["pid"]
    assert driver.whole(tmp_path / "out") == reference
    assert not claim.exists()


@pytest.mark.parametrize(
    ("phase", "event"), [("generate", "image half written"), ("checkpoint", "checkpoint half written")]
)
def test_parts_do_not_pile_up(driver: Any, reference: dict[str, str], tmp_path: Path, phase: str, event: str) -> None:
    """Killed three times at the same place; each new process clears what the one before it left."""
    for _ in range(3):
        driver.killed(tmp_path / "out", (phase, event, 1))
        assert len(list((tmp_path / "out").rglob(".*.part"))) == 1
    assert driver.whole(tmp_path / "out") == reference
    assert hidden(tmp_path / "out") == []


@pytest.mark.parametrize("event", ["model.safetensors half written", "unit.json not renamed", "unit.json renamed"])
def test_killed_among_the_records(driver: Any, reference: dict[str, str], tmp_path: Path, event: str) -> None:
    driver.killed(tmp_path / "out", ("record", event, 1))
    assert driver.whole(tmp_path / "out") == reference
    assert hidden(tmp_path / "out") == []


def test_a_unit_killed_before_its_rename_is_not_trained_again(
    driver: Any, reference: dict[str, str], tmp_path: Path
) -> None:
    line = driver.killed(tmp_path / "out", ("rename", "unit not renamed", 1))
    assert driver.whole(tmp_path / "out") == reference
    unit = line["where"].rsplit(".", 2)[1]
    progress = (tmp_path / "out" / "units" / unit / "progress.jsonl").read_text().splitlines()
    steps = [(record["phase"], record["step"]) for record in map(json.loads, progress)]
    assert [step for phase, step in steps if phase == "train"] == [10, 20, 24]
    assert len(steps) == len(set(steps))


def test_an_evaluation_begun_before_the_study_was_changed_is_not_taken_for_whole(
    driver: Any, reference: dict[str, str], tmp_path: Path
) -> None:
    """Killed while it wrote counts at label size, run to the end at training size, then at label size again."""
    out = tmp_path / "out"
    driver.killed(out, ("score", "groups.parquet not renamed", 1))
    (begun,) = out.glob("units/.*.work/evaluations/*")
    other = driver.whole(out, size="training")
    assert not [name for name in other if begun.name in name]
    both = driver.whole(out)
    assert {name: both[name] for name in reference} == reference


@pytest.mark.parametrize("event", ["study.yaml half written", "study.yaml renamed", "plan.json half written"])
def test_killed_before_anything_is_made(driver: Any, reference: dict[str, str], tmp_path: Path, event: str) -> None:
    driver.killed(tmp_path / "out", ("record", event, 1))
    found = driver.whole(tmp_path / "out")
    assert {name: found[name] for name in reference} == reference
