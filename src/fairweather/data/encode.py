"""Image files in memory, before they are written."""

import io

import numpy as np
from PIL import Image


def encode(image: np.ndarray, codec: str, quality: int | None) -> bytes:
    """(H, W, 3) uint8 RGB as the bytes of a JPEG or PNG file."""
    buffer = io.BytesIO()
    picture = Image.fromarray(image)
    if codec == "jpeg":
        picture.save(buffer, "JPEG", quality=quality)
    else:
        picture.save(buffer, "PNG")
    return buffer.getvalue()
