"""Reading image files strictly: a file that is cut short or of another kind is an error, never a partial picture."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image

from fairweather.errors import DataError


def file_digest(path: Path) -> str:
    """sha256 of the file's bytes; DataError if it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}") from error


# What the pixels of a file are, as Pillow calls it, where converting to RGB loses nothing of 8 bits a channel.
EIGHT_BIT = ("L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr")
ORIENTATION = 0x0112  # the EXIF tag that says how a viewer is to turn the picture; 1 is upright

# What Pillow raises for files that are damaged, cut short, or so large that they may be an attack.
_DAMAGED = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)


def decode_image(path: Path) -> np.ndarray:
    """(H, W, 3) uint8 RGB.

    Raises:
        DataError: naming the file, if it is missing, cut short, no picture, not of 8 bits a channel, or to be turned by its
            viewer (EXIF), which its label would not be.
    """
    with _opened(path) as (image, stored):
        if image.has_transparency_data and not _opaque(image):
            raise DataError(f"{path}: the image has transparent pixels; what is behind them nobody knows, flatten it")
        if image.mode not in EIGHT_BIT or ";16" in stored:
            raise DataError(
                f"{path}: the image holds mode {stored or image.mode}; 8 bits a channel are read, convert it"
            )
        return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))


def decode_one_channel(path: Path) -> np.ndarray:
    """(H, W) uint8 of a file that declares one 8-bit channel; DataError if it holds a palette or colours instead."""
    with _opened(path) as (image, stored):
        if image.mode != "L" or stored not in ("", "L"):  # fewer bits would come scaled to 0..255
            kind = {"P": "a palette", "RGB": "RGB colours", "RGBA": "RGBA colours"}.get(
                image.mode, f"mode {stored or image.mode}"
            )
            raise DataError(f"{path}: the label holds {kind}; one 8-bit channel of class indices is declared")
        return np.asarray(image)


def decode_palette(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """(H, W) uint8 indices and the (N, 3) uint8 RGB palette of a palette file; DataError if it holds anything else."""
    with _opened(path) as (image, stored):
        if image.mode != "P" or stored.startswith("P;"):
            kind = {"L": "one channel without a palette", "RGB": "RGB colours", "RGBA": "RGBA colours"}.get(
                image.mode, f"mode {stored or image.mode}"
            )
            raise DataError(f"{path}: the label holds {kind}; palette indices are declared")
        return np.asarray(image), np.array(image.getpalette("RGB"), np.uint8).reshape(-1, 3)


def decode_colours(path: Path) -> np.ndarray:
    """(H, W, 3) uint8 RGB of a label drawn in colours; DataError if it holds one channel or a palette."""
    with _opened(path) as (image, stored):
        if image.mode not in ("RGB", "RGBA"):
            kind = {"P": "a palette", "L": "one channel"}.get(image.mode, f"mode {stored or image.mode}")
            raise DataError(f"{path}: the label holds {kind}; RGB colours are declared")
        return np.asarray(image.convert("RGB"))


def image_size(path: Path) -> tuple[int, int]:
    """(height, width) from the header alone."""
    try:
        with Image.open(path) as image:
            return image.height, image.width
    except _DAMAGED as error:
        raise DataError(f"{path}: not a readable image: {error}") from error


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Image.Image, str]]:
    """The whole file, decoded, and the mode its pixels are stored in ("" if not known); Pillow's errors become one DataError."""
    try:
        with path.open("rb") as file:
            image = Image.open(file)
            stored = _stored_mode(image)
            image.load()
            turned = image.getexif().get(ORIENTATION, 1)
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such file") from error
    except Image.DecompressionBombError as error:
        raise DataError(f"{path}: too large to be decoded safely: {error}") from error
    except _DAMAGED as error:
        raise DataError(f"{path}: damaged or cut short: {error}") from error
    if turned != 1:
        raise DataError(
            f"{path}: its EXIF orientation is {turned}, so viewers turn it and labels may not be turned alike; turn the pixels"
            " (Pillow: ImageOps.exif_transpose) or remove the tag, whichever fits its label"
        )
    with image:
        yield image, stored


def _opaque(image: Image.Image) -> bool:
    lowest, _ = image.convert("RGBA").getchannel("A").getextrema()
    return lowest == 255


def _stored_mode(image: Image.Image) -> str:
    """Pillow reads 16-bit RGB as 8-bit and scales fewer bits than 8 without a word; only the tiles of the open file tell."""
    tiles = getattr(image, "tile", [])
    if not tiles:
        return ""
    mode = tiles[0][3] if isinstance(tiles[0][3], str) else (tiles[0][3] or ("",))[0]
    return mode if isinstance(mode, str) else ""


def value_counts(values: np.ndarray) -> np.ndarray:
    """(256,) int64: how many pixels of a (H, W) uint8 array hold each value."""
    from fairweather.data.lanes import tally  # numba, which only those who count should wait for

    flat = np.ascontiguousarray(values).reshape(-1)
    whole = len(flat) // 8 * 8
    counts = np.bincount(flat[whole:], minlength=256).astype(np.int64)
    tally(np.require(flat[:whole].view(np.uint64), requirements="A"), counts)
    return counts
