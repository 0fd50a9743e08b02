"""What of the test images training has as good as seen: counted by definition, and on CamVid's official split."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.data.test_duplicates import row

from fairweather.data import READERS, Row, index, overlap
from fairweather.data.manifest import DETAIL_BYTES
from fairweather.data.overlap import EXAMPLES, Near, frame_number
from fairweather.data.splits import LONE

FAR = bytes([255]) * DETAIL_BYTES


def frame(id: str, group: str = "drive", domain: str = "clear_day") -> Row:
    """A frame whose picture is like no other's: only its name is looked at."""
    rng = np.random.default_rng(list(id.encode()))
    return row(
        id, int(rng.integers(0, 2**64 - 1, dtype=np.uint64)), rng.bytes(DETAIL_BYTES), group=group, domain=domain
    )


@pytest.mark.parametrize(
    ("id", "group", "expected"),
    (
        ("train/0001TP_006690", "0001TP", (("0001TP", "0001TP_"), 6690)),
        ("images/aachen_000012_000019", "aachen", (("aachen", "aachen_000012_"), 19)),
        ("000123", "", (("", ""), 123)),
        ("seq7/frame", "seq7", None),
        ("img_5", f"{LONE}img_4", (("", "img_"), 5)),
    ),
)
def test_the_number_of_a_frame(id: str, group: str, expected: object) -> None:
    assert frame_number(row(id, 0, group=group).sample) == expected


@given(st.lists(st.integers(0, 200), max_size=12), st.lists(st.integers(0, 200), max_size=12), st.integers(0, 40))
def test_close_frames_are_those_of_the_definition(train: list[int], test: list[int], frames: int) -> None:
    found = overlap([frame(f"a_{n}") for n in train], [frame(f"b/a_{n}") for n in test], frames)
    expected = sum(any(abs(n - m) <= frames for m in train) for n in test)
    assert sum(near.close for near in found.near.values()) == expected


def test_frames_of_other_groups_and_names_are_not_close() -> None:
    train = [frame("s_10", "a"), frame("t_10", "b")]
    test = [
        frame("s_11", "b"),
        frame("t_11", "a"),
        frame("u", "a"),
        frame("t_41", "b", "night"),
        frame("t_40", "b", "night"),
    ]
    found = overlap(train, test, 30).near
    assert found == {"clear_day": Near(3, 2, 0, 0, 0), "night": Near(2, 2, 1, 0, 0)}


def test_images_without_a_group_are_counted_apart() -> None:
    found = overlap([frame("s_10", "")], [frame("s_11", ""), frame("s_12", f"{LONE}s_12"), frame("s_90", "")])
    assert found.near == {"clear_day": Near(3, 0, 0, 3, 2)}


def test_the_same_picture_is_not_also_a_near_duplicate() -> None:
    train = [row("a", 0), row("b", 2**64 - 1, FAR)]
    same = replace(row("x", 0), image_pixels="a")
    found = overlap(train, [same, row("y", 1), row("z", 2**64 - 2, FAR), row("other", 2**32 - 1)])
    assert (found.test_images, found.same, found.same_examples) == (4, 1, (("x", "a"),))
    assert (found.alike, found.alike_examples) == (2, (("y", "a"), ("z", "b")))


def test_the_record_stays_small() -> None:
    train, test = [row(f"a{i}", 0) for i in range(300)], [row(f"b{i}", 0) for i in range(300)]
    record = overlap(train, test).record()
    assert record["alike"] == 300 and len(record["alike_examples"]) == EXAMPLES


def test_camvids_official_split(camvid_root: Path) -> None:
    """Of 62 dusk frames tested on, one is within 30 frames of a training frame, half of them within 900 (30 seconds): the
    sequence was cut in the middle. No frame is a near-duplicate."""
    reader = READERS["camvid"]
    dataset = reader.open("camvid", camvid_root, ("train", "val", "test"), {})
    manifest = index(dataset.only(s for s in dataset.samples if s.group in ("0001TP", "0006R0")))
    train, test = manifest.split("train", "val"), manifest.split("test")
    counts = {k: overlap(train, test, k).near["dawn_dusk"].close for k in (29, 30, 300, 900)}
    assert counts == {29: 0, 30: 1, 300: 10, 900: 30}
    assert overlap(train, test).alike == overlap(train, test).same == 0
