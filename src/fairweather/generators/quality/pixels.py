"""How far an image is from a reference, pixel by pixel: PSNR over RGB, SSIM of the luma.

SSIM is that of Wang, Bovik, Sheikh & Simoncelli, "Image quality assessment: from error visibility to structural similarity"
(IEEE Transactions on Image Processing 13, 2004): an 11x11 Gaussian window of sigma 1.5, K1 = 0.01, K2 = 0.03, L = 255, the mean
over all windows that lie wholly inside the image, population variances, on luma (section III-C; ITU-R BT.601, rounded to whole
levels as MATLAB's rgb2gray does), at full resolution. It needs the variances only as a sum, so four planes are filtered, not
five. The filter is separable; a compiled loop carries eleven filtered rows along and never stores a plane.
"""

import math

import cv2
import numpy as np

from fairweather.errors import InputError
from fairweather.kernels import kernel

WINDOW, SIGMA, K1, K2, LEVELS = 11, 1.5, 0.01, 0.03, 255
_C1, _C2 = np.float32((K1 * LEVELS) ** 2), np.float32((K2 * LEVELS) ** 2)
_MIDDLE, _ONE, _TWO = np.float32(128), np.float32(1), np.float32(2)


def _half_window() -> tuple[np.float32, ...]:
    """Weights at distance 5, 4, ... 0 from the centre; the whole window adds up to exactly 1 in float32.

    A window that adds up to 1 + e gives flat areas a variance of 2 e times their squared level.
    """
    weights = np.exp(-0.5 * (np.arange(-(WINDOW // 2), 1) / SIGMA) ** 2)
    side = (weights[:-1] / (2 * weights[:-1].sum() + 1)).astype(np.float32)
    return (*side, np.float32(1 - 2 * side.astype(np.float64).sum()))


_W0, _W1, _W2, _W3, _W4, _W5 = _half_window()


def mean_squared_error(image: np.ndarray, reference: np.ndarray) -> float:
    """Mean over pixels and channels of the squared difference in levels; 0.0 only for equal images.

    Args:
        image, reference: uint8 (H, W, 3), of one size.

    Raises:
        InputError: other shapes or dtypes.
    """
    _check(image, reference)
    whole = np.ascontiguousarray(image).reshape(len(image), -1), np.ascontiguousarray(reference).reshape(len(image), -1)
    return float(cv2.norm(*whole, cv2.NORM_L2SQR)) / image.size


def psnr(image: np.ndarray, reference: np.ndarray) -> float:
    """Peak signal-to-noise ratio over RGB in dB: 10 log10(255^2 / mean squared error); inf for equal images.

    Raises:
        InputError: as `mean_squared_error`.
    """
    error = mean_squared_error(image, reference)
    return 10 * math.log10(LEVELS**2 / error) if error else math.inf


def ssim(image: np.ndarray, reference: np.ndarray) -> float:
    """Mean structural similarity of the luma, -1 to 1; exactly 1.0 for equal images.

    Raises:
        InputError: as `mean_squared_error`; an image smaller than the window.
    """
    _check(image, reference)
    height, width = image.shape[:2]
    if min(height, width) < WINDOW:
        raise InputError(f"SSIM of images of {width}x{height}: allowed are {WINDOW}x{WINDOW} and larger")
    lumas = [cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2GRAY) for picture in (image, reference)]
    columns: np.ndarray = _ssim_columns(lumas[0], lumas[1])
    return math.fsum(columns) / float((height - WINDOW + 1) * len(columns))


def _check(image: np.ndarray, reference: np.ndarray) -> None:
    for name, picture in (("image", image), ("reference", reference)):
        if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3 or not picture.size:
            raise InputError(f"{name} is {picture.dtype} of shape {picture.shape}; allowed is uint8 (H, W, 3)")
    if image.shape != reference.shape:
        raise InputError(f"image is {image.shape}, reference is {reference.shape}; the two must have one size")


@kernel(nogil=True)
def _blend(rows: np.ndarray, plane: int, first: int, out: np.ndarray) -> None:
    """Weigh eleven rows of a ring float32 (11, 4, width): the oldest is `first`."""
    r0, r1, r2 = rows[first, plane], rows[(first + 1) % 11, plane], rows[(first + 2) % 11, plane]
    r3, r4, r5 = rows[(first + 3) % 11, plane], rows[(first + 4) % 11, plane], rows[(first + 5) % 11, plane]
    r6, r7, r8 = rows[(first + 6) % 11, plane], rows[(first + 7) % 11, plane], rows[(first + 8) % 11, plane]
    r9, r10 = rows[(first + 9) % 11, plane], rows[(first + 10) % 11, plane]
    for x in range(out.size):
        out[x] = (
            (_W0 * (r0[x] + r10[x]) + _W1 * (r1[x] + r9[x]) + _W2 * (r2[x] + r8[x]))
            + (_W3 * (r3[x] + r7[x]) + _W4 * (r4[x] + r6[x]))
            + _W5 * r5[x]
        )


@kernel(nogil=True)
def _smooth(row: np.ndarray, out: np.ndarray) -> None:
    """The window along a row float32 (width + 10,) into (width,)."""
    for x in range(out.size):
        out[x] = (
            (_W0 * (row[x] + row[x + 10]) + _W1 * (row[x + 1] + row[x + 9]) + _W2 * (row[x + 2] + row[x + 8]))
            + (_W3 * (row[x + 3] + row[x + 7]) + _W4 * (row[x + 4] + row[x + 6]))
            + _W5 * row[x + 5]
        )


@kernel(nogil=True)
def _ssim_columns(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Sums over rows of the SSIM map of two lumas uint8 (H, W): float64 (W - 10,).

    Levels are counted from 128: variances do not change, and their float32 error falls to a quarter.
    """
    height, width = first.shape[0], first.shape[1] - 10
    sums = np.zeros(width, np.float64)
    raw = np.empty((4, width + 10), np.float32)
    ring = np.empty((11, 4, width), np.float32)
    mean = np.empty((4, width), np.float32)
    for y in range(height):
        a, b = first[y], second[y]
        raw_a, raw_b, raw_squares, raw_product = raw[0], raw[1], raw[2], raw[3]
        for x in range(width + 10):
            p, q = np.float32(a[x]) - _MIDDLE, np.float32(b[x]) - _MIDDLE
            raw_a[x], raw_b[x] = p, q
            raw_squares[x], raw_product[x] = p * p + q * q, p * q
        for plane in range(4):
            _smooth(raw[plane], ring[y % 11, plane])
        if y < 10:
            continue
        for plane in range(4):
            _blend(ring, plane, (y + 1) % 11, mean[plane])
        mean_a, mean_b, squares, product = mean[0], mean[1], mean[2], mean[3]
        for x in range(width):
            m, n = mean_a[x], mean_b[x]
            covariance = product[x] - m * n
            variances = squares[x] - (m * m + n * n)
            m, n = m + _MIDDLE, n + _MIDDLE
            luminance = (_TWO * (m * n) + _C1) / ((m * m + n * n) + _C1)
            sums[x] += np.float64(luminance * ((_TWO * covariance + _C2) / (variances + _C2)))
    return sums
