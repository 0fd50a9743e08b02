"""Layers of rain and snow: their statistics, their direction, and crystals against OpenCV and brute force."""

import cv2
import numpy as np
import pytest

from fairweather.generators.rendering import layers
from fairweather.vocabulary.streams import stream


def lean(layer: np.ndarray) -> float:
    """Direction in degrees in which the layer changes least, from the structure tensor; 90 is upright, below leans right."""
    down, right = np.gradient(
        cv2.GaussianBlur(layer.astype(float), (9, 9), 1.5)
    )  # differences of pixels favour the axes
    xx, yy, xy = (right * right).sum(), (down * down).sum(), (right * down).sum()
    across = 0.5 * np.arctan2(2 * xy, xx - yy)  # in rows that grow downwards
    return float((-np.degrees(across) + 90) % 180)


def test_grains_have_the_declared_share_and_spread() -> None:
    noise = layers.grains(500, 600, 0.45, 0.2, 1, 0, stream(0, "pool"))
    lit = noise[noise > 0]
    assert lit.size / noise.size == pytest.approx(0.1, abs=0.003)  # the negative half is cut off
    assert lit.mean() == pytest.approx(255 * 0.45 * np.sqrt(2 / np.pi), rel=0.03)
    assert (noise == 255).mean() == pytest.approx(0.1 * 2 * 0.0131, rel=0.3)  # beyond 2.22 sigma


def test_enlarged_grains_have_the_size_asked_for() -> None:
    for zoom in (1, 1.5, 1.73, 6):
        assert layers.grains(33, 47, 0.2, 0.3, zoom, 4, stream(0, "pool")).shape == (41, 55)


@pytest.mark.parametrize("size", [3, 7, 15, 23, 33])
@pytest.mark.parametrize("angle", [-60, -75, 75, 90])
def test_a_line_is_thin_long_and_adds_up_to_256(size: int, angle: int) -> None:
    rows, columns, weights = layers.line(size, angle)
    assert weights.sum() == 256 and (weights > 0).all()
    half = size // 2
    off = np.abs((rows - half) * np.cos(np.radians(angle)) + (columns - half) * np.sin(np.radians(angle)))
    assert off.max() <= 1.01
    reach = np.hypot(rows - half, columns - half)
    assert half - 1 <= reach.max() <= half + 1.5


def test_blur_is_the_mean_along_the_line() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (40, 50), np.uint8)
    rows, columns, weights = layers.line(9, 70)
    kernel = np.zeros((9, 9))
    kernel[rows, columns] = weights / 256
    exact = cv2.filter2D(picture.astype(np.float64), -1, kernel)[4:-4, 4:-4]
    assert np.abs(layers.blurred(picture, 9, 70) - exact).max() <= 0.51


@pytest.mark.parametrize("angle", [-60, -80, 65, 90])
def test_streaks_follow_the_angle(angle: int) -> None:
    noise = layers.grains(300, 300, 0.45, 0.2, 1, 10, stream(2, "pool"))
    found = lean(layers.blurred(noise, 21, angle))
    assert abs((found - angle + 90) % 180 - 90) < 6


def test_levels_are_empty_below_black_and_above_white() -> None:
    table = layers.levels(20, 120, 250)
    assert table[19] == 0 and table[20] == 0 and table[70] == 125 and table[120] == 250 and (table[121:] == 0).all()


def test_screen_is_that_of_the_formula() -> None:
    a, b = np.mgrid[0:256, 0:256].astype(np.uint8)
    exact = 255 * (1 - (1 - a / 255) * (1 - b / 255))
    assert np.abs(layers.screened(a, b) - exact).max() <= 0.5 + 1e-9


def test_the_threshold_of_a_patch_is_that_of_the_layer() -> None:
    noise = layers.grains(720, 1280, 0.45, 0.2, 2.0, 7, stream(5, "pool"))
    layer = layers.blurred(noise, 15, 80)
    whole = cv2.threshold(cv2.GaussianBlur(layer, (7, 7), 0), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0]
    assert abs(layers.threshold(layer) - whole) <= 2


class Lots:
    """Stands for a stream: hands out the given bytes."""

    def __init__(self, lots: np.ndarray) -> None:
        self.words = np.pad(lots.reshape(-1), (0, -lots.size % 8)).view(np.uint64)

    def integers(self, *_: object, **__: object) -> np.ndarray:
        return self.words


@pytest.mark.parametrize("least", [0, 60, 125])
def test_crystals_take_the_value_of_a_nearest_centre(least: int) -> None:
    """Bytes from `least` to 255 make centres rarer than they are, so that some must be searched for."""
    height, width = 40, 56
    lots = np.random.default_rng(1).integers(least, 256, (height, width), dtype=np.uint8)
    centre = lots < round(256 * (1 - np.exp(-0.75)))
    place = np.arange(height * width, dtype=np.uint16).reshape(height, width)
    low, high = (layers.crystallised(p.astype(np.uint8), Lots(lots)) for p in (place & 255, place >> 8))
    taken = high.astype(int) * 256 + low
    assert centre.reshape(-1)[taken].all()
    y, x = np.mgrid[:height, :width]
    own = (taken // width - y) ** 2 + (taken % width - x) ** 2
    rows, columns = np.nonzero(centre)
    least_of_all = ((rows - y[..., None]) ** 2 + (columns - x[..., None]) ** 2).min(-1)
    assert (own == least_of_all).all()
    # OpenCV's distances, whose steps are 1, 1.4 and 2.1969, name a centre equally near
    _, label = cv2.distanceTransformWithLabels(
        (~centre).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    at = np.zeros(label.max() + 1, int)
    at[label[centre]] = place[centre]
    theirs = (at[label] // width - y) ** 2 + (at[label] % width - x) ** 2
    assert (own <= theirs).all() and (own == theirs).mean() > 0.98


def test_crystals_lean_to_no_side() -> None:
    ramp = np.tile(np.arange(250, dtype=np.uint8), (250, 1))
    for picture in (ramp, ramp.T):
        moved = layers.crystallised(picture, stream(0, "pool")).astype(int)[4:-4, 4:-4] - picture[4:-4, 4:-4]
        assert abs(moved.mean()) < 0.01 and moved.std() > 0.3


@pytest.mark.parametrize("draw", [layers.rain, layers.snow])
def test_layers_are_sparse_and_of_their_stream(draw) -> None:  # type: ignore[no-untyped-def]
    layer = draw(360, 480, stream(0, "pool", 1))
    assert layer.shape == (360, 480) and layer.dtype == np.uint8
    assert np.median(layer) < 20 and np.percentile(layer, 99) > 40
    assert (layer == draw(360, 480, stream(0, "pool", 1))).all()
    assert (layer != draw(360, 480, stream(0, "pool", 2))).mean() > 0.3


@pytest.mark.parametrize("draw", [layers.rain, layers.snow])
@pytest.mark.parametrize("shape", [(32, 32), (33, 250), (1024, 40)])
def test_layers_of_odd_sizes(draw, shape: tuple[int, int]) -> None:  # type: ignore[no-untyped-def]
    assert draw(*shape, stream(0, "pool")).shape == shape


def test_rain_is_steeper_than_55_degrees_and_snow_has_hardly_a_direction() -> None:
    def stretch(layer: np.ndarray) -> float:
        down, right = np.gradient(layer.astype(float))
        return float((right**2).mean() / (down**2).mean())

    for i in range(6):
        rain, snow = layers.rain(300, 400, stream(0, "pool", i)), layers.snow(300, 400, stream(0, "pool", i))
        assert abs(lean(rain) - 90) < 35
        assert stretch(rain) > stretch(snow)
