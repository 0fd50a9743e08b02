"""Every tile is painted, and as `tiles` and `quads` say."""

import numpy as np
import pytest

from fairweather.data.town.painting.painted import painted
from fairweather.data.town.tiles import TILES

CUTOUTS = (
    "tree", "bush", "person", "fence", "hedge", "sign", "skyline", "car_side", "truck_side", "bicycle", "motorcycle", "rider",
)  # fmt: skip
GLAZED = ("facade", "shop", "entrance", "bus_side", "train_side")
LAMPS = (
    "car_front", "car_rear", "truck_front", "truck_rear", "bus_front", "bus_rear", "train_front", "lamp_head", "signal_red",
    "signal_green",
)  # fmt: skip
RECTANGLES = ("sign_6", "sign_8", "sign_9")  # opaque to their corners


def starts(*families: str) -> list[str]:
    return [
        tile
        for tile in TILES
        if tile.startswith(families) and not tile.startswith("signal" if "sign" in families else "-")
    ]


@pytest.mark.parametrize("tile", TILES)
def test_tile(tile: str) -> None:
    colour, fourth, cutout = painted(tile)
    assert colour.dtype == np.uint16 and fourth.dtype == np.uint8 and colour.shape == (*fourth.shape, 3)
    assert all(side & (side - 1) == 0 and side <= 256 for side in fourth.shape)
    assert cutout == (tile in starts(*CUTOUTS))
    shown = colour[fourth > 127] if cutout else colour.reshape(-1, 3)
    assert len(np.unique(shown.sum(axis=1))) > 50, "one flat colour"
    assert np.quantile(shown, 0.999) < 0.85 * 65535 or tile in (
        "plain",
        "car_paint",
        *starts("bus", "truck", "train", "car"),
    )


@pytest.mark.parametrize("tile", starts(*CUTOUTS))
def test_cutout_has_something_and_nothing(tile: str) -> None:
    _, fourth, _ = painted(tile)
    assert (fourth == 255).any()
    assert (fourth == 255).all() if tile in RECTANGLES else 0.02 < (fourth > 127).mean() < 0.98


@pytest.mark.parametrize("tile", starts(*GLAZED))
def test_glass_is_masked_and_dark(tile: str) -> None:
    colour, fourth, _ = painted(tile)
    glass = fourth == 255
    assert 0.04 < glass.mean() < 0.8
    assert 0.02 < colour[glass].mean() / 65535 < 0.12 < colour[fourth == 0].mean() / 65535 + 0.06


@pytest.mark.parametrize("tile", starts(*LAMPS))
def test_lamp_is_masked(tile: str) -> None:
    _, fourth, _ = painted(tile)
    assert (fourth == 255).any() and (fourth == 0).mean() > 0.3


@pytest.mark.parametrize("tile", starts("tree", "person"))
def test_figure_stands_on_the_ground_and_fills_the_height(tile: str) -> None:
    _, fourth, _ = painted(tile)
    rows = np.flatnonzero((fourth > 26).any(axis=1))
    assert rows[0] <= 1 and rows[-1] >= 0.96 * len(fourth)


@pytest.mark.parametrize("tile", starts("facade", "gable", "wall"))
def test_wrapping_leaves_no_seam(tile: str) -> None:
    """Across the seam neighbouring columns differ no more than the most different neighbours inside."""
    colour, _, _ = painted(tile)
    value = colour.astype(float).sum(axis=2)
    inside = np.abs(np.diff(value, axis=1)).mean(axis=0)
    assert np.abs(value[:, 0] - value[:, -1]).mean() <= inside.max()


def test_colours_of_the_street_are_grey() -> None:
    """Chroma of the mean colour (largest minus smallest, of the square roots) below 0.2 for all but signs and lamps."""
    for tile in TILES:
        if not tile.startswith(("sign", "lamp")):
            colour, fourth, cutout = painted(tile)
            mean = (colour[fourth > 127] if cutout else colour.reshape(-1, 3)).mean(axis=0) / 65535
            assert np.ptp(np.sqrt(mean)) < 0.2, tile


def test_facades_differ() -> None:
    """No two of the fourteen have the same colour and contrast."""
    looks = []
    for tile in starts("facade"):
        root = np.sqrt(painted(tile)[0].astype(float) / 65535)
        looks.append([*root.mean(axis=(0, 1)), root.std()])
    apart = np.abs(np.array(looks)[:, None] - np.array(looks)[None]).max(axis=2)
    assert apart[~np.eye(len(looks), dtype=bool)].min() > 0.01
