import cv2
import numpy as np
import pytest

from fairweather.errors import InputError
from fairweather.generators import Source
from fairweather.generators.rendering import albumentations_weather as ours
from fairweather.generators.rendering import tone
from fairweather.generators.rendering.albumentations_weather import AlbumentationsWeather
from fairweather.vocabulary.streams import stream

DRAWS = 12


@pytest.fixture
def peer(monkeypatch):
    monkeypatch.setenv("NO_ALBUMENTATIONS_UPDATE", "1")
    module = pytest.importorskip("albumentations")
    if module.__version__ != "2.0.8":
        pytest.skip("the referee is albumentations 2.0.8")
    return module


def street(height=180, width=320):
    """A bright sky over dark ground, with coloured blocks."""
    rng = np.random.default_rng(3)
    blocks = rng.integers(-40, 40, (height // 20, width // 20, 3))
    tone = np.linspace(210, 70, height)[:, None, None]
    return np.clip(np.kron(blocks, np.ones((20, 20, 1))) + tone, 0, 255).astype(np.uint8)


def source(image):
    return Source(image, np.full(image.shape[:2], 255, np.uint8))


def made(image, domain, number, **settings):
    return AlbumentationsWeather(**settings).generate(source(image), domain, stream(0, "pool", number))


def peer_made(transform, image, number):
    transform.set_random_seed(number)
    return transform(image=image)["image"]


def test_fog_lightens_and_flattens_as_much_as_the_peers(peer):
    image = street()
    ours, theirs = [], []
    transform = peer.RandomFog(fog_coef_range=(0.6, 0.6), p=1)
    for k in range(DRAWS):
        ours.append(made(image, "foggy", k, fog_least=0.6, fog_most=0.6).astype(float))
        theirs.append(peer_made(transform, image, k).astype(float))
    mean, other = np.mean(ours, axis=0), np.mean(theirs, axis=0)
    assert other.mean() - image.mean() > 5
    assert mean.mean() == pytest.approx(other.mean(), abs=1)
    assert np.abs(mean.mean(axis=(1, 2)) - other.mean(axis=(1, 2))).max() < 6
    assert np.mean([x.std() for x in ours]) == pytest.approx(np.mean([x.std() for x in theirs]), abs=1)


def test_the_blur_at_half_size_is_that_of_the_whole(monkeypatch):
    image = street(600, 720)
    foggy = ours.foggy(image, 0.5, stream(0, "pool", 1)).astype(float)
    sharp = ours.discs.veiled(image, ours.discs.shrinking(600, 720, 0.5, stream(0, "pool", 1)), 0.04)
    slow = cv2.GaussianBlur(sharp, (21, 21), 0)
    assert np.abs(foggy - slow).mean() < 0.5
    assert np.abs(foggy - slow).max() < 4 < np.abs(sharp.astype(float) - slow).max()


@pytest.mark.parametrize("kind", ["drizzle", "default", "heavy", "torrential"])
def test_rain_has_as_many_streaks_of_the_same_slope_as_the_peers(peer, kind):
    """On black nothing but the drops is left."""
    black = np.zeros((240, 400, 3), np.uint8)
    transform = peer.RandomRain(slant_range=(8, 8), rain_type=kind, blur_value=1, brightness_coefficient=1.0, p=1)
    theirs = np.stack([peer_made(transform, black, k)[..., 0] for k in range(DRAWS)]).astype(float)
    drops = ours.DROPS[kind]
    rain = np.stack([ours.rainy(black, 8, drops, 1, 1.0, stream(0, "pool", k))[..., 0] for k in range(DRAWS)])
    assert set(np.unique(rain)) == {0, 200}
    assert rain.mean() == pytest.approx(theirs.mean(), rel=0.04)
    assert lean(rain.astype(float)) == lean(theirs) == 4, "8 columns over 30 rows: 4 over 15"


def lean(pictures):
    """By how many columns streaks move over 15 rows: the shift at which pictures resemble themselves most."""
    shifts = range(-8, 9)
    likeness = [(pictures[:, 15:] * np.roll(pictures, shift, axis=2)[:, :-15]).mean() for shift in shifts]
    return shifts[int(np.argmax(likeness))]


def test_rain_darkens_and_scatters_as_the_peers(peer):
    image = street()
    transform = peer.RandomRain(slant_range=(5, 5), rain_type="heavy", blur_value=3, p=1)
    theirs = np.stack([peer_made(transform, image, k) for k in range(DRAWS)]).astype(float)
    rain = np.stack([ours.rainy(image, 5, 1.0, 3, 0.7, stream(0, "pool", k)) for k in range(DRAWS)]).astype(float)
    assert rain.mean() == pytest.approx(theirs.mean(), abs=1)
    assert rain.std() == pytest.approx(theirs.std(), abs=1)
    dry = ours.rainy(image, 5, 0.0, 3, 0.7, stream(0, "pool", 1))
    assert np.abs(dry - image * 0.7).max() <= 0.5


def test_snow_bleaches_by_the_peers_rule(peer):
    """The same pixels, to the same lightness; the peer rounds hue, lightness and saturation to 8 bits."""
    image = street()
    for point in (0.2, 0.5):
        theirs = peer_made(peer.RandomSnow(snow_point_range=(point, point), p=1), image, 1)
        snowy = made(image, "snowy", 1, snow="bleach", snow_least=point, snow_most=point)
        light = cv2.cvtColor(image, cv2.COLOR_RGB2HLS)[..., 1]
        sure = np.abs(light - ours.threshold(point)) > 1
        changed, other = ((np.abs(x.astype(int) - image).max(axis=2) > 8) for x in (snowy, theirs))
        assert np.array_equal(changed[sure], other[sure])
        assert np.array_equal(changed[sure], (light < ours.threshold(point))[sure])
        lights = [cv2.cvtColor(x, cv2.COLOR_RGB2HLS)[..., 1].astype(int) for x in (snowy, theirs)]
        assert np.abs(lights[0] - lights[1])[sure].max() <= 4
        assert np.abs(snowy.astype(int) - theirs)[sure].mean() < 1.5


def test_texture_has_the_peers_value_where_the_peer_does_not_overflow(peer):
    image = street() // 4
    for point in (0.2, 0.5):
        transform = peer.RandomSnow(snow_point_range=(point, point), method="texture", p=1)
        theirs = np.stack([peer_made(transform, image, k).max(axis=2) for k in range(DRAWS)]).astype(float)
        snowy = np.stack([ours.texture(image, point, 2.5, stream(0, "pool", k)).max(axis=2) for k in range(DRAWS)])
        assert snowy.mean() == pytest.approx(theirs.mean(), abs=2.5)
        rows = snowy.mean(axis=(0, 2)) - theirs.mean(axis=(0, 2))
        assert np.abs(rows).max() < 6
        grains = [(x - cv2.blur(x, (9, 9)))[x < 240].std() for x in (theirs[0], snowy[0].astype(float))]
        assert grains[1] == pytest.approx(grains[0], rel=0.15)


def test_texture_whitens_the_top_tints_and_sparkles():
    grey = np.full((200, 300, 3), 60, np.uint8)
    snowy = ours.texture(grey, 0.4, 2.5, stream(0, "pool", 1)).astype(int)
    assert (snowy == 255).all(axis=2).mean() == pytest.approx(0.01, rel=0.2)
    top, bottom = np.median(snowy[:20], axis=(0, 1)), np.median(snowy[-20:], axis=(0, 1))
    assert top[2] > bottom[2] + 20
    assert bottom[2] > bottom[1] > bottom[0], "a blue tint"
    bright = ours.texture(np.full((200, 300, 3), 250, np.uint8), 0.5, 2.5, stream(0, "pool", 1))
    assert bright.min() > 200, "nothing starts again at 0"


def test_weather_is_drawn_from_its_settings():
    image = street() // 3
    rain = [ours.rainy(image, 0, ours.DROPS[kind], 3, 0.7, stream(0, "pool", 1)).mean() for kind in ours.RAINS]
    assert rain == sorted(rain)
    cycled = [made(image, "rainy", k).mean() for k in range(30)]
    for level in rain:
        assert min(abs(mean - level) for mean in cycled) < 4
    bleached = tone.lightness(image, 2.5, ours.threshold(0.3)).mean()
    snowy = [made(image, "snowy", k, snow_least=0.3, snow_most=0.3) for k in range(20)]
    by_bleach = [abs(x.mean() - bleached) < 1e-9 for x in snowy]
    assert 3 < sum(by_bleach) < 17
    light, dense = (made(image, "foggy", 1, fog_least=c, fog_most=c).mean() for c in (0.4, 0.8))
    assert dense > light > image.mean()


@pytest.mark.parametrize("domain", AlbumentationsWeather.card.domains_supported)
@pytest.mark.parametrize("size", [(32, 32), (33, 97), (100, 40)])
def test_every_domain_works_at_small_sizes_on_locked_views(domain, size):
    image = np.ascontiguousarray(street(120, 200)[: size[0], : 2 * size[1]])[:, ::-2]
    image.flags.writeable = False
    for k in range(4):
        one = made(image, domain, k)
        assert one.shape == image.shape and one.dtype == np.uint8
        assert np.array_equal(one, made(image, domain, k))
    assert not np.array_equal(one, made(image, domain, 99))


@pytest.mark.parametrize(
    "settings",
    [
        {"fog_least": 0.9},
        {"fog_most": 1.5},
        {"snow_least": -0.1},
        {"rain": "hail"},
        {"rain_blur": 0},
        {"rain_blur": 2.5},
        {"rain_light": 0},
        {"snow": "powder"},
        {"snow_light": "bright"},
    ],
)
def test_a_bad_setting_is_refused_in_one_line(settings):
    with pytest.raises(InputError) as error:
        AlbumentationsWeather(**settings)
    assert next(iter(settings)) in str(error.value) and "\n" not in str(error.value)
