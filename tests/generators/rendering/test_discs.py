import cv2
import numpy as np
import pytest

from fairweather.generators.rendering import discs
from fairweather.vocabulary.streams import stream


def picture(height=96, width=160):
    return np.random.default_rng(3).integers(0, 256, (height, width, 3), dtype=np.uint8)


def disc(radius):
    rows, columns = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    return (rows**2 + columns**2 <= radius**2).astype(np.float64)


def cover(height, width, left, right, top, bottom, radius):
    """The probability of every pixel to be covered by a disc whose centre is uniform in [left, right) x [top, bottom)."""
    pad = 2 * max(height, width)
    window = np.zeros((height + 2 * pad, width + 2 * pad))
    window[top + pad : bottom + pad, left + pad : right + pad] = 1 / ((right - left) * (bottom - top))
    covered = cv2.filter2D(window, cv2.CV_64F, disc(radius), borderType=cv2.BORDER_CONSTANT)
    return covered[pad : pad + height, pad : pad + width]


def automold_windows(height, width, c):
    """(number of discs, probability of being covered) by the formulas of Automold's generate_random_blur_coordinates."""
    hw = max(10, int(width // 3 * c))
    x, y, k = width // 2 - 2 * hw, height // 2 - hw, 1
    while x > -hw or y > -hw:
        half = hw // 2
        yield (
            hw // 10 * k,
            cover(height, width, x + half, width - x - hw + half, y + half, height - y - hw + half, half),
        )
        x, y, k = x - 3 * hw * width // (width + height), y - 3 * hw * height // (width + height), k + 1


def peer_windows(height, width, c):
    """The same by those of RandomFog in albumentations 2.0.8."""
    side = int(width // 3 * c)
    w, h = width, height
    largest = max(2, int(min(height, width) * 0.1 * c))
    radii = range(max(1, largest // 2), largest)
    for _ in range(10):
        if w <= side or h <= side:
            return
        x, y = (width - 1) // 2, (height - 1) // 2
        sides = (x - w // 2, x + w // 2 + 1, y - h // 2, y + h // 2 + 1)
        yield int(w * h / side**2 * c * 10), np.mean([cover(height, width, *sides, r) for r in radii], axis=0)
        w, h = int(w * 0.9), int(h * 0.9)


@pytest.mark.parametrize(
    ("draw", "windows", "c"),
    [(discs.growing, automold_windows, 0.8), (discs.shrinking, peer_windows, 0.6)],
)
def test_the_mean_transmittance_is_that_of_the_direct_formula(draw, windows, c):
    height, width, opacity, draws = 72, 128, 0.2, 400
    expected = np.ones((height, width))
    for number, probability in windows(height, width, c):
        expected *= (1 - opacity * probability) ** number
    black, total = np.zeros((height, width, 3), np.uint8), np.zeros((height, width))
    for k in range(draws):
        total += discs.veiled(black, draw(height, width, c, stream(0, "pool", k)), opacity)[..., 0]
    found = 1 - total / draws / 255
    assert found.mean() == pytest.approx(expected.mean(), abs=0.01)
    assert np.abs(found.mean(axis=1) - expected.mean(axis=1)).max() < 0.03
    assert np.abs(found.mean(axis=0) - expected.mean(axis=0)).max() < 0.03
    assert np.ptp(expected.mean(axis=1)) > 0.1, "a flat profile would show nothing"


def test_counting_equals_blending_one_disc_after_the_other():
    image, opacity = picture(), 0.3
    placed = discs.shrinking(96, 160, 0.9, stream(0, "pool", 1))
    slow = image.astype(np.float64)
    for x, y, radius in placed.tolist():
        mask = cv2.circle(np.zeros((96, 160), np.uint8), (x, y), radius, 1, -1) > 0
        slow[mask] += opacity * (255 - slow[mask])
    assert len(placed) > 50
    assert np.abs(discs.veiled(image, placed, opacity) - slow).max() < 0.51


def test_a_disc_whitens_its_own_pixels_only():
    image = picture()
    made = discs.veiled(image, np.array([[40, 30, 10], [-50, -50, 20]]), 0.5)
    inside = np.zeros((96, 160), bool)
    inside[20:41, 30:51] = disc(10)
    assert np.array_equal(made[~inside], image[~inside])
    assert np.abs(made[inside] - (image[inside] / 2 + 127.5)).max() < 0.51
    assert np.array_equal(discs.veiled(image, np.empty((0, 3), np.int64), 0.5), image)


def test_the_discs_of_automold_grow_in_number_with_the_window():
    """1280x720, c = 0.5: hw = 213, windows of 21 and 42 discs; the third would begin at -604 < -213."""
    placed = discs.growing(720, 1280, 0.5, stream(0, "pool", 1))
    assert len(placed) == 63
    assert set(placed[:, 2]) == {106}
    first, second = placed[:21], placed[21:]
    assert first[:, 0].min() >= 214 + 106 and first[:, 0].max() < 1280 - 214 - 213 + 106
    assert np.ptp(second[:, 0]) > np.ptp(first[:, 0])


def test_fog_brightens_and_takes_contrast_more_with_c():
    image = picture(120, 200)
    light = [image.mean()]
    for c in (0.3, 0.6, 1.0):
        made = discs.fogged(image, c, stream(0, "pool", 1), alpha=0.3)
        assert made.std() < image.std()
        light.append(made.mean())
    assert light == sorted(light) and light[-1] > light[0] + 10


def test_the_blur_is_a_box():
    image = picture()
    sharp, soft = (discs.fogged(image, 0.5, stream(0, "pool", 1), 0.08, blur) for blur in (0, 5))
    assert np.array_equal(cv2.blur(sharp, (5, 5)), soft)


@pytest.mark.parametrize("size", [(32, 32), (32, 256), (300, 33), (48, 72)])
@pytest.mark.parametrize("c", [0.01, 0.3, 1.0])
def test_every_size_gets_fog_of_its_own_stream_and_keeps_its_source(size, c):
    image = np.zeros((size[0], 2 * size[1], 3), np.uint8)[:, ::2]
    image.flags.writeable = False
    made = discs.fogged(image, c, stream(0, "pool", 1), alpha=1.0)
    assert made.shape == image.shape and made.max() > 0 and not image.any()
    assert np.array_equal(made, discs.fogged(image, c, stream(0, "pool", 1), alpha=1.0))
    placed = discs.shrinking(*size, c, stream(0, "pool", 1))
    assert placed.shape[1:] == (3,) and discs.veiled(image, placed, 0.1).shape == image.shape
