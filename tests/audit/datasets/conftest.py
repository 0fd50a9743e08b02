"""A small data set in the ordinary layout that a test spoils in one way, and the checks of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.data.layouts import Scene, scenes

from fairweather.audit import Check
from fairweather.audit.datasets import Survey, check_dataset, survey
from fairweather.data import READERS, SPLITS, open_dataset
from fairweather.data.files import headers_unread
from fairweather.vocabulary.labels import IGNORE, label_map

SILENT = {"error", "warning"}


@dataclass(frozen=True)
class Frame:
    """A row of frames.csv with its pixels; file names are without folder and ending."""

    image: np.ndarray
    label: np.ndarray
    split: str
    domain: str
    group: str
    image_name: str
    label_name: str


@dataclass(frozen=True)
class Findings:
    """The checks of a data set."""

    checks: tuple[Check, ...]

    def of(self, code: str) -> Check:
        """The check of a code that does not hold, the most severe if there are several."""
        order = ("error", "warning", "note")
        found = [check for check in self.checks if check.code == code and not check.holds]
        assert found, f"{code} holds; found are {self.codes}"
        return min(found, key=lambda check: order.index(check.severity))

    @property
    def codes(self) -> set[str]:
        """Codes of the errors and warnings."""
        return {check.code for check in self.checks if not check.holds and check.severity in SILENT}


def frames() -> list[Frame]:
    """Clean ones: two scenes of every domain in train and in val, each of its own group."""
    return [_frame(scene) for scene in scenes()]


def _frame(scene: Scene) -> Frame:
    name, group = f"frame_{scene.number:06d}", f"{scene.split}-{scene.domain}-{scene.group}"
    return Frame(scene.image, scene.label, scene.split, scene.domain, group, f"{name}_rgb", f"{name}_gt")


def labelled(lut: np.ndarray) -> list[Frame]:
    """The clean frames with other values in their labels."""
    return [replace(frame, label=lut[frame.label]) for frame in frames()]


def values_of(space: str) -> np.ndarray:
    """uint8 (256,): for each class of cityscapes19 the lowest value of another space that means it; 255 where there is none."""
    lut = np.full(256, IGNORE, np.uint8)
    for value, target in reversed(list(enumerate(label_map(space, "cityscapes19").table))):
        lut[target] = value
    lut[IGNORE] = IGNORE
    return lut


def write(root: Path, frames: list[Frame]) -> Path:
    lines = ["image,label,split,domain,group"]
    for kind in ("images", "labels"):
        (root / kind).mkdir(parents=True)
    for frame in frames:
        image, label = f"images/{frame.image_name}.png", f"labels/{frame.label_name}.png"
        Image.fromarray(frame.image).save(root / image)
        Image.fromarray(frame.label).save(root / label)
        lines.append(f"{image},{label},{frame.split},{frame.domain},{frame.group}")
    (root / "frames.csv").write_text("\n".join(lines) + "\n")
    return root


def surveyed(
    root: Path, reader: str = "folder", options: Mapping[str, str] | None = None, splits: tuple[str, ...] = SPLITS
) -> Survey:
    entry = READERS[reader]
    with headers_unread():
        resolved = entry.card.resolved(options or {}, reader)
        dataset = open_dataset(entry, root.name, root, splits, resolved)
    return survey(dataset, entry.card)


@pytest.fixture
def checked(tmp_path: Path) -> Callable[..., Findings]:
    """Writes frames as a data set, lets a function spoil the folder, and checks it."""
    made: list[Path] = []

    def check(
        frames: list[Frame], space: str = "cityscapes19", spoil: Callable[[Path], object] = lambda root: None
    ) -> Findings:
        made.append(write(tmp_path / str(len(made)), frames))
        spoil(made[-1])
        return Findings(check_dataset(surveyed(made[-1], options={"label_space": space})))

    return check


Checked = Callable[..., Findings]


@pytest.fixture
def town(tmp_path: Path) -> Survey:
    """A survey of the clean frames."""
    return surveyed(write(tmp_path / "town", frames()))
