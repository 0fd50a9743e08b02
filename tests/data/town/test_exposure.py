import cv2
import numpy as np
import pytest
from scipy import stats

from fairweather.data.town import exposure
from fairweather.data.town.conditions import Conditions
from fairweather.data.town.exposure import READ, SHOT, develop, jpeg, meter, normals, tone
from fairweather.data.town.weather import draw_conditions

HEIGHT, WIDTH = 128, 256


def plain(**changes: float) -> Conditions:
    """A camera without blur, glow or vignetting."""
    still = draw_conditions("north", "cloudy", 0.0, 1)._replace(
        glow=0.0, blur=0.0, vignette=0.0, quality=100.0, meter=0.2
    )
    return still._replace(**changes)


def raw(radiance: np.ndarray, conditions: Conditions, monkeypatch: pytest.MonkeyPatch, seed: int = 1) -> np.ndarray:
    """The developed picture before JPEG, back in linear light."""
    with monkeypatch.context() as patch:
        patch.setattr(exposure, "jpeg", lambda image, quality: image[..., ::-1])
        image = develop(radiance, conditions, np.uint64(seed))
    codes = np.array([255 * tone(v) for v in np.linspace(0, 4, 40001)])
    return np.interp(image, codes, np.linspace(0, 4, 40001))


def flat(value: float) -> np.ndarray:
    return np.full((HEIGHT, WIDTH, 3), value, np.float32)


def steps(levels: np.ndarray) -> np.ndarray:
    """Bars of equal width, one per level."""
    return (
        np.repeat(np.repeat(levels.astype(np.float32), WIDTH // len(levels))[None, :, None], HEIGHT, 0)
        .repeat(3, 2)
        .copy()
    )


@pytest.mark.parametrize("gain", [2.0, 6.0, 12.0])
def test_noise_variance_is_linear_in_the_light_and_grows_with_the_gain(
    gain: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    levels = np.linspace(0.08, 0.62, 8)
    seen = raw(steps(levels), plain(gain=gain, meter=float(levels.mean())), monkeypatch)
    bars = seen.reshape(HEIGHT, 8, WIDTH // 8, 3)
    variance, mean = bars.var((0, 2, 3)), bars.mean((0, 2, 3))
    assert np.allclose(mean, levels, rtol=0.02)
    slope, offset = np.polyfit(mean, variance, 1)
    assert slope == pytest.approx(SHOT * gain, rel=0.08)
    assert abs(offset - READ * gain**2) < 0.08 * SHOT * gain
    assert np.corrcoef(mean, variance)[0, 1] > 0.995


def test_read_noise_is_what_is_left_in_the_dark(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = flat(0.3)
    picture[:32] = 0.0
    seen = raw(picture, plain(gain=14.0, meter=0.3), monkeypatch)[:32]
    # below 0 the sensor reads 0: half the noise is cut
    assert np.sqrt((seen**2).mean() * 2) == pytest.approx(np.sqrt(READ) * 14.0, rel=0.05)


def test_noise_is_white(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = raw(flat(0.3), plain(gain=8.0, blur=0.6), monkeypatch) - 0.2
    for a, b in ((seen[1:], seen[:-1]), (seen[:, 1:], seen[:, :-1]), (seen[..., 0], seen[..., 1])):
        assert abs(np.corrcoef(a.ravel(), b.ravel())[0, 1]) < 0.02  # it does not pass the lens


def test_normals_are_normal() -> None:
    table = normals()[:65536].astype(np.float64)
    assert abs(table.mean()) < 1e-6 and table.std() == pytest.approx(1, abs=1e-3)
    assert np.allclose(np.sort(table), stats.norm.ppf((np.arange(65536) + 0.5) / 65536), atol=1e-6)
    assert abs(np.corrcoef(table[1:], table[:-1])[0, 1]) < 0.01
    assert np.array_equal(normals()[65536:], normals()[: 3 * 4096])


def test_metering_brings_the_lower_half_to_its_aim_and_leaves_lamps_out() -> None:
    picture = flat(0.01)
    picture[:64] = 9.0  # the sky does not count
    assert meter(picture, 0.1) * 0.01 == pytest.approx(0.1, rel=1e-4)
    picture[100:104, 100:104] = 500.0
    factor = meter(picture, 0.1)
    assert 0.09 < factor * 0.01 < 0.1
    exposed = np.minimum(picture[64:] * factor, 1.0)
    assert exposed.mean() == pytest.approx(0.1, rel=0.05)
    assert np.isfinite(meter(flat(0.0), 0.1))


@pytest.mark.parametrize("scale", [1e-3, 1.0, 40.0])
def test_exposure_follows_the_light(scale: float, monkeypatch: pytest.MonkeyPatch) -> None:
    levels = np.linspace(0.05, 0.6, 8)
    seen = raw(steps(levels * scale), plain(meter=float(levels.mean())), monkeypatch)
    assert np.allclose(seen.reshape(HEIGHT, 8, WIDTH // 8, 3).mean((0, 2, 3)), levels, rtol=0.02)


def test_vignetting_falls_with_the_square_of_the_distance_from_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = raw(flat(0.3), plain(vignette=0.3, gain=0.01, meter=0.28), monkeypatch)
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    square = ((rows + 0.5 - HEIGHT / 2) ** 2 + (columns + 0.5 - WIDTH / 2) ** 2) / (
        (HEIGHT / 2) ** 2 + (WIDTH / 2) ** 2
    )
    slope, offset = np.polyfit(square.ravel(), seen.mean(-1).ravel(), 1)
    assert slope / offset == pytest.approx(-0.3, abs=0.01)


def test_the_lens_blurs_by_its_sigma(monkeypatch: pytest.MonkeyPatch) -> None:
    for sigma in (0.3, 0.45, 0.6):
        picture = flat(0.1)
        picture[60, 100] = 0.9
        seen = raw(picture, plain(blur=sigma, gain=0.001, meter=0.1), monkeypatch).mean(-1)
        seen -= seen[0, 0]
        spot = seen[57:64, 97:104]
        assert (spot.sum(1) * (np.arange(7) - 3) ** 2).sum() / spot.sum() == pytest.approx(sigma**2, rel=0.1)
        assert (spot.sum(0) * (np.arange(7) - 3) ** 2).sum() / spot.sum() == pytest.approx(sigma**2, rel=0.1)


def test_tone_is_srgb_up_to_the_shoulder_and_the_cameras_contrast_and_rises_on_to_white() -> None:
    for value in (0.0, 0.002, 0.0031308, 0.05, 0.18, 0.7):
        srgb = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
        assert tone(value) == pytest.approx(srgb + 0.8 * srgb * (1 - srgb) * (2 * srgb - 1), abs=1e-9)
    curve = np.array([tone(v) for v in np.linspace(0, 4, 500)])
    assert (np.diff(curve) > 0).all()
    assert 0.95 < tone(1.0) < 0.99 and 0.99 < tone(4.0) <= 1


def test_the_last_step_is_one_jpeg_round_trip() -> None:
    image = np.random.default_rng(0).integers(0, 256, (64, 96, 3), np.uint8)
    code = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 85])[1]
    assert np.array_equal(jpeg(image, 85), cv2.imdecode(code, cv2.IMREAD_COLOR)[..., ::-1])
    assert (
        np.abs(jpeg(image, 95).astype(int) - image[..., ::-1]).mean()
        < np.abs(jpeg(image, 60).astype(int) - image[..., ::-1]).mean()
    )
    red = np.zeros((64, 64, 3), np.float32)
    red[..., 0] = 1.0
    seen = develop(red, plain(), np.uint64(1))
    assert seen.dtype == np.uint8 and (seen[..., 0] > seen[..., 2] + 100).all()


def test_the_radiance_is_left_as_it_is_and_seeds_reproduce() -> None:
    radiance = np.random.default_rng(0).random((64, 128, 3), np.float32) * 3
    before = radiance.copy()
    conditions = draw_conditions("north", "rainy", 2.0, 1)._replace(drops=4.0)
    one, two, other = (develop(radiance, conditions, np.uint64(k)) for k in (1, 1, 2))
    assert np.array_equal(one, two) and not np.array_equal(one, other)
    assert np.array_equal(radiance, before)
