"""Falling snow: its extinction, its flakes, and where they are not."""

from types import SimpleNamespace

import numpy as np
import pytest

from fairweather.errors import InputError
from fairweather.generators.weather.snow import NEAR, add_snow, extinction
from fairweather.generators.weather.streaks import REFERENCE


def test_extinction_is_that_of_the_recommendation() -> None:
    """ITU-R P.1814 at 550 nm: 5.53 dB/km for 1 mm/h of dry snow, 3.84 of wet; exponents 1.38 and 0.72."""
    decibel = 10 * np.log10(np.e) * 1000
    assert extinction(1) * decibel == pytest.approx(5.5257, abs=1e-3)
    assert extinction(1, wet=True) * decibel == pytest.approx(3.8418, abs=1e-3)
    assert extinction(3) / extinction(1) == pytest.approx(3**1.38)
    assert extinction(3, wet=True) / extinction(1, wet=True) == pytest.approx(3**0.72)


@pytest.mark.parametrize(("rate", "wet"), [(2, False), (6, False), (6, True)])
def test_transmittance_falls_with_depth_as_declared(plain: SimpleNamespace, rate: float, wet: bool) -> None:
    """As for rain: a scene of the reference brightness; the darkest pixels of a depth have no flake."""
    shade = float(plain.encode(np.array(REFERENCE)))
    image = np.full((600, 120, 3), round(shade), np.uint8)
    metres = np.linspace(20, 500, 120).astype(np.float32)
    snowy = add_snow(image, np.tile(metres, (600, 1)), rate, 1, wet=wet, light=1, airlight=(0.5, 0.5, 0.5))
    behind = plain.decode(np.quantile(snowy[..., 0], 0.02, axis=0))
    kept = behind < 0.49
    loss = -np.log((0.5 - behind[kept]) / (0.5 - plain.decode(np.array(round(shade)))))
    slope, _ = np.polyfit(metres[kept], loss, 1)
    assert np.corrcoef(metres[kept], loss)[0, 1] ** 2 >= 0.98
    assert slope == pytest.approx(extinction(rate, wet), rel=0.05)


def test_flakes_fall_before_far_things_only(plain: SimpleNamespace) -> None:
    image = np.full((300, 400, 3), 60, np.uint8)
    depth = np.full((300, 400), 0.8 * NEAR, np.float32)
    depth[:, 100:200], depth[:, 200:300], depth[:, 300:] = 2.5, 30, np.inf
    snowy = add_snow(image, depth, 1, 1, light=1, airlight=(0.6, 0.6, 0.6))
    strips = [snowy[:, i : i + 100, 0] for i in (0, 100, 200, 300)]
    brighter = [(strip > strip.min()).mean() for strip in strips]
    assert brighter[0] == 0
    assert 0.01 < brighter[1] < 0.8 * brighter[2]


def test_more_snow_is_more() -> None:
    rng = np.random.default_rng(0)
    image = rng.integers(20, 110, (240, 320, 3), np.uint8)
    depth = np.tile(np.geomspace(2, 300, 240)[::-1, None], (1, 320)).astype(np.float32)
    change = [
        np.abs(add_snow(image, depth, rate, 1, light=1, airlight=(0.6,) * 3).astype(int) - image).mean()
        for rate in (0.05, 0.2, 0.8, 3, 10)
    ]
    assert change == sorted(change)
    assert change[-1] > 2 * change[0]


def test_flakes_are_bright_on_a_dark_scene() -> None:
    image, depth = np.full((200, 300, 3), 30, np.uint8), np.full((200, 300), 15, np.float32)
    snowy = add_snow(image, depth, 2, 5, light=1, airlight=(0.6, 0.6, 0.6))
    assert 0.005 < (snowy[..., 0] > 70).mean() < 0.4
    assert np.median(snowy) < 60


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"rate": 0}, "snow 0 mm/h; allowed are 0.05 to 10 mm/h"),
        ({"shutter": 1}, "shutter 1 s"),
        ({"wind": -20}, "wind -20 m/s"),
        ({"focal": 1}, "focal length 1 px"),
        ({"light": 0}, "light 0; allowed are 0.1 to 1"),
        ({"airlight": (0, 0)}, "airlight"),
    ],
)
def test_a_parameter_out_of_range_is_named(setting: dict[str, object], message: str) -> None:
    image, depth = np.zeros((2, 2, 3), np.uint8), np.ones((2, 2), np.float32)
    with pytest.raises(InputError, match=message):
        add_snow(image, depth, **{"rate": 1, "seed": 0, **setting})  # type: ignore[arg-type]
