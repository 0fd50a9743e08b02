"""The exposure of a photograph: how darken and brighten change it, and the sensor noise that comes with it."""

import cv2
import numpy as np


def expose(image: np.ndarray, exposure: float, noise: float, rng: np.random.Generator) -> np.ndarray:
    """exposure * image + N(0, (255 * noise)^2) for every pixel and channel, rounded and clipped.

    Args:
        image: (H, W, 3) uint8 RGB.
        exposure: factor on the pixel values.
        noise: standard deviation of the noise as a share of full scale (255).
        rng: the stream the noise is drawn from.

    Returns:
        (H, W, 3) uint8 RGB.
    """
    # One table lookup instead of a cast and a product; the rest stays in one float32 buffer. NumPy does the arithmetic,
    # not OpenCV, whose fused multiply-adds would round differently from machine to machine.
    exposed = np.arange(256, dtype=np.float32) * np.float32(exposure)
    out = rng.standard_normal(image.shape, dtype=np.float32)
    out *= np.float32(255 * noise)
    out += cv2.LUT(image, exposed)
    np.rint(out, out=out)
    np.clip(out, 0, 255, out=out)
    return out.astype(np.uint8)
