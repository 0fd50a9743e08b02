import io

import numpy as np
import pytest
from PIL import Image

from fairweather.data.encode import encode


def _picture(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize(("height", "width"), [(48, 96), (1, 1), (37, 53)])
@pytest.mark.parametrize("quality", [1, 75, 95, 100])
def test_a_jpeg_decodes_to_what_pillow_would_have_written(height: int, width: int, quality: int) -> None:
    image, buffer = _picture(height, width), io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=quality)
    pillow, ours = Image.open(buffer), Image.open(io.BytesIO(encode(image, "jpeg", quality)))
    assert ours.format == "JPEG" and np.array_equal(np.asarray(ours), np.asarray(pillow))


def test_a_png_holds_the_pixels() -> None:
    image = _picture(37, 53)
    read = Image.open(io.BytesIO(encode(image, "png", None)))
    assert read.format == "PNG" and np.array_equal(np.asarray(read), image)
