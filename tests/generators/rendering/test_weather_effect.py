"""The generator: it meets the contract, and each weather looks as declared."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from fairweather.data.town.render import render
from fairweather.data.town.street import draw_scene
from fairweather.errors import InputError
from fairweather.generators import Source
from fairweather.generators.rendering import weather_effect as module
from fairweather.generators.rendering.weather_effect import WeatherEffect, illumination, opacity
from fairweather.vocabulary.labels import label_space
from fairweather.vocabulary.streams import stream

DRAWN = ("foggy", "rainy", "snowy")


@pytest.fixture(scope="module")
def street() -> Source:
    taken = render(draw_scene("north", "train", 3), "clear_day", 1.0, np.uint64(1), 256, 512)
    for plane in (taken.image, taken.label, taken.depth):
        plane.flags.writeable = False
    return Source(taken.image, taken.label, taken.depth, None, label_space("cityscapes19").classes)


def grey(image: np.ndarray) -> np.ndarray:
    return image @ np.array([0.2125, 0.7154, 0.0721])


@pytest.mark.parametrize("domain", WeatherEffect.card.domains_supported)
def test_the_stream_decides_and_nothing_is_written_to(street: Source, domain: str) -> None:
    made = [WeatherEffect().generate(street, domain, stream(0, "pool", i)) for i in (1, 1, 2)]
    assert (made[0].shape, made[0].dtype) == (street.image.shape, np.uint8)
    assert (made[0] == made[1]).all() and (made[0] != made[2]).any()
    assert np.abs(made[0].astype(int) - street.image).mean() > 1


@pytest.mark.parametrize("domain", WeatherEffect.card.domains_supported)
@pytest.mark.parametrize("size", [(32, 32), (40, 33), (65, 200)])
def test_any_size_view_and_label_will_do(domain: str, size: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (*size, 3), np.uint8)[:, ::-1]
    image.flags.writeable = False
    blank = np.full(size, 255, np.uint8)
    depth = (rng.random((size[1], size[0])) * 100).astype(np.float32).T
    for source in (Source(image, blank), Source(image, blank, depth, None, label_space("toy4").classes)):
        assert WeatherEffect().generate(source, domain, stream(0, "pool")).shape == image.shape


def test_fog_hides_what_is_far(street: Source) -> None:
    made = WeatherEffect().generate(street, "foggy", stream(0, "pool"))
    near, far = street.depth < 8, (street.depth > 30) & (street.depth < 200)
    changed = np.abs(made.astype(float) - 0.9 * street.image).mean(2)
    assert changed[far].mean() > 2 * changed[near].mean()
    assert grey(made)[far].std() < 0.7 * grey(street.image)[far].std()
    assert grey(made).std() < grey(street.image).std()
    saturation = [np.ptp(image.astype(int), axis=2)[far].mean() for image in (made, street.image)]
    assert saturation[0] < 0.7 * saturation[1]


def test_fog_is_that_of_the_depth_given(street: Source) -> None:
    """A wall at 5 m before the whole scene lets hardly any fog in between; one at 300 m is air."""
    shades = []
    for metres in (5, 40, 300):
        source = replace(street, depth=np.full(street.label.shape, metres, np.float32))
        shades.append(WeatherEffect().generate(source, "foggy", stream(0, "pool"))[140:].std())
    assert shades[0] > 2 * shades[1] > 4 * shades[2]
    assert shades[2] < 2


def test_without_depth_it_is_guessed_and_pseudo_is_never_overruled(street: Source) -> None:
    without = replace(street, depth=None)
    for domain in DRAWN:
        guessed = WeatherEffect().generate(without, domain, stream(0, "pool"))
        assert (WeatherEffect(depth="pseudo").generate(street, domain, stream(0, "pool")) == guessed).all()
        assert (WeatherEffect().generate(street, domain, stream(0, "pool")) != guessed).any()


def test_a_model_is_asked_when_one_is_named(street: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def depth(image: np.ndarray, model: str) -> np.ndarray:
        asked.append(model)
        return np.full(image.shape[:2], 20, np.float32)

    monkeypatch.setattr(module, "monocular_depth", depth)
    WeatherEffect(depth="Intel/dpt-large").generate(street, "rainy", stream(0, "pool"))
    assert asked == ["Intel/dpt-large"]


def test_snow_adds_light_specks_to_what_is_dark(street: Source) -> None:
    clear = replace(street, depth=np.zeros(street.label.shape, np.float32))  # no haze: the layer alone
    made = WeatherEffect().generate(clear, "snowy", stream(0, "pool")).astype(int)
    dulled = illumination(street.image).level
    factor = module.DULLER["snowy"][max(dulled, 1) - 1]
    most = street.image.max(2, keepdims=True)
    base = factor * ((1 - factor) * most + factor * street.image)
    added = made - base
    assert added.min() > -2
    dark, light = base.mean(2) < 60, base.mean(2) > 120
    assert added.mean(2)[dark].mean() > added.mean(2)[light].mean()
    assert np.percentile(added[dark], 99) > 40 and np.median(added[dark]) < 12


def test_rain_streaks_are_upright_and_denser_before_what_is_dark() -> None:
    half = np.full((240, 480, 3), 30, np.uint8)
    half[:, 240:] = 220
    source = Source(half, np.zeros((240, 480), np.uint8), np.zeros((240, 480), np.float32))
    made = grey(WeatherEffect().generate(source, "rainy", stream(0, "pool")))
    dark, light = made[:, 20:200], made[:, 280:460]
    assert dark.std() > 2 * light.std()
    down, right = np.abs(np.diff(dark, axis=0)).mean(), np.abs(np.diff(dark, axis=1)).mean()
    assert right > 1.3 * down


@pytest.mark.parametrize("value, level", [(10, 0), (63, 0), (64, 1), (127, 1), (128, 2), (191, 2), (192, 3), (255, 3)])
def test_the_level_of_illumination_is_the_fullest_quarter(value: int, level: int) -> None:
    image = np.full((30, 40, 3), value, np.uint8)
    image[:10] = 0
    light = illumination(image)
    assert light.level == level
    assert light.grid.mean() == pytest.approx(value / 255 * 2 / 3, abs=0.05)


def test_the_grid_is_the_mean_grey_of_squares() -> None:
    image = np.random.default_rng(0).integers(0, 256, (370, 483, 3), np.uint8)
    light = illumination(image)
    exact = grey(image) / 255
    assert light.side == 4
    assert light.grid[0, 0] == pytest.approx(exact[:4, :4].mean(), abs=1e-4)
    assert light.grid[-1, -1] == pytest.approx(exact[368:, 480:].mean(), abs=1e-4)
    assert light.level == np.histogram(exact, 4, (0, 1))[0].argmax()


def test_opacity_is_the_blur_of_the_whole_picture() -> None:
    """Made on a grid, it is within 0.01 of a Gaussian of 20 pixels on all 720 rows; 0.03 where that is cut off at 1."""
    rng = np.random.default_rng(0)
    image = np.kron(rng.integers(0, 256, (12, 16, 3), np.uint8), np.ones((60, 60, 1), np.uint8))
    light = illumination(image)
    exact = cv2.GaussianBlur(grey(image) / 255, (161, 161), 20, borderType=cv2.BORDER_REPLICATE)
    for level, wanted, within in ((1, 1 - exact, 0.01), (0, np.clip(2 * exact, 0, 1), 0.03)):
        made = opacity(light, level, 720, 960, 0.5) / 16384
        assert np.abs(made - 0.5 * wanted).max() < within


def test_a_dark_picture_has_dark_fog_if_it_is_believed() -> None:
    image, label = np.full((64, 96, 3), 20, np.uint8), np.zeros((64, 96), np.uint8)
    source = Source(image, label, np.full((64, 96), 1500, np.float32))
    night = WeatherEffect(darkest=0, fog_density=1.0).generate(source, "foggy", stream(0, "pool"))
    day = WeatherEffect(fog_density=1.0).generate(source, "foggy", stream(0, "pool"))
    assert night[40:].max() == 75
    assert 180 <= day[40:].max() <= 200


@pytest.mark.parametrize("domain, low, high", [("foggy", 500, 2000), ("rainy", 1000, 2000), ("snowy", 1000, 2500)])
def test_visibility_is_drawn_from_the_table(domain: str, low: int, high: int) -> None:
    drawn = [module._visibility(domain, 2, 2000, stream(0, "pool", i)) for i in range(400)]
    assert low <= min(drawn) < low + 50 and high - 50 < max(drawn) <= high


def test_visibility_in_fog_is_not_beyond_the_farthest_thing() -> None:
    assert {module._visibility("foggy", 1, 300, stream(0, "pool", i)) for i in range(9)} == {500}
    assert max(module._visibility("foggy", 1, 700, stream(0, "pool", i)) for i in range(60)) <= 700
    assert [module._visibility(d, 0, 400, stream(0, "pool")) for d in DRAWN] == [150, 300, 300]
    assert [module._visibility(d, 0, 2000, stream(0, "pool")) for d in DRAWN] == [150, 750, 750]


def test_denser_fog_is_thicker_and_the_published_one_is_a_profile(street: Source) -> None:
    far = (street.depth > 20) & (street.depth < 200)
    spreads = [
        WeatherEffect(fog_density=d).generate(street, "foggy", stream(0, "pool"))[far].std() for d in (1.0, 5.0, 15.0)
    ]
    assert spreads == sorted(spreads, reverse=True)
    assert WeatherEffect(**WeatherEffect.card.profiles["reference"]).darkest == 0


@pytest.mark.parametrize(
    "bad",
    [{"depth": ""}, {"depth": 3}, {"fog_density": 0}, {"haze_density": float("nan")}, {"fog_density": "1"},
     {"darkest": 4}, {"darkest": True}, {"darkest": 1.0}],
    ids=str,
)  # fmt: skip
def test_a_bad_parameter_is_refused_in_one_line(bad: dict[str, object]) -> None:
    with pytest.raises(InputError) as caught:
        WeatherEffect(**bad)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value) and next(iter(bad)) in str(caught.value)
