"""What holds for all three: bytes, inputs left alone, bad input."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from fairweather.errors import InputError
from fairweather.generators.weather import add_fog, add_rain, add_snow, quantise

EFFECTS: dict[str, Callable[..., np.ndarray]] = {
    "fog": lambda image, depth, **more: add_fog(image, depth, 120.0, **more),
    "rain": lambda image, depth, **more: add_rain(image, depth, 30.0, 7, **more),
    "snow": lambda image, depth, **more: add_snow(image, depth, 2.0, 7, **more),
}
GOLDEN = {"fog": "1a8492216e956677", "rain": "35aea7017a2d6136", "snow": "1d59b063ff01a351"}


def digests() -> dict[str, str]:
    """Of each effect on a picture made of integers, with the airlight estimated."""
    y, x = np.mgrid[:90, :131]
    image = np.stack([(3 * x + y) % 256, (x * y) % 251, (7 * y) % 200], axis=2).astype(np.uint8)
    depth = (1.0 + ((x * 37 + y * 101) % 4096) / np.float32(16)).astype(np.float32)
    depth[:20] = np.inf
    return {name: hashlib.sha256(effect(image, depth).tobytes()).hexdigest()[:16] for name, effect in EFFECTS.items()}


def test_the_bytes_are_those_of_every_machine() -> None:
    assert digests() == GOLDEN


def test_another_process_compiling_for_another_processor_makes_the_same_bytes(tmp_path: Path) -> None:
    """For the oldest processor of the family: no AVX, no fused multiplication."""
    script = f"import runpy; print(runpy.run_path({__file__!r})['digests']())"
    environment = {
        **os.environ,
        "NUMBA_CPU_NAME": "generic",
        "NUMBA_CPU_FEATURES": "",
        "NUMBA_CACHE_DIR": str(tmp_path),
    }
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment)
    assert found.stdout.strip() == str(digests())


@pytest.mark.parametrize("name", EFFECTS)
def test_inputs_are_left_alone_and_the_result_is_new(plain: SimpleNamespace, name: str) -> None:
    image, depth = plain.street(40, 50)
    levels = quantise(depth)
    kept = image.copy(), depth.copy(), levels.fine.copy(), levels.coarse.copy()
    for array in (image, depth, levels.fine, levels.coarse):
        array.flags.writeable = False
    result = EFFECTS[name](image, depth)
    np.testing.assert_array_equal(result, EFFECTS[name](image, levels))
    for array, before in zip((image, depth, levels.fine, levels.coarse), kept, strict=True):
        np.testing.assert_array_equal(array, before)
    assert result.dtype == np.uint8
    assert result.shape == image.shape
    assert not np.shares_memory(result, image)
    assert (result != image).mean() > 0.3


@pytest.mark.parametrize("name", EFFECTS)
def test_the_result_goes_where_it_is_wanted(plain: SimpleNamespace, name: str) -> None:
    image, depth = plain.street(17, 23)
    expected, out = EFFECTS[name](image, depth), np.empty_like(image)
    assert EFFECTS[name](image, depth, out=out) is out
    np.testing.assert_array_equal(out, expected)
    EFFECTS[name](image, depth, out=image)
    np.testing.assert_array_equal(image, expected)
    with pytest.raises(ValueError, match="out is"):
        EFFECTS[name](image, depth, out=np.empty((17, 22, 3), np.uint8))


@pytest.mark.parametrize("name", EFFECTS)
def test_views_are_read_as_their_copies(plain: SimpleNamespace, name: str) -> None:
    image, depth = plain.street(30, 44)
    np.testing.assert_array_equal(
        EFFECTS[name](image[::2, ::-1], depth[::2, ::-1]),
        EFFECTS[name](image[::2, ::-1].copy(), depth[::2, ::-1].copy()),
    )


@pytest.mark.parametrize("name", EFFECTS)
@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (13, 1), (7, 8), (9, 1030)])
def test_any_size(plain: SimpleNamespace, name: str, shape: tuple[int, int]) -> None:
    image, depth = plain.street(*shape)
    assert EFFECTS[name](image, depth, airlight=(0.5, 0.5, 0.5)).shape == image.shape
    assert EFFECTS[name](image, np.full_like(depth, np.inf)).shape == image.shape


@pytest.mark.parametrize("name", EFFECTS)
@pytest.mark.parametrize(
    ("image", "depth", "error", "message"),
    [
        (np.zeros((4, 4), np.uint8), np.ones((4, 4), np.float32), ValueError, "picture is uint8 of shape"),
        (np.zeros((4, 4, 3)), np.ones((4, 4), np.float32), ValueError, "picture is float64"),
        (np.zeros((4, 4, 3), np.uint8), np.ones((4, 5), np.float32), ValueError, "the picture needs"),
        (np.zeros((4, 4, 3), np.uint8), np.ones((4, 4), np.float64), ValueError, "depth is float64"),
        (np.zeros((4, 4, 3), np.uint8), -np.ones((4, 4), np.float32), InputError, "16 pixels are negative, 0 are NaN"),
        (
            np.zeros((4, 4, 3), np.uint8),
            np.full((4, 4), np.nan, np.float32),
            InputError,
            "0 pixels are negative, 16 are NaN",
        ),
    ],
)
def test_bad_arrays_are_refused_in_one_line(
    name: str, image: np.ndarray, depth: np.ndarray, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message) as caught:
        EFFECTS[name](image, depth)
    assert "\n" not in str(caught.value)


def test_weather_is_made_without_torch() -> None:
    script = (
        "import sys, numpy as np; from fairweather.generators.weather import add_rain;"
        "add_rain(np.zeros((8, 8, 3), np.uint8), np.ones((8, 8), np.float32), 5, 1); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
