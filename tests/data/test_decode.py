"""Pixels come as they are stored, or not at all."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from fairweather.data import decode
from fairweather.data.decode import decode_image, decode_one_channel, image_size
from fairweather.errors import DataError

PIXELS = np.arange(6 * 8 * 3, dtype=np.uint8).reshape(6, 8, 3)


def saved(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, **options)
    return path


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P"])
def test_eight_bits_a_channel_become_rgb(tmp_path: Path, mode: str) -> None:
    image = Image.fromarray(PIXELS).convert(mode)
    path = saved(tmp_path / "a.png", image)
    assert np.array_equal(decode_image(path), np.asarray(image.convert("RGB"))) and image_size(path) == (6, 8)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_a_picture_with_holes_is_refused(tmp_path: Path, mode: str) -> None:
    image = Image.fromarray(PIXELS).convert("RGBA")
    image.putpixel((3, 2), (9, 9, 9, 254))
    path = saved(tmp_path / "a.png", image.convert(mode))
    with pytest.raises(DataError, match="has transparent pixels; what is behind them nobody knows"):
        decode_image(path)


@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (480, 360)])
def test_values_are_counted(shape: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    expected = np.bincount(values.ravel(), minlength=256)
    assert np.array_equal(decode.value_counts(values), expected)
    assert np.array_equal(decode.value_counts(values[::-1, ::-1]), expected)
    monkeypatch.setattr(decode, "STRIP", 7)
    assert np.array_equal(decode.value_counts(values), expected)


def deep_grey(path: Path) -> None:
    Image.fromarray(np.full((6, 8), 40_000, np.uint16)).save(path)


def deep_colours(path: Path) -> None:
    cv2.imwrite(str(path), np.full((6, 8, 3), 300, np.uint16))


def one_bit(path: Path) -> None:
    Image.new("1", (8, 6)).save(path)


@pytest.mark.parametrize(
    ("write", "mode"),
    [(deep_grey, "I;16B"), (deep_colours, "RGB;16B"), (one_bit, "1")],
    ids=["grey", "colours", "one bit"],
)
def test_other_depths_are_refused_and_never_clipped(tmp_path: Path, write: Callable[[Path], None], mode: str) -> None:
    write(tmp_path / "a.png")
    with pytest.raises(DataError, match=rf"a.png: the image holds mode {mode}; 8 bits a channel are read"):
        decode_image(tmp_path / "a.png")


def test_a_label_of_four_bits_is_refused_where_pillow_would_scale_it(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", Image.fromarray(np.full((6, 8), 10, np.uint8)), bits=4)
    with pytest.raises(DataError, match=r"a.png: the label holds mode L;4; one 8-bit channel"):
        decode_one_channel(path)
    deep_grey(path)
    with pytest.raises(DataError, match=r"a.png: the label holds mode I;16B; one 8-bit channel"):
        decode_one_channel(path)


@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
def test_a_picture_that_viewers_turn_is_refused(tmp_path: Path, name: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = saved(tmp_path / name, Image.fromarray(PIXELS), exif=exif)
    with pytest.raises(
        DataError, match=rf"{name}: its EXIF orientation is 6, .*; turn the pixels .* or remove the tag"
    ):
        decode_image(path)
    exif[0x0112] = 1
    assert decode_image(saved(path, Image.fromarray(PIXELS), exif=exif)).shape == (6, 8, 3)


def test_a_decompression_bomb_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path / "a.png", Image.fromarray(PIXELS[..., 0]))
    monkeypatch.setattr(decode.Image, "MAX_IMAGE_PIXELS", 10)
    for read in (decode_image, decode_one_channel, image_size):
        with pytest.raises(DataError, match=r"a.png: (too large|not a readable)") as caught:
            read(path)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_named(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.png").write_bytes(data)
    for read in (decode_image, decode_one_channel, image_size):
        with pytest.raises(DataError, match=r"a.png: (damaged or cut short|not a readable)"):
            read(tmp_path / "a.png")
    with pytest.raises(DataError, match=r"none.png: no such file"):
        decode_image(tmp_path / "none.png")
