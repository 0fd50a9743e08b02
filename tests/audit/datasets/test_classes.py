from collections.abc import Callable
from dataclasses import replace

import numpy as np
from tests.audit.datasets.conftest import Findings, frames, labelled

from fairweather.audit.datasets.published import published_shares
from fairweather.vocabulary.labels import IGNORE, label_space

Checked = Callable[..., Findings]
CLASSES = label_space("cityscapes19").classes


def without(*names: str) -> np.ndarray:
    lut = np.arange(256, dtype=np.uint8)
    lut[[CLASSES.index(name) for name in names]] = IGNORE
    return lut


def test_a_frequent_class_that_is_never_there_is_a_warning_and_a_rare_one_a_note(checked: Checked) -> None:
    check = checked(labelled(without("car", "train"))).of("labels.class_absent")
    assert check.severity == "warning" and [row["class"] for row in check.rows] == ["car"]
    rare = checked(labelled(without("train")))
    assert rare.of("labels.class_absent").severity == "note" and not rare.codes


def test_shares_far_from_those_of_driving_scenes_are_named(checked: Checked) -> None:
    lut = np.arange(256, dtype=np.uint8)
    lut[CLASSES.index("road")] = CLASSES.index("sidewalk")
    few = [replace(frame, label=lut[frame.label] if n else frame.label) for n, frame in enumerate(frames())]
    check = checked(few).of("labels.class_shares")
    assert check.severity == "warning" and "road" in check.statement and "expected 20.0 to 45.0" in check.statement


def test_labels_upside_down_are_named(checked: Checked) -> None:
    check = checked([replace(f, label=f.label[::-1].copy()) for f in frames()]).of("labels.position")
    assert check.severity == "error" and "upside down" in check.statement and len(check.rows) > 20


def test_pictures_and_labels_upside_down_are_named(checked: Checked) -> None:
    flipped = [replace(f, label=f.label[::-1].copy(), image=f.image[::-1].copy()) for f in frames()]
    found = checked(flipped)
    assert found.codes == {"labels.position"} and found.of("labels.position").severity == "error"


def test_a_single_label_upside_down_is_a_warning_that_names_it(checked: Checked) -> None:
    some = frames()
    some[3] = replace(some[3], label=some[3].label[::-1].copy(), image=some[3].image[::-1].copy())
    found = checked(some)
    assert found.codes == {"labels.position"} and found.of("labels.position").severity == "warning"
    assert [row["file"] for row in found.of("labels.position").rows] == ["labels/frame_000003_gt.png"]


def test_the_published_shares_are_of_all_classes_and_below_100_percent() -> None:
    shares = published_shares("cityscapes")
    assert tuple(shares) == CLASSES and 90 < sum(shares.values()) < 101 and published_shares("folder") == {}
