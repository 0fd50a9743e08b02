"""Reading image files strictly: a file that is cut short or of another kind is an error, never a partial picture."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from fairweather.errors import DataError


def file_digest(path: Path) -> str:
    """sha256 of the file's bytes; DataError if it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}") from error


def decode_image(path: Path) -> np.ndarray:
    """(H, W, 3) uint8 RGB; DataError naming the file if it is missing, cut short or not a picture."""
    with _opened(path) as image:
        return np.asarray(image.convert("RGB"))


def decode_one_channel(path: Path) -> np.ndarray:
    """(H, W) uint8 of a file that declares one 8-bit channel; DataError if it holds a palette or colours instead."""
    with _opened(path) as image:
        if image.mode != "L":
            kind = {"P": "a palette", "RGB": "RGB colours", "RGBA": "RGBA colours"}.get(
                image.mode, f"mode {image.mode}"
            )
            raise DataError(f"{path}: the label holds {kind}; one 8-bit channel of class indices is declared")
        return np.asarray(image)


def image_size(path: Path) -> tuple[int, int]:
    """(height, width) from the header alone."""
    try:
        with Image.open(path) as image:
            return image.height, image.width
    except (OSError, UnidentifiedImageError) as error:
        raise DataError(f"{path}: not a readable image: {error}") from error


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """The whole file, decoded; Pillow's errors become one DataError."""
    try:
        with path.open("rb") as file:
            image = Image.open(file)
            image.load()
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such file") from error
    except (OSError, SyntaxError, ValueError) as error:  # Pillow raises all three for damaged files
        raise DataError(f"{path}: damaged or cut short: {error}") from error
    with image:
        yield image
