"""The shift: known displacements are found, to a fraction of a pixel."""

import cv2
import numpy as np
import pytest

from fairweather.generators.gate.shift import REACH, match, strongest
from fairweather.generators.gate.structure import Structure, structure_of_light


def clouds(height: int, width: int, seed: int = 0) -> np.ndarray:
    """Smooth random shades, uint8 (H, W)."""
    grain = np.random.default_rng(seed).normal(0, 1, (height, width))
    smooth = cv2.GaussianBlur(grain, (0, 0), 2.0)
    return np.clip(128 + 40 * smooth / smooth.std(), 0, 255).astype(np.uint8)


@pytest.mark.parametrize(("dx", "dy"), [(0, 0), (3, 0), (-3, 0), (0, 3), (2, -5), (-REACH, REACH)])
def test_whole_pixels(dx: int, dy: int) -> None:
    sheet = clouds(160, 220)
    before, after = sheet[20:140, 20:200], sheet[20 - dy : 140 - dy, 20 - dx : 200 - dx]
    found = match(strongest((structure_of_light(before),)), structure_of_light(after))
    assert (found.dx, found.dy) == pytest.approx((dx, dy), abs=0.1)
    assert found.agreement > 0.7


@pytest.mark.parametrize("part", [0.25, 0.5, -0.75])
def test_parts_of_a_pixel(part: float) -> None:
    fine = clouds(480, 720)
    wide = cv2.resize(fine, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    move = round(4 * part)
    before, after = wide[40:1840:4, 40:2840:4], wide[40:1840:4, 40 - move : 2840 - move : 4]
    found = match(strongest((structure_of_light(before),)), structure_of_light(np.ascontiguousarray(after)))
    assert found.dx == pytest.approx(part, abs=0.1)
    assert found.dy == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize("change", ["negative", "dark", "pale", "noisy"])
def test_light_may_change(change: str) -> None:
    sheet = clouds(160, 220)
    after = sheet[20:140, 17:197].astype(float)
    after = {
        "negative": 255 - after,
        "dark": after * 0.1,
        "pale": 200 + after * 0.15,
        "noisy": after + np.random.default_rng(1).normal(0, 8, after.shape),
    }[change]
    made = np.clip(after + 0.5, 0, 255).astype(np.uint8)
    found = match(strongest((structure_of_light(sheet[20:140, 20:200]),)), structure_of_light(made))
    assert (found.dx, found.dy) == pytest.approx((3, 0), abs=0.3)
    assert found.agreement > 0.3


def test_pictures_that_are_unrelated_do_not_agree() -> None:
    found = match(strongest((structure_of_light(clouds(120, 180)),)), structure_of_light(clouds(120, 180, 1)))
    assert abs(found.agreement) < 0.15


def test_references_count_alike_whatever_their_energy() -> None:
    sheet = clouds(120, 180)
    strong, none = structure_of_light(sheet), Structure(*(np.zeros((120, 180), np.float32) for _ in range(2)))
    faint = Structure(strong.cosine * np.float32(0.01), strong.sine * np.float32(0.01))
    alone = match(strongest((strong,)), strong)
    assert match(strongest((strong, none)), strong) == alone
    assert match(strongest((strong, faint)), strong).agreement == pytest.approx(alone.agreement, rel=0.02)


def test_nothing_to_compare_is_no_number() -> None:
    flat, sheet = structure_of_light(np.full((40, 60), 99, np.uint8)), structure_of_light(clouds(40, 60))
    for one, other in ((flat, sheet), (sheet, flat), (flat, flat)):
        found = match(strongest((one,)), other)
        assert np.isnan([found.dx, found.dy, found.agreement]).all()
