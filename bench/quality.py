"""PSNR and SSIM of a generated image against its source, 1280x720, as a pool's quality record takes them.

The required row is both together, RGB in, two numbers out. The noted row is SSIM alone against that of torchmetrics, which is
given luma as float32 tensors ready made and averages over the border as well: for orientation, not the same number.
"""

import cv2
import numpy as np

from bench.frame import Arms, Row, Skip, seconds
from bench.weather import picture


def rows() -> list[Row]:
    return [Row("quality/psnr+ssim", _both, seconds(0.010)), Row("quality/ssim", _against_torchmetrics)]


def pair() -> tuple[np.ndarray, np.ndarray]:
    """A picture uint8 (720, 1280, 3), and the same flatter, brighter and with grain."""
    image = picture()
    grain = np.random.default_rng(1).normal(20, 8, image.shape)
    return np.clip(0.8 * image + grain, 0, 255).astype(np.uint8), image


def _both() -> Arms:
    from fairweather.generators.quality import psnr, ssim

    image, reference = pair()
    return Arms(lambda: (psnr(image, reference), ssim(image, reference)))


def _against_torchmetrics() -> Arms:
    try:
        import torch
        from torchmetrics.functional.image import structural_similarity_index_measure
    except ImportError:
        raise Skip("torchmetrics is not installed (pip install torchmetrics)") from None
    from fairweather.generators.quality import ssim

    image, reference = pair()
    lumas = [
        torch.from_numpy(cv2.cvtColor(part, cv2.COLOR_RGB2GRAY)).float()[None, None] for part in (image, reference)
    ]
    return Arms(
        lambda: ssim(image, reference), lambda: structural_similarity_index_measure(*lumas, data_range=255.0).item()
    )
