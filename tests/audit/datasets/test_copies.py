from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from tests.audit.datasets.conftest import Findings, Frame, frames, surveyed, write

from fairweather.audit.datasets.copies import check_beside

Checked = Callable[..., Findings]


def again(frame: Frame, **changed: object) -> Frame:
    return replace(frame, **{"image_name": "copy_000099_rgb", "label_name": "copy_000099_gt", **changed})  # type: ignore[arg-type]


def recompressed(image: np.ndarray) -> np.ndarray:
    """Brighter, smaller and back, and through a coarse JPEG: every pixel is another."""
    height, width = image.shape[:2]
    small = cv2.resize(cv2.convertScaleAbs(image, alpha=1.05, beta=3), (width * 3 // 4, height * 3 // 4))
    _, packed = cv2.imencode(".jpg", cv2.resize(small, (width, height)), [cv2.IMWRITE_JPEG_QUALITY, 80])
    return cv2.imdecode(packed, cv2.IMREAD_COLOR)


def test_the_same_image_under_two_names_is_named(checked: Checked) -> None:
    found = checked([*frames(), again(frames()[0])])
    check = found.of("data.same_image_twice")
    assert found.codes == {"data.same_image_twice"} and check.severity == "warning"
    assert {check.rows[0]["file"], check.rows[0]["same as"]} == {
        "images/frame_000000_rgb.png", "images/copy_000099_rgb.png"
    }  # fmt: skip


def test_a_training_image_in_the_test_part_is_an_error(checked: Checked) -> None:
    found = checked([*frames(), again(frames()[0], split="val", group="val-new")])
    check = found.of("split.same_image_on_both_sides")
    assert found.codes == {"split.same_image_on_both_sides"} and check.severity == "error"
    assert {check.rows[0]["split"], check.rows[0]["in"]} == {"train", "val"}


@pytest.mark.parametrize("number", [0, 5, 9])
def test_a_near_duplicate_on_the_other_side_is_named(checked: Checked, number: int) -> None:
    frame = frames()[number]
    found = checked([*frames(), again(frame, image=recompressed(frame.image), split="val", group="val-new")])
    check = found.of("split.near_duplicates")
    assert found.codes == {"split.near_duplicates"} and check.severity == "warning" and len(check.rows) == 1
    assert check.rows[0] == {
        "file": f"images/frame_{number:06d}_rgb.png", "split": "train",
        "same as": "images/copy_000099_rgb.png", "in": "val",
    }  # fmt: skip


def test_a_group_on_both_sides_is_an_error(checked: Checked) -> None:
    some = frames()
    some[-1] = replace(some[-1], group=some[0].group)
    check = checked(some).of("split.group_on_both_sides")
    assert check.severity == "error" and f"{some[0].group} (" in check.statement
    assert "split.group_on_both_sides" not in checked(frames()).codes


def test_one_data_set_inside_another_is_named_by_bytes_pixels_likeness_and_name(tmp_path: Path) -> None:
    own = frames()
    inside = [
        replace(own[0], image_name="ADE_train_00000001"),
        replace(own[1], image_name="ADE_train_00000002"),
        replace(own[2], image_name="ADE_train_00000003", image=recompressed(own[2].image)),
        replace(own[3], image_name="aachen_000001_000019_leftImg8bit", image=own[3].image[:, ::-1].copy()),
    ]
    town = [*own[:3], replace(own[3], image_name="aachen_000001_000019_leftImg8bit"), *own[4:]]
    other = surveyed(write(tmp_path / "town", town))
    root = write(tmp_path / "mixed", inside)
    second = root / "images" / "ADE_train_00000002.png"
    cv2.imwrite(str(second), cv2.imread(str(second)), [cv2.IMWRITE_PNG_COMPRESSION, 9])
    (check,) = check_beside(surveyed(root), [other])
    assert (
        not check.holds and check.severity == "warning" and "4 of 4 images of mixed are in town too" in check.statement
    )
    assert [row["by"] for row in check.rows] == ["bytes", "pixels", "nearly", "name"]


def test_two_data_sets_without_a_common_image_share_none(tmp_path: Path) -> None:
    first, second = (
        surveyed(write(tmp_path / name, some)) for name, some in (("one", frames()[:14]), ("two", frames()[14:]))
    )
    (check,) = check_beside(first, [second])
    assert check.holds and check.code == "data.inside_another"
