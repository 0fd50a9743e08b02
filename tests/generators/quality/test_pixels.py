"""PSNR and SSIM against their definitions in float64, numbers worked out by hand, and torchmetrics where it is installed."""

import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairweather.errors import InputError
from fairweather.generators.quality.pixels import mean_squared_error, psnr, ssim


def picture(seed: int, height: int = 40, width: int = 57) -> np.ndarray:
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (5, 6, 3), np.uint8)
    grain = rng.normal(0, 12, (height, width, 3))
    return np.clip(cv2.resize(coarse, (width, height)) + grain, 0, 255).astype(np.uint8)


def altered(image: np.ndarray, seed: int = 9) -> np.ndarray:
    return np.clip(0.7 * image + 40 + np.random.default_rng(seed).normal(0, 6, image.shape), 0, 255).astype(np.uint8)


def grey(level: int, side: int = 16) -> np.ndarray:
    return np.full((side, side, 3), level, np.uint8)


def ssim_by_definition(first: np.ndarray, second: np.ndarray) -> float:
    """Every whole window on its own, weights in two dimensions, central moments: Wang et al. 2004, eq. 13 to 17."""
    x, y = (cv2.cvtColor(p, cv2.COLOR_RGB2GRAY).astype(np.float64) for p in (first, second))
    offsets = np.arange(-5, 6)
    window = np.exp(-(offsets[:, None] ** 2 + offsets[None] ** 2) / (2 * 1.5**2))
    window /= window.sum()
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    values = []
    for top in range(x.shape[0] - 10):
        for left in range(x.shape[1] - 10):
            a, b = x[top : top + 11, left : left + 11], y[top : top + 11, left : left + 11]
            m, n = (window * a).sum(), (window * b).sum()
            va, vb = (window * (a - m) ** 2).sum(), (window * (b - n) ** 2).sum()
            both = (window * (a - m) * (b - n)).sum()
            values.append((2 * m * n + c1) * (2 * both + c2) / ((m * m + n * n + c1) * (va + vb + c2)))
    return float(np.mean(values))


def test_psnr_by_hand() -> None:
    image = np.full((2, 2, 3), 100, np.uint8)
    other = image.copy()
    other[0, 1, 2] = 116  # squared error 256 in one of 12 values: 10 log10(65025 / (256 / 12))
    assert mean_squared_error(image, other) == pytest.approx(256 / 12, abs=0)
    assert psnr(image, other) == pytest.approx(34.8402, abs=1e-4)
    assert psnr(grey(0), grey(255)) == 0
    assert psnr(image, image) == math.inf


def test_the_squared_error_is_exact_on_a_whole_frame() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.integers(0, 256, (2, 720, 1280, 3), np.uint8)
    assert mean_squared_error(first, second) == np.square(first.astype(np.int64) - second).sum() / first.size
    assert mean_squared_error(np.zeros_like(first), np.full_like(first, 255)) == 65025


@pytest.mark.parametrize(("first", "second"), [(100, 120), (0, 255), (3, 3), (0, 1), (255, 254)])
def test_ssim_of_constant_images_is_the_luminance_term(first: int, second: int) -> None:
    """No variance, so (2 a b + C1) / (a^2 + b^2 + C1) with C1 = 6.5025; 0.98361 for 100 and 120."""
    expected = (2 * first * second + 6.5025) / (first**2 + second**2 + 6.5025)
    assert ssim(grey(first), grey(second)) == pytest.approx(expected, abs=2e-5)


@pytest.mark.parametrize("size", [(11, 11), (11, 30), (26, 12), (40, 57)])
def test_ssim_is_that_of_the_definition(size: tuple[int, int]) -> None:
    image = picture(1, *size)
    for other in (altered(image), picture(2, *size), 255 - image, cv2.GaussianBlur(image, (0, 0), 2)):
        assert ssim(image, other) == pytest.approx(ssim_by_definition(image, other), abs=2e-6)


def test_luma_is_that_of_bt601() -> None:
    levels = np.random.default_rng(3).integers(0, 256, (64, 64, 3), np.uint8)
    luma = cv2.cvtColor(levels, cv2.COLOR_RGB2GRAY)
    assert np.abs(luma - levels @ np.array([0.299, 0.587, 0.114])).max() < 0.51
    assert ssim(levels, cv2.cvtColor(luma, cv2.COLOR_GRAY2RGB)) == 1


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(11, 48), st.integers(11, 48))
def test_equal_images_are_at_one_and_the_order_does_not_matter(seed: int, height: int, width: int) -> None:
    first, second = picture(seed, height, width), picture(seed + 1, height, width)
    assert ssim(first, first.copy()) == 1
    assert ssim(first, second) == ssim(second, first)
    assert psnr(first, second) == psnr(second, first)
    assert ssim(first, second) == pytest.approx(ssim(first[::-1], second[::-1]), abs=1e-6)
    assert ssim(first, second) == pytest.approx(ssim(first[:, ::-1], second[:, ::-1]), abs=1e-6)
    assert -1 <= ssim(first, second) < 1


def test_more_noise_is_further_away() -> None:
    image = picture(4, 80, 90)
    noise = np.random.default_rng(5).normal(0, 1, image.shape)
    noisy = [np.clip(image + sigma * noise, 0, 255).astype(np.uint8) for sigma in (1, 4, 16, 48)]
    assert [psnr(image, other) for other in noisy] == sorted((psnr(image, other) for other in noisy), reverse=True)
    assert [ssim(image, other) for other in noisy] == sorted((ssim(image, other) for other in noisy), reverse=True)


def test_a_photograph_negative_has_a_negative_likeness() -> None:
    checks = np.indices((32, 32)).sum(axis=0) % 2 * 80 + 87
    image = np.repeat(checks[..., None], 3, axis=2).astype(np.uint8)
    assert ssim(image, 254 - image) < -0.9


def test_views_that_are_read_only_give_the_same_numbers() -> None:
    image, other = picture(6, 64, 90), altered(picture(6, 64, 90))
    views = [np.repeat(np.repeat(p, 2, axis=0), 2, axis=1)[::2, ::2] for p in (image, other)]
    for view in views:
        view.flags.writeable = False
    assert (psnr(*views), ssim(*views)) == (psnr(image, other), ssim(image, other))


def test_torchmetrics_gives_the_same_on_whole_windows() -> None:
    pytest.importorskip("torchmetrics")
    import torch
    from torchmetrics.functional.image import peak_signal_noise_ratio, structural_similarity_index_measure

    image, other = picture(7, 90, 120), altered(picture(7, 90, 120))
    lumas = [torch.from_numpy(cv2.cvtColor(p, cv2.COLOR_RGB2GRAY)).double()[None, None] for p in (image, other)]
    _, whole = structural_similarity_index_measure(*lumas, data_range=255.0, sigma=1.5, return_full_image=True)
    assert ssim(image, other) == pytest.approx(whole[..., 5:-5, 5:-5].mean().item(), abs=1e-6)
    tensors = [torch.from_numpy(p).double() for p in (image, other)]
    assert psnr(image, other) == pytest.approx(peak_signal_noise_ratio(*tensors, data_range=255.0).item(), abs=1e-4)


@pytest.mark.parametrize("measure", [psnr, ssim])
def test_what_is_no_pair_of_pictures_is_refused_in_one_line(measure: object) -> None:
    image = picture(0)
    for first, second in [
        (image, image[:-1]),
        (image[..., 0], image[..., 0]),
        (image.astype(np.float32), image.astype(np.float32)),
        (image[:0], image[:0]),
    ]:
        with pytest.raises(InputError, match=r"allowed is uint8 \(H, W, 3\)|must have one size") as caught:
            measure(first, second)  # type: ignore[operator]
        assert "\n" not in str(caught.value)


def test_an_image_smaller_than_the_window_has_no_ssim() -> None:
    with pytest.raises(InputError, match="57x10: allowed are 11x11 and larger"):
        ssim(picture(0, 10), picture(1, 10))
