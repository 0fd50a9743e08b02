"""Rain: its haze, its streaks, and where they are not."""

from types import SimpleNamespace

import numpy as np
import pytest

from fairweather.errors import InputError
from fairweather.generators.weather.rain import NEAR, add_rain, extinction
from fairweather.generators.weather.streaks import REFERENCE


def test_extinction_is_twice_the_cross_section_of_the_drops() -> None:
    d = np.linspace(0, 30, 300001)  # mm
    for rate in (1, 10, 50):
        density = 8000 * np.exp(-4.1 * rate**-0.21 * d)  # per m^3 and mm
        cross = (np.pi / 4 * (d / 1000) ** 2 * density).sum() * (d[1] - d[0])
        assert extinction(rate) == pytest.approx(2 * cross, rel=1e-3)


@pytest.mark.parametrize(("rate", "spray"), [(4, 1000), (20, 3000), (80, 100_000)])
def test_transmittance_falls_with_depth_as_declared(plain: SimpleNamespace, rate: float, spray: float) -> None:
    """On a scene of the reference brightness, where the haze of display values is that of linear light; streaks only brighten,
    so that the darkest pixels of a depth have none."""
    shade = float(plain.encode(np.array(REFERENCE)))
    image = np.full((600, 120, 3), round(shade), np.uint8)
    metres = np.linspace(10, 500, 120).astype(np.float32)
    air = (0.5, 0.5, 0.5)
    rainy = add_rain(image, np.tile(metres, (600, 1)), rate, 1, spray=spray, light=1, airlight=air)
    behind = plain.decode(np.quantile(rainy[..., 0], 0.02, axis=0))
    loss = -np.log((0.5 - behind) / (0.5 - plain.decode(np.array(round(shade)))))
    slope, _ = np.polyfit(metres, loss, 1)
    assert np.corrcoef(metres, loss)[0, 1] ** 2 >= 0.98
    assert slope == pytest.approx(extinction(rate) + 3.912 / spray, rel=0.05)


def test_streaks_fall_before_far_things_only(plain: SimpleNamespace) -> None:
    image = np.full((300, 400, 3), 60, np.uint8)
    depth = np.full((300, 400), 0.8 * NEAR, np.float32)
    depth[:, 100:200], depth[:, 200:300], depth[:, 300:] = 2.5, 30, np.inf
    rainy = add_rain(image, depth, 50, 1, spray=100_000, light=1, airlight=(0.45, 0.45, 0.45))
    strips = [rainy[:, i : i + 100, 0] for i in (0, 100, 200, 300)]
    brighter = [(strip > strip.min()).mean() for strip in strips]
    assert brighter[0] == 0
    assert 0.01 < brighter[1] < 0.8 * brighter[2]


def test_more_rain_is_more(plain: SimpleNamespace) -> None:
    rng = np.random.default_rng(0)
    image = rng.integers(20, 110, (240, 320, 3), np.uint8)
    depth = np.tile(np.geomspace(2, 300, 240)[::-1, None], (1, 320)).astype(np.float32)
    change = [
        np.abs(add_rain(image, depth, rate, 1, light=1, airlight=(0.45,) * 3).astype(int) - image).mean()
        for rate in (0.5, 2, 8, 30, 120)
    ]
    assert change == sorted(change)
    assert change[-1] > 2 * change[0]


def test_a_picture_has_its_own_streaks(plain: SimpleNamespace) -> None:
    image, depth = plain.street(64, 96)
    first, second = (add_rain(image, depth, 30, seed) for seed in (1, 2))
    assert (first != second).mean() > 0.05
    np.testing.assert_array_equal(first, add_rain(image, depth, 30, 1))


def test_a_rainy_scene_is_duller(plain: SimpleNamespace) -> None:
    image, depth = np.full((32, 32, 3), 120, np.uint8), np.full((32, 32), 0.3, np.float32)
    assert (add_rain(image, depth, 5, 1, light=0.5, spray=100_000) == 60).all()


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"rate": 0}, "rain 0 mm/h; allowed are 0.5 to 150 mm/h"),
        ({"spray": 1}, "spray 1 m; allowed are 50 to 100000 m"),
        ({"shutter": 1}, "shutter 1 s"),
        ({"wind": 20}, "wind 20 m/s; allowed are -15 to 15 m/s"),
        ({"focal": 0}, "focal length 0 px"),
        ({"light": 1.5}, "light 1.5; allowed are 0.1 to 1"),
        ({"airlight": (2, 0, 0)}, "airlight"),
    ],
)
def test_a_parameter_out_of_range_is_named(setting: dict[str, object], message: str) -> None:
    image, depth = np.zeros((2, 2, 3), np.uint8), np.ones((2, 2), np.float32)
    with pytest.raises(InputError, match=message.replace("(", r"\(")):
        add_rain(image, depth, **{"rate": 5, "seed": 0, **setting})  # type: ignore[arg-type]
