from collections.abc import Callable
from dataclasses import replace

import numpy as np
from tests.audit.datasets.conftest import Findings, Frame, frames

from fairweather.audit.datasets.pairing import frame_key

Checked = Callable[..., Findings]


def test_every_label_of_the_next_frame_is_an_error_by_the_pictures_alone(checked: Checked) -> None:
    some = frames()
    shifted = [replace(f, label=some[(n + 1) % len(some)].label) for n, f in enumerate(some)]
    found = checked(shifted)
    check = found.of("labels.other_frame")
    assert check.severity == "error" and len(check.rows) > 20 and "data.other_frame_name" not in found.codes


def test_two_labels_that_changed_places_are_named(checked: Checked) -> None:
    some = frames()
    some[4], some[5] = replace(some[4], label=some[5].label), replace(some[5], label=some[4].label)
    check = checked(some).of("labels.other_frame")
    assert check.severity == "warning" and [row["file"][-10:-8] for row in check.rows] == ["04", "05"]


def test_names_that_tell_of_another_frame_are_named(checked: Checked) -> None:
    some = frames()
    a, b = some[4], some[11]
    some[4], some[11] = (replace(x, label=y.label, label_name=y.label_name) for x, y in ((a, b), (b, a)))
    check = checked(some).of("data.other_frame_name")
    assert check.severity == "warning" and {row["label of"][-14:-8] for row in check.rows} == {"000004", "000011"}


def test_names_as_in_cityscapes_are_compared_without_what_all_of_them_have(checked: Checked) -> None:
    def named(number: int, label: int, frame: Frame) -> Frame:
        key = "aachen_{:06d}_000019"
        image = key.format(number) + "_leftImg8bit"
        return replace(frame, image_name=image, label_name=key.format(label) + "_gtFine_labelIds")

    some = frames()[:6]
    assert "data.other_frame_name" not in checked([named(n, n, f) for n, f in enumerate(some)]).codes
    check = checked([named(n, (n + 1) % 6, f) for n, f in enumerate(some)]).of("data.other_frame_name")
    assert len(check.rows) == 6 and check.rows[0]["label of"] == "images/aachen_000001_000019_leftImg8bit.png"


def acdc(frame: Frame, number: int, reference: bool) -> Frame:
    """Named as in ACDC."""
    key = f"GOPR0122_frame_{number:06d}"
    return replace(
        frame, image_name=key + ("_rgb_ref_anon" if reference else "_rgb_anon"), label_name=key + "_gt_labelIds"
    )


def test_references_with_the_labels_of_adverse_frames_are_an_error(checked: Checked) -> None:
    """What SWIFT's splitter makes of ACDC (datasets.md 3.2)."""
    adverse = [acdc(frame, number, False) for number, frame in enumerate(frames())]
    assert "data.reference_with_other_label" not in checked(adverse).codes
    mixed = [acdc(frame, number, number % 2 == 0) for number, frame in enumerate(frames())]
    check = checked(mixed).of("data.reference_with_other_label")
    assert check.severity == "error" and len(check.rows) == 14 and "gt_ref" in check.advice
    own = [
        replace(f, label_name=f.label_name.replace("_gt_", "_gt_ref_")) if "_ref_" in f.image_name else f for f in mixed
    ]
    assert "data.reference_with_other_label" not in checked(own).codes


def test_the_key_of_a_frame_is_what_holds_digits() -> None:
    assert frame_key("a/GOPR0122_frame_000161_rgb_ref_anon.png") == ("GOPR0122", "000161")
    assert frame_key("b/GOPR0122_frame_000161_gt_labelIds.png") == ("GOPR0122", "000161")
    assert frame_key("aachen_000001_000019_leftImg8bit.png") != frame_key("aachen_000002_000019_leftImg8bit.png")


def test_labels_without_another_picture_of_their_size_are_judged_by_their_own_alone(checked: Checked) -> None:
    some = frames()[:8]
    sizes = [replace(f, image=f.image[n:].copy(), label=f.label[n:].copy()) for n, f in enumerate(some)]
    assert "labels.other_frame" not in checked(sizes).codes
    turned = [replace(f, label=np.roll(f.label, f.label.shape[1] // 3, 1)) for f in sizes]
    check = checked(turned).of("labels.other_frame")
    assert check.severity == "error" and all(set(row) == {"file", "own"} for row in check.rows)
