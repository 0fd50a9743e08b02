import cv2
import numpy as np
import pytest

from fairweather.errors import InputError
from fairweather.generators import Source
from fairweather.generators.rendering.augmenters import Augmenters
from fairweather.strategies.strategy import configured
from fairweather.vocabulary.streams import stream


def street(height=120, width=200):
    rng = np.random.default_rng(3)
    blocks = rng.integers(-60, 60, (height // 20, width // 20, 3))
    tone = np.linspace(200, 70, height)[:, None, None]
    return np.clip(np.kron(blocks, np.ones((20, 20, 1))) + tone, 0, 255).astype(np.uint8)


def made(image, domain, number, generator=Augmenters()):  # noqa: B008
    label = np.full(image.shape[:2], 255, np.uint8)
    return generator.generate(Source(image, label), domain, stream(0, "pool", number))


def test_fog_is_denser_than_clouds_and_both_are_light():
    image = street()
    cloudy, foggy = ([made(image, domain, k) for k in range(12)] for domain in ("cloudy", "foggy"))
    kept = [np.mean([x.std() for x in images]) / image.std() for images in (cloudy, foggy)]
    assert kept[1] < 0.75 and kept[1] < kept[0] < 0.95
    assert np.mean(foggy) > np.mean(cloudy) > image.mean() + 10


def test_rain_greys_and_has_streaks_near_the_vertical():
    image = np.full((200, 300, 3), (40, 80, 160), np.uint8)
    rainy = np.stack([made(image, "rainy", k) for k in range(12)]).astype(float)
    assert np.ptp(rainy, axis=3).mean() < 110 < np.ptp(image, axis=2).mean()
    along, across = (np.abs(np.diff(rainy, axis=axis)).mean() for axis in (1, 2))
    assert across > 2 * along


def test_snow_is_flakes_or_a_white_landscape_half_each():
    """Flakes touch part of the picture, the landscape turns the whole of its dark part white."""
    dark = np.full((120, 200, 3), 40, np.uint8)
    shares = np.array([(made(dark, "snowy", k) != 40).any(axis=2).mean() for k in range(40)])
    assert 8 < (shares == 1).sum() < 32
    flakes = [made(street(), "snowy", k, Augmenters(snow="flakes")) for k in range(10)]
    assert all((x >= street()).all() and (x > street()).any() for x in flakes)


def test_the_landscape_raises_dark_lightness_only():
    """A threshold of 100 at least and 255 at most, a factor of 1 to 4."""
    image = street()
    light = cv2.cvtColor(image, cv2.COLOR_RGB2HLS)[..., 1].astype(int)
    for k in range(10):
        snowy = made(image, "snowy", k, Augmenters(snow="landscape")).astype(int)
        new = cv2.cvtColor(snowy.astype(np.uint8), cv2.COLOR_RGB2HLS)[..., 1].astype(int)
        changed = np.abs(snowy - image).max(axis=2) > 3
        if changed.any():
            threshold = light[changed].max()
            assert changed[(light < min(threshold, 100) - 1)].all()
        factor = new[light < 60] / light[light < 60]
        assert 0.9 < np.median(factor) < 4.3
        assert (new >= light - 2).all()


def test_large_pictures_are_snowed_on_visibly_unless_imgaug_is_followed_to_the_letter():
    """imgaug's own advice for 960x1280 are larger flakes than its default, which suits 192x256."""
    image = np.full((512, 1024, 3), 60, np.uint8)
    letter = configured(Augmenters, Augmenters.card, "imgaug")
    changes = [
        np.mean([made(image, "snowy", k, Augmenters(snow="flakes", grid=grid)).mean() - 60 for k in range(8)])
        for grid in (384, letter.grid)
    ]
    assert changes[0] > 1.5 * changes[1] > 0


@pytest.mark.parametrize("domain", Augmenters.card.domains_supported)
@pytest.mark.parametrize("size", [(32, 32), (33, 97), (100, 40)])
def test_every_domain_works_at_small_sizes_on_locked_views(domain, size):
    image = np.ascontiguousarray(street(120, 200)[: size[0], : 2 * size[1]])[:, ::-2]
    image.flags.writeable = False
    for k in range(4):
        one = made(image, domain, k)
        assert one.shape == image.shape and one.dtype == np.uint8
        assert np.array_equal(one, made(image, domain, k))
    assert not np.array_equal(one, made(image, domain, 99))


@pytest.mark.parametrize("settings", [{"layers": 0}, {"layers": 1.5}, {"snow": "hail"}, {"grid": 8}, {"grid": "fine"}])
def test_a_bad_setting_is_refused_in_one_line(settings):
    with pytest.raises(InputError) as error:
        Augmenters(**settings)
    assert next(iter(settings)) in str(error.value) and "\n" not in str(error.value)
