"""Image files in memory, before they are written."""

import io

import cv2
import numpy as np
from PIL import Image


def encode(image: np.ndarray, codec: str, quality: int | None) -> bytes:
    """(H, W, 3) uint8 RGB as the bytes of a JPEG or PNG file."""
    if codec == "jpeg":  # the bytes Pillow writes; OpenCV lets other threads work meanwhile
        setting = [] if quality is None else [cv2.IMWRITE_JPEG_QUALITY, quality]
        done, data = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), setting)
        if not done:
            raise ValueError(f"OpenCV did not encode an image of {image.shape} as JPEG")
        return data.tobytes()
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG")
    return buffer.getvalue()
